"""Real rows for tests, made as the service makes them: people come in at the door, and members walk with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from cases.actions import Arrival, welcome
from cases.models import Case, Person, Walk
from teams.models import Membership, Organisation, Sector, Team, User

# A Tuesday morning with working days all round it.
NOW = datetime(2026, 3, 10, 10, 0, tzinfo=ZoneInfo("Europe/London"))

_number = count(1)


def make_team(*, name: str = "Saltmere front door", is_front_door: bool = True) -> Team:
    """The team called ``name``; made the first time it is asked for."""
    return Team.objects.get_or_create(name=name, defaults={"is_front_door": is_front_door})[0]


def make_organisation(*, name: str, sector: str) -> Organisation:
    return Organisation.objects.get_or_create(name=name, defaults={"sector": sector})[0]


def make_member(
    *,
    name: str = "Jo Bevan",
    sector: str = Sector.SECONDARY,
    role: str = "nurse",
    leads: bool = False,
    says_hello: bool = True,
    team: Team | None = None,
    organisation: Organisation | None = None,
    now: datetime = NOW,
) -> Membership:
    """Somebody new in a team (the front door's own, unless told), on behalf of an organisation of their sector."""
    user = User.objects.create_user(name=name, email=f"member{next(_number)}@example.org")
    return Membership.objects.create(
        user=user,
        team=team or make_team(),
        organisation=organisation or make_organisation(name=f"Somewhere {sector}", sector=sector),
        role=role,
        leads=leads,
        says_hello=says_hello,
        started_at=now - timedelta(days=400),
    )


def make_person(*, name: str = "Sam", now: datetime = NOW, by: Any = None, **arrival: Any) -> Person:
    """Somebody who came in at the front door at ``now``; ``arrival`` is what they said (see cases.actions.Arrival)."""
    make_team()
    return welcome(arrival=Arrival(name=name, **arrival), by=by, now=now)


def walk(person: Person, member: Membership, *, main: bool = True, now: datetime = NOW) -> Walk:
    """Let a member walk with somebody, as if the huddle had decided so some time ago."""
    case = Case.objects.filter(person=person).latest("came_at")
    return Walk.objects.create(case=case, member=member, main=main, started_at=now, started_by=member.user)


def signed_in(user: Any) -> Client:
    """A browser in which somebody has signed in."""
    client = Client()
    client.force_login(user)
    return client
