"""The huddle's pages: who is on the agenda, who is here, one person at a time, and what was decided.

These pages stand on a screen that a whole room looks at: they hold a short name, and only words that the person lets
the whole team see. Never a number, an address, or what is kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cases.models import A_TRY, Case, Contact, HuddleItem, ReachingOut, Voice, Walk, Way
from cases.pace import Pace
from cases.permissions import NotKnown, Permission, Standing, may_be_named, shut_out_of_all, standing_with, standings
from cases.permissions.sharing import sharing_of
from cases.queries.beside import opening
from cases.queries.flags import for_the_room, words_in
from cases.queries.me import Note, day_words, note_of
from cases.queries.plan import NO_NAME, visible_entries
from cases.queries.reach import WAY_WORDS, next_steps
from cases.queries.today import NextStep, asked_for, step_words, team_stays
from cases.rhythm import Rung
from cases.sections import AREA_CIRCLE
from cases.topics import Topic, topic_words
from teams.models import Huddle, Membership, Seat, Sector
from teams.permissions import membership_of

LONGEST = 50
# What stands on the agenda of these, where no member brought it, is what the person wrote.
THEIR_WORDS = {HuddleItem.Kind.BACK, HuddleItem.Kind.BROUGHT}
# What a room never hears that somebody picked: safety, and what few see of a plan to begin with (AREA_CIRCLE).
NOT_IN_A_ROOM = {Topic.SAFE, *AREA_CIRCLE}

# What each kind of decision means for the person. No kind means no.
MEANINGS: dict[str, str | Promise] = {
    HuddleItem.Decision.HELLO: gettext_lazy("Somebody says hello and listens. No forms."),
    HuddleItem.Decision.TOGETHER: gettext_lazy("We know what would help. One of us leads, and we begin."),
    HuddleItem.Decision.TWO: gettext_lazy("Two of us meet them together. They only have to say it once."),
    HuddleItem.Decision.ACROSS: gettext_lazy(
        "Another place can do this better. We go with them, and stay until they say yes."
    ),
    HuddleItem.Decision.TODAY: gettext_lazy("Somebody is in touch today."),
    HuddleItem.Decision.CLINICIAN: gettext_lazy("A doctor or nurse meets them soon, with somebody they know."),
    HuddleItem.Decision.BACK: gettext_lazy("Somebody they know says hello. The same plan goes on."),
    HuddleItem.Decision.VOICE: gettext_lazy("We ask one more of us. The hello still goes out."),
    HuddleItem.Decision.HOLD: gettext_lazy(
        "There is no space this week. We say how long it will be, and say hello each week."
    ),
    HuddleItem.Decision.GAP: gettext_lazy("We do not have what they asked for. One of us looks for it with them."),
    HuddleItem.Decision.DOOR: gettext_lazy("They asked to step back. They can come back at any time."),
    HuddleItem.Decision.LEAVE: gettext_lazy("They only wanted to tell us. We thank them, and keep it."),
}


@dataclass(frozen=True)
class AgendaRow:
    item_id: UUID
    name: str | Promise
    needs: tuple[str | Promise, ...]
    brought_by: str


@dataclass(frozen=True)
class Group:
    title: str | Promise
    rows: tuple[AgendaRow, ...]


@dataclass(frozen=True)
class Decided:
    item_id: UUID
    name: str | Promise
    decision: str | Promise
    who: str
    by: str


@dataclass(frozen=True)
class Unheard:
    """Somebody to whom our tries have led nowhere, for the whole team to talk about."""

    plan_id: UUID
    name: str | Promise
    step: NextStep


@dataclass(frozen=True)
class Member:
    id: UUID
    name: str
    role: str
    here: bool


@dataclass(frozen=True)
class SectorSeats:
    sector: str
    title: str | Promise
    members: tuple[Member, ...]

    @property
    def here(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.here)


@dataclass(frozen=True)
class HuddlePage:
    team_id: int
    held: bool
    on: date
    chair: str
    groups: tuple[Group, ...]
    decided: tuple[Decided, ...]
    unheard: tuple[Unheard, ...]
    seats: tuple[SectorSeats, ...]

    @property
    def waiting(self) -> int:
        return sum(len(group.rows) for group in self.groups)


@dataclass(frozen=True)
class VoiceView:
    sector: str
    title: str | Promise
    here: bool
    state: str
    words: str


@dataclass(frozen=True)
class Card:
    """One person, as the room hears of them. Once the team has decided there is the note, and nothing else."""

    id: UUID
    plan_id: UUID
    name: str | Promise
    say_it: str
    kind: str
    kind_title: str | Promise
    why: str
    why_from: str
    asked: str | Promise
    hears: bool  # whether the room hears the person's words: some things need none
    needs: tuple[str, ...]
    topics: tuple[str, ...]
    opening: str
    more_words: tuple[str, ...]
    helps: tuple[str, ...]
    wishes: tuple[str, ...]
    not_seen_by: tuple[str | Promise, ...]
    at_huddle: str | Promise  # how they would like to be part of it
    in_private: bool  # their words are for each to read, and not for the room
    heard: bool
    strong: str
    not_known: str
    voices: tuple[VoiceView, ...]
    promised: date | None
    promised_words: str
    ways: tuple[tuple[str, str | Promise], ...]
    members: tuple[tuple[UUID, str], ...]
    note: Note | None
    decision: str | Promise

    @property
    def parts(self) -> list[str]:
        """The parts of the plan of which there are words on the card."""
        there = {"helps": self.helps, "now": self.opening or self.more_words, "quiet": self.wishes, "talk": self.needs}
        return [key for key, words in there.items() if words]


def room_name(name: str) -> str | Promise:
    """A name as a room may see it: the first name, and no more of the last than its first letter."""
    words = name.split()
    if not words:
        return NO_NAME
    if len(words) == 1 or words[0].rstrip(".") in {"Mr", "Mrs", "Ms", "Miss", "Mx", "Dr"}:
        return name
    return f"{words[0]} {words[-1][0]}"


def huddle(*, viewer: Any, now: datetime) -> HuddlePage:
    """The huddle of the viewer's team: the agenda before it and while it is held. Raises NotAMember."""
    me = membership_of(viewer)
    day = timezone.localdate(now)
    held = (
        Huddle.objects.filter(team=me.team_id, on=day, began_at__isnull=False, ended_at=None)
        .select_related("chair__user")
        .first()
    )
    return HuddlePage(
        team_id=me.team_id,
        held=held is not None,
        on=day,
        chair=held.chair.user.name if held and held.chair else "",
        groups=_agenda(me, now),
        decided=_decided(me, now),
        unheard=_unheard(me, now),
        seats=_seats(me, held),
    )


