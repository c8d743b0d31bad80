"""Saying more: what the person answers after their first hello, each answer in its place in the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.actions.agenda import put_on_agenda
from cases.actions.arriving import come_back
from cases.actions.contacts import talk_soon
from cases.actions.needed import lift
from cases.actions.plan import LONGEST
from cases.models import Case, Entry, HuddleItem, NeededNow
from cases.pace import Pace
from cases.permissions import Permission, Standing, standing
from cases.sections import RANK, narrowest
from teams.history import record

BETWEEN = "\n\n"  # what was said at two times, in one entry


@dataclass(frozen=True)
class Seen:
    """How far an answer had come when it was read: a number that grows with each change, and who could see each box."""

    turn: int
    circles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """One answer. ``words`` are its boxes, each of LONGEST letters at most; an empty box is taken out, None leaves all.

    ``seen`` is what was read before answering (see ``seen_of``); None when nothing was shown. ``usual`` is the circle that
    a new entry begins with, ``circle`` the one that was chosen for new and old alike (None: none was).
    """

    asked: str
    section: str
    field: str
    words: tuple[str, ...] | None = ()
    asked_as: str = ""
    picked: tuple[str, ...] = ()
    area: str = ""
    usual: str = ""
    circle: str | None = None
    importance: str = ""
    help_wanted: str = ""
    seen: Seen | None = None


@dataclass(frozen=True)
class Telling:
    """What one page of the longer conversation holds, ready for the plan. ``adds``: beside what was said, never over it."""

    told: tuple[Told, ...] = ()
    adds: bool = False
    call_today: bool = False
    at_huddle: str = ""
    lifted: bool = False  # words or choices suggest danger: talked about first


@dataclass(frozen=True)
class Clash:
    """An answer that was changed on another screen meanwhile: what is there now."""

    asked: str
    words: str
    seen: Seen


@transaction.atomic
def tell(*, plan_id: UUID, telling: Telling, by: Any, now: datetime, typed_by: Any = None) -> tuple[Clash, ...]:
    """Keep what the person says about their life, word for word, each answer as an entry of their own plan.

    It is told once and kept once: in the entry and its history, and in no Story beside it. So whatever is chosen about
    who sees the entry holds for every place where the words are. To answer again changes that entry; what is answered
    with nothing is taken out, and stays in the history. ``by`` is the person; ``typed_by`` a member who writes it down
    for them. An answer that was changed elsewhere meanwhile is not kept: it comes back, with what is there now.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    keeper = _Keeper(at, typed_by or by, now)
    clashes = tuple(clash for told in telling.told if (clash := keeper.keep(told, adds=telling.adds)))
    case = at.sharing.case
    if telling.call_today:
        _call_today(case, by=by, now=now)
    if telling.at_huddle:
        _at_huddle(case, telling.at_huddle, by=typed_by or by, now=now)
    if telling.lifted and case.state != Case.State.OPEN_DOOR:
        put_on_agenda(case, kind=HuddleItem.Kind.TODAY, by=by, now=now)
        lift(case, why=NeededNow.Why.WORDS, now=now)
    return clashes


