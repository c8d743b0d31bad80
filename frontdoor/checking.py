"""What stands in the way of publishing a script, and what could be better. Pure: a document in, problems out.

Rules that the code relies on are read from the script that is shipped: its questions that land anywhere but in the plan
are known to the code by their ids, kinds and choices, so those stay. Everything else is the team's to change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from cases.sections import BY_KEY, Area, Circle
from frontdoor import script, wording
from frontdoor.script import ANYTHING, LONG, Document, Goes, Kind, Page, Part, Question, Script

OPEN_TO_ALL = ("know", "topics", "see")  # the pages that the code knows by name
ASIDE = "topics"  # the page aside that has its link, on "know"
NOT_FOR_ANSWERS = ("mine",)  # what only the person will ever read is theirs to begin
LONGEST_ID = 50
_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


@dataclass(frozen=True)
class Problem:
    """One thing to mend, and where: the page, the question and the text, as far as it is about one.

    What ``must`` be mended blocks publishing; the rest is a hint.
    """

    words: str
    page: str = ""
    question: str = ""
    text: str = ""
    must: bool = True


def problems(document: Document, before: Document | None = None) -> list[Problem]:
    """Everything to mend, in the order of the pages; ``before`` is the document that is in force now."""
    found = [*_shape(document)] or [*_names(document)]
    if found:  # a document that cannot be read has nothing else to say
        return found
    read = script.read(document, 0)
    return [
        *_needed(read),
        *_pages(read),
        *_ties(read),
        *_questions(read),
        *(_stable(read, script.read(before, 0)) if before else ()),
        *_wording(document),
        *_translations(document),
    ]


def blocking(document: Document, before: Document | None = None) -> list[Problem]:
    """Those problems that block publishing."""
    return [each for each in problems(document, before) if each.must]


# -- Whether it can be read at all

_CHOICE = {"key": str, "words": str, "hint": str}
_CLAUSE = {"question": str, "keys": [str]}
_QUESTION = {
    "id": str, "kind": str, "asks": str, "goes": str, "hint": str, "row": str, "limit": int, "autocomplete": str,
    "circle": str, "lifts": [str], "lines": str, "lines_for": [str], "choices": [_CHOICE],
}  # fmt: skip
_PAGE = {
    "number": int, "name": str, "part": str, "title": str, "lead": [str], "note": str, "when": [_CLAUSE],
    "aside": bool, "area": str, "topics": [str], "questions": [_QUESTION],
}  # fmt: skip
_DOCUMENT = {"pages": [_PAGE], "words": dict}
_NEEDED = {
    id(_CHOICE): {"key", "words"},
    id(_CLAUSE): {"question", "keys"},
    id(_QUESTION): {"id", "kind", "asks", "goes"},
    id(_PAGE): {"number", "name", "questions"},
    id(_DOCUMENT): {"pages"},
}
_ONE_OF = {"kind": tuple(Kind), "part": tuple(Part), "circle": ("", *Circle.values), "area": ("", *Area.values)}


def _shape(value: Any, wanted: Any = _DOCUMENT, at: str = "", name: str = "") -> Iterator[Problem]:
    """Unknown fields, missing ones, and values of another kind: there is no field that makes a question mandatory."""
    if isinstance(wanted, list):
        if not isinstance(value, list):
            yield Problem(_("“%(field)s” needs a list.") % {"field": name}, page=at)
            return
        for each in value:
            yield from _shape(each, wanted[0], at, name)
    elif isinstance(wanted, dict):
        if not isinstance(value, Mapping):
            yield Problem(_("“%(field)s” cannot be read.") % {"field": name}, page=at)
            return
        at = str(value.get("name", at)) if wanted is _PAGE else at
        for field in sorted(value.keys() - wanted.keys()):
            yield Problem(_("There is no such thing as “%(field)s”. Take it out.") % {"field": field}, page=at)
        for field in sorted(_NEEDED[id(wanted)] - value.keys()):
            yield Problem(_("“%(field)s” is missing. Add it.") % {"field": field}, page=at)
        for field in sorted(value.keys() & wanted.keys()):
            yield from _shape(value[field], wanted[field], at, field)
    elif type(value) is not wanted:
        yield Problem(_("“%(field)s” cannot be read.") % {"field": name}, page=at)
    elif name in _ONE_OF and value not in _ONE_OF[name]:
        yield Problem(_("“%(value)s” is not something that we know. Pick another.") % {"value": value}, page=at)


def _names(document: Document) -> Iterator[Problem]:
    """Ids, names, numbers and keys: each once, and each in small letters."""
    pages = document["pages"]
    questions = [(page, question) for page in pages for question in page["questions"]]
    twice = _("“%(id)s” is there twice. Take one out.")
    for page in _again(pages, lambda page: page["name"]):
        yield Problem(twice % {"id": page["name"]}, page=page["name"])
    for page in _again(pages, lambda page: page["number"]):
        yield Problem(_("Two pages have the number %(number)s.") % {"number": page["number"]}, page=page["name"])
    for page, question in _again(questions, lambda pair: pair[1]["id"]):
        yield Problem(twice % {"id": question["id"]}, page=page["name"], question=question["id"])
    for page, question in questions:
        for choice in _again(question.get("choices", ()), lambda choice: choice["key"]):
            yield Problem(twice % {"id": choice["words"]}, page=page["name"], question=question["id"])
        for name in (question["id"], *(choice["key"] for choice in question.get("choices", ()))):
            if not _ID.fullmatch(name) or len(name) > LONGEST_ID:
                yield Problem(_not_a_name(name), page=page["name"], question=question["id"])
    for page in pages:
        if not _ID.fullmatch(page["name"]) or len(page["name"]) > LONGEST_ID or page["number"] < 1:
            yield Problem(_not_a_name(page["name"]), page=page["name"])


def _not_a_name(name: str) -> str:
    return _("“%(id)s” is not a name that we can keep answers under.") % {"id": name}


def _again(rows: Any, name: Any) -> Iterator[Any]:
    """The rows whose name an earlier one has."""
    seen = set()
    for row in rows:
        if name(row) in seen:
            yield row
        seen.add(name(row))


# -- What the code relies on


@cache
def _shipped() -> Script:
    return script.read(script.shipped(), 0)


@cache
def _relied_on() -> dict[str, tuple[Page, Question]]:
    """By id: the questions that the code knows, each with its page."""
    return {each.id: (page, each) for page in _shipped().pages for each in page.questions if each.field is None}


def is_relied_on(question: str) -> bool:
    """Whether the code knows this question by its id, so that its kind and place stay as they are."""
    return question in _relied_on()


def has_what_we_need(read: Script) -> bool:
    """Whether every page and question is there that the service cannot do without."""
    return not any(_needed(read))


def _needed(read: Script) -> Iterator[Problem]:
    for name in OPEN_TO_ALL:
        if name not in {page.name for page in read.hello}:
            yield Problem(
                _("The page “%(page)s” is needed. Put it back.") % {"page": _shipped().by_name[name].heading}
            )
    asked = {question.id for page in read.hello for question in page.questions}
    for page, question in _relied_on().values():
        if page.part is Part.HELLO and question.id not in asked:
            yield Problem(_("We need the question “%(asks)s”. Put it back.") % {"asks": question.asks})


# -- Pages


def _pages(read: Script) -> Iterator[Problem]:
    for at, page in enumerate(read.pages):
        earlier = [each for each in read.pages[:at] if each.part is Part.HELLO]
        yield from (Problem(words, page=page.name) for words in _of_page(read, page, earlier))


def _of_page(read: Script, page: Page, earlier: list[Page]) -> Iterator[str]:
    if not page.questions:
        yield _("This page asks nothing. Add a question, or take the page out.")
    if page.part is Part.MORE and not page.title.strip():
        yield _("A topic needs a title.")
    if page.part is Part.MORE and (page.when or page.aside):
        yield _("A topic is open to everybody. Take out what opens it.")
    if page.part is Part.HELLO and (page.topics or page.area):
        yield _("Only a topic has a part of life. Take it out here.")
    if page.aside and page.name != ASIDE:
        yield _("No link leads to this page. Put it on the way.")
    if page.when and page.name in OPEN_TO_ALL:
        yield _("This page is for everybody. Take out what opens it.")
    picks = read.questions.get("topics")
    if not page.topics <= {choice.key for choice in (picks.choices if picks else ())}:
        yield _("This topic hangs from a pick that is not on the list. Choose another.")
    if page.part is Part.HELLO and page.when:
        yield from _never_opens(page, earlier)


@cache
def _never_goals() -> frozenset[str]:
    """The picks that become nobody's goal: those of shipped topics without a part of life, like feeling safe."""
    return frozenset(pick for page in _shipped().more if not page.area for pick in page.topics)


