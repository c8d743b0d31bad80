"""The shipped questions in every language: nothing missing, nothing that is gone, and easy read easy to read."""

from __future__ import annotations

import re

import pytest
from textstat import textstat

from frontdoor import pictures, script
from frontdoor.wording import LONGEST_SENTENCE
from frontdoor.wording import banned as banned_in
from tests.guards.code import HERE

SHIPPED = script.shipped()
TEXTS = dict(script.texts(SHIPPED))
SCRIPT = script.read(SHIPPED, 1)
OTHERS = sorted(SHIPPED["words"])
EASY = SHIPPED["words"][script.EASY]
# A letter of the alphabet that each language is written in: words in another one were pasted by mistake.
LETTERS = {"ur": re.compile("[\u0600-\u06ff]")}


def short_path() -> dict[str, str]:
    document = {**SHIPPED, "pages": [page for page in SHIPPED["pages"] if page.get("part", "hello") == "hello"]}
    return dict(script.texts(document))


def sentences(text: str) -> list[str]:
    return [each for each in re.split(r"(?<=[.!?])\s+", text) if each]


def test_the_languages_are_these() -> None:
    assert OTHERS == ["cy", "easy", "ur"]


@pytest.mark.parametrize("language", ["cy", "ur"])
def test_every_text_is_there_in_every_language(language: str) -> None:
    assert set(SHIPPED["words"][language]) == set(TEXTS)


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_of_a_question_that_is_gone(language: str) -> None:
    assert not set(SHIPPED["words"][language]) - set(TEXTS)


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_empty_or_ends_in_space(language: str) -> None:
    assert not [key for key, words in SHIPPED["words"][language].items() if words != words.strip() or not words]


@pytest.mark.parametrize("language", ["cy", "ur"])
def test_no_text_was_left_in_english(language: str) -> None:
    said = SHIPPED["words"][language]
    same = [key for key, words in said.items() if words == TEXTS[key]]
    assert not same
    if language in LETTERS:
        assert not [key for key, words in said.items() if not LETTERS[language].search(words)]


def test_easy_read_has_every_text_of_the_short_path() -> None:
    assert set(EASY) == set(short_path())


@pytest.mark.parametrize("page", SCRIPT.hello, ids=lambda page: page.name)
def test_easy_read_is_easier_than_a_page_must_be(page: script.Page) -> None:
    easy = script.read(SHIPPED, 1, script.EASY).by_name[page.name]
    words = [easy.title, *easy.lead, easy.note]
    for question in easy.questions:
        words += [question.asks, question.hint, *(choice.words for choice in question.choices)]
    said = [each for text in words for each in sentences(text)]
    assert max(len(each.split()) for each in said) <= LONGEST_SENTENCE / 2 + 1
    assert textstat.flesch_kincaid_grade(" ".join(each.rstrip(".?!") + "." for each in said)) <= 3
    assert not banned_in(" ".join(said))


def test_every_question_has_a_picture_of_ours_beside_it() -> None:
    for page in SCRIPT.pages:
        for question in page.questions:
            assert (HERE / "templates" / "pdf" / "icons" / f"{pictures.beside(page.name, question.id)}.svg").exists()


@pytest.mark.parametrize("page", SCRIPT.pages, ids=lambda page: page.name)
def test_the_script_reads_in_every_language(page: script.Page) -> None:
    for language in OTHERS:
        found = script.read(SHIPPED, 1, language).by_name[page.name]
        assert [question.id for question in found.questions] == [question.id for question in page.questions]
        assert [question.kind for question in found.questions] == [question.kind for question in page.questions]
