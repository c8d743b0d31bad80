"""How what was said at the front door becomes the beginning of a plan. Pure: answers in, an Arrival out.

Nothing that was said is left behind. A line that is longer than its place is kept whole beside it: with what the
person told, or, where it is about how to reach them, with what only those who contact them can see.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cases.actions import Arrival, WayToReach
from cases.models import Way
from cases.topics import Topic
from frontdoor import safety
from frontdoor.script import Answers, Goes, Kind, Question, Script, boxes, in_words


def areas(script: Script) -> dict[str, str]:
    """The topics that are a part of life, each with its area; the others are remembered, and are nobody's goal.

    What a plan says of feeling safe is for the person to begin, face to face.
    """
    return {topic: page.area for page in script.more if page.area for topic in page.topics}


def arrival(script: Script, answers: Answers, *, via: str, for_the_team: Script | None = None) -> Arrival:
    """Everything that these answers to the short path hold, ready for cases.actions.welcome.

    ``for_the_team`` is the same script in the team's language: what is noted of how to reach somebody is for them to read.
    """
    given, goals = _Given(script, answers, for_the_team or script), areas(script)
    know = [words for words in boxes(answers.get("know")) if words.strip()]
    topics = [topic for topic in Topic.values if topic in given.many("topics")]
    picked = {choice.key: choice.words for choice in script.questions["topics"].choices}
    return Arrival(
        name=given.line("name"),
        say_it=given.line("say_it"),
        via=via,
        pace=given.one("soon"),
        topics=tuple(topics),
        told=(
            *((f"know_{n}" if n > 1 else "know", words) for n, words in enumerate(know, 1)),
            *given.too_long(of_ways=False),
        ),
        entries=(
            *(("now", "words", words, "") for words in know),
            *(("change", "goal", picked[topic], goals[topic]) for topic in topics if topic in goals),
            *given.for_the_plan(),
            *_on_paper(script, answers),
        ),
        ways=_ways(given),
        avoid="\n\n".join(
            [*filter(None, [given.text("avoid")]), *(words for _id, words in given.too_long(of_ways=True))]
        ),
        shut_sectors=given.many("exclude"),
        shut_names=given.line("exclude_name"),
        lifted=safety.help_first(script.questions.values(), answers),
    )


def _on_paper(script: Script, answers: Answers) -> Iterator[tuple[str, ...]]:
    """What was said to the topics that a paper form asks, each as an entry of the plan."""
    for page in script.paper[len(script.hello) :]:
        for question in page.questions:
            words = in_words(question, answers.get(question.id))
            if question.field and words.strip():
                yield (
                    *question.field,
                    words,
                    page.area,
                    question.circle,
                    "" if question.kind.is_picked else question.id,
                )


class _Given:
    """The answers, each in the shape that its question promises."""

    def __init__(self, script: Script, answers: Answers, for_the_team: Script) -> None:
        self.questions, self.answers, self.for_the_team = script.questions, answers, for_the_team.questions
        self.hello = [question for page in script.hello for question in page.questions]

    def line(self, question: str) -> str:
        return self.text(question)[: self.questions[question].limit]

    def one(self, question: str) -> str:
        found = self.answers.get(question) or ""
        return found if any(choice.key == found for choice in self.questions[question].choices) else ""

    def many(self, question: str) -> tuple[str, ...]:
        found = self.answers.get(question) or ()
        return tuple(choice.key for choice in self.questions[question].choices if choice.key in found)

    def words(self, question: Question) -> str:
        """What was picked, in words, on one line."""
        return in_words(question, self.answers.get(question.id)).replace("\n", ", ")

    def too_long(self, *, of_ways: bool) -> list[tuple[str, str]]:
        """The lines that are longer than their place, each with its question's id; in the plan there is room for all."""
        short = {Kind.LINE, Kind.BOX, Kind.PHONE, Kind.EMAIL}
        return [
            (each.id, self.text(each.id))
            for each in self.hello
            if each.kind in short
            and each.id != "avoid"
            and each.field is None
            and (each.goes == Goes.WAYS) == of_ways
            and len(self.text(each.id)) > each.limit
        ]

    def for_the_plan(self) -> list[tuple[str, ...]]:
        """What was said to questions that a team has added: each answer in its place, seen by whom the question says."""
        return [
            (
                *question.field,
                f"{question.called} {words}" if question.kind.is_picked or question.row else words,
                "",
                question.circle,
            )
            for question in self.hello
            if question.field
            for words in ([self.words(question)] if question.kind.is_picked else boxes(self.answers.get(question.id)))
            if words.strip()
        ]

    def text(self, question: str) -> str:
        found: Any = self.answers.get(question)
        return found.strip() if isinstance(found, str) else ""


