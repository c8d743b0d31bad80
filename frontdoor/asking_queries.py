"""The bank of questions, as a member may ask them of somebody."""

from __future__ import annotations

from dataclasses import dataclass

from cases.queries.asking import Bank, Said
from frontdoor.queries import script_in_force
from frontdoor.script import Goes, Question


@dataclass(frozen=True)
class ToAsk:
    """One question of the bank, with what the person has said to it already."""

    question: Question
    said: tuple[Said, ...]


def topics_to_ask(page: Bank) -> list[tuple[str, list[ToAsk]]]:
    """The bank by topic, each question with what the person that ``page`` is about has said to it."""
    topics = []
    for topic in script_in_force().pages:
        asked = [ToAsk(each, page.said.get(each.id, ())) for each in topic.questions if _can_be_asked(each)]
        if asked:
            topics.append((topic.heading, asked))
    return topics


def question_to_ask(question_id: str) -> Question | None:
    """One question of the bank; None for one that is not in it."""
    found = script_in_force().questions.get(question_id)
    return found if found and _can_be_asked(found) else None


def _can_be_asked(question: Question) -> bool:
    """What is about their life; what is kept apart is not shown to have been answered, so it is not here."""
    return question.field is not None or question.goes == Goes.STORY
