"""A copy of a plan to take away: asked for, made, and forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from cases import sections as table
from cases.models import Copy
from cases.permissions import Permission, standing

KEPT = timedelta(hours=1)
OVERDUE = timedelta(seconds=30)  # a worker that is awake has begun long before


@transaction.atomic
def ask_for_copy(
    *, plan_id: UUID, layout: str, sections: Collection[str], language: str, fingerprint: str, by: Any, now: datetime
) -> Copy:
    """Ask for a copy of what ``by`` may see of a plan. What they would get anyway, they get at once: the same bytes.

    One copy waits for each reader: who asks for another before the first is made wants the other.
    """
    at = standing(by, plan_id, now, lock=True)
    for key in sections:
        at.check(Permission.SEE, key)
    theirs = Copy.objects.filter(plan_id=plan_id, viewer=by).defer("file")
    same = (
        theirs.filter(layout=layout, language=language, fingerprint=fingerprint, until__gt=now)
        .exclude(state=Copy.State.COULD_NOT)
        .first()
    )
    if same is not None:
        same.until = now + KEPT
        same.save(update_fields=["until"])
        return same
    theirs.filter(state=Copy.State.WAITING).delete()
    return Copy.objects.create(
        plan_id=plan_id,
        viewer=by,
        layout=layout,
        sections=[key for key in table.KEYS if key in sections],
        language=language,
        fingerprint=fingerprint,
        asked_at=now,
        until=now + KEPT,
    )


@transaction.atomic
def keep_whole_copy(*, plan_id: UUID, language: str, fingerprint: str, file: bytes, by: Any, now: datetime) -> None:
    """Keep a copy of all that ``by`` may see, in the usual print, that was made at once: for when they ask again."""
    at = standing(by, plan_id, now, lock=True)
    Copy.objects.create(
        plan_id=plan_id,
        viewer=by,
        layout=Copy.Layout.NORMAL,
        sections=[key for key in table.KEYS if at.level(key)],
        language=language,
        fingerprint=fingerprint,
        state=Copy.State.MADE,
        file=file,
        asked_at=now,
        until=now + KEPT,
    )


def keep_copy(*, copy_id: UUID, file: bytes, fingerprint: str) -> None:
    """Keep what the worker made, unless another worker was first, or nobody waits for it any more."""
    Copy.objects.filter(pk=copy_id, state=Copy.State.WAITING).update(
        state=Copy.State.MADE, file=file, fingerprint=fingerprint
    )


def could_not_make(*, copy_id: UUID) -> None:
    """Say of a copy that it could not be made, so that whoever waits for it is told."""
    Copy.objects.filter(pk=copy_id, state=Copy.State.WAITING).update(state=Copy.State.COULD_NOT)


@transaction.atomic
def forget_copies(*, now: datetime) -> list[UUID]:
    """Delete every copy whose hour is over; return those that have waited too long, to be handed to the worker again."""
    Copy.objects.filter(until__lte=now).delete()
    waiting = Copy.objects.filter(state=Copy.State.WAITING, asked_at__lte=now - OVERDUE)
    return list(waiting.order_by("asked_at", "pk").values_list("pk", flat=True))
