"""What is kept beside the words of a plan: other words that are suggested, the person's own 0 to 10, and their order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases import sections
from cases.actions.plan import NothingWritten, change_words, locked
from cases.models import Plan, Rating, Suggestion
from cases.permissions import NOT_THE_PERSONS, NotAllowed, NotKnown, Permission, standing
from teams import statements
from teams.history import record

IN_VIEW = {Suggestion.Answer.OPEN, Suggestion.Answer.OTHER_VIEW}
NEEDS_WORDS = {Suggestion.Answer.REWORDED, Suggestion.Answer.OTHER_VIEW}


@transaction.atomic
def suggest_words(*, plan_id: UUID, entry_id: UUID, words: str, by: Any, now: datetime, why: str = "") -> Suggestion:
    """Suggest other words for the person's own. Theirs stay as they are, until they say.

    A member has one open suggestion for an entry: a second takes the place of the first.
    """
    at, entry = locked(by, plan_id, entry_id, now)
    at.check_of(Permission.SUGGEST, entry)
    if at.is_person or entry.author_id != at.sharing.plan.person.user_id:
        raise NotAllowed(NOT_THE_PERSONS)
    if not words.strip() or words == entry.words:
        raise NothingWritten
    suggestion = Suggestion.objects.filter(entry=entry, author=by, answer=Suggestion.Answer.OPEN).first()
    suggestion = suggestion or Suggestion(entry=entry, author=by)
    suggestion.words, suggestion.why, suggestion.made_at = words, why, now
    return record(suggestion, by=by, why=why, now=now, organisation_id=at.organisation_id)


@transaction.atomic
def answer_suggestion(
    *, plan_id: UUID, suggestion_id: UUID, answer: str, version: int, by: Any, now: datetime, their_words: str = ""
) -> Suggestion:
    """Keep what the person says of other words that were suggested; only "accepted" and "reworded" change their own.

    ``version`` is that of the entry as it was read. Pressed twice, it happens once. Raises ChangedMeanwhile.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.ANSWER)
    suggestion = (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related("author")
        .filter(pk=suggestion_id, entry__plan=plan_id, entry__removed_at=None)
        .first()
    )
    if suggestion is None:
        raise NotKnown
    if suggestion.answer not in IN_VIEW:
        return suggestion
    suggestion.answer, suggestion.answered_at = Suggestion.Answer(answer), now
    if answer in NEEDS_WORDS and not their_words.strip():
        raise NothingWritten
    suggestion.their_words = their_words if answer in NEEDS_WORDS else ""
    whose = {"name": suggestion.author.first_name[:50]}
    new = {
        Suggestion.Answer.ACCEPTED: (suggestion.words, _("accepted what %(name)s suggested") % whose),
        Suggestion.Answer.REWORDED: (their_words, _("said it in another way than %(name)s") % whose),
    }.get(suggestion.answer)
    if new:
        change_words(
            plan_id=plan_id, entry_id=suggestion.entry_id, words=new[0], version=version, by=by, now=now, why=new[1]
        )
    return record(suggestion, by=by, why="", now=now)


@transaction.atomic
def rate(
    *, plan_id: UUID, value: int, by: Any, now: datetime, words: str = "", entry_id: UUID | None = None
) -> Rating:
    """Keep the person's own 0 to 10: how close they are to a goal or, with no entry, how things are."""
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.ANSWER)
    if entry_id and locked(by, plan_id, entry_id, now)[1].section != "change":
        raise NotKnown
    return Rating.objects.create(plan_id=plan_id, entry_id=entry_id, value=value, words=words, at=now)


@transaction.atomic
def move_section(*, plan_id: UUID, section: str, up: bool, by: Any, now: datetime) -> Plan:
    """Move one section of the plan up or down, by one place. Everybody sees the person's order."""
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    plan = at.sharing.plan
    keys = sections.in_order(plan.order)
    if section not in keys:
        raise NotKnown
    here = keys.index(section)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(keys):
        return plan
    keys[here], keys[there] = keys[there], keys[here]
    plan.order = keys
    return record(plan, by=by, why="", now=now)


HERE = """
UPDATE cases_walk w SET here_at = %(now)s FROM cases_case c, cases_plan p, teams_membership m
WHERE w.case_id = c.id AND c.person_id = p.person_id AND w.member_id = m.id AND w.ended_at IS NULL
AND p.id = %(plan)s AND m.user_id = %(by)s AND (w.here_at IS NULL OR w.here_at <= %(again)s)
RETURNING w.id
"""
AGAIN = timedelta(seconds=20)


def be_here(*, plan_id: UUID, by: Any, now: datetime) -> None:
    """Say that somebody who walks with the person has their plan open now. Nothing is kept of the person's own being here.

    What was said some seconds ago is not written again: most pages of a plan are opened one after the other.
    """
    statements.rows(HERE, {"plan": plan_id, "by": by.pk, "now": now, "again": now - AGAIN})
