"""What can be seen of the longer conversation: by the person, and by a visit that has just sent and reads nothing back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases import sections
from cases.models import Plan
from cases.queries.told import Said, ToldPage, told_page
from cases.sections import RANK, Circle, narrowest
from frontdoor import codes
from frontdoor.models import Conversation, ScriptVersion
from frontdoor.permissions import check_about
from frontdoor.queries import script_in_force, script_of
from frontdoor.script import Goes, Page, Question, Script
from frontdoor.telling import Shown, has_entries, keeps_apart, place_of, usual_circle


@dataclass(frozen=True)
class HubRow:
    number: int
    title: str
    written: bool


@dataclass(frozen=True)
class Hub:
    """B0. ``picked`` and what was written are empty for a visit that reads nothing back."""

    first: tuple[HubRow, ...]
    picked: tuple[HubRow, ...]
    others: tuple[HubRow, ...]
    stepped_out: bool


@dataclass(frozen=True)
class Topic:
    """One page of questions, with what was answered where the viewer may read it back."""

    page: Page
    version: int
    person_id: UUID | None
    answers: dict[str, Any] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)  # by question: words in the plan that no choice of it says
    shown: Shown = field(default_factory=Shown)
    importance: str = ""
    help_wanted: str = ""
    circle: str = ""  # "" the usual, or as it is
    circles: tuple[tuple[str, str | Promise, str], ...] = ()  # value, words, hint
    as_it_is: bool = False


@dataclass(frozen=True)
class Paused:
    """Where somebody goes on who stops here."""

    name: str
    code: str


def hub(*, viewer: Any, conversation_id: UUID | None, now: datetime) -> Hub:
    """Every topic: what is strong first, then what they picked when they came, then the rest. Raises NotKnown.

    A topic whose answers are kept apart stands where it always stands, whatever was picked and said.
    """
    about = check_about(viewer, conversation_id)
    told = _told(about.person_id, viewer, now) if about.reads else None
    pages = script_in_force().more
    first = tuple(takewhile(lambda page: not page.topics, pages))
    rest = pages[len(first) :]
    picked = [page for page in rest if told and not keeps_apart(page) and page.topics & told.topics]
    return Hub(
        first=_rows(first, told),
        picked=_rows(picked, told),
        others=_rows([page for page in rest if page not in picked], told),
        stepped_out=bool(told and told.stepped_out),
    )


def topic(*, viewer: Any, conversation_id: UUID | None, page: Page, version: int, now: datetime) -> Topic:
    """One topic for whoever may answer it; blank for a visit that reads nothing back. Raises NotKnown."""
    about = check_about(viewer, conversation_id)
    if not about.reads:
        return blank_topic(page, version, person_id=about.person_id)
    told = _told(about.person_id, viewer, now)
    said = {
        question.id: told.said[question.id]
        for question in page.questions
        if question.id in told.said and place_of(question)
    }
    beside = [each for key, each in told.said.items() if key in said or key == f"{page.name}:topic"]
    circle, as_it_is = _circle_now(page, said)
    return Topic(
        page=page,
        version=version,
        person_id=about.person_id,
        answers=_answers(page, said, told),
        says={
            question.id: "\n".join(said[question.id].words)
            for question in page.questions
            if question.kind.is_picked and question.id in said and not said[question.id].picked
        },
        shown=Shown(
            picked={key: each.picked for key, each in said.items()},
            seen={question.id: told.seen[question.id] for question in page.questions if question.id in told.seen},
            answered=bool(beside),
        ),
        importance=next((each.importance for each in beside if each.importance), ""),
        help_wanted=next((each.help_wanted for each in beside if each.help_wanted), ""),
        circle=circle,
        circles=_circles(page, told.circles, as_it_is=as_it_is),
        as_it_is=as_it_is,
    )


def blank_topic(page: Page, version: int, *, person_id: UUID | None = None) -> Topic:
    """The questions of a topic, and nothing of anybody's."""
    usual = {section.key: section.circle.value for section in sections.SECTIONS}
    return Topic(page=page, version=version, person_id=person_id, circles=_circles(page, usual, as_it_is=False))


