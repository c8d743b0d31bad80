"""What the person gave somebody by name, when that is over."""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest
from typing import Any

from cases.models import Entry, Plan
from cases.permissions import take_back_all
from teams.history import record
from teams.models import User


def forget_name(plan: Plan, user: User, *, by: Any, now: datetime) -> None:
    """Take somebody's name off every part and every entry that it lets them into.

    Called inside an action's transaction when they stop standing beside the person, and when they walk with them anew: what
    was given for another time never comes back by itself.
    """
    take_back_all(plan, user)
    for entry in Entry.objects.select_for_update(of=("self",)).filter(plan=plan, let_in__contains=[user.pk]):
        kept = [(named, end) for named, end in zip_longest(entry.let_in, entry.let_in_until or ()) if named != user.pk]
        entry.let_in = [named for named, _end in kept]
        entry.let_in_until = [end for _named, end in kept] if any(end for _named, end in kept) else None
        record(entry, by=by, why="", now=now)
