"""Coming in, stepping out, and coming back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import sections
from cases.actions.agenda import put_on_agenda
from cases.actions.contacts import when_quiet
from cases.actions.messages import write_to_person
from cases.actions.needed import lift
from cases.actions.signing_in import sign_in_by
from cases.models import (
    Avoid,
    Case,
    Contact,
    Entry,
    HuddleItem,
    NeededNow,
    Person,
    Plan,
    PlanSection,
    ShutOut,
    Story,
    Walk,
    Way,
)
from cases.pace import Pace, promise_by
from cases.permissions import NotAllowed, Permission, standing
from cases.permissions.sharing import Sharing
from teams import languages
from teams.history import record
from teams.models import Team, User


@dataclass(frozen=True)
class WayToReach:
    """One safe way to say hello, as the person gave it."""

    kind: str
    to: str = ""
    times: tuple[str, ...] = ()
    others: str = ""
    say_who: bool = False
    leave_message: bool = False
    only_words: str = ""
    word: str = ""
    note: str = ""


@dataclass(frozen=True)
class Arrival:
    """What somebody said at the front door, ready to become the beginning of a plan."""

    name: str = ""
    say_it: str = ""
    via: str = "own_phone"
    pace: str = ""
    topics: tuple[str, ...] = ()
    told: tuple[tuple[str, str], ...] = ()  # (question, words)
    told_to: Any = None  # who typed what was told, where they did not do it themselves
    summed_up: frozenset[str] = frozenset()  # those of the words told that are a summary which they agreed
    read_back: str = ""
    read_back_why: str = ""
    # (section, field, words, area), then the circle where it has one of its own, and the question that it answers
    entries: tuple[tuple[str, ...], ...] = ()
    ways: tuple[WayToReach, ...] = ()
    avoid: str = ""
    shut_sectors: tuple[str, ...] = ()
    shut_names: str = ""
    lifted: bool = False  # words or choices suggest danger: talked about first


class NoFrontDoor(Exception):
    """No team has been set to receive new people; a founder does that once."""


@transaction.atomic
def welcome(*, arrival: Arrival, by: Any, now: datetime, language: str = "") -> Person:
    """Receive somebody: an account, the person, their story, the beginning of a plan, a case, and a place on the agenda.

    ``by`` is the member who typed for them, or None when they typed it themselves. Nobody can be refused here.
    ``language`` is what we write to them in from now on.
    """
    team = Team.objects.filter(is_front_door=True).first()
    if team is None:
        raise NoFrontDoor(_("No team is at the front door yet."))
    user = User.objects.create_user(name=arrival.name, language=language)
    by = by or user
    told_to = arrival.told_to or user
    person = record(Person(user=user, name_used=arrival.name, say_it=arrival.say_it), by=by, why="", now=now)
    Story.objects.bulk_create(
        Story(
            person=person,
            question=question,
            words=words,
            whose=Story.Whose.SUMMARY if words in arrival.summed_up else Story.Whose.OWN,
            typed_by=told_to,
            via=arrival.via,
            told_at=now,
        )
        for question, words in arrival.told
        if words
    )
    plan = _begin_plan(person, arrival, by=by, now=now)
    _keep_ways(person, arrival, by=by, now=now)
    for sector in arrival.shut_sectors:
        ShutOut.objects.create(plan=plan, sector=sector, since=now)
    case = Case(
        person=person,
        team=team,
        pace=arrival.pace,
        topics=list(arrival.topics),
        came_at=now,
        came_via=arrival.via,
        read_back=arrival.read_back,
        read_back_why=arrival.read_back_why,
        hello_by=promise_by(arrival.pace, timezone.localtime(now)),
    )
    when_quiet(case)
    record(case, by=by, why="came in", now=now)
    with languages.for_the_team():
        asks = str(_("They would rather not be seen by: %(names)s") % {"names": arrival.shut_names})
    put_on_agenda(case, kind=_kind(arrival), by=by, now=now, why=asks if arrival.shut_names else "")
    if arrival.lifted or arrival.pace == Pace.NOT_SAFE:
        said = arrival.pace == Pace.NOT_SAFE
        lift(case, why=NeededNow.Why.SAID if said else NeededNow.Why.WORDS, now=now)
    if arrival.pace != Pace.I_WILL:  # they were told that we send nothing
        write_to_person(case, about="thanks", now=now)
    return person


def _kind(arrival: Arrival) -> str:
    soonest = arrival.lifted or arrival.pace in {Pace.TODAY, Pace.NOT_SAFE}
    return HuddleItem.Kind.TODAY if soonest else HuddleItem.Kind.NEW


def _begin_plan(person: Person, arrival: Arrival, *, by: Any, now: datetime) -> Plan:
    plan = record(Plan(person=person, begun_at=now), by=by, why="", now=now)
    for section in sections.SECTIONS:
        record(PlanSection(plan=plan, key=section.key, circle=section.circle), by=by, why="", now=now)
    could_not = arrival.read_back == Case.ReadBack.COULD_NOT
    for position, (section_key, field_key, words, area, *rest) in enumerate(arrival.entries):
        circle, asked = [*rest, "", ""][:2]
        # A summary is whoever wrote it saying so; the person's own name stands under their own words alone.
        summary = arrival.told_to is not None and words in arrival.summed_up
        entry = Entry(
            plan=plan,
            section=section_key,
            field=field_key,
            words=words,
            area=area,
            progress={"change": "now", "steps": "open"}.get(section_key, ""),
            circle=circle or sections.default_circle(section_key, field_key, area),
            asked=asked,
            author=arrival.told_to if summary else person.user,
            agreed="" if not summary else Entry.Agreed.COULD_NOT if could_not else Entry.Agreed.YES,
            agreed_why=arrival.read_back_why[:200] if summary and could_not else "",
            added_at=now,
            changed_at=now,
            position=position,
        )
        record(entry, by=by, why="", now=now)
    return plan


def _keep_ways(person: Person, arrival: Arrival, *, by: Any, now: datetime) -> None:
    for position, given in enumerate(arrival.ways):
        way = Way(
            person=person,
            kind=given.kind,
            to=given.to,
            times=list(given.times),
            others=given.others,
            say_who=given.say_who,
            leave_message=given.leave_message,
            only_words=given.only_words,
            word=given.word,
            note=given.note,
            position=position,
        )
        record(way, by=by, why="", now=now)
        sign_in_by(person, way)
    if arrival.avoid:
        record(Avoid(person=person, words=arrival.avoid), by=by, why="", now=now)


@transaction.atomic
def step_out(
    *,
    plan_id: UUID,
    by: Any,
    now: datetime,
    words: str = "",
    keep_hello: bool = False,
    said_in: UUID | None = None,
) -> Case:
    """Leave, with the door open: by the person's own press, or by a member they told in a two-way contact (``said_in``).

    There is no other way out: no clock, count or silence leads here, and the database refuses an ending without one.
    """
    place = standing(by, plan_id, now, lock=True)
    place.check(Permission.STEP_OUT)
    case = Case.objects.select_for_update(of=("self",)).get(pk=place.sharing.case.pk)
    if case.state == Case.State.OPEN_DOOR:
        return case
    contact = None
    if not place.is_person:
        contact = Contact.objects.filter(pk=said_in, case=case, went=Contact.Went.BOTH).first()
        if contact is None:
            raise NotAllowed(_("Say in which talk they told you. Silence never ends our work with anybody."))
    case.state, case.ended_at, case.ended_by = Case.State.OPEN_DOOR, now, by
    case.ended_how = Case.How.OWN if contact is None else Case.How.TOLD
    case.said_in, case.parting_words, case.keep_hello, case.quiet_at = contact, words, keep_hello, None
    record(case, by=by, why="stepped out", now=now, organisation_id=place.organisation_id)
    Walk.objects.filter(case=case, ended_at=None).update(ended_at=now)
    case.reaching_out.filter(found_at=None).update(found_at=now, found_in=contact)
    HuddleItem.objects.filter(case=case, decided_at=None).delete()
    return case


@transaction.atomic
def come_back(*, plan_id: UUID, by: Any, now: datetime, words: str = "", someone_new: bool = False) -> Case:
    """Come back in one step: the same plan, the same main person (unless they would rather meet someone new).

    A known face says hello within one working day, and the huddle hears of it as news and not for permission.
    """
    place = standing(by, plan_id, now, lock=True)
    place.check(Permission.COME_BACK)
    before = Case.objects.select_for_update(of=("self",)).get(pk=place.sharing.case.pk)
    if before.state != Case.State.OPEN_DOOR:
        return before
    person = place.sharing.plan.person
    case = Case(
        person=person,
        team=before.team,
        pace=Pace.DAYS,
        topics=before.topics,
        at_huddle=before.at_huddle,
        came_at=now,
        came_via="own_phone",
        came_back_from=before,
        hello_by=promise_by(Pace.TODAY, timezone.localtime(now)),
        rhythm_days=before.rhythm_days,
    )
    when_quiet(case)
    record(case, by=by, why="came back", now=now)
    if not someone_new:
        _walk_again(place.sharing, case, by=by, now=now)
    if words:
        Story.objects.create(person=person, question="back", words=words, typed_by=by, via="own_phone", told_at=now)
    put_on_agenda(case, kind=HuddleItem.Kind.BACK, by=by, now=now, why=words[:500])
    write_to_person(case, about="back", now=now)
    return case


def _walk_again(sharing: Sharing, case: Case, *, by: Any, now: datetime) -> None:
    """Those who walked with the person when they stepped out, and are still in the team, walk with them again.

    Nobody does whom the person keeps away.
    """
    before = sharing.case
    known = Walk.objects.filter(
        case=before, ended_at=before.ended_at, member__ended_at=None, member__user__is_active=True
    ).select_related("member__organisation")
    for walk in known:
        if sharing.shuts_out(walk.member):
            continue
        Walk.objects.create(case=case, member=walk.member, main=walk.main, started_at=now, started_by=by)
