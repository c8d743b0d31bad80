"""What the person sets about who sees what. In force at once, everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import sections
from cases.models import Entry, LetIn, Plan, PlanSection, ShutOut, Supporter
from cases.permissions import NotKnown, Permission, let_in, named_in, shut_again, standing, take_back_all
from cases.permissions.sharing import Sharing
from cases.sections import Group, Level
from teams.history import record
from teams.models import Membership, Organisation, Sector, User

LEVELS = {"see": Level.SEE, "suggest": Level.SUGGEST}
Chosen = tuple[str, datetime | None]  # "shut", "see", "suggest" or nothing for what the circle gives; and until when


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
def set_entry_circle(
    *,
    plan_id: UUID,
    entry_id: UUID,
    circle: str,
    by: Any,
    now: datetime,
    by_name: dict[UUID, Chosen] | None = None,
) -> Entry:
    """Set who sees one entry: its circle (with none, it is seen as its section is) and, by name, more or less than that.

    ``by_name`` maps an account to "see", "shut" or nothing for what the circle gives, and until when; whoever is not in it
    stays as they are. Only what lets somebody in ends: whoever is kept from it stays so until the person says. It only
    ever narrows: of those who see the section, it says who sees the entry. Raises NotKnown.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    entry = Entry.objects.select_for_update(of=("self",)).filter(pk=entry_id, plan_id=plan_id).first()
    if entry is None:
        raise NotKnown
    there = {*at.sharing.supporters, *(walker.user_id for walker in at.sharing.walkers)}
    chosen = by_name or {}
    if chosen.keys() - there:
        raise NotKnown
    before = (entry.circle, named_in(entry, now), entry.kept_from)
    let_in = {user_id: end for user_id, end in before[1].items() if user_id not in chosen}
    let_in |= {user_id: until for user_id, (picked, until) in chosen.items() if picked == "see"}
    kept_from = {user_id for user_id in entry.kept_from if user_id not in chosen}
    kept_from |= {user_id for user_id, (picked, _until) in chosen.items() if picked == "shut"}
    after = (sections.Circle(circle) if circle else "", let_in, sorted(kept_from))
    if before == after:
        return entry
    entry.circle, entry.kept_from = after[0], after[2]
    entry.let_in = sorted(let_in)
    entry.let_in_until = [let_in[user_id] for user_id in entry.let_in] if any(let_in.values()) else None
    return record(entry, by=by, why="", now=now)


@transaction.atomic
def open_past(*, plan_id: UUID, section: str, opens: bool, by: Any, now: datetime) -> PlanSection:
    """Say whether those who are let into a section later read older words too: those that do not stand there any more."""
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    row = _section(plan_id, section)
    if row.opens_past == opens:
        return row
    row.opens_past = opens
    why = _("Older words can be read too.") if opens else _("Older words are not for those let in later.")
    return record(row, by=by, why=why, now=now)


@transaction.atomic
def share_section(
    *,
    plan_id: UUID,
    section: str,
    circle: str,
    by_name: dict[UUID, Chosen],
    by: Any,
    now: datetime,
    groups: dict[Group, Chosen] | None = None,
    opens_past: bool | None = None,
) -> None:
    """Set at once who sees one section: its circle and, for some people by name and some groups, more or less than that.

    ``by_name`` maps an account of somebody who walks with the person, and ``groups`` a group, to what was chosen.
    Whoever is in neither stays as they are. ``opens_past``: see ``open_past``.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    set_circle(plan_id=plan_id, section=section, circle=circle, by=by, now=now)
    if opens_past is not None:
        open_past(plan_id=plan_id, section=section, opens=opens_past, by=by, now=now)
    for user_id, (chosen, until) in by_name.items():
        place: dict[str, Any] = {"plan_id": plan_id, "section": section, "user_id": user_id, "by": by, "now": now}
        act = shut_out if chosen == "shut" else open_again
        act(**place)
        level = LEVELS.get(chosen, Level.NOTHING)
        had = at.sharing.grants.get(user_id, {}).get(section, Level.NOTHING)
        if level != had or (level and until != at.sharing.ends.get((user_id, section))):
            let_somebody_in(level=level, until=until, **place)
    for group, (chosen, until) in (groups or {}).items():
        place = {"plan_id": plan_id, "section": section, "by": by, "now": now}
        if group.sector or group.organisation_id:
            act = shut_out if chosen == "shut" else open_again
            act(sector=group.sector, organisation_id=group.organisation_id, **place)
        let_group_in(group=group, level=LEVELS.get(chosen, Level.NOTHING), until=until, **place)


@transaction.atomic
def shut_out(
    *,
    plan_id: UUID,
    by: Any,
    now: datetime,
    section: str = "",
    user_id: UUID | None = None,
    sector: str = "",
    organisation_id: int | None = None,
) -> None:
    """Shut one person, one sector or one organisation out of a section; with no section, out of the whole plan.

    It beats whatever lets them in. Out of a section that is somebody who walks with the person; out of the whole plan,
    anybody in their team. Raises NotKnown for anybody else.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    whom = _whom(at.sharing, user_id, Group(sector, organisation_id), whole=not section)
    _row, made = ShutOut.objects.get_or_create(
        plan_id=plan_id,
        section=section,
        user_id=user_id,
        sector=sector,
        organisation_id=organisation_id,
        ended_at=None,
        defaults={"since": now},
    )
    if made:
        no_longer = (
            _("%(name)s can no longer see this.") if section else _("%(name)s can no longer see any of your plan.")
        )
        _record(plan_id, section, by, no_longer % {"name": whom}, now)


