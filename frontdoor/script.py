"""What a script of the front door is: its pages and questions, their order, and when a page is asked. Pure.

A script is read from a document, which is data: the one that is shipped (shipped/script.toml), or one that the team has
made of it in the browser. Ids are stable: answers are kept under them, and every language has the same.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from cases.sections import Area

LONG = 5000  # letters in one long box
DRAFTS_ARE_KEPT = timedelta(days=60)  # what was not sent, since it was last touched
ANYTHING = "*"  # in ``lifts``: whatever is answered
# Any one of these is enough to say hello with.
ENOUGH = ("name", "know", "topics", "ways")

Answers = Mapping[str, Any]
Document = Mapping[str, Any]


class Kind(StrEnum):
    """How a question is answered."""

    LINE = "line"
    BOX = "box"  # a few lines
    STORY = "story"  # as much as they like: kept in boxes of LONG letters
    PHONE = "phone"
    EMAIL = "email"
    ONE = "one"
    MANY = "many"

    @property
    def is_picked(self) -> bool:
        """Whether it is answered by picking, and not by writing."""
        return self in {Kind.ONE, Kind.MANY}


class Part(StrEnum):
    """When a page comes: on the short path that sends, or afterwards, if somebody would like to say more."""

    HELLO = "hello"
    MORE = "more"


class Goes(StrEnum):
    """Where an answer lands. Beside these, ``plan:section.field`` is a field of the plan."""

    NAME = "name"
    SAY_IT = "say_it"
    STORY = "story"  # word for word, and the beginning of "How things are"
    TOPICS = "topics"
    PACE = "pace"
    WAYS = "ways"  # how to say hello: seen by those who do
    AVOID = "avoid"  # kept apart from everything else
    SHUT = "shut"  # who may not see it
    SAFETY = "safety"  # written, and never shown again on their own pages
    CALL_TODAY = "call_today"
    HUDDLE = "huddle"  # how they would like to be part of it


@dataclass(frozen=True)
class Choice:
    key: str
    words: str
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """One question. ``row`` is what it is called when it is shown back, where the question itself would not do.

    ``lifts`` are the picks that bring help for right now to the next page and the person to the team's notice first;
    ``lines`` is the group of help lines that the picks in ``lines_for`` show.
    """

    id: str
    asks: str
    kind: Kind
    goes: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    limit: int = 300
    autocomplete: str = "off"
    row: str = ""
    circle: str = ""  # who sees the entry it becomes; "" as its section is seen
    lifts: frozenset[str] = frozenset()
    lines: str = ""
    lines_for: frozenset[str] = frozenset()

    @property
    def called(self) -> str:
        return self.row or self.asks

    @property
    def field(self) -> tuple[str, str] | None:
        """The section and field of the plan that the answer lands in, if it is one."""
        where, _colon, place = self.goes.partition(":")
        section, _dot, field = place.partition(".")
        return (section, field) if where == "plan" else None

    @property
    def is_about_them(self) -> bool:
        """Whether the answer is about the person's life, and not about how to reach them."""
        return self.field is not None or self.goes in {Goes.STORY, Goes.SAFETY, Goes.AVOID}


@dataclass(frozen=True)
class Page:
    """One page of the conversation.

    ``when`` are the answers that open it, each as (question, keys); a page is ``aside`` when only its own link leads
    to it. With ``title`` the page has a heading of its own; without, its first question is the heading. A page of the
    part "more" is one topic: ``topics`` are the picks of the short path that bring it up, ``area`` the part of life.
    """

    number: int
    name: str
    questions: tuple[Question, ...]
    part: Part = Part.HELLO
    title: str = ""
    lead: tuple[str, ...] = ()
    note: str = ""
    when: tuple[tuple[str, frozenset[str]], ...] = ()
    aside: bool = False
    area: str = ""
    topics: frozenset[str] = frozenset()

    @property
    def heading(self) -> str:
        return self.title or self.questions[0].asks

    def is_asked(self, answers: Answers) -> bool:
        """Whether the answers so far open this page."""
        return not any(keys.isdisjoint(picked(answers.get(question))) for question, keys in self.when)


@dataclass(frozen=True)
class Script:
    """One version of the questions, in one language."""

    number: int
    pages: tuple[Page, ...]

    @cached_property
    def by_number(self) -> dict[int, Page]:
        return {page.number: page for page in self.pages}

    @cached_property
    def by_name(self) -> dict[str, Page]:
        return {page.name: page for page in self.pages}

    @cached_property
    def questions(self) -> dict[str, Question]:
        return {question.id: question for page in self.pages for question in page.questions}

    @cached_property
    def hello(self) -> tuple[Page, ...]:
        """The short path, in order."""
        return tuple(page for page in self.pages if page.part is Part.HELLO)

    @cached_property
    def more(self) -> tuple[Page, ...]:
        """The topics for afterwards, strengths first."""
        return tuple(page for page in self.pages if page.part is Part.MORE)

    def pages_for(self, answers: Answers) -> list[Page]:
        """The pages of the short path that these answers lead through; a page aside is one where something was said."""
        return [
            page
            for page in self.hello
            if page.is_asked(answers) and (not page.aside or any(answers.get(each.id) for each in page.questions))
        ]

    def next_page(self, page: Page, answers: Answers) -> Page | None:
        """The page that comes after this one, or None when it is time to check and send."""
        after = self.hello[self.hello.index(page) + 1 :]
        return next((each for each in after if not each.aside and each.is_asked(answers)), None)

    def page_before(self, page: Page, answers: Answers) -> Page | None:
        """The page that Back leads to, or None from the first page."""
        before = self.hello[: self.hello.index(page)]
        return next((each for each in reversed(before) if not each.aside and each.is_asked(answers)), None)

    def first_not_seen(self, answers: Answers) -> Page | None:
        """Where to go on: the first page of which nothing was answered or skipped yet, or None when all were."""
        return next(
            (page for page in self.pages_for(answers) if not any(each.id in answers for each in page.questions)), None
        )


