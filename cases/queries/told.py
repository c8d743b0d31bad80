"""What the person has answered to the questions of the longer conversation, for themselves alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.actions.telling import Seen, answers_in, seen_of
from cases.models import Case, Entry
from cases.permissions import NotKnown, standing


@dataclass(frozen=True)
class Said:
    """One answer as it stands in the plan now."""

    words: tuple[str, ...]
    picked: tuple[str, ...]
    circles: tuple[str, ...]  # of its boxes
    importance: str
    help_wanted: str


@dataclass(frozen=True)
class ToldPage:
    said: dict[str, Said]  # by question: what is in the plan, and no more what was taken out of it
    seen: dict[str, Seen]  # by question, those too whose answer was taken out
    at_huddle: str
    topics: frozenset[str]
    circles: dict[str, str]  # of the sections
    stepped_out: bool


def told_page(*, plan_id: UUID, viewer: Any, now: datetime) -> ToldPage:
    """What the person answered, from their own plan as they keep it. Raises NotKnown for anybody else."""
    at = standing(viewer, plan_id, now)
    if not at.is_person:
        raise NotKnown
    boxes = answers_in(list(Entry.objects.filter(plan=plan_id).exclude(asked="")))
    live = {asked: [entry for entry in found if entry.removed_at is None] for asked, found in boxes.items()}
    case = at.sharing.case
    return ToldPage(
        said={
            asked: Said(
                words=tuple(entry.words for entry in found),
                picked=tuple(found[-1].picked),
                circles=tuple(entry.circle for entry in found),
                importance=found[-1].importance,
                help_wanted=found[-1].help_wanted,
            )
            for asked, found in live.items()
            if found
        },
        seen={asked: seen_of(found) for asked, found in boxes.items()},
        at_huddle=case.at_huddle,
        topics=frozenset(case.topics),
        circles=at.sharing.circles,
        stepped_out=case.state == Case.State.OPEN_DOOR,
    )