@transaction.atomic
def open_again(
    *,
    plan_id: UUID,
    by: Any,
    now: datetime,
    section: str = "",
    user_id: UUID | None = None,
    sector: str = "",
    organisation_id: int | None = None,
) -> None:
    """End what ``shut_out`` did: from now on they see what their circle sees."""
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    whom = _whom(at.sharing, user_id, Group(sector, organisation_id), whole=not section, left=True)
    ended = ShutOut.objects.filter(
        plan_id=plan_id,
        section=section,
        user_id=user_id,
        sector=sector,
        organisation_id=organisation_id,
        ended_at=None,
    ).update(ended_at=now)
    if ended:
        again = _("%(name)s can see this again.") if section else _("%(name)s: no longer kept away.")
        _record(plan_id, section, by, again % {"name": whom}, now)


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
    whom = _whom(at.sharing, user_id, None)
    row, user = _section(plan_id, section), User.objects.get(pk=user_id)
    if level:
        let_in(row, user, level, until, now)
        why = _can_see(whom, until)
    else:
        shut_again(row, user)
        why = _("%(name)s is no longer let in by name.") % {"name": whom}
    _record(plan_id, section, by, why, now)


@transaction.atomic
def let_group_in(
    *,
    plan_id: UUID,
    section: str,
    group: Group,
    level: Level,
    by: Any,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Let a sector, one organisation, or all of their own people into a section, until a moment.

    Of a sector or an organisation it lets in members of the person's own team alone. With Level.NOTHING it ends. Raises
    NotKnown for an organisation that is not in the team, and for a section that is not for this group.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    of_the_group = {"sector": group.sector, "organisation": group.organisation_id}
    there = LetIn.objects.filter(plan_id=plan_id, section=section, ended_at=None, **of_the_group).first()
    whom = _whom(at.sharing, None, group, left=not level)
    if level and sections.BY_KEY[section] not in sections.for_group(group):
        raise NotKnown
    if there:
        if (level, until) == (there.level, there.until):
            return
        there.ended_at = now
        there.save(update_fields=["ended_at"])
    if level:
        goes_on = there is not None and (there.until is None or there.until > now)
        LetIn.objects.create(
            plan_id=plan_id,
            section=section,
            sector=group.sector,
            organisation_id=group.organisation_id,
            level=level,
            since=there.since if there and goes_on else now,
            until=until,
        )
        _record(plan_id, section, by, _can_see(whom, until), now)
    elif there:
        _record(plan_id, section, by, _("%(name)s: no longer let in.") % {"name": whom}, now)


@transaction.atomic
def stop_everybody(*, plan_id: UUID, by: Any, now: datetime) -> None:
    """Take back at once whatever the person gave by name or to a group, and end it with all whom they asked.

    Their circles, and those who are shut out, stay as they are. Nobody is told why.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    take_back_all(at.sharing.plan)
    LetIn.objects.filter(plan=plan_id, ended_at=None).update(ended_at=now)
    Supporter.objects.filter(plan=plan_id, ended_at=None).update(ended_at=now)
    for entry in Entry.objects.select_for_update(of=("self",)).filter(plan=plan_id).exclude(let_in=[]):
        entry.let_in, entry.let_in_until = [], None
        record(entry, by=by, why="", now=now)
    _record(plan_id, "", by, _("Stopped everyone who was let in."), now)


def _can_see(whom: str, until: datetime | None) -> str:
    if until is None:
        return _("%(name)s can see this.") % {"name": whom}
    day = date_format(timezone.localtime(until), "j F")
    return _("%(name)s can see this until %(day)s.") % {"name": whom, "day": day}


def _section(plan_id: UUID, key: str) -> PlanSection:
    row = PlanSection.objects.select_for_update().filter(plan_id=plan_id, key=key).first()
    if row is None:
        raise NotKnown
    return row


def _whom(
    sharing: Sharing, user_id: UUID | None, group: Group | None, *, whole: bool = False, left: bool = False
) -> str:
    """The name of a group, or of somebody who walks with the person: nobody else can be named from their page.

    For the ``whole`` plan it can be anybody in their team too. An organisation is one that has somebody in it; with
    ``left``, it may have had, and so may anybody have been in it.
    """
    members = Membership.objects.filter(team=sharing.case.team_id).filter(Q() if left else Q(ended_at=None))
    if user_id is None and group and group.sector:
        return str(Sector(group.sector).label)
    if user_id is None and group and group.organisation_id:
        found = Organisation.objects.filter(pk=group.organisation_id, memberships__in=members).first()
        if found is None:
            raise NotKnown
        return _("People from %(organisation)s") % {"organisation": found.name}
    if user_id is None and group:
        return _("My people")
    for walker in sharing.walkers:
        if walker.user_id == user_id:
            return walker.name
    member = members.filter(user=user_id).exclude(user=sharing.plan.person.user_id).select_related("user").first()
    if not whole or member is None:
        raise NotKnown
    return member.user.name


def _record(plan_id: UUID, section: str, by: Any, why: str, now: datetime) -> None:
    if section:
        record(_section(plan_id, section), by=by, why=why[:100], now=now)
    else:
        record(Plan.objects.select_for_update().get(pk=plan_id), by=by, why=why[:100], now=now)
