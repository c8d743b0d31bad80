"""Who may? The one place that answers, for the page, the history, the PDF, the huddle card, the export and the message.

django-guardian is spoken to here alone, and its grants are read as rows: a superuser has no shortcut, and rank opens nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import FilteredRelation, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from cases import sections
from cases.models import (
    Case,
    EmergencyOpening,
    HuddleItem,
    Person,
    Plan,
    PlanSection,
    SectionGrant,
    ShutOut,
    Supporter,
    Walk,
)
from cases.sections import Circle, Level
from teams.models import Membership, Team, User
from teams.permissions import NotAllowed, NotKnown, membership_in


class Permission(Enum):
    """What somebody may want to do with a plan or with the team's work, and what they read when they may not."""

    SEE = _("You cannot see this part of the plan.")
    SUGGEST = _("You cannot add to this part of the plan.")
    WRITE = _("Only the person whose plan this is can change these words. You can suggest something instead.")
    ANSWER = _("Only the person whose plan this is can answer this.")
    SHARE = _("Only the person whose plan this is can choose who sees it.")
    REACH = _("Only those who walk with this person can see how to reach them.")
    KEEP_CONTACT = _("Only those who walk with this person can write down a contact.")
    AGREE_RHYTHM = _("The rhythm is agreed between the person and those who walk with them.")
    BRING = _("Only members of the team can bring somebody to the huddle.")
    DECIDE = _("Only members of the team can decide in the huddle.")
    STEP_OUT = _("Only the person, or somebody they told, can write down that they are stepping out.")
    COME_BACK = _("Only the person can come back.")


WITH_SECTION = {Permission.SEE: Level.SEE, Permission.SUGGEST: Level.SUGGEST, Permission.WRITE: Level.WRITE}
OF_THE_PERSON = {Permission.ANSWER, Permission.SHARE, Permission.COME_BACK}
CODENAMES = {Level.SEE: "see_section", Level.SUGGEST: "suggest_section", Level.WRITE: "write_section"}
HERE = timedelta(minutes=2)  # since a plan was opened; after that nobody knows
LEVELS = {codename: level for level, codename in CODENAMES.items()}


@dataclass(frozen=True)
class Walker:
    """Somebody who walks with the person now."""

    user_id: UUID
    member_id: UUID
    name: str
    first_name: str
    role: str
    organisation: str
    organisation_id: int
    sector: str
    main: bool
    here: bool = False  # has the plan open now
    membership: Membership | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Sharing:
    """Everything the person has set about one plan, read once; it answers for any viewer without another query."""

    plan: Plan
    case: Case
    circles: dict[str, str]
    shut: tuple[tuple[str, UUID | None, str], ...]
    grants: dict[UUID, dict[str, Level]]
    walkers: tuple[Walker, ...]
    ends: dict[tuple[UUID, str], datetime] = field(default_factory=dict)  # when a grant by name is over
    supporters: dict[UUID, str] = field(default_factory=dict)  # those whom the person asked, by account

    def shuts_out(self, *, user_id: UUID, sector: str, section: str = "") -> bool:
        """Whether this person, or their sector, is shut out of a section; with no section, out of the whole plan."""
        return any(
            (not where or where == section) and (who == user_id or (kind and kind == sector))
            for where, who, kind in self.shut
        )

    def level(
        self,
        *,
        user_id: UUID,
        walker: Walker | None,
        sector: str,
        on_huddle: bool,
        section: str,
        circle: str,
        opened: bool = False,
    ) -> Level:
        """What one member or supporter may do with a section, or with an entry in it that has a ``circle`` of its own."""
        if self.shuts_out(user_id=user_id, sector=sector, section=section):
            return Level.NOTHING
        by_name = Level.NOTHING if circle else self.grants.get(user_id, {}).get(section, Level.NOTHING)
        by_circle = self.by_circle(walker=walker, on_huddle=on_huddle, opened=opened, section=section, circle=circle)
        return max(by_name, by_circle)

    def by_circle(
        self, *, walker: Walker | None, on_huddle: bool, section: str, circle: str, opened: bool = False
    ) -> Level:
        """What the circles give to a member, before anybody is shut out or let in by name.

        To whoever opened the plan in an emergency they give what they give to those who walk with the person, to read.
        """
        of_section = Circle(self.circles[section])
        within = {
            Circle.ME: False,
            Circle.NAMED: bool(walker and walker.main),
            Circle.WALKING: walker is not None or opened,
            Circle.TEAM: walker is not None or opened or on_huddle,
        }[min(Circle(circle or of_section), of_section, key=list(Circle).index)]  # an entry's own circle only narrows
        team_may = sections.BY_KEY[section].team_may
        return (team_may if walker else min(team_may, Level.SEE)) if within else Level.NOTHING


