"""When somebody has gone quiet, and what the next kind step is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cases.rhythm import LOOK_AGAIN_EVERY, Rung, Wish, next_step, order_for, quiet_at

LONDON = ZoneInfo("Europe/London")
TUESDAY = datetime(2026, 3, 10, 10, tzinfo=LONDON)
WAYS = ["text", "call", "write", "place"]


def quiet(**given_):
    return quiet_at(**{"came_at": TUESDAY, "last_both_at": TUESDAY, "rhythm_days": 7, "leave_until": None, **given_})


def step(**given_):
    return next_step(
        **{"since": date(2026, 3, 10), "tried": [], "rhythm_days": 7, "ever_met": True, "ways": WAYS, **given_}
    )


def test_a_week_is_late_on_the_eighth_day_and_not_before():
    assert quiet() == TUESDAY + timedelta(days=8)


def test_somebody_new_is_noticed_after_two_working_days():
    assert quiet(last_both_at=None) == datetime(2026, 3, 13, 9, tzinfo=LONDON)


def test_whenever_they_want_is_never_late():
    assert quiet(rhythm_days=None) is None


def test_nobody_is_late_before_the_day_until_which_they_asked_to_be_left():
    assert quiet(leave_until=date(2026, 5, 1)) == datetime(2026, 5, 2, 9, tzinfo=LONDON)


def test_the_first_step_is_the_gentlest_and_is_for_the_same_day():
    first = step()
    assert (first.rung, first.due_on, first.way) == (Rung.MISSED, date(2026, 3, 10), "text")


def test_the_second_goes_another_way():
    second = step(tried=[(date(2026, 3, 10), "text")])
    assert (second.rung, second.due_on, second.way) == (Rung.ANOTHER_WAY, date(2026, 3, 12), "call")


def test_a_try_that_came_late_moves_the_next_to_the_day_after():
    assert step(tried=[(date(2026, 3, 19), "text")]).due_on == date(2026, 3, 20)


def test_after_the_ladder_we_look_again_every_four_weeks_for_ever():
    tried = [(date(2026, 3, 10) + timedelta(days=n), WAYS[n % 4]) for n in range(40)]
    last = step(tried=tried)
    assert last.rung is Rung.LOOK_AGAIN
    assert last.due_on == tried[-1][0] + LOOK_AGAIN_EVERY


def test_the_only_safe_way_is_used_again():
    assert step(ways=["text"], tried=[(date(2026, 3, 10), "text")]).way == "text"


def test_somebody_who_gave_no_way_still_has_a_next_step():
    assert step(ways=[]).way == ""


@given(
    ways=st.lists(st.sampled_from(WAYS), unique=True),
    gaps=st.lists(st.integers(0, 60), max_size=30),
    rhythm_days=st.sampled_from([None, 1, 7, 14, 28]),
    ever_met=st.booleans(),
)
def test_there_is_always_a_next_step_never_two_in_a_day_and_never_the_same_way_twice(
    ways, gaps, rhythm_days, ever_met
):
    since = date(2026, 3, 10)
    tried: list[tuple[date, str]] = []
    for gap in gaps:
        found = next_step(since=since, tried=tried, rhythm_days=rhythm_days, ever_met=ever_met, ways=ways)
        assert found.words
        assert found.due_on >= since
        if tried:
            assert found.due_on > tried[-1][0]
            if len(ways) > 1:
                assert found.way != tried[-1][1]
        tried.append((found.due_on + timedelta(days=gap), found.way))


def test_whoever_asked_for_some_time_has_it_and_then_gets_a_text():
    first = step(wishes={Wish.TIME}, ways=["call", "text"])
    assert (first.rung, first.due_on, first.way) == (Rung.MISSED, date(2026, 3, 17), "text")
    assert step(wishes={Wish.TIME}, ways=["call"]).way == "call", "only where a text is safe"


def test_what_somebody_asked_for_comes_straight_after_the_first_hello():
    tried = [(date(2026, 3, 10), "text")]
    assert step(tried=tried, wishes={Wish.FIND}).rung is Rung.GO_AND_FIND
    assert step(tried=tried, wishes={Wish.HELLO}).rung is Rung.KEEP_SAYING_HELLO
    assert step(tried=tried, wishes={Wish.TRUSTED}, ways=["text", "call", "trusted"]).way == "trusted"
    assert step(tried=tried, wishes={Wish.TRUSTED}).way == "call", "only where they named somebody"


@given(st.frozensets(st.sampled_from([*Wish, "something new"])))
def test_no_wish_leaves_a_step_of_the_ladder_out(wishes):
    assert sorted(order_for(wishes)) == list(Rung)[:-1]
    assert order_for(wishes)[0] is Rung.MISSED
