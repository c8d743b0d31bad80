"""Every page, for everybody, as the one table says; and nothing changes for those who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import actions, pdf, sections
from cases.queries import paper
from cases.queries.plan import plan_page
from cases.sections import Circle, Group, Level
from tests.factories import NOW
from tests.matrix import pages, table
from tests.matrix.pages import NOBODY, Row
from tests.matrix.world import (
    BEFORE,
    BEFORE_THE_HUDDLE,
    NOW_WORDS,
    SECRETS,
    World,
    build,
    build_for,
    client_of,
    everything_kept,
    undone,
)

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).parents[2] / "docs" / "who-sees-what.md"
COLUMNS = list(table.COLUMNS)
PAGES = table.cells(table.PAGES, COLUMNS)
SHOWN = table.cells(table.SECRETS, COLUMNS)
SHARED = table.cells(table.SHARING, list(table.SHARING_COLUMNS))
ANYBODY = ["visitor", "person", "main"]
FOR_ANYBODY = table.cells(table.FOR_ANYBODY, ANYBODY)
# The page for the machine that watches answers 503 when something is not running, as in a test; it opens all the same.
LETTERS = {200: "o", 503: "o", 301: "c", 302: "c", 303: "c", 403: "n", 404: ".", 409: "d", 422: "w"}
CHANGES_NOTHING = set("-.nwd")
NEVER = {UUID: NOBODY, int: 999_999_999}  # ids that nothing here has
TOKEN = re.compile(rb'name="(?:csrfmiddlewaretoken|whose)" value="[^"]*"')


@pytest.fixture(autouse=True)
def steady(steady: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still, and a copy is its words: drawing them on paper takes long, and has tests of its own."""
    monkeypatch.setattr(pdf, "draw", lambda words: words.encode())
    monkeypatch.setattr(pdf, "draw_apart", lambda words: words.encode())


def ask(client: Client, row: Row, world: World) -> HttpResponse:
    if row.method == "GET":
        return client.get(row.address(world))
    return client.post(row.address(world), row.sends(world))


def letter(answer: HttpResponse) -> str:
    if answer.status_code in {302, 303} and answer.headers["Location"].startswith(reverse("account_login") + "?next="):
        return "-"
    return LETTERS.get(answer.status_code, str(answer.status_code))


def shown(answer: HttpResponse) -> str:
    return answer.content.decode(errors="replace")


@pytest.mark.parametrize("column", COLUMNS)
def test_each_page_answers_as_the_table_says(column: str) -> None:
    """And those words are shown, over all pages together, that the table says; no others are."""
    world = build_for(column)
    client = client_of(world.users[column])
    found, read, changed = {}, "", []
    before = everything_kept()
    for row in pages.ROWS:
        if row.key not in table.rows(table.PAGES):
            continue
        with undone():
            answer = ask(client, row, world)
            found[row.key, column] = letter(answer)
            read += shown(answer)
            refused = row.method == "POST" and letter(answer) in CHANGES_NOTHING
            if refused and everything_kept() != before:
                changed.append(row.key)
    assert found == {cell: said for cell, said in PAGES.items() if cell[1] == column}
    assert not changed, "These were refused and changed something all the same."
    words = {(key, column): "s" if secret in read else "." for key, secret in SECRETS.items()}
    assert words == {cell: said for cell, said in SHOWN.items() if cell[1] == column}


@pytest.mark.parametrize("column", ANYBODY)
def test_each_page_for_anybody_answers_as_the_table_says(column: str) -> None:
    world = build()
    found, read = {}, ""
    for row in pages.ROWS:
        if row.key in table.rows(table.FOR_ANYBODY):
            with undone():
                answer = ask(client_of(world.users[column]), row, world)
                found[row.key, column] = letter(answer)
                read += shown(answer)
    assert found == {cell: said for cell, said in FOR_ANYBODY.items() if cell[1] == column}
    assert not [key for key, secret in SECRETS.items() if secret in read and column != "person"]


