"""Who may? The one place that answers, for the page, the history, the PDF, the huddle card, the export and the message.

django-guardian is spoken to here alone, and its grants are read as rows: a superuser has no shortcut, and rank opens nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    F,
    FilteredRelation,
    PositiveSmallIntegerField,
    Q,
    UUIDField,
    Value,
)
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from cases import sections
from cases.models import (
    Case,
    EmergencyOpening,
    HuddleItem,
    LetIn,
    Person,
    Plan,
    PlanSection,
    SectionGrant,
    ShutOut,
    Supporter,
    Walk,
)
from cases.sections import Circle, Group, Level
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


OTHERS_WORDS = _("These are somebody else’s words. You can say it another way beside them, or take them out.")
OWN_WORDS = _("These are your own words. You can change them.")
NOT_THE_PERSONS = _("Other words are suggested for what the person wrote themselves.")

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


class Shut(NamedTuple):
    """Somebody, or a group, shut out of a section; with no section, of the whole plan."""

    section: str
    user_id: UUID | None
    group: Group | None
    organisation: str = ""  # its name, where it is one


class Opened(NamedTuple):
    """A group let into a section, until a moment or until the person says."""

    section: str
    group: Group
    level: Level
    until: datetime | None
    organisation: str = ""


@dataclass(frozen=True)
class Sharing:
    """Everything the person has set about one plan, read once; it answers for any viewer without another query."""

    plan: Plan
    case: Case
    circles: dict[str, str]
    shut: tuple[Shut, ...]
    grants: dict[UUID, dict[str, Level]]
    walkers: tuple[Walker, ...]
    ends: dict[tuple[UUID, str], datetime] = field(default_factory=dict)  # when a grant by name is over
    groups: tuple[Opened, ...] = ()
    supporters: dict[UUID, str] = field(default_factory=dict)  # those whom the person asked, by account
    opens_past: frozenset[str] = frozenset()  # the sections of which whoever is let in later reads older words too

    def shuts_out(self, member: Membership) -> bool:
        """Whether a member is shut out of the whole plan: by name, or with their sector or organisation."""
        return self._is_shut(user_id=member.user_id, acts_for=acts_for(member), section="")

    def _is_shut(self, *, user_id: UUID, acts_for: tuple[str, int | None], section: str) -> bool:
        sector, organisation_id = acts_for
        return any(
            (not shut.section or shut.section == section)
            and (
                shut.user_id == user_id
                or bool(shut.group and shut.group.holds(sector=sector, organisation_id=organisation_id, asked=False))
            )
            for shut in self.shut
        )

    def level(
        self,
        *,
        user_id: UUID,
        walker: Walker | None,
        acts_for: tuple[str, int | None],
        on_huddle: bool,
        section: str,
        circle: str,
        opened: bool = False,
    ) -> Level:
        """What one member or supporter may do with a section, or with an entry in it that has a ``circle`` of its own.

        ``acts_for`` is the sector and the organisation of a member (see ``acts_for``).
        """
        if self._is_shut(user_id=user_id, acts_for=acts_for, section=section):
            return Level.NOTHING
        by_circle = self.by_circle(walker=walker, on_huddle=on_huddle, opened=opened, section=section, circle=circle)
        if circle:
            return by_circle
        by_group = [opening.level for opening in self.with_group(user_id, acts_for, section)]
        return max(by_circle, self.grants.get(user_id, {}).get(section, Level.NOTHING), *by_group)

    def with_group(self, user_id: UUID, acts_for: tuple[str, int | None], section: str) -> list[Opened]:
        """What lets somebody into a section with a group they are of."""
        sector, organisation_id = acts_for
        asked = not sector and user_id in self.supporters
        return [
            opening
            for opening in self.groups
            if opening.section == section
            and opening.group.holds(sector=sector, organisation_id=organisation_id, asked=asked)
        ]

    def end(self, user_id: UUID, acts_for: tuple[str, int | None], section: str) -> datetime | None:
        """When what lets somebody in by name or with a group is over; None when it goes on until the person says."""
        ends = [opening.until for opening in self.with_group(user_id, acts_for, section)]
        if section in self.grants.get(user_id, {}):
            ends.append(self.ends.get((user_id, section)))
        known = [end for end in ends if end]
        return max(known) if known and len(known) == len(ends) else None

    def by_circle(
        self, *, walker: Walker | None, on_huddle: bool, section: str, circle: str, opened: bool = False
    ) -> Level:
        """What the circles give to a member, before anybody is shut out or let in by name.

        To whoever opened the plan in an emergency they give what they give to those who walk with the person, to read.
        """
        within = {
            Circle.ME: False,
            Circle.NAMED: bool(walker and walker.main),
            Circle.WALKING: walker is not None or opened,
            Circle.TEAM: walker is not None or opened or on_huddle,
        }[sections.narrowest(circle, self.circles[section])]
        team_may = sections.BY_KEY[section].team_may
        return (team_may if walker else min(team_may, Level.SEE)) if within else Level.NOTHING


def acts_for(who: Membership | Walker | None) -> tuple[str, int | None]:
    """The sector and the organisation that somebody acts for; neither for the person and for those they asked."""
    if isinstance(who, Walker):
        return who.sector, who.organisation_id
    return (who.organisation.sector, who.organisation_id) if who else ("", None)


@dataclass(frozen=True)
class Standing:
    """One viewer's place with one plan."""

    viewer: User
    sharing: Sharing
    is_person: bool = False
    walker: Walker | None = None
    member: Membership | None = None
    on_huddle: bool = False  # on the agenda for something that needs the person's words
    on_agenda: bool = False  # for anything
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
                acts_for=acts_for(self.member),
                on_huddle=self.on_huddle,
                opened=self.opened,
                section=section,
                circle=circle,
            )
        return self._levels[key]

    def in_circle(self, section: str, circle: str) -> bool:
        """Whether the viewer is in a circle of a section, as the section is seen now."""
        return bool(
            self.sharing.by_circle(
                walker=self.walker, on_huddle=self.on_huddle, opened=self.opened, section=section, circle=circle
            )
        )

    @property
    def knows(self) -> bool:
        """Whether the viewer may know that this plan is there at all."""
        if self.is_person:
            return True
        named = self.viewer.pk in self.sharing.grants or self.sharing.groups
        within = self.walker or self.on_huddle or self.opened or named
        return bool(within) and any(self.level(section) for section in sections.KEYS)

    @property
    def at_huddle(self) -> bool:
        """Whether the viewer may talk about this person in the huddle: some things need nobody's words, and open none."""
        if self.member is None:
            return False
        if self.on_agenda and not self.on_huddle:
            return not self.sharing.shuts_out(self.member)
        return self.knows and (self.on_huddle or not self.opened)

    def may(self, permission: Permission, section: str = "", circle: str = "") -> bool:
        """Whether the viewer may do this, with this section where the permission is about one."""
        if permission in WITH_SECTION:
            return self.level(section, circle) >= WITH_SECTION[permission]
        if self.is_person:
            return permission not in {Permission.BRING, Permission.DECIDE, Permission.KEEP_CONTACT}
        if permission is Permission.DECIDE:
            return self.at_huddle
        if permission in OF_THE_PERSON or not self.member or not self.knows:
            return False
        if self.opened and not self.on_huddle:
            return False  # an emergency opens what is written, to read
        if permission is Permission.REACH:
            return self.walker is not None or (self.on_huddle and self.member.says_hello)
        if permission in {Permission.KEEP_CONTACT, Permission.BRING}:
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
    in_force = FilteredRelation(
        "grants", condition=Q(grants__since__lte=now) & (Q(grants__until=None) | Q(grants__until__gt=now))
    )
    opens_past: dict[UUID, set[str]] = {pk: set() for pk in ids.values()}
    for plan_id, key, circle, past, user_id, codename, until, is_active in (
        PlanSection.objects.filter(plan__in=plans)
        .annotate(live=in_force)
        .values_list(
            "plan_id",
            "key",
            "circle",
            "opens_past",
            "live__user",
            "live__permission__codename",
            "live__until",
            "live__user__is_active",
        )
    ):
        circles[plan_id][key] = circle
        if past:
            opens_past[plan_id].add(key)
        if is_active:
            theirs = grants[plan_id].setdefault(user_id, {})
            theirs[key] = max(theirs.get(key, Level.NOTHING), LEVELS[codename])
            if until:
                ends[plan_id][user_id, key] = until
    shut: dict[UUID, list[Shut]] = {pk: [] for pk in ids.values()}
    groups: dict[UUID, list[Opened]] = {pk: [] for pk in ids.values()}
    supporters: dict[UUID, dict[UUID, str]] = {pk: {} for pk in ids.values()}
    for plan_id, kind, section, user_id, sector, organisation_id, level, until, name, _since in _rules(plans, now):
        group = Group(sector, organisation_id)
        if kind == "shut":
            shut[plan_id].append(Shut(section, user_id, None if user_id else group, name or ""))
        elif kind == "let":
            groups[plan_id].append(Opened(section, group, Level(level), until, name or ""))
        else:
            supporters[plan_id][user_id] = name
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
            groups=tuple(groups[plan.pk]),
            supporters=supporters[plan.pk],
            opens_past=frozenset(opens_past[plan.pk]),
        )
        for plan in plans
    }


