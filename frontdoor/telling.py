"""How one page of the longer conversation becomes words in the plan. Pure: answers in, a Telling out.

What was written stays as it was written. What was picked is kept as words too ("Somewhere to stay tonight: No"), so that
it can be read wherever the plan can.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from cases import sections
from cases.actions.telling import Seen, Telling, Told
from frontdoor import safety
from frontdoor.script import Goes, Page, Question, boxes, in_words, picked

# A goal or how things are is about one part of life; who helps, or what to do, is not.
OF_AN_AREA = {"now", "change"}
LONGEST_QUESTION = 300


@dataclass(frozen=True)
class Beside:
    """What is said of a whole page: how much it matters, whether help is wanted, and who sees it.

    ``circle`` is "" for the usual of each question, and None where each stays as it is.
    """

    importance: str = ""
    help_wanted: str = ""
    circle: str | None = None


@dataclass(frozen=True)
class Shown:
    """What the page that was sent had shown, by question: the picks that were ticked, and how far the answer had come."""

    picked: Mapping[str, Collection[str]] = field(default_factory=dict)
    seen: Mapping[str, Seen] = field(default_factory=dict)
    answered: bool = False  # something of this page is in the plan


def place_of(question: Question) -> tuple[str, str] | None:
    """The section and field of the plan that an answer becomes an entry of, if it becomes one."""
    if question.goes == Goes.STORY:
        return ("now", "words")
    return question.field


def usual_circle(page: Page, question: Question) -> str:
    """Who sees the answer unless the person chooses: "" is whoever sees its section."""
    place = place_of(question)
    assert place is not None, "only what becomes an entry is seen by somebody"
    return question.circle or sections.default_circle(*place, page.area)


def keeps_apart(page: Page) -> bool:
    """Whether what is answered here is never shown again, on any page of the person's own."""
    return any(question.goes == Goes.SAFETY for question in page.questions)


def has_entries(page: Page) -> bool:
    return any(place_of(question) for question in page.questions)


def telling(page: Page, said: Mapping[str, Any], beside: Beside, shown: Shown | None) -> Telling:
    """Everything that these answers hold, ready for cases.actions.tell. ``shown`` is None where nothing was shown:
    then what is said comes beside what was said before.
    """
    by_goal = {question.goes: picked(said.get(question.id)) for question in page.questions}
    told = [_told(page, question, said.get(question.id), beside, shown) for question in page.questions]
    kept = [each for each in told if each is not None]
    if (beside.importance or beside.help_wanted) and not any(map(_says, kept)) and not (shown and shown.answered):
        kept.append(_topic(page, beside))
    return Telling(
        told=tuple(kept),
        adds=shown is None,
        call_today="yes" in by_goal.get(Goes.CALL_TODAY, []),
        at_huddle="".join(by_goal.get(Goes.HUDDLE, [])),
        lifted=_lifted(page, said, beside),
    )


def kept_apart(page: Page, said: Mapping[str, Any]) -> str:
    """What was said here that is kept apart, each with what was asked; "" when there is nothing."""
    lines = []
    for question in page.questions:
        words = in_words(question, said.get(question.id)).strip()
        if question.goes == Goes.SAFETY and words:
            lines.append(f"{question.called} {words}")
    return "\n\n".join(lines)


def help_lines(page: Page, said: Mapping[str, Any]) -> list[str]:
    """The groups of help lines that these picks bring up, each once."""
    groups = [
        question.lines for question in page.questions if question.lines_for.intersection(picked(said.get(question.id)))
    ]
    return list(dict.fromkeys(groups))


def _told(page: Page, question: Question, given: Any, beside: Beside, shown: Shown | None) -> Told | None:
    place = place_of(question)
    if place is None:
        return None
    section, key = place
    picks = tuple(filter(None, picked(given))) if question.kind.is_picked else ()
    return Told(
        asked=question.id,
        section=section,
        field=key,
        words=_words(question, given, picks, shown),
        asked_as="" if question.kind.is_picked else _asked_as(page, question),
        picked=picks,
        area=page.area if section in OF_AN_AREA else "",
        usual=usual_circle(page, question),
        circle=usual_circle(page, question) if beside.circle == "" else beside.circle,
        importance=beside.importance if section in OF_AN_AREA else "",
        help_wanted=beside.help_wanted if section in OF_AN_AREA else "",
        seen=shown.seen.get(question.id) if shown else None,
    )


def _words(question: Question, given: Any, picks: tuple[str, ...], shown: Shown | None) -> tuple[str, ...] | None:
    """The boxes of an answer. None leaves what is there: a list where nothing was ticked says nothing of it."""
    if not question.kind.is_picked:
        parts = [given] if isinstance(given, str) else list(given or [])
        return tuple(box if box.strip() else "" for part in parts for box in boxes(part))
    if not picks:
        unticked = question.kind == "many" and shown is not None and shown.picked.get(question.id)
        return () if unticked else None
    words = in_words(question, given)
    return (f"{question.row}: {words.replace(chr(10), ', ')}" if question.row else words,)


def _asked_as(page: Page, question: Question) -> str:
    """The question as it stands over the answer, where the plan's own heading would not say what was asked."""
    return (question.row or (question.asks if page.area else ""))[:LONGEST_QUESTION]


def _says(told: Told) -> bool:
    return any(told.words or ())


def _topic(page: Page, beside: Beside) -> Told:
    """A topic of which nothing was said but that it matters, or that help is wanted: it becomes something to change."""
    return Told(
        asked=f"{page.name}:topic",
        section="change",
        field="goal",
        words=(page.heading,),
        area=page.area,
        usual=sections.default_circle("change", "goal", page.area),
        circle=beside.circle or None,
        importance=beside.importance,
        help_wanted=beside.help_wanted,
    )


def _lifted(page: Page, said: Mapping[str, Any], beside: Beside) -> bool:
    """Whether the team talks about the person first. What only the person reads brings help to them, and tells nobody."""
    private = beside.circle == sections.Circle.ME
    asked = [question for question in page.questions if not (private and place_of(question))]
    return safety.help_first(asked, said)
