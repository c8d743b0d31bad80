"""How to say hello: by which ways, with which words, and what the next kind step is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import reach
from cases.models import A_TRY, Avoid, Case, Contact, ReachingOut, Supporter, Way
from cases.permissions import NotAllowed, Permission, standing
from cases.queries.plan import NO_NAME
from cases.reach import words_for
from cases.rhythm import UNTIL_AGREED_DAYS, Step, next_step

# What a member did, as the way that the person gave.
WAY_OF: dict[str, str] = {
    Contact.By.CALL: Way.Kind.CALL,
    Contact.By.VIDEO: Way.Kind.CALL,
    Contact.By.TEXT: Way.Kind.TEXT,
    Contact.By.EMAIL: Way.Kind.EMAIL,
    Contact.By.LETTER: Way.Kind.WRITE,
    Contact.By.MEETING: Way.Kind.PLACE,
    Contact.By.VISIT: Way.Kind.PLACE,
    Contact.By.DROP_IN: Way.Kind.PLACE,
}
# Ways that we can go ourselves; by the others the person comes to us.
OURS_TO_GO = [Way.Kind.CALL, Way.Kind.TEXT, Way.Kind.EMAIL, Way.Kind.WRITE, Way.Kind.PLACE, Way.Kind.TRUSTED]

# Each way in a team member's words, and the drawing beside it.
WAY_WORDS: dict[str, tuple[str, str | Promise]] = {
    Way.Kind.CALL: ("call", gettext_lazy("Call")),
    Way.Kind.TEXT: ("text", gettext_lazy("Text")),
    Way.Kind.EMAIL: ("email", gettext_lazy("E-mail")),
    Way.Kind.WRITE: ("letter", gettext_lazy("Letter")),
    Way.Kind.PLACE: ("place", gettext_lazy("Meet somewhere they know")),
    Way.Kind.TRUSTED: ("person", gettext_lazy("Through someone they trust")),
    Way.Kind.COME: ("door", gettext_lazy("They come to us")),
    Way.Kind.NONE: ("door", gettext_lazy("No phone")),
}
TIMES: dict[str, str | Promise] = {
    "mornings": gettext_lazy("in the morning"),
    "afternoons": gettext_lazy("in the afternoon"),
    "evenings": gettext_lazy("in the evening"),
    "weekends": gettext_lazy("at the weekend"),
    "any": gettext_lazy("at any time"),
}


@dataclass(frozen=True)
class SafeWay:
    """One way to say hello, with what the person asked of it in sentences."""

    icon: str
    title: str | Promise
    to: str
    rules: tuple[str, ...]
    preview: str  # exactly what a message of ours would say
    held: str | Promise  # or why none would go
    note: str


@dataclass(frozen=True)
class Trusted:
    """Somebody whom the person asked, and whom we may call when we are worried."""

    name: str
    knows: str
    to: str
    only_if: str


@dataclass(frozen=True)
class ReachPage:
    plan_id: UUID
    name: str | Promise
    ways: tuple[SafeWay, ...]
    avoid: str
    people: tuple[Trusted, ...]


def reach_page(*, plan_id: UUID, viewer: Any, now: datetime) -> ReachPage:
    """How to say hello to somebody safely, for those who may. ``look_at_reach`` keeps who looked."""
    at = standing(viewer, plan_id, now)
    at.check(Permission.REACH)
    if at.is_person:
        raise NotAllowed(_("How we may say hello to you is on your own page."))
    person = at.sharing.plan.person
    avoid = Avoid.objects.filter(person=person).first()
    hello = words_for("decided", name=person.user.first_name, worker=viewer.first_name)
    return ReachPage(
        plan_id=plan_id,
        name=person.name_used or NO_NAME,
        ways=tuple(_safe(way, hello) for way in Way.objects.filter(person=person, ended_at=None)),
        avoid=avoid.words if avoid else "",
        people=tuple(
            Trusted(row.name, row.knows, row.reach, row.only_if)
            for row in Supporter.objects.filter(
                Q(until=None) | Q(until__gt=now), plan=plan_id, ended_at=None, accepted_at__isnull=False
            ).exclude(may_call=Supporter.MayCall.NO)
        ),
    )


def _safe(way: Way, hello: str) -> SafeWay:
    icon, title = WAY_WORDS[way.kind]
    words = reach.words_on(way, hello) if way.kind in {Way.Kind.TEXT, Way.Kind.EMAIL} else ""
    return SafeWay(
        icon=icon,
        title=title,
        to=way.to,
        rules=tuple(_rules(way)),
        preview=words if isinstance(words, str) else "",
        held=words.because if isinstance(words, reach.Hold) else "",
        note=way.note,
    )


def _rules(way: Way) -> list[str]:
    """What the person asked, as sentences. What they did not say counts as no."""
    rules = []
    if way.times:
        times = ", ".join(str(TIMES[name]) for name in way.times if name in TIMES)
        rules.append(_("Good times: %(times)s.") % {"times": times})
    if way.kind not in {Way.Kind.COME, Way.Kind.NONE, Way.Kind.PLACE, Way.Kind.TRUSTED}:
        rules.append(
            {
                Way.Others.NO: _("Nobody else reads or answers this."),
                Way.Others.YES: _("Other people read or answer this."),
            }.get(Way.Others(way.others) if way.others else Way.Others.MAYBE, _("Others may read or answer this."))
        )
        rules.append(
            _("You can say who you are and where you are from.")
            if way.say_who
            else _("Say your first name only. Do not say where you are from.")
        )
    if way.kind == Way.Kind.CALL:
        rules.append(_("You can leave a message.") if way.leave_message else _("Do not leave a message."))
    if way.word:
        rules.append(_("The word between you: %(word)s.") % {"word": way.word})
    return rules


def next_steps(
    cases: Collection[Case], now: datetime, wishes: Mapping[UUID, Collection[str]] | None = None
) -> dict[UUID, tuple[date, Step]]:
    """By stay, since which day somebody has been quiet, and the next kind step: three queries for any number.

    ``wishes`` are, by person, what they picked for when they go quiet, as far as whoever asks may know it.
    """
    by_pk = {case.pk: case for case in cases}
    since: dict[UUID, datetime] = {}
    for quiet in ReachingOut.objects.filter(case__in=by_pk, found_at=None).order_by("since", "pk"):
        since.setdefault(quiet.case_id, quiet.since)
    tried: dict[UUID, list[tuple[date, str]]] = {pk: [] for pk in since}
    for contact in Contact.objects.filter(A_TRY, case__in=since).order_by("at", "written_at", "pk"):
        if contact.at >= since[contact.case_id]:
            tried[contact.case_id].append((timezone.localdate(contact.at), WAY_OF.get(contact.way, "")))
    ways: dict[UUID, list[str]] = {}
    people = [by_pk[pk].person_id for pk in since]
    for way in Way.objects.filter(person__in=people, ended_at=None, kind__in=OURS_TO_GO):
        ways.setdefault(way.person_id, []).append(way.kind)
    return {
        pk: (
            timezone.localdate(moment),
            next_step(
                since=timezone.localdate(moment),
                tried=tried[pk],
                rhythm_days=by_pk[pk].rhythm_days if by_pk[pk].rhythm_agreed_at else UNTIL_AGREED_DAYS,
                ever_met=by_pk[pk].last_both_at is not None,
                ways=ways.get(by_pk[pk].person_id, []),
                wishes=(wishes or {}).get(by_pk[pk].person_id, ()),
            ),
        )
        for pk, moment in since.items()
    }
