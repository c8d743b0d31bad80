"""Signing in: a code by e-mail or by text, in the browser that asked, and no way to learn who has an account."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from teams.models import Message, User
from tests.factories import make_member, make_person

pytestmark = pytest.mark.django_db

ASK, GIVE = "/accounts/login/code/", "/accounts/login/code/confirm/"


def ask(client: Client, to: str, **kwargs: Any) -> Any:
    return client.post(ASK, {"to": to}, **kwargs)


def code_in_the_outbox() -> str:
    message = Message.objects.latest("written_at")
    found = re.search(r"\b\d{6}\b", message.body)
    assert found
    return found[0]


def sam(**account: Any) -> User:
    user = make_person(name="Sam").user
    User.objects.filter(pk=user.pk).update(**account)
    return User.objects.get(pk=user.pk)


def same_but_for_the_form_key(one: Any, other: Any) -> bool:
    """Each answer has a form key of its own; nothing else may differ."""
    key = rb'name="csrfmiddlewaretoken" value="[^"]*"'
    return re.sub(key, b"", one.content) == re.sub(key, b"", other.content)


def test_a_member_signs_in_with_a_code_by_email_and_sees_the_day(client: Client) -> None:
    jo = make_member(name="Jo").user

    asked = ask(client, f" {jo.email.upper()} ")
    assert asked.headers["Location"] == GIVE
    message = Message.objects.get(recipient=jo)
    assert (message.channel, message.to, message.subject) == ("email", jo.email, "Your code")
    assert message.asked_for
    assert message.state == Message.State.QUEUED

    given = client.post(GIVE, {"code": code_in_the_outbox()})
    assert given.headers["Location"] == reverse("today")
    assert client.session["_auth_user_id"] == str(jo.pk)


@pytest.mark.parametrize("typed", ["07700 900982", "+447700900982", "0044 7700-900-982", "(07700) 900982"])
def test_a_person_signs_in_with_a_code_by_text_however_they_write_their_number(client: Client, typed: str) -> None:
    user = sam(phone="+447700900982")

    ask(client, typed)
    message = Message.objects.get(recipient=user, asked_for=True)
    assert (message.channel, message.to) == ("text", "+447700900982")

    given = client.post(GIVE, {"code": code_in_the_outbox()})
    assert given.headers["Location"] == reverse("me")


def test_the_message_says_nothing_about_what_this_is(client: Client) -> None:
    ask(client, make_member().user.email)
    message = Message.objects.latest("written_at")
    assert re.fullmatch(
        r"Your code is \d{6}\. It works for 15 minutes\. If you did not ask for it, you can leave it\.", message.body
    )


def test_the_third_wrong_code_ends_it_and_the_right_one_is_then_no_good(client: Client) -> None:
    ask(client, make_member().user.email)
    code = code_in_the_outbox()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(2):
        answer = client.post(GIVE, {"code": wrong})
        assert answer.status_code == 422
        assert b"That is not the code we sent" in answer.content
    third = client.post(GIVE, {"code": wrong}, follow=True)
    assert third.redirect_chain == [(ASK, 303)]
    assert b"That was not the code three times" in third.content
    assert client.post(GIVE, {"code": code}).headers["Location"] == ASK
    assert "_auth_user_id" not in client.session


def test_a_new_code_ends_the_one_before(client: Client) -> None:
    jo = make_member().user
    ask(client, jo.email)
    before = code_in_the_outbox()
    ask(client, jo.email)
    assert Message.objects.filter(recipient=jo).count() == 2
    if before != code_in_the_outbox():
        assert client.post(GIVE, {"code": before}).status_code == 422
    assert client.post(GIVE, {"code": code_in_the_outbox()}).headers["Location"] == reverse("today")


def test_a_code_works_only_in_the_browser_that_asked(client: Client) -> None:
    ask(client, make_member().user.email)
    elsewhere = Client()
    assert elsewhere.post(GIVE, {"code": code_in_the_outbox()}).headers["Location"] == ASK


def test_looking_at_the_page_for_the_code_changes_nothing(client: Client) -> None:
    ask(client, make_member().user.email)
    for _ in range(5):
        assert client.get(GIVE).status_code == 200
    assert client.post(GIVE, {"code": code_in_the_outbox()}).status_code == 303
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("known", "unknown"), [("jo@example.org", "no@example.org"), ("07700 900982", "07700 900983")]
)
def test_nobody_learns_from_the_answers_who_has_an_account(known: str, unknown: str) -> None:
    sam(email="jo@example.org", phone="+447700900982")
    pages = []
    for to in (known, unknown):
        browser = Client()
        asked = ask(browser, to)
        wrong = [browser.post(GIVE, {"code": "nonsense"}) for _ in range(2)]
        again = ask(browser, to)
        pages.append((asked, browser.get(GIVE), *wrong, again, set(browser.cookies)))

    for one, other in zip(*pages, strict=True):
        if isinstance(one, set):
            assert one == other
            continue
        assert (one.status_code, one.headers.get("Location")) == (other.status_code, other.headers.get("Location"))
        # The address that was typed is shown back: it has the same number of letters here.
        for kept in ("jo@example.org", "no@example.org", "+447700900982", "+447700900983"):
            one.content, other.content = (a.content.replace(kept.encode(), b"TO") for a in (one, other))
        assert same_but_for_the_form_key(one, other)


def test_an_address_that_nobody_has_leaves_nothing_behind(client: Client) -> None:
    ask(client, "nobody@example.org")
    ask(client, "07700 900999")
    assert not Message.objects.exists()


def test_asking_costs_the_database_the_same_whoever_asks(django_assert_num_queries: Any) -> None:
    sam(email="sam@example.org")
    counts = []
    for to in ("sam@example.org", "nobody@example.org"):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            ask(Client(), to)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("account", [{"is_active": False}, {"email": None}])
def test_an_account_that_has_ended_is_answered_like_none(client: Client, account: dict[str, Any]) -> None:
    sam(email="sam@example.org")
    User.objects.filter(email="sam@example.org").update(**account)
    assert ask(client, "sam@example.org").headers["Location"] == GIVE
    assert not Message.objects.exists()


def test_an_account_that_ends_while_the_code_is_on_its_way_is_not_let_in(client: Client) -> None:
    user = sam(email="sam@example.org")
    ask(client, user.email)
    User.objects.filter(pk=user.pk).update(is_active=False)
    client.post(GIVE, {"code": code_in_the_outbox()})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("to", ["", "   ", "hello", "sam@", "12345", "070 1234 5678", "+1 212 555 0100", "x" * 5000])
def test_what_is_no_address_is_asked_for_again_and_stays_in_its_box(client: Client, to: str) -> None:
    answer = ask(client, to)
    assert answer.status_code == 422
    assert to.strip()[:300].encode() in answer.content
    assert not Message.objects.exists()


def test_too_many_codes_for_one_address_are_refused_with_a_way_round(client: Client) -> None:
    jo = make_member().user
    for _ in range(3):
        assert ask(Client(), jo.email).status_code == 303
    refused = ask(client, jo.email)
    assert refused.status_code == 422
    assert b"Or call us" in refused.content


def test_a_code_is_no_good_after_fifteen_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    ask(client, make_member().user.email)
    code = code_in_the_outbox()
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr("time.time", lambda: later)
    client.post(GIVE, {"code": code})
    assert "_auth_user_id" not in client.session


def test_a_members_visit_ends_after_twelve_hours_whatever_they_do(client: Client) -> None:
    ask(client, make_member().user.email)
    client.post(GIVE, {"code": code_in_the_outbox()})
    before = client.session.get_expiry_date()
    assert timedelta(hours=11) < before - timezone.now() <= timedelta(hours=12)
    session = client.session
    session["touched"] = True
    session.save()
    assert client.session.get_expiry_date() == before


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "javascript:alert(1)",
        "http:///example.com",
        "\t//x.y",
    ],
)
def test_signing_in_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    ask(client, make_member().user.email)
    given = client.post(GIVE, {"code": code_in_the_outbox(), "next": elsewhere})
    assert given.headers["Location"] == reverse("today")


def test_signing_in_goes_on_to_the_page_that_was_asked_for(client: Client) -> None:
    asked = client.get("/team/")
    assert asked.headers["Location"] == "/accounts/login/?next=/team/"
    page = client.get(asked.headers["Location"])
    assert b'name="next" value="/team/"' in page.content
    asked = client.post("/accounts/login/", {"to": make_member().user.email, "next": "/team/"})
    assert asked.headers["Location"] == f"{GIVE}?next=%2Fteam%2F"
    given = client.post(asked.headers["Location"], {"code": code_in_the_outbox()})
    assert given.headers["Location"] == "/team/"


def test_signing_out_takes_a_press(client: Client) -> None:
    client.force_login(make_member().user)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/").status_code == 303
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "password/reset/", "password/change/", "reauthenticate/", "inactive/", "phone/verify/"],
)
def test_pages_of_allauth_that_we_do_not_use_are_not_there(client: Client, path: str) -> None:
    client.force_login(make_member().user)
    assert client.get(f"/accounts/{path}").status_code == 404
