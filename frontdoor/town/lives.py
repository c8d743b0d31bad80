"""One life in the town, played from its first day to now by the rules that the actions follow."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from cases import reach
from cases.actions.contacts import when_quiet
from cases.actions.messages import CHANNEL_OF
from cases.models import (
    Avoid,
    Case,
    Contact,
    HuddleItem,
    NeededNow,
    Person,
    Plan,
    ReachingOut,
    Story,
    Walk,
    Way,
)
from cases.pace import Pace, is_working_day, promise_by, weekday_or_date
from frontdoor import codes
from frontdoor.models import Conversation
from frontdoor.town.huddles import Heard
from frontdoor.town.place import Place
from frontdoor.town.plans import Written
from frontdoor.town.shared import Shared
from teams.models import Huddle, Membership, Message, User

SENDING_HOURS = range(9, 19)


class Life:
    """One person's time with the team, played day by day."""

    def __init__(self, place: Place, told: dict[str, Any]) -> None:
        self.place, self.rows, self.told, self.now = place, place.rows, told, place.now
        self.dice = random.Random(told["key"])  # noqa: S311 - the same town on every machine
        self.events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.walks: dict[Membership, Walk] = {}
        self.quiet: list[ReachingOut] = []
        self.items: list[HuddleItem] = []
        self.contacts: list[Contact] = []
        self.written, self.heard, self.shared = Written(self), Heard(self), Shared(self)
        self.first_huddle = self._first_huddle()
        self.out_at = self._day_of("out", time(16, 30))
        self.back_at = self._day_of("back", time(8, 10))

    # -- Days

    def _first_huddle(self) -> date | None:
        huddles = self.told.get("huddle", [])
        came = self.place.today - timedelta(days=int(self.told["came"]))
        return self.place.huddle_day(huddles[0]["ago"], came) if huddles else None

    def _day_of(self, what: str, at: time) -> datetime | None:
        return self.at(self.told[what]["ago"], at) if what in self.told else None

    def at(self, ago: float, at: time | None = None) -> datetime:
        """The moment so many days ago: at an hour of the day, or exactly when it is a fraction of a day."""
        if ago < 1 or ago != int(ago):
            return self.now - (timedelta(days=ago) if ago else timedelta(minutes=self.dice.randint(10, 50)))
        at = at or time(self.dice.randint(10, 16), self.dice.randint(0, 59))
        return self.place.moment(self.place.today - timedelta(days=int(ago)), at)

    def within(self, moment: datetime, ago: float) -> datetime:
        """The same moment, kept on its own side of coming, of stepping out and of coming back, and before now."""
        soon = timedelta(minutes=self.dice.randint(4, 30))
        moment = max(moment, self.came_at + soon)
        if self.out_at:  # what happened on the last day came before stepping out, ...
            before = ago >= self.told["out"]["ago"]
            moment = min(moment, self.out_at - soon) if before else max(moment, self.out_at + soon)
        if self.back_at:  # ... and what happened on the day of coming back came after
            before = ago > self.told["back"]["ago"]
            moment = min(moment, self.back_at - soon) if before else max(moment, self.back_at + soon)
        return min(moment, self.now - timedelta(minutes=1))

    def working(self, moment: datetime, ago: float) -> datetime:
        """A member's own moment: moved off the weekend to the Friday or Monday beside it, where life leaves room."""
        if not is_working_day(moment.date()) and ago >= 1:
            for days in (-1, 1, -2, 2, -3, 3, -4, 4):
                other = moment + timedelta(days=days)
                if is_working_day(other.date()) and self.within(other, ago) == other:
                    return other
        return moment

    # -- The whole of it

    def play(self) -> None:
        """Play the life up to now, and leave every row of it in ``rows``."""
        self._come_in()
        for told in self.told.get("entry", []):
            self.written.tell(told)
        self.written.tell_ratings()
        self.shared.tell()
        for told in self.told.get("contact", []):
            self._plan_contact(told)
        for number, told in enumerate(self.told.get("huddle", [])):
            self.heard.tell(told, number)
        if self.out_at:
            self.events.append((self.out_at, 8, self._step_out))
        if self.back_at:
            self.events.append((self.back_at, 0, self._come_back))
        if self.told["leave_until"]:
            last = max(moment for moment, order, _do in self.events if order == 2)
            self.events.append((min(last + timedelta(days=1), self.now), 3, self._leave_me_be))
        for moment, _order, happen in sorted(self.events, key=lambda event: event[:2]):
            self.notice(moment)
            happen(moment)

    # -- Coming in

    def _come_in(self) -> None:
        told = self.told
        at = self.at(told["came"], time(self.dice.randint(10, 20), self.dice.randint(0, 59)))
        if self.first_huddle:  # a huddle can only speak of somebody who has come
            at = min(at, self.place.moment(self.first_huddle, time(8, self.dice.randint(2, 50))))
        self.came_at = at
        self.user = self.rows.add(User(name=told["name"]))
        self.user.set_unusable_password()
        by = self.place.members[told["typed_by"]].user if told["typed_by"] else self.user
        self.person = self.rows.keep(
            Person(user=self.user, name_used=told["name"], say_it=told["say_it"]), at=at, by=by
        )
        self._tell("know", told["said"], by=by, at=at)
        self.plan = self.rows.keep(Plan(person=self.person, begun_at=at), at=at, by=by)
        self.shared.begin(at, by)
        self._keep_ways(by, at)
        if told["said"].strip() and not told.get("entry"):
            self.written.begin_with("now", "words", told["said"], at)
        for need in told["needs"]:
            self.written.begin_with("talk", "needs", need, at)
        self.case = Case(
            person=self.person,
            team=self.place.team,
            pace=told["soon"],
            topics=told["topics"],
            came_at=at,
            came_via=told["door"],
            hello_by=promise_by(told["soon"], at),
        )
        when_quiet(self.case)
        self.rows.keep(self.case, at=at, by=by, why="came in")
        first = HuddleItem.Kind.TODAY if told["soon"] in {Pace.TODAY, Pace.NOT_SAFE} else HuddleItem.Kind.NEW
        self.heard.put_on_agenda(first, at, by)
        if told["soon"] == Pace.NOT_SAFE:
            self.rows.add(NeededNow(case=self.case, why=NeededNow.Why.SAID, since=at))
        self.message("thanks", str(self.case.pk), at, day=self.case.hello_by)
        self._conversation(by, at)

    def _tell(self, question: str, words: str, *, by: User, at: datetime) -> None:
        if words.strip():
            via = self.told["door"] if question == "know" else "own_phone"
            self.rows.add(Story(person=self.person, question=question, words=words, typed_by=by, via=via, told_at=at))

    def _keep_ways(self, by: User, at: datetime) -> None:
        self.ways = [
            self.rows.keep(
                Way(
                    person=self.person,
                    kind=way["kind"],
                    to=way["to"],
                    times=way["times"],
                    others=way["others"],
                    say_who=way["say_who"],
                    leave_message=way["message"],
                    only_words=way["only_words"],
                    word=way["word"],
                    note=way["note"],
                    position=position,
                ),
                at=at,
                by=by,
            )
            for position, way in enumerate(self.told.get("way", []))
        ]
        if self.told["avoid"]:
            self.rows.keep(Avoid(person=self.person, words=self.told["avoid"]), at=at, by=by)

    def _conversation(self, by: User, at: datetime) -> None:
        conversation = Conversation(
            script_version_id=self.place.questions,
            via=self.told["door"],
            typed_by=None if by == self.user else by,
            began_at=at - timedelta(minutes=self.dice.randint(6, 40)),
            touched_at=at,
            sent_at=at,
            person=self.person,
        )
        conversation.code_digest = codes.digest(codes.code(conversation.pk, 0))
        self.rows.add(conversation)

    # -- Contacts

    def _plan_contact(self, told: dict[str, Any]) -> None:
        at = self.within(self.at(told["ago"]), told["ago"])
        if told["from"] == "us":
            at = self.working(at, told["ago"])
        self.events.append((at, 2, lambda moment: self._contact(told, moment)))

    def _contact(self, told: dict[str, Any], at: datetime) -> None:
        member = None if told["way"] == "online" else self.place.members[told["who"]]
        by = member.user if member else self.user
        contact = self.rows.add(
            Contact(
                case=self.case,
                at=at,
                way=told["way"],
                from_them=told["from"] == "them",
                went=told["went"],
                words=told["words"],
                member=member,
                written_by=by,
                written_at=min(at + timedelta(minutes=self.dice.randint(3, 200) if member else 0), self.now),
            )
        )
        self.contacts.append(contact)
        if member:
            self.shared.look(member, at)
        walks = [self.told["named"], *self.told["also"]]
        if member and told["who"] in walks and self.items[0].decided_at and self.case.ended_at is None:
            self.walk(member, at=at, by=by)
        if contact.went == Contact.Went.BOTH and self.case.ended_at is None:
            self._in_touch(contact, by, member, at)

    def _in_touch(self, contact: Contact, by: User, member: Membership | None, at: datetime) -> None:
        case, first = self.case, self.case.last_both_at is None
        case.last_both_at = at
        if member:  # what was promised is kept
            case.state, case.hello_by = Case.State.WALKING, None
        when_quiet(case)
        self.rows.keep(case, at=at, by=by, why="were in touch", member=member)
        self._found(at, contact)
        for item in self.items if member else []:
            if item.decided_at and item.kept_at is None:
                item.kept_at = at
        if first and member and self.told["named"]:
            case.rhythm_days, case.rhythm_agreed_at = self.told["rhythm"] or None, at + timedelta(minutes=1)
            when_quiet(case)
            self.rows.keep(case, at=case.rhythm_agreed_at, by=by, why="agreed the rhythm", member=member)

    def _leave_me_be(self, at: datetime) -> None:
        self.case.leave_until = self.place.today + timedelta(days=self.told["leave_until"])
        self._contact({"way": "online", "from": "them", "went": "both", "words": ""}, at)

    def quiet_since(self, until: datetime) -> datetime | None:
        """The moment before ``until`` at which they have gone quiet, if nobody has noticed yet."""
        since = self.case.quiet_at
        return since if since and since <= until and all(window.since != since for window in self.quiet) else None

    def notice(self, until: datetime) -> None:
        """Notice that they have gone quiet before ``until``, as the clock would have within minutes."""
        if since := self.quiet_since(until):
            noticed = ReachingOut(case=self.case, since=since, noticed_at=min(since + timedelta(minutes=2), until))
            self.quiet.append(self.rows.add(noticed))

    def _found(self, at: datetime, contact: Contact | None) -> None:
        for window in self.quiet:
            if window.found_at is None:
                window.found_at, window.found_in = at, contact

    def may_know(self, sector: str) -> bool:
        """Whether the person let this sector see anything of theirs."""
        return sector not in self.told["exclude"]

    def walk(self, member: Membership, *, at: datetime, by: User) -> Walk:
        if member not in self.walks:
            self.walks[member] = self.rows.add(Walk(case=self.case, member=member, started_at=at, started_by=by))
        return self.walks[member]

    # -- Out, and back

    def _step_out(self, at: datetime) -> None:
        told, case = self.told["out"], self.case
        case.state, case.ended_at, case.ended_how = Case.State.OPEN_DOOR, at, told["how"]
        member = None
        if told["how"] == Case.How.TOLD:
            case.said_in = [contact for contact in self.contacts if contact.went == Contact.Went.BOTH][-1]
            member = case.said_in.member
        case.ended_by = member.user if member else self.user
        case.parting_words, case.keep_hello, case.quiet_at = told["words"], told["keep_hello"], None
        self.rows.keep(case, at=at, by=case.ended_by, why="stepped out", member=member)
        self._settle_main()
        for walk in self.walks.values():
            walk.ended_at = at
        self._found(at, case.said_in)

    def _come_back(self, at: datetime) -> None:
        before, words = self.case, self.told["back"]["words"]
        self.case = Case(
            person=self.person,
            team=self.place.team,
            pace=Pace.DAYS,
            topics=before.topics,
            came_at=at,
            came_via="own_phone",
            came_back_from=before,
            hello_by=promise_by(Pace.TODAY, at),
            rhythm_days=before.rhythm_days,
        )
        when_quiet(self.case)
        self.rows.keep(self.case, at=at, by=self.user, why="came back")
        self.quiet, known, self.walks = [], self.walks, {}
        for member, walk in known.items():
            self.walk(member, at=at, by=self.user).main = walk.main
        self._tell("back", words, by=self.user, at=at)
        self.heard.put_on_agenda(HuddleItem.Kind.BACK, at, self.user, why=words[:500])
        self.message("back", str(self.case.pk), at, day=self.case.hello_by)

    def _settle_main(self) -> None:
        """Whoever the town names is the main person; those who only said a first hello have moved on."""
        if not self.told["named"]:
            return
        walks = [self.place.members[key] for key in [self.told["named"], *self.told["also"]]]
        for member in [member for member in self.walks if member not in walks]:
            walk = self.walks.pop(member)
            walk.main, walk.ended_at = False, min(walk.started_at + timedelta(days=21), self.case.ended_at or self.now)
        first = self.items[0]
        assert first.decided_at is not None
        assert first.decided_by is not None
        for member in walks:
            self.walk(member, at=first.decided_at, by=first.decided_by).main = member is walks[0]

    def settle(self, agenda: Huddle) -> None:
        """What is true at the end: who walks with them, and what waits for the next huddle."""
        if self.case.ended_at is None:
            self._settle_main()
        for item in self.items:
            if item.decided_at is None and self.case.ended_at is None:
                item.huddle = agenda

    # -- Messages

    def message(
        self, about: str, key: str, at: datetime, *, worker: str = "", how: str = "", day: date | None = None
    ) -> None:
        """What was written to them then, and what their rules made of it."""
        kinds = [how] if how else list(CHANNEL_OF)
        way = next((way for way in self.ways if way.kind in kinds and way.kind in CHANNEL_OF), None)
        if way is None:
            return
        main = next((member for member, walk in self.walks.items() if walk.main), None)
        rota = [m for m in self.place.members.values() if m.says_hello and self.may_know(m.organisation.sector)]
        first = main or min(rota, key=lambda member: member.user.name)
        worker = worker or first.user.first_name
        said = weekday_or_date(day, at.date()) if day else ""
        message = Message(
            key=f"{about}:{key}",
            channel=CHANNEL_OF[Way.Kind(way.kind)],
            recipient=self.user,
            to=way.to,
            subject=f"Hello from {worker}",
            body=reach.words_for(about, name=self.user.first_name, worker=worker, day=said),
            written_at=at,
            due_at=at,
        )
        outcome = reach.decide(way, message.body, at, hours=SENDING_HOURS)
        if isinstance(outcome, reach.Wait) and outcome.until < self.now:
            message.due_at = outcome.until
            outcome = reach.decide(way, message.body, outcome.until, hours=SENDING_HOURS)
        match outcome:
            case reach.Send(to, body):
                message.to, message.body = to, body
                message.state, message.claimed_at = Message.State.SENT, message.due_at
                message.sent_at = message.due_at + timedelta(seconds=4)
            case reach.Wait(until):
                message.due_at = until
            case reach.Hold(because):
                message.state, message.held_because = Message.State.HELD, str(because)
        self.rows.add(message)
