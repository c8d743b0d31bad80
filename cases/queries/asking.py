"""What somebody has told already, before they are asked; and how often anybody was asked the same thing again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cases.models import Asking, Entry, Story
from cases.permissions import NotKnown, Permission, Standing, standing
from teams.permissions import membership_of

A_YEAR = timedelta(days=365)
FIRST_WORDS = "know"  # the question that the story answers


@dataclass(frozen=True)
class Said:
    """Something the person has told, in whose words, and when."""

    words: str
    whose: str
    at: datetime


@dataclass(frozen=True)
class Bank:
    """Whom a member is about to ask, and what they have said already that this member may read, by question."""

    plan_id: UUID
    name: str
    said: dict[str, tuple[Said, ...]]


@dataclass(frozen=True)
class Asked:
    """One time when somebody was asked something."""

    asks: str
    who: str
    organisation: str
    at: datetime
    again: bool
    why: str


def bank(*, plan_id: UUID, viewer: Any, now: datetime) -> Bank:
    """What the person has told, for a member who may write down what they say. Raises NotKnown or NotAllowed."""
    at = standing(viewer, plan_id, now)
    check_may_ask(at)
    return Bank(plan_id, at.sharing.plan.person.name_used, told_by(at))


def check_may_ask(at: Standing) -> None:
    """Only those who write down what the person says ask them; raises NotKnown for the person, or NotAllowed."""
    if at.is_person:
        raise NotKnown
    at.check(Permission.KEEP_CONTACT)


def told_by(at: Standing) -> dict[str, tuple[Said, ...]]:
    """By question, what the person has said that this viewer may read. What is hidden was never said."""
    found: dict[str, list[Said]] = {}
    person = at.sharing.plan.person
    if at.level("now"):
        stories = Story.objects.filter(person=person, question__startswith=FIRST_WORDS).exclude(words="")
        for words, whose, told_at in stories.values_list("words", "whose", "told_at"):
            found.setdefault(FIRST_WORDS, []).append(Said(words, str(Story.Whose(whose).label), told_at))
    entries = Entry.objects.filter(plan=at.sharing.plan, removed_at=None, author=person.user_id).exclude(asked="")
    for entry in entries:
        if at.level(entry.section, entry.circle):
            question = entry.asked.partition("#")[0]
            found.setdefault(question, []).append(
                Said(entry.words, str(Story.Whose.OWN.label), entry.changed_at or entry.added_at)
            )
    return {question: tuple(said) for question, said in found.items()}


def asked_page(*, plan_id: UUID, viewer: Any, now: datetime) -> tuple[Asked, ...]:
    """What was asked of the person, newest first, for themselves alone. Raises NotKnown for anybody else."""
    if not standing(viewer, plan_id, now).is_person:
        raise NotKnown
    rows = Asking.objects.filter(plan=plan_id).select_related("member__user", "member__organisation")
    return tuple(
        Asked(row.asks, row.member.user.name, row.member.organisation.name, row.at, row.again, row.why) for row in rows
    )


def asked_again(*, viewer: Any, now: datetime) -> int:
    """How often, in a year, anybody was asked by the viewer's team what they had told already. It names nobody."""
    team = membership_of(viewer).team_id
    return Asking.objects.filter(member__team=team, again=True, at__gt=now - A_YEAR).count()
