"""Whatever is sent, by whomever: it is kept as words, or refused with words. Never half, and never an error page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from cases import actions
from cases.models import Entry
from teams import typed
from tests.factories import NOW
from tests.matrix import pages, table
from tests.matrix.world import build, client_of, everything_kept, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]
CELLS = table.cells(table.PAGES, list(table.COLUMNS))
SCRIPT = "<script>alert(1)</script>"
BAD: dict[str, Any] = {
    "a script": f"\"'>{SCRIPT}<img src=x onerror=alert(1)>{{{{7*7}}}}",
    "a null character": "a\0b",
    "control characters": "a\x01\x1b[2J\x7f\u202e\u2028b",
    "half a character": "a\ud800",
    "far too much": "word " * 20_000,
    "a number that is too big": "9" * 400,
    "a file": b"a file",
    "nothing": "",
    "only space": " \t\r\n\u00a0",
}


def send(client: Client, address: str, body: dict[str, Any]) -> Any:
    given = {
        name: SimpleUploadedFile("words.txt", value) if isinstance(value, bytes) else value
        for name, value in body.items()
    }
    if any("\ud800" in value for value in body.values() if isinstance(value, str)):
        lone = "&".join(f"{name}=a%ED%A0%80" for name in body)
        return client.post(address, lone, content_type="application/x-www-form-urlencoded")
    return client.post(address, given)


@pytest.mark.parametrize("column", ["person", "main", "hello"])
def test_a_form_keeps_what_is_sent_as_words_or_refuses_it_with_words(column: str) -> None:
    """Each field of each form that this viewer may send, with each kind of nonsense."""
    world = build(before_the_huddle=column == "hello")
    client = client_of(world.users[column])
    plan_page = reverse("plan", args=[world.plan_id]) if column != "hello" else reverse("huddle")
    before, tried = everything_kept(), set()
    for row in pages.ROWS:
        body = row.sends(world)
        if row.method != "POST" or CELLS.get((row.key, column)) != "c" or not body or row.name in tried:
            continue
        tried.add(row.name)
        for name in body:
            for kind, value in BAD.items():
                with undone():
                    answer = send(client, row.address(world), {**body, name: value})
                    where = (row.key, name, kind, answer.status_code)
                    assert answer.status_code < 500, where
                    if answer.status_code >= 400:
                        assert everything_kept() == before, where
                        assert b"<h1" in answer.content, where
                    assert SCRIPT not in answer.content.decode(), where
                    if kind == "a script" and answer.status_code < 400:
                        assert SCRIPT not in client.get(plan_page).content.decode(), where


@pytest.mark.parametrize("column", ["person", "main", "shut", "team", "other", "super"])
def test_fields_of_the_models_that_no_form_asks_for_change_nothing(column: str) -> None:
    """Whose words they are, who sees them, and whose plan they are in: none of it can be posted by hand."""
    world = build()
    viewer = world.users[column]
    client = client_of(viewer)
    more = {
        "id": str(pages.NOBODY),
        "plan": str(world.ids["another_plan"]),
        "plan_id": str(world.ids["another_plan"]),
        "author": str(world.users["another"].pk),  # type: ignore[union-attr]
        "author_id": str(world.users["another"].pk),  # type: ignore[union-attr]
        "section": "mine",
        "answer": "yes",
        "position": "99",
        "removed_at": "2026-01-01",
        "added_at": "2020-01-01",
        "progress": "done",
        "by": str(world.users["another"].pk),  # type: ignore[union-attr]
        "now": "2020-01-01",
        "is_superuser": "1",
        "leads": "1",
        "organisation_id": "1",
    }
    if column != "person":
        more["circle"] = "me"
    add = pages.BY_KEY["entry_add send"]
    old = set(Entry.objects.values_list("pk", flat=True))
    answer = client.post(add.address(world), {**more, **add.sends(world)})
    made = Entry.objects.exclude(pk__in=old)
    if CELLS[add.key, column] == "c":
        (entry,) = made
        kept = (
            entry.plan_id,
            entry.author,
            entry.section,
            entry.answer,
            entry.removed_at,
            entry.version,
            entry.circle,
        )
        assert kept == (world.plan_id, viewer, "helps", "", None, 1, "")
        assert (entry.added_at, entry.progress) == (NOW, "")
        assert entry.history.get().history_user == viewer
    else:
        assert answer.status_code in {403, 404}
        assert not made
    before = everything_kept()["teams_user"]
    for key in ("entry_change theirs send", "entry_answer send", "way set", "sharing_section set"):
        row = pages.BY_KEY[key]
        client.post(row.address(world), {**more, **row.sends(world)})
    assert everything_kept()["teams_user"] == before or column == "person"
    assert (
        not world.person.user.__class__.objects.filter(is_superuser=True).exclude(pk=world.users["super"].pk).exists()
    )  # type: ignore[union-attr]
    theirs = Entry.objects.get(pk=world.ids["theirs"])
    assert (theirs.plan_id, theirs.author, theirs.section) == (world.plan_id, world.person.user, "now")


def test_a_form_that_was_opened_before_somebody_else_saved_loses_neither_text() -> None:
    world = build()
    world.act(
        actions.change_words, entry_id=world.ids["jos"], words="The newer words", version=1, by=world.users["main"]
    )
    client = client_of(world.users["main"])
    before = everything_kept()
    row = pages.BY_KEY["entry_change jos send"]
    for version in ("1", "0", "2000000000"):
        answer = client.post(row.address(world), {"words": "My own words", "version": version})
        assert answer.status_code == 422
        assert "My own words" in answer.content.decode()
        assert "The newer words" in answer.content.decode()
    for version in ("", "one", "-1", "9" * 50, "1.5", "１２"):
        answer = client.post(row.address(world), {"words": "My own words", "version": version})
        assert answer.status_code == 422, version
        assert "My own words" in answer.content.decode()
    assert everything_kept() == before


@pytest.mark.parametrize("column", ["person", "main", "team"])
def test_a_section_that_takes_no_words_takes_none(column: str) -> None:
    world = build()
    client = client_of(world.users[column])
    before = everything_kept()
    for section in ("nothing", "people", "happened", "NOW", "now-", "0"):
        address = reverse("entry_add", args=[world.plan_id, section])
        for field in ("words", "", "helps", "__class__"):
            answer = client.post(address, {"field": field, "words": "Hello", "why": "So"})
            assert answer.status_code in {403, 404, 422}, section
            assert b"<h1" in answer.content
    assert everything_kept() == before


def test_what_is_in_one_plan_is_not_found_through_another() -> None:
    """Somebody with a plan of their own cannot reach through it into another's."""
    world = build()
    client = client_of(world.users["another"])
    before, mine, tried = everything_kept(), world.ids["another_plan"], 0
    for row in pages.ROWS:
        ids = row.ids(world)
        if {"entry_id", "contact_id"} & set(ids):
            address, tried = reverse(row.name, kwargs={**ids, "plan_id": mine}), tried + 1
            answer = client.get(address) if row.method == "GET" else client.post(address, row.sends(world))
            assert answer.status_code in {403, 404}, row.key
            assert "canary" not in answer.content.decode()
    assert tried > 10
    assert everything_kept() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_other_way_of_asking_changes_or_shows_anything(method: str) -> None:
    world = build()
    client = client_of(world.users["main"])
    before = everything_kept()
    for key in ("plan", "plan_history", "entry_change theirs", "sharing", "contact", "reach", "huddle_item"):
        answer = getattr(client, method)(pages.BY_KEY[key].address(world))
        assert answer.status_code in {200, 403, 404, 405}, key
        assert "canary" not in answer.content.decode()
    assert everything_kept() == before


