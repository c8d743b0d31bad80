"""What stands before everything else today: who may be in danger, who is worried about somebody, and what is kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases import hours
from cases.models import Case, Contact, NeededNow, Plan, SafetyLook, SafetyNote, Walk, Worry
from cases.permissions import NotKnown, standings
from cases.permissions.safety import (
    check_adds_safety,
    check_reads_safety,
    check_worry,
    is_on_duty,
    reads_safety,
    who_acts,
)
from cases.permissions.sharing import Sharing, sharings_of
from cases.queries.me import day_words
from cases.queries.plan import NO_NAME
from cases.queries.today import team_stays
from teams.models import Membership
from teams.permissions import membership_of

LONGEST = 50
SHOWN = 200  # letters of what a worry is about, in a list


@dataclass(frozen=True)
class NeededRow:
    """Somebody who may be in danger; who acts first, or who has it."""

    id: UUID
    plan_id: UUID | None  # where the viewer may open it
    name: str | Promise
    why: str | Promise
    since: str
    acts: str
    taken: str


@dataclass(frozen=True)
class WorryRow:
    id: UUID
    who: str
    told: str
    lifted: bool  # the words may mean danger, and nobody has it yet
    acts: str
    taken: str


@dataclass(frozen=True)
class First:
    """The top of today. ``unread`` counts people about whom something is kept apart that nobody has read yet."""

    needed: tuple[NeededRow, ...]
    lifted: tuple[WorryRow, ...]
    worries: tuple[WorryRow, ...]
    more: int  # how many of these are not on this page: they come up as the others are seen to
    unread: int
    keeps_safe: bool  # may look through what is kept apart


@dataclass(frozen=True)
class WorryPage:
    id: UUID
    who: str
    why: str
    seen: str
    teller: str
    reach: str
    may_say: bool
    told: str
    taken: str
    done: str
    did: str
    about: str | Promise  # the person it is linked to
    people: tuple[tuple[UUID, str | Promise], ...]  # whom the viewer walks with, where it is linked to nobody yet


@dataclass(frozen=True)
class NoteView:
    words: str
    who: str
    via: str
    at: datetime


@dataclass(frozen=True)
class SafetyPage:
    """What is kept apart about one person. Who may only add to it has no notes, and is not told whether there are any."""

    plan_id: UUID
    name: str | Promise
    reads: bool
    notes: tuple[NoteView, ...]
    looks: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True)
class ApartRow:
    plan_id: UUID
    name: str | Promise
    last: date
    unread: bool


def first_of_today(*, viewer: Any, now: datetime) -> First:
    """What stands at the top of today for the viewer's team: as many queries for many as for one. Raises NotAMember."""
    me = membership_of(viewer)
    facts = _Facts(me, now)
    needed, worries = facts.needed(), facts.worries()
    lifted = tuple(row for row in worries if row.lifted)
    others = tuple(row for row in worries if not row.lifted)
    return First(
        needed=needed[:LONGEST],
        lifted=lifted[:LONGEST],
        worries=others[:LONGEST],
        more=sum(max(len(rows) - LONGEST, 0) for rows in (needed, lifted, others)),
        unread=len(_apart(me, now, only_unread=True)),
        keeps_safe=me.safeguards or is_on_duty(me, timezone.localdate(now)),
    )


