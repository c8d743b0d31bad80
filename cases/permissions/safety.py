"""Who may, to keep somebody safe: who acts first, who reads what a worried person told us, and who what is kept apart."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cases.models import Case, NeededNow, Plan, ShutOut, Worry
from cases.pace import is_working_day
from cases.permissions import NotKnown, Permission, as_member, standing
from cases.permissions.sharing import Sharing, sharing_of, sharings_of
from teams.models import Membership, Team, User
from teams.permissions import membership_in


def check_reads_safety(viewer: Any, plan_id: UUID, now: datetime, *, lock: bool = False) -> tuple[Sharing, Membership]:
    """What is set about a plan, and the membership by which the viewer may read what is kept apart about the person.

    That is their main person, whoever is on duty that day, and those who lead on keeping people safe: these also after
    the person stepped out, which somebody may have made them do. Raises NotKnown for everybody else, for the person
    themselves, and for whom the person shut out of the whole plan.
    """
    sharing, member = as_member(viewer, plan_id, now, lock=lock)
    if not _reads_safety(viewer, sharing, member, now):
        raise NotKnown
    return sharing, member


def check_adds_safety(viewer: Any, plan_id: UUID, now: datetime, *, lock: bool = False) -> Sharing:
    """What is set about a plan, when the viewer may keep something apart about the person, whether or not they may read it.

    That is the person, those who may write down a contact with them, and those who may read it. Raises NotKnown.
    """
    try:
        place = standing(viewer, plan_id, now, lock=lock)
    except NotKnown:
        return check_reads_safety(viewer, plan_id, now, lock=lock)[0]
    if not place.is_person and not place.may(Permission.KEEP_CONTACT):
        return check_reads_safety(viewer, plan_id, now)[0]
    return place.sharing


def reads_safety(viewer: User, plans: Collection[Plan], member: Membership, now: datetime) -> set[UUID]:
    """The plans, among some, about which a member may read what is kept apart."""
    found = sharings_of(plans, now) if plans else {}
    return {plan_id for plan_id, sharing in found.items() if _reads_safety(viewer, sharing, member, now)}


def _reads_safety(viewer: User, sharing: Sharing, member: Membership, now: datetime) -> bool:
    if sharing.plan.person.user_id == viewer.pk or sharing.case.team_id != member.team_id:
        return False
    if sharing.shuts_out(member):
        return False
    main = any(walker.main and walker.user_id == viewer.pk for walker in sharing.walkers)
    on_duty = is_on_duty(member, timezone.localdate(now))
    return member.safeguards or (sharing.case.state != Case.State.OPEN_DOOR and (main or on_duty))


def is_on_duty(member: Membership, day: date) -> bool:
    return is_working_day(day) and day.weekday() in member.duty_days


def who_acts(team: Team, day: date) -> list[Membership]:
    """Who acts first that day when somebody may be in danger: those on duty, or else those who say first hellos."""
    members = Membership.objects.filter(team=team, ended_at=None, user__is_active=True)
    members = members.select_related("user", "organisation").order_by("user__name", "pk")
    on_duty = members.filter(duty_days__contains=[day.weekday()]) if is_working_day(day) else members.none()
    return list(on_duty) or list(members.filter(says_hello=True))


def check_needed(viewer: Any, needed_id: UUID, *, lock: bool = False) -> tuple[NeededNow, Membership]:
    """Somebody who may be in danger, and the membership by which the viewer may say that they have it.

    Raises NotKnown for another team, and for whom the person shut out of their whole plan.
    """
    rows = NeededNow.objects.select_related("case__person")
    if lock:
        rows = rows.select_for_update(of=("self",))
    needed = rows.filter(pk=needed_id).first()
    if needed is None:
        raise NotKnown
    member = membership_in(viewer, needed.case.team_id)
    if ShutOut.objects.filter(
        Q(user=viewer.pk) | Q(sector=member.organisation.sector) | Q(organisation=member.organisation_id),
        plan__person=needed.case.person_id,
        section="",
        ended_at=None,
    ).exists():
        raise NotKnown
    return needed, member


def check_worry(viewer: Any, worry_id: UUID, now: datetime, *, lock: bool = False) -> tuple[Worry, Membership]:
    """What somebody who is worried told us, and the membership by which the viewer may read it and see to it.

    It is for the whole team until it is linked to a person; then for those who walk with them, and for who has it.
    Raises NotKnown for everybody else, and for that person.
    """
    rows = Worry.objects.select_related("plan__person__user", "taken_by__user", "done_by__user")
    if lock:
        rows = rows.select_for_update(of=("self",))
    worry = rows.filter(pk=worry_id).first()
    if worry is None:
        raise NotKnown
    member = membership_in(viewer, worry.team_id)
    if worry.plan is not None:
        sharing = sharing_of(worry.plan, now)
        walks = viewer.pk in {walker.user_id for walker in sharing.walkers}
        has_it = worry.taken_by_id == member.pk
        shut_out = sharing.shuts_out(member)
        if shut_out or worry.plan.person.user_id == viewer.pk or not (walks or has_it):
            raise NotKnown
    return worry, member
