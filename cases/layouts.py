"""How words lie on paper: one idea a line, and what fits on one side of a card. The words themselves are never changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

END_OF_AN_IDEA = re.compile(r"(?<=[.!?؟。])\s+|\n+")

# One panel of the card, in lines and in letters: counted narrowly, so that the edge never cuts anything off.
WIDTH = 26
BETWEEN = 0.4  # of a line, after each entry
RULE = 1.7  # lines of print are as high as one line to write on


@dataclass(frozen=True)
class Panel:
    """What fits on one panel; ``more`` when the plan says more than that, ``rules`` to write on where there is room."""

    words: tuple[str, ...]
    more: bool
    rules: range


def ideas(words: str) -> list[str]:
    """The same words, a sentence to a line."""
    return [line.strip() for line in END_OF_AN_IDEA.split(words) if line.strip()]


def fit(entries: Iterable[str], lines: int) -> Panel:
    """As many entries as fit in so many lines, whole; the first that does not is shortened at a word."""
    fitted: list[str] = []
    room = float(lines)
    for words in entries:
        if _lines(words) <= room:
            fitted.append(words)
            room -= _lines(words) + BETWEEN
            continue
        if room >= 2:
            fitted.append(_shortened(words, room - 1))
        return Panel(tuple(fitted), more=True, rules=range(0))
    return Panel(tuple(fitted), more=False, rules=range(int(room / RULE)))


def _lines(words: str) -> int:
    return sum(max(1, ceil(_wide(line) / WIDTH)) for line in words.split("\n"))


def _wide(line: str) -> float:
    """How wide it is, in letters: some signs take the room of two, and some of none."""
    return sum(map(_sign, line))


def _sign(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0
    if unicodedata.east_asian_width(sign) in "WF":
        return 2
    return 1.4 if sign.isupper() else 1


def _shortened(words: str, room: float) -> str:
    """The words up to the last one, or the last letter of a very long one, that leaves them within so many lines."""
    kept = words
    while _lines(kept) > room:
        kept = kept[: min(len(kept) - 1, int(len(kept) * 0.98))]
    return f"{kept.rsplit(maxsplit=1)[0] if len(kept.split()) > 1 else kept} …"
