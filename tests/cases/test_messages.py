"""What is sent to a person: checked against their own rules at the moment of sending, once, and never on a guess."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from cases import tasks
from cases.actions import WayToReach, claim_due, come_back, decide, mark_held, mark_sent, set_way, shut_out, step_out
from cases.actions.messages import LEASE
from cases.models import HuddleItem
from teams.messenger import NotHandedOver
from teams.models import Heartbeat, Message
from tests.factories import NOW, make_member, make_person

pytestmark = pytest.mark.django_db
HOURS = range(9, 19)


@pytest.fixture(autouse=True)
def jo():
    return make_member(name="Jo Bevan")


def arrive(now=NOW, **rules):
    return make_person(
        name="Sam",
        pace="days",
        now=now,
        ways=(WayToReach(**{"kind": "text", "to": "07700 900123", "others": "no", **rules}),),
    )


def claim(now=NOW):
    return claim_due(now=now, hours=HOURS)


def test_a_message_waits_with_the_change_it_speaks_of():
    arrive()
    message = Message.objects.get()
    assert message.state == Message.State.QUEUED
    assert message.body == (
        "Hi Sam, it's Jo. Thanks for getting in touch. I'll be in touch again by Thursday. "
        "You can reply here any time."
    )
    (ready,) = claim()
    assert (ready.to, ready.body) == ("07700 900123", message.body)
    assert claim() == []


@pytest.mark.parametrize("others", ["yes", "maybe", ""])
def test_where_others_may_read_it_is_held_with_the_reason(others):
    arrive(others=others)
    assert claim() == []
    message = Message.objects.get()
    assert message.state == Message.State.HELD
    assert "Others may read this" in message.held_because


def test_their_own_words_go_in_place_of_ours():
    arrive(others="yes", only_words="Your parcel is here.")
    assert [message.body for message in claim()] == ["Your parcel is here."]


def test_a_rule_that_changed_after_the_message_was_written_is_obeyed():
    sam = arrive()
    set_way(plan_id=sam.plan.pk, kind="text", others="yes", by=sam.user, now=NOW)
    assert claim() == []
    assert Message.objects.get().state == Message.State.HELD


def test_a_way_that_is_not_to_be_used_any_more_is_not_used():
    sam = arrive()
    set_way(plan_id=sam.plan.pk, kind="text", ended=True, by=sam.user, now=NOW)
    assert claim() == []
    assert Message.objects.get().state == Message.State.HELD


def test_a_number_that_changed_is_the_one_that_is_used():
    sam = arrive()
    set_way(plan_id=sam.plan.pk, kind="text", to="07700 900999", by=sam.user, now=NOW)
    assert [message.to for message in claim()] == ["07700 900999"]


def test_nothing_goes_at_night_and_it_goes_in_the_morning():
    night = NOW.replace(hour=23)
    arrive(now=night)
    assert claim(night) == []
    assert Message.objects.get().due_at == (NOW + timedelta(days=1)).replace(hour=9)
    assert len(claim((NOW + timedelta(days=1)).replace(hour=9))) == 1


def test_it_waits_for_an_hour_they_gave():
    arrive(times=("evenings",))
    assert claim() == []
    assert len(claim(NOW.replace(hour=17))) == 1


def test_a_code_that_they_asked_for_goes_at_any_hour():
    sam = arrive(others="yes")
    Message.objects.all().delete()
    Message.objects.create(
        key="code:1",
        channel="text",
        recipient=sam.user,
        to="07700 900123",
        body="Your code is 123456.",
        asked_for=True,
        written_at=NOW,
        due_at=NOW,
    )
    assert len(claim(NOW.replace(hour=23))) == 1


def test_a_claim_that_outlived_its_lease_is_never_sent_again_blindly():
    arrive()
    assert len(claim()) == 1
    assert claim(NOW + LEASE) == []
    assert claim(NOW + LEASE + timedelta(seconds=1)) == []
    assert Message.objects.get().state == Message.State.UNKNOWN


def test_what_was_sent_is_marked_and_what_was_refused_says_why():
    arrive()
    (message,) = claim()
    mark_sent(message_id=message.pk, now=NOW)
    mark_held(message_id=message.pk, because="Too late to refuse.")
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.held_because) == (Message.State.SENT, NOW, "")


def test_nobody_is_written_to_who_gave_no_way_to_write():
    make_person(name="Sam", ways=(WayToReach(kind="call", to="07700 900123"),))
    assert not Message.objects.exists()


def test_a_decision_and_a_coming_back_each_write_once(jo):
    sam = arrive()
    decide(
        item_id=HuddleItem.objects.get().pk,
        decision="hello",
        we_heard="",
        first_step="Tea",
        because="You asked",
        who=jo.pk,
        how="text",
        by_when=NOW.date(),
        by=jo.user,
        now=NOW,
    )
    step_out(plan_id=sam.plan.pk, by=sam.user, now=NOW)
    for _press in range(2):
        come_back(plan_id=sam.plan.pk, by=sam.user, now=NOW + timedelta(days=1))
    assert sorted(key.split(":")[0] for key in Message.objects.values_list("key", flat=True)) == [
        "back",
        "decided",
        "thanks",
    ]


# -- the clock


@pytest.fixture
def at_ten(monkeypatch):
    """The clock stands at ten in the morning, and what is handed over is kept in a list."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    handed: list[str] = []
    monkeypatch.setattr(tasks, "hand_over", lambda message: handed.append(message.body))
    return handed


