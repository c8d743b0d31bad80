"""Somebody may be in danger: at the top of today until one of the team has it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.models import Case, NeededNow
from cases.permissions.safety import check_needed


def lift(case: Case, *, why: str, now: datetime) -> None:
    """Bring somebody who may be in danger to the top of today. Once there they stay until one of the team has it."""
    open_already = NeededNow.objects.select_for_update().filter(case=case, taken_at=None).first()
    if open_already is None:
        NeededNow.objects.create(case=case, why=NeededNow.Why(why), since=now)
    elif why == NeededNow.Why.SAID and open_already.why != why:
        open_already.why = why
        open_already.save(update_fields=["why"])


@transaction.atomic
def take_needed(*, needed_id: UUID, by: Any, now: datetime) -> NeededNow:
    """“I have this”: one of the team acts now for somebody who may be in danger. The first press counts. Raises NotKnown."""
    needed, member = check_needed(by, needed_id, lock=True)
    if needed.taken_at is None:
        needed.taken_by, needed.taken_at = member, now
        needed.save(update_fields=["taken_by", "taken_at"])
    return needed
