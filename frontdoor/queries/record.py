"""The person's whole record: what cases hold, and what the person answered about themselves at the front door."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from cases.queries.record import my_record
from frontdoor import fair
from frontdoor.queries.beside import said_about


def whole_record(*, plan_id: UUID, viewer: Any, now: datetime) -> dict[str, Any]:
    """Everything that is held about the viewer and is theirs to read. Raises NotKnown unless the plan is their own."""
    record = my_record(plan_id=plan_id, viewer=viewer, now=now)
    said = said_about(viewer=viewer, conversation_id=None)
    record["about_me"] = [
        {"question": question.id, "asks": question.asks, "words": said[question.id].words(question)}
        for question in fair.QUESTIONS
        if question.id in said
    ]
    return record
