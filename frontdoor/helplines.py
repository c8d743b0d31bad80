"""Help that does not depend on us. The lines are content, in ``helplines.toml``; this reads them, once. No database.

That somebody tried a line is kept apart (frontdoor.models.HelpLineCheck). A line that was not checked is still shown,
because hiding it would take help away.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

CONTENT = Path(__file__).with_suffix(".toml")
READ_OUT = ("press", "words", "hours", "cost")  # what is shown, and so is translated
UNCHECKED_AFTER = 90  # days; then the team is asked each day to try the line


@dataclass(frozen=True)
class HelpLine:
    """One line: ``press`` is the words of the link, ``number`` or ``text_number`` what it rings or texts."""

    id: str
    name: str
    press: Words
    words: Words = ""
    number: str = ""
    text_number: str = ""
    hours: Words = ""
    cost: Words = ""
    nation: str = ""
    area: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    title: Words
    lines: tuple[HelpLine, ...]


def _line(given: dict[str, Any]) -> HelpLine:
    words = {key: _(given[key]) for key in READ_OUT if given.get(key)}
    return HelpLine(**{**given, **words, "groups": tuple(given["groups"])})


_CONTENT = tomllib.loads(CONTENT.read_text())
LINES: dict[str, HelpLine] = {given["id"]: _line(given) for given in _CONTENT["line"]}
_GROUPS = {
    given["id"]: Group(_(given["title"]), tuple(line for line in LINES.values() if given["id"] in line.groups))
    for given in _CONTENT["group"]
}
FIRST: tuple[HelpLine, ...] = _GROUPS["first"].lines
MORE: tuple[Group, ...] = tuple(group for key, group in _GROUPS.items() if key != "first")
_CALLED = {"abuse": "hurt"}  # what the questions call a group that has another name here


def lines_for(group: str) -> Group | None:
    """The help lines that an answer brings up, by the name that the questions have for them (script.Question.lines)."""
    return _GROUPS.get(_CALLED.get(group, group))
