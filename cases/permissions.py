"""Who may? The one place that answers, for the page, the history, the PDF, the huddle card, the export and the message.

django-guardian is spoken to here alone, and its grants are read as rows: a superuser has no shortcut, and rank opens nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from cases import sections
from cases.models import (
    Case,
    Person,
    Plan,
    PlanSection,
    SectionGrant,
    ShutOut,
)
from cases.sections import Circle, Level
from teams.models import Membership, Organisation, Team, User
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
    on_agenda: bool = False  # the team is to talk about them
    opened: frozenset[UUID] = frozenset()  # those who have opened it in an emergency, by account, while that holds

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
    """Everything set about who sees each of some plans: one query, however many they are."""
    return {found.plan.pk: found for found in _sharings([plan.pk for plan in plans], now)}


# All of it in one statement: the latest stay (a plan begins with one) and whose it is, what has been set, who walks with
# the person, and who else may come. Every page of a plan asks this first: it is read as JSON, because making a query of
# five models for it takes longer than the database does.
SHARING = """
SELECT DISTINCT ON (c.person_id) jsonb_build_object(
    'rows', jsonb_build_array(to_jsonb(l), to_jsonb(p), to_jsonb(u), to_jsonb(c), to_jsonb(t)),
    'circles', (SELECT jsonb_object_agg(key, circle) FROM cases_plansection WHERE plan_id = l.id),
    'by_name', (
        SELECT jsonb_agg(jsonb_build_array(g.user_id, s.key, k.codename, g.until, (
            SELECT name FROM cases_supporter
            WHERE plan_id = s.plan_id AND user_id = g.user_id AND accepted_at IS NOT NULL AND ended_at IS NULL LIMIT 1
        )))
        FROM cases_plansection s JOIN cases_sectiongrant g ON g.content_object_id = s.id
        JOIN auth_permission k ON k.id = g.permission_id JOIN teams_user u ON u.id = g.user_id AND u.is_active
        WHERE s.plan_id = l.id AND (g.until IS NULL OR g.until > %(now)s)
    ),
    'shut', (
        SELECT jsonb_agg(jsonb_build_array(section, user_id, sector) ORDER BY id) FROM cases_shutout
        WHERE plan_id = l.id AND ended_at IS NULL
    ),
    'walkers', (
        SELECT jsonb_agg(
            jsonb_build_array(w.main, w.here_at, to_jsonb(m), to_jsonb(u), to_jsonb(o))
            ORDER BY w.main DESC, w.started_at, w.id
        )
        FROM cases_walk w JOIN teams_membership m ON m.id = w.member_id AND m.ended_at IS NULL
        JOIN teams_user u ON u.id = m.user_id AND u.is_active JOIN teams_organisation o ON o.id = m.organisation_id
        WHERE w.case_id = c.id AND w.ended_at IS NULL
    ),
    'on_agenda', EXISTS (SELECT FROM cases_huddleitem WHERE case_id = c.id AND decided_at IS NULL),
    'opened', (
        SELECT jsonb_agg(m.user_id) FROM cases_emergencyopening e JOIN teams_membership m ON m.id = e.member_id
        WHERE e.plan_id = l.id AND e.until > %(now)s AND m.may_open AND m.ended_at IS NULL
    )
)
FROM cases_plan l JOIN cases_person p ON p.id = l.person_id JOIN teams_user u ON u.id = p.user_id
JOIN cases_case c ON c.person_id = p.id JOIN teams_team t ON t.id = c.team_id
WHERE l.id = ANY(%(plans)s) ORDER BY c.person_id, c.came_at DESC
"""


def _sharings(plan_ids: Collection[UUID], now: datetime) -> list[Sharing]:
    with connection.cursor() as cursor:
        cursor.execute(SHARING, {"plans": list(plan_ids), "now": now})
        return [_sharing(json.loads(given), now) for (given,) in cursor.fetchall()]


def _sharing(given: dict[str, Any], now: datetime) -> Sharing:
    """What the person has set, from what the statement above gives for their plan."""
    plan, person, person.user, case, case.team = map(_row, (Plan, Person, User, Case, Team), given["rows"])
    plan.person = case.person = person
    grants: dict[UUID, dict[str, Level]] = {}
    ends: dict[tuple[UUID, str], datetime] = {}
    supporters: dict[UUID, str] = {}
    for user, key, codename, until, supporter in given["by_name"] or ():
        user_id = UUID(user)
        theirs = grants.setdefault(user_id, {})
        theirs[key] = max(theirs.get(key, Level.NOTHING), LEVELS[codename])
        if until:
            ends[user_id, key] = datetime.fromisoformat(until)
        if supporter:
            supporters[user_id] = supporter
    return Sharing(
        plan=plan,
        case=case,
        circles=given["circles"],
        shut=tuple((section, UUID(who) if who else None, sector) for section, who, sector in given["shut"] or ()),
        grants=grants,
        walkers=tuple(_walker(*walk, now=now) for walk in given["walkers"] or ()),
        ends=ends,
        supporters=supporters,
        on_agenda=given["on_agenda"],
        opened=frozenset(map(UUID, given["opened"] or ())),
    )


def _walker(main: bool, here_at: str | None, *rows: dict[str, Any], now: datetime) -> Walker:
    """Somebody who walks with the person, from the rows of their membership, account and organisation."""
    member, user, organisation = map(_row, (Membership, User, Organisation), rows)
    member.user, member.organisation = user, organisation
    return Walker(
        user_id=user.pk,
        member_id=member.pk,
        name=user.name,
        first_name=user.first_name,
        role=member.role,
        organisation=organisation.name,
        organisation_id=organisation.pk,
        sector=organisation.sector,
        main=main,
        here=here_at is not None and datetime.fromisoformat(here_at) > now - HERE,
        membership=member,
    )


def _row(model: type[Model], given: dict[str, Any]) -> Any:
    """A row that came as JSON, as the model it is of."""
    fields: Any = model._meta.concrete_fields
    return model.from_db(
        connection.alias,
        [field.attname for field in fields],
        [field.to_python(given[field.column]) for field in fields],
    )


def standing(viewer: Any, plan_id: UUID, now: datetime, *, lock: bool = False) -> Standing:
    """The viewer's place with a plan. Raises NotKnown unless the plan is there and they may know of it.

    With ``lock`` the plan's row is locked until the transaction ends: every change to a plan begins so.
    """
    sharing = _one(plan_id, now, lock=lock)
    if not viewer.is_authenticated:
        raise NotKnown
    found = standing_with(viewer, sharing, now)
    if not found.knows:
        raise NotKnown
    return found


def _one(plan_id: UUID, now: datetime, *, lock: bool) -> Sharing:
    """What is set about one plan. Raises NotKnown.

    It is read after the lock, and not with it: whoever waited for somebody else's change must see what that change did.
    """
    if lock:
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM cases_plan WHERE id = %s FOR UPDATE", [plan_id])
    for sharing in _sharings([plan_id], now):
        return sharing
    raise NotKnown


def standings(viewer: Any, plans: Collection[Plan], now: datetime) -> dict[UUID, Standing]:
    """The viewer's place with each of some plans, without those they may not know of: two queries, however many."""
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
    sharing = _one(plan_id, now, lock=lock)
    member = membership_in(viewer, sharing.case.team_id)
    shut_out = sharing.shuts_out(user_id=viewer.pk, sector=member.organisation.sector)
    walks = viewer.pk in {walker.user_id for walker in sharing.walkers}
    own = sharing.plan.person.user_id == viewer.pk
    if not member.may_open or shut_out or walks or own or sharing.case.state == Case.State.OPEN_DOOR:
        raise NotKnown
    return sharing, member


