"""Working days, and the day by which somebody hears from us. Pure: no database and no clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays
from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


class Pace(TextChoices):
    """How soon the person would like to hear. It is their choice and never a score."""

    TODAY = "today", _("Today")
    DAYS = "days", _("In the next day or two")
    WEEK = "week", _("This week is fine")
    NO_RUSH = "no_rush", _("No rush")
    I_WILL = "i_will", _("I will get in touch with you")
    NOT_SAFE = "not_safe", _("I am not safe right now")


WORKING_DAYS_TO_HELLO = {Pace.TODAY: 0, Pace.NOT_SAFE: 0, Pace.DAYS: 2, Pace.WEEK: 5, Pace.NO_RUSH: 10}
SEND_BEFORE_FOR_TODAY = 15  # o'clock


@lru_cache(maxsize=32)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, and not a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def add_working_days(day: date, days: int) -> date:
    """The working day that is ``days`` working days after ``day``; with 0, ``day`` itself or the next working day."""
    while not is_working_day(day):
        day += timedelta(days=1)
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def weekday_or_date(day: date, today: date) -> str:
    """The weekday where it can only mean one day, or else the date. For what may be read on another day than today."""
    return date_format(day, "l" if 0 <= (day - today).days < 7 else "l j F")


def promise_by(pace: str, sent_at: datetime) -> date | None:
    """The day by which the team says hello to somebody who sent their words at ``sent_at`` (local time).

    None when the person will get in touch themselves. Words sent after three o'clock that ask for today are answered
    first thing on the next working day, and somebody who skipped the question hears within two working days.
    """
    if pace == Pace.I_WILL:
        return None
    sent_on = sent_at.date()
    days = WORKING_DAYS_TO_HELLO[Pace(pace or Pace.DAYS)]
    if days == 0 and is_working_day(sent_on) and sent_at.hour >= SEND_BEFORE_FOR_TODAY:
        days = 1
    return add_working_days(sent_on, days)
