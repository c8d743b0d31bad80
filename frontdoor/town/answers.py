"""What people of the town answered about themselves. Made up by chance, since nobody may know whose an answer is."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from frontdoor import fair
from frontdoor.models import FairAnswer

ANSWERS_ALL, ANSWERS_ONE = 0.7, 0.85  # how many people answer anything, and how often one who does answers a question


def answers_of(people: Iterable[tuple[UUID, datetime]]) -> list[FairAnswer]:
    """The answers of some people, each with the moment they came in: the first choices of a list more often than the last."""
    dice = random.Random("fair")  # noqa: S311 - made up, and the same each time
    made = []
    for person_id, came_at in people:
        if dice.random() > ANSWERS_ALL:
            continue
        question: fair.Question | None = fair.QUESTIONS[0]
        while question is not None:
            said = ""
            if dice.random() < ANSWERS_ONE:
                said = question.choices[int(dice.triangular(0, len(question.choices) - 0.01, 0))].id
                month = timezone.localdate(came_at).replace(day=1)
                key = fair.key(person_id, question.id)
                made.append(FairAnswer(key=key, question=question.id, choice=said, month=month))
            question = fair.question_after(question, said)
    return sorted(made, key=lambda answer: answer.key)
