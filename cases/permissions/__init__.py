"""Who may? The one place that answers, for the page, the history, the PDF, the huddle card, the export and the message.

django-guardian is spoken to here alone, and its grants are read as rows: a superuser has no shortcut, and rank opens nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from cases import sections
from cases.models import (
    Case,
    HuddleItem,
    Person,
    Plan,
    PlanSection,
    SectionGrant,
    ShutOut,
)
from cases.sections import Circle, Group, Level
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
    on_agenda: str = ""  # for what the team is to talk about them: a kind of item
    opened: frozenset[UUID] = frozenset()  # those who have opened it in an emergency, by account, while that holds

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
    """Everything set about who sees each of some plans: one query, however many they are."""
    return {found.plan.pk: found for found in _sharings([plan.pk for plan in plans], now)}


# All of it in one statement: the latest stay (a plan begins with one) and whose it is, what has been set, who walks with
# the person, and who else may come. Every page of a plan asks this first: it is read as JSON, because making a query of
# five models for it takes longer than the database does.
SHARING = """
SELECT DISTINCT ON (c.person_id) jsonb_build_object(
    'rows', jsonb_build_array(to_jsonb(l), to_jsonb(p), to_jsonb(u), to_jsonb(c), to_jsonb(t)),
    'sections', (SELECT jsonb_agg(jsonb_build_array(key, circle, opens_past)) FROM cases_plansection WHERE plan_id = l.id),
    'by_name', (
        SELECT jsonb_agg(jsonb_build_array(g.user_id, s.key, k.codename, g.until))
        FROM cases_plansection s JOIN cases_sectiongrant g ON g.content_object_id = s.id
        JOIN auth_permission k ON k.id = g.permission_id JOIN teams_user u ON u.id = g.user_id AND u.is_active
        WHERE s.plan_id = l.id AND g.since <= %(now)s AND (g.until IS NULL OR g.until > %(now)s)
    ),
    'groups', (
        SELECT jsonb_agg(
            jsonb_build_array(i.section, i.sector, i.organisation_id, i.level, i.until, o.name) ORDER BY i.since, i.id
        )
        FROM cases_letin i LEFT JOIN teams_organisation o ON o.id = i.organisation_id
        WHERE i.plan_id = l.id AND i.ended_at IS NULL AND i.since <= %(now)s AND (i.until IS NULL OR i.until > %(now)s)
    ),
    'shut', (
        SELECT jsonb_agg(
            jsonb_build_array(x.section, x.user_id, x.sector, x.organisation_id, o.name) ORDER BY x.since, x.id
        )
        FROM cases_shutout x LEFT JOIN teams_organisation o ON o.id = x.organisation_id
        WHERE x.plan_id = l.id AND x.ended_at IS NULL
    ),
    'supporters', (
        SELECT jsonb_agg(jsonb_build_array(a.user_id, a.name) ORDER BY a.opens_at, a.id)
        FROM cases_supporter a JOIN teams_user u ON u.id = a.user_id AND u.is_active
        WHERE a.plan_id = l.id AND a.ended_at IS NULL AND a.opens_at <= %(now)s
        AND (a.until IS NULL OR a.until > %(now)s)
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
    'on_agenda', (SELECT kind FROM cases_huddleitem WHERE case_id = c.id AND decided_at IS NULL),
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
    for user, key, codename, until in given["by_name"] or ():
        user_id = UUID(user)
        theirs = grants.setdefault(user_id, {})
        theirs[key] = max(theirs.get(key, Level.NOTHING), LEVELS[codename])
        if until:
            ends[user_id, key] = datetime.fromisoformat(until)
    return Sharing(
        plan=plan,
        case=case,
        circles={key: circle for key, circle, _past in given["sections"]},
        shut=tuple(
            Shut(section, UUID(who) if who else None, None if who else Group(sector, organisation_id), name or "")
            for section, who, sector, organisation_id, name in given["shut"] or ()
        ),
        grants=grants,
        walkers=tuple(_walker(*walk, now=now) for walk in given["walkers"] or ()),
        ends=ends,
        groups=tuple(
            Opened(
                section,
                Group(sector, organisation_id),
                Level(level),
                datetime.fromisoformat(until) if until else None,
                name or "",
            )
            for section, sector, organisation_id, level, until, name in given["groups"] or ()
        ),
        supporters={UUID(user): name for user, name in given["supporters"] or ()},
        opens_past=frozenset(key for key, _circle, past in given["sections"] if past),
        on_agenda=given["on_agenda"] or "",
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


def standing(
    viewer: Any, plan_id: UUID, now: datetime, *, lock: bool = False, in_the_huddle: bool = False
) -> Standing:
    """The viewer's place with a plan. Raises NotKnown unless the plan is there and they may know of it.

    With ``lock`` the plan's row is locked until the transaction ends: every change to a plan begins so. With
    ``in_the_huddle``, to be there when the team talks about the person is enough.
    """
    sharing = _one(plan_id, now, lock=lock)
    if not viewer.is_authenticated:
        raise NotKnown
    found = standing_with(viewer, sharing, now)
    if not (found.knows or (in_the_huddle and found.at_huddle)):
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


def standings(
    viewer: Any, plans: Collection[Plan], now: datetime, *, in_the_huddle: bool = False
) -> dict[UUID, Standing]:
    """The viewer's place with each of some plans, without those they may not know of: two queries, however many.

    ``in_the_huddle``: see ``standing``.
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
    sharing = _one(plan_id, now, lock=lock)
    return sharing, membership_in(viewer, sharing.case.team_id)


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
    return Standing(
        viewer,
        sharing,
        walker=walker,
        member=member,
        on_huddle=walker is None and sharing.on_agenda in HuddleItem.OPENS,
        on_agenda=walker is None and bool(sharing.on_agenda),
        opened=walker is None and member.may_open and viewer.pk in sharing.opened,
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
