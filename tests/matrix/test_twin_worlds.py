"""Two worlds that differ only in what somebody may not see look the same to them, to the byte.

The second world is the first with something more that is hidden. Only the token of a form differs, and is left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from cases import actions, pdf
from cases.models import Avoid, Entry, Look
from cases.queries.plan import plan_page
from cases.sections import Group, Level
from frontdoor.actions import keep_fair_answer
from teams.history import record
from teams.permissions import NotKnown
from tests.factories import NOW
from tests.matrix import pages, table
from tests.matrix.world import BEFORE, World, build, build_for, client_of, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]
TOKEN = re.compile(rb'name="(?:csrfmiddlewaretoken|whose)" value="[^"]*"')
LATER = BEFORE + timedelta(days=3)
OPENED = BEFORE + timedelta(days=4)
QUESTIONS = "/team/questions/"  # what the team asks everybody: nobody's plan comes into it, and it takes half the time
OPENS = {
    key: cell for key, cell in table.cells(table.PAGES, list(table.COLUMNS)).items() if cell == "o"
}  # what each column can open
OPENS["about_me", "person"] = "o"  # for anybody who has just come in, and there is no other page that shows it


# -- What differs: each does something, and says to whom it is hidden

ALL = set(table.COLUMNS) - {"visitor"}
OUTSIDE = {"another", "away", "kept", "team", "lead", "other", "ended", "super"}
Difference = Callable[[World], Any]


def more_only_for_me(world: World) -> None:
    for number in range(3):
        world.write("mine", f"Secret {number}", now=LATER)


def other_words_only_for_me(world: World) -> None:
    world.act(actions.change_words, entry_id=world.ids["only_me"], words="Other words", version=1, now=LATER)


def an_entry_for_me_alone_in_an_open_section(world: World) -> None:
    for section in ("now", "helps", "steps", "quiet", "talk"):
        field = {"helps": "helps", "quiet": "do", "talk": "needs"}.get(section)
        world.write(section, "Secret", circle="me", now=LATER, **({"field": field} if field else {}))


def an_entry_that_was_taken_out(world: World) -> None:
    entry = world.write("helps", "Secret", field="helps", circle="me", now=LATER)
    world.act(actions.take_out, entry_id=entry.pk, now=LATER)
    world.act(actions.put_back, entry_id=entry.pk, now=LATER)


def more_for_the_main_person(world: World) -> None:
    world.write("change", "Secret", area="past", now=LATER)
    world.act(actions.change_words, entry_id=world.ids["named"], words="Other", version=1, now=LATER)
    world.act(actions.change_progress, entry_id=world.ids["named"], progress="later", now=LATER)


def more_for_those_who_walk(world: World) -> None:
    world.write("hard", "Secret", now=LATER)
    world.write("wishes", "Secret", now=LATER)
    world.write("notes", "Secret", by=world.users["main"], field="note", now=LATER)
    world.act(actions.change_words, entry_id=world.ids["hard"], words="Other", version=1, now=LATER)


def more_where_somebody_is_shut_out(world: World) -> None:
    world.write("now", "Secret", now=LATER)
    world.write("now", "Secret", by=world.users["main"], now=LATER)
    world.act(actions.change_words, entry_id=world.ids["theirs"], words="Other", version=1, now=LATER)
    world.act(
        actions.answer_entry, entry_id=world.ids["jos"], answer="other_view", version=1, other_view="Secret", now=LATER
    )


def others_shut_out_or_let_in(world: World) -> None:
    """Ali is shut out of one section and let into another; what the others see does not change."""
    ali = world.users["walks"]
    assert ali is not None
    world.act(actions.shut_out, section="steps", user_id=ali.pk, now=LATER)
    world.act(actions.let_somebody_in, section="mine", user_id=ali.pk, level=Level.SEE, now=LATER)
    world.act(actions.shut_out, section="steps", organisation_id=world.ids["organisation"], now=LATER)
    world.act(actions.shut_out, section="helps", sector="voluntary", now=LATER)


def somebody_named_on_an_entry(world: World) -> None:
    """Ali is kept from one thing that those who walk can see, and let into one for the main person and one for nobody."""
    ali = world.users["walks"]
    assert ali is not None
    for key, circle, picked in (("hard", "", "shut"), ("named", "named", "see"), ("past", "me", "see")):
        by_name = {ali.pk: (picked, NOW + timedelta(days=1))}
        world.act(actions.set_entry_circle, entry_id=world.ids[key], circle=circle, by_name=by_name, now=LATER)


def names_on_an_entry_that_are_over(world: World) -> None:
    """Some were let into one thing, each until yesterday."""
    by_name = {world.users[name].pk: ("see", NOW - timedelta(days=1)) for name in ("main", "walks", "supporter")}  # type: ignore[union-attr]
    world.act(actions.set_entry_circle, entry_id=world.ids["past"], circle="me", by_name=by_name, now=LATER)


def a_group_let_in(world: World) -> None:
    """A sector and an organisation are let in, to where those of them who are there can see already."""
    group = Group(organisation_id=world.ids["organisation"])
    for section, whom in (("hard", Group(sector="peer")), ("notes", group)):
        world.act(actions.let_group_in, section=section, group=whom, level=Level.SEE, now=LATER)


def somebody_who_said_yes(world: World) -> None:
    """They wait, and then they see; nobody but the person has anything to do with it."""
    link = world.act(actions.invite_supporter, name="Secret", sees=["helps"], now=LATER)
    token = link.split("/shared/")[1].strip("/")
    actions.accept_support(token=token, channel="email", to="secret@example.org", now=LATER)


def others_shut_out_of_all(world: World) -> None:
    world.act(actions.shut_out, sector="voluntary", now=LATER)


def one_of_the_team_kept_away(world: World) -> None:
    world.act(actions.shut_out, user_id=world.members["team"].user_id, now=LATER)


def a_hidden_circle(world: World) -> None:
    """Who sees a section changes among those who do not include the viewer."""
    world.act(actions.set_circle, section="hard", circle="named", now=LATER)
    world.act(actions.set_circle, section="wishes", circle="me", now=LATER)


def looks(world: World) -> None:
    for name in ("main", "walks"):
        Look.objects.create(plan=world.person.plan, viewer=world.users[name], what=Look.What.REACH, at=LATER)


def other_ways(world: World) -> None:
    world.act(actions.set_way, kind="text", to="07700 900977", word="Secret", note="Secret", now=LATER)
    avoid = Avoid.objects.get(person=world.person)
    avoid.words = "Secret"
    record(avoid, by=world.person.user, why="", now=LATER)


def other_avoid_words(world: World) -> None:
    avoid = Avoid.objects.get(person=world.person)
    avoid.words = "Secret"
    record(avoid, by=world.person.user, why="", now=LATER)


def more_kept_apart(world: World) -> None:
    """By whom they told, and by a member: with others who read it, and when."""
    world.act(actions.keep_safety_note, words="Secret", via="shared_phone", now=LATER)
    world.act(actions.keep_safety_note, words="Secret", via="drop_in", by=world.users["walks"], now=LATER)
    world.act(actions.look_at_safety, by=world.users["main"], now=LATER)


def a_worry_that_is_kept_between_us(world: World) -> None:
    told = {"who": "Secret", "why": "", "seen": "", "teller": "", "reach": "", "lifted": False, "by": None}
    for may_say in ("no", ""):
        worry = actions.tell_worry(**told, may_say=may_say, now=LATER)
        world.act(actions.link_worry, worry_id=worry.pk, by=world.users["main"], now=LATER)


def other_answers_about_themselves(world: World) -> None:
    for question, choice in (("age", "18_24"), ("home", "no"), ("religion", "other")):
        keep_fair_answer(
            conversation_id=None, question=question, choice=choice, own_words="Secret", by=world.person.user, now=LATER
        )


# Each difference, to whom it makes none, and the rows that it may show on all the same, each with its reason.
DIFFERENCES: list[tuple[Difference, set[str]]] = [
    (more_only_for_me, ALL - {"person"}),
    (other_words_only_for_me, ALL - {"person"}),
    (an_entry_for_me_alone_in_an_open_section, ALL - {"person"}),
    (an_entry_that_was_taken_out, ALL - {"person"}),
    (more_for_the_main_person, ALL - {"person", "main", "opener"}),
    (more_for_those_who_walk, {"agenda", "hello", "supporter", *OUTSIDE}),
    (more_where_somebody_is_shut_out, {"shut", *OUTSIDE}),
    (others_shut_out_or_let_in, ALL - {"person", "walks"}),
    # The card of the huddle says whom the person would rather not have there: those who are on it read that.
    (others_shut_out_of_all, ALL - {"person", "agenda", "hello", "opener"}),
    (one_of_the_team_kept_away, ALL - {"person", "agenda", "hello", "opener", "team"}),
    (a_hidden_circle, {"agenda", "hello", "supporter", *OUTSIDE}),
    (a_group_let_in, ALL - {"person"}),
    (somebody_named_on_an_entry, ALL - {"person", "walks"}),
    (names_on_an_entry_that_are_over, ALL - {"person"}),
    (somebody_who_said_yes, ALL - {"person"}),
    (looks, ALL - {"person"}),
    (other_ways, {"agenda", "supporter", "opener", *OUTSIDE}),
    (more_kept_apart, ALL - {"main"}),
    (a_worry_that_is_kept_between_us, ALL - {"main", "walks", "shut"}),
    (other_answers_about_themselves, ALL - {"person"}),
    (other_avoid_words, {"person", "agenda", "supporter", "opener", *OUTSIDE}),
]


# -- Looking


def everything_seen(client: Client, world: World, column: str, *, elsewhere: str = "-") -> dict[str, Any]:
    """All that this viewer can open: status, headers and bytes, by row; but for what lies at ``elsewhere``."""
    return dict(each_seen(client, world, column, elsewhere=elsewhere))


def each_seen(client: Client, world: World, column: str, *, elsewhere: str) -> Iterator[tuple[str, Any]]:
    for row in pages.ROWS:
        if (row.key, column) not in OPENS or (row.method != "GET" and row.key != "reach look"):
            continue
        with undone():
            address = row.address(world)
            if address.startswith(elsewhere):
                continue
            answer = client.get(address) if row.method == "GET" else client.post(address, row.sends(world))
        yield row.key, (answer.status_code, dict(answer.headers), _without_token(answer))


def _without_token(answer: HttpResponse) -> bytes:
    return TOKEN.sub(b"", answer.content)


@pytest.mark.parametrize("column", sorted(ALL, key=list(table.COLUMNS).index))
def test_what_is_hidden_makes_no_difference_to_a_byte(column: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """To its page, to its history, to the words of its copy, to today, to the huddle: to nothing that can be opened."""
    monkeypatch.setattr(pdf, "draw", lambda words: words.encode())
    world = build_for(column)
    client = client_of(world.users[column])
    first = everything_seen(client, world, column)
    hidden = [difference for difference, hidden_from in DIFFERENCES if column in hidden_from]

    def told(differences: list[Difference]) -> list[str]:
        with undone():
            for difference in differences:
                difference(world)
            second = everything_seen(client, world, column)
        return [key for key in first if first[key] != second[key]]

    if told(hidden):  # then say which
        leaks = {difference.__name__: told([difference]) for difference in hidden}
        pytest.fail(f"{column} can tell { ({name: rows for name, rows in leaks.items() if rows}) }")


@pytest.mark.parametrize("column", ["person", "main"])
def test_each_difference_is_one_that_somebody_else_sees(column: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would pass for nothing: the person can tell, and the main person what is hidden from them."""
    monkeypatch.setattr(pdf, "draw", lambda words: words.encode())
    theirs = [made for made, hidden in DIFFERENCES if ("person" in hidden) == (column == "main")]
    world = build()
    client = client_of(world.users[column])
    first = everything_seen(client, world, column, elsewhere=QUESTIONS)
    not_seen = []
    for difference in theirs:
        with undone():
            difference(world)
            if all(first[key] == seen for key, seen in each_seen(client, world, column, elsewhere=QUESTIONS)):
                not_seen.append(difference.__name__)
    assert theirs
    assert not_seen == []


