"""Turns the words of the town into rows, with the days counted back from today.

Each life is played from its first day to now by the rules that the actions follow, and what is written at the end is
what would be there had the actions run on those days: the rows, and the history of each. It goes past history's one
door, because that door can only write today; every recorded row here makes its own history, and a test compares both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import models, transaction

from cases.actions.agenda import next_huddle
from cases.models import (
    Avoid,
    Case,
    Contact,
    EmergencyOpening,
    Entry,
    HuddleItem,
    LetIn,
    Look,
    NeededNow,
    Person,
    Plan,
    PlanSection,
    Rating,
    ReachingOut,
    SectionGrant,
    ShutOut,
    Story,
    Suggestion,
    Supporter,
    Voice,
    Walk,
    Way,
    Worry,
)
from frontdoor.models import Conversation, FairAnswer
from frontdoor.town.answers import answers_of
from frontdoor.town.lives import Life
from frontdoor.town.place import Place
from frontdoor.town.rows import Rows
from teams.models import Huddle, Membership, Message, Seat, User

HERE = Path(__file__).parent
IN_ORDER: tuple[type[models.Model], ...] = (
    User,
    Membership,
    Huddle,
    Seat,
    Person,
    Plan,
    PlanSection,
    Way,
    Avoid,
    ShutOut,
    SectionGrant,
    LetIn,
    Supporter,
    Look,
    EmergencyOpening,
    Story,
    Entry,
    Suggestion,
    Rating,
    Case,
    Contact,
    ReachingOut,
    Walk,
    HuddleItem,
    NeededNow,
    Voice,
    Worry,
    Message,
    Conversation,
)


def read_people() -> Iterable[dict[str, Any]]:
    """Everybody in the town, as their writers told them."""
    for path in sorted(HERE.glob("people_*.toml")):
        yield from tomllib.loads(path.read_text(encoding="utf-8"))["person"]


@transaction.atomic
def build_town(*, now: datetime) -> int:
    """Write the whole town as it is at ``now`` into an empty database, and say how many people live in it."""
    rows = Rows()
    place = Place(tomllib.loads((HERE / "place.toml").read_text(encoding="utf-8")), rows, now)
    lives = [Life(place, told) for told in read_people()]
    for life in lives:
        life.play()
    _notice_all_but_one(lives, place.now)
    place.seat_everybody()
    rows.write(User, Membership, Huddle, Seat)
    for told in place.worries:
        rows.add(Worry(team=place.team, told_at=place.now - timedelta(hours=told.pop("hours_ago")), **told))
    agenda = next_huddle(place.team, now)
    for life in lives:
        life.settle(agenda)
    rows.write(*IN_ORDER)
    FairAnswer.objects.bulk_create(answers_of((life.person.pk, life.came_at) for life in lives))
    return len(lives)


def _notice_all_but_one(lives: list[Life], now: datetime) -> None:
    """Leave whoever went quiet last, so that a visitor to the demo can watch the clock notice somebody."""
    late = {life: since for life in lives if (since := life.quiet_since(now))}
    for life in sorted(late, key=lambda life: late[life])[:-1]:
        life.notice(now)
