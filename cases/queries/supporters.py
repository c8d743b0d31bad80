"""Those whom a person asked to stand beside them; and what was shared with somebody who was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise

from cases import sections
from cases.models import SectionGrant, Supporter
from cases.permissions import NotKnown, Permission, standing, standings
from cases.permissions.sharing import LEVELS
from cases.queries.me import day_words
from cases.queries.plan import NO_NAME
from cases.sections import Level
from teams.tokens import digest


@dataclass(frozen=True)
class SupporterView:
    id: UUID
    user_id: UUID
    name: str
    knows: str
    may_call: str
    may_call_words: str | Promise
    only_if: str
    until: datetime | None
    waits: bool  # has not come in by the link yet
    opens: str  # on which day it opens for them, where it has not yet
    sees: tuple[str, ...]
    adds: tuple[str, ...]
    parts: tuple[str | Promise, ...]


@dataclass(frozen=True)
class SharedPlan:
    plan_id: UUID
    name: str | Promise


def people_page(*, plan_id: UUID, viewer: Any, now: datetime) -> tuple[SupporterView, ...]:
    """Whom the person asked, and what each can see. The person's own; raises NotAllowed for anybody else."""
    standing(viewer, plan_id, now).check(Permission.SHARE)
    live = Q(until=None) | Q(until__gt=now)
    rows = list(Supporter.objects.filter(live, plan=plan_id, ended_at=None))
    given: dict[UUID, dict[str, Level]] = {}
    grants = SectionGrant.objects.filter(live, content_object__plan=plan_id, user__in=[row.user_id for row in rows])
    for user_id, key, codename in grants.values_list("user", "content_object__key", "permission__codename"):
        given.setdefault(user_id, {})[key] = LEVELS[codename]
    return tuple(_view(row, given.get(row.user_id, {}), now) for row in rows)


def one_supporter(*, plan_id: UUID, supporter_id: UUID, viewer: Any, now: datetime) -> SupporterView:
    """One of those whom the person asked. Raises NotKnown."""
    for found in people_page(plan_id=plan_id, viewer=viewer, now=now):
        if found.id == supporter_id:
            return found
    raise NotKnown


def shared_with(*, viewer: Any, now: datetime) -> tuple[SharedPlan, ...]:
    """The plans that are shared with somebody who was asked; none when it is over. Raises NotKnown for anybody else."""
    rows = Supporter.objects.filter(user=viewer.pk, accepted_at__isnull=False)
    plans = [row.plan for row in rows.select_related("plan__person__user")]
    if not plans:
        raise NotKnown
    return tuple(
        SharedPlan(place.sharing.plan.pk, place.sharing.plan.person.name_used or NO_NAME)
        for place in standings(viewer, list({plan.pk: plan for plan in plans}.values()), now).values()
        if place.is_supporter
    )


def supports(*, viewer: Any, plan_id: UUID | None = None) -> bool:
    """Whether the viewer was ever asked: by anybody, or by the one whose plan this is."""
    asked = Supporter.objects.filter(user=viewer.pk, accepted_at__isnull=False)
    return (asked.filter(plan=plan_id) if plan_id else asked).exists()


def who_asks(*, token: str, now: datetime) -> str | Promise | None:
    """The name of whoever sent this link; None when it was used, or is too old, or was never one."""
    row = (
        Supporter.objects.filter(token_digest=digest(token), accepted_at=None, ended_at=None, expires_at__gt=now)
        .select_related("plan__person")
        .first()
    )
    return (row.plan.person.name_used or NO_NAME) if row else None


def opens_soon(*, viewer: Any, now: datetime, plan_id: UUID | None = None) -> str:
    """On which day a plan opens for somebody who was asked and still waits; nothing when none does."""
    waiting = Supporter.objects.filter(user=viewer.pk, ended_at=None, opens_at__gt=now)
    row = (waiting.filter(plan=plan_id) if plan_id else waiting).order_by("opens_at", "pk").first()
    return _day(row, now) if row else ""


def _day(row: Supporter, now: datetime) -> str:
    if row.opens_at is None or row.opens_at <= now:
        return ""
    return day_words(timezone.localdate(row.opens_at), timezone.localdate(now))


def _view(row: Supporter, given: dict[str, Level], now: datetime) -> SupporterView:
    return SupporterView(
        id=row.pk,
        user_id=row.user_id,
        name=row.name,
        knows=row.knows,
        may_call=row.may_call,
        may_call_words=row.get_may_call_display(),
        only_if=row.only_if,
        until=row.until,
        waits=row.accepted_at is None,
        opens=_day(row, now),
        sees=tuple(given),
        adds=tuple(key for key, level in given.items() if level >= Level.SUGGEST),
        parts=tuple(section.title for section in sections.FOR_SUPPORTERS if section.key in given),
    )