def _agenda(me: Membership, now: datetime) -> tuple[Group, ...]:
    items = list(
        HuddleItem.objects.filter(case__in=team_stays(me), decided_at=None)
        .select_related("case__person__user", "case__person__plan", "brought_by")
        .order_by("put_on_at", "pk")
    )
    places = standings(me.user, [item.case.person.plan for item in items], now, in_the_huddle=True)
    heard = {item.case.person.plan.pk for item in items if item.kind in HuddleItem.OPENS}
    needs = words_in("talk", [place for pk, place in places.items() if pk in heard], in_the_room=True)
    rows: dict[str, list[AgendaRow]] = {}
    for item in items:
        person = item.case.person
        if person.plan.pk in places:
            rows.setdefault(item.kind, []).append(
                AgendaRow(
                    item_id=item.pk,
                    name=room_name(person.name_used),
                    needs=(*needs.get(person.plan.pk, ()), *_comes(item.case)),
                    brought_by=_brought_by(item),
                )
            )
    return tuple(Group(kind.label, tuple(rows[kind])) for kind in HuddleItem.Kind if kind in rows)


def _comes(case: Case) -> tuple[str | Promise, ...]:
    """Where somebody would like to be there, or to be spoken for: the room gets ready for that before it begins."""
    here = {Case.AtHuddle.THERE, Case.AtHuddle.SPEAKER}
    return (Case.AtHuddle(case.at_huddle).label,) if case.at_huddle in here else ()


def _brought_by(item: HuddleItem) -> str:
    """The member who brought somebody; nobody when the person asked themselves."""
    if item.brought_by is None or item.brought_by_id == item.case.person.user_id:
        return ""
    return item.brought_by.first_name


