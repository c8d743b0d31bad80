"""Coming back with a code and a name, and what a guesser meets."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from frontdoor import actions, queries, slowing
from tests.factories import make_member, make_team, walk

pytestmark = pytest.mark.django_db


def draft(name: str = "Siân", *, sent: bool = False) -> tuple[UUID, str]:
    now = timezone.now()
    conversation_id = actions.begin(via="own_phone", by=None, now=now)
    actions.answer(conversation_id=conversation_id, answers={"name": name, "know": "my words"}, by=None, now=now)
    if sent:
        make_team()
        actions.send(conversation_id=conversation_id, by=None, now=now)
    found = queries.draft(conversation_id=conversation_id)
    assert found
    return conversation_id, found.code


def go_back(client: Client, code: str, name: str = "Siân", phone: str = "own", **more: str) -> object:
    return client.post("/back/", {"code": code, "name": name, "phone": phone, **more})


def test_a_draft_goes_on_where_it_was_in_another_browser(client: Client) -> None:
    _id, code = draft()
    assert go_back(client, code)["Location"] == "/talk/"
    assert client.get("/talk/")["Location"] == "/talk/4/"
    assert "my words" in client.get("/talk/2/").content.decode()


@pytest.mark.parametrize("name", ["siân", " SIÂN ", "Sia\u0302n"])
def test_a_name_is_read_kindly(client: Client, name: str) -> None:
    assert go_back(client, draft()[1].lower().replace("-", " "), name)["Location"] == "/talk/"


def test_the_code_with_another_name_and_another_code_with_the_name_say_the_same(client: Client) -> None:
    _id, code = draft()
    wrong_name = go_back(client, code, "Ann")
    wrong_code = go_back(client, "OTTER-TEAPOT-407")
    assert wrong_name.status_code == wrong_code.status_code == 422
    assert "We could not find that code" in wrong_name.content.decode()
    assert wrong_name.context["form"].errors == wrong_code.context["form"].errors


def test_no_name_finds_only_somebody_who_gave_none(client: Client) -> None:
    assert go_back(client, draft()[1], "").status_code == 422
    assert go_back(client, draft("")[1], "")["Location"] == "/talk/"


def test_the_second_time_is_said_in_other_words(client: Client) -> None:
    assert "Call us or come in" in go_back(client, "x", tries="1").content.decode()


def test_somebody_who_has_sent_theirs_comes_to_their_own_page(client: Client) -> None:
    _id, code = draft(sent=True)
    assert go_back(client, code)["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert client.session.get_expiry_age() > 23 * 60 * 60


def test_on_a_shared_phone_the_visit_ends_after_fifteen_idle_minutes_counted_from_the_last_page(
    client: Client,
) -> None:
    _id, code = draft(sent=True)
    go_back(client, code, phone="shared")
    session = client.session
    assert session.get_expiry_age() == 15 * 60
    key = session.session_key
    Session.objects.filter(pk=key).update(expire_date=timezone.now() + timedelta(seconds=30))
    client.get("/me/")
    assert Session.objects.get(pk=key).expire_date > timezone.now() + timedelta(minutes=14)


def test_a_code_ends_the_visit_of_whoever_was_here_before(client: Client) -> None:
    _id, first = draft("Ann", sent=True)
    _id, second = draft("Ben")
    go_back(client, first, "Ann")
    assert go_back(client, second, "Ben")["Location"] == "/talk/"
    assert client.get("/me/").status_code == 302


def test_a_code_is_never_of_use_to_somebody_whose_account_was_ended(client: Client) -> None:
    _conversation_id, code = draft(sent=True)
    found = queries.find(code=code, name="Siân")
    assert found
    assert found.user
    found.user.is_active = False
    found.user.save()
    assert go_back(client, code).status_code == 422


def test_guessing_gets_slower_and_never_ends_in_a_lock(client: Client) -> None:
    _id, code = draft()
    for _try in range(slowing.FREE_TRIES):
        assert go_back(client, "OTTER-TEAPOT-407").status_code == 422
    slow = go_back(client, code)
    assert slow.status_code == 429
    assert 0 < int(slow["Retry-After"]) <= slowing.LONGEST_WAIT
    assert code in slow.content.decode(), "what was typed is still there"
    assert "01632" in slow.content.decode()


def test_the_wait_doubles_up_to_a_minute_and_then_ends() -> None:
    now = timezone.now()
    waits = []
    for _try in range(14):
        slowing.one_more("192.0.2.1", now)
        waits.append(slowing.wait_for("192.0.2.1", now))
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert slowing.wait_for("192.0.2.1", now + timedelta(seconds=61)) == 0
    assert slowing.wait_for("192.0.2.2", now) == 0


def test_a_member_makes_a_new_code_face_to_face(client: Client) -> None:
    _conversation_id, _code = draft(sent=True)
    member = make_member()
    found = queries.find(code=_code, name="Siân")
    assert found
    assert found.user
    person = found.user.person
    walk(person, member)
    client.force_login(member.user)
    address = f"/plans/{person.plan.pk}/code/"
    assert "Make a new code" in client.get(address).content.decode()
    page = client.post(address)
    code = page.context["code"]
    assert code in page.content.decode()
    assert go_back(Client(), code)["Location"] == "/me/"
    assert go_back(Client(), _code).status_code == 422


def test_a_new_code_is_not_for_others(client: Client) -> None:
    _conversation_id, code = draft(sent=True)
    found = queries.find(code=code, name="Siân")
    assert found
    assert found.user
    address = f"/plans/{found.user.person.plan.pk}/code/"
    assert client.post(address).status_code == 303
    client.force_login(make_member(says_hello=False).user)
    assert client.post(address).status_code == 403
