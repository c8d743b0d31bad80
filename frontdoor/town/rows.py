"""What is to be written of the town: rows, and the history of each that is recorded."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models

from teams.models import Membership, User


@cache
def history_of(model: Any) -> Any:
    """The model of a recorded model's history, remembered: to ask for it each time takes a third of all the time."""
    return model.history.model


class Rows:
    """What is to be written: rows, and for each recorded one what it was at every change."""

    def __init__(self) -> None:
        self.live: dict[type[models.Model], list[Any]] = defaultdict(list)
        self.past: dict[type[models.Model], list[tuple[Any, Any]]] = defaultdict(list)

    def add(self, row: Any) -> Any:
        self.live[type(row)].append(row)
        return row

    def keep(self, row: Any, *, at: datetime, by: User, why: str = "", member: Membership | None = None) -> Any:
        """Keep what ``row`` is at this moment; the first time it is also added."""
        first = not getattr(row, "_kept", False)
        row._kept = True
        model: Any = type(row)
        history = history_of(model)
        self.past[model].append(
            (
                row,
                history(
                    history_date=at,
                    history_type="+" if first else "~",
                    history_user=by,
                    history_change_reason=why,
                    organisation_id=member.organisation_id if member else None,
                    **{field.attname: getattr(row, field.attname) for field in history.tracked_fields},
                ),
            )
        )
        return self.add(row) if first else row

    def write(self, *kinds: type[models.Model]) -> None:
        """Write every row of these kinds, in the order in which they need each other."""
        for model in kinds:
            # A plain query set: the one of recorded models refuses, rightly, what leaves no history.
            models.QuerySet(model).bulk_create(self.live.pop(model, []), batch_size=2_000)
            past = self.past.pop(model, [])
            for row, was in past:
                setattr(was, model._meta.pk.attname, row.pk)
            if past:
                models.QuerySet(history_of(model)).bulk_create((was for _row, was in past), batch_size=2_000)
