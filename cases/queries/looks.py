"""Who has looked at a plan: the person's own to read, and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from cases import sections
from cases.models import Case, EmergencyOpening, Look
from cases.permissions import NotKnown, Permission, Standing, standing
from cases.queries.emergency import openings_of
from cases.queries.history import PAGE, page_number
from teams.models import Membership


@dataclass(frozen=True)
class AskedView:
    """What the person asked the team about a look."""

    words: str
    at: datetime


@dataclass(frozen=True)
class LookView:
    id: int
    who: str
    organisation: str  # for which they looked; nothing for somebody whom the person asked
    at: datetime
    what: str
    sections: tuple[str, ...]  # that were shown, by key
    asked: tuple[AskedView, ...]
    emergency: str = ""  # why they had opened the plan in an emergency; nothing for who could see it anyway

    @property
    def parts(self) -> tuple[str | Promise, ...]:
        """What was shown, as the person calls it."""
        return tuple(sections.BY_KEY[key].title for key in self.sections)


@dataclass(frozen=True)
class LooksPage:
    plan_id: UUID
    looks: tuple[LookView, ...]
    people: tuple[tuple[str, str], ...]  # account and name of everybody who has looked
    newer: int | None
    older: int | None
    can_ask: bool


def looks_page(*, plan_id: UUID, viewer: Any, now: datetime, who: str = "", number: str = "1") -> LooksPage:
    """One page of who looked, the newest first; of one of them with ``who``. Raises NotAllowed for anybody but the person."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.SHARE)
    rows = Look.objects.filter(plan=plan_id)
    people = {
        str(pk): name for pk, name in rows.order_by("viewer__name", "viewer").values_list("viewer", "viewer__name")
    }
    if who:
        rows = rows.filter(viewer=who) if who in people else rows.none()
    last = max(1, -(-rows.count() // PAGE))
    page = min(page_number(number), last)
    shown = rows.order_by("-at", "-pk")[PAGE * (page - 1) : PAGE * page]
    return LooksPage(
        plan_id=plan_id,
        looks=tuple(_views(at, shown)),
        people=tuple(people.items()),
        newer=page - 1 if page > 1 else None,
        older=page + 1 if page < last else None,
        can_ask=at.sharing.case.state != Case.State.OPEN_DOOR,
    )


def one_look(*, plan_id: UUID, look_id: int, viewer: Any, now: datetime) -> LookView:
    """One look, for the person to ask about. Raises NotKnown when it is of another plan."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.SHARE)
    found = _views(at, Look.objects.filter(pk=look_id, plan=plan_id))
    if not found:
        raise NotKnown
    return found[0]


def every_look(at: Standing) -> list[LookView]:
    """Every look at the person's plan, the newest first, for their own record. Raises NotAllowed for anybody else."""
    at.check(Permission.SHARE)
    return _views(at, Look.objects.filter(plan=at.sharing.plan))


def _views(at: Standing, rows: QuerySet[Look]) -> list[LookView]:
    found = list(rows.select_related("viewer").prefetch_related("questions"))
    members = Membership.objects.filter(user__in={look.viewer_id for look in found}, team=at.sharing.case.team_id)
    there = list(members.select_related("organisation").order_by("started_at", "pk"))
    openings = list(openings_of(at.sharing.plan)) if found else []
    return [_view(look, there, openings) for look in found]


def _view(look: Look, members: list[Membership], openings: list[EmergencyOpening]) -> LookView:
    then = [member for member in members if member.user_id == look.viewer_id and member.started_at <= look.at]
    return LookView(
        id=look.pk,
        who=look.viewer.name,
        organisation=then[-1].organisation.name if then else "",
        at=look.at,
        what=look.get_what_display(),
        sections=tuple(key for key in look.sections if key in sections.BY_KEY),
        asked=tuple(AskedView(question.words, question.at) for question in look.questions.all()),
        emergency=next((row.why for row in openings if _held(row, look)), ""),
    )


def _held(opening: EmergencyOpening, look: Look) -> bool:
    """Whether somebody looked while what they had opened in an emergency was open to them."""
    return opening.member.user_id == look.viewer_id and opening.opened_at <= look.at < opening.until
