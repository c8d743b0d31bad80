"""What is measured on: a team, people with plans of some sizes, and as many more people as one likes."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from bench.asking import run
from cases import actions
from cases.models import Case, Entry, Person
from cases.sections import SECTIONS, Level
from teams.history import record
from teams.models import Membership, Organisation, Sector, Team, User

WORDS = "Walking by the water in the morning helps, and so does the dog. "
SIZES = (10, 40, 160)


class Place:
    """A team, a member who walks with everybody, and people with plans of some sizes."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.team = Team.objects.create(name="Front door", is_front_door=True)
        organisation = Organisation.objects.create(name="Somewhere", sector=Sector.SECONDARY)
        self.jo = User.objects.create_user(name="Jo Bevan", email="jo@example.org")
        self.main = Membership.objects.create(
            user=self.jo, team=self.team, organisation=organisation, role="nurse", started_at=self.now
        )
        self.plans = {size: self.plan(size) for size in SIZES}
        self.client = signed_in(self.jo)
        run("ANALYZE", {})

    def member(self, name: str, **more: Any) -> Membership:
        user = User.objects.create_user(name=name, email=f"{name.replace(' ', '.')}@example.org")
        organisation = self.main.organisation
        return Membership.objects.create(
            user=user, team=self.team, organisation=organisation, role="nurse", started_at=self.now, **more
        )

    def walks(self, person: Person, name: str) -> User:
        member = self.member(name)
        case = Case.objects.get(person=person)
        case.walks.create(member=member, started_at=self.now, started_by=self.jo)
        return member.user

    def kinds(self, person: Person) -> dict[str, User]:
        """Somebody of every kind who may open this plan."""
        given: dict[str, Any] = {"plan_id": person.plan.pk, "now": self.now}
        by_name = self.walks(person, "By name")
        actions.let_somebody_in(section="mine", user_id=by_name.pk, level=Level.SEE, by=person.user, **given)
        opener = self.member("Opener", may_open=True)
        earlier = self.now - timedelta(days=3)  # whoever says yes waits before they see anything
        link = actions.invite_supporter(
            name="Her brother", sees=["now"], by=person.user, plan_id=person.plan.pk, now=earlier
        )
        actions.accept_support(
            token=link.rstrip("/").rsplit("/", 1)[-1], channel="email", to="brother@example.org", now=earlier
        )
        kinds = {
            "the person": person.user,
            "walks": self.walks(person, "Walks"),
            "by name": by_name,
            "on the huddle": self.member("On the huddle").user,
            "stands beside": User.objects.get(email="brother@example.org"),
        }
        actions.open_in_emergency(why="Their brother rang us", by=opener.user, **given)
        return kinds | {"in an emergency": opener.user}

    def person(self) -> Person:
        person = actions.welcome(
            arrival=actions.Arrival(name="Sam Teller", pace="i_will", told=(("know", WORDS),)), by=None, now=self.now
        )
        case = Case.objects.get(person=person)
        case.walks.create(member=self.main, main=True, started_at=self.now, started_by=self.jo)
        return person

    def plan(self, entries: int) -> Person:
        person = self.person()
        places = [
            (section.key, field.key) for section in SECTIONS if section.key != "mine" for field in section.fields
        ]
        for number in range(entries):
            section, field = places[number % len(places)]
            actions.add_entry(
                plan_id=person.plan.pk,
                section=section,
                field=field,
                words=f"{number}. {WORDS * 2}",
                by=person.user,
                now=self.now,
            )
        # One is changed, as in most plans: whether that may be told is asked once, however many are.
        entry, given = an_entry(person), {"plan_id": person.plan.pk, "by": person.user, "now": self.now}
        actions.change_words(entry_id=entry.pk, words=f"0. {WORDS}", version=entry.version, **given)
        return person


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def an_entry(person: Person) -> Entry:
    return Entry.objects.filter(plan=person.plan, author=person.user).earliest("position")


def rewritten(person: Person, versions: int) -> None:
    """So many new versions of the words of a plan, spread over its entries."""
    entries = list(Entry.objects.filter(plan=person.plan))
    with transaction.atomic():
        for number in range(versions // len(entries)):
            for entry in entries:
                entry.words, entry.version, entry.changed_at = f"{number} {WORDS}", entry.version + 1, timezone.now()
                record(entry, by=person.user, why="", now=entry.changed_at)
    run("VACUUM ANALYZE", {})  # as PostgreSQL does by itself, some minutes after


def crowd(place: Place, people: int, quiet_at: Any) -> None:
    """Many people with a stay each, made by the database as copies of one who came in at the door."""
    pattern = Case.objects.get(person=place.person())
    keys = {"teams_user": pattern.person.user_id, "cases_person": pattern.person_id, "cases_case": pattern.pk}
    fresh = {
        ("teams_user", "id"): "user",
        ("cases_person", "id"): "person",
        ("cases_person", "user_id"): "user",
        ("cases_case", "id"): "case",
        ("cases_case", "person_id"): "person",
    }
    salt = str(random.random())
    with transaction.atomic(), connection.cursor() as cursor:
        for table, key in keys.items():
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
            columns = [name for (name,) in cursor.fetchall()]
            picked = [
                f"md5(n || '{fresh[table, name]}' || %(salt)s)::uuid"
                if (table, name) in fresh
                else "%(quiet_at)s"
                if name == "quiet_at"
                else f't."{name}"'
                for name in columns
            ]
            names = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {', '.join(picked)} "  # noqa: S608 - names of our own columns
                f"FROM {table} t, generate_series(1, %(people)s) n WHERE t.id = %(key)s",
                {"salt": salt, "quiet_at": quiet_at, "people": people, "key": key},
            )
        cursor.execute("ANALYZE cases_case")
