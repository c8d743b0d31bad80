"""How what was said at the front door becomes the beginning of a plan. Pure: answers in, an Arrival out.

Nothing that was said is left behind. A line that is longer than its place is kept whole beside it: with what the
person told, or, where it is about how to reach them, with what only those who contact them can see.
"""

from __future__ import annotations

from typing import Any

from cases.actions import Arrival, WayToReach
from cases.models import Way
from cases.topics import Topic
from frontdoor import safety
from frontdoor.script import Answers, Kind, Script, boxes, in_words


def areas(script: Script) -> dict[str, str]:
    """The topics that are a part of life, each with its area; the others are remembered, and are nobody's goal.

    What a plan says of feeling safe is for the person to begin, face to face.
    """
    return {topic: page.area for page in script.more if page.area for topic in page.topics}


def arrival(script: Script, answers: Answers, *, via: str) -> Arrival:
    """Everything that these answers to the short path hold, ready for cases.actions.welcome."""
    given, goals = _Given(script, answers), areas(script)
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
        ),
        ways=_ways(given),
        avoid="\n\n".join(
            [*filter(None, [given.text("avoid")]), *(words for _id, words in given.too_long(of_ways=True))]
        ),
        shut_sectors=given.many("exclude"),
        shut_names=given.line("exclude_name"),
        lifted=safety.help_first(script.questions.values(), answers),
    )


class _Given:
    """The answers, each in the shape that its question promises."""

    def __init__(self, script: Script, answers: Answers) -> None:
        self.questions, self.answers = script.questions, answers
        self.hello = [question for page in script.hello for question in page.questions]

    def line(self, question: str) -> str:
        return self.text(question)[: self.questions[question].limit]

    def one(self, question: str) -> str:
        found = self.answers.get(question) or ""
        return found if any(choice.key == found for choice in self.questions[question].choices) else ""

    def many(self, question: str) -> tuple[str, ...]:
        found = self.answers.get(question) or ()
        return tuple(choice.key for choice in self.questions[question].choices if choice.key in found)

    def words(self, question: str) -> str:
        """What was picked, in words, on one line."""
        return in_words(self.questions[question], self.answers.get(question)).replace("\n", ", ")

    def too_long(self, *, of_ways: bool) -> list[tuple[str, str]]:
        """The lines that are longer than their place, each with its question's id."""
        short = {Kind.LINE, Kind.BOX, Kind.PHONE, Kind.EMAIL}
        return [
            (each.id, self.text(each.id))
            for each in self.hello
            if each.kind in short
            and each.id != "avoid"
            and ("." in each.id) == of_ways
            and len(self.text(each.id)) > each.limit
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
    """What these answers say beyond the way itself, each with what was asked."""
    said = ((given.questions[each].called, given.words(each)) for each in questions)
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
