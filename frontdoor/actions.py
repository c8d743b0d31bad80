"""What can happen to a conversation. ``by`` is the member who types for somebody, or None: no account is needed.

Nobody is refused here and no question must be answered, so there is no permission to ask for: whoever holds the visit
holds the conversation. Making a new code is the exception, and asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.actions import welcome
from cases.models import Case, Person, Via
from cases.permissions import Permission, standing
from frontdoor import arriving, codes, script
from frontdoor.models import Answer, Conversation
from teams.history import record
from teams.models import Heartbeat
from teams.permissions import NotKnown


class NothingSaid(Exception):
    """There is not one word, name, pick or way in the whole conversation."""


class AlreadySent(Exception):
    """The conversation was sent: what is in it now belongs to the person's story and plan."""


@transaction.atomic
def begin(*, via: str, by: Any, now: datetime) -> UUID:
    """Begin a conversation, with a code that finds it again."""
    conversation = Conversation(script_version=script.VERSION, via=Via(via), typed_by=by, began_at=now, touched_at=now)
    _keep_with_a_code(conversation)
    return conversation.pk


@transaction.atomic
def answer(
    *, conversation_id: UUID, answers: Mapping[str, Any], by: Any, now: datetime, skipped: bool = False
) -> None:
    """Keep the answers of one page exactly as they were given. With ``skipped``, only what was not answered before.

    Raises AlreadySent when another tab has sent the conversation meanwhile.
    """
    conversation = _locked(conversation_id)
    if conversation.sent_at:
        raise AlreadySent
    rows = [
        Answer(conversation=conversation, question=question, value=value, said_at=now)
        for question, value in answers.items()
    ]
    if skipped:
        Answer.objects.bulk_create(rows, ignore_conflicts=True)
    else:
        Answer.objects.bulk_create(
            rows,
            update_conflicts=True,
            update_fields=["value", "said_at"],
            unique_fields=["conversation", "question"],
        )
    conversation.touched_at = now
    conversation.save(update_fields=["touched_at"])


@transaction.atomic
def send(*, conversation_id: UUID, by: Any, now: datetime, only_hello: bool = False, language: str = "") -> Person:
    """Send the conversation to the team: it becomes a person, a story and the beginning of a plan, once.

    A second press, a retry or another tab gets the same person again. Raises NothingSaid when it is wholly empty,
    unless ``only_hello``: somebody may just want us to know that they are there. ``language`` is what we write to them in.
    """
    conversation = _locked(conversation_id)
    if conversation.person:
        return conversation.person
    answers = dict(conversation.answers.values_list("question", "value"))
    if script.is_empty(answers) and not only_hello:
        raise NothingSaid
    arrival = arriving.arrival(answers, via=conversation.via)
    person = welcome(arrival=arrival, by=conversation.typed_by, now=now, language=language)
    conversation.person, conversation.sent_at, conversation.touched_at = person, now, now
    conversation.save()
    # It is told once and kept once: in the story and the plan, where the person decides who sees it.
    conversation.answers.all().delete()
    return person


@transaction.atomic
def delete_draft(*, conversation_id: UUID, by: Any, now: datetime) -> None:
    """Delete a conversation that was not sent, and every word in it. One that was sent stays."""
    Conversation.objects.filter(pk=conversation_id, sent_at=None).delete()


@transaction.atomic
def forget_unsent(*, now: datetime) -> int:
    """Delete the conversations that nobody came back to for 60 days, as the page where they stopped said we would.

    The clock's own action; the number is how many conversations it deleted.
    """
    old = Conversation.objects.filter(sent_at=None, touched_at__lt=now - script.DRAFTS_ARE_KEPT)
    _total, by_model = old.delete()
    Heartbeat.objects.update_or_create(job="forget_drafts", defaults={"at": now})
    return by_model.get("frontdoor.Conversation", 0)


@transaction.atomic
def reissue_code(*, plan_id: UUID, by: Any, now: datetime) -> str:
    """Make a new code for the person, face to face, and end the old one; the code is given back and kept nowhere.

    Only for the person, and those who may know how to reach them: a code opens the person's own page.
    """
    place = standing(by, plan_id, now, lock=True)
    place.check(Permission.REACH)
    person = place.sharing.plan.person
    conversation = Conversation.objects.select_for_update().filter(person=person).first()
    if conversation is None:  # they came in by another door than this one
        came = Case.objects.filter(person=person).earliest("came_at")
        conversation = Conversation(
            script_version=script.VERSION,
            via=came.came_via,
            typed_by=by,
            began_at=came.came_at,
            sent_at=came.came_at,
            person=person,
        )
    conversation.code_turn += 1
    conversation.touched_at = now
    _keep_with_a_code(conversation)
    record(person, by=by, why="made a new code", now=now, organisation_id=place.organisation_id)
    return codes.code(conversation.pk, conversation.code_turn)


def _locked(conversation_id: UUID) -> Conversation:
    """The conversation, locked until the transaction ends; raises NotKnown when it was deleted meanwhile.

    No join: a row that was joined before the lock came would be the one of before.
    """
    conversation = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    if conversation is None:
        raise NotKnown
    return conversation


def _keep_with_a_code(conversation: Conversation) -> None:
    """Save with the code of its turn; when somebody has that very code, with the next."""
    while True:
        conversation.code_digest = codes.digest(codes.code(conversation.pk, conversation.code_turn))
        try:
            with transaction.atomic():
                conversation.save()
        except IntegrityError:
            others = Conversation.objects.exclude(pk=conversation.pk)
            if not others.filter(code_digest=conversation.code_digest).exists():
                raise
            conversation.code_turn += 1
        else:
            return
