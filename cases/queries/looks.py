"""Who has looked at a plan: the person's own to read, and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from cases import sections
from cases.models import Case, Look
from cases.permissions import NotKnown, Permission, standing
from teams.models import Membership

MOST = 200


@dataclass(frozen=True)
class LookView:
    id: int
    who: str
    organisation: str  # for which they looked; nothing for somebody whom the person asked
    at: datetime
    what: str
    parts: tuple[str | Promise, ...]


@dataclass(frozen=True)
class LooksPage:
    plan_id: UUID
    looks: tuple[LookView, ...]
    people: tuple[tuple[str, str], ...]  # account and name of everybody who has looked
    can_ask: bool


def looks_page(*, plan_id: UUID, viewer: Any, now: datetime, who: str = "") -> LooksPage:
    """Who looked, the newest first; of one of them with ``who``. Raises NotAllowed for anybody but the person."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.SHARE)
    rows = Look.objects.filter(plan=plan_id)
    people = {str(pk): name for pk, name in rows.order_by("viewer__name").values_list("viewer", "viewer__name")}
    if who:
        rows = rows.filter(viewer=who) if who in people else rows.none()
    shown = list(rows.select_related("viewer")[:MOST])
    members = list(
        Membership.objects.filter(user__in=people, team=at.sharing.case.team_id)
        .select_related("organisation")
        .order_by("started_at")
    )
    return LooksPage(
        plan_id=plan_id,
        looks=tuple(_view(look, members) for look in shown),
        people=tuple(people.items()),
        can_ask=at.sharing.case.state != Case.State.OPEN_DOOR,
    )


def one_look(*, plan_id: UUID, look_id: int, viewer: Any, now: datetime) -> LookView:
    """One look, for the person to ask about. Raises NotKnown when it is of another plan."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.SHARE)
    look = Look.objects.filter(pk=look_id, plan=plan_id).select_related("viewer").first()
    if look is None:
        raise NotKnown
    mine = Membership.objects.filter(user=look.viewer_id, team=at.sharing.case.team_id)
    return _view(look, list(mine.select_related("organisation").order_by("started_at")))


def _view(look: Look, members: list[Membership]) -> LookView:
    then = [member for member in members if member.user_id == look.viewer_id and member.started_at <= look.at]
    return LookView(
        id=look.pk,
        who=look.viewer.name,
        organisation=then[-1].organisation.name if then else "",
        at=look.at,
        what=look.get_what_display(),
        parts=tuple(sections.BY_KEY[key].title for key in look.sections if key in sections.BY_KEY),
    )