def page_of(number: int, version: str) -> tuple[Page, int] | None:
    """A topic's page as it was asked: of that published version of the questions, or else of the one in force."""
    for script in _scripts(version):
        for page in script.more:
            if page.number == number:
                return page, script.number
    return None


def paused(*, viewer: Any, conversation_id: UUID | None) -> Paused:
    """The code that goes on with it, for the person and for the visit that has just sent. Raises NotKnown."""
    about = check_about(viewer, conversation_id)
    sent = Conversation.objects.filter(person=about.person_id).select_related("person").first()
    name = sent.person.name_used if sent and sent.person else ""
    return Paused(name=name, code=codes.code(sent.pk, sent.code_turn) if sent else "")


def _scripts(version: str) -> Iterable[Script]:
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    if number and ScriptVersion.objects.filter(pk=number, published_at__isnull=False).exists():
        yield script_of(number)
    yield script_in_force()


def _told(person_id: UUID, viewer: Any, now: datetime) -> ToldPage:
    plan_id = Plan.objects.values_list("pk", flat=True).get(person=person_id)
    return told_page(plan_id=plan_id, viewer=viewer, now=now)


def _rows(pages: Iterable[Page], told: ToldPage | None) -> tuple[HubRow, ...]:
    return tuple(HubRow(page.number, page.heading, bool(told) and _is_written(page, told)) for page in pages)


def _is_written(page: Page, told: ToldPage | None) -> bool:
    if told is None or keeps_apart(page):
        return False
    at_huddle = any(question.goes == Goes.HUDDLE for question in page.questions) and told.at_huddle
    return bool(at_huddle) or any(question.id in told.said for question in page.questions)


def _answers(page: Page, said: dict[str, Said], told: ToldPage) -> dict[str, Any]:
    """What stands in each box and which choices are ticked."""
    return {question.id: _answer(question, said, told) for question in page.questions}


def _answer(question: Question, said: dict[str, Said], told: ToldPage) -> Any:
    if question.goes == Goes.HUDDLE:
        return told.at_huddle
    there = said.get(question.id)
    if there is None:
        return ""
    if question.kind.is_picked:
        return list(there.picked) if question.kind == "many" else "".join(there.picked[:1])
    return list(there.words)


def _circle_now(page: Page, said: dict[str, Said]) -> tuple[str, bool]:
    """The circle that every answer has, "" where that is the usual; and whether they differ."""
    asked = {question.id: question for question in page.questions}
    found = {(circle, usual_circle(page, asked[key])) for key, each in said.items() for circle in each.circles}
    if all(circle == usual for circle, usual in found):
        return "", False
    circles = {circle for circle, _usual in found}
    return (circles.pop(), False) if len(circles) == 1 else ("", True)


def _circles(page: Page, of_sections: dict[str, str], *, as_it_is: bool) -> tuple[tuple[str, str | Promise, str], ...]:
    """Who can be chosen to see a page, with its usual first."""
    if not has_entries(page):
        return ()
    usual: dict[Circle, list[str]] = {}
    for question in page.questions:
        place = place_of(question)
        if place:
            circle = narrowest(usual_circle(page, question), of_sections[place[0]])
            usual.setdefault(circle, []).append(question.called)
    widest = max(usual, key=RANK.__getitem__)
    hints = [
        _("%(who)s: %(what)s") % {"who": circle.label, "what": " ".join(asked)}
        for circle, asked in usual.items()
        if circle != widest
    ]
    first: tuple[str, str | Promise, str] = ("", widest.label, "")
    if hints:
        first = ("", _("The usual"), " ".join([f"{widest.label}.", *hints]))
    if as_it_is:
        first = ("", _("As it is now"), _("You chose it part by part."))
    only_me = _("No one here will read it. If you want help with it, let one of us see it.")
    others = [
        (circle.value, circle.label, only_me if circle is Circle.ME else "")
        for circle in reversed(Circle)
        if circle != widest or hints or as_it_is
    ]
    return (first, *others)