def _rules(plans: Collection[Plan], now: datetime) -> Any:
    """Who is shut out, which groups are let in, and whom the persons asked: three tables in one statement."""
    in_force = Q(until=None) | Q(until__gt=now)
    none: dict[str, Any] = {
        "section": Value("", CharField()),
        "user": Value(None, UUIDField()),
        "sector": Value("", CharField()),
        "organisation": Value(None, BigIntegerField()),
        "level": Value(0, PositiveSmallIntegerField()),
        "until": Value(None, DateTimeField()),
        "name": Value("", CharField()),
    }

    def rows(kind: str, found: Any, *own: str, since: str = "since", **called: str) -> Any:
        own_columns = {name: F(name) for name in own} | {name: F(path) for name, path in called.items()}
        columns = [own_columns.get(name, nothing) for name, nothing in none.items()]
        found = found.filter(plan__in=plans, ended_at=None).annotate(begins=F(since))
        return found.values_list("plan_id", Value(kind, CharField()), *columns, "begins")

    shut = rows("shut", ShutOut.objects, "section", "user", "sector", "organisation", name="organisation__name")
    let = rows(
        "let",
        LetIn.objects.filter(in_force, since__lte=now),
        "section", "sector", "organisation", "level", "until", name="organisation__name",
    )  # fmt: skip
    open_now = Supporter.objects.filter(in_force, opens_at__lte=now, user__is_active=True)
    return shut.union(let, rows("asked", open_now, "user", "name", since="opens_at"), all=True).order_by("begins")


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


