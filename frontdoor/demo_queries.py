"""What the demo shows of its made-up town: whom one can sign in as, and every message as its receiver sees it.

Nothing here asks who is looking, because everybody may look: these pages exist in the demo alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case, HuddleItem, Supporter, Walk, Way
from frontdoor import codes
from teams.models import Membership, Message, Sector, Team, User

PAGE = 50
NEW_AGAIN_DAYS = 14


@dataclass(frozen=True)
class Somebody:
    """One account that can be signed in as, with one honest line."""

    user_id: UUID
    name: str
    line: str
    code: str = ""


@dataclass(frozen=True)
class Group:
    title: str | Promise
    people: tuple[Somebody, ...]


@dataclass(frozen=True)
class Town:
    members: tuple[Group, ...]
    people: tuple[Group, ...]


@dataclass(frozen=True)
class Seen:
    """One message, as whoever gets it sees it, and what has become of it."""

    name: str
    to: str
    is_text: bool
    subject: str
    body: str
    at: datetime
    sent: bool
    state: str


HOW_THINGS_ARE = {
    "new": gettext_lazy("Just come in"),
    "back": gettext_lazy("Coming back"),
    "quiet": gettext_lazy("Gone quiet"),
    "peace": gettext_lazy("Quiet, and said so"),
    "walking": gettext_lazy("Walking together"),
    "out": gettext_lazy("Stepped out: the door is open"),
}


def town(*, now: datetime) -> Town:
    """Everybody of the front door's own team, and one member of another team, to whom they are all unknown."""
    home = Team.objects.filter(is_front_door=True).first()
    if home is None:
        return Town((), ())
    here = Membership.objects.filter(ended_at=None, user__is_active=True).select_related(
        "user", "organisation", "team"
    )
    members = [
        Group(
            sector.label,
            tuple(
                Somebody(member.user_id, member.user.name, f"{capfirst(member.role)}, {member.organisation.name}")
                for member in here.filter(team=home, organisation__sector=sector).order_by("user__name", "pk")
            ),
        )
        for sector in Sector
    ]
    other = here.exclude(team=home).order_by("started_at", "id").first()
    if other:
        line = _("%(role)s in another team: nobody of this town is known to them") % {"role": capfirst(other.role)}
        members.append(Group(other.team.name, (Somebody(other.user_id, other.user.name, line),)))
    return Town(tuple(group for group in members if group.people), _people(home, now))


def _people(home: Team, now: datetime) -> tuple[Group, ...]:
    walks = Walk.objects.filter(ended_at=None).select_related("member__user").order_by("-main", "started_at", "id")
    decided = (
        HuddleItem.objects.filter(decided_at__isnull=False).select_related("who__user").order_by("-decided_at", "pk")
    )
    cases = (
        Case.objects.filter(team=home, next=None)
        .select_related("person__user", "person__conversation", "said_in__member__user")
        .prefetch_related(
            Prefetch("walks", queryset=walks, to_attr="walking"),
            Prefetch("huddle_items", queryset=decided, to_attr="decided"),
        )
        .order_by("-came_at", "pk")
    )
    groups: dict[str, list[Somebody]] = {key: [] for key in HOW_THINGS_ARE}
    for case in cases:
        key = _how_things_are(case, now)
        conversation = getattr(case.person, "conversation", None)
        groups[key].append(
            Somebody(
                user_id=case.person.user_id,
                name=case.person.name_used or _("Somebody who gave no name"),
                line=_line(case, key, now),
                code=codes.code(conversation.pk, conversation.code_turn) if conversation else "",
            )
        )
    shown = [Group(HOW_THINGS_ARE[key], tuple(people)) for key, people in groups.items() if people]
    asked = tuple(_asked(home))
    return (*shown, Group(_("Asked by somebody to stand beside them"), asked)) if asked else tuple(shown)


def _asked(home: Team) -> Iterator[Somebody]:
    rows = Supporter.objects.filter(
        plan__person__cases__team=home, plan__person__cases__next=None, ended_at=None, accepted_at__isnull=False
    )
    for row in rows.select_related("plan__person").order_by("name", "pk"):
        line = _("Asked by %(name)s, and sees only what was shared") % {"name": row.plan.person.name_used}
        yield Somebody(row.user_id, row.name, line)


