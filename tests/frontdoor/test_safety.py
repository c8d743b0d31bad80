"""Words that bring help to the next page: it adds, and never takes away."""

from __future__ import annotations

import pytest

from frontdoor import safety, script

QUESTIONS = script.read(script.shipped(), 1).questions


def help_first(answers: script.Answers, *asked: str) -> bool:
    return safety.help_first([QUESTIONS[each] for each in asked], answers)


@pytest.mark.parametrize(
    "words",
    [
        "I want to kill myself",
        "I DON'T want to live",
        "i dont want to live",
        "I don’t want to be here any more",
        "thinking about SUICIDE.",
        "took an overdose",
        "self-harm",
        "self harm",
        "s'elf harm",
        "he hits me",
        "dw i eisiau marw",
        "ddim yn ddiogel adref",
        "میں خودکشی کا سوچ رہی ہوں",
        "khudkushi",
        "I cut\nmyself",
    ],
)
def test_these_words_bring_help(words: str) -> None:
    assert safety.worrying(words)
    assert help_first({"know": words}, "know")
    assert help_first({"know": ["first box", words]}, *QUESTIONS)


@pytest.mark.parametrize("words", ["", "I owe money", "grape juice", "my therapist", "the weekend it is", "skms"])
def test_other_words_mean_nothing(words: str) -> None:
    assert not safety.worrying(words)


def test_only_what_was_said_on_this_page_brings_help_next() -> None:
    answers = {"know": "I want to die", "soon": "week"}
    assert not help_first(answers, "soon")
    assert help_first(answers, *QUESTIONS)


def test_not_safe_right_now_is_enough() -> None:
    assert help_first({"soon": "not_safe"}, "soon")
    assert not help_first({"soon": "today"}, "soon")


def test_a_pick_that_says_so_is_enough_and_its_own_words_are_not_read() -> None:
    assert help_first({"safe.hurt": "yes"}, "safe.hurt")
    assert not help_first({"safe.hurt": "no"}, "safe.hurt")
    assert help_first({"mood.life": "sometimes"}, "mood.life")
    assert not help_first({"mood.life": "  "}, "mood.life")
