"""Asking somebody something: once is enough, and again needs a reason that they can read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cases.actions.plan import NothingWritten
from cases.models import Asking
from cases.permissions import standing
from cases.queries.asking import check_may_ask, told_by


@transaction.atomic
def ask(*, plan_id: UUID, question: str, asks: str, by: Any, now: datetime, why: str = "") -> Asking:
    """Keep that a member asks the person one question: ``question`` its id, ``asks`` its words.

    Where the member can read that the person has told it already, it is asking again, and that needs a reason: raises
    NothingWritten without one. Pressed twice on one day, it is kept once.
    """
    standing(by, plan_id, now, lock=True)
    at = standing(by, plan_id, now)  # with how it came to be so: what was told is read as this member may read it
    check_may_ask(at)
    again = question in told_by(at)
    if again and not why.strip():
        raise NothingWritten
    asking, _new = Asking.objects.get_or_create(
        plan=at.sharing.plan,
        question=question,
        member=at.member,
        on=timezone.localtime(now).date(),
        defaults={"asks": asks[:300], "again": again, "why": why.strip()[:300] if again else "", "at": now},
    )
    return asking
