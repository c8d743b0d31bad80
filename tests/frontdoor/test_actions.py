"""What can happen to a conversation, without the web."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Entry, Person, Story
from cases.permissions import NotAllowed
from frontdoor import actions, codes, queries
from frontdoor.models import Answer, Conversation
from frontdoor.tasks import forget_drafts
from teams.models import Heartbeat
from teams.permissions import NotKnown
from tests.factories import NOW, make_member, make_person, make_team, walk

pytestmark = pytest.mark.django_db


def begin(**answers: Any) -> UUID:
    conversation_id = actions.begin(via="own_phone", by=None, now=NOW)
    actions.answer(conversation_id=conversation_id, answers=answers, by=None, now=NOW)
    return conversation_id


def test_two_conversations_whose_codes_clash_get_a_code_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "code", lambda conversation_id, turn: f"OTTER-TEAPOT-40{turn}")
    first, second = (actions.begin(via="own_phone", by=None, now=NOW) for _each in range(2))
    turns = dict(Conversation.objects.values_list("id", "code_turn"))
    assert (turns[first], turns[second]) == (0, 1)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=500))
def test_words_arrive_exactly_as_they_were_said(words: str) -> None:
    make_team()
    person = actions.send(conversation_id=begin(know=words, name="Sam"), by=None, now=NOW)
    if words.strip():
        assert Story.objects.get(person=person).words == words
        assert Entry.objects.get(plan__person=person).words == words


@pytest.mark.parametrize(
    "words",
    [
        "\n\nstarts lower down",
        "ends with spaces   ",
        "e\u0301 and é",
        "👩🏽‍🚒 family 👨‍👩‍👧‍👦",
        "Dw i’n teimlo’n isel – ŵŷ",
        "میں بہت تھکا ہوا ہوں۔\u200f",
        "a\u202eb\u0007c\u2028d",
        "<script>alert(1)</script> {{ x }} %s",
        "x" * 5000,
    ],
)
def test_these_words_too(words: str) -> None:
    make_team()
    person = actions.send(conversation_id=begin(know=words), by=None, now=NOW)
    assert Story.objects.get(person=person).words == words


@pytest.mark.django_db(transaction=True)
def test_four_presses_at_the_same_moment_make_one_person() -> None:
    make_team()
    conversation_id = begin(name="Sam")

    def press(_number: int) -> Any:
        try:
            return actions.send(conversation_id=conversation_id, by=None, now=NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as presses:
        assert len(set(presses.map(press, range(4)))) == 1
    assert Person.objects.count() == 1


def test_what_nobody_came_back_to_is_forgotten_after_sixty_days_and_not_before() -> None:
    make_team()
    old, touched, sent = begin(know="old"), begin(know="touched"), begin(name="Sam")
    actions.send(conversation_id=sent, by=None, now=NOW)
    later = NOW + timedelta(days=60, minutes=1)
    actions.answer(conversation_id=touched, answers={"name": "Ann"}, by=None, now=NOW + timedelta(days=1))
    assert actions.forget_unsent(now=later - timedelta(minutes=2)) == 0
    assert actions.forget_unsent(now=later) == 1
    assert actions.forget_unsent(now=later) == 0
    assert set(Conversation.objects.values_list("pk", flat=True)) == {touched, sent}
    assert not Answer.objects.filter(conversation=old).exists()


def test_the_clock_forgets_and_leaves_its_heartbeat() -> None:
    conversation_id = begin(know="old")
    Conversation.objects.update(touched_at=NOW - timedelta(days=9999))
    forget_drafts()
    assert not Conversation.objects.filter(pk=conversation_id).exists()
    assert Heartbeat.objects.filter(job="forget_drafts").exists()


def test_what_was_sent_can_neither_be_answered_nor_deleted() -> None:
    make_team()
    conversation_id = begin(name="Sam")
    actions.send(conversation_id=conversation_id, by=None, now=NOW)
    with pytest.raises(actions.AlreadySent):
        actions.answer(conversation_id=conversation_id, answers={"name": "Ann"}, by=None, now=NOW)
    actions.delete_draft(conversation_id=conversation_id, by=None, now=NOW)
    assert Conversation.objects.filter(pk=conversation_id).exists()


def test_what_was_deleted_in_another_tab_is_not_known() -> None:
    with pytest.raises(NotKnown):
        actions.answer(conversation_id=uuid4(), answers={"name": "Ann"}, by=None, now=NOW)
    with pytest.raises(NotKnown):
        actions.send(conversation_id=uuid4(), by=None, now=NOW)


def test_a_new_code_ends_the_old_one_and_the_person_can_see_who_made_it() -> None:
    member = make_member()
    conversation_id = begin(name="Sam")
    person = actions.send(conversation_id=conversation_id, by=None, now=NOW)
    walk(person, member)
    draft = queries.draft(conversation_id=conversation_id)
    assert draft
    assert queries.find(code=draft.code, name="sam")
    code = actions.reissue_code(plan_id=person.plan.pk, by=member.user, now=NOW)
    assert queries.find(code=draft.code, name="Sam") is None
    found = queries.find(code=code, name=" SAM ")
    assert found
    assert found.user == person.user
    latest = person.history.latest()
    assert (latest.history_user, latest.history_change_reason) == (member.user, "made a new code")


def test_somebody_who_came_by_another_door_gets_a_code_too() -> None:
    member = make_member()
    person = make_person(name="Sam")
    walk(person, member)
    code = actions.reissue_code(plan_id=person.plan.pk, by=member.user, now=NOW)
    found = queries.find(code=code, name="Sam")
    assert found
    assert found.user == person.user


def test_only_those_who_may_reach_somebody_make_a_code() -> None:
    person = make_person(name="Sam")
    on_agenda_only = make_member(says_hello=False)
    with pytest.raises(NotAllowed):
        actions.reissue_code(plan_id=person.plan.pk, by=on_agenda_only.user, now=NOW)
    with pytest.raises(NotKnown):
        actions.reissue_code(plan_id=person.plan.pk, by=make_person(name="Ann").user, now=NOW)
    assert not Conversation.objects.exists()