class _Facts:
    """Who acts, and what the rows say of it, read together."""

    def __init__(self, me: Membership, now: datetime) -> None:
        self.me, self.now, self.today = me, now, timezone.localdate(now)
        local = timezone.localtime(now)
        self.reads = hours.read_next(local)
        self.is_open = self.reads == local
        self.acting = who_acts(me.team, self.reads.date())

    def needed(self) -> tuple[NeededRow, ...]:
        met = Contact.objects.filter(
            case=OuterRef("case"), went=Contact.Went.BOTH, member__isnull=False, at__gte=OuterRef("since")
        )
        waits = Q(taken_at=None) | (Q(met=False) & ~Q(case__state=Case.State.OPEN_DOOR))
        rows = list(
            NeededNow.objects.annotate(met=Exists(met))
            .filter(waits, case__team=self.me.team_id)
            .select_related("case__person__user", "case__person__plan", "taken_by__user")
            .order_by(F("taken_at").asc(nulls_first=True), "since", "pk")
        )
        plans = [row.case.person.plan for row in rows]
        sharings = sharings_of(plans, self.now) if plans else {}
        places = standings(self.me.user, plans, self.now) if plans else {}
        return tuple(
            NeededRow(
                id=row.pk,
                plan_id=row.case.person.plan.pk if row.case.person.plan.pk in places else None,
                name=row.case.person.name_used or NO_NAME,
                why=row.get_why_display(),
                since=moment_words(row.since, self.today),
                acts="" if row.taken_at else self._acts(sharings[row.case.person.plan.pk]),
                taken=self._taken(row),
            )
            for row in rows
            if not _shut_out(sharings[row.case.person.plan.pk], self.me)
        )

    def worries(self) -> tuple[WorryRow, ...]:
        rows = Worry.objects.filter(team=self.me.team_id, done_at=None).select_related("plan", "taken_by__user")
        seen = _visible(rows, self.me, self.now)
        return tuple(
            WorryRow(
                id=row.pk,
                who=(row.who or row.why or row.seen)[:SHOWN],
                told=moment_words(row.told_at, self.today),
                lifted=row.lifted and row.taken_at is None,
                acts="" if row.taken_at else self._acts(None),
                taken=self._taken(row),
            )
            for row in seen
        )

    def _acts(self, sharing: Sharing | None) -> str:
        """Who acts first, in a sentence; without anybody whom the person shut out."""
        names = [member.user.first_name for member in self.acting if sharing is None or not _shut_out(sharing, member)]
        who = _(" or ").join(names)
        if self.is_open:
            return (
                _("%(who)s acts first.") % {"who": who} if names else _("Nobody is on duty. Whoever is here acts now.")
            )
        day = day_words(self.reads.date(), self.today)
        return (
            _("We are not open now. %(who)s acts first, %(day)s at 9.") % {"who": who, "day": day}
            if names
            else _("We are not open now. Whoever is here acts %(day)s at 9.") % {"day": day}
        )

    def _taken(self, row: NeededNow | Worry) -> str:
        return taken_words(row, self.today)


def taken_words(row: NeededNow | Worry, today: date) -> str:
    """Who has it, and since when."""
    if row.taken_by is None or row.taken_at is None:
        return ""
    return _("%(who)s has this, since %(when)s.") % {
        "who": row.taken_by.user.first_name,
        "when": moment_words(row.taken_at, today),
    }


def moment_words(at: datetime, today: date) -> str:
    """A moment as one says it: “10:12” today, or the day with it."""
    local = timezone.localtime(at)
    return date_format(local, "H:i") if local.date() == today else date_format(local, "l j F, H:i")


def _shut_out(sharing: Sharing, member: Membership) -> bool:
    return sharing.shuts_out(member)


def _visible(rows: QuerySet[Worry], me: Membership, now: datetime) -> list[Worry]:
    """Those that the viewer may read: what ``check_worry`` says, in one query."""
    walks = Walk.objects.filter(member=me, ended_at=None, case__person__plan=OuterRef("plan"), case__ended_at=None)
    rows = rows.annotate(walks=Exists(walks)).filter(Q(plan=None) | Q(walks=True) | Q(taken_by=me))
    found = list(rows.exclude(plan__person__user=me.user_id).order_by("told_at", "pk"))
    linked = {row.plan_id: row.plan for row in found if row.plan is not None}
    sharings = sharings_of(list(linked.values()), now) if linked else {}
    return [row for row in found if row.plan_id is None or not _shut_out(sharings[row.plan_id], me)]


