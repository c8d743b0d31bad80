"""When somebody has gone quiet, and what the next kind step is. Pure: no database and no clock.

The days of the ladder are ours (4-screens.md, 10.3): no source gives tested intervals for this setting. Silence leads only to
another way of reaching out; nothing here, or built on this, can end the work with a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.pace import add_working_days

NEW_PERSON_DAYS = 2  # working days without a first two-way contact
UNTIL_AGREED_DAYS = 7  # the rhythm until one is agreed: silence is noticed from the first day
GRACE_DAYS = 1  # a rhythm of a week is late on the eighth day, not at the minute


class Rung(IntEnum):
    """The ladder of reaching out, gentlest first."""

    MISSED = 0
    ANOTHER_WAY = 1
    WAS_IT_US = 2
    SOMEONE_NEW = 3
    WE_MISS_YOU = 4
    GO_AND_FIND = 5
    KEEP_SAYING_HELLO = 6
    TEAM_LOOKS_AGAIN = 7
    LOOK_AGAIN = 8


class Wish(StrEnum):
    """What somebody picked under “If I go quiet”. Their own wishes come before the usual order and days of the ladder."""

    TIME = "time"  # some time first, then a text
    HELLO = "hello"  # a short hello, again and again
    FIND = "find"  # come and find me at a place I go to
    TRUSTED = "trusted"  # ask someone I trust


WORDS: dict[Rung, str | Promise] = {
    Rung.MISSED: _("Say hello. We missed each other: assume a bus, a bad night or a dead phone."),
    Rung.ANOTHER_WAY: _("Try another way, at another time of day. Offer another time, place or person."),
    Rung.WAS_IT_US: _("Was it us? Check the number, the time, the place, the letter, the interpreter. Put one right."),
    Rung.SOMEONE_NEW: _("Somebody new says hello, such as a peer worker."),
    Rung.WE_MISS_YOU: _("Bring it to the huddle. Read out what they wrote under “If I go quiet”."),
    Rung.GO_AND_FIND: _("Two of us go and look, in the places they said were fine."),
    Rung.KEEP_SAYING_HELLO: _("Keep saying a short hello every two weeks. Ask nothing."),
    Rung.TEAM_LOOKS_AGAIN: _("The team looks again, together with their main person."),
    Rung.LOOK_AGAIN: _("Look again: what have we tried, and what is next?"),
}

# Working days after somebody went quiet on which each rung is due, by the agreed rhythm in days.
_LADDER: tuple[tuple[int, tuple[int, ...]], ...] = (
    (0, (0, 1, 3, 4, 5, 8, 10, 15)),  # new here: nobody has met yet
    (7, (0, 2, 4, 5, 7, 10, 12, 20)),
    (14, (0, 3, 5, 7, 10, 14, 16, 25)),
    (10_000, (0, 3, 6, 9, 12, 16, 20, 30)),
)
LOOK_AGAIN_EVERY = timedelta(weeks=4)
SOME_TIME = 5  # working days that somebody has to themselves who asked for it
# The rungs that somebody asked for come straight after the first hello.
_ASKED_FOR = {Wish.HELLO: Rung.KEEP_SAYING_HELLO, Wish.FIND: Rung.GO_AND_FIND}


@dataclass(frozen=True)
class Step:
    """The next kind thing to do: what, from which day, and by a way that has not just been tried."""

    rung: Rung
    words: str | Promise
    due_on: date
    way: str


def quiet_at(
    *,
    came_at: datetime,
    last_both_at: datetime | None,
    rhythm_days: int | None,
    leave_until: date | None,
    hello_by: date | None = None,
) -> datetime | None:
    """The moment from which silence means somebody has gone quiet; None when they are never late.

    ``last_both_at`` is the last time both sides were in touch, ``rhythm_days`` the agreed rhythm (None: whenever they want),
    ``leave_until`` a day until which the person asked to be left in peace, ``hello_by`` the day by which we promised a first
    hello: nobody is quiet while they wait for us.
    """
    if last_both_at is None:
        waits_until = max(add_working_days(came_at.date(), NEW_PERSON_DAYS), hello_by or date.min)
        late = datetime.combine(waits_until + timedelta(days=1), time(9), came_at.tzinfo)
    elif rhythm_days is None:
        return None
    else:
        late = last_both_at + timedelta(days=rhythm_days + GRACE_DAYS)
    if leave_until:
        late = max(late, datetime.combine(leave_until + timedelta(days=1), time(9), late.tzinfo))
    return late


def ladder_for(rhythm_days: int | None, *, ever_met: bool) -> tuple[int, ...]:
    """The working days on which rungs 0 to 7 are due for somebody with this rhythm."""
    if not ever_met:
        return _LADDER[0][1]
    return next(days for limit, days in _LADDER[1:] if (rhythm_days or 28) <= limit)


def order_for(wishes: Collection[str]) -> tuple[Rung, ...]:
    """The rungs in the order in which somebody with these wishes is reached out to."""
    wanted = [rung for wish, rung in _ASKED_FOR.items() if wish in wishes]
    others = [rung for rung in Rung if rung not in {Rung.MISSED, Rung.LOOK_AGAIN, *wanted}]
    return (Rung.MISSED, *wanted, *others)


def next_step(
    *,
    since: date,
    tried: Sequence[tuple[date, str]],
    rhythm_days: int | None,
    ever_met: bool,
    ways: Iterable[str],
    wishes: Collection[str] = (),
) -> Step:
    """The next kind step for somebody quiet ``since`` a day, given each try ``(on, way)`` since then, oldest first.

    ``ways`` are the ways this person said are safe, in their order; a step never repeats the way tried last while there
    is another.
    ``wishes`` are what they picked for when they go quiet (see Wish), where whoever asks may know it.
    There is always a next step: after the ladder, the team looks again every four weeks, for ever.
    """
    days = ladder_for(rhythm_days, ever_met=ever_met)
    order = order_for(wishes)
    if len(tried) >= len(order):
        rung, due = Rung.LOOK_AGAIN, tried[-1][0] + LOOK_AGAIN_EVERY
    else:
        rung = order[len(tried)]
        due = add_working_days(since, days[len(tried)] + (SOME_TIME if Wish.TIME in wishes else 0))
        if tried:  # a try that came late moves the next one: never two steps in a day
            due = max(due, add_working_days(tried[-1][0] + timedelta(days=1), 0))
    way = _another_way(list(ways), [way for _on, way in tried])
    return Step(rung, WORDS[rung], due, _asked_way(list(ways), len(tried), wishes) or way)


def _asked_way(ways: list[str], tries: int, wishes: Collection[str]) -> str:
    """The way that somebody asked for by name at this step, where it is a safe one: "" when there is none."""
    asked = {0: ("text", Wish.TIME), 1: ("trusted", Wish.TRUSTED)}.get(tries)
    return asked[0] if asked and asked[1] in wishes and asked[0] in ways else ""


def _another_way(ways: list[str], tried: list[str]) -> str:
    """The safe way tried least often, in the person's own order, and not the one tried last if there is another."""
    fresh = [way for way in ways if not tried or way != tried[-1]] or ways
    return min(fresh, key=tried.count, default="")
