"""What the person sees first: what happens next, by whom and when, and what has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import A_TRY, Case, Contact, HuddleItem, Person, Plan, Suggestion, Supporter, Way, Worry
from cases.pace import weekday_or_date
from cases.permissions import Permission, standing
from cases.permissions.sharing import Walker
from cases.queries.emergency import openings_of
from cases.queries.history import Change, history
from teams.permissions import NotKnown

NEWEST = 4
NOTE_STAYS = timedelta(days=14)  # on the first page; after that it is in the history


@dataclass(frozen=True)
class Note:
    """What the team decided, as the person gets it."""

    decided_at: datetime
    we_heard: str
    first_step: str
    because: str
    other_view: str
    who: str
    stand_in: str
    how: str
    by_when: date | None


@dataclass(frozen=True)
class Opened:
    """Somebody opened the plan in an emergency."""

    who: str
    organisation: str
    at: datetime
    why: str


@dataclass(frozen=True)
class SaidYes:
    """Somebody whom the person asked said yes, and sees nothing until that day."""

    id: UUID
    name: str
    opens: str


@dataclass(frozen=True)
class Suggested:
    """Somebody suggests other words for the person's own, and waits to hear."""

    who: str
    entry_id: UUID
    id: UUID


@dataclass(frozen=True)
class Worried:
    """Somebody told us that they are worried about the person, and that we may say so."""

    teller: str
    why: str
    seen: str
    told_at: datetime
    linked_at: datetime


@dataclass(frozen=True)
class MyPage:
    plan_id: UUID
    name: str
    state: str
    next_words: str
    missed_words: str
    leave_until: date | None
    note: Note | None
    opened: tuple[Opened, ...]
    said_yes: tuple[SaidYes, ...]
    worried: tuple[Worried, ...]
    suggested: tuple[Suggested, ...]
    changes: tuple[Change, ...]
    walkers: tuple[Walker, ...]
    main: Walker | None


def my_page(*, viewer: Any, now: datetime) -> MyPage:
    """The person's first page. Raises NotKnown when the viewer is not a person with a plan."""
    plan_id = plan_of(viewer)
    at = standing(viewer, plan_id, now)
    case = at.sharing.case
    # Of somebody they keep away the person reads no promise.
    main = next((walker for walker in at.sharing.walkers if walker.main and not at.sharing.shuts_out(walker)), None)
    walks = main or next((walker for walker in at.sharing.walkers if not at.sharing.shuts_out(walker)), None)
    decided = _latest_decision(case)
    names_nobody = decided is not None and decided.who is not None and at.sharing.shuts_out(decided.who)
    promised = None if names_nobody else decided
    next_words, missed = _next(case, promised, main, walks, timezone.localtime(now).date())
    return MyPage(
        plan_id=plan_id,
        name=at.sharing.plan.person.name_used,
        state=case.state,
        next_words=next_words,
        missed_words=missed,
        leave_until=case.leave_until if case.leave_until and case.leave_until >= timezone.localdate(now) else None,
        note=note_of(decided) if decided and _is_news(decided, now) else None,
        opened=tuple(
            Opened(row.member.user.name, row.member.organisation.name, row.opened_at, row.why)
            for row in openings_of(at.sharing.plan)
            if row.opened_at > now - NOTE_STAYS
        ),
        said_yes=tuple(
            SaidYes(row.pk, row.name, day_words(timezone.localdate(row.opens_at), timezone.localdate(now)))
            for row in Supporter.objects.filter(plan=plan_id, ended_at=None, opens_at__gt=now)
            if row.opens_at
        ),
        worried=tuple(row for row in worried_about(at.sharing.plan) if row.linked_at > now - NOTE_STAYS),
        suggested=tuple(
            Suggested(row.author.name, row.entry_id, row.pk)
            for row in Suggestion.objects.filter(entry__plan=plan_id, entry__removed_at=None, answer="")
            .select_related("author")
            .order_by("made_at", "pk")
        ),
        changes=tuple(history(plan_id=plan_id, viewer=viewer, now=now, others_only=True, newest=NEWEST)),
        walkers=at.sharing.walkers,
        main=main,
    )


def worried_about(plan: Plan) -> list[Worried]:
    """What others told us about the person, where they said that we may say so; for the person's own pages."""
    rows = Worry.objects.filter(plan=plan, may_say=Worry.MaySay.YES, linked_at__isnull=False)
    return [
        Worried(row.teller, row.why, row.seen, row.told_at, row.linked_at) for row in rows if row.linked_at is not None
    ]


