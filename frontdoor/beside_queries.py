"""What can be seen of what stands beside the conversation: answers about oneself, counts of them, and help lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdoor import fair, helplines
from frontdoor.fair import Question, Words
from frontdoor.helplines import HelpLine
from frontdoor.models import HelpLineCheck
from frontdoor.permissions import check_about
from teams.permissions import NotKnown, membership_of

HIDDEN = "*"


@dataclass(frozen=True)
class Said:
    """What somebody answered to one question."""

    choice: str
    own_words: str

    def words(self, question: Question) -> str:
        choice = question.choice(self.choice)
        if choice is None:
            return self.own_words
        return " ".join(filter(None, [str(choice.words), self.own_words]))


@dataclass(frozen=True)
class AboutRow:
    address: str
    asks: Words
    said: str


@dataclass(frozen=True)
class AboutMe:
    """The page about oneself; ``rows`` is empty for a visit that may not read back, and before the first answer."""

    reads: bool
    rows: tuple[AboutRow, ...]


@dataclass(frozen=True)
class Count:
    """How many gave an answer: rounded, or a star where they are few."""

    words: Words
    people: str


@dataclass(frozen=True)
class Counts:
    asks: Words
    rows: tuple[Count, ...]


@dataclass(frozen=True)
class FairPage:
    until: date  # the last day that is counted
    questions: tuple[Counts, ...]


@dataclass(frozen=True)
class LineRow:
    line: HelpLine
    on: date | None
    by: str
    note: str
    due: bool


def said_about(*, viewer: Any, conversation_id: UUID | None) -> dict[str, Said]:
    """The viewer's own answers, by question; none for a visit that may give and not read. Raises NotKnown."""
    about = check_about(viewer, conversation_id)
    if not about.reads:
        return {}
    keys = [fair.key(about.person_id, question.id) for question in fair.QUESTIONS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT question, choice, own_words FROM frontdoor_find_fair(%s)", [keys])
        return {question: Said(choice, own_words) for question, choice, own_words in cursor.fetchall()}


def about_me(*, viewer: Any, conversation_id: UUID | None) -> AboutMe:
    """What the viewer answered, in the order in which it is asked; what they skipped too, once there is one answer."""
    about = check_about(viewer, conversation_id)
    said = said_about(viewer=viewer, conversation_id=conversation_id)
    rows = tuple(
        AboutRow(question.address, _after(question), said[question.id].words(question) if question.id in said else "")
        for question in fair.QUESTIONS
        if question.id in said or question.only_after is None
    )
    return AboutMe(about.reads, rows if said else ())


def fair_counts(*, viewer: Any, now: datetime) -> FairPage:
    """How many people gave each answer, for members: small numbers hidden by the database itself. Raises NotAMember."""
    membership_of(viewer)
    this_month = timezone.localdate(now).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT question, choice, people FROM frontdoor_count_fair(%s)", [this_month])
        counted = {(question, choice): people for question, choice, people in cursor.fetchall()}
    return FairPage(
        until=this_month - timedelta(days=1),
        questions=tuple(
            Counts(
                _after(question),
                tuple(
                    Count(choice.words, _shown(counted.get((question.id, choice.id), 0)))
                    for choice in question.choices
                ),
            )
            for question in fair.QUESTIONS
        ),
    )


def _after(question: Question) -> Words:
    """What a question asks; for a second step with the answer that led to it."""
    if question.only_after is None:
        return question.asks
    first, choice_id = question.only_after
    choice = fair.BY_ID[first].choice(choice_id)
    return _("%(asks)s (%(group)s)") % {"asks": question.asks, "group": choice.words if choice else ""}


def _shown(people: int | None) -> str:
    return HIDDEN if people is None else str(people)


def lines_to_check(*, now: datetime) -> int:
    """How many help lines nobody has tried for a long time. They are shown to people all the same."""
    since = timezone.localdate(now) - timedelta(days=helplines.UNCHECKED_AFTER)
    tried = set(HelpLineCheck.objects.filter(on__gt=since).values_list("line", flat=True))
    return len(set(helplines.LINES) - tried)


def line_checks(*, viewer: Any, now: datetime) -> tuple[LineRow, ...]:
    """Every help line and when it was last tried, those that are due first; for members. Raises NotAMember."""
    membership_of(viewer)
    since = timezone.localdate(now) - timedelta(days=helplines.UNCHECKED_AFTER)
    checks = HelpLineCheck.objects.order_by("line", "-on", "-id").distinct("line").select_related("by__user")
    last = {check.line: check for check in checks}
    rows = [_line_row(line, last.get(line.id), since) for line in helplines.LINES.values()]
    return tuple(sorted(rows, key=lambda row: not row.due))


def _line_row(line: HelpLine, check: HelpLineCheck | None, since: date) -> LineRow:
    if check is None:
        return LineRow(line, None, "", "", due=True)
    return LineRow(line, check.on, check.by.user.name, check.note, due=check.on <= since)


def one_line(*, viewer: Any, line_id: str) -> HelpLine:
    """One line to try, for members. Raises NotAMember, and NotKnown."""
    membership_of(viewer)
    if line_id not in helplines.LINES:
        raise NotKnown
    return helplines.LINES[line_id]
