"""The script walked on every path, and what becomes of every answer."""

from __future__ import annotations

from dataclasses import asdict
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Way
from cases.sections import BY_KEY, Area
from frontdoor import arriving, script
from frontdoor.script import Kind, Page, Question

SCRIPT = script.read(script.shipped(), 1)
HELLO = [question for page in SCRIPT.hello for question in page.questions]
WAYS = Way.Kind.values


def subsets(keys: list[str]) -> list[list[str]]:
    return [list(each) for each in chain.from_iterable(combinations(keys, n) for n in range(len(keys) + 1))]


def walk(answers: dict[str, Any]) -> list[str]:
    """The names of the pages that Continue leads through."""
    page: Page | None = SCRIPT.hello[0]
    names = []
    while page:
        names.append(page.name)
        page = SCRIPT.next_page(page, answers)
    return names


@pytest.mark.parametrize("others", ["", "no", "maybe", "yes"])
def test_every_path_asks_what_was_picked_and_nothing_else(others: str) -> None:
    for ways in subsets(WAYS):
        expected = ["name", "know", "soon", "hello"]
        for way in WAYS:
            expected += [way] if way in ways else []
            expected += ["text_words"] if way == "text" and way in ways and others in {"maybe", "yes"} else []
        answers = {"ways": ways, "text.others": others}
        assert walk(answers) == [*expected, *(["avoid"] if ways else []), "see"]


def test_back_leads_the_same_way_in_the_other_direction() -> None:
    for ways in subsets(WAYS):
        page: Page | None = SCRIPT.hello[-1]
        names = []
        while page:
            names.append(page.name)
            page = SCRIPT.page_before(page, {"ways": ways})
        assert names[::-1] == walk({"ways": ways})


def test_the_list_is_a_page_only_for_those_who_asked_for_it() -> None:
    assert "topics" not in walk({})
    assert SCRIPT.by_name["topics"] not in SCRIPT.pages_for({})
    assert SCRIPT.by_name["topics"] in SCRIPT.pages_for({"topics": ["home"]})
    assert SCRIPT.next_page(SCRIPT.by_name["topics"], {}) == SCRIPT.by_name["soon"]


def test_going_on_leads_to_the_first_page_that_was_neither_answered_nor_skipped() -> None:
    answers: dict[str, Any] = {}
    seen = []
    while page := SCRIPT.first_not_seen(answers):
        seen.append(page.name)
        answers |= dict.fromkeys((each.id for each in page.questions), "")
    assert seen == ["name", "know", "soon", "hello", "see"]


def test_ids_and_numbers_are_stable_and_used_once() -> None:
    ids = [question.id for page in SCRIPT.pages for question in page.questions]
    assert len(ids) == len(set(ids)) == len(SCRIPT.questions)
    assert len(SCRIPT.by_number) == len(SCRIPT.by_name) == len(SCRIPT.pages)
    assert [page.number for page in SCRIPT.hello] == list(range(1, len(SCRIPT.hello) + 1))
    assert max(map(len, ids)) <= 50
    for question in SCRIPT.questions.values():
        keys = [choice.key for choice in question.choices]
        assert len(keys) == len(set(keys))
        assert bool(keys) == question.kind.is_picked


def test_every_entry_that_an_arrival_makes_has_its_place_in_the_plan() -> None:
    answers = {"know": "words", "topics": [choice.key for choice in SCRIPT.questions["topics"].choices]}
    entries = arriving.arrival(SCRIPT, answers, via="own_phone").entries
    assert len(entries) == 1 + len(arriving.areas(SCRIPT))
    for section, field, words, area in entries:
        assert BY_KEY[section].field(field)
        assert words
        assert area == "" or area in Area.values


def an_answer(question: Question) -> Any:
    """An answer to this question that nothing else in the conversation looks like."""
    if question.kind is Kind.ONE:
        return question.choices[0].key
    if question.kind is Kind.MANY:
        return [choice.key for choice in question.choices]
    return f"said to {question.id}"


@pytest.mark.parametrize("question", [each for each in HELLO if not each.kind.is_picked])
@pytest.mark.parametrize("length", ["short", "long"])
def test_nothing_that_was_written_is_left_behind(question: Question, length: str) -> None:
    answers = {each.id: an_answer(each) for each in HELLO}
    answers |= {"text.others": "maybe", "text.send": "mine", "write.how": ["plain"]}
    said = f"said to {question.id}" + (" and on" * 1500 if length == "long" else "")
    answers[question.id] = said
    held = asdict(arriving.arrival(SCRIPT, answers, via="own_phone"))
    told = "".join(words for name, words in held["told"] if name.startswith(question.id))
    assert said in told or said in str(held)


def test_where_somebody_is_never_spills_into_what_the_whole_team_reads() -> None:
    for question in (each for each in HELLO if "." in each.id and not each.kind.is_picked):
        made = arriving.arrival(SCRIPT, {question.id: "a secret " * 200}, via="own_phone")
        assert "a secret" not in str((made.told, made.entries))
        assert "a secret" in made.avoid


@pytest.mark.parametrize("question", [each for each in HELLO if each.kind.is_picked])
def test_every_pick_makes_a_difference(question: Question) -> None:
    base = {each.id: an_answer(each) for each in HELLO} | {"text.others": "maybe", "write.how": []}
    made = {
        str(arriving.arrival(SCRIPT, {**base, question.id: given}, via="own_phone"))
        for given in ["", *([each.key] if question.kind is Kind.MANY else each.key for each in question.choices)]
    }
    # "No" and not said are the same for what is only done when somebody says yes.
    same = {"call.message": 1, "call.say_who": 1, "write.how": 0}.get(question.id, 0)
    assert len(made) == len(question.choices) + 1 - same


def test_a_way_that_is_not_safe_is_not_kept() -> None:
    answers = {
        "ways": ["text", "write"],
        "text.number": "07700 900001",
        "text.others": "yes",
        "text.send": "stop",
        "write.address": "4 Hill Road",
        "write.how": ["opened"],
    }
    assert arriving.arrival(SCRIPT, answers, via="own_phone").ways == ()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=12_000))
def test_boxes_put_together_are_the_same_words(words: str) -> None:
    parts = script.boxes(words)
    assert "".join(parts) == words
    assert all(len(part) <= script.LONG for part in parts)


@given(
    st.dictionaries(
        st.sampled_from(list(SCRIPT.questions)), st.none() | st.text(max_size=400) | st.lists(st.text(max_size=9))
    )
)
def test_whatever_is_kept_becomes_an_arrival(answers: dict[str, Any]) -> None:
    made = arriving.arrival(SCRIPT, answers, via="own_phone")
    assert len(made.name) <= 300
    for way in made.ways:
        assert max(len(way.to), len(way.note)) <= 1000
        assert len(way.only_words) <= 320
        assert len(way.word) <= 100