def walks_with_me(*, plan_id: UUID, viewer: Any, now: datetime) -> tuple[Walker, ...]:
    """Those in whose place the person may ask for somebody else. Raises NotKnown, and NotAllowed for anybody but them."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.ANSWER)
    return at.sharing.walkers


def plan_of(viewer: Any) -> UUID:
    """The viewer's own plan. Raises NotKnown when they have none."""
    person = Person.objects.filter(user=viewer.pk).select_related("plan").first() if viewer.is_authenticated else None
    if person is None:
        raise NotKnown
    return person.plan.pk


def _latest_decision(case: Case) -> HuddleItem | None:
    return (
        HuddleItem.objects.filter(case=case, decided_at__isnull=False)
        .select_related("who__user", "who__organisation", "stand_in__user")
        .order_by("-decided_at", "-pk")
        .first()
    )


def _is_news(item: HuddleItem, now: datetime) -> bool:
    assert item.decided_at is not None
    return item.decided_at > now - NOTE_STAYS


def note_of(item: HuddleItem) -> Note:
    """A decision as the person gets it."""
    assert item.decided_at is not None
    return Note(
        decided_at=item.decided_at,
        we_heard=item.we_heard,
        first_step=item.first_step,
        because=item.because,
        other_view=item.other_view,
        who=item.who.user.first_name if item.who else "",
        stand_in=item.stand_in.user.first_name if item.stand_in else "",
        how=item.how,
        by_when=item.by_when,
    )


def how_words(kind: str, who: str) -> str:
    """How somebody will say hello, as the start of a promise: "Jo will text you"."""
    sentences: dict[str, str] = {
        Way.Kind.CALL: _("%(who)s will call you"),
        Way.Kind.TEXT: _("%(who)s will text you"),
        Way.Kind.EMAIL: _("%(who)s will email you"),
        Way.Kind.WRITE: _("%(who)s will write to you"),
        Way.Kind.PLACE: _("%(who)s will meet you"),
        Way.Kind.TRUSTED: _("%(who)s will ask the person you trust"),
        Way.Kind.COME: _("%(who)s will be here when you come"),
    }
    return sentences.get(kind, _("%(who)s will say hello")) % {"who": who}


def _next(
    case: Case, decided: HuddleItem | None, main: Walker | None, walks: Walker | None, today: date
) -> tuple[str, str]:
    """What happens next, with a name and a day; and, when we broke a promise, the words that say so.

    ``walks`` is who walks with the person: their main person, or another when that one is kept away. A promise names nobody
    who did not make it.
    """
    if case.state == Case.State.OPEN_DOOR:
        return _("You have stepped out. You can come back at any time."), ""
    if case.hello_by is None:
        if walks:
            return _("%(who)s walks with you. You can ask to talk at any time.") % {"who": walks.first_name}, ""
        return _("We have your words. You can ask to talk at any time."), ""
    promised = decided if decided and decided.by_when == case.hello_by and decided.kept_at is None else None
    who = promised.who.user.first_name if promised and promised.who else main.first_name if main else ""
    if case.hello_by < today:
        sorry = _missed(case, case.hello_by, today)
        return (
            _("%(who)s will say hello as soon as they can.") if who else _("We will say hello as soon as we can.")
        ) % {"who": who}, sorry
    how = how_words(promised.how if promised else "", who or _("Somebody from the team"))
    return _("%(how)s %(when)s.") % {"how": how, "when": by_words(case.hello_by, today)}, ""


def _missed(case: Case, promised: date, today: date) -> str:
    """A promise whose day has passed, said as ours: either we tried and missed each other, or we did not."""
    tried = Contact.objects.filter(A_TRY, case=case, at__date__lte=promised).order_by("-at", "pk").first()
    if tried:
        day = day_words(timezone.localtime(tried.at).date(), today)
        return _("We tried on %(day)s, and missed each other. That is all right. We will try another way.") % {
            "day": day
        }
    return _("We said %(day)s. We missed it. You can call us, and we will put it right.") % {
        "day": day_words(promised, today)
    }


def by_words(day: date, today: date) -> str:
    """The last day for something: "today", or "by Thursday"."""
    return _("today") if day == today else _("by %(day)s") % {"day": day_words(day, today)}


def day_words(day: date, today: date) -> str:
    """A day as one says it: today, tomorrow, the weekday within a week, or the date."""
    days = (day - today).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return weekday_or_date(day, today)
