"""By which day somebody hears from us."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.pace import Pace, add_working_days, is_working_day, promise_by, weekday_or_date

LONDON = ZoneInfo("Europe/London")


def at(day: int, hour: int = 10, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("pace", "sent", "by"),
    [
        (Pace.TODAY, at(10), date(2026, 3, 10)),
        (Pace.TODAY, at(10, 14), date(2026, 3, 10)),
        (Pace.TODAY, at(10, 15), date(2026, 3, 11)),
        (Pace.NOT_SAFE, at(10, 16), date(2026, 3, 11)),
        (Pace.DAYS, at(10), date(2026, 3, 12)),
        ("", at(10), date(2026, 3, 12)),
        (Pace.WEEK, at(10), date(2026, 3, 17)),
        (Pace.NO_RUSH, at(10), date(2026, 3, 24)),
    ],
)
def test_the_promised_day_follows_the_pace_they_chose(pace, sent, by):
    assert promise_by(pace, sent) == by


def test_whoever_will_get_in_touch_is_promised_nothing():
    assert promise_by(Pace.I_WILL, at(10)) is None


def test_today_on_a_saturday_is_monday_and_not_tuesday():
    assert promise_by(Pace.TODAY, at(14, 20)) == date(2026, 3, 16)


def test_easter_is_stepped_over():
    assert promise_by(Pace.DAYS, at(2, month=4)) == date(2026, 4, 8)
    assert not is_working_day(date(2026, 4, 3))


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 30))
def test_a_promised_day_is_always_a_day_on_which_somebody_is_here(day, days):
    by = add_working_days(day, days)
    assert is_working_day(by)
    assert by >= day


@pytest.mark.parametrize(
    ("day", "said"),
    [(10, "Tuesday"), (11, "Wednesday"), (16, "Monday"), (17, "Tuesday 17 March"), (9, "Monday 9 March")],
)
def test_a_weekday_is_said_only_where_it_can_mean_one_day_alone(day: int, said: str) -> None:
    assert weekday_or_date(at(day).date(), at(10).date()) == said
