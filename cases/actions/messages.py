"""The outbox: written with the change it speaks of, checked against the person's rules at the moment of sending."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cases import reach
from cases.models import Case, Way
from cases.pace import weekday_or_date
from cases.permissions import first_hello_rota, not_kept_away
from cases.reach import words_for
from teams import languages
from teams.models import Heartbeat, Membership, Message

LEASE = timedelta(minutes=5)  # longer than any provider's time-out: after it nobody knows whether a message went
CHANNEL_OF = {Way.Kind.TEXT: Message.Channel.TEXT, Way.Kind.EMAIL: Message.Channel.EMAIL}


def write_to_person(
    case: Case,
    *,
    about: str,
    now: datetime,
    worker: Membership | None = None,
    how: str = "",
    day: Any = None,
    key: str = "",
) -> Message | None:
    """Put a message to the person into the outbox, by the way they chose; None when no way is one that can be written to.

    Called inside an action's transaction. Whether it may go is decided when it is sent.
    """
    ways = Way.objects.filter(person=case.person_id, ended_at=None, kind__in=[how] if how else list(CHANNEL_OF))
    way = ways.filter(kind__in=list(CHANNEL_OF)).first()
    if way is None:
        return None
    worker = worker or _who_says_hello(case)
    if worker is None:
        return None
    name = worker.user.first_name
    by, account = day or case.hello_by, case.person.user
    with translation.override(languages.of(account)):  # theirs, whoever does what is told here
        subject = _("Hello from %(worker)s") % {"worker": name}
        day_said = weekday_or_date(by, timezone.localtime(now).date()) if by else ""
        body = words_for(about, name=account.first_name, worker=name, day=day_said)
    return Message.objects.create(
        key=f"{about}:{key or case.pk}",
        channel=CHANNEL_OF[Way.Kind(way.kind)],
        recipient=account,
        signed_by=worker,
        to=way.to,
        subject=subject,
        body=body,
        written_at=now,
        due_at=now,
    )


def _who_says_hello(case: Case) -> Membership | None:
    """The main person, or the first on the rota; nobody whom the person keeps away signs anything."""
    main = Membership.objects.filter(walks__case=case, walks__main=True, walks__ended_at=None)
    for member in [*not_kept_away(main, case.person), *first_hello_rota(case.team, case.person)]:
        return member
    return None


@transaction.atomic
def claim_due(*, now: datetime, hours: range, most: int = 50) -> list[Message]:
    """Claim the messages that may go now, for one sender, and give them back ready to send. The clock's own action.

    A message to a person is checked against their rules here: it goes with the words they allow, waits for an hour they
    gave, or is held with the reason. A claim that has outlived its lease is never sent again blindly: nobody knows
    whether it went, and a person looks.
    """
    Message.objects.filter(state=Message.State.CLAIMED, claimed_at__lt=now - LEASE).update(state=Message.State.UNKNOWN)
    due = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        Q(state=Message.State.QUEUED), due_at__lte=now
    )
    ready = []
    for message in due.select_related("recipient__person").order_by("due_at", "pk")[:most]:
        _decide(message, now, hours)
        if message.state == Message.State.CLAIMED:
            ready.append(message)
    return ready


def _decide(message: Message, now: datetime, hours: range) -> None:
    person = getattr(message.recipient, "person", None)
    outcome: reach.Send | reach.Wait | reach.Hold = reach.Send(message.to, message.body)
    if person and not message.asked_for:
        kind = {channel: kind for kind, channel in CHANNEL_OF.items()}[Message.Channel(message.channel)]
        way = Way.objects.filter(person=person, kind=kind, ended_at=None).first()
        outcome = reach.decide(way, message.body, timezone.localtime(now), hours=hours)
        signs = Membership.objects.filter(pk=message.signed_by_id)
        if message.signed_by_id and not not_kept_away(signs, person).exists():
            outcome = reach.Hold(_("They keep away whoever signed this."))
    match outcome:
        case reach.Send(to, body):
            message.to, message.body = to, body
            message.state, message.claimed_at = Message.State.CLAIMED, now
        case reach.Wait(until):
            message.due_at = until
        case reach.Hold(because):
            message.state, message.held_because = Message.State.HELD, str(because)
    message.save()


def been_round(*, now: datetime) -> None:
    """Keep that the clock has sent what it could: the watch on the watcher reads this."""
    Heartbeat.objects.update_or_create(job="send_messages", defaults={"at": now})


def mark_sent(*, message_id: UUID, now: datetime, forget: bool = False) -> None:
    """Keep that a claimed message was handed over.

    With ``forget``, the words of one that its receiver asked for (a sign-in code, an invitation) are kept no longer:
    whoever read them here could use them.
    """
    claimed = Message.objects.filter(pk=message_id, state=Message.State.CLAIMED)
    if forget:
        claimed.filter(asked_for=True).update(body="")
    claimed.update(state=Message.State.SENT, sent_at=now)


def mark_held(*, message_id: UUID, because: str) -> None:
    """Keep that a claimed message could not be handed over, and why: it becomes something for a person to do."""
    Message.objects.filter(pk=message_id, state=Message.State.CLAIMED).update(
        state=Message.State.HELD, held_because=because[:300]
    )