def _ties(read: Script) -> Iterator[Problem]:
    """What topics hang from: a pick becomes one goal at most, and what a team's own topic lacks is a hint."""
    asked = read.questions.get("topics")
    words = {choice.key: choice.words for choice in (asked.choices if asked else ())}
    first: dict[str, str] = {}
    for page in read.more:
        for pick in sorted(page.topics & words.keys()) if page.area else ():
            if pick in _never_goals():
                said = _("“%(pick)s” is never made a goal by us. Take out this pick, or the part of life.")
                yield Problem(said % {"pick": words[pick]}, page=page.name)
            elif first.setdefault(pick, page.area) != page.area:
                said = _("“%(pick)s” hangs from two parts of life. Choose the same for both topics, or another pick.")
                yield Problem(said % {"pick": words[pick]}, page=page.name)
        if page.name in _shipped().by_name:
            continue
        if not page.area:
            said = _("This topic is no part of life yet. So we do not ask how much it matters.")
            yield Problem(said, page=page.name, must=False)
        if not page.topics:
            yield Problem(
                _("No pick brings this topic up. So it comes up first for nobody."), page=page.name, must=False
            )


def _never_opens(page: Page, earlier: list[Page]) -> Iterator[str]:
    """Why nobody would ever see this page, if nobody would."""
    asked = {question.id: (each, question) for each in earlier for question in each.questions}
    left: dict[str, frozenset[str]] = {}
    wanted = list(page.when)
    while wanted:
        name, keys = wanted.pop()
        if name not in asked:
            yield _("What opens this page is not asked before it. Move it, or let another answer open it.")
            return
        before, question = asked[name]
        known = frozenset(choice.key for choice in question.choices)
        if not keys or not keys <= known:
            yield _("The answer that opens this page is not one that can be picked. Choose another.")
            return
        left[name] = left.get(name, known) & keys if question.kind is Kind.ONE else keys
        if not left[name]:
            yield _("Nobody can pick all that opens this page. Let fewer answers open it.")
            return
        wanted += before.when


