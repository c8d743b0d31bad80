"""How to reach the person, as they set it: for their own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from cases.models import Way
from cases.permissions import standing
from cases.queries.me import plan_of


@dataclass(frozen=True)
class WayView:
    kind: str
    title: str | Promise
    to: str
    times: tuple[str, ...]
    others: str
    say_who: bool
    leave_message: bool
    only_words: str
    word: str
    note: str


def my_ways(*, viewer: Any, now: datetime) -> list[WayView]:
    """The ways the person said are safe, in their order. Raises NotKnown when the viewer is not a person with a plan."""
    at = standing(viewer, plan_of(viewer), now)
    return [
        WayView(
            kind=way.kind,
            title=way.get_kind_display(),
            to=way.to,
            times=tuple(way.times),
            others=way.others,
            say_who=way.say_who,
            leave_message=way.leave_message,
            only_words=way.only_words,
            word=way.word,
            note=way.note,
        )
        for way in Way.objects.filter(person=at.sharing.plan.person_id, ended_at=None)
    ]