@dataclass(frozen=True)
class Standing:
    """One viewer's place with one plan."""

    viewer: User
    sharing: Sharing
    is_person: bool = False
    walker: Walker | None = None
    member: Membership | None = None
    on_huddle: bool = False
    opened: bool = False  # in an emergency, for some hours
    _levels: dict[tuple[str, str], Level] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_supporter(self) -> bool:
        """Whether the viewer is here because the person asked them, and not as a member of the team."""
        return not self.is_person and self.member is None and self.viewer.pk in self.sharing.supporters

    @property
    def organisation_id(self) -> int | None:
        """The organisation that this viewer acts for; None for the person and for supporters."""
        return self.member.organisation_id if self.member else None

    def level(self, section: str, circle: str = "") -> Level:
        """What the viewer may do with ``section``, or with an entry of it whose own circle is ``circle``."""
        if self.is_person:
            return Level.WRITE
        if not self.viewer.is_active or (self.member is None and not self.is_supporter):
            return Level.NOTHING
        key = (section, circle)
        if key not in self._levels:
            self._levels[key] = self.sharing.level(
                user_id=self.viewer.pk,
                walker=self.walker,
                sector=self.member.organisation.sector if self.member else "",
                on_huddle=self.on_huddle,
                opened=self.opened,
                section=section,
                circle=circle,
            )
        return self._levels[key]

    @property
    def knows(self) -> bool:
        """Whether the viewer may know that this plan is there at all."""
        if self.is_person:
            return True
        within = self.walker or self.on_huddle or self.opened or self.viewer.pk in self.sharing.grants
        return bool(within) and any(self.level(section) for section in sections.KEYS)

    def may(self, permission: Permission, section: str = "", circle: str = "") -> bool:
        """Whether the viewer may do this, with this section where the permission is about one."""
        if permission in WITH_SECTION:
            return self.level(section, circle) >= WITH_SECTION[permission]
        if self.is_person:
            return permission not in {Permission.BRING, Permission.DECIDE, Permission.KEEP_CONTACT}
        if permission in OF_THE_PERSON or not self.member or not self.knows:
            return False
        if self.opened and not self.on_huddle:
            return False  # an emergency opens what is written, to read
        if permission is Permission.REACH:
            return self.walker is not None or (self.on_huddle and self.member.says_hello)
        if permission in {Permission.KEEP_CONTACT, Permission.BRING, Permission.DECIDE}:
            return True
        return self.walker is not None

    def check(self, permission: Permission, section: str = "", circle: str = "") -> None:
        """Raise NotAllowed, with a sentence the viewer can read, unless they may."""
        if not self.may(permission, section, circle):
            raise NotAllowed(permission.value)


def sharing_of(plan: Plan, now: datetime) -> Sharing:
    """Everything set about who sees ``plan``, as it is at ``now``."""
    return sharings_of([plan], now)[plan.pk]