# -- Older words, when something is opened wider (decision 0008)


def _opened_entry(world: World) -> None:
    world.act(actions.set_entry_circle, entry_id=world.ids["past"], circle="", now=OPENED)


def _opened_circle(world: World) -> None:
    world.act(actions.set_circle, section="hard", circle="team", now=OPENED)


def _opened_sector(world: World) -> None:
    world.act(actions.let_group_in, section="hard", group=Group(sector="secondary"), level=Level.SEE, now=OPENED)


def _opened_name(world: World) -> None:
    ruth = world.members["shut"].user_id
    world.act(actions.open_again, section="now", user_id=ruth, now=OPENED)


OPENINGS: list[tuple[Callable[[World], None], str, set[str]]] = [
    (_opened_entry, "past", ALL - {"person"}),
    (_opened_circle, "hard", {"agenda", "hello", "supporter"}),
    (_opened_sector, "hard", {"agenda", "hello", "team", "lead", "supporter"}),
    (_opened_name, "theirs", {"shut"}),
]


@pytest.mark.parametrize("opening", OPENINGS, ids=lambda made: made[0].__name__)
def test_what_was_written_before_it_was_opened_makes_no_difference_afterwards(
    opening: tuple[Callable[[World], None], str, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One world opens what always said this; the other what said something else first. And the main person can tell."""
    monkeypatch.setattr(pdf, "draw", lambda words: words.encode())
    open_it, key, hidden_from = opening
    for column in sorted(hidden_from | {"main", "person"}, key=list(table.COLUMNS).index):
        with undone():  # a world for each of them
            world = build_for(column)
            client = client_of(world.users[column])
            seen = []
            for before in (False, True):
                with undone():
                    if before:
                        _say_something_else_first(world, key)
                    open_it(world)
                    seen.append(everything_seen(client, world, column, elsewhere=QUESTIONS))
            assert (seen[0] == seen[1]) == (column in hidden_from), column


def _say_something_else_first(world: World, key: str) -> None:
    entry = Entry.objects.get(pk=world.ids[key])
    with suppress(NotKnown):  # other words that still wait for an answer, by whoever could read it then
        world.act(
            actions.suggest_words,
            entry_id=entry.pk,
            words="Secret too",
            by=world.users["main"],
            now=BEFORE + timedelta(1),
        )
    for number, words in enumerate(["Secret", entry.words]):
        given = {"entry_id": entry.pk, "version": entry.version + number}
        world.act(actions.change_words, words=words, now=LATER + timedelta(hours=number), **given)


@pytest.mark.parametrize("column", ["main", "walks", "shut"])
def test_the_copy_on_paper_is_the_same_to_the_byte(column: str) -> None:
    world = build()
    viewer = world.users[column]

    def made() -> str:
        page = plan_page(plan_id=world.plan_id, viewer=viewer, now=NOW)
        return hashlib.sha256(pdf.plan_pdf(page, timezone.localtime(NOW))).hexdigest()

    before = made()
    for difference, hidden_from in DIFFERENCES:
        if column in hidden_from:
            difference(world)
    assert made() == before
