"""What the person sets about who sees what. In force at once, everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import sections
from cases.models import Entry, Plan, PlanSection, ShutOut
from cases.permissions import NotKnown, Permission, Walker, let_in, shut_again, standing
from cases.sections import Level
from teams.history import record
from teams.models import Sector, User


@transaction.atomic
def set_circle(*, plan_id: UUID, section: str, circle: str, by: Any, now: datetime) -> PlanSection:
    """Set the circle that sees one section."""
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    row = _section(plan_id, section)
    if row.circle == circle:
        return row
    row.circle = sections.Circle(circle)
    return record(row, by=by, why=str(row.get_circle_display()), now=now)


@transaction.atomic
def set_entry_circle(*, plan_id: UUID, entry_id: UUID, circle: str, by: Any, now: datetime) -> Entry:
    """Set the circle that sees one entry; with none, it is seen as its section is. It only ever narrows."""
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    entry = Entry.objects.select_for_update(of=("self",)).filter(pk=entry_id, plan_id=plan_id).first()
    if entry is None:
        raise NotKnown
    if entry.circle == circle:
        return entry
    entry.circle = sections.Circle(circle) if circle else ""
    return record(entry, by=by, why="", now=now)


@transaction.atomic
def share_section(
    *,
    plan_id: UUID,
    section: str,
    circle: str,
    by_name: dict[UUID, tuple[str, datetime | None]],
    by: Any,
    now: datetime,
) -> None:
    """Set at once who sees one section: its circle and, for some of those who walk with the person, more or less by name.

    ``by_name`` maps an account to "shut", "see", "suggest", or to nothing for what the circle gives; and to the moment
    until which it is let in, or None for until the person says.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    set_circle(plan_id=plan_id, section=section, circle=circle, by=by, now=now)
    for user_id, (chosen, until) in by_name.items():
        place: dict[str, Any] = {"plan_id": plan_id, "section": section, "user_id": user_id, "by": by, "now": now}
        act = shut_out if chosen == "shut" else open_again
        act(**place)
        level = {"see": Level.SEE, "suggest": Level.SUGGEST}.get(chosen, Level.NOTHING)
        had = at.sharing.grants.get(user_id, {}).get(section, Level.NOTHING)
        if level != had or (level and until != at.sharing.ends.get((user_id, section))):
            let_somebody_in(level=level, until=until, **place)


@transaction.atomic
def shut_out(
    *, plan_id: UUID, by: Any, now: datetime, section: str = "", user_id: UUID | None = None, sector: str = ""
) -> None:
    """Shut one person, or one sector, out of a section; with no section, out of the whole plan. It beats every grant."""
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    whom = _whom(at.sharing.walkers, user_id, sector)
    _row, made = ShutOut.objects.get_or_create(
        plan_id=plan_id, section=section, user_id=user_id, sector=sector, ended_at=None, defaults={"since": now}
    )
    if made:
        _record(plan_id, section, by, _("%(name)s can no longer see this.") % {"name": whom}, now)


@transaction.atomic
def open_again(
    *, plan_id: UUID, by: Any, now: datetime, section: str = "", user_id: UUID | None = None, sector: str = ""
) -> None:
    """End what ``shut_out`` did: from now on they see what their circle sees."""
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    whom = _whom(at.sharing.walkers, user_id, sector)
    ended = ShutOut.objects.filter(
        plan_id=plan_id, section=section, user_id=user_id, sector=sector, ended_at=None
    ).update(ended_at=now)
    if ended:
        _record(plan_id, section, by, _("%(name)s can see this again.") % {"name": whom}, now)


@transaction.atomic
def let_somebody_in(
    *,
    plan_id: UUID,
    section: str,
    user_id: UUID,
    level: Level,
    by: Any,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Let one person who walks with them into a section by name, above what their circle gives, until a moment.

    With Level.NOTHING, what they were given by name is taken back.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    whom = _whom(at.sharing.walkers, user_id, "")
    row, user = _section(plan_id, section), User.objects.get(pk=user_id)
    if level:
        let_in(row, user, level, until)
        if until:
            day = date_format(timezone.localtime(until), "j F")
            why = _("%(name)s can see this until %(day)s.") % {"name": whom, "day": day}
        else:
            why = _("%(name)s can see this.") % {"name": whom}
    else:
        shut_again(row, user)
        why = _("%(name)s is no longer let in by name.") % {"name": whom}
    _record(plan_id, section, by, why, now)


def _section(plan_id: UUID, key: str) -> PlanSection:
    row = PlanSection.objects.select_for_update().filter(plan_id=plan_id, key=key).first()
    if row is None:
        raise NotKnown
    return row


def _whom(walkers: tuple[Walker, ...], user_id: UUID | None, sector: str) -> str:
    """The name of a sector, or of somebody who walks with the person: nobody else can be named from their page."""
    if sector:
        return str(Sector(sector).label)
    for walker in walkers:
        if walker.user_id == user_id:
            return walker.name
    raise NotKnown


def _record(plan_id: UUID, section: str, by: Any, why: str, now: datetime) -> None:
    if section:
        record(_section(plan_id, section), by=by, why=why, now=now)
    else:
        record(Plan.objects.select_for_update().get(pk=plan_id), by=by, why=why, now=now)
