"""What the huddle heard and decided about one person."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from cases.actions.contacts import when_quiet
from cases.actions.huddle import BEGINS_NOW
from cases.models import Case, HuddleItem, Voice
from cases.pace import add_working_days
from teams.models import Sector, User

if TYPE_CHECKING:
    from frontdoor.town.lives import Life


class Heard:
    """Each time one person was on the agenda, and what the team decided."""

    def __init__(self, life: Life) -> None:
        self.life, self.place, self.rows = life, life.place, life.rows

    def put_on_agenda(self, kind: str, at: datetime, by: User | None, why: str = "") -> HuddleItem:
        item = self.rows.add(HuddleItem(case=self.life.case, kind=kind, put_on_at=at, brought_by=by, why=why))
        self.life.items.append(item)
        return item

    def tell(self, told: dict[str, Any], number: int) -> None:
        day = self.life.first_huddle
        if number:
            back = self.life.back_at if self.life.back_at and told["ago"] <= self.life.told["back"]["ago"] else None
            first = back.date() if back else self.life.came_at.date() + timedelta(days=1)
            day = self.place.huddle_day(told["ago"], first)
        assert day is not None
        at = self.place.moment(day, time(9, 16 + self.life.dice.randint(0, 30)))
        self.life.events.append((self.life.within(at, told["ago"]), 1, lambda moment: self._decide(told, day, moment)))

    def _decide(self, told: dict[str, Any], day: date, at: datetime) -> None:
        huddle = self.place.huddle_on(day)
        who = self.place.members[told["who"]] if told["who"] else None
        chair = huddle.chair
        assert chair is not None
        if not self.life.may_know(chair.organisation.sector):
            chair = who or chair
        item = self.life.items[-1]
        if item.decided_at:  # nothing was waiting: one of us, or the clock, brought them
            brought = None if told["kind"] == HuddleItem.Kind.QUIET or who is None else who.user
            item = self.put_on_agenda(told["kind"], at - timedelta(hours=self.life.dice.randint(1, 18)), brought)
        item.kind = told["kind"]
        item.huddle, item.heard_at = huddle, at - timedelta(minutes=4)
        item.decision, item.we_heard = told["decision"], told["heard"]
        item.first_step, item.because = told["step"], told["because"]
        item.who, item.stand_in = who, self.place.members[told["stand_in"]] if told["stand_in"] else None
        item.how, item.other_view = told["way"], told["other_view"]
        item.by_when = add_working_days(day + timedelta(days=told["by"]), 0)
        item.decided_at, item.decided_by = at, chair.user
        self._voices(item, day)
        if who:
            for walk in self.life.walks.values():
                walk.main = False
            self.life.walk(who, at=at, by=chair.user).main = True
        if item.stand_in and item.decision == HuddleItem.Decision.TWO:
            self.life.walk(item.stand_in, at=at, by=chair.user)
        self.life.case.hello_by = item.by_when
        when_quiet(self.life.case)
        if item.decision in BEGINS_NOW:
            self.life.case.state = Case.State.WALKING
        self.rows.keep(self.life.case, at=at, by=chair.user, why="the team decided", member=chair)
        how = item.how if item.how in {"text", "email"} else ""
        name = who.user.first_name if who else ""
        self.life.message("decided", str(item.pk), at, worker=name, how=how, day=item.by_when)

    def _voices(self, item: HuddleItem, day: date) -> None:
        """Each sector that may know of this person speaks, passes, or is asked afterwards."""
        said = [Voice.State.SPOKE, Voice.State.SPOKE, Voice.State.TYPED, Voice.State.PASSED, Voice.State.ASK_AFTER]
        for number, sector in enumerate(Sector.values):
            if self.life.may_know(sector):
                speaks = item.who and item.who.organisation.sector == sector
                state = Voice.State.SPOKE if speaks else said[(day.toordinal() + number) % len(said)]
                self.rows.add(Voice(item=item, sector=sector, state=state))