# -- Questions


def _questions(read: Script) -> Iterator[Problem]:
    for page in read.pages:
        for question in page.questions:
            for words in (*_of_question(question), *_as_the_code_knows_it(question)):
                yield Problem(words, page=page.name, question=question.id)


def _of_question(question: Question) -> Iterator[str]:
    keys = {choice.key for choice in question.choices}
    if not question.asks.strip():
        yield _("This question has no words. Write what it asks.")
    if any(not choice.words.strip() for choice in question.choices):
        yield _("One of the answers to pick has no words. Write them.")
    if question.kind.is_picked and not keys:
        yield _("There is nothing to pick here. Add an answer.")
    if not question.kind.is_picked and keys:
        yield _("This question is answered in words. Take out the answers to pick.")
    if not 1 <= question.limit <= LONG:
        yield _("We can keep from 1 to %(most)s letters.") % {"most": f"{LONG:,}"}
    if not _lands(question):
        yield _("The answer does not land anywhere. Say where it goes in the plan.")
    if question.lines and question.lines not in {each.lines for each in _shipped().questions.values()}:
        yield _("We have no help lines of that name. Choose others.")
    if question.id in _shipped().questions and not _shipped().questions[question.id].lifts <= question.lifts:
        yield _("An answer here brings help for right now. Put that back.")
    if not question.lifts <= keys | {ANYTHING}:
        yield _("An answer that brings help is not there any more. Choose another.")
    if not question.lines_for <= keys or bool(question.lines) != bool(question.lines_for):
        yield _("The help lines need an answer that shows them. Choose one.")


