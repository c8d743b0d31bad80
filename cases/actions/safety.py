"""Keeping people safe: what somebody who is worried told us, and what is kept apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.actions.arriving import NoFrontDoor
from cases.actions.plan import NothingWritten
from cases.models import SafetyLook, SafetyNote, Via, Worry
from cases.permissions import NotAllowed, Permission, standing
from cases.permissions.safety import check_adds_safety, check_reads_safety, check_worry
from teams.models import Team


@transaction.atomic
def tell_worry(
    *,
    who: str,
    why: str,
    seen: str,
    teller: str,
    reach: str,
    may_say: str,
    lifted: bool,
    by: Any,
    now: datetime,
) -> Worry:
    """Keep what somebody who is worried told us, for today's list. Nobody is refused, and who ``by`` was is not kept.

    What comes back to them never depends on whether we know the other. Raises NothingWritten, and NoFrontDoor.
    """
    team = Team.objects.filter(is_front_door=True).first()
    if team is None:
        raise NoFrontDoor
    if not any(words.strip() for words in (who, why, seen)):
        raise NothingWritten
    return Worry.objects.create(
        team=team,
        who=who,
        why=why,
        seen=seen,
        teller=teller,
        reach=reach,
        may_say=Worry.MaySay(may_say) if may_say else "",
        lifted=lifted,
        told_at=now,
    )


@transaction.atomic
def take_worry(*, worry_id: UUID, by: Any, now: datetime) -> Worry:
    """“I have this”: one of the team sees to what we were told. The first press counts. Raises NotKnown."""
    worry, member = check_worry(by, worry_id, now, lock=True)
    if worry.taken_at is None:
        worry.taken_by, worry.taken_at = member, now
        worry.save(update_fields=["taken_by", "taken_at"])
    return worry


@transaction.atomic
def finish_worry(*, worry_id: UUID, did: str, by: Any, now: datetime) -> Worry:
    """Say what we did about it, in a line; then it waits no more. Whoever says so has had it. Raises NotKnown."""
    worry, member = check_worry(by, worry_id, now, lock=True)
    if not did.strip():
        raise NothingWritten
    if worry.done_at is None:
        if worry.taken_at is None:
            worry.taken_by, worry.taken_at = member, now
        worry.done_by, worry.done_at, worry.did = member, now, did.strip()
        worry.save(update_fields=["taken_by", "taken_at", "done_by", "done_at", "did"])
    return worry


@transaction.atomic
def link_worry(*, worry_id: UUID, plan_id: UUID, by: Any, now: datetime) -> Worry:
    """Say which person it is about, among those whom the member walks with; from then on it is for those who do.

    The person reads it only where whoever told us said so. Raises NotKnown and NotAllowed.
    """
    worry, _member = check_worry(by, worry_id, now, lock=True)
    place = standing(by, plan_id, now)
    place.check(Permission.KEEP_CONTACT)
    if place.walker is None or place.member is None or place.member.team_id != worry.team_id:
        raise NotAllowed(_("You can link it to somebody you walk with."))
    if worry.plan_id is None:
        worry.plan, worry.linked_by, worry.linked_at = place.sharing.plan, place.member, now
        worry.save(update_fields=["plan", "linked_by", "linked_at"])
    return worry


@transaction.atomic
def keep_safety_note(*, plan_id: UUID, words: str, via: str, by: Any, now: datetime) -> SafetyNote:
    """Keep apart that somebody hurts or scares the person, in the words they said it in.

    ``by`` is the person, or a member they told; ``via`` one of ``cases.models.Via``. It is never shown to the person
    again, nor to the member who wrote it unless they may read such notes. Raises NotKnown, and NothingWritten.
    """
    sharing = check_adds_safety(by, plan_id, now, lock=True)
    if not words.strip():
        raise NothingWritten
    return SafetyNote.objects.create(plan=sharing.plan, words=words, via=Via(via), written_by=by, written_at=now)


@transaction.atomic
def look_at_safety(*, plan_id: UUID, by: Any, now: datetime) -> SafetyLook:
    """Keep that somebody read what is kept apart, each time, where the person's own list does not show it. Raises NotKnown."""
    sharing, _member = check_reads_safety(by, plan_id, now)
    return SafetyLook.objects.create(plan=sharing.plan, viewer=by, at=now)
