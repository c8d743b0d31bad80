"""What can be seen of a team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from teams.models import Invitation, Membership, Organisation, Sector, Typed, Weekday
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
    is_front_door: bool
    leads: bool
    sectors: tuple[InSector, ...]
    invitations: tuple[OpenInvitation, ...]
    organisations: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class TypedView:
    """What somebody typed, for them alone."""

    id: UUID
    path: str
    page: str
    fields: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    typed_at: datetime
    until: datetime


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
        is_front_door=mine.team.is_front_door,
        leads=mine.leads,
        sectors=tuple(InSector(str(sector.label), tuple(by_sector.get(sector, ()))) for sector in Sector),
        invitations=_open_invitations(mine.team_id, now) if mine.leads else (),
        organisations=tuple(Organisation.objects.order_by("name", "pk").values_list("pk", "name"))
        if mine.leads
        else (),
    )


def _open_invitations(team_id: int, now: datetime) -> tuple[OpenInvitation, ...]:
    rows = Invitation.objects.filter(team=team_id, accepted_at=None, expires_at__gt=now)
    return tuple(
        OpenInvitation(row.name, row.role, row.organisation.name, row.invited_by.name, row.expires_at)
        for row in rows.select_related("organisation", "invited_by").order_by("-invited_at", "-pk")
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


def words_of(values: Iterable[str]) -> tuple[str, ...]:
    """Of what a form sends, the words: there are two at the least. What else it sends is a pick, or a mark of ours."""
    return tuple(value for value in values if len(value.split()) > 1)


def typed(*, viewer: Any, now: datetime) -> tuple[TypedView, ...]:
    """What the viewer typed in pages that were open longer than their visit, the oldest first."""
    return tuple(
        TypedView(
            id=kept.pk,
            path=kept.path,
            page=kept.page,
            fields=tuple((name, value) for name, value in kept.fields),
            words=words_of(value for _name, value in kept.fields),
            typed_at=kept.typed_at,
            until=kept.typed_at + Typed.LASTS,
        )
        for kept in Typed.objects.filter(account=viewer.pk, typed_at__gt=now - Typed.LASTS)
    )