def _places(viewer: User, sharings: list[Sharing], now: datetime) -> list[Standing]:
    others = [sharing for sharing in sharings if sharing.plan.person.user_id != viewer.pk]
    walking = (walker.membership for sharing in others for walker in sharing.walkers if walker.user_id == viewer.pk)
    members = {member.team_id: member for member in walking if member}
    if any(sharing.case.team_id not in members for sharing in others):
        members = {
            member.team_id: member
            for member in Membership.objects.filter(user=viewer, ended_at=None).select_related("organisation")
        }
    return [_place(viewer, sharing, members) for sharing in sharings]


def _place(viewer: User, sharing: Sharing, members: dict[int, Membership]) -> Standing:
    if sharing.plan.person.user_id == viewer.pk:
        return Standing(viewer, sharing, is_person=True)
    # Once somebody has stepped out nobody works with them: the team's way in has ended with the stay.
    member = None if sharing.case.state == Case.State.OPEN_DOOR else members.get(sharing.case.team_id)
    if member is None:
        return Standing(viewer, sharing)
    walker = next((walker for walker in sharing.walkers if walker.user_id == viewer.pk), None)
    on_huddle = walker is None and sharing.on_agenda
    in_emergency = walker is None and member.may_open and viewer.pk in sharing.opened
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