def test_one_of_the_team_kept_away_by_name_finds_what_a_sector_does_that_is_kept_away() -> None:
    """On every page, and by every press: nothing, though the team is to talk about the person."""
    world = build(before_the_huddle=True)
    world.act(actions.shut_out, user_id=world.users["hello"].pk)  # type: ignore[union-attr]
    client, read = client_of(world.users["hello"]), ""
    for row in pages.ROWS:
        if row.key in table.rows(table.PAGES):
            with undone():
                answer = ask(client, row, world)
            assert letter(answer) == PAGES[row.key, "away"], row.key
            read += shown(answer)
    assert not [key for key, secret in SECRETS.items() if secret in read]
    assert "Sam Teller" not in read


@pytest.mark.parametrize(
    "column", ["main", "shut", "kept", "agenda", "supporter"]
)  # each kind of "not for you" there is
def test_what_is_not_there_for_somebody_looks_like_what_never_was(column: str) -> None:
    """The same bytes, whether it is hidden or was never written: nobody learns that there is something."""
    world = build_for(column)
    client = client_of(world.users[column])
    for row in pages.ROWS:
        if PAGES.get((row.key, column)) != "." or not row.ids(world):
            continue
        with undone():
            hidden = ask(client, row, world)
        ids = {name: NEVER.get(type(kept), kept) for name, kept in row.ids(world).items()}
        nowhere = reverse(row.name, kwargs=ids)
        with undone():
            absent = client.get(nowhere) if row.method == "GET" else client.post(nowhere, row.sends(world))
        assert (hidden.status_code, _without_token(hidden)) == (404, _without_token(absent)), row.key
        assert hidden.headers == absent.headers, row.key


def _without_token(answer: HttpResponse) -> bytes:
    return TOKEN.sub(b"", answer.content)


# -- Who sees the same words, as the person sets it


def _entry_circle(circle: str) -> Callable[[World], None]:
    def narrow(world: World) -> None:
        world.write("now", NOW_WORDS, circle=circle)

    return narrow


def _entry_name(picked: str, circle: str, until: datetime | None = None) -> Callable[[World], None]:
    def name(world: World) -> None:
        entry = world.write("now", NOW_WORDS, circle=circle)
        by_name = {world.users["let_in"].pk: (picked, until)}  # type: ignore[union-attr]
        world.act(actions.set_entry_circle, entry_id=entry.pk, circle=circle, by_name=by_name)

    return name


def _let_in(level: Level) -> Callable[[World], None]:
    def let(world: World) -> None:
        world.act(actions.let_somebody_in, section="now", user_id=world.users["let_in"].pk, level=level)  # type: ignore[union-attr]

    return let


def _over(world: World) -> None:
    world.act(
        actions.let_somebody_in,
        section="now",
        user_id=world.users["let_in"].pk,  # type: ignore[union-attr]
        level=Level.SEE,
        until=NOW - timedelta(days=1),
    )


def _taken_back(world: World) -> None:
    _let_in(Level.SEE)(world)
    _let_in(Level.NOTHING)(world)


def _shut_too(world: World) -> None:
    world.act(actions.shut_out, section="now", user_id=world.users["let_in"].pk)  # type: ignore[union-attr]


def _opened(world: World) -> None:
    _shut_too(world)
    world.act(actions.open_again, section="now", user_id=world.users["let_in"].pk)  # type: ignore[union-attr]


def _shut_main(world: World) -> None:
    world.act(actions.shut_out, section="now", user_id=world.users["main"].pk)  # type: ignore[union-attr]


def _group(action: Any, *, sector: bool, **more: Any) -> Callable[[World], None]:
    """Do something with hospital mental health (the main person's sector), or with the council alone (one who walks)."""

    def act(world: World) -> None:
        main, let_in = world.members["main"].organisation, world.members["shut"].organisation
        whom: dict[str, Any] = {"sector": main.sector} if sector else {"organisation_id": let_in.pk}
        given = {"group": Group(**whom), "level": Level.SEE} if action is actions.let_group_in else whom
        world.act(action, section="now", **given, **more)

    return act


def _keep_away(action: Any, column: str) -> Callable[[World], None]:
    def keep(world: World) -> None:
        world.act(action, user_id=world.users[column].pk)  # type: ignore[union-attr]

    return keep


def _stop(world: World) -> None:
    world.act(actions.stop_everybody)


def _then(*steps: Callable[[World], None]) -> Callable[[World], None]:
    def act(world: World) -> None:
        for step in steps:
            step(world)

    return act