# -- Documents


def read(document: Document, number: int, language: str = "") -> Script:
    """The script that a document holds, in a language; a text that has none in that language stays as it is written."""
    words: Mapping[str, str] = document.get("words", {}).get(language, {})
    return Script(number, tuple(_page(page, words) for page in document["pages"]))


def _page(page: Mapping[str, Any], words: Mapping[str, str]) -> Page:
    def say(what: str, written: str) -> str:
        return words.get(f"{page['name']}:{what}", written)

    return Page(
        number=page["number"],
        name=page["name"],
        questions=tuple(_question(each, words) for each in page["questions"]),
        part=Part(page.get("part", Part.HELLO)),
        title=say("title", page.get("title", "")),
        lead=tuple(say(f"lead.{n}", line) for n, line in enumerate(page.get("lead", ()), 1)),
        note=say("note", page.get("note", "")),
        when=tuple((each["question"], frozenset(each["keys"])) for each in page.get("when", ())),
        aside=page.get("aside", False),
        area=Area(page["area"]).value if page.get("area") else "",
        topics=frozenset(page.get("topics", ())),
    )


def _question(question: Mapping[str, Any], words: Mapping[str, str]) -> Question:
    def say(what: str, written: str) -> str:
        return words.get(f"{question['id']}:{what}", written)

    return Question(
        id=question["id"],
        asks=say("asks", question["asks"]),
        kind=Kind(question["kind"]),
        goes=question["goes"],
        hint=say("hint", question.get("hint", "")),
        choices=tuple(
            Choice(
                each["key"],
                say(f"choice.{each['key']}", each["words"]),
                say(f"choice.{each['key']}.hint", each.get("hint", "")),
            )
            for each in question.get("choices", ())
        ),
        limit=question.get("limit", 300),
        autocomplete=question.get("autocomplete", "off"),
        row=say("row", question.get("row", "")),
        circle=question.get("circle", ""),
        lifts=frozenset(question.get("lifts", ())),
        lines=question.get("lines", ""),
        lines_for=frozenset(question.get("lines_for", ())),
    )


def texts(document: Document) -> Iterator[tuple[str, str]]:
    """Every text of a document that somebody reads, each with its id; translations are kept under the same ids."""
    for page in document["pages"]:
        for what in ("title", "note"):
            if page.get(what):
                yield f"{page['name']}:{what}", page[what]
        for n, line in enumerate(page.get("lead", ()), 1):
            yield f"{page['name']}:lead.{n}", line
        for question in page["questions"]:
            for what in ("asks", "hint", "row"):
                if question.get(what):
                    yield f"{question['id']}:{what}", question[what]
            for choice in question.get("choices", ()):
                yield f"{question['id']}:choice.{choice['key']}", choice["words"]
                if choice.get("hint"):
                    yield f"{question['id']}:choice.{choice['key']}.hint", choice["hint"]


SHIPPED = Path(__file__).parent / "shipped"


@cache
def shipped() -> Document:
    """The document that comes with this software: the script, and its words in every other language."""
    document = tomllib.loads((SHIPPED / "script.toml").read_text())
    words = {path.stem: tomllib.loads(path.read_text()) for path in sorted(SHIPPED.glob("words/*.toml"))}
    return {**document, "words": words}


def digest(document: Document) -> str:
    """A digest of a document, the same for the same content."""
    return sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


# -- Answers


def is_empty(answers: Answers) -> bool:
    """Whether there is not one word, name, pick or way to say hello with."""
    return not any(any(part.strip() for part in picked(answers.get(key))) for key in ENOUGH)


def picked(given: Any) -> list[str]:
    """One pick, many or none, as a list."""
    return [given] if isinstance(given, str) else list(given or [])


def boxes(value: Any) -> list[str]:
    """A long answer as the boxes it is kept in, each of LONG letters at most: put together they are the same words."""
    return [part for words in picked(value) for part in _split(words)]


def in_words(question: Question, value: Any) -> str:
    """An answer as it is shown back: what they wrote, or the words of what they picked."""
    if question.kind.is_picked:
        keys = picked(value)
        return "\n".join(choice.words for choice in question.choices if choice.key in keys)
    return value if isinstance(value, str) else "\n".join(value or [])


def _split(words: str) -> list[str]:
    parts = []
    while len(words) > LONG:
        # After a space where there is one, so that no word is cut.
        at = max(words.rfind(" ", 0, LONG), words.rfind("\n", 0, LONG)) + 1 or LONG
        parts.append(words[:at])
        words = words[at:]
    return [*parts, words] if words or not parts else parts
