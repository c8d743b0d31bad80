"""What waits for the team today."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import (
    WayToReach,
    agree_rhythm,
    come_back,
    decide,
    keep_contact,
    notice_quiet,
    shut_out,
    step_out,
    talk_soon,
)
from cases.models import Case, HuddleItem
from cases.queries.today import LONGEST, Wanted, today
from teams.models import Message, Sector
from teams.permissions import NotAMember
from tests.factories import NOW, make_member, make_person, make_team, walk

pytestmark = pytest.mark.django_db
SECRET = "The secret of the lighthouse"
TEXT = (WayToReach(kind="text", to="07700 900123", others="no"),)


@pytest.fixture
def jo():
    return make_member(name="Jo Bevan")


def seen(viewer, now: datetime = NOW, **wanted):
    return {found.key: found.rows for found in today(viewer=viewer.user, now=now, wanted=Wanted(**wanted)).lists}


def names(rows):
    return [row.name for row in rows]


def met(person, member, at=NOW):
    """They walk together and have met."""
    walk(person, member, now=at)
    keep_contact(plan_id=person.plan.pk, at=at, way="meeting", went="both", by=member.user, now=at)
    HuddleItem.objects.filter(case__person=person).delete()


def test_an_empty_day_says_so_kindly(jo, client: Client):
    assert seen(jo) == {}
    client.force_login(jo.user)
    page = client.get(reverse("today"))
    assert "Nobody is waiting today" in page.content.decode()


def test_only_members_have_a_today(jo, client: Client):
    person = make_person()
    with pytest.raises(NotAMember):
        today(viewer=person.user, now=NOW)
    client.force_login(person.user)
    assert client.get(reverse("today")).status_code == 404


def test_who_asked_for_today_comes_first_and_is_in_no_other_list(jo):
    make_person(name="Sam", pace="today")
    assert {key: names(rows) for key, rows in seen(jo).items()} == {"asked": ["Sam"]}


def test_a_new_person_has_a_promised_day(jo):
    make_person(name="Sam", pace="days", ways=TEXT)
    (row,) = seen(jo)["new"]
    assert row.promise == "We say hello by Thursday."
    assert (row.icon, row.asked) == ("text", "In the next day or two")


def test_a_missed_promise_is_ours(jo):
    make_person(name="Sam", pace="days")
    (row,) = seen(jo, NOW + timedelta(days=3))["asked"]
    assert row.late == "We said Thursday 12 March. We missed it."
    assert not row.promise


def test_to_have_tried_is_to_have_kept_the_promise(jo):
    sam = make_person(name="Sam", pace="days")
    walk(sam, jo)
    keep_contact(plan_id=sam.plan.pk, at=NOW, way="text", went="no_answer", by=jo.user, now=NOW)
    (row,) = seen(jo, NOW + timedelta(days=3))["new"]
    assert (row.late, row.promise) == ("", "We have said hello, and wait to hear.")


def test_a_hello_that_was_said_is_promised_no_more(jo):
    sam = make_person(name="Sam", pace="days")
    met(sam, jo)
    assert Case.objects.get().hello_by is None
    assert set(seen(jo, NOW + timedelta(days=3))) == {"mine"}


def test_a_promise_made_after_a_contact_outlives_a_contact_written_down_late(jo):
    sam = make_person(name="Sam", pace="days")
    item = HuddleItem.objects.get()
    decide(
        item_id=item.pk,
        decision="hello",
        we_heard="",
        first_step="A talk",
        because="You asked",
        who=jo.pk,
        by_when=NOW.date(),
        by=jo.user,
        now=NOW,
    )
    before = NOW - timedelta(hours=2)
    keep_contact(plan_id=sam.plan.pk, at=before, way="call", went="both", by=jo.user, now=NOW)
    assert Case.objects.get().hello_by == NOW.date()


def test_somebody_who_came_back_has_a_heading_of_their_own(jo):
    sam = make_person(name="Sam")
    met(sam, jo)
    step_out(plan_id=sam.plan.pk, by=sam.user, now=NOW)
    come_back(plan_id=sam.plan.pk, by=sam.user, now=NOW + timedelta(days=1, hours=6))
    lists = seen(jo, NOW + timedelta(days=1, hours=6))
    assert names(lists["back"]) == ["Sam"]
    assert "new" not in lists


def test_who_has_gone_quiet_comes_with_the_next_kind_step_and_their_own_wishes(jo):
    sam = make_person(name="Sam", ways=TEXT, entries=(("quiet", "do", "Ask at the chip shop", ""),))
    met(sam, jo)
    agree_rhythm(plan_id=sam.plan.pk, days=7, by=jo.user, now=NOW)
    later = NOW + timedelta(days=8)
    notice_quiet(now=later)
    (row,) = seen(jo, later)["quiet"]
    assert row.step.since == "Wednesday 18 March"
    assert "missed each other" in row.step.words
    assert (row.step.by, row.step.icon) == ("today", "text")
    assert row.wishes == ("Ask at the chip shop",)
    assert row.can_keep_contact


def test_my_people_say_how_we_are_in_touch(jo):
    sam = make_person(name="Sam")
    met(sam, jo)
    agree_rhythm(plan_id=sam.plan.pk, days=14, by=jo.user, now=NOW)
    (row,) = seen(jo, NOW + timedelta(days=3))["mine"]
    assert row.lines == (
        "You are their main person.",
        "In touch 3 days ago.",
        "We agreed: every two weeks.",
        "Next hello by Tuesday 24 March.",
    )


def test_my_promises_come_before_the_teams(jo):
    ali = make_member(name="Ali Rahman", sector=Sector.PEER)
    for name, who in [("Ann", ali), ("Ben", jo)]:
        person = make_person(name=name)
        walk(person, who)
        decide(
            item_id=HuddleItem.objects.get(case__person=person).pk,
            decision="together",
            we_heard="",
            first_step="A talk",
            because="You asked",
            who=who.pk,
            by_when=NOW.date() + timedelta(days=1),
            by=who.user,
            now=NOW,
        )
    rows = seen(jo)["promises"]
    assert [(row.name, row.promise) for row in rows] == [
        ("Ben", "Jo says hello by tomorrow."),
        ("Ann", "Ali says hello by tomorrow."),
    ]


def test_a_message_that_did_not_go_is_mine_until_there_was_another_hello(jo):
    sam = make_person(name="Sam", ways=(WayToReach(kind="text", to="07700 900123", others="yes"),))
    walk(sam, jo)
    Message.objects.update(state=Message.State.HELD, held_because="Others may read this.")
    (row,) = seen(jo)["messages"]
    assert (row.name, row.why) == ("Sam", "Others may read this. Say hello another way.")
    after = NOW + timedelta(hours=1)
    keep_contact(plan_id=sam.plan.pk, at=after, way="letter", went="sent", by=jo.user, now=after)
    assert "messages" not in seen(jo, after)


def test_a_message_of_which_nobody_knows_says_so(jo):
    walk(make_person(name="Sam", ways=TEXT), jo)
    Message.objects.update(state=Message.State.UNKNOWN)
    (row,) = seen(jo)["messages"]
    assert row.why.startswith("We do not know whether it went.")


def test_a_member_who_may_not_reach_somebody_reads_nothing_of_their_messages(jo):
    ruth = make_member(name="Ruth", sector=Sector.COUNCIL, says_hello=False)
    make_person(name="Sam", ways=TEXT)
    Message.objects.update(state=Message.State.HELD, held_because="Others may read this.")
    assert "messages" in seen(jo)
    assert "messages" not in seen(ruth)


def test_access_needs_show_to_those_who_may_see_them(jo):
    needs = (("talk", "needs", "An interpreter: Urdu", ""),)
    sam = make_person(name="Sam", entries=needs)
    assert seen(jo)["new"][0].needs == ("An interpreter: Urdu",)
    shut_out(plan_id=sam.plan.pk, section="talk", sector=Sector.SECONDARY, by=sam.user, now=NOW)
    assert seen(jo)["new"][0].needs == ()


def test_somebody_whom_i_do_not_walk_with_has_a_name_a_way_a_day_and_no_words(jo, client: Client):
    ruth = make_member(name="Ruth Adeyemi", sector=Sector.COUNCIL)
    sam = make_person(
        name="Sam",
        ways=TEXT,
        told=(("know", SECRET),),
        entries=(("now", "words", SECRET, ""), ("talk", "needs", SECRET, ""), ("quiet", "do", SECRET, "")),
    )
    met(sam, jo)
    later = NOW + timedelta(days=9)
    notice_quiet(now=later)
    (row,) = seen(ruth, later)["quiet"]
    assert (row.name, row.icon, row.plan_id, row.needs, row.wishes) == ("Sam", "text", None, (), ())
    assert not row.step.words
    assert not row.can_keep_contact
    client.force_login(ruth.user)
    assert SECRET not in client.get(reverse("today")).content.decode()
    client.force_login(jo.user)
    assert SECRET in seen(jo, later)["quiet"][0].wishes


@pytest.mark.parametrize("whom", [{"sector": Sector.SECONDARY}, {"user": True}])
def test_whoever_shut_me_out_is_nowhere_on_my_page(jo, whom):
    sam = make_person(name="Sam", pace="today", ways=TEXT)
    walk(sam, jo)
    Message.objects.update(state=Message.State.HELD)
    assert {"asked", "mine", "messages"} == set(seen(jo))
    given = {"user_id": jo.user_id} if "user" in whom else whom
    shut_out(plan_id=sam.plan.pk, by=sam.user, now=NOW, **given)
    assert seen(jo) == {}
    assert "asked" in seen(make_member(name="Ali", sector=Sector.PEER))


def test_another_team_sees_nobody_of_ours(jo):
    make_person(name="Sam", pace="today")
    other = make_member(name="Nia", team=make_team(name="Northmoor team", is_front_door=False))
    assert seen(other) == {}


def test_only_mine_and_a_part_of_a_name_narrow_every_list(jo):
    walk(make_person(name="Samira"), jo)
    make_person(name="Sam")
    make_person(name="Ben")
    assert names(seen(jo, mine=True)["new"]) == ["Samira"]
    assert sorted(names(seen(jo, name="SAM")["new"])) == ["Sam", "Samira"]


def test_a_long_list_goes_on_on_a_page_of_its_own(jo, client: Client):
    for number in range(LONGEST + 3):
        make_person(name=f"Sam {number:02}")
    page = today(viewer=jo.user, now=NOW)
    assert (len(page.lists[0].rows), page.lists[0].more) == (LONGEST, 3)
    assert len(seen(jo, only="new", page=2)["new"]) == 3
    client.force_login(jo.user)
    assert "and 3 more" in client.get(reverse("today")).content.decode()
    assert client.get(reverse("today"), {"list": "new", "page": "2"}).status_code == 200


@pytest.mark.parametrize(
    "query", ["?page=99999999999", "?page=x&list=nothing", "?name=%00", "?mine=maybe", "?list=quiet&page=0"]
)
def test_what_makes_no_sense_is_looked_past(jo, client: Client, query):
    make_person(name="Sam")
    client.force_login(jo.user)
    assert client.get(reverse("today") + query).status_code in {200, 400}


def test_thirty_people_take_as_many_questions_as_three(jo):
    def ask():
        with CaptureQueriesContext(connection) as asked:
            today(viewer=jo.user, now=NOW + timedelta(days=9))
        return len(asked)

    def people(number):
        for n in range(number):
            sam = make_person(name=f"Sam {n}", ways=TEXT, pace="no_rush", entries=(("talk", "needs", "Slowly", ""),))
            if n % 3 == 0:
                met(sam, jo)
            if n % 3 == 1:
                talk_soon(plan_id=sam.plan.pk, pace="today", by=sam.user, now=NOW)
        Message.objects.filter(state=Message.State.QUEUED).update(state=Message.State.HELD, held_because="No.")
        notice_quiet(now=NOW + timedelta(days=9))

    people(3)
    few = ask()
    people(27)
    assert ask() == few <= 25