def _ways(given: _Given) -> tuple[WayToReach, ...]:
    """The safe ways, in the order of the list, without those that turned out not to be safe."""
    made = {
        Way.Kind.CALL: _call,
        Way.Kind.TEXT: _text,
        Way.Kind.EMAIL: _email,
        Way.Kind.WRITE: _write,
        Way.Kind.PLACE: _place,
        Way.Kind.TRUSTED: _trusted,
        Way.Kind.COME: _come,
        Way.Kind.NONE: _none,
    }
    found = (made[Way.Kind(kind)](given) for kind in given.many("ways"))
    return tuple(way for way in found if way is not None)


def _note(given: _Given, *questions: str) -> str:
    """What these answers say beyond the way itself, each with what was asked; for whoever in the team says hello."""
    asked = [given.for_the_team[each] for each in questions]
    said = ((each.called, given.words(each)) for each in asked)
    return "\n".join(f"{asked} {words}" for asked, words in said if words)[:1000]


def _call(given: _Given) -> WayToReach:
    return WayToReach(
        kind=Way.Kind.CALL,
        to=given.line("call.number"),
        times=given.many("call.times"),
        leave_message=given.one("call.message") == "yes",
        say_who=given.one("call.say_who") == "yes",
        note=_note(given, "call.picks_up", "call.hide"),
    )


def _text(given: _Given) -> WayToReach | None:
    send, others = given.one("text.send"), given.one("text.others")
    if others == "no":
        send = ""  # they went back and said that nobody else reads it
    if send == "stop":
        return None
    hello = next((choice.hint for choice in given.questions["text.send"].choices if choice.key == "hello"), "")
    only = {"mine": given.line("text.words"), "hello": hello}
    return WayToReach(
        kind=Way.Kind.TEXT,
        to=given.line("text.number"),
        others=others,
        only_words=only.get(send, ""),
        word=given.line("text.word"),
    )


def _email(given: _Given) -> WayToReach:
    return WayToReach(kind=Way.Kind.EMAIL, to=given.line("email.address"), others=given.one("email.others"))


def _write(given: _Given) -> WayToReach | None:
    how = given.many("write.how")
    if "opened" in how:
        return None
    return WayToReach(kind=Way.Kind.WRITE, to=given.line("write.address"), note=_note(given, "write.how"))


def _place(given: _Given) -> WayToReach:
    return WayToReach(
        kind=Way.Kind.PLACE,
        to=given.line("place.where"),
        times=given.many("place.times"),
        note=_note(given, "place.nights", "place.fixed"),
    )


def _trusted(given: _Given) -> WayToReach:
    who = ", ".join(filter(None, [given.line("trusted.who"), given.line("trusted.number")]))
    return WayToReach(kind=Way.Kind.TRUSTED, to=who, note=_note(given, "trusted.tell"))


def _come(given: _Given) -> WayToReach:
    return WayToReach(kind=Way.Kind.COME, note=_note(given, "come.when"))


def _none(given: _Given) -> WayToReach:
    return WayToReach(kind=Way.Kind.NONE, to=given.line("none.where"))
