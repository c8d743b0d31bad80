"""What waits for the team today: who asked, who is new, who came back, who has gone quiet, and what was promised."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Window,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.models import A_TRY, Case, Contact, HuddleItem, ReachingOut, Walk, Way
from cases.pace import Pace
from cases.permissions import Permission, Standing, shut_out_of_all, standings
from cases.queries.flags import picks_in, words_in
from cases.queries.me import by_words, day_words
from cases.queries.plan import NO_NAME, rhythm_words
from cases.queries.reach import WAY_WORDS, next_steps
from cases.rhythm import Step
from teams.models import Membership, Message
from teams.permissions import membership_of

LONGEST = 50

TITLES: dict[str, str | Promise] = {
    "asked": gettext_lazy("Asked for today"),
    "question": gettext_lazy("A question about a look"),
    "new": gettext_lazy("New hellos"),
    "back": gettext_lazy("Coming back"),
    "quiet": gettext_lazy("We have not heard"),
    "mine": gettext_lazy("My people"),
    "promises": gettext_lazy("Promises due"),
    "others": gettext_lazy("Others our team walks with"),
    "messages": gettext_lazy("Messages that were not sent"),
}


@dataclass(frozen=True)
class NextStep:
    since: str
    words: str | Promise  # empty where the viewer does not walk with them and they are not on the agenda
    by: str
    icon: str
    way: str | Promise


@dataclass(frozen=True)
class Row:
    """One person. Somebody whose plan the viewer may not open has a name, a way, a promise and a day, and no words."""

    plan_id: UUID | None
    item_id: UUID | None  # on the agenda
    name: str | Promise
    icon: str
    way: str | Promise
    promise: str
    late: str
    asked: str | Promise
    lines: tuple[str, ...]
    needs: tuple[str, ...]
    wishes: tuple[str, ...]
    step: NextStep | None
    why: str
    can_keep_contact: bool
    open_id: UUID | None  # the plan, where the viewer may open it in an emergency and not otherwise


@dataclass(frozen=True)
class List:
    key: str
    title: str | Promise
    rows: tuple[Row, ...]
    more: int  # how many are not on this page
    page: int


@dataclass(frozen=True)
class Today:
    team: str
    lists: tuple[List, ...]


@dataclass(frozen=True)
class Wanted:
    """What the viewer asked to see: a part of a name, only their own, or one list from some page on."""

    name: str = ""
    mine: bool = False
    only: str = ""
    page: int = 1


def today(*, viewer: Any, now: datetime, wanted: Wanted = Wanted()) -> Today:
    """What waits for the viewer's team. As many queries for a thousand people as for one. Raises NotAMember."""
    me = membership_of(viewer)
    day = timezone.localdate(now)
    stays = _stays(me, day, wanted)
    found: dict[str, list[Any]] = {}
    lists = {**_lists(stays), "messages": _messages(stays, me)}
    if not (me.may_open and wanted.name):
        del lists["others"]  # whoever may open a plan in an emergency finds it by its name
    for key, rows in lists.items():
        if not wanted.only or wanted.only == key:
            first = (wanted.page - 1) * LONGEST if wanted.only else 0
            found[key] = list(rows.annotate(total=Window(Count("*")))[first : first + LONGEST])
    facts = _Facts(me, now, stays, found)
    return Today(
        team=me.team.name,
        lists=tuple(
            List(
                key=key,
                title=TITLES[key],
                rows=tuple(facts.message(row) if key == "messages" else facts.row(row, key) for row in found[key]),
                more=max(found[key][0].total - wanted.page * LONGEST, 0),
                page=wanted.page,
            )
            for key in TITLES
            if found.get(key)
        ),
    )


def team_stays(me: Membership) -> QuerySet[Case]:
    """The stays with a member’s team that go on, without anybody who shut this member out of their whole plan."""
    shut = shut_out_of_all(
        person=OuterRef("person"), user=me.user_id, sector=me.organisation.sector, organisation=me.organisation_id
    )
    return Case.objects.filter(~shut, team=me.team_id).exclude(state=Case.State.OPEN_DOOR)


