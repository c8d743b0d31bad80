"""What the person has set about who sees what, in words, for them to read and change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from cases import sections
from cases.permissions import Permission, Sharing, Standing, Walker, standing, standing_with, who_sees
from cases.queries.plan import PlanView, plan_for, sees_words
from cases.sections import Circle, Level
from teams.models import Sector, User
from teams.permissions import NotKnown


@dataclass(frozen=True)
class Shared:
    """One section: its circle, and who of those who walk with the person can see it."""

    key: str
    title: str | Promise
    circle: str
    sees_words: str
    can: tuple[Walker, ...]
    cannot: tuple[Walker, ...]
    by_name: dict[UUID, str]  # shut, see or suggest, for each person named
    ends: dict[UUID, datetime]  # until when, where it ends


@dataclass(frozen=True)
class SharingView:
    plan_id: UUID
    sections: tuple[Shared, ...]
    walkers: tuple[Walker, ...]
    sectors: tuple[tuple[str, str | Promise, bool], ...]  # key, name, shut out of everything


def sharing_page(*, plan_id: UUID, viewer: Any, now: datetime) -> SharingView:
    """Who can see what. The person's own to read; raises NotAllowed for anybody else who knows of the plan."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.SHARE)
    shut_sectors = {sector for section, _user, sector in at.sharing.shut if sector and not section}
    return SharingView(
        plan_id=plan_id,
        sections=tuple(_shared(at, section) for section in sections.SECTIONS),
        walkers=at.sharing.walkers,
        sectors=tuple((key, label, key in shut_sectors) for key, label in Sector.choices),
    )


def shared_section(*, plan_id: UUID, section: str, viewer: Any, now: datetime) -> Shared:
    """Who can see one section. Raises NotKnown for a section there is not."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.SHARE)
    if section not in sections.BY_KEY:
        raise NotKnown
    return _shared(at, sections.BY_KEY[section])


def as_they_see_it(*, plan_id: UUID, walker_id: UUID, viewer: Any, now: datetime) -> tuple[Walker, PlanView]:
    """The plan exactly as somebody who walks with the person sees it now: made by the same function."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.SHARE)
    for walker in at.sharing.walkers:
        if walker.user_id == walker_id:
            return walker, plan_for(standing_with(User.objects.get(pk=walker_id), at.sharing, now))
    raise NotKnown


def _shared(at: Standing, section: sections.Section) -> Shared:
    can, cannot = who_sees(at.sharing, section.key)
    return Shared(
        key=section.key,
        title=section.title,
        circle=Circle(at.sharing.circles[section.key]),
        sees_words=sees_words(at, section.key),
        can=tuple(can),
        cannot=tuple(cannot),
        by_name=_by_name(at.sharing, section.key),
        ends={user_id: end for (user_id, key), end in at.sharing.ends.items() if key == section.key},
    )


def _by_name(sharing: Sharing, section: str) -> dict[UUID, str]:
    let_in = {user: levels[section] for user, levels in sharing.grants.items() if section in levels}
    named = {user: "see" if level == Level.SEE else "suggest" for user, level in let_in.items()}
    return named | {user: "shut" for where, user, _sector in sharing.shut if user and where == section}