def answers_in(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """The entries that answer questions, by question and in the order of their boxes."""
    by_box = {entry.asked: entry for entry in entries if entry.asked}
    found: dict[str, list[Entry]] = {}
    for asked, entry in by_box.items():
        if "#" in asked:
            continue
        found[asked] = [entry]
        for number in count(2):
            more = by_box.get(_box(asked, number))
            if more is None:
                break
            found[asked].append(more)
    return found


def seen_of(boxes: Sequence[Entry]) -> Seen:
    """What a page that shows these boxes now has seen of them."""
    live = tuple(entry.circle for entry in boxes if entry.removed_at is None)
    return Seen(sum(entry.version for entry in boxes), live)


def _box(asked: str, number: int) -> str:
    return f"{asked}#{number}" if number > 1 else asked


class _Keeper:
    """Keeps answers in one locked plan."""

    def __init__(self, at: Standing, writer: Any, now: datetime) -> None:
        self.at, self.writer, self.now = at, writer, now
        rows = Entry.objects.select_for_update(of=("self",)).filter(plan=at.sharing.plan).exclude(asked="")
        self.answers = answers_in(list(rows))
        self.position = Entry.objects.filter(plan=at.sharing.plan).count()

    def keep(self, told: Told, *, adds: bool) -> Clash | None:
        boxes = self.answers.get(told.asked, [])
        live = [entry for entry in boxes if entry.removed_at is None]
        if adds and live:
            self._keep_beside(told, boxes, live)
            return None
        there, seen = [entry.words for entry in live], seen_of(boxes)
        said = there if told.words is None else list(told.words)
        if live and said != there and (told.seen is None or told.seen.turn != seen.turn):
            # Nothing written against something that was never shown is no answer, and takes nothing out.
            return Clash(told.asked, "".join(there), seen) if any(said) else None
        self._write(told, said, boxes, live)
        return None

    def _write(self, told: Told, said: list[str], boxes: list[Entry], live: list[Entry]) -> None:
        places = live or boxes  # what was taken out comes back as what is said now
        circle = self._circle(told, live, said) if live else _chosen(told)
        made = len(boxes)
        for number, words in enumerate(said):
            if not words:
                continue
            if number < len(places):
                self._change(places[number], told, words, circle)
            else:
                made += 1
                self._add(told, words, _box(told.asked, made), circle)
        for number, entry in enumerate(live):
            if number >= len(said) or not said[number]:
                entry.removed_at = self.now
                self._record(entry)

    def _circle(self, told: Told, live: list[Entry], said: list[str]) -> str | None:
        """Who sees the boxes from now on; None leaves each as it is seen.

        Words that move from one box to another, and those on a page that was opened before somebody narrowed who sees
        them, are never seen by more people than before.
        """
        circles = tuple(entry.circle for entry in live)
        of_section = self.at.sharing.circles[told.section]

        def fewest(given: Iterable[str]) -> str:
            return min(given, key=lambda circle: RANK[narrowest(circle, of_section)])

        if told.circle is not None:
            fresh = told.seen is not None and told.seen.circles == circles
            return told.circle if fresh else fewest([told.circle, *circles])
        return None if len(said) == len(live) else fewest(circles)

    def _keep_beside(self, told: Told, boxes: list[Entry], live: list[Entry]) -> None:
        """After what was said before: in the same box where it fits and the same people see it, or in one of its own."""
        said = "".join(told.words or ())
        last, circle = live[-1], _chosen(told)
        if not said or last.words.endswith(said):
            return
        together = f"{last.words}{BETWEEN}{said}"
        if last.circle == circle and len(together) <= LONGEST:
            self._change(last, told, together, None)
            return
        for number, words in enumerate(told.words or (), len(boxes) + 1):
            self._add(told, words, _box(told.asked, number), circle)

    def _add(self, told: Told, words: str, asked: str, circle: str | None) -> None:
        entry = Entry(
            plan=self.at.sharing.plan,
            section=told.section,
            field=told.field,
            words=words,
            asked=asked,
            asked_as=told.asked_as,
            picked=list(told.picked),
            area=told.area,
            importance=told.importance,
            help_wanted=told.help_wanted,
            progress={"change": "now", "steps": "open"}.get(told.section, ""),
            circle=_chosen(told) if circle is None else circle,
            author=self.at.viewer,
            added_at=self.now,
            changed_at=self.now,
            position=self.position,
        )
        self.position += 1
        record(entry, by=self.writer, why="", now=self.now)

    def _change(self, entry: Entry, told: Told, words: str, circle: str | None) -> None:
        before, was_seen_by = _state(entry), entry.circle
        if told.words is not None:
            entry.words, entry.picked = words, list(told.picked)
        entry.removed_at = None
        entry.circle = entry.circle if circle is None else circle
        entry.importance = told.importance or entry.importance
        entry.help_wanted = told.help_wanted or entry.help_wanted
        if _state(entry) != before:
            self._record(entry)
        elif entry.circle != was_seen_by:
            record(entry, by=self.writer, why="", now=self.now)

    def _record(self, entry: Entry) -> None:
        entry.version, entry.changed_at = entry.version + 1, self.now
        record(entry, by=self.writer, why="", now=self.now)


def _state(entry: Entry) -> tuple[Any, ...]:
    return (entry.words, entry.picked, entry.removed_at, entry.importance, entry.help_wanted)


def _chosen(told: Told) -> str:
    return told.usual if told.circle is None else told.circle


def _call_today(case: Case, *, by: Any, now: datetime) -> None:
    """The same as their press on “I would like to talk soon: Today”. Whoever had stepped out has come back by it."""
    asked = HuddleItem.objects.filter(case=case, decided_at=None, kind=HuddleItem.Kind.TODAY).exists()
    if asked and case.pace == Pace.TODAY:
        return  # the same press, twice
    plan_id = case.person.plan.pk
    if case.state == Case.State.OPEN_DOOR:
        come_back(plan_id=plan_id, by=by, now=now)
    talk_soon(plan_id=plan_id, pace=Pace.TODAY, by=by, now=now)


def _at_huddle(case: Case, how: str, *, by: Any, now: datetime) -> None:
    fresh = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if fresh.at_huddle != how:
        fresh.at_huddle = Case.AtHuddle(how)
        record(fresh, by=by, why="said how to be part of the huddle", now=now)
