"""The huddle: who is there, what is heard, what each sector says, and what the team decides together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.actions.agenda import next_huddle, put_on_agenda
from cases.actions.contacts import when_quiet
from cases.actions.messages import write_to_person
from cases.actions.naming import forget_name
from cases.models import A_TRY, Case, Contact, HuddleItem, Plan, Voice, Walk, Way
from cases.permissions import NotAllowed, NotKnown, Permission, Standing, may_be_named, standing
from cases.permissions.sharing import sharing_of
from cases.rhythm import Rung
from teams.history import record
from teams.models import Huddle, Membership, Seat, Sector
from teams.permissions import membership_in

NEEDS_NOBODY = {HuddleItem.Decision.DOOR, HuddleItem.Decision.LEAVE}
BEGINS_NOW = {
    HuddleItem.Decision.TOGETHER,
    HuddleItem.Decision.TWO,
    HuddleItem.Decision.CLINICIAN,
    HuddleItem.Decision.BACK,
}


class NotDecided(Exception):
    """Something a decision needs is missing; ``missing`` maps each field to the sentence that asks for it."""

    def __init__(self, missing: dict[str, Any]) -> None:
        self.missing = missing
        super().__init__(_("One thing is missing."))


@transaction.atomic
def bring(*, plan_id: UUID, why: str, by: Any, now: datetime) -> HuddleItem:
    """Bring a person to the next huddle: anyone's worry, or good news, is enough."""
    place = standing(by, plan_id, now, lock=True)
    place.check(Permission.BRING)
    return put_on_agenda(place.sharing.case, kind=HuddleItem.Kind.BROUGHT, by=by, now=now, why=why)


@transaction.atomic
def ask_the_team(*, plan_id: UUID, by: Any, now: datetime) -> HuddleItem:
    """Put somebody on the agenda whom we have tried and not heard from; any member of the team may.

    To be on the agenda opens what the team may see, so it takes more than a wish: raises NotKnown until the tries have
    come to the step at which the whole team talks about it, unless nobody is left who could try; and for a member whom
    the person has shut out.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("person__user").filter(pk=plan_id).first()
    if plan is None:
        raise NotKnown
    sharing = sharing_of(plan, now)
    mine = membership_in(by, sharing.case.team_id)
    quiet = sharing.case.reaching_out.filter(found_at=None).first()
    if quiet is None or sharing.shuts_out(mine):
        raise NotKnown
    if not sharing.alone and (
        Contact.objects.filter(A_TRY, case=sharing.case, at__gte=quiet.since).count() < Rung.WE_MISS_YOU
    ):
        raise NotKnown
    return put_on_agenda(sharing.case, kind=HuddleItem.Kind.QUIET, by=by, now=now)


@transaction.atomic
def take_seat(*, team_id: int, by: Any, now: datetime, present: dict[str, list[UUID]]) -> Huddle:
    """Begin the huddle, or change who is there: ``present`` lists memberships by sector; the others are asked afterwards."""
    mine = membership_in(by, team_id)
    today = timezone.localtime(now).date()
    # One that nobody ended is over when the next day's begins.
    Huddle.objects.filter(team=team_id, on__lt=today, began_at__isnull=False, ended_at=None).update(ended_at=now)
    huddle = Huddle.objects.select_for_update().get_or_create(team_id=team_id, on=today)[0]
    huddle.began_at, huddle.ended_at = huddle.began_at or now, None
    huddle.chair = huddle.chair or mine
    huddle.save()
    # The team is together now: whoever waits for any huddle is talked about in this one.
    HuddleItem.objects.filter(case__team=team_id, decided_at=None).exclude(huddle=huddle).update(huddle=huddle)
    members = {
        member.pk: member
        for member in Membership.objects.filter(team=team_id, ended_at=None).select_related("organisation")
    }
    Seat.objects.filter(huddle=huddle).delete()
    for sector in Sector.values:
        here: list[Membership | None] = [
            members[pk]
            for pk in present.get(sector, [])
            if pk in members and members[pk].organisation.sector == sector
        ]
        Seat.objects.bulk_create(Seat(huddle=huddle, sector=sector, member=member) for member in here or [None])
    return huddle


@transaction.atomic
def end_huddle(*, team_id: int, by: Any, now: datetime) -> Huddle | None:
    """End the huddle that is being held. What is left undecided stays on the agenda of the next one."""
    mine = membership_in(by, team_id)
    huddle = Huddle.objects.select_for_update().filter(team=team_id, began_at__isnull=False, ended_at=None).first()
    if huddle is None:
        return None
    huddle.ended_at = now
    huddle.save()
    left = HuddleItem.objects.filter(huddle=huddle, decided_at=None)
    if left.exists():
        left.update(huddle=next_huddle(mine.team, now))
    return huddle


@transaction.atomic
def hear(*, item_id: UUID, strong: str, not_known: str, by: Any, now: datetime) -> HuddleItem:
    """Keep that the words were heard, what is strong here, and what the team can live without knowing for now."""
    _place, item = _open_item(item_id, by, now)
    item.heard_at, item.strong, item.not_known = item.heard_at or now, strong, not_known
    item.save()
    return item


@transaction.atomic
def speak(*, item_id: UUID, sector: str, state: str, by: Any, now: datetime, words: str = "") -> Voice:
    """Keep that a sector spoke, typed, passed, or is to be asked afterwards; by sector and never by name."""
    _place, item = _open_item(item_id, by, now)
    return Voice.objects.update_or_create(
        item=item, sector=Sector(sector), defaults={"state": Voice.State(state), "words": words}
    )[0]


@transaction.atomic
def keep_voices(*, item_id: UUID, voices: dict[str, tuple[str, str]], by: Any, now: datetime) -> list[Voice]:
    """Keep what the sectors said of one person, in one go: ``voices`` gives each sector's state and its words."""
    return [
        speak(item_id=item_id, sector=sector, state=state, words=words, by=by, now=now)
        for sector, (state, words) in voices.items()
    ]


