"""What a team can do to a script: each function changes a document in place. Pure.

A page, question, choice or text that is not there is a KeyError. What a change breaks is for frontdoor.checking to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from frontdoor import script
from frontdoor.script import LONG, Document, Kind, Part

Draft = dict[str, Any]
FIRST_TOPIC = 101
SHORT = 300  # letters in an answer of one line
OF_A_PAGE = ("title", "note")
OF_A_QUESTION = ("asks", "hint", "row")
SETTINGS = ("limit", "goes", "circle", "lifts", "lines", "lines_for")


def page_of(document: Document, name: str) -> Any:
    return _named(document["pages"], "name", name)


def question_of(document: Document, question_id: str) -> Any:
    return _named([each for page in document["pages"] for each in page["questions"]], "id", question_id)


def page_with(document: Document, question_id: str) -> Any:
    """The page that asks a question."""
    for page in document["pages"]:
        if any(each["id"] == question_id for each in page["questions"]):
            return page
    raise KeyError(question_id)


def _named(rows: Iterable[Any], field: str, name: str) -> Any:
    for row in rows:
        if row[field] == name:
            return row
    raise KeyError(name)


# -- Words


def text_of(document: Document, text: str) -> str:
    """The English words of a text; "" for one that could be there and is not."""
    holder, field = _holder(document, text)
    if isinstance(holder, list):
        return str(holder[field]) if field < len(holder) else ""
    return str(holder.get(field, ""))


def set_text(document: Draft, text: str, words: str) -> list[str]:
    """Say a text in other words, or with "" not at all.

    Gives the languages whose words for it went with it: they said what it said before.
    """
    holder, field = _holder(document, text)
    dropped = [language for language, said in document.get("words", {}).items() if said.pop(text, None)]
    if isinstance(holder, list):
        page = text.partition(":")[0]
        holder[field : field + 1] = [words] if words else []
        page_of(document, page)["lead"] = holder
        if not words:
            _close_the_gap(document, page, field + 1)
    elif words or field in {"asks", "words"}:
        holder[field] = words
    else:
        holder.pop(field, None)
    return dropped


def set_translation(document: Draft, language: str, text: str, words: str) -> None:
    """Say a text in another language, or with "" no longer."""
    _holder(document, text)
    said = document.setdefault("words", {}).setdefault(language, {})
    if words:
        said[text] = words
    else:
        said.pop(text, None)


def _holder(document: Document, text: str) -> tuple[Any, Any]:
    """What a text is kept in, and under which name or at which place."""
    owner, _colon, what = text.partition(":")
    first, _dot, rest = what.partition(".")
    if what in OF_A_PAGE:
        return page_of(document, owner), what
    if first == "lead" and re.fullmatch(r"[1-9]\d?", rest):
        lead = page_of(document, owner).get("lead", [])
        if int(rest) <= len(lead) + 1:
            return lead, int(rest) - 1
    if what in OF_A_QUESTION:
        return question_of(document, owner), what
    if first == "choice":
        key = rest.removesuffix(".hint")
        choice = _named(question_of(document, owner).get("choices", ()), "key", key)
        return choice, "hint" if rest.endswith(".hint") else "words"
    raise KeyError(text)


def _close_the_gap(document: Draft, page: str, taken_out: int) -> None:
    """The lines after one that was taken out have moved up: so do their words in every language."""
    last = len(page_of(document, page)["lead"])
    for said in document.get("words", {}).values():
        for number in range(taken_out, last + 1):
            if (later := f"{page}:lead.{number + 1}") in said:
                said[f"{page}:lead.{number}"] = said.pop(later)


# -- Questions and what can be picked


def set_settings(document: Draft, question_id: str, settings: Mapping[str, Any]) -> None:
    """Change how long an answer may be, where it lands, who sees it, and what it brings; what is empty goes."""
    question = question_of(document, question_id)
    for name in SETTINGS:
        if name in settings:
            if settings[name]:
                question[name] = settings[name]
            else:
                question.pop(name, None)


def add_question(
    document: Draft, page: str, *, asks: str, kind: Kind, goes: str, choices: Sequence[str], taken: Collection[str]
) -> str:
    """Ask one more thing on a page; the id it got, which is none of ``taken``."""
    name = _new_name(asks, {*taken, *(each["id"] for one in document["pages"] for each in one["questions"])})
    question: dict[str, Any] = {"id": name, "kind": kind.value, "asks": asks, "goes": goes}
    if kind is Kind.BOX:
        question["limit"] = LONG
    if kind.is_picked:
        question["choices"] = []
    page_of(document, page)["questions"].append(question)
    for words in choices:
        add_choice(document, name, words)
    return name


def add_choice(document: Draft, question_id: str, words: str) -> str:
    """One more answer to pick; the key it got."""
    choices = question_of(document, question_id).setdefault("choices", [])
    key = _new_name(words, {each["key"] for each in choices})
    choices.append({"key": key, "words": words})
    return key


def take_out_choice(document: Draft, question_id: str, key: str) -> str:
    """An answer that cannot be picked any more; the words it had."""
    choices = question_of(document, question_id).get("choices", [])
    choice = _named(choices, "key", key)
    choices.remove(choice)
    _forget(document)
    return str(choice["words"])


def take_out_question(document: Draft, question_id: str) -> str:
    """A question that is not asked any more; the words it had."""
    questions, question = page_with(document, question_id)["questions"], question_of(document, question_id)
    questions.remove(question)
    _forget(document)
    return str(question["asks"])


def move_question(document: Draft, question_id: str, *, up: bool) -> tuple[int, int]:
    """Ask it before the question above, or after the one below; where it stood and where it stands, counted from one."""
    questions = page_with(document, question_id)["questions"]
    return _move(questions, questions.index(question_of(document, question_id)), up=up, like=lambda _row: True)


# -- Pages


def add_topic(document: Draft, *, title: str, taken: Collection[str], numbers: Collection[int]) -> str:
    """One more topic for afterwards, with nothing asked on it yet and tied to nothing; its name.

    Its number is none that was ever used.
    """
    name = _new_name(title, {*taken, *(page["name"] for page in document["pages"])})
    number = max(FIRST_TOPIC - 1, *numbers, *(page["number"] for page in document["pages"])) + 1
    topic = {"number": number, "name": name, "part": Part.MORE.value, "title": title, "questions": []}
    document["pages"].append(topic)
    return name


def take_out_page(document: Draft, name: str) -> str:
    """A page that is not there any more, with all it asked; what it was called."""
    page = page_of(document, name)
    document["pages"].remove(page)
    _forget(document)
    return str(page.get("title") or next((each["asks"] for each in page["questions"]), name))


def move_page(document: Draft, name: str, *, up: bool) -> tuple[int, int]:
    """Move a page among those of its part. Its number, and so its address, stays."""
    page = page_of(document, name)
    pages, part = document["pages"], page.get("part", Part.HELLO)
    return _move(pages, pages.index(page), up=up, like=lambda row: row.get("part", Part.HELLO) == part)


def set_branch(document: Draft, name: str, when: Mapping[str, Sequence[str]]) -> None:
    """Open a page only for those who picked one of the keys of each of these questions; for everybody when there are none."""
    page = page_of(document, name)
    page["when"] = [{"question": question, "keys": list(keys)} for question, keys in when.items() if keys]
    if not page["when"]:
        del page["when"]


def set_ties(document: Draft, name: str, *, area: str, topics: Sequence[str]) -> None:
    """Tie a topic to a part of life, and to the picks that bring it up first; to none with "" and ()."""
    page = page_of(document, name)
    for field, given in (("area", area), ("topics", list(topics))):
        if given:
            page[field] = given
        else:
            page.pop(field, None)


# -- What they share


def _move(rows: list[Any], at: int, *, up: bool, like: Any) -> tuple[int, int]:
    others = range(at - 1, -1, -1) if up else range(at + 1, len(rows))
    to = next((place for place in others if like(rows[place])), at)
    rows.insert(to, rows.pop(at))
    return at + 1, to + 1


def _forget(document: Draft) -> None:
    """Let go of the words, in every language, of texts that are not there any more."""
    there = dict(script.texts(document))
    for said in document.get("words", {}).values():
        for text in said.keys() - there.keys():
            del said[text]


def _new_name(words: str, taken: Collection[str]) -> str:
    """A name to keep answers under, made of these words once and for all, and not one that is taken."""
    letters = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    name = "_".join(re.findall(r"[a-z0-9]+", letters)[:6])[:30] or "one"
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found