def test_the_clock_sends_all_that_is_due_and_says_that_it_has_been_round(at_ten):
    for _n in range(tasks.AT_A_TIME + 3):
        arrive()
    tasks.send_messages()
    assert len(at_ten) == tasks.AT_A_TIME + 3
    assert set(Message.objects.values_list("state", flat=True)) == {Message.State.SENT}
    assert Heartbeat.objects.get(job="send_messages").at == NOW
    tasks.send_messages()
    assert len(at_ten) == tasks.AT_A_TIME + 3


def test_a_refusal_is_held_for_a_person_to_read(at_ten, monkeypatch):
    def refuse(message):
        raise NotHandedOver("No way to send texts is set up.")

    monkeypatch.setattr(tasks, "hand_over", refuse)
    arrive()
    tasks.send_messages()
    assert Message.objects.get().held_because == "No way to send texts is set up."


def test_where_nobody_knows_whether_it_went_it_is_not_sent_again_and_the_others_still_go(at_ten, monkeypatch):
    def time_out_once(message):
        if not at_ten:
            at_ten.append("timed out")
            raise TimeoutError
        at_ten.append(message.body)

    monkeypatch.setattr(tasks, "hand_over", time_out_once)
    arrive()
    arrive()
    tasks.send_messages()
    assert sorted(Message.objects.values_list("state", flat=True)) == [Message.State.CLAIMED, Message.State.SENT]
    monkeypatch.setattr(timezone, "now", lambda: NOW + LEASE * 2)
    tasks.send_messages()
    assert len(at_ten) == 2
    assert sorted(Message.objects.values_list("state", flat=True)) == [Message.State.SENT, Message.State.UNKNOWN]


def test_the_clock_notices_who_has_gone_quiet(monkeypatch):
    arrive()
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=4))
    tasks.notice_quiet()
    assert Heartbeat.objects.get(job="notice_quiet").at == NOW + timedelta(days=4)


def test_messages_go_between_nine_and_seven():
    assert (settings.MESSAGE_HOURS.start, settings.MESSAGE_HOURS.stop) == (9, 19)


def test_a_code_that_was_sent_can_be_read_by_nobody_afterwards():
    message = Message.objects.create(
        key="code:1",
        channel="email",
        to="sam@example.org",
        body="Your code is 123456.",
        asked_for=True,
        state=Message.State.CLAIMED,
        written_at=NOW,
        due_at=NOW,
        claimed_at=NOW,
    )
    mark_sent(message_id=message.pk, now=NOW, forget=True)
    message.refresh_from_db()
    assert (message.state, message.body) == (Message.State.SENT, "")


def test_whoever_is_kept_away_after_it_was_written_signs_nothing():
    sam, kit = arrive(), make_member(name="Kit Moss")
    Message.objects.all().delete()
    decide(
        item_id=HuddleItem.objects.get(case__person=sam).pk, decision="hello", we_heard="", first_step="Tea",
        because="You asked", who=kit.pk, how="text", by_when=NOW.date() + timedelta(days=1), by=kit.user, now=NOW,
    )  # fmt: skip
    message = Message.objects.get()
    assert "Kit" in message.body
    shut_out(plan_id=sam.plan.pk, user_id=kit.user_id, by=sam.user, now=NOW)
    assert claim() == []
    message.refresh_from_db()
    assert (message.state, message.held_because) == ("held", "They keep away whoever signed this.")
