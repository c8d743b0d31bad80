"""What stands beside the words of a plan: other words that were suggested, and the person's own 0 to 10 over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import picture
from cases.models import Plan, Rating, Story, Suggestion
from cases.permissions import Standing

NEWEST = 30


@dataclass(frozen=True)
class SuggestionView:
    id: UUID
    words: str
    why: str
    author: str
    made_at: datetime
    other_view: str  # how the person sees it, where they said so
    mine: bool


@dataclass(frozen=True)
class Said:
    """One 0 to 10, and how the person said it."""

    value: int
    words: str
    at: datetime


@dataclass(frozen=True)
class Ratings:
    """What the person said over time, newest first, with a small drawing of it where there is more than one."""

    said: tuple[Said, ...] = ()
    drawing: str = ""  # the address of an image
    drawing_words: str = ""

    @property
    def last(self) -> Said | None:
        return self.said[0] if self.said else None


@dataclass(frozen=True)
class Opening:
    """The person's own first words, and how they said things are since: both are seen as "How things are" is seen."""

    words: str = ""
    told_at: datetime | None = None
    ratings: Ratings = Ratings()


def suggestions_of_entry() -> ArraySubquery:
    """For each entry of a query, what is suggested for it: in the same statement, however many there are."""
    in_view = Q(answer__in=[Suggestion.Answer.OPEN, Suggestion.Answer.OTHER_VIEW])
    return ArraySubquery(
        Suggestion.objects.filter(in_view, entry=OuterRef("pk"))
        .order_by("made_at", "id")
        .values(
            row=JSONObject(
                id="id",
                words="words",
                why="why",
                author="author__name",
                author_id="author",
                made_at="made_at",
                other_view="their_words",
            )
        )
    )


def ratings_of_entry() -> ArraySubquery:
    """For each entry of a query, the newest of the person's own numbers, in the same statement."""
    return _ratings(Rating.objects.filter(entry=OuterRef("pk")))


def _ratings(rows: Any) -> ArraySubquery:
    newest = rows.order_by("-at", "-id").values(row=JSONObject(value="value", words="words", at="at"))
    return ArraySubquery(newest[:NEWEST])


def suggestion_views(at: Standing, rows: list[dict[str, Any]]) -> tuple[SuggestionView, ...]:
    # Whom the person talks to is not for those they asked to read.
    return tuple(
        SuggestionView(
            id=UUID(row["id"]),
            words=row["words"],
            why=row["why"],
            author=_("Somebody who helps")
            if at.is_supporter and UUID(row["author_id"]) != at.viewer.pk
            else row["author"],
            made_at=datetime.fromisoformat(row["made_at"]),
            other_view=row["other_view"],
            mine=UUID(row["author_id"]) == at.viewer.pk,
        )
        for row in rows
    )


def ratings_view(rows: list[dict[str, Any]]) -> Ratings:
    """Numbers as they came from ``ratings_of_entry``, with their drawing."""
    said = tuple(
        Said(value=row["value"], words=row["words"], at=timezone.localtime(datetime.fromisoformat(row["at"])))
        for row in rows
    )
    drawing, words = _drawing(said)
    return Ratings(said=said, drawing=drawing, drawing_words=words)


def _drawing(said: tuple[Said, ...]) -> tuple[str, str]:
    """The last number of each day, oldest first; one alone needs no drawing."""
    days = {one.at.date(): one.value for one in reversed(said)}
    if len(days) < 2:
        return "", ""
    first, last = min(days), max(days)
    words = _("From %(first)s to %(last)s, between 0 and 10. The same is in the list below.") % {
        "first": date_format(first, "j F Y"),
        "last": date_format(last, "j F Y"),
    }
    return picture.over_time(days, most=Rating.MOST, dates=(_day(first), _day(last))), words


def _day(day: Any) -> str:
    return date_format(day, "j M")


def opening(at: Standing) -> Opening:
    """What was told first, and how things are since; nothing for those who may not see how things are."""
    if not at.level("now"):
        return Opening()
    plan = at.sharing.plan
    # A summary by whoever typed it is an entry in their name, and nobody's own first words.
    own = Story.objects.filter(person=plan.person_id, question="know", whose=Story.Whose.OWN)
    told = own.exclude(words="").order_by("told_at", "pk")
    row = Plan.objects.filter(pk=plan.pk).values_list(
        ArraySubquery(told.values(row=JSONObject(words="words", told_at="told_at"))[:1]),
        _ratings(Rating.objects.filter(plan=OuterRef("pk"), entry=None)),
    )[0]
    stories, ratings = row
    first: dict[str, Any] = stories[0] if stories else {"words": "", "told_at": None}
    return Opening(
        words=first["words"],
        told_at=datetime.fromisoformat(first["told_at"]) if first["told_at"] else None,
        ratings=ratings_view(ratings),
    )
