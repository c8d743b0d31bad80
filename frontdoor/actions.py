"""What can happen to a conversation. ``by`` is the member who types for somebody, or None: no account is needed.

Nobody is refused here and no question must be answered, so there is no permission to ask for: whoever holds the visit
holds the conversation. Making a new code is the exception, and asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases.actions import Clash, keep_safety_note, tell, welcome
from cases.models import Case, Person, Via
from cases.permissions import Permission, standing
from frontdoor import arriving, codes, fair, helplines, queries, script, telling
from frontdoor.models import Answer, Conversation, HelpLineCheck, ScriptVersion
from frontdoor.permissions import check_about, check_more
from frontdoor.script import Page
from frontdoor.telling import Beside, Shown
from teams.history import record
from teams.models import Heartbeat
from teams.permissions import NotKnown, membership_of

SHIPPED_DIGEST = script.digest(script.shipped())


class NothingSaid(Exception):
    """There is not one word, name, pick or way in the whole conversation."""


class AlreadySent(Exception):
    """The conversation was sent: what is in it now belongs to the person's story and plan."""


@transaction.atomic
def take_in_questions(*, now: datetime) -> int:
    """The number of the version of the questions that is asked now; those that come with this software are taken in once.

    What the team has published stays in force: a newer shipped script is taken in only where nobody changed the one before.
    """
    latest = ScriptVersion.objects.exclude(published_at=None).order_by("-published_at", "-number").first()
    if latest is not None and (not latest.shipped or latest.digest == SHIPPED_DIGEST):
        return latest.number
    taken_in, _new = ScriptVersion.objects.get_or_create(
        digest=SHIPPED_DIGEST,
        shipped=True,
        defaults={"document": script.shipped(), "begun_at": now, "published_at": now},
    )
    return taken_in.number


@transaction.atomic
def begin(*, via: str, by: Any, now: datetime) -> UUID:
    """Begin a conversation, with a code that finds it again."""
    conversation = Conversation(
        script_version_id=take_in_questions(now=now), via=Via(via), typed_by=by, began_at=now, touched_at=now
    )
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
def send(*, conversation_id: UUID, by: Any, now: datetime, only_hello: bool = False) -> Person:
    """Send the conversation to the team: it becomes a person, a story and the beginning of a plan, once.

    A second press, a retry or another tab gets the same person again. Raises NothingSaid when it is wholly empty,
    unless ``only_hello``: somebody may just want us to know that they are there.
    """
    conversation = _locked(conversation_id)
    if conversation.person:
        return conversation.person
    answers = dict(conversation.answers.values_list("question", "value"))
    if script.is_empty(answers) and not only_hello:
        raise NothingSaid
    asked = queries.script_of(conversation.script_version_id)
    arrival = arriving.arrival(asked, answers, via=conversation.via)
    person = welcome(arrival=arrival, by=conversation.typed_by, now=now)
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
            script_version_id=take_in_questions(now=now),
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


# -- Afterwards


@transaction.atomic
def say_more(
    *,
    conversation_id: UUID | None,
    mark: UUID | None,
    page: Page,
    said: Mapping[str, Any],
    beside: Beside,
    shown: Shown | None,
    by: Any,
    now: datetime,
) -> tuple[Clash, ...]:
    """Keep one page of the longer conversation: in the person's plan, apart, or as what they ask of us today.

    ``by`` is the person, or nobody in particular on the visit that has just sent ``conversation_id``; with ``mark``, a page
    that was opened for the person of that id, words come beside what was said. Raises NotKnown. What was changed on
    another screen meanwhile comes back, and is not kept.
    """
    about = check_more(by, conversation_id, mark)
    person = Person.objects.select_related("user", "plan", "conversation").get(pk=about.person_id)
    typed_by = by if by.is_authenticated and not about.reads and queries.is_member(by) else None
    apart = telling.kept_apart(page, said)
    if apart:
        _keep_apart(person, apart, by=typed_by or person.user, now=now)
    return tell(
        plan_id=person.plan.pk,
        telling=telling.telling(page, said, beside, shown if about.reads else None),
        by=person.user,
        typed_by=typed_by,
        now=now,
    )


def _keep_apart(person: Person, words: str, *, by: Any, now: datetime) -> None:
    """Keep what is never shown again on any page of the person's own."""
    sent = Conversation.objects.filter(person=person).first()
    via = sent.via if sent else Via.OWN_PHONE
    keep_safety_note(plan_id=person.plan.pk, words=words, via=via, by=by, now=now)


# -- What stands beside the conversation


@transaction.atomic
def keep_fair_answer(
    *, conversation_id: UUID | None, question: str, choice: str, own_words: str, by: Any, now: datetime
) -> None:
    """Keep what somebody answered about themselves, apart from everything else, in place of what they said before.

    ``by`` is the person, or nobody in particular on the visit that has just sent ``conversation_id``. Raises NotKnown.
    """
    about = check_about(by, conversation_id)
    asked = fair.BY_ID.get(question)
    if asked is None or asked.choice(choice) is None:
        raise NotKnown
    month = timezone.localdate(now).replace(day=1)
    no_longer = [fair.key(about.person_id, each.id) for each in fair.no_longer_asked(asked, choice)]
    with connection.cursor() as cursor:
        kept: list[Any] = [fair.key(about.person_id, asked.id), asked.id, choice, own_words, month]
        cursor.execute("SELECT frontdoor_keep_fair(%s, %s, %s, %s, %s)", kept)
        cursor.execute("SELECT frontdoor_forget_fair(%s)", [no_longer])


@transaction.atomic
def forget_fair_answers(*, questions: Iterable[str], by: Any, now: datetime) -> None:
    """Delete what the person answered to these questions, and to those that follow from them. Nothing is left of it.

    Raises NotKnown for anybody who may not read it.
    """
    about = check_about(by, None)
    asked = [fair.BY_ID[question] for question in questions]
    keys = [
        fair.key(about.person_id, each.id)
        for question in asked
        for each in (question, *fair.no_longer_asked(question, ""))
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT frontdoor_forget_fair(%s)", [keys])


@transaction.atomic
def mix_fair_answers(*, now: datetime) -> None:
    """Write the answers anew in the order of their keys, so that where they lie tells nothing of when they came.

    The clock's own action.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT frontdoor_mix_fair()")
    Heartbeat.objects.update_or_create(job="mix_answers", defaults={"at": now})


@transaction.atomic
def check_line(*, line_id: str, note: str, by: Any, now: datetime) -> HelpLineCheck:
    """Keep that a member tried a help line today. Raises NotAMember, and NotKnown for a line that is not there."""
    member = membership_of(by)
    if line_id not in helplines.LINES:
        raise NotKnown
    return HelpLineCheck.objects.create(line=line_id, on=timezone.localdate(now), by=member, note=note.strip())