def _lands(question: Question) -> bool:
    if question.field is None:
        return question.goes in tuple(Goes)
    section, field = question.field
    known = BY_KEY.get(section)
    return known is not None and section not in NOT_FOR_ANSWERS and field in {each.key for each in known.fields}


def _as_the_code_knows_it(question: Question) -> Iterator[str]:
    """Whether a question that lands beside the plan is one that the code knows, and still as it knows it."""
    if question.id not in _relied_on():
        if question.field is None and question.goes in tuple(Goes):
            yield _("No other question can land there. Let the answer go into the plan.")
        return
    _page, known = _relied_on()[question.id]
    if (question.kind, question.goes) != (known.kind, known.goes):
        yield _("We rely on this question as it was: how it is answered, and where it lands.")
    if not {choice.key for choice in question.choices} <= {choice.key for choice in known.choices}:
        yield _("We cannot tell what this new answer means. Take it out. You can change the words of the others.")


def _stable(read: Script, before: Script) -> Iterator[Problem]:
    """A question that means something else gets a new id, and a number stays with its page."""
    for page in read.pages:
        old = before.by_number.get(page.number)
        if old and old.name != page.name:
            yield Problem(_("Another page had this number. Give it a new one."), page=page.name)
        for question in page.questions:
            had = before.questions.get(question.id)
            part = next(
                (each.part for each in before.pages if question.id in {one.id for one in each.questions}), None
            )
            if had and (had.kind, had.goes, part) != (question.kind, question.goes, page.part):
                words = _("This means something else than before. Add it as a new question, and take this one out.")
                yield Problem(words, page=page.name, question=question.id)


# -- Words


def _wording(document: Document) -> Iterator[Problem]:
    for page in document["pages"]:
        said = dict(script.texts({"pages": [page]}))
        questions = {question["id"] for question in page["questions"]}
        for text, words in said.items():
            owner = text.rpartition(":")[0]
            place = {"page": page["name"], "question": owner if owner in questions else "", "text": text}
            for word in wording.banned(words):
                yield Problem(_("Say this without “%(word)s”, as you would to a friend.") % {"word": word}, **place)
            if wording.too_long(words):
                most = {"most": wording.LONGEST_SENTENCE}
                yield Problem(_("Make two sentences of this one. The most is %(most)s words.") % most, **place)
        if wording.grade(said.values()) > wording.HIGHEST_GRADE:
            words = _("This page is hard to read. Use shorter words and shorter sentences.")
            yield Problem(words, page=page["name"])


def _translations(document: Document) -> Iterator[Problem]:
    """How much is not said yet in each other language: a hint, since what has no words there stays in English."""
    count = len(dict(script.texts(document)))
    for code, language in script.languages():
        missing = count - len(written(document, code))
        if missing:
            words = _("%(language)s: %(missing)s of %(count)s texts have no words yet. They stay in English.")
            isolated = f"\u2068{language}\u2069"  # a name that runs from right to left turns nothing else round
            yield Problem(words % {"language": isolated, "missing": missing, "count": count}, must=False)


def written(document: Document, language: str) -> dict[str, str]:
    """The words in a language, for those texts that are still there."""
    words = document.get("words", {}).get(language, {})
    return {text: words[text] for text, _english in script.texts(document) if words.get(text)}
