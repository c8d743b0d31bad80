"""When somebody reads what people send. Pure: no database and no clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from cases.pace import add_working_days, is_working_day

OPENS, CLOSES = 9, 17


def is_open(now: datetime) -> bool:
    """Whether somebody is reading at this local moment."""
    return is_working_day(now.date()) and OPENS <= now.hour < CLOSES


def read_next(now: datetime) -> datetime:
    """The local moment at which somebody reads next: now, or when we next open."""
    if is_open(now):
        return now
    today_is_over = now.hour >= OPENS
    day = add_working_days(now.date() + timedelta(days=today_is_over), 0)
    return datetime.combine(day, time(OPENS), now.tzinfo)
