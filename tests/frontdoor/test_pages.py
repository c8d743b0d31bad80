"""The pages around the conversation, what each promises, and that nothing that can be sent breaks one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import hours
from frontdoor import actions, script
from frontdoor.models import Answer
from frontdoor.views import errors
from tests.factories import NOW, make_member, make_person, make_team

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")

STATIC = ["/help-now/", "/staying-safe/", "/who-sees/"]
PUBLIC = [
    "/",
    "/back/",
    "/talk/",
    "/talk/1/",
    "/talk/check/",
    "/talk/saved/",
    "/talk/delete/",
    "/talk/thanks/",
    "/talk/all/",
    "/helping/",
    "/paper/",
    *STATIC,
]


@pytest.mark.parametrize("address", STATIC)
def test_help_needs_no_database_and_leaves_no_cookie(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any) -> None:
        raise DatabaseError

    client.get("/")
    client.post("/", {"phone": "shared"})
    for way in ("execute", "executemany"):
        monkeypatch.setattr(f"django.db.backends.utils.CursorWrapper.{way}", away)
    answer = client.get(address)
    assert answer.status_code == 200
    assert not answer.cookies


@pytest.mark.parametrize("address", PUBLIC)
def test_every_page_can_be_seen_by_anybody_and_is_kept_by_nobody(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in {200, 302}
    assert "no-store" in answer["Cache-Control"]
    if answer.status_code == 200:
        assert 'href="/leave/"' in answer.content.decode()
        assert 'href="/help-now/"' in answer.content.decode()


def test_help_goes_on_only_to_pages_of_ours(client: Client) -> None:
    assert 'href="/talk/5/"' in client.get("/help-now/", {"to": "5/"}).content.decode()
    assert 'href="/talk/5/?then=check"' in client.get("/help-now/?to=5/?then=check").content.decode()
    assert 'href="/talk/check/"' in client.get("/help-now/?to=check/").content.decode()
    for to in ["//evil.example", "https://evil.example/", "../accounts/logout/", "delete/", "x", "5/?x", "🦦"]:
        page = client.get("/help-now/", {"to": to}).content.decode()
        assert ("evil" not in page and "?x" not in page and "Go back to where I was" in page) or to == "5/?x"


def test_out_of_hours_help_says_that_nobody_reads_now(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    saturday = datetime(2026, 3, 14, 22, 0, tzinfo=LONDON)
    monkeypatch.setattr("django.utils.timezone.now", lambda: saturday)
    assert "We are not open now. We will read this on Monday at 9." in client.get("/help-now/").content.decode()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    assert "We are not open now" not in client.get("/help-now/").content.decode()


@pytest.mark.parametrize(
    ("now", "reads"),
    [
        ("2026-03-10 10:00", "2026-03-10 10:00"),
        ("2026-03-10 08:59", "2026-03-10 09:00"),
        ("2026-03-10 17:00", "2026-03-11 09:00"),
        ("2026-03-13 20:00", "2026-03-16 09:00"),
        ("2026-04-03 10:00", "2026-04-07 09:00"),  # Good Friday to after Easter Monday
    ],
)
def test_when_somebody_reads_next(now: str, reads: str) -> None:
    local = datetime.fromisoformat(now).replace(tzinfo=LONDON)
    assert hours.read_next(local) == datetime.fromisoformat(reads).replace(tzinfo=LONDON)


def test_leave_goes_to_the_weather_ends_the_visit_and_keeps_the_draft(client: Client) -> None:
    client.post("/", {"phone": "own"})
    client.post("/talk/2/", {"know": "my words"})
    answer = client.get("/leave/")
    assert (answer.status_code, answer["Location"]) == (302, "https://www.bbc.co.uk/weather")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert "my words" not in client.get("/talk/2/").content.decode()
    assert Answer.objects.get().value == "my words"


def test_leave_signs_out_whoever_was_signed_in(client: Client) -> None:
    client.force_login(make_person().user)
    assert client.get("/me/").status_code == 200
    client.get("/leave/")
    assert client.get("/me/").status_code == 302


def test_leave_waits_for_no_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(make_person().user)

    def away(_request: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("frontdoor.views.anytime.logout", away)
    answer = client.get("/leave/")
    assert answer.status_code == 302
    assert answer.cookies["visit"]["max-age"] == 0


def sent(client: Client, **answers: Any) -> str:
    """Send a conversation with these answers; the page that says thank you."""
    client.post("/", {"phone": "own"})
    conversation_id = UUID(client.session["conversation"])
    actions.answer(conversation_id=conversation_id, answers=answers, by=None, now=NOW)
    actions.send(conversation_id=conversation_id, by=None, now=NOW, only_hello=True)
    return client.get("/talk/thanks/").content.decode()


@pytest.mark.usefixtures("steady")
@pytest.mark.parametrize(
    ("answers", "promise"),
    [
        ({"ways": ["text"], "text.number": "07700 900001"}, "Ali or Jo will text you by Thursday."),
        ({"ways": ["call"], "call.number": "07700 900001", "soon": "today"}, "Ali or Jo will call you today."),
        ({"ways": ["email"], "email.address": "a@example.org", "soon": "week"}, "will email you by Tuesday 17 March."),
        ({"ways": ["call", "write"], "write.address": "4 Hill Road", "soon": "today"}, "will write to you today."),
        ({"soon": "i_will", "ways": ["call"], "call.number": "07700 900001"}, "We will wait to hear from you."),
        ({"ways": ["come"]}, "You can ask for Ali or Jo."),
        ({"ways": ["none"], "none.where": "the kiosk"}, "will leave word where you said by Thursday."),
        ({"ways": ["call"]}, "We do not have a way to reach you. That is fine."),
        ({"name": "Sam"}, "We do not have a way to reach you. That is fine."),
    ],
)
def test_thanks_promises_a_name_a_way_and_a_day(client: Client, answers: dict[str, Any], promise: str) -> None:
    make_member(name="Jo Bevan")
    make_member(name="Ali Khan", sector="peer")
    assert promise in sent(client, **answers)


@pytest.mark.usefixtures("steady")
def test_thanks_never_names_somebody_whom_the_person_shut_out(client: Client) -> None:
    make_member(name="Jo Bevan", sector="council")
    page = sent(client, ways=["call"], **{"call.number": "07700 900001", "exclude": ["council"]})
    assert "Someone from our team will call you" in page
    assert "Jo" not in page


@pytest.mark.usefixtures("steady")
def test_thanks_shows_help_for_tonight_only_to_those_who_need_it(client: Client) -> None:
    make_team()
    assert "no food or heat" in sent(client, topics=["food"])
    assert "no bed tonight" in sent(Client(), topics=["home"])
    assert "Help today" not in sent(Client(), topics=["mood"])


@pytest.mark.usefixtures("steady")
def test_thanks_says_so_when_we_broke_the_promise(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_member()
    sent(client, ways=["text"], **{"text.number": "07700 900001"})
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 3, 20, 10, 0, tzinfo=LONDON))
    assert "We got it wrong" in client.get("/talk/thanks/").content.decode()


def test_where_i_was_is_home_for_whoever_is_signed_in(client: Client) -> None:
    assert client.get("/talk/")["Location"] == "/"
    client.force_login(make_person().user)
    assert client.get("/talk/")["Location"] == "/me/"
    client.force_login(make_member().user)
    assert client.get("/talk/")["Location"] == "/today/"


def test_the_example_of_a_text_has_a_name_of_somebody_who_says_hello(client: Client) -> None:
    make_member(name="Ali Khan")
    client.post("/", {"phone": "own"})
    client.post("/talk/1/", {"name": "Sam"})
    client.post("/talk/5/", {"ways": ["text"]})
    assert "Hi Sam, it&#x27;s Ali." in client.get("/talk/7/").content.decode() or "Hi Sam, it's Ali." in (
        client.get("/talk/7/").content.decode()
    )


def test_after_sending_every_page_of_the_conversation_leads_to_thanks(client: Client) -> None:
    make_team()
    sent(client, name="Sam")
    for address in ("/talk/", "/talk/1/", "/talk/check/", "/talk/saved/", "/talk/delete/"):
        assert client.get(address)["Location"] == "/talk/thanks/"


@pytest.mark.parametrize("handler", ["bad_request", "permission_denied", "page_not_found", "server_error"])
def test_every_error_page_is_whole_without_a_database(rf: Any, handler: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = getattr(errors, handler)(rf.get("/"))
    assert answer.status_code in {400, 403, 404, 500}
    assert "116 123" in answer.content.decode()


def test_error_pages_need_nothing_and_show_help(client: Client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "116 123" in page
    assert "01632 960 100" in page
    assert 'href="/leave/"' in page


JUNK = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["\x00", "own", "shared", "1", "-1", "9" * 40, "no", "mine", "x" * 6000, "²", "stop", "07700 900001"]
)
NAMES = st.sampled_from(
    [
        *script.read(script.shipped(), 1).questions,
        "know_2",
        "know_99",
        "tries",
        "visit",
        "skip",
        "stop",
        "list",
        "autosave",
        "hello",
        "phone",
        "code",
        "who",
        "whole",
        "whose.know",
        "read_back",
        "why",
        "word",
        "read",
    ]
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    address=st.sampled_from(
        [*PUBLIC, *(reverse("talk", args=[n]) for n in range(1, 18)), "/talk/99999999999999999999/"]
    ),
    data=st.dictionaries(NAMES, JUNK | st.lists(JUNK, max_size=3), max_size=6),
    query=st.dictionaries(st.sampled_from(["then", "to", "x"]), JUNK, max_size=2),
    begun=st.booleans(),
)
def test_nothing_that_can_be_sent_breaks_a_page(address: str, data: dict, query: dict, begun: bool) -> None:
    make_team()
    client = Client()
    if begun:
        client.post("/", {"phone": "own"})
    for answer in (client.get(address, query), client.post(address, data, query_params=query)):
        assert answer.status_code < 500
    assert client.get("/talk/check/").status_code in {200, 302}
