"""What holds for every answer: the headers, what cannot be read, and what "not yours" looks like."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from teams.middleware import HEADERS
from tests.factories import make_member, make_person

pytestmark = pytest.mark.django_db


def every_status(client: Client) -> list[Any]:
    member = make_member(name="Jo")
    inside = Client()
    inside.force_login(member.user)
    stranger = Client(enforce_csrf_checks=True)
    return [
        client.get("/accounts/login/"),  # 200
        client.get("/team/"),  # 302, to signing in
        client.get("/help-now"),  # 301, to the address with its slash
        client.post("/accounts/login/code/", {"to": "\0"}),  # 400
        stranger.post("/accounts/login/code/", {"to": "a@example.org"}),  # 403, no form key
        inside.post(f"/team/{make_member(name='Ali').pk}/end/"),  # 403, not allowed
        client.get("/nowhere/"),  # 404
        inside.get(f"/team/{uuid.uuid4()}/end/"),  # 404, not known
        client.post("/health/"),  # 405
        client.post("/accounts/login/code/", {"to": "x" * 2_000_000}),  # 413
        client.post("/accounts/login/code/", {"to": "nothing"}),  # 422
    ]


def test_every_answer_has_the_same_headers_whatever_its_status(client: Client) -> None:
    answers = every_status(client)
    assert {answer.status_code for answer in answers} == {200, 301, 302, 400, 403, 404, 405, 413, 422}
    for answer in answers:
        for name, value in HEADERS.items():
            if name == "Cache-Control":
                assert {"no-store", "private"} <= {part.strip() for part in answer.headers[name].split(",")}
            else:
                assert answer.headers[name] == value
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_answer_that_only_sends_people_to_https_has_them_too(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    from django.test import RequestFactory

    from teams.middleware import Headers

    answer = Headers(lambda request: __import__("django.http").http.HttpResponse(status=301))(
        RequestFactory().get("/")
    )
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_policy_allows_nothing_from_elsewhere_and_nothing_inline() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy


NASTY = ["\0", "a\0b", "a\ud800b"]


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("where", ["field", "name", "query", "multipart"])
def test_what_the_database_cannot_keep_is_refused_kindly_before_it_gets_there(
    client: Client, nasty: str, where: str
) -> None:
    from urllib.parse import quote

    sent = quote(nasty.encode("utf-8", "surrogatepass"))
    form = "application/x-www-form-urlencoded"
    if where == "field":
        answer = client.generic("POST", "/accounts/login/code/", f"to={sent}", content_type=form)
    elif where == "name":
        answer = client.generic("POST", "/accounts/login/code/", f"{sent}=x", content_type=form)
    elif where == "query":
        answer = client.get(f"/accounts/login/?next={sent}")
    else:
        body = encode_multipart(BOUNDARY, {"to": "here"}).replace(b"here", nasty.encode("utf-8", "surrogatepass"))
        answer = client.generic("POST", "/accounts/login/code/", body, content_type=MULTIPART_CONTENT)
    # Halves of characters do not survive being read as UTF-8; null characters do.
    assert answer.status_code in ({400} if "\0" in nasty else {200, 302, 303, 422})
    assert b"999" in answer.content or answer.status_code != 400


@pytest.mark.parametrize("charset", ["utf-16", "unicode_escape", "hex", "utf-7", "raw_unicode_escape"])
def test_no_other_way_of_writing_letters_is_read(client: Client, charset: str) -> None:
    body = encode_multipart(BOUNDARY, {"to": "\\ud800"})
    answer = client.generic(
        "POST", "/accounts/login/code/", body, content_type=f"{MULTIPART_CONTENT}; charset={charset}"
    )
    assert answer.status_code == 400


def test_a_cookie_with_a_null_character_reaches_nothing(client: Client) -> None:
    answer = client.get("/team/", headers={"cookie": 'visit="abcdefgh\\000ijklmnop"'})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body", [b"%", b"to=%zz&to=%ff%fe", b"&&&===", b"to=" + b"%F0%9F%9A%AA" * 50, b"\xff\xfe\x00\x01"]
)
def test_no_bytes_make_it_fail(client: Client, body: bytes) -> None:
    for content_type in (
        "application/x-www-form-urlencoded",
        MULTIPART_CONTENT,
        "application/json",
        "",
        "a/b; charset=x",
    ):
        answer = client.generic("POST", "/accounts/login/code/", body, content_type=content_type)
        assert answer.status_code in {303, 400, 422}


def test_too_much_or_too_many_is_said_kindly(client: Client) -> None:
    many = {f"field{number}": "x" for number in range(400)}
    for given in ({"to": "x" * 2_000_000}, many):
        answer = client.post(
            "/accounts/login/code/",
            "&".join(f"{name}={value}" for name, value in given.items()),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 413
        assert b"That was too much at once" in answer.content
        assert b"999" in answer.content


def test_what_is_not_yours_looks_like_what_was_never_there() -> None:
    sam, ella = make_person(name="Sam"), make_person(name="Ella")
    client = Client()
    client.force_login(sam.user)
    assert client.get(f"/plans/{sam.plan.pk}/").status_code == 200
    hers, nobodys = client.get(f"/plans/{ella.plan.pk}/"), client.get(f"/plans/{uuid.uuid4()}/")
    assert hers.status_code == nobodys.status_code == 404
    assert hers.content == nobodys.content


def test_what_you_may_not_do_says_why() -> None:
    jo, ali = make_member(name="Jo"), make_member(name="Ali")
    client = Client()
    client.force_login(jo.user)
    answer = client.post(f"/team/{ali.pk}/end/")
    assert answer.status_code == 403
    assert b"Only those who lead the team can do this." in answer.content