def _how_things_are(case: Case, now: datetime) -> str:
    if case.state == Case.State.OPEN_DOOR:
        return "out"
    if case.quiet_at and case.quiet_at <= now:
        return "quiet"
    if case.leave_until and case.leave_until >= timezone.localtime(now).date():
        return "peace"
    if case.came_back_from_id and (now - case.came_at).days < NEW_AGAIN_DAYS:
        return "back"
    return "new" if case.last_both_at is None else "walking"


def _line(case: Case, key: str, now: datetime) -> str:
    """How things are with somebody, in one line."""
    who = ", ".join(walk.member.user.first_name for walk in case.walking)  # type: ignore[attr-defined]
    came = _("Came %(ago)s ago.") % {"ago": _ago(case.came_at, now)}
    talked = _("Last in touch %(ago)s ago.") % {"ago": _ago(case.last_both_at, now)} if case.last_both_at else ""
    if key == "out":
        assert case.ended_at is not None
        left = _("Stepped out %(ago)s ago.") % {"ago": _ago(case.ended_at, now)}
        told = case.said_in and case.said_in.member
        if told:
            return f"{left} " + _("Told %(who)s.") % {"who": told.user.first_name}
        return f"{left} " + _("Pressed it themselves.")
    if key == "peace":
        assert case.leave_until is not None
        return f"{talked} " + _("Asked for peace until %(day)s.") % {"day": _day(case.leave_until)}
    if key == "quiet" and case.last_both_at is None:
        return f"{came} " + _("Nobody has met them yet.")
    if case.last_both_at is None:
        return f"{came} {_promise(case)}"
    with_whom = _("With %(who)s.") % {"who": who} if who else _("Nobody walks with them yet.")
    rhythm = _("Agreed: every %(days)s days.") % {"days": case.rhythm_days} if case.rhythm_days else ""
    return " ".join(filter(None, [with_whom, talked, rhythm if key == "quiet" else ""]))


def _promise(case: Case) -> str:
    item = next(iter(case.decided), None)  # type: ignore[attr-defined]
    if item and item.who and item.by_when:
        return _("%(who)s says hello by %(day)s.") % {"who": item.who.user.first_name, "day": _day(item.by_when)}
    if case.hello_by:
        return _("A hello is promised by %(day)s.") % {"day": _day(case.hello_by)}
    return _("They will get in touch themselves.")


def _ago(then: datetime, now: datetime) -> str:
    return timesince(then, now, depth=1)


def _day(day: date) -> str:
    return date_format(day, "l j F")


def may_be(*, user_id: UUID) -> User | None:
    """The account of somebody in the demo town; None when there is nobody with this id."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def messages(*, page: int, now: datetime) -> tuple[list[Seen], bool]:
    """One page of the messages, newest first, and whether there are older ones."""
    first = (page - 1) * PAGE
    rows = list(
        Message.objects.select_related("recipient")
        .prefetch_related("recipient__person__ways")
        .order_by("-written_at", "-id")[first : first + PAGE + 1]
    )
    return [_seen(row, now) for row in rows[:PAGE]], len(rows) > PAGE


def _seen(message: Message, now: datetime) -> Seen:
    return Seen(
        name=message.recipient.name if message.recipient else message.to,
        to=message.to,
        is_text=message.channel == Message.Channel.TEXT,
        subject=message.subject,
        body=_as_it_would_arrive(message),
        at=message.written_at,
        sent=message.state == Message.State.SENT,
        state=_state(message, now),
    )


def _as_it_would_arrive(message: Message) -> str:
    """The words of a message; one that still waits goes, where others may read it, with the words the person chose."""
    person = getattr(message.recipient, "person", None)
    if person and message.state == Message.State.QUEUED and not message.asked_for:
        for way in person.ways.all():
            if way.kind == message.channel and way.ended_at is None and way.others != Way.Others.NO:
                return way.only_words
    return message.body


def _state(message: Message, now: datetime) -> str:
    if message.state == Message.State.HELD:
        return _("Not sent. %(because)s") % {"because": message.held_because}
    if message.state == Message.State.QUEUED and message.due_at > now:
        return _("Waits until %(when)s.") % {"when": _moment(message.due_at)}
    if message.state == Message.State.SENT and message.sent_at:
        return _("Sent %(when)s.") % {"when": _moment(message.sent_at)}
    if message.state == Message.State.UNKNOWN:
        return _("We do not know whether it went.")
    return _("On its way.")


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "l j F, H:i")
