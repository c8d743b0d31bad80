"""Return codes: shown again to the visit that owns them, readable to nobody else, and read kindly."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdoor import codes
from frontdoor.words import WORDS

ONE = UUID(int=1)


def test_a_code_is_the_same_each_time_and_another_the_next_turn() -> None:
    assert codes.code(ONE, 0) == codes.code(ONE, 0)
    assert len({codes.code(ONE, 0), codes.code(ONE, 1), codes.code(uuid4(), 0)}) == 3


def test_another_key_makes_another_code_and_another_digest(settings: object) -> None:
    code, digest = codes.code(ONE, 0), codes.digest("OTTER-TEAPOT-407")
    settings.CODE_KEY = "another key " * 5
    assert codes.code(ONE, 0) != code
    assert codes.digest("OTTER-TEAPOT-407") != digest


def test_what_is_kept_holds_nothing_of_the_code() -> None:
    code = codes.code(ONE, 0)
    kept = codes.digest(code)
    assert len(kept) == 64
    assert not any(part.lower() in kept for part in code.split("-")[:2])


@pytest.mark.parametrize(
    "typed",
    [
        "otter-teapot-407",
        "OTTER TEAPOT 407",
        "otterteapot407",
        "  Otter,teapot:  4 0 7 ",
        "otter-teapot-4o7",
        "OTTER–TEAPOT–4O7",
        "oter teapot 407",
        "otter taepot 407",
        "ottter-teapot-407",
        "OTTERTEAPT407",
    ],
)
def test_a_code_is_read_kindly(typed: str) -> None:
    assert codes.normalise(typed) == "OTTER-TEAPOT-407"
    assert codes.digest(typed) == codes.digest("OTTER-TEAPOT-407")


@pytest.mark.parametrize(
    "typed", ["", "407", "otter", "otter teapot", "otter teapot 40", "xxxxx yyyyy 123", "🦦" * 50]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.normalise(typed) == codes.digest(typed) == ""


@given(st.sampled_from(WORDS), st.sampled_from(WORDS), st.integers(0, 999), st.sampled_from(["-", " ", ""]))
def test_every_code_is_read_as_itself(first: str, second: str, number: int, between: str) -> None:
    code = f"{first}-{second}-{number:03}"
    assert codes.normalise(code.replace("-", between).lower()) == code


@given(st.text(max_size=200))
def test_anything_can_be_typed(typed: str) -> None:
    assert codes.normalise(typed) == "" or codes.normalise(codes.normalise(typed)) == codes.normalise(typed)