@transaction.atomic
def decide(
    *,
    item_id: UUID,
    decision: str,
    we_heard: str,
    first_step: str,
    because: str,
    by: Any,
    now: datetime,
    who: UUID | None = None,
    stand_in: UUID | None = None,
    how: str = "",
    by_when: date | None = None,
    later_because: str = "",
    other_view: str = "",
) -> HuddleItem:
    """Keep what the team decided. The sentence that is saved is the sentence the person gets.

    Whoever says hello walks with the person from now on, in the place of whoever the person asked to change. A day that
    is later than the one we promised needs ``later_because``, which the person reads with the rest. Raises NotDecided with
    what is missing, NotAllowed when it was decided already, NotKnown when this viewer may not know of it.
    """
    place, item = _open_item(item_id, by, now)
    named, promised = _member(who, place, item), place.sharing.case.hello_by
    missing = _missing(decision, first_step, because, named, by_when, now)
    later = bool(promised and by_when and by_when > promised)
    if later and not later_because.strip():
        missing["later_because"] = _("This is later than we promised. Say why. They will see it.")
    if missing:
        raise NotDecided(missing)
    assert place.member is not None
    item.huddle = next_huddle(place.member.team, now)
    item.decision, item.we_heard, item.first_step = decision, we_heard, first_step
    item.because = f"{because}\n{later_because}" if later else because
    item.who, item.stand_in = named, _member(stand_in, place, item)
    item.how, item.by_when, item.other_view = how if how in Way.Kind.values else "", by_when, other_view
    item.heard_at, item.decided_at, item.decided_by = item.heard_at or now, now, by
    item.save()
    case = Case.objects.select_for_update(of=("self",)).get(pk=item.case_id)
    if named:
        _walk(case, named, main=True, by=by, now=now)
        if item.instead_of and item.instead_of != named:
            Walk.objects.filter(case=case, member=item.instead_of, ended_at=None).update(ended_at=now)
            forget_name(place.sharing.plan, item.instead_of.user, by=by, now=now)
    if item.stand_in and decision == HuddleItem.Decision.TWO:
        _walk(case, item.stand_in, main=False, by=by, now=now)
    case.hello_by = by_when
    when_quiet(case)
    if decision in BEGINS_NOW:
        case.state = Case.State.WALKING
    record(case, by=by, why="the team decided", now=now, organisation_id=place.organisation_id)
    write_to_person(
        case,
        about="decided",
        now=now,
        worker=named,
        how=item.how if item.how in {"text", "email"} else "",
        day=by_when,
        key=str(item.pk),
    )
    return item


def _missing(
    decision: str, first_step: str, because: str, named: Membership | None, by_when: date | None, now: datetime
) -> dict[str, Any]:
    missing: dict[str, Any] = {}
    if decision not in HuddleItem.Decision.values:
        missing["decision"] = _("Pick what the team decided.")
    if not first_step.strip():
        missing["first_step"] = _("Say what a good first step is.")
    if not because.strip():
        missing["because"] = _("Say why in one line. They will see it.")
    if decision not in NEEDS_NOBODY:
        if named is None:
            missing["who"] = _("Pick who will say hello.")
        if by_when is None:
            missing["by_when"] = _("Pick the day by which they hear from us.")
        elif by_when < timezone.localtime(now).date():
            missing["by_when"] = _("That day has passed. Pick today or a later day.")
    return missing


def _walk(case: Case, member: Membership, *, main: bool, by: Any, now: datetime) -> None:
    walks = Walk.objects.filter(case=case, ended_at=None)
    if main:
        walks.filter(main=True).exclude(member=member).update(main=False)
    walk, made = Walk.objects.get_or_create(
        case=case, member=member, ended_at=None, defaults={"main": main, "started_at": now, "started_by": by}
    )
    if made and not case.person.plan.supporters.filter(user=member.user, ended_at=None).exists():
        forget_name(case.person.plan, member.user, by=by, now=now)
    if main and not made and not walk.main:
        walk.main = True
        walk.save(update_fields=["main"])


def _member(member_id: UUID | None, place: Standing, item: HuddleItem) -> Membership | None:
    """A member of the team whom this decision may name."""
    member = (
        Membership.objects.filter(pk=member_id, team=place.sharing.case.team_id, ended_at=None, user__is_active=True)
        .select_related("user", "organisation")
        .first()
        if member_id
        else None
    )
    return member if member and may_be_named(place.sharing, item.kind, member) else None


def _open_item(item_id: UUID, by: Any, now: datetime) -> tuple[Standing, HuddleItem]:
    """The item, locked, when this member may decide about it and nobody has yet."""
    plan_id = HuddleItem.objects.filter(pk=item_id).values_list("case__person__plan", flat=True).first()
    if plan_id is None:
        raise NotKnown
    place = standing(by, plan_id, now, lock=True, in_the_huddle=True)
    place.check(Permission.DECIDE)
    item = HuddleItem.objects.select_for_update(of=("self",)).get(pk=item_id)
    if item.decided_at:
        raise NotAllowed(_("The team has decided this already. Bring them to the next huddle to decide again."))
    return place, item
