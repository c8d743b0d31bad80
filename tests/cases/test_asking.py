"""Told once: what was said is shown before it is asked, and asking again needs a reason and is counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.models import Asking, Entry
from cases.permissions import NotKnown
from cases.queries.asking import asked_again, asked_page, bank
from tests.factories import NOW, make_member, make_person, make_team, walk

pytestmark = pytest.mark.django_db

ASKS = "What would make this week easier?"


@pytest.fixture
def jo() -> Any:
    return make_member()


@pytest.fixture
def sam(jo: Any) -> Any:
    person = make_person(told=(("know", "The rent is due."),))
    walk(person, jo)
    return person


def tells(person: Any, words: str, *, asked: str = "week.easier", circle: str | None = None) -> None:
    told = actions.Told(asked=asked, section="steps", field="step", words=(words,), circle=circle)
    actions.tell(plan_id=person.plan.pk, telling=actions.Telling(told=(told,), adds=True), by=person.user, now=NOW)


def asks(person: Any, member: Any, *, why: str = "", days: int = 0) -> Asking:
    at = NOW + timedelta(days=days)
    return actions.ask(plan_id=person.plan.pk, question="week.easier", asks=ASKS, by=member.user, now=at, why=why)


def test_what_was_told_is_shown_with_whose_words_and_when(sam: Any, jo: Any) -> None:
    tells(sam, "A lift to the shop")
    said = bank(plan_id=sam.plan.pk, viewer=jo.user, now=NOW).said
    assert [(each.words, each.whose, each.at) for each in said["week.easier"]] == [
        ("A lift to the shop", "In their own words", NOW)
    ]
    assert [each.words for each in said["know"]] == ["The rent is due."]


def test_asking_for_the_first_time_needs_no_reason_and_is_not_counted(sam: Any, jo: Any) -> None:
    assert not asks(sam, jo).again
    assert asked_again(viewer=jo.user, now=NOW) == 0


def test_asking_again_needs_a_reason_is_counted_and_is_told_to_the_person(sam: Any, jo: Any) -> None:
    tells(sam, "A lift to the shop")
    with pytest.raises(actions.NothingWritten):
        asks(sam, jo, why="  ")
    assert asks(sam, jo, why="It was in May").again
    assert asked_again(viewer=jo.user, now=NOW) == 1
    (row,) = asked_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)
    assert (row.asks, row.who, row.again, row.why) == (ASKS, "Jo Bevan", True, "It was in May")


def test_pressed_twice_it_is_kept_once_and_a_year_later_it_is_no_longer_counted(sam: Any, jo: Any) -> None:
    tells(sam, "A lift")
    asks(sam, jo, why="It was in May")
    asks(sam, jo, why="It was in May")
    assert asked_again(viewer=jo.user, now=NOW) == 1
    assert asked_again(viewer=jo.user, now=NOW + timedelta(days=366)) == 0


def test_what_only_the_person_reads_was_never_said_to_anybody_else(sam: Any, jo: Any) -> None:
    tells(sam, "SECRET", circle="me")
    assert Entry.objects.filter(words="SECRET").exists()
    assert "week.easier" not in bank(plan_id=sam.plan.pk, viewer=jo.user, now=NOW).said
    assert not asks(sam, jo).again, "or the refusal would tell that there is something"


def test_who_may_not_write_down_what_somebody_says_may_not_ask_them(sam: Any, jo: Any) -> None:
    with pytest.raises(NotKnown):
        bank(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)
    with pytest.raises(NotKnown):
        asked_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW)
    elsewhere = make_member(name="Other", team=make_team(name="Elsewhere", is_front_door=False))
    with pytest.raises(NotKnown):
        asks(sam, elsewhere)


def test_the_database_keeps_what_was_asked_as_it_was(sam: Any, jo: Any) -> None:
    asking = asks(sam, jo)
    with pytest.raises(DatabaseError), transaction.atomic():
        Asking.objects.filter(pk=asking.pk).update(asks="something else")


def test_the_page_shows_what_they_said_and_keeps_the_reason_that_was_typed(client: Client, sam: Any, jo: Any) -> None:
    tells(sam, "A lift to the shop")
    client.force_login(jo.user)
    assert "Told already" in client.get(reverse("ask", args=[sam.plan.pk])).content.decode()
    address = reverse("ask_question", args=[sam.plan.pk, "week.easier"])
    page = client.get(address).content.decode()
    assert "A lift to the shop" in page
    assert "In their own words" in page
    refused = client.post(address, {"why": ""})
    assert refused.status_code == 422
    assert refused.content.decode().count("Say why in one line") == 2
    assert client.post(address, {"why": "It was in May"}).status_code == 303
    assert "asked once for something" in client.get(reverse("team")).content.decode()
    client.force_login(sam.user)
    assert "It was in May" in client.get(reverse("asked", args=[sam.plan.pk])).content.decode()


@pytest.mark.parametrize("question", ["nothing", "safe.hurt", "name", "call.number", "x" * 60, "%00"])
def test_a_question_that_is_not_in_the_bank_is_not_there(client: Client, sam: Any, jo: Any, question: str) -> None:
    client.force_login(jo.user)
    assert client.get(f"/plans/{sam.plan.pk}/ask/{question}/").status_code == 404


def test_the_day_of_a_change_that_was_closed_to_the_member_is_not_told(sam: Any, jo: Any) -> None:
    ali = make_member(name="Ali Rahman", sector="peer")
    walk(sam, ali, main=False)
    tells(sam, "More sleep")
    entry = Entry.objects.get(plan=sam.plan, asked="week.easier")
    given: dict[str, Any] = {"plan_id": sam.plan.pk, "by": sam.user}

    def on(days: int) -> Any:
        return NOW + timedelta(days=days)

    actions.set_entry_circle(entry_id=entry.pk, circle="named", now=on(1), **given)
    actions.change_words(entry_id=entry.pk, words="Much more sleep", version=entry.version, now=on(2), **given)
    actions.set_entry_circle(entry_id=entry.pk, circle="", now=on(5), **given)
    for member, day in ((jo, on(2)), (ali, on(5))):
        (said,) = bank(plan_id=sam.plan.pk, viewer=member.user, now=on(9)).said["week.easier"]
        assert (said.words, said.at) == ("Much more sleep", day)