def _decided(me: Membership, now: datetime) -> tuple[Decided, ...]:
    day = timezone.localdate(now)
    items = (
        HuddleItem.objects.filter(case__in=team_stays(me), decided_at__date=day)
        .select_related("case__person", "who__user")
        .order_by("decided_at", "pk")
    )
    return tuple(
        Decided(
            item_id=item.pk,
            name=room_name(item.case.person.name_used),
            decision=item.get_decision_display(),
            who=item.who.user.first_name if item.who else "",
            by=day_words(item.by_when, day) if item.by_when else "",
        )
        for item in items
    )


def _unheard(me: Membership, now: datetime) -> tuple[Unheard, ...]:
    """Those to whom enough has been tried for the whole team to talk, when that is due and has not been done since.

    And those to whom nobody can try anything, because nobody who may see anything walks with them.
    """
    tries = Contact.objects.filter(A_TRY, case=OuterRef("case"), at__gte=OuterRef("since")).values("case")
    kept_away = shut_out_of_all(
        person=OuterRef("case__person"),
        user=OuterRef("member__user"),
        sector=OuterRef("member__organisation__sector"),
        organisation=OuterRef("member__organisation"),
    )
    can_try = Walk.objects.filter(
        ~kept_away, case=OuterRef("case"), ended_at=None, member__ended_at=None, member__user__is_active=True
    )
    tried = (
        ReachingOut.objects.filter(found_at=None, case__in=team_stays(me))
        .annotate(
            tries=Coalesce(Subquery(tries.annotate(n=Count("pk")).values("n")), 0),
            last=Subquery(tries.annotate(last=Max("at")).values("last")),
        )
        .filter(Q(tries__gte=Rung.WE_MISS_YOU) | ~Exists(can_try))
    )
    last = Coalesce(OuterRef("last"), OuterRef("since"))
    talked = HuddleItem.objects.filter(Q(decided_at=None) | Q(decided_at__gt=last), case=OuterRef("case"))
    cases = list(
        Case.objects.filter(pk__in=tried.filter(~Exists(talked)).values("case"))
        .select_related("person__plan")
        .order_by("quiet_at", "pk")[:LONGEST]
    )
    day = timezone.localdate(now)
    steps = next_steps(cases, now)
    return tuple(
        Unheard(
            plan_id=case.person.plan.pk,
            name=room_name(case.person.name_used),
            step=step_words(since, step, day, known=True),
        )
        for case in cases
        for since, step in [steps[case.pk]]
        if step.due_on <= day
    )


def _members(team_id: int) -> list[Membership]:
    return list(
        Membership.objects.filter(team=team_id, ended_at=None, user__is_active=True)
        .select_related("user", "organisation")
        .order_by("-says_hello", "user__name", "pk")
    )


def _seats(me: Membership, held: Huddle | None) -> tuple[SectorSeats, ...]:
    here = set(Seat.objects.filter(huddle=held).values_list("member", flat=True)) if held else {me.pk}
    members = sorted(_members(me.team_id), key=lambda member: (member.user.name, member.pk))
    return tuple(
        SectorSeats(
            sector=sector.value,
            title=sector.label,
            members=tuple(
                Member(member.pk, member.user.name, member.role, member.pk in here)
                for member in members
                if member.organisation.sector == sector
            ),
        )
        for sector in Sector
    )


def huddle_item(*, item_id: UUID, viewer: Any, now: datetime) -> Card:
    """One person on the agenda, as the room may see them.

    Once the team has decided, the note can be read for the rest of that day by any member whom the person has not shut
    out, and after that by those who walk with them. Raises NotKnown for everybody else.
    """
    item = (
        HuddleItem.objects.filter(pk=item_id)
        .select_related("case__person__user", "case__person__plan", "who__user", "stand_in__user", "brought_by")
        .first()
    )
    if item is None:
        raise NotKnown
    plan = item.case.person.plan
    at = standing_with(viewer, sharing_of(plan, now), now)
    if item.decided_at is None and not at.may(Permission.DECIDE):
        raise NotKnown
    if item.decided_at and not _may_read_note(at, item, now):
        raise NotKnown
    return _decided_card(item, at) if item.decided_at else _card(item, at, now)


def _may_read_note(at: Standing, item: HuddleItem, now: datetime) -> bool:
    if at.member is None or at.sharing.shuts_out(at.member):
        return False
    assert item.decided_at is not None
    today = timezone.localdate(item.decided_at) == timezone.localdate(now)
    return today or at.walker is not None