def standing(
    viewer: Any, plan_id: UUID, now: datetime, *, lock: bool = False, in_the_huddle: bool = False
) -> Standing:
    """The viewer's place with a plan. Raises NotKnown unless the plan is there and they may know of it.

    With ``lock`` the plan's row is locked until the transaction ends: every change to a plan begins so. With
    ``in_the_huddle``, to be there when the team talks about the person is enough.
    """
    plans = Plan.objects.select_related("person__user")
    if lock:
        plans = plans.select_for_update(of=("self",))
    plan = plans.filter(pk=plan_id).first()
    if plan is None or not viewer.is_authenticated:
        raise NotKnown
    found = standing_with(viewer, sharing_of(plan, now), now)
    if not (found.knows or (in_the_huddle and found.at_huddle)):
        raise NotKnown
    return found


def standings(
    viewer: Any, plans: Collection[Plan], now: datetime, *, in_the_huddle: bool = False
) -> dict[UUID, Standing]:
    """The viewer's place with each of some plans, without those they may not know of: seven queries, however many.

    The plans come with their person and account (``select_related("person__user")``). ``in_the_huddle``: see ``standing``.
    """
    found = _places(viewer, list(sharings_of(plans, now).values()), now)
    return {place.sharing.plan.pk: place for place in found if place.knows or (in_the_huddle and place.at_huddle)}


def standing_with(viewer: User, sharing: Sharing, now: datetime) -> Standing:
    """The viewer's place, given what has been set about the plan."""
    return _places(viewer, [sharing], now)[0]


