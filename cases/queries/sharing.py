"""What the person has set about who sees what, in words, for them to read and change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases import sections
from cases.models import Entry, Supporter
from cases.permissions import Permission, Standing, named_in, standing, standing_with, who_sees
from cases.permissions.sharing import Sharing, Walker, sharing_of
from cases.queries.audience import asked_who_see, sees_words, whole_group
from cases.queries.me import day_words
from cases.queries.plan import PlanView, plan_for
from cases.sections import Circle, Group, Level
from teams.models import Membership, Organisation, Sector, User
from teams.permissions import NotKnown


@dataclass(frozen=True)
class WholeGroup:
    """A group that the person can let in or shut out, and what they have set for it."""

    group: Group
    name: str
    set: str = ""  # shut, see or suggest; nothing for what the circle gives
    until: datetime | None = None


@dataclass(frozen=True)
class Shared:
    """One section: its circle, and who of those who walk with the person can see it."""

    key: str
    title: str | Promise
    circle: str
    opens_past: bool
    sees_words: str
    can: tuple[Walker, ...]
    cannot: tuple[Walker, ...]
    by_name: dict[UUID, str]  # shut, see or suggest, for each person named
    ends: dict[UUID, datetime]  # until when, where it ends
    groups: tuple[WholeGroup, ...]  # all that there are
    people: tuple[tuple[UUID, str], ...]  # everybody with a name who can see it, by account
    asked: tuple[str, ...]  # of those, whom the person asked: they see it whatever its circle is


@dataclass(frozen=True)
class SeesIt:
    """Somebody as whom the person can look at their plan."""

    user_id: UUID
    name: str
    first_name: str
    hint: str | Promise
    opens: str = ""  # on which day it opens for them, where it has not yet


@dataclass(frozen=True)
class Away:
    """Somebody of the team, or a whole group, whom the person can keep away from all of their plan, or let back."""

    name: str
    does: str  # what they do, for whom, and whether they walk with the person
    address: str  # where the press goes


@dataclass(frozen=True)
class SharingView:
    plan_id: UUID
    sections: tuple[Shared, ...]
    people: tuple[SeesIt, ...]
    alone: bool  # all who walk with them are kept away
    lets_in: bool  # anybody by name, any group, or anybody whom they asked
    kept_away: tuple[Away, ...]
    members: tuple[Away, ...]  # whom they can keep away
    groups: tuple[Away, ...]


def sharing_page(*, plan_id: UUID, viewer: Any, now: datetime) -> SharingView:
    """Who can see what. The person's own to read; raises NotAllowed for anybody else who knows of the plan."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.SHARE)
    groups = _groups(at)
    away: dict[UUID | Group, str] = {
        shut.user_id or shut.group: shut.name for shut in at.sharing.shut if not shut.section
    }
    there = _can_be_kept_away(at, groups)
    return SharingView(
        plan_id=plan_id,
        sections=tuple(_shared(at, section, groups) for section in sections.SECTIONS),
        people=tuple(_people(at, now)),
        alone=bool(at.sharing.walkers) and at.sharing.alone,
        lets_in=bool(at.sharing.grants or at.sharing.groups)
        or any(named_in(entry, now) for entry in Entry.objects.filter(plan=plan_id).exclude(let_in=[]))
        or Supporter.objects.filter(plan=plan_id, ended_at=None).exists(),
        kept_away=tuple(there.get(whom) or Away(name, "", _press(plan_id, whom)) for whom, name in away.items()),
        members=tuple(one for whom, one in there.items() if isinstance(whom, UUID) and whom not in away),
        groups=tuple(one for whom, one in there.items() if isinstance(whom, Group) and whom not in away),
    )


def _can_be_kept_away(at: Standing, groups: dict[Group, str]) -> dict[UUID | Group, Away]:
    """Everybody in the person's team but themselves, by account, and every group but their own people."""
    plan_id, walking = at.sharing.plan.pk, {walker.user_id for walker in at.sharing.walkers}
    found: dict[UUID | Group, Away] = {}
    team = Membership.objects.filter(team=at.sharing.case.team_id, ended_at=None, user__is_active=True)
    for row in team.exclude(user=at.viewer.pk).select_related("user", "organisation").order_by("user__name", "pk"):
        does = f"{row.role}, {row.organisation.name}"
        if row.user_id in walking:
            does = _("%(does)s. Walks with you.") % {"does": does}
        found[row.user_id] = Away(row.user.name, does, _press(plan_id, row.user_id))
    return found | {
        group: Away(name, "", _press(plan_id, group)) for group, name in groups.items() if group != Group()
    }


def _press(plan_id: UUID, whom: UUID | Group) -> str:
    if isinstance(whom, UUID):
        return reverse("sharing_member", args=[plan_id, whom])
    if whom.sector:
        return reverse("sharing_sector", args=[plan_id, whom.sector])
    return reverse("sharing_organisation", args=[plan_id, whom.organisation_id])