# What the row sends and this viewer is not asked for: a reason of their own; and the word that nobody may read.
NO_BOX = {"entry_add": {"We talked"}, "ask_question": {"It was in May"}, "word": {"lighthouse keeper"}}


@pytest.mark.parametrize("column", ["person", "main"])
def test_what_was_typed_while_the_visit_ended_is_in_its_page_again_and_changes_nothing(column: str) -> None:
    """Each form, sent by nobody with the mark of who had it open: its page holds the words again, and does nothing."""
    world = build()
    viewer = world.users[column]
    held = set()
    for row in pages.ROWS:
        body = row.sends(world)
        if row.method != "POST" or CELLS.get((row.key, column)) != "c" or not body:
            continue
        with undone():
            Client().post(row.address(world), {**body, "whose": typed.mark(viewer.pk)})
            client = client_of(viewer)
            before = everything_kept()
            page = client.get(row.address(world))
            assert page.status_code in {200, 302, 404, 405}, row.key
            assert everything_kept() == before, row.key
            words = [value for value in body.values() if isinstance(value, str) and " " in value]
            if page.status_code == 200 and words:
                missing = {value for value in words if escape(value) not in page.content.decode()}
                assert missing <= NO_BOX.get(row.name, set()), row.key
                held.add(row.key)
    assert {"person": "entry_add send", "main": "contact keep"}[column] in held