def check_may_open(viewer: Any, plan_id: UUID, now: datetime, *, lock: bool = False) -> tuple[Sharing, Membership]:
    """What is set about a plan, and the membership by which the viewer may open it in an emergency.

    Raises NotKnown unless their team lets them, and for a plan of another team, of somebody who has stepped out, of
    somebody who shut them out, and of somebody they walk with already.
    """
    sharing, member = as_member(viewer, plan_id, now, lock=lock)
    shut_out = sharing.shuts_out(member)
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
    on_agenda: dict[UUID, str] = {}
    opened: set[UUID] = set()
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
        on_agenda = dict(HuddleItem.objects.filter(case__in=cases, decided_at=None).values_list("case_id", "kind"))
    if cases and any(member.may_open for member in members.values()):
        open_now = EmergencyOpening.objects.filter(member__in=members.values(), member__may_open=True, until__gt=now)
        opened = set(open_now.values_list("plan_id", flat=True))
    return [_place(viewer, sharing, members, on_agenda, opened) for sharing in sharings]


def _place(
    viewer: User, sharing: Sharing, members: dict[int, Membership], on_agenda: dict[UUID, str], opened: set[UUID]
) -> Standing:
    if sharing.plan.person.user_id == viewer.pk:
        return Standing(viewer, sharing, is_person=True)
    # Once somebody has stepped out nobody works with them: the team's way in has ended with the stay.
    member = None if sharing.case.state == Case.State.OPEN_DOOR else members.get(sharing.case.team_id)
    if member is None:
        return Standing(viewer, sharing)
    walker = next((walker for walker in sharing.walkers if walker.user_id == viewer.pk), None)
    return Standing(
        viewer,
        sharing,
        walker=walker,
        member=member,
        on_huddle=walker is None and on_agenda.get(sharing.case.pk) in HuddleItem.OPENS,
        on_agenda=walker is None and sharing.case.pk in on_agenda,
        opened=walker is None and member.may_open and sharing.plan.pk in opened,
    )


def who_sees(sharing: Sharing, section: str, circle: str = "") -> tuple[list[Walker], list[Walker]]:
    """Those who walk with the person, split into who can see something and who cannot."""
    can: list[Walker] = []
    cannot: list[Walker] = []
    for walker in sharing.walkers:
        level = sharing.level(
            user_id=walker.user_id,
            walker=walker,
            acts_for=acts_for(walker),
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
        .exclude(organisation__in=shut.exclude(organisation=None).values("organisation"))
        .exclude(user__in=shut.exclude(user=None).values("user"))
        .select_related("user", "organisation")
        .order_by("user__name")
    )


def let_in(section: PlanSection, user: User, level: Level, until: datetime | None, since: datetime) -> None:
    """Give one person a level of their own with one section, until a moment or until the person says.

    Whoever is let in already has been so since then: only the level and the end are new.
    """
    now_in = SectionGrant.objects.filter(
        Q(until=None) | Q(until__gt=since), content_object=section, user=user, since__lte=since
    )
    began = now_in.order_by("since").values_list("since", flat=True).first()
    shut_again(section, user)
    grant: Any = assign_perm(CODENAMES[level], user, section)
    SectionGrant.objects.filter(pk=grant.pk).update(until=until, since=began or since)


def shut_again(section: PlanSection, user: User) -> None:
    """Take back whatever one person was given with one section."""
    for codename in CODENAMES.values():
        remove_perm(codename, user, section)


def take_back_all(plan: Plan, user: User | None = None) -> None:
    """Take back whatever one person was given by name in a plan; with nobody named, whatever anybody was."""
    given = SectionGrant.objects.filter(content_object__plan=plan)
    (given.filter(user=user) if user else given).delete()


def hand_over(plan: Plan, *, held_by: User, to: User) -> None:
    """Let one account have what another was given by name in a plan, in place of what it had."""
    take_back_all(plan, to)
    SectionGrant.objects.filter(content_object__plan=plan, user=held_by).update(user=to)


def wait_until(plan: Plan, user: User, opens_at: datetime) -> None:
    """Let what one person was given by name begin at a moment, and not before."""
    SectionGrant.objects.filter(content_object__plan=plan, user=user).update(since=opens_at)