def sharings_of(plans: Collection[Plan], now: datetime) -> dict[UUID, Sharing]:
    """Everything set about who sees each of some plans: four queries, however many they are."""
    ids = {plan.person_id: plan.pk for plan in plans}
    cases = {
        ids[case.person_id]: case
        for case in Case.objects.filter(person__in=ids)
        .select_related("team")
        .order_by("person", "-came_at")
        .distinct("person")
    }
    circles: dict[UUID, dict[str, str]] = {pk: {} for pk in ids.values()}
    grants: dict[UUID, dict[UUID, dict[str, Level]]] = {pk: {} for pk in ids.values()}
    ends: dict[UUID, dict[tuple[UUID, str], datetime]] = {pk: {} for pk in ids.values()}
    supporters: dict[UUID, dict[UUID, str]] = {pk: {} for pk in ids.values()}
    asked = Supporter.objects.filter(
        plan=OuterRef("plan"), user=OuterRef("live__user"), accepted_at__isnull=False, ended_at=None
    )
    in_force = FilteredRelation("grants", condition=Q(grants__until=None) | Q(grants__until__gt=now))
    for plan_id, key, circle, user_id, codename, until, is_active, supporter in (
        PlanSection.objects.filter(plan__in=plans)
        .annotate(live=in_force, supporter=Subquery(asked.values("name")[:1]))
        .values_list(
            "plan_id",
            "key",
            "circle",
            "live__user",
            "live__permission__codename",
            "live__until",
            "live__user__is_active",
            "supporter",
        )
    ):
        circles[plan_id][key] = circle
        if is_active:
            theirs = grants[plan_id].setdefault(user_id, {})
            theirs[key] = max(theirs.get(key, Level.NOTHING), LEVELS[codename])
            if until:
                ends[plan_id][user_id, key] = until
            if supporter:
                supporters[plan_id][user_id] = supporter
    shut: dict[UUID, list[tuple[str, UUID | None, str]]] = {pk: [] for pk in ids.values()}
    for row in ShutOut.objects.filter(plan__in=plans, ended_at=None).order_by("id"):
        shut[row.plan_id].append((row.section, row.user_id, row.sector))
    walkers: dict[UUID, list[Walker]] = {pk: [] for pk in ids.values()}
    walks = Walk.objects.filter(
        case__in=cases.values(), ended_at=None, member__ended_at=None, member__user__is_active=True
    ).select_related("case", "member__user", "member__organisation")
    for walk in walks.order_by("-main", "started_at", "id"):
        walkers[ids[walk.case.person_id]].append(_walker(walk, now))
    return {
        plan.pk: Sharing(
            plan=plan,
            case=cases[plan.pk],  # a plan begins with a case
            circles=circles[plan.pk],
            shut=tuple(shut[plan.pk]),
            grants=grants[plan.pk],
            walkers=tuple(walkers[plan.pk]),
            ends=ends[plan.pk],
            supporters=supporters[plan.pk],
        )
        for plan in plans
    }


def _walker(walk: Walk, now: datetime) -> Walker:
    return Walker(
        user_id=walk.member.user_id,
        member_id=walk.member_id,
        name=walk.member.user.name,
        first_name=walk.member.user.first_name,
        role=walk.member.role,
        organisation=walk.member.organisation.name,
        organisation_id=walk.member.organisation_id,
        sector=walk.member.organisation.sector,
        main=walk.main,
        here=walk.here_at is not None and walk.here_at > now - HERE,
        membership=walk.member,
    )


def standing(viewer: Any, plan_id: UUID, now: datetime, *, lock: bool = False) -> Standing:
    """The viewer's place with a plan. Raises NotKnown unless the plan is there and they may know of it.

    With ``lock`` the plan's row is locked until the transaction ends: every change to a plan begins so.
    """
    plans = Plan.objects.select_related("person__user")
    if lock:
        plans = plans.select_for_update(of=("self",))
    plan = plans.filter(pk=plan_id).first()
    if plan is None or not viewer.is_authenticated:
        raise NotKnown
    found = standing_with(viewer, sharing_of(plan, now), now)
    if not found.knows:
        raise NotKnown
    return found


def standings(viewer: Any, plans: Collection[Plan], now: datetime) -> dict[UUID, Standing]:
    """The viewer's place with each of some plans, without those they may not know of: seven queries, however many.

    The plans come with their person and account (``select_related("person__user")``).
    """
    found = _places(viewer, list(sharings_of(plans, now).values()), now)
    return {place.sharing.plan.pk: place for place in found if place.knows}


def standing_with(viewer: User, sharing: Sharing, now: datetime) -> Standing:
    """The viewer's place, given what has been set about the plan."""
    return _places(viewer, [sharing], now)[0]


def check_may_open(viewer: Any, plan_id: UUID, now: datetime, *, lock: bool = False) -> tuple[Sharing, Membership]:
    """What is set about a plan, and the membership by which the viewer may open it in an emergency.

    Raises NotKnown unless their team lets them, and for a plan of another team, of somebody who has stepped out, of
    somebody who shut them out, and of somebody they walk with already.
    """
    sharing, member = as_member(viewer, plan_id, now, lock=lock)
    shut_out = sharing.shuts_out(user_id=viewer.pk, sector=member.organisation.sector)
    walks = viewer.pk in {walker.user_id for walker in sharing.walkers}
    own = sharing.plan.person.user_id == viewer.pk
    if not member.may_open or shut_out or walks or own or sharing.case.state == Case.State.OPEN_DOOR:
        raise NotKnown
    return sharing, member


