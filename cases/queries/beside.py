"""What stands beside the words of a plan: other words that were suggested, and the person's own 0 to 10 over time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from cases import picture
from cases.models import Rating
from cases.permissions import Standing
from cases.queries.flags import for_the_room
from cases.queries.past import SEEN, SOMEBODY_NAMED_IN, seen_by
from teams import statements

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
    only_mine: bool = False  # nobody but the person can see the words


# For each entry ``e`` of a statement: what is suggested for it (since it is open to the viewer: see ``past.OPENED``), and
# the newest of the person's own numbers.
SUGGESTED = """
(SELECT jsonb_agg(jsonb_build_object('id', s.id, 'words', s.words, 'why', s.why, 'author', u.name, 'author_id', u.id,
    'made_at', s.made_at, 'other_view', s.their_words) ORDER BY s.made_at, s.id)
FROM cases_suggestion s JOIN teams_user u ON u.id = s.author_id
WHERE s.entry_id = e.id AND s.answer IN ('', 'other_view') AND (s.made_at >= opened.at) IS NOT FALSE)
"""
RATED = """
(SELECT jsonb_agg(r.row) FROM (
    SELECT jsonb_build_object('value', value, 'words', words, 'at', at) AS row FROM cases_rating
    WHERE {whose} ORDER BY at DESC, id DESC LIMIT {newest}
) r)
"""
RATED_ENTRY = RATED.format(whose="entry_id = e.id", newest=NEWEST)
# What somebody told first, ``t``, is an entry ``e`` of their plan ``p`` as well. Whoever may not see that entry may not see
# what was told either: it was taken out, or few see it.
FIRST_ENTRY = f"""
LEFT JOIN LATERAL (
    SELECT e.words, e.removed_at IS NULL AND {SEEN} AS seen,
        e.removed_at IS NOT NULL OR e.words <> t.words OR (e.circle = 'me' AND NOT {SOMEBODY_NAMED_IN}) AS only_mine
    FROM cases_entry e
    WHERE e.plan_id = p.id AND e.section = 'now' AND e.added_at = t.told_at AND t.words = (
        SELECT h.words FROM cases_historicalentry h WHERE h.id = e.id ORDER BY h.history_date, h.history_id LIMIT 1
    )
    ORDER BY e.position LIMIT 1
) e ON true
"""  # noqa: S608 - words of our own
# A summary by whoever typed it is an entry in their name, and nobody's own first words. What the person has put in another
# way since is for them alone: the others read what stands there now.
OPENING = f"""
SELECT t.words, t.told_at, {RATED.format(whose="plan_id = p.id AND entry_id IS NULL", newest=NEWEST)}, t.only_mine
FROM cases_plan p LEFT JOIN LATERAL (
    SELECT t.words, t.told_at, e.only_mine FROM (
        SELECT words, told_at FROM cases_story
        WHERE person_id = p.person_id AND question = 'know' AND whose = 'own' AND words <> '' ORDER BY told_at, id LIMIT 1
    ) t {FIRST_ENTRY}
    WHERE %(is_person)s OR e.words IS NULL OR (e.seen AND e.words = t.words)
) t ON true
WHERE p.id = %(plan)s
"""  # noqa: S608 - words of our own


def suggestion_views(at: Standing, given: str | None) -> tuple[SuggestionView, ...]:
    if given is None:
        return ()
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
        for row in json.loads(given)
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
    # What draws it on paper sets each sign of a picture from left to right: a name in Urdu would stand there backwards.
    return date_format(day, "j/n" if get_language_bidi() else "j M")


def opening(at: Standing, *, in_the_room: bool = False) -> Opening:
    """What was told first, and how things are since; nothing for those who may not see how things are.

    ``in_the_room`` keeps to what the whole team may see, because others look at the same screen.
    """
    seen = seen_by(at)
    if in_the_room:
        places = [(place, *place.split("/")) for place in seen]
        seen = [place for place, section, circle in places if for_the_room(at, section, circle)]
    if "now/" not in seen:
        return Opening()
    # Of a room nobody's name is asked: what names let somebody see is not for it, nor what names keep from anybody.
    viewer = None if in_the_room else at.viewer.pk
    given = {
        "plan": at.sharing.plan.pk,
        "is_person": at.is_person,
        "viewer": viewer,
        "now": at.sharing.now,
        "seen": seen,
    }
    ((words, told_at, ratings, only_mine),) = statements.rows(OPENING, given)
    return Opening(words or "", told_at, ratings_view(ratings), bool(only_mine))
