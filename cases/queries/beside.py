"""What stands beside the words of a plan: other words that were suggested, and the person's own 0 to 10 over time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import picture
from cases.models import Rating
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


NO_RATINGS = Ratings()


@dataclass(frozen=True)
class Opening:
    """The person's own first words, and how they said things are since: both are seen as "How things are" is seen."""

    words: str = ""
    told_at: datetime | None = None
    ratings: Ratings = NO_RATINGS


# For each entry ``e`` of a statement: what is suggested for it, and the newest of the person's own numbers.
SUGGESTED = """
(SELECT jsonb_agg(jsonb_build_object('id', s.id, 'words', s.words, 'why', s.why, 'author', u.name, 'author_id', u.id,
    'made_at', s.made_at, 'other_view', s.their_words) ORDER BY s.made_at, s.id)
FROM cases_suggestion s JOIN teams_user u ON u.id = s.author_id
WHERE s.entry_id = e.id AND s.answer IN ('', 'other_view'))
"""
RATED = """
(SELECT jsonb_agg(r.row) FROM (
    SELECT jsonb_build_object('value', value, 'words', words, 'at', at) AS row FROM cases_rating
    WHERE {whose} ORDER BY at DESC, id DESC LIMIT {newest}
) r)
"""
RATED_ENTRY = RATED.format(whose="entry_id = e.id", newest=NEWEST)
# A summary by whoever typed it is an entry in their name, and nobody's own first words.
OPENING = f"""
SELECT t.words, t.told_at, {RATED.format(whose="plan_id = p.id AND entry_id IS NULL", newest=NEWEST)}
FROM cases_plan p LEFT JOIN LATERAL (
    SELECT words, told_at FROM cases_story
    WHERE person_id = p.person_id AND question = 'know' AND whose = 'own' AND words <> '' ORDER BY told_at, id LIMIT 1
) t ON true
WHERE p.id = %s
"""  # noqa: S608 - words of our own


def suggestion_views(at: Standing, given: str | None) -> tuple[SuggestionView, ...]:
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
        for row in json.loads(given or "[]")
    )


def ratings_view(given: str | None) -> Ratings:
    """Numbers as they came from ``RATED``, with their drawing."""
    if given is None:
        return NO_RATINGS
    said = tuple(
        Said(value=row["value"], words=row["words"], at=timezone.localtime(datetime.fromisoformat(row["at"])))
        for row in json.loads(given)
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
    with connection.cursor() as cursor:
        cursor.execute(OPENING, [at.sharing.plan.pk])
        words, told_at, ratings = cursor.fetchone()
    return Opening(words=words or "", told_at=told_at, ratings=ratings_view(ratings))