def as_member(viewer: Any, plan_id: UUID, now: datetime, *, lock: bool) -> tuple[Sharing, Membership]:
    """What is set about a plan, and the viewer's membership of the team that it is with. Raises NotKnown."""
    plans = Plan.objects.select_related("person__user")
    if lock:
        plans = plans.select_for_update(of=("self",))
    plan = plans.filter(pk=plan_id).first()
    if plan is None:
        raise NotKnown
    sharing = sharing_of(plan, now)
    return sharing, membership_in(viewer, sharing.case.team_id)


def _places(viewer: User, sharings: list[Sharing], now: datetime) -> list[Standing]:
    others = [sharing for sharing in sharings if sharing.plan.person.user_id != viewer.pk]
    on_agenda, opened = set(), set()
    walking = (walker.membership for sharing in others for walker in sharing.walkers if walker.user_id == viewer.pk)
    members = {member.team_id: member for member in walking if member}
    if any(sharing.case.team_id not in members for sharing in others):
        members = {
            member.team_id: member
            for member in Membership.objects.filter(user=viewer, ended_at=None).select_related("organisation")
        }
    cases = [
        sharing.case
        for sharing in others
        if sharing.case.team_id in members and viewer.pk not in {walker.user_id for walker in sharing.walkers}
    ]
    if cases:
        on_agenda = set(HuddleItem.objects.filter(case__in=cases, decided_at=None).values_list("case_id", flat=True))
    if cases and any(member.may_open for member in members.values()):
        open_now = EmergencyOpening.objects.filter(member__in=members.values(), member__may_open=True, until__gt=now)
        opened = set(open_now.values_list("plan_id", flat=True))
    return [_place(viewer, sharing, members, on_agenda, opened) for sharing in sharings]


def _place(
    viewer: User, sharing: Sharing, members: dict[int, Membership], on_agenda: set[UUID], opened: set[UUID]
) -> Standing:
    if sharing.plan.person.user_id == viewer.pk:
        return Standing(viewer, sharing, is_person=True)
    # Once somebody has stepped out nobody works with them: the team's way in has ended with the stay.
    member = None if sharing.case.state == Case.State.OPEN_DOOR else members.get(sharing.case.team_id)
    if member is None:
        return Standing(viewer, sharing)
    walker = next((walker for walker in sharing.walkers if walker.user_id == viewer.pk), None)
    on_huddle = walker is None and sharing.case.pk in on_agenda
    in_emergency = walker is None and member.may_open and sharing.plan.pk in opened
    return Standing(viewer, sharing, walker=walker, member=member, on_huddle=on_huddle, opened=in_emergency)


def who_sees(sharing: Sharing, section: str, circle: str = "") -> tuple[list[Walker], list[Walker]]:
    """Those who walk with the person, split into who can see something and who cannot."""
    can: list[Walker] = []
    cannot: list[Walker] = []
    for walker in sharing.walkers:
        level = sharing.level(
            user_id=walker.user_id,
            walker=walker,
            sector=walker.sector,
            on_huddle=False,
            section=section,
            circle=circle,
        )
        (can if level else cannot).append(walker)
    return can, cannot


def first_hello_rota(team: Team, person: Person | None = None) -> list[Membership]:
    """Those on the rota for first hellos, by name, without any whom the person shut out of their whole plan."""
    rota = Membership.objects.filter(team=team, says_hello=True, ended_at=None, user__is_active=True)
    shut = ShutOut.objects.filter(plan__person=person, section="", ended_at=None)
    return list(
        rota.exclude(organisation__sector__in=shut.exclude(sector="").values("sector"))
        .exclude(user__in=shut.exclude(user=None).values("user"))
        .select_related("user")
        .order_by("user__name")
    )


def let_in(section: PlanSection, user: User, level: Level, until: datetime | None) -> None:
    """Give one person a level of their own with one section, until a moment or until the person says."""
    shut_again(section, user)
    grant: Any = assign_perm(CODENAMES[level], user, section)
    SectionGrant.objects.filter(pk=grant.pk).update(until=until)


def shut_again(section: PlanSection, user: User) -> None:
    """Take back whatever one person was given with one section."""
    for codename in CODENAMES.values():
        remove_perm(codename, user, section)


def take_back_all(plan: Plan, user: User) -> None:
    """Take back whatever one person was given by name in a plan."""
    SectionGrant.objects.filter(content_object__plan=plan, user=user).delete()


def hand_over(plan: Plan, *, held_by: User, to: User) -> None:
    """Let one account have what another was given by name in a plan, in place of what it had."""
    take_back_all(plan, to)
    SectionGrant.objects.filter(content_object__plan=plan, user=held_by).update(user=to)
