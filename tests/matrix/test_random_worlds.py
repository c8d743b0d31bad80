"""Worlds that nobody thought of: people, sharing and words as they fall, against the rules said again in a few plain lines.

The model below knows nothing of the service's code. It is what ``table.py`` says, for any mixture.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import actions, pdf
from cases.models import HuddleItem
from cases.sections import Group, Level
from teams.permissions import NotKnown
from tests.factories import NOW, make_member, make_organisation, make_person, make_team, walk
from tests.matrix.world import BEFORE, client_of, undone

pytestmark = pytest.mark.django_db
CIRCLES = ["me", "named", "walking", "team"]
# Some sections, a field of each, and the circle they begin with.
SECTIONS = {
    "now": ("words", "team"),
    "helps": ("helps", "team"),
    "hard": ("signs", "walking"),
    "mine": ("words", "me"),
}
# Those who look. Walkers come first: the person can name them.
WALKERS = {"jo": "secondary", "ali": "peer", "ruth": "council"}
OTHERS = {"kit": "secondary", "una": "primary", "olu": "secondary", "sue": "secondary"}


@dataclass
class Model:
    """What the person has set, and what is written, in plain Python. A group is called by its sector or its place."""

    circles: dict[str, str] = field(
        default_factory=lambda: {key: circle for key, (_field, circle) in SECTIONS.items()}
    )
    shut: set[tuple[str, str]] = field(default_factory=set)  # (section or "", a name or a sector)
    let_in: dict[tuple[str, str], bool] = field(default_factory=dict)  # (section, name): whether it is over
    words: dict[str, tuple[str, str, bool]] = field(default_factory=dict)  # (section, own circle, taken out)
    named: dict[tuple[str, str], tuple[str, bool]] = field(
        default_factory=dict
    )  # (entry, name): what was picked for them on it, and whether it is not over
    before_the_huddle: bool = True
    since: dict[tuple[str, str], set[str]] = field(
        default_factory=dict
    )  # (name, entry): what it said since it is open
    shared_once: set[str] = field(default_factory=set)  # sections whose sharing was changed

    def reads_apart(self, name: str) -> bool:
        """Whether somebody may read what is kept apart: here the main person, whom nobody keeps away."""
        return name == "jo" and not {("", "jo"), ("", "secondary"), ("", "jos place")} & self.shut

    def may(self, name: str, words: str, *, then: bool = False) -> bool:
        """Whether somebody may see some words; with ``then``, on the day of the step, and had they not been taken out."""
        section, own, taken_out = self.words[words]
        if name == "sam":
            return True
        if (taken_out and not then) or name in {"olu", "sue"}:
            return False
        sector = {**WALKERS, **OTHERS}[name]
        whom = {name, sector, place_of(name)}
        if {(where, one) for where in ("", section) for one in whom} & self.shut:
            return False
        picked, goes_on = self.named.get((root(words), name), ("", True))
        if picked == "shut":
            return False  # for as long as the person does not say otherwise
        return self._within(name, section, own, whom, then) or (
            picked == "see" and (then or goes_on) and self._within(name, section, "", whom, then)
        )

    def _within(self, name: str, section: str, own: str, whom: set[str], then: bool) -> bool:
        if not own and any(
            then or goes_on for (where, one), goes_on in self.let_in.items() if where == section and one in whom
        ):
            return True
        if section == "mine":
            return False  # whatever its circle: nobody in the team has anything to do with it
        circle = min(own or "team", self.circles[section], key=CIRCLES.index)
        if name in WALKERS:
            return circle in {"walking", "team"} or (circle == "named" and name == "jo")
        return circle == "team" and self.before_the_huddle

    def look_round(self) -> None:
        """After each step: what everybody who may see an entry now could have read of it since it was open to them."""
        for words in self.words:
            for name in (*WALKERS, *OTHERS):
                said = self.since.setdefault((name, root(words)), set())
                if self.may(name, words, then=True):
                    said.add(words)
                else:
                    said.clear()


def root(words: str) -> str:
    """What all the words of one entry begin with."""
    return words.split("x")[0]


def place_of(name: str) -> str:
    """Everybody here comes from a place of their own."""
    return f"Place of {name}"


sections = st.sampled_from(sorted(SECTIONS))
circles = st.sampled_from(CIRCLES)
walkers = st.sampled_from(sorted(WALKERS))
sectors = st.sampled_from(["peer", "council", "primary", "secondary"])
places = st.sampled_from([place_of(name) for name in ("jo", "ali", "kit", "una")])
UNTIL = {"until tomorrow": NOW + timedelta(days=1), "until yesterday": NOW - timedelta(days=1)}
how_long = st.sampled_from(["for good", *UNTIL])
authors = st.sampled_from(["sam", "sam", "jo", "ali"])
number = st.integers(0, 20)
STEPS = st.one_of(
    st.tuples(st.just("write"), sections, authors, st.sampled_from(["", "", *CIRCLES])),
    st.tuples(st.just("write"), sections, authors, st.sampled_from(["", "", *CIRCLES])),
    st.tuples(st.just("change"), number),
    st.tuples(st.just("take_out"), number),
    st.tuples(st.just("put_back"), number),
    st.tuples(st.just("circle"), sections, circles),
    st.tuples(st.just("shut"), st.one_of(sections, st.just("")), walkers, st.just("")),
    st.tuples(st.just("shut"), st.one_of(sections, st.just("")), st.just(""), sectors),
    st.tuples(st.just("open"), st.one_of(sections, st.just("")), walkers, st.just("")),
    st.tuples(st.just("open"), st.one_of(sections, st.just("")), st.just(""), sectors),
    st.tuples(st.just("shut"), st.one_of(sections, st.just("")), st.just(""), places),
    st.tuples(st.just("open"), st.one_of(sections, st.just("")), st.just(""), places),
    st.tuples(st.just("entry_circle"), number, st.sampled_from(["", *CIRCLES])),
    st.tuples(st.just("entry_name"), number, walkers, st.sampled_from(["see", "see", "shut", ""]), how_long),
    st.tuples(st.just("let_in"), sections, walkers, how_long),
    st.tuples(st.just("let_group_in"), sections, st.one_of(sectors, places), how_long),
    st.tuples(st.just("let_group_in"), sections, st.one_of(sectors, places), how_long),
    st.tuples(st.just("stop_everybody")),
    st.tuples(st.just("decide")),
    st.tuples(st.just("apart"), authors),
)


class Life:
    """One random world, told to the service and to the model alike."""

    def __init__(self) -> None:
        self.sam = make_person(name="Sam", now=BEFORE)
        self.model = Model()
        self.users: dict[str, Any] = {"sam": self.sam.user}
        self.places: dict[str, int] = {}
        self.moment = BEFORE
        for name, sector in {**WALKERS, **OTHERS}.items():
            team = make_team(name="Northmoor", is_front_door=False) if name == "olu" else None
            place = make_organisation(name=place_of(name), sector=sector)
            self.places[place.name] = place.pk
            member = make_member(name=name.title(), sector=sector, team=team, organisation=place)
            self.users[name] = member.user
            if name in WALKERS:
                walk(self.sam, member, main=name == "jo", now=BEFORE)
            if name == "sue":  # holds every right on the machine, and is in no team
                member.ended_at = member.started_at
                member.ended_by = member.user
                member.save()
                member.user.is_superuser = True
                member.user.save()
        self.apart: list[str] = []  # what was told to keep somebody safe
        self.entries: list[list[Any]] = []  # [words now, the words it had before, entry, author]

    def act(self, action: Any, *, by: str = "sam", **given: Any) -> Any:
        return action(plan_id=self.sam.plan.pk, by=self.users[by], now=self.moment, **given)

    def live(self, step: tuple[Any, ...]) -> None:
        self.moment += timedelta(minutes=5)
        getattr(self, f"_{step[0]}")(*step[1:])
        self.model.look_round()

    def _write(self, section: str, author: str, circle: str) -> None:
        words = f"canary{len(self.entries)}x0z"
        if author != "sam":
            circle = ""
            self.model.words["probe"] = (section, "", False)
            may = section != "mine" and self.model.may(author, "probe")
            del self.model.words["probe"]
            if not may:
                return
        given = {"circle": circle} if circle else {}
        entry = self.act(
            actions.add_entry, by=author, section=section, field=SECTIONS[section][0], words=words, **given
        )
        self.entries.append([words, [], entry, author])
        self.model.words[words] = (section, circle, False)

    def _pick(self, number: int) -> list[Any] | None:
        return self.entries[number % len(self.entries)] if self.entries else None

    def _change(self, number: int) -> None:
        kept = self._pick(number)
        if kept is None or kept[3] != "sam" or self.model.words[kept[0]][2]:
            return
        words, before, entry, _author = kept
        new = words.split("x")[0] + f"x{len(before) + 1}z"
        entry = self.act(actions.change_words, entry_id=entry.pk, words=new, version=entry.version)
        kept[:3] = [new, [*before, words], entry]
        self.model.words[new] = self.model.words.pop(words)

    def _take_out(self, number: int) -> None:
        self._out(number, actions.take_out, True)

    def _put_back(self, number: int) -> None:
        self._out(number, actions.put_back, False)

    def _out(self, number: int, action: Any, out: bool) -> None:
        kept = self._pick(number)
        if kept is None or self.model.words[kept[0]][2] == out:
            return
        kept[2] = self.act(action, entry_id=kept[2].pk)
        section, circle, _out = self.model.words[kept[0]]
        self.model.words[kept[0]] = (section, circle, out)

    def _circle(self, section: str, circle: str) -> None:
        self.act(actions.set_circle, section=section, circle=circle)
        self.model.circles[section] = circle
        self.model.shared_once.add(section)

    def _entry_circle(self, number: int, circle: str) -> None:
        kept = self._pick(number)
        if kept is None:
            return
        kept[2] = self.act(actions.set_entry_circle, entry_id=kept[2].pk, circle=circle)
        section, _circle, out = self.model.words[kept[0]]
        self.model.words[kept[0]] = (section, circle, out)
        self.model.shared_once.add(section)

    def _entry_name(self, number: int, walker: str, picked: str, how_long: str) -> None:
        kept = self._pick(number)
        if kept is None:
            return
        section, circle, _out = self.model.words[kept[0]]
        by_name = {self.users[walker].pk: (picked, UNTIL.get(how_long))}
        kept[2] = self.act(actions.set_entry_circle, entry_id=kept[2].pk, circle=circle, by_name=by_name)
        self.model.named[root(kept[0]), walker] = (picked, how_long != "until yesterday")
        self.model.shared_once.add(section)

    def _whom(self, walker: str, group: str) -> dict[str, Any]:
        if walker:
            return {"user_id": self.users[walker].pk}
        return {"organisation_id": self.places[group]} if group in self.places else {"sector": group}

    def _shut(self, section: str, walker: str, sector: str) -> None:
        self.act(actions.shut_out, section=section, **self._whom(walker, sector))
        self.model.shut.add((section, walker or sector))
        self.model.shared_once |= {section} if section else set(SECTIONS)

    def _open(self, section: str, walker: str, sector: str) -> None:
        self.act(actions.open_again, section=section, **self._whom(walker, sector))
        self.model.shut.discard((section, walker or sector))

    def _let_in(self, section: str, walker: str, how_long: str) -> None:
        given = {"user_id": self.users[walker].pk, "level": Level.SUGGEST, "until": UNTIL.get(how_long)}
        self.act(actions.let_somebody_in, section=section, **given)
        self.model.let_in[section, walker] = how_long != "until yesterday"
        self.model.shared_once.add(section)

    def _let_group_in(self, section: str, group: str, how_long: str) -> None:
        whom = Group(**self._whom("", group))
        if section == "mine":
            with pytest.raises(NotKnown):
                self.act(actions.let_group_in, section=section, group=whom, level=Level.SEE)
            return
        self.act(actions.let_group_in, section=section, group=whom, level=Level.SUGGEST, until=UNTIL.get(how_long))
        self.model.let_in[section, group] = how_long != "until yesterday"
        self.model.shared_once.add(section)

    def _stop_everybody(self) -> None:
        self.act(actions.stop_everybody)
        self.model.let_in.clear()
        self.model.named = {place: kept for place, kept in self.model.named.items() if kept[0] == "shut"}
        self.model.shared_once |= set(SECTIONS)

    def _apart(self, author: str) -> None:
        words = f"apart{len(self.apart)}x0z"
        with suppress(NotKnown):  # somebody whom the person keeps away adds nothing
            self.act(actions.keep_safety_note, by=author, words=words, via="drop_in")
            self.apart.append(words)

    def _decide(self) -> None:
        HuddleItem.objects.filter(case__person=self.sam).delete()
        self.model.before_the_huddle = False

    def read(self, name: str) -> dict[str, str]:
        """All that one viewer reads, by page."""
        client, plan_id = client_of(self.users[name]), self.sam.plan.pk
        pages = {page: reverse(page, args=[plan_id]) for page in ("plan", "plan_history", "plan_pdf", "contact")}
        pages |= {"today": reverse("today"), "apart": reverse("apart"), "safety": reverse("safety", args=[plan_id])}
        if name == "sam":
            pages |= {page: reverse(page, args=[plan_id]) for page in ("looks", "record", "sharing")}
        item = HuddleItem.objects.filter(case__person=self.sam).first()
        if item:
            pages["huddle_item"] = reverse("huddle_item", args=[item.pk])
        return {page: client.get(address).content.decode() for page, address in pages.items()}


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=6, max_size=14))
def test_whoever_reads_whatever_the_rules_decide(steps: list[tuple[Any, ...]]) -> None:
    """Nobody reads a word that the rules keep from them, nor an older one from before it was opened to them.

    And what the rules allow is on the page.
    """
    with pytest.MonkeyPatch.context() as patch, undone():
        patch.setattr("django.utils.timezone.now", lambda: NOW)
        patch.setattr(pdf, "draw", lambda words: words.encode())
        life = Life()
        for step in steps:
            life.live(step)
        for name in life.users:
            read = life.read(name)
            for words in life.apart:
                found = {page for page, text in read.items() if words in text}
                assert found == ({"safety"} if life.model.reads_apart(name) else set()), (name, words)
            for words, before, _entry, _author in life.entries:
                allowed = life.model.may(name, words)
                taken_out = life.model.words[words][2]
                said = life.model.since.get((name, root(words)), set())
                for page, text in read.items():
                    if not allowed:
                        assert not [old for old in [words, *before] if old in text], (name, page, words)
                    elif name != "sam":
                        assert not [old for old in before if old in text and old not in said], (name, page, words)
                if allowed:
                    assert words in read["plan_history"], (name, words)
                    always = name == "sam" or life.model.words[words][0] not in life.model.shared_once
                    assert not always or all(old in read["plan_history"] for old in before), (name, words)
                    assert (words in read["plan"]) == (not taken_out), (name, words)
                    section, own, _out = life.model.words[words]
                    # What they alone can see is on a copy of the person's when they tick it.
                    theirs_alone = name == "sam" and "me" in {own, life.model.circles[section]}
                    assert theirs_alone or (words in read["plan_pdf"]) == (not taken_out), (name, words)
