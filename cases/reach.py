"""The contact rules: may this go to this person, by this way, with these words, at this hour? Pure: no database, no clock.

Unknown is unsafe. A message never says more than the person agreed to on that way, and is checked at the moment of sending.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

TIMES = {"mornings": range(9, 12), "afternoons": range(12, 17), "evenings": range(17, 19)}
LONGEST_TEXT = 160


class WayRules(Protocol):
    """The part of a way to reach somebody that decides what may be sent."""

    @property
    def to(self) -> str: ...
    @property
    def others(self) -> str: ...
    @property
    def only_words(self) -> str: ...
    @property
    def word(self) -> str: ...
    @property
    def times(self) -> Collection[str]: ...


@dataclass(frozen=True)
class Send:
    """Send these words to this address now."""

    to: str
    body: str


@dataclass(frozen=True)
class Wait:
    """Not at this hour; try again at this moment."""

    until: datetime


@dataclass(frozen=True)
class Hold:
    """Do not send; somebody reads why and says hello another way."""

    because: str | Promise


def decide(way: WayRules | None, body: str, now: datetime, *, hours: range) -> Send | Wait | Hold:
    """What to do with ``body`` for somebody whose way this is, at the local moment ``now``.

    ``hours`` are the hours of the day in which messages go out at all.
    """
    if way is None or not way.to:
        return Hold(_("They did not say that we may use this way."))
    words = words_on(way, body)
    if isinstance(words, Hold):
        return words
    if now.hour not in hours or not _at_a_good_time(now, way.times):
        return Wait(_next_good_time(now, way.times, hours))
    return Send(way.to, words)


def words_on(way: WayRules, body: str) -> str | Hold:
    """The words that may go by this way in place of ``body``: the same, or only those that the person chose.

    The word between us stands at the end, so that they know it is us.
    """
    if way.others == "no":
        return f"{body} {way.word}".strip()
    return way.only_words or Hold(_("Others may read this, and they have not chosen words that are safe."))


def _at_a_good_time(now: datetime, times: Collection[str]) -> bool:
    if not times or "any" in times:
        return True
    if now.weekday() >= 5:
        return "weekends" in times
    parts = [TIMES[name] for name in times if name in TIMES]
    return any(now.hour in part for part in parts)


def _next_good_time(now: datetime, times: Collection[str], hours: range) -> datetime:
    """The next full hour at which this may go; the next one in any case when they gave no time that ever comes."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    later = [hour + timedelta(hours=n) for n in range(1, 24 * 8)]
    good = (moment for moment in later if moment.hour in hours and _at_a_good_time(moment, times))
    return next(good, hour + timedelta(days=1))


def words_for(about: str, *, name: str, worker: str, day: str = "") -> str:
    """The words of a message: a first name, no service, no place, no health, no link, no threat (4-screens.md, 10.4)."""
    hi = gettext("Hi %(name)s, it's %(worker)s.") % {"name": name or gettext("there"), "worker": worker}
    rest = {
        "thanks": gettext(
            "Thanks for getting in touch. I'll be in touch again by %(day)s. You can reply here any time."
        )
        if day
        else gettext("Thanks for getting in touch. You can reply here any time."),
        "decided": gettext("I've left you a note. Have a look when you like.")
        if not day
        else gettext("I've left you a note. I'll say hello by %(day)s."),
        "note": gettext("I've left you a note. Have a look when you like."),
        "back": gettext("Good to hear from you. I'll be in touch by %(day)s."),
    }[about]
    return f"{hi} {rest % {'day': day}}"
