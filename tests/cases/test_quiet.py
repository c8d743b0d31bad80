"""Noticing who has gone quiet; and that silence ends nothing."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions import (
    agree_rhythm,
    ask_the_team,
    bring,
    decide,
    end_huddle,
    keep_contact,
    leave_me_be,
    notice_quiet,
    take_seat,
    talk_soon,
)
from cases.models import Case, Contact, HuddleItem, ReachingOut
from cases.permissions import NotKnown
from cases.queries.reach import next_steps
from teams.models import Heartbeat
from tests.factories import NOW, make_member, make_person, walk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def jo():
    return make_member(name="Jo Bevan")


def together(jo, name="Sam", at=NOW):
    sam = make_person(name=name, now=at)
    walk(sam, jo, now=at)
    keep_contact(plan_id=sam.plan.pk, at=at, way="meeting", went="both", by=jo.user, now=at)
    return sam


def test_nobody_is_noticed_before_their_moment(jo):
    together(jo)
    assert notice_quiet(now=NOW + 8 * DAY - timedelta(seconds=1)) == 0
    assert notice_quiet(now=NOW + 8 * DAY) == 1


def test_everybody_is_noticed_once_however_often_and_late_the_clock_runs(jo):
    for n in range(7):
        together(jo, name=f"Sam {n}")
    assert notice_quiet(now=NOW + 30 * DAY, chunk=2) == 7
    assert notice_quiet(now=NOW + 30 * DAY, chunk=3) == 0
    assert notice_quiet(now=NOW + 31 * DAY) == 0
    assert ReachingOut.objects.count() == 7
    assert Heartbeat.objects.get(job="notice_quiet").at == NOW + 31 * DAY


def test_people_late_from_the_same_moment_are_all_noticed_across_chunks(jo):
    for n in range(9):
        together(jo, name=f"Sam {n}", at=NOW)
    Case.objects.order_by().first()
    assert notice_quiet(now=NOW + 9 * DAY, chunk=4) == 9


def test_somebody_who_is_ok_just_quiet_is_left_in_peace(jo):
    sam = together(jo)
    leave_me_be(plan_id=sam.plan.pk, until=(NOW + 40 * DAY).date(), by=sam.user, now=NOW + DAY)
    assert notice_quiet(now=NOW + 40 * DAY) == 0
    assert notice_quiet(now=NOW + 42 * DAY) == 1


def test_a_try_is_not_a_contact(jo):
    sam = together(jo)
    notice_quiet(now=NOW + 8 * DAY)
    for went in [went for went in Contact.Went if went != Contact.Went.BOTH]:
        keep_contact(plan_id=sam.plan.pk, at=NOW + 9 * DAY, way="text", went=went, by=jo.user, now=NOW + 9 * DAY)
    assert ReachingOut.objects.get().found_at is None


def test_they_are_found_when_they_say_so_on_their_own_page(jo):
    sam = together(jo)
    notice_quiet(now=NOW + 8 * DAY)
    talk_soon(plan_id=sam.plan.pk, pace="week", by=sam.user, now=NOW + 9 * DAY)
    assert ReachingOut.objects.get().found_at == NOW + 9 * DAY


def test_the_next_step_takes_another_way_than_the_last_try(jo):
    from cases.actions import WayToReach

    sam = make_person(
        name="Sam",
        now=NOW,
        ways=(WayToReach(kind="text", to="07700 900123"), WayToReach(kind="place", to="The chip shop")),
    )
    walk(sam, jo)
    notice_quiet(now=NOW + 4 * DAY)
    case = Case.objects.get()
    assert next_steps([case], NOW)[case.pk][1].way == "text"
    keep_contact(plan_id=sam.plan.pk, at=NOW + 4 * DAY, way="text", went="sent", by=jo.user, now=NOW + 4 * DAY)
    assert next_steps([case], NOW)[case.pk][1].way == "place"
    keep_contact(plan_id=sam.plan.pk, at=NOW + 5 * DAY, way="visit", went="no_answer", by=jo.user, now=NOW + 5 * DAY)
    assert next_steps([case], NOW)[case.pk][1].way == "text"


def test_reaching_out_is_noticed_once_for_a_moment_even_by_hand(jo):
    sam = together(jo)
    notice_quiet(now=NOW + 8 * DAY)
    found = ReachingOut.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReachingOut.objects.create(case=found.case, since=found.since, noticed_at=NOW)
    assert Case.objects.get().person == sam


# -- silence ends nothing

TRIES = st.sampled_from([went for went in Contact.Went.values if went != "both"])
WAYS = st.sampled_from([way for way in Contact.By.values if way != "online"])
DECISIONS = st.sampled_from(HuddleItem.Decision.values)
HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("clock"), st.integers(1, 60)),
        st.tuples(st.just("try"), WAYS, TRIES),
        st.tuples(st.just("bring")),
        st.tuples(st.just("ask")),
        st.tuples(st.just("decide"), DECISIONS),
        st.tuples(st.just("huddle")),
        st.tuples(st.just("rhythm"), st.sampled_from([None, 1, 7, 14, 28])),
    ),
    min_size=5,
    max_size=40,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(happenings=HAPPENINGS, ever_met=st.booleans())
def test_whatever_a_silent_year_brings_the_door_is_never_closed_behind_them(happenings, ever_met):
    """Ticks of the clock, tries that failed, missed promises, every kind of decision: none of it ends the work."""
    with transaction.atomic():
        jo = make_member(name="Jo Bevan")
        sam = together(jo) if ever_met else make_person(name="Sam", now=NOW)
        if not ever_met:
            walk(sam, jo)
        plan_id, now = sam.plan.pk, NOW
        for what, *given_ in happenings:
            now += timedelta(hours=7)
            match what, given_:
                case "clock", [days]:
                    for _day in range(days):
                        now += DAY
                        notice_quiet(now=now)
                case "try", [way, went]:
                    keep_contact(plan_id=plan_id, at=now, way=way, went=went, by=jo.user, now=now)
                case "bring", _:
                    bring(plan_id=plan_id, why="We worry", by=jo.user, now=now)
                case "ask", _:
                    with suppress(NotKnown):  # not quiet, or not tried enough yet
                        ask_the_team(plan_id=plan_id, by=jo.user, now=now)
                case "decide", [decision]:
                    for item in HuddleItem.objects.filter(case__person=sam, decided_at=None):
                        decide(
                            item_id=item.pk,
                            decision=decision,
                            we_heard="",
                            first_step="Say hello",
                            because="We miss you",
                            who=jo.pk,
                            by_when=(now + DAY).date(),
                            later_because="Jo is away",
                            by=jo.user,
                            now=now,
                        )
                case "huddle", _:
                    take_seat(team_id=jo.team_id, by=jo.user, now=now, present={})
                    end_huddle(team_id=jo.team_id, by=jo.user, now=now)
                case "rhythm", [days]:
                    agree_rhythm(plan_id=plan_id, days=days, by=jo.user, now=now)
            stay = Case.objects.get(person=sam)
            assert stay.state != Case.State.OPEN_DOOR
            assert stay.ended_at is None
            for _since, step in next_steps([stay], now).values():
                assert step.words
                assert step.due_on
        if ReachingOut.objects.filter(case__person=sam).exists():
            assert ReachingOut.objects.filter(case__person=sam, found_at=None).exists()
        transaction.set_rollback(True)
