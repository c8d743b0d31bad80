"""What a member needs beside them to write down a contact, and what comes after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from cases.models import Case, Contact, Worry
from cases.permissions import NotKnown, Permission, Standing, standing
from cases.queries.flags import picks_in, words_in
from cases.queries.plan import NO_NAME, rhythm_words
from cases.queries.reach import next_steps
from cases.queries.today import NextStep, step_words


@dataclass(frozen=True)
class WrittenDown:
    id: UUID
    at: datetime
    way: str | Promise
    went: str | Promise
    words: str
    in_touch: bool


@dataclass(frozen=True)
class ContactPage:
    plan_id: UUID
    name: str | Promise
    needs: tuple[str, ...]
    wishes: tuple[str, ...]
    step: NextStep | None  # while we have not heard from them
    written: WrittenDown | None
    is_person: bool
    can_reach: bool
    can_agree_rhythm: bool
    rhythm: str
    can_step_out: bool
    worries: tuple[tuple[UUID, date], ...]  # which others told us about them, for those who walk with them


def contact_page(*, plan_id: UUID, viewer: Any, now: datetime, contact_id: UUID | None = None) -> ContactPage:
    """What helps a member to write down a contact; with ``contact_id``, one that is written down and what comes next.

    Raises NotKnown, and NotAllowed for those who may not write one down.
    """
    at = standing(viewer, plan_id, now)
    at.check(Permission.KEEP_CONTACT)
    return _page(at, now, contact_id)


def rhythm_page(*, plan_id: UUID, viewer: Any, now: datetime) -> ContactPage:
    """The same, for whoever may agree the rhythm. Raises NotKnown and NotAllowed."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.AGREE_RHYTHM)
    return _page(at, now, None)


def bring_page(*, plan_id: UUID, viewer: Any, now: datetime) -> ContactPage:
    """The same, for whoever may bring somebody to the huddle. Raises NotKnown and NotAllowed."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.BRING)
    return _page(at, now, None)


def _page(at: Standing, now: datetime, contact_id: UUID | None) -> ContactPage:
    case = at.sharing.case
    picked = picks_in("quiet", [at]).get(at.sharing.plan.pk, ())
    found = next_steps([case], now, {case.person_id: picked}).get(case.pk)
    return ContactPage(
        plan_id=at.sharing.plan.pk,
        name=at.sharing.plan.person.name_used or NO_NAME,
        needs=words_in("talk", [at]).get(at.sharing.plan.pk, ()),
        wishes=words_in("quiet", [at]).get(at.sharing.plan.pk, ()),
        step=step_words(*found, timezone.localdate(now), known=True) if found else None,
        written=_written(at, contact_id) if contact_id else None,
        is_person=at.is_person,
        can_reach=at.may(Permission.REACH),
        can_agree_rhythm=at.may(Permission.AGREE_RHYTHM),
        rhythm=rhythm_words(case.rhythm_days) if case.rhythm_agreed_at else "",
        worries=_worries(at),
        can_step_out=at.may(Permission.STEP_OUT) and case.state != Case.State.OPEN_DOOR,
    )


def _worries(at: Standing) -> tuple[tuple[UUID, date], ...]:
    if at.walker is None:
        return ()
    rows = Worry.objects.filter(plan=at.sharing.plan).values_list("pk", "told_at")
    return tuple((pk, timezone.localdate(told_at)) for pk, told_at in rows)


def _written(at: Standing, contact_id: UUID) -> WrittenDown:
    contact = Contact.objects.filter(pk=contact_id, case=at.sharing.case).first()
    if contact is None or (contact.written_by_id != at.viewer.pk and not at.level("happened")):
        raise NotKnown
    return WrittenDown(
        id=contact.pk,
        at=contact.at,
        way=contact.get_way_display(),
        went=contact.get_went_display(),
        words=contact.words,
        in_touch=contact.went == Contact.Went.BOTH,
    )
