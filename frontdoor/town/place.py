"""The town itself: its team, who is in it, and the days on which it meets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from cases.pace import is_working_day
from frontdoor.actions import take_in_questions
from frontdoor.town.rows import Rows
from teams.models import Huddle, Membership, Organisation, Seat, Sector, Team, User

HUDDLE_BEGINS, HUDDLE_ENDS = time(9, 15), time(9, 50)


class Place:
    """The town's team, its members by key, and its huddles by day."""

    def __init__(self, told: dict[str, Any], rows: Rows, now: datetime) -> None:
        self.rows, self.now = rows, timezone.localtime(now)
        self.worries: list[dict[str, Any]] = told["worry"]
        self.today = self.now.date()
        self.team = Team.objects.create(name=told["team"], is_front_door=True)
        self.questions = take_in_questions(now=now)
        self.organisations = {key: Organisation.objects.create(**it) for key, it in told["organisation"].items()}
        self.members = {
            key: self._member(it, self.team, self.organisations[it["organisation"]])
            for key, it in told["member"].items()
        }
        other = told["elsewhere"]
        self._member(
            other, Team.objects.create(name=other["team"]), Organisation.objects.create(**other["organisation"])
        )
        self.chairs = [self.members["kit"], self.members["ruth"]]
        self.huddles: dict[date, Huddle] = {}

    def _member(self, it: dict[str, Any], team: Team, organisation: Organisation) -> Membership:
        words = [word.lower() for word in it["name"].split() if word != "Dr"]
        user = self.rows.add(User(name=it["name"], email=f"{'.'.join(words)}@example.org"))
        user.set_unusable_password()
        return self.rows.add(
            Membership(
                user=user,
                team=team,
                organisation=organisation,
                role=it["role"],
                leads=it.get("leads", False),
                says_hello=it.get("says_hello", False),
                duty_days=it.get("duty_days", []),
                safeguards=it.get("safeguards", False),
                may_open=it.get("may_open", False),
                started_at=self.now - timedelta(days=900),
            )
        )

    def moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.now.tzinfo)

    def huddle_day(self, ago: float, came: date) -> date:
        """The working day nearest to so many days ago that is not before somebody came, and not still to come."""
        wanted = self.today - timedelta(days=int(ago))
        near = sorted(range(-4, 5), key=lambda days: (abs(days), -days))
        days = [wanted + timedelta(days=add) for add in near]
        return next((day for day in days if is_working_day(day) and came <= day < self.today), wanted)

    def huddle_on(self, day: date) -> Huddle:
        if day not in self.huddles:
            self.huddles[day] = self.rows.add(
                Huddle(
                    team=self.team,
                    on=day,
                    began_at=self.moment(day, HUDDLE_BEGINS),
                    ended_at=self.moment(day, HUDDLE_ENDS),
                    chair=self.chairs[day.toordinal() % len(self.chairs)],
                )
            )
        return self.huddles[day]

    def seat_everybody(self) -> None:
        """Hold a huddle on every working day until yesterday. Somebody is always missing, and is asked afterwards."""
        day = min(self.huddles, default=self.today)
        while day < self.today:
            if is_working_day(day):
                self.huddle_on(day)
            day += timedelta(days=1)
        for day, huddle in self.huddles.items():
            for number, sector in enumerate(Sector.values):
                of_sector = [m for m in self.members.values() if m.organisation.sector == sector]
                here: list[Membership | None] = [
                    m for place, m in enumerate(of_sector) if (day.toordinal() + number + place) % 4
                ]
                if huddle.chair and huddle.chair not in here and huddle.chair in of_sector:
                    here.append(huddle.chair)
                for member in here or [None]:
                    self.rows.add(Seat(huddle=huddle, sector=sector, member=member))