def _decided_card(item: HuddleItem, at: Standing) -> Card:
    return Card(
        **_front(item, at),
        needs=(),
        topics=(),
        opening="",
        more_words=(),
        helps=(),
        wishes=(),
        not_seen_by=(),
        at_huddle="",
        in_private=False,
        voices=(),
        promised=None,
        promised_words="",
        ways=(),
        members=(),
        note=note_of(item),
        decision=item.get_decision_display(),
    )


def _front(item: HuddleItem, at: Standing) -> dict[str, Any]:
    person, hears = at.sharing.plan.person, item.kind in HuddleItem.OPENS
    return {
        "id": item.pk,
        "plan_id": at.sharing.plan.pk,
        "name": room_name(person.name_used),
        "say_it": person.say_it,
        "kind": item.kind,
        "kind_title": item.get_kind_display(),
        "why": item.why,
        "why_from": _brought_by(item),
        "asked": Pace(item.case.pace).label if hears and asked_for(item.case) else "",
        "hears": hears,
        "heard": item.heard_at is not None,
        "strong": item.strong,
        "not_known": item.not_known,
    }


def _card(item: HuddleItem, at: Standing, now: datetime) -> Card:
    sharing, case = at.sharing, item.case
    front = _front(item, at)
    private = case.at_huddle == Case.AtHuddle.PRIVATE
    reads_out = front["hears"] and not private
    # What helps us talk is not read out: it is how we do this.
    entries = [
        entry
        for entry in (visible_entries(at) if front["hears"] else [])
        if for_the_room(at, entry.section, entry.circle, entry.kept_from) and (reads_out or entry.section == "talk")
    ]
    first = opening(at, in_the_room=True).words if reads_out else ""
    # Whoever came back, and then asked for today, is on the agenda for today with the words they came back with.
    theirs = item.kind in THEIR_WORDS or (item.kind == HuddleItem.Kind.TODAY and case.came_back_from_id)
    if private and not front["why_from"] and theirs:
        front["why"] = ""
    topics = [topic for topic in case.topics if topic not in NOT_IN_A_ROOM]

    def words(section: str) -> tuple[str, ...]:
        return tuple(entry.words for entry in entries if entry.section == section and entry.answer != "out")

    return Card(
        **front,
        needs=words("talk"),
        topics=topic_words(topics) if reads_out and for_the_room(at, "change") else (),
        opening=first,
        more_words=tuple(more for more in words("now") if more != first),
        helps=words("helps"),
        wishes=words("quiet"),
        not_seen_by=_not_seen_by(at),
        at_huddle=Case.AtHuddle(case.at_huddle).label if case.at_huddle else "",
        in_private=private and front["hears"],
        voices=_voices(item),
        promised=case.hello_by,
        promised_words=day_words(case.hello_by, timezone.localdate(now)) if case.hello_by else "",
        ways=tuple(
            (kind, WAY_WORDS[kind][1])
            for kind in Way.objects.filter(person=case.person_id, ended_at=None)
            .exclude(kind=Way.Kind.NONE)
            .values_list("kind", flat=True)
        ),
        members=tuple(
            (member.pk, f"{member.user.name}, {member.role}")
            for member in _members(case.team_id)
            if may_be_named(sharing, item.kind, member)
        ),
        note=None,
        decision="",
    )


def _not_seen_by(at: Standing) -> tuple[str | Promise, ...]:
    """The sectors, the organisations and the names that the person would rather were not there."""
    shut = [one for one in at.sharing.shut if not one.section]
    return (
        *(Sector(one.group.sector).label for one in shut if one.group and one.group.sector),
        *(one.name for one in shut if one.group and one.group.organisation_id),
        *(one.name for one in shut if one.user_id),
    )


def _voices(item: HuddleItem) -> tuple[VoiceView, ...]:
    """Every sector's seat: what is kept already, and otherwise "ask after" for those who are not here."""
    kept = {voice.sector: voice for voice in Voice.objects.filter(item=item)}
    here = set(
        Seat.objects.filter(huddle=item.huddle_id, member__isnull=False).values_list("sector", flat=True).distinct()
    )
    return tuple(
        VoiceView(
            sector=sector.value,
            title=sector.label,
            here=sector in here,
            state=kept[sector].state if sector in kept else "" if sector in here else Voice.State.ASK_AFTER,
            words=kept[sector].words if sector in kept else "",
        )
        for sector in Sector
    )