def _stays(me: Membership, day: date, wanted: Wanted) -> QuerySet[Case]:
    """The stays that the viewer asked about, each knowing which list it is for."""
    here = {"case": OuterRef("pk")}
    items = HuddleItem.objects.filter(**here)
    latest = items.order_by("-put_on_at").values("put_on_at")[:1]
    stays = team_stays(me).annotate(
        promised_at=Coalesce(Subquery(latest), F("came_at"), output_field=DateTimeField()),
        for_today=Exists(items.filter(kind=HuddleItem.Kind.TODAY, decided_at=None)),
        asked_us=Exists(items.filter(kind=HuddleItem.Kind.QUESTION, decided_at=None)),
        walks_with_me=Exists(Walk.objects.filter(member=me, ended_at=None, **here)),
        promised_by_me=Exists(items.filter(who=me, decided_at__isnull=False, kept_at=None)),
        since=Subquery(
            ReachingOut.objects.filter(found_at=None, **here)
            .values("case")
            .annotate(first=Min("since"))
            .values("first")
        ),
    )
    # To have tried is to have kept a promise, answered or not.
    stays = stays.annotate(
        tried=Exists(Contact.objects.filter(A_TRY, at__gte=OuterRef("promised_at"), **here)),
    )
    due = Q(hello_by__isnull=False, hello_by__lte=day, tried=False)
    stays = stays.annotate(is_asked=ExpressionWrapper(Q(for_today=True) | due, output_field=BooleanField()))
    if wanted.mine:
        stays = stays.filter(Q(walks_with_me=True) | Q(promised_by_me=True))
    if wanted.name:
        stays = stays.filter(person__name_used__icontains=wanted.name)
    return stays.select_related("person__user", "person__plan")


def _lists(stays: QuerySet[Case]) -> dict[str, QuerySet[Any]]:
    """Everybody is in one of these lists at most, the most pressing; those who walk with me are in mine too."""
    waiting = stays.filter(is_asked=False, asked_us=False)
    heard = waiting.filter(since=None)
    arriving = heard.filter(state=Case.State.ARRIVING).order_by("came_at", "pk")
    return {
        "asked": stays.filter(is_asked=True).order_by(
            "-for_today", F("hello_by").asc(nulls_last=True), "came_at", "pk"
        ),
        "question": stays.filter(is_asked=False, asked_us=True).order_by("promised_at", "pk"),
        "new": arriving.filter(came_back_from=None),
        "back": arriving.exclude(came_back_from=None),
        "quiet": waiting.exclude(since=None).order_by("since", "pk"),
        "mine": stays.filter(walks_with_me=True).order_by("person__name_used", "pk"),
        "promises": heard.filter(state=Case.State.WALKING, hello_by__isnull=False, tried=False).order_by(
            "-promised_by_me", "hello_by", "pk"
        ),
        "others": heard.filter(state=Case.State.WALKING, walks_with_me=False)
        .exclude(hello_by__isnull=False, tried=False)
        .order_by("person__name_used", "pk"),
    }


def _messages(stays: QuerySet[Case], me: Membership) -> QuerySet[Any]:
    """Messages that did not go, to those whom the viewer may reach, until somebody has written down another hello."""
    reachable = Q(walks_with_me=True)
    if me.says_hello:
        reachable |= Q(huddle_items__decided_at=None, huddle_items__kind__in=HuddleItem.OPENS)
    later = Contact.objects.filter(case__person__user=OuterRef("recipient"), written_at__gt=OuterRef("written_at"))
    return (
        Message.objects.filter(
            ~Exists(later),
            state__in=[Message.State.HELD, Message.State.UNKNOWN],
            recipient__person__in=stays.filter(reachable).values("person"),
        )
        .select_related("recipient")
        .order_by("-written_at", "pk")
    )