def shared_section(*, plan_id: UUID, section: str, viewer: Any, now: datetime) -> Shared:
    """Who can see one section. Raises NotKnown for a section there is not."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.SHARE)
    if section not in sections.BY_KEY:
        raise NotKnown
    return _shared(at, sections.BY_KEY[section], _groups(at))


def as_they_see_it(*, plan_id: UUID, user_id: UUID, viewer: Any, now: datetime) -> tuple[SeesIt, PlanView]:
    """The plan exactly as somebody sees it now, made by the same function: one who walks with the person, or one they asked.

    For somebody who still waits it is what they will see once it opens. Raises NotKnown for anybody else.
    """
    at = standing(viewer, plan_id, now)
    at.check(Permission.SHARE)
    for sees in _people(at, now):
        if sees.user_id == user_id:
            opens = Supporter.objects.filter(plan=plan_id, user=user_id, ended_at=None, opens_at__gt=now).first()
            sharing = sharing_of(at.sharing.plan, opens.opens_at) if opens and opens.opens_at else at.sharing
            return sees, plan_for(standing_with(User.objects.get(pk=user_id), sharing, now))
    raise NotKnown


def _people(at: Standing, now: datetime) -> list[SeesIt]:
    """Those who walk with the person, and those they asked who said yes."""
    found = [SeesIt(walker.user_id, walker.name, walker.first_name, walker.role) for walker in at.sharing.walkers]
    there = {one.user_id for one in found}
    asked = Supporter.objects.filter(plan=at.sharing.plan, ended_at=None, accepted_at__isnull=False)
    return found + [
        SeesIt(row.user_id, row.name, row.name, row.knows, _opens(row, now))
        for row in asked
        if row.user_id not in there and (row.until is None or row.until > now)
    ]


def _opens(row: Supporter, now: datetime) -> str:
    waits = row.opens_at and row.opens_at > now
    return day_words(timezone.localdate(row.opens_at), timezone.localdate(now)) if waits else ""


def _groups(at: Standing) -> dict[Group, str]:
    """Every group there is, with its name: their own people, the sectors, and the organisations in their team."""
    there = Organisation.objects.filter(memberships__team=at.sharing.case.team_id, memberships__ended_at=None)
    own = [Group(), *(Group(sector) for sector in Sector.values)]
    return {group: whole_group(group, "") for group in own} | {
        Group(organisation_id=pk): whole_group(Group(organisation_id=pk), name)
        for pk, name in there.distinct().order_by("name", "pk").values_list("pk", "name")
    }


def _shared(at: Standing, section: sections.Section, groups: dict[Group, str]) -> Shared:
    can, cannot = who_sees(at.sharing, section.key)
    asked = asked_who_see(at, section.key)
    return Shared(
        key=section.key,
        title=section.title,
        circle=Circle(at.sharing.circles[section.key]),
        opens_past=section.key in at.sharing.opens_past,
        sees_words=sees_words(at, section.key),
        can=tuple(can),
        cannot=tuple(cannot),
        by_name=_by_name(at.sharing, section.key),
        ends={user_id: end for (user_id, key), end in at.sharing.ends.items() if key == section.key},
        groups=tuple(_set_for(at.sharing, section, groups)),
        people=(
            *((walker.user_id, f"{walker.name}, {walker.role}") for walker in can),
            *((one.user_id, one.name) for one in asked),
        ),
        asked=tuple(one.name for one in asked),
    )


def _by_name(sharing: Sharing, section: str) -> dict[UUID, str]:
    let_in = {user: levels[section] for user, levels in sharing.grants.items() if section in levels}
    named = {user: _word(level) for user, level in let_in.items()}
    return named | {shut.user_id: "shut" for shut in sharing.shut if shut.user_id and shut.section == section}


def _set_for(sharing: Sharing, section: sections.Section, groups: dict[Group, str]) -> list[WholeGroup]:
    """Each group that can be let into a section, and whoever was once set for it, with what is set."""
    opened = {one.group: one for one in sharing.groups if one.section == section.key}
    shut = {one.group: one for one in sharing.shut if one.group and one.section == section.key}
    names = {group: name for group, name in groups.items() if section in sections.for_group(group)}
    names |= {one.group: whole_group(one.group, one.organisation) for one in opened.values()}
    names |= {group: whole_group(group, one.name) for group, one in shut.items() if group}
    return [
        WholeGroup(
            group,
            name,
            set="shut" if group in shut else _word(opened[group].level) if group in opened else "",
            until=opened[group].until if group in opened and group not in shut else None,
        )
        for group, name in names.items()
    ]


def _word(level: Level) -> str:
    return "see" if level == Level.SEE else "suggest"