def _step_out(world: World) -> None:
    world.act(actions.step_out, now=BEFORE + timedelta(days=2))


STEPS = {
    "see": _let_in(Level.SEE),
    "suggest": _let_in(Level.SUGGEST),
    "over": _over,
    "taken_back": _taken_back,
    "shut": _shut_too,
    "shut_main": _shut_main,
    "opened": _opened,
    "entry_me": _entry_circle("me"),
    "entry_named": _entry_circle("named"),
    "entry_walking": _entry_circle("walking"),
    "entry_team": _entry_circle("team"),
    "entry_kept": _entry_name("shut", ""),
    "entry_let_in": _entry_name("see", "me"),
    "entry_until": _entry_name("see", "me", NOW + timedelta(days=1)),
    "entry_over": _entry_name("see", "me", NOW - timedelta(days=1)),
    "entry_kept_until": _entry_name("shut", "", NOW - timedelta(days=1)),
    "stepped_out": _step_out,
    "sector": _group(actions.let_group_in, sector=True),
    "sector_over": _group(actions.let_group_in, sector=True, until=NOW - timedelta(days=1)),
    "sector_stopped": _then(_group(actions.let_group_in, sector=True), _stop),
    "organisation": _group(actions.let_group_in, sector=False),
    "shut_sector": _group(actions.shut_out, sector=True),
    "shut_organisation": _group(actions.shut_out, sector=False),
    **{f"away_{column}": _keep_away(actions.shut_out, column) for column in ("let_in", "main", "agenda")},
    "back_let_in": _keep_away(actions.open_again, "let_in"),
}


@pytest.mark.parametrize("before", [False, True], ids=["after the huddle", "before the huddle"])
def test_the_person_sets_who_sees_it_and_that_is_who_does(before: bool) -> None:
    world = build(before_the_huddle=before)
    world.users["let_in"] = world.users["shut"]
    world.act(actions.open_again, section="now", user_id=world.users["let_in"].pk)  # type: ignore[union-attr]
    columns = [column for column in table.SHARING_COLUMNS if (column in BEFORE_THE_HUDDLE) == before]
    # Signed in out here: what happens inside undone() is undone, a visit too.
    clients = {column: client_of(world.users[column]) for column in columns}
    found = {}
    for state in table.rows(table.SHARING):
        circle, *steps = state.split()
        with undone():
            world.act(actions.set_circle, section="now", circle=circle)
            if any(step.startswith("entry_") for step in steps):
                world.act(actions.take_out, entry_id=world.ids["theirs"])
            for step in steps:
                STEPS[step](world)
            for column in columns:
                found[state, column] = _seen(clients[column], world, column)
    assert found == {cell: said for cell, said in SHARED.items() if (cell[1] in BEFORE_THE_HUDDLE) == before}


def _seen(client: Client, world: World, column: str) -> str:
    """s when the words are on the plan, in the history and on the copy; a dot when they are on no page at all."""
    told = [
        NOW_WORDS in shown(client.get(reverse(name, args=[world.plan_id])))
        for name in ("plan", "plan_history", "plan_pdf")
    ]
    if column == "person" and not told[-1]:  # what they alone can see is on a copy when they tick it
        page = plan_page(plan_id=world.plan_id, viewer=world.users["person"], now=timezone.now())
        told[-1] = NOW_WORDS in pdf.words(
            paper.chosen(page, sections.KEYS, layout="normal"), layout="normal", language="en"
        )
    elsewhere = [
        reverse("huddle_item", args=[world.ids["item"]]),
        reverse("entry_change", args=[world.plan_id, world.ids["theirs"]]),
    ]
    if all(told):
        return "s"
    more = [address for address in elsewhere if NOW_WORDS in shown(client.get(address))]
    return f"on {told}, {more}" if any(told) or more else "."


def test_there_is_a_sharing_row_for_each_circle_of_a_section_and_of_an_entry() -> None:
    states = set(table.rows(table.SHARING))
    assert {circle.value for circle in Circle} <= states
    assert {f"entry_{circle.value}" for circle in Circle} <= {step for state in states for step in state.split()}


# -- The document


def test_the_document_is_the_table() -> None:
    assert DOCUMENT.read_text() == table.printed(), "Run python -m tests.matrix.table, and read what changed."