def worry_page(*, worry_id: UUID, viewer: Any, now: datetime) -> WorryPage:
    """What somebody who is worried told us. Raises NotKnown."""
    worry, member = check_worry(viewer, worry_id, now)
    today = timezone.localdate(now)
    done = ""
    if worry.done_by and worry.done_at:
        done = _("%(who)s saw to it, %(when)s.") % {
            "who": worry.done_by.user.first_name,
            "when": moment_words(worry.done_at, today),
        }
    return WorryPage(
        id=worry.pk,
        who=worry.who,
        why=worry.why,
        seen=worry.seen,
        teller=worry.teller,
        reach=worry.reach,
        may_say=worry.may_say == Worry.MaySay.YES,
        told=moment_words(worry.told_at, today),
        taken=taken_words(worry, today),
        done=done,
        did=worry.did,
        about=(worry.plan.person.name_used or NO_NAME) if worry.plan else "",
        people=() if worry.plan else _walks_with(member),
    )


def _walks_with(member: Membership) -> tuple[tuple[UUID, str | Promise], ...]:
    walks = Walk.objects.filter(member=member, ended_at=None, case__in=team_stays(member))
    rows = walks.order_by("case__person__name_used", "pk").values_list("case__person__plan", "case__person__name_used")
    return tuple((plan_id, name or NO_NAME) for plan_id, name in rows)


def safety_page(*, plan_id: UUID, viewer: Any, now: datetime) -> SafetyPage:
    """What is kept apart about somebody, for those who may read it; to others who may add to it, the same page without.

    Raises NotKnown, and for the person too: to them there is no such page.
    """
    sharing = check_adds_safety(viewer, plan_id, now)
    if sharing.plan.person.user_id == viewer.pk:
        raise NotKnown
    try:
        check_reads_safety(viewer, plan_id, now)
    except NotKnown:
        return SafetyPage(plan_id, sharing.plan.person.name_used or NO_NAME, False, (), ())
    notes = SafetyNote.objects.filter(plan=sharing.plan).select_related("written_by")
    looks = SafetyLook.objects.filter(plan=sharing.plan).select_related("viewer")
    return SafetyPage(
        plan_id=plan_id,
        name=sharing.plan.person.name_used or NO_NAME,
        reads=True,
        notes=tuple(
            NoteView(note.words, note.written_by.name, note.get_via_display(), note.written_at) for note in notes
        ),
        looks=tuple((look.viewer.name, look.at) for look in looks),
    )


def apart(*, viewer: Any, now: datetime) -> tuple[ApartRow, ...]:
    """The people about whom something is kept apart that the viewer may read, the newest first. Raises NotAMember."""
    return tuple(_apart(membership_of(viewer), now))


def _apart(me: Membership, now: datetime, *, only_unread: bool = False) -> list[ApartRow]:
    with_us = Case.objects.filter(person__plan=OuterRef("plan"), team=me.team_id)
    if not (me.safeguards or is_on_duty(me, timezone.localdate(now))):
        with_us = with_us.filter(walks__member=me, walks__main=True, walks__ended_at=None)
    read = SafetyLook.objects.filter(plan=OuterRef("plan"), at__gte=OuterRef("written_at")).exclude(
        viewer=OuterRef("written_by")
    )
    notes = SafetyNote.objects.filter(Exists(with_us)).annotate(read=Exists(read))
    if only_unread:
        notes = notes.filter(read=False)
    newest: dict[UUID, tuple[date, bool]] = {}
    for plan_id, written_at, is_read in notes.order_by("-written_at", "-pk").values_list(
        "plan_id", "written_at", "read"
    ):
        last, unread = newest.get(plan_id, (timezone.localdate(written_at), False))
        newest[plan_id] = (last, unread or not is_read)
    plans = Plan.objects.filter(pk__in=newest).select_related("person__user")
    may = reads_safety(me.user, list(plans), me, now)
    names = {plan.pk: plan.person.name_used or NO_NAME for plan in plans}
    return [ApartRow(pk, names[pk], last, unread) for pk, (last, unread) in newest.items() if pk in may]
