"""What somebody has told already, before they are asked; and how often anybody was asked the same thing again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cases import sections
from cases.models import Asking, Story
from cases.permissions import NotKnown, Permission, Standing, standing
from cases.queries.beside import FIRST_ENTRY
from cases.queries.past import OPENED, SEEN, given
from cases.queries.plan import TELLS_CHANGE
from teams import statements
from teams.permissions import membership_of

A_YEAR = timedelta(days=365)
FIRST_WORDS = "know"  # the question that the story answers
# What was told first, as it stands in the plan now.
TOLD_FIRST = f"""
SELECT coalesce(e.words, t.words), t.whose, t.told_at
FROM cases_plan p JOIN cases_story t ON t.person_id = p.person_id {FIRST_ENTRY}
WHERE p.id = %(plan)s AND t.question ^@ '{FIRST_WORDS}' AND t.words <> '' AND e.seen IS NOT FALSE
ORDER BY t.told_at, t.id
"""  # noqa: S608 - words of our own
# What they answered since, with the day of its last change, or else the day on which it was opened to the viewer.
TOLD_SINCE = f"""
SELECT e.asked, e.words, CASE WHEN {TELLS_CHANGE} THEN coalesce(e.changed_at, e.added_at) ELSE opened.at END, e.section
FROM cases_entry e {OPENED}
WHERE e.plan_id = %(plan)s AND e.removed_at IS NULL AND e.author_id = %(person)s AND e.asked <> ''
AND (%(is_person)s OR {SEEN})
ORDER BY e.position, e.added_at, e.id
"""  # noqa: S608 - words of our own


@dataclass(frozen=True)
class Said:
    """Something the person has told, in whose words, and when."""

    words: str
    whose: str
    at: datetime
    section: str


@dataclass(frozen=True)
class Bank:
    """Whom a member is about to ask, and what they have said already that this member may read, by question."""

    plan_id: UUID
    name: str
    said: dict[str, tuple[Said, ...]]

    def parts(self, *questions: str) -> list[str]:
        """The parts of the plan that what was said is of; with ``questions``, what was said to these."""
        there = {said.section for question in questions or self.said for said in self.said.get(question, ())}
        return [key for key in sections.KEYS if key in there]


@dataclass(frozen=True)
class Asked:
    """One time when somebody was asked something."""

    question: str  # its id
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
    if at.level("now"):
        for words, whose, told_at in statements.rows(TOLD_FIRST, given(at)):
            found.setdefault(FIRST_WORDS, []).append(Said(words, str(Story.Whose(whose).label), told_at, "now"))
    for asked, words, said_at, section in statements.rows(TOLD_SINCE, given(at)):
        question = asked.partition("#")[0]
        found.setdefault(question, []).append(Said(words, str(Story.Whose.OWN.label), said_at, section))
    return {question: tuple(said) for question, said in found.items()}


def asked_page(*, plan_id: UUID, viewer: Any, now: datetime) -> tuple[Asked, ...]:
    """What was asked of the person, newest first, for themselves alone. Raises NotKnown for anybody else."""
    if not standing(viewer, plan_id, now).is_person:
        raise NotKnown
    rows = Asking.objects.filter(plan=plan_id).select_related("member__user", "member__organisation")
    return tuple(
        Asked(row.question, row.asks, row.member.user.name, row.member.organisation.name, row.at, row.again, row.why)
        for row in rows
    )


def asked_again(*, viewer: Any, now: datetime) -> int:
    """How often, in a year, anybody was asked by the viewer's team what they had told already. It names nobody."""
    team = membership_of(viewer).team_id
    return Asking.objects.filter(member__team=team, again=True, at__gt=now - A_YEAR).count()