class _Facts:
    """What the rows of all lists say, read together."""

    def __init__(self, me: Membership, now: datetime, stays: QuerySet[Any], found: dict[str, list[Any]]) -> None:
        self.now, self.day, self.may_open = now, timezone.localdate(now), me.may_open
        cases = {case.pk: case for key, rows in found.items() if key != "messages" for case in rows}
        for case in stays.filter(person__user__in=[message.recipient_id for message in found.get("messages", [])]):
            cases.setdefault(case.pk, case)
        self.case_of = {case.person.user_id: case for case in cases.values()}
        self.places = standings(me.user, [case.person.plan for case in cases.values()], now, in_the_huddle=True)
        known: Collection[Standing] = self.places.values()
        self.needs, self.wishes = words_in("talk", known), words_in("quiet", known)
        picked = {
            self.places[plan_id].sharing.plan.person_id: keys for plan_id, keys in picks_in("quiet", known).items()
        }
        self.steps = next_steps(cases.values(), now, picked)
        self.ways: dict[UUID, str] = {}
        people = [case.person_id for case in cases.values()]
        for way in Way.objects.filter(person__in=people, ended_at=None):
            self.ways.setdefault(way.person_id, way.kind)
        self.waiting: dict[UUID, HuddleItem] = {}
        self.promised: dict[UUID, HuddleItem] = {}
        for item in HuddleItem.objects.filter(case__in=cases).select_related("who__user").order_by("decided_at", "pk"):
            (self.promised if item.decided_at else self.waiting)[item.case_id] = item

    def message(self, message: Message) -> Row:
        if message.state == Message.State.UNKNOWN:
            why = _("We do not know whether it went. Ask them whether it came before you send it again.")
        else:
            why = _("%(why)s Say hello another way.") % {"why": message.held_because}
        assert message.recipient_id is not None
        return self._row(
            self.case_of[message.recipient_id],
            why=why,
            lines=(_("Written %(day)s.") % {"day": ago_words(message.written_at, self.now)},),
        )

    def row(self, case: Case, key: str) -> Row:
        if key == "mine":
            return self._row(case, lines=tuple(self._together(case)), say_step=False)
        item = self.waiting.get(case.pk)
        lines = (item.why,) if item and case.asked_us else ()  # type: ignore[attr-defined] # every stay here knows it
        return self._row(case, lines=lines, say_step=key != "asked", say_wishes=key == "quiet")

    def _row(
        self,
        case: Case,
        *,
        why: str = "",
        lines: tuple[str, ...] = (),
        say_step: bool = True,
        say_wishes: bool = False,
    ) -> Row:
        plan_id = case.person.plan.pk
        place = self.places.get(plan_id)
        knows = bool(place and place.knows)
        item = self.waiting.get(case.pk)
        icon, way = WAY_WORDS[self.ways[case.person_id]] if case.person_id in self.ways else ("", "")
        promise, late = self._promise(case)
        return Row(
            plan_id=plan_id if knows else None,
            item_id=item.pk if item and place and place.at_huddle else None,
            name=case.person.name_used or NO_NAME,
            icon=icon,
            way=way,
            promise=promise,
            late=late,
            asked=Pace(case.pace).label if knows and case.hello_by and asked_for(case) else "",
            lines=lines if place else (),
            needs=self.needs.get(plan_id, ()),
            wishes=self.wishes.get(plan_id, ()) if say_wishes else (),
            step=self._step(case, place) if say_step else None,
            why=why,
            can_keep_contact=bool(place and place.may(Permission.KEEP_CONTACT)),
            open_id=plan_id if self.may_open and not knows else None,
        )

    def _promise(self, case: Case) -> tuple[str, str]:
        """Who says hello by when; and when the day has passed without a try, that we missed it."""
        if case.hello_by is None:
            arriving = case.state == Case.State.ARRIVING and case.pace == Pace.I_WILL
            return (_("They will get in touch with us.") if arriving else ""), ""
        item = self.promised.get(case.pk)
        if case.tried:  # type: ignore[attr-defined] # every stay here knows it
            return _("We have said hello, and wait to hear."), ""
        if case.hello_by < self.day:
            return "", _("We said %(day)s. We missed it.") % {"day": day_words(case.hello_by, self.day)}
        by = by_words(case.hello_by, self.day)
        if item and item.who and not item.kept_at:
            return _("%(who)s says hello %(by)s.") % {"who": item.who.user.first_name, "by": by}, ""
        return _("We say hello %(by)s.") % {"by": by}, ""

    def _step(self, case: Case, place: Standing | None) -> NextStep | None:
        found = self.steps.get(case.pk)
        if found is None:
            return None
        since, step = found
        return step_words(since, step, self.day, known=bool(place and place.knows))

    def _together(self, case: Case) -> list[str]:
        """For those who walk with me: how we are in touch."""
        lines = []
        place = self.places.get(case.person.plan.pk)
        if place and place.walker and place.walker.main:
            lines.append(_("You are their main person."))
        if case.last_both_at:
            lines.append(_("In touch %(when)s.") % {"when": ago_words(case.last_both_at, self.now)})
        else:
            lines.append(_("Not in touch yet."))
        if case.leave_until and case.leave_until >= self.day:
            lines.append(_("OK, just quiet until %(day)s.") % {"day": date_format(case.leave_until, "j F")})
        elif case.rhythm_agreed_at:
            lines.append(_("We agreed: %(rhythm)s.") % {"rhythm": rhythm_words(case.rhythm_days)})
            if case.rhythm_days and case.last_both_at:
                due = timezone.localdate(case.last_both_at) + timedelta(days=case.rhythm_days)
                lines.append(_("Next hello %(by)s.") % {"by": by_words(max(due, self.day), self.day)})
        return lines


def step_words(since: date, step: Step, day: date, *, known: bool) -> NextStep:
    """The next kind step in words; ``known`` is whether the viewer may open the plan."""
    icon, way = WAY_WORDS[step.way] if step.way else ("", "")
    return NextStep(
        since=date_format(since, "l j F"),
        words=step.words if known else "",
        by=by_words(max(step.due_on, day), day),
        icon=icon,
        way=way,
    )


def asked_for(case: Case) -> bool:
    """Whether its pace is one that the person chose: they may skip it, and nobody who comes back is asked."""
    return bool(case.pace) and not (case.came_back_from_id and case.state == Case.State.ARRIVING)


def ago_words(moment: datetime, now: datetime) -> str:
    """How long ago something was, as one says it."""
    days = (timezone.localdate(now) - timezone.localdate(moment)).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 14:
        return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}
    if days < 60:
        return _("%(weeks)s weeks ago") % {"weeks": days // 7}
    return _("on %(day)s") % {"day": date_format(timezone.localtime(moment), "j F Y")}
