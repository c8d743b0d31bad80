"""What can be seen of a team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from teams.models import Invitation, Membership, Organisation, Sector, Weekday
from teams.permissions import NotKnown, check_leads, membership_of
from teams.tokens import digest


@dataclass(frozen=True)
class Member:
    id: UUID
    name: str
    role: str
    organisation: str
    says_hello: bool
    leads: bool
    may_open: bool
    safeguards: bool
    duty: tuple[str, ...]  # the names of the days
    is_you: bool
    may_set_rota: bool


@dataclass(frozen=True)
class InSector:
    """The members who come from one sector; a sector with nobody yet is shown too."""

    label: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class OpenInvitation:
    name: str
    role: str
    organisation: str
    invited_by: str
    expires_at: datetime


@dataclass(frozen=True)
class TeamPage:
    id: int
    name: str
    leads: bool
    sectors: tuple[InSector, ...]
    invitations: tuple[OpenInvitation, ...]
    organisations: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class InvitationSeen:
    name: str
    team: str
    role: str
    organisation: str
    invited_by: str


def team_page(*, viewer: Any, now: datetime) -> TeamPage:
    """The viewer's team: who is in it, who says hello, and, for those who lead, who was invited. Raises NotAMember."""
    mine = membership_of(viewer)
    memberships = (
        Membership.objects.filter(team=mine.team_id, ended_at=None)
        .select_related("user", "organisation")
        .order_by("user__name", "id")
    )
    by_sector: dict[str, list[Member]] = {}
    for row in memberships:
        is_you = row.user_id == mine.user_id
        by_sector.setdefault(row.organisation.sector, []).append(
            Member(
                id=row.pk,
                name=row.user.name,
                role=row.role,
                organisation=row.organisation.name,
                says_hello=row.says_hello,
                leads=row.leads,
                may_open=row.may_open,
                safeguards=row.safeguards,
                duty=tuple(str(Weekday(day).label) for day in row.duty_days),
                is_you=is_you,
                may_set_rota=is_you or mine.leads,
            )
        )
    return TeamPage(
        id=mine.team_id,
        name=mine.team.name,
        leads=mine.leads,
        sectors=tuple(InSector(str(sector.label), tuple(by_sector.get(sector, ()))) for sector in Sector),
        invitations=_open_invitations(mine.team_id, now) if mine.leads else (),
        organisations=tuple(Organisation.objects.order_by("name").values_list("pk", "name")) if mine.leads else (),
    )


def _open_invitations(team_id: int, now: datetime) -> tuple[OpenInvitation, ...]:
    rows = Invitation.objects.filter(team=team_id, accepted_at=None, expires_at__gt=now)
    return tuple(
        OpenInvitation(row.name, row.role, row.organisation.name, row.invited_by.name, row.expires_at)
        for row in rows.select_related("organisation", "invited_by").order_by("-invited_at")
    )


@dataclass(frozen=True)
class DutyPage:
    name: str
    days: tuple[int, ...]


def duty_page(*, viewer: Any, member_id: UUID) -> DutyPage:
    """On which days a member is on duty, for those who lead their team; raises NotAMember, NotALead or NotKnown."""
    mine = membership_of(viewer)
    check_leads(viewer, mine.team_id)
    member = Membership.objects.filter(pk=member_id, team=mine.team_id, ended_at=None).select_related("user").first()
    if member is None:
        raise NotKnown
    return DutyPage(member.user.name, tuple(member.duty_days))


def member_name(*, viewer: Any, member_id: UUID) -> str:
    """The name of a member of a team that the viewer leads; raises NotKnown."""
    mine = membership_of(viewer)
    member = (
        Membership.objects.filter(pk=member_id, team=mine.team_id, ended_at=None).select_related("user").first()
        if mine.leads
        else None
    )
    if member is None:
        raise NotKnown
    return member.user.name


def invitation(*, token: str, now: datetime) -> InvitationSeen | None:
    """What an invitation says to whoever holds its link; None when it was used, or is too old, or was never one."""
    row = (
        Invitation.objects.filter(token_digest=digest(token), accepted_at=None, expires_at__gt=now)
        .select_related("team", "organisation", "invited_by")
        .first()
    )
    if row is None:
        return None
    return InvitationSeen(row.name, row.team.name, row.role, row.organisation.name, row.invited_by.name)
