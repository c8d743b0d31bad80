"""Who may? The one place that answers, for the page, the history, the PDF, the huddle card, the export and the message.

django-guardian is spoken to here alone, and its grants are read as rows: a superuser has no shortcut, and rank opens nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from itertools import zip_longest
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from cases import sections
from cases.models import Case, HuddleItem, Person, Plan, PlanSection, SectionGrant, ShutOut
from cases.permissions.sharing import CODENAMES, Sharing, Walker, acts_for, read, sharings_of
from cases.sections import Level
from teams import statements
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
    BRING = _("Only those who walk with this person can bring them to the huddle.")
    DECIDE = _("Only members of the team can decide in the huddle.")
    STEP_OUT = _("Only the person, or somebody they told, can write down that they are stepping out.")
    COME_BACK = _("Only the person can come back.")


OTHERS_WORDS = _("These are somebody else’s words. You can say it another way beside them, or take them out.")
OWN_WORDS = _("These are your own words. You can change them.")
NOT_THE_PERSONS = _("Other words are suggested for what the person wrote themselves.")

WITH_SECTION = {Permission.SEE: Level.SEE, Permission.SUGGEST: Level.SUGGEST, Permission.WRITE: Level.WRITE}
OF_THE_PERSON = {Permission.ANSWER, Permission.SHARE, Permission.COME_BACK}


class Written(Protocol):
    """What decides who sees one entry: where it stands, its own circle, and who was named on it."""

    @property
    def section(self) -> str: ...
    @property
    def circle(self) -> str: ...
    @property
    def let_in(self) -> Sequence[UUID]: ...
    @property
    def let_in_until(self) -> Sequence[datetime | None] | None: ...
    @property
    def kept_from(self) -> Sequence[UUID]: ...


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

    @cached_property
    def viewer_id(self) -> UUID:
        """The viewer's account; a page asks for it hundreds of times, and whoever is signed in is looked up each time."""
        return self.viewer.pk

    @cached_property
    def is_supporter(self) -> bool:
        """Whether the viewer is here because the person asked them, and not as a member of the team."""
        return not self.is_person and self.member is None and self.viewer_id in self.sharing.supporters

    @property
    def organisation_id(self) -> int | None:
        """The organisation that this viewer acts for; None for the person and for supporters."""
        return self.member.organisation_id if self.member else None

    def level(self, section: str, circle: str = "") -> Level:
        """What the viewer may do with ``section``, or with an entry of it whose own circle is ``circle``."""
        if self.is_person:
            return Level.WRITE
        key = (section, circle)
        if key not in self._levels:
            self._levels[key] = self._level(section, circle)
        return self._levels[key]

    def _level(self, section: str, circle: str) -> Level:
        if not self.viewer.is_active or (self.member is None and not self.is_supporter):
            return Level.NOTHING
        return self.sharing.level(
            user_id=self.viewer_id,
            walker=self.walker,
            acts_for=acts_for(self.member),
            on_huddle=self.on_huddle,
            opened=self.opened,
            section=section,
            circle=circle,
        )

    def level_of(self, entry: Written) -> Level:
        """What the viewer may do with one entry. Names on it choose among those who see its section."""
        if self.is_person:
            return Level.WRITE
        if self.viewer_id in entry.kept_from:
            return Level.NOTHING
        level = self.level(entry.section, entry.circle)
        if level or self.viewer_id not in entry.let_in or self.viewer_id not in named_in(entry, self.sharing.now):
            return level
        return self.level(entry.section)

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
        named = self.viewer_id in self.sharing.grants or self.sharing.groups
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
        if permission in {Permission.KEEP_CONTACT, Permission.BRING} and self.on_huddle:
            return True  # they are there already
        # To be on the agenda opens what the team may see. So whoever was let into one part cannot bring them there.
        return self.walker is not None

    def check(self, permission: Permission, section: str = "", circle: str = "") -> None:
        """Raise NotAllowed, with a sentence the viewer can read, unless they may."""
        if not self.may(permission, section, circle):
            raise NotAllowed(permission.value)

    def check_of(self, permission: Permission, entry: Written) -> None:
        """The same of one entry."""
        if self.level_of(entry) < WITH_SECTION[permission]:
            raise NotAllowed(permission.value)


def named_in(entry: Written, now: datetime) -> dict[UUID, datetime | None]:
    """Those whom their name on an entry lets in, and when that is over; None when it goes on until the person says."""
    ends = zip_longest(entry.let_in, entry.let_in_until or ())
    return {user_id: end for user_id, end in ends if end is None or end > now}


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
        statements.rows("SELECT FROM cases_plan WHERE id = %(plan)s FOR UPDATE", {"plan": plan_id})
    for sharing in read([plan_id], now, past=not lock):
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


def may_be_named(sharing: Sharing, kind: str, member: Membership) -> bool:
    """Whether what the team decides may name this member, who walks with the person from then on.

    Nobody whom the person shut out; and where what is talked about lets nobody in (see ``kind``), one who walks with them
    already: or else whoever only looked would be let in by deciding it.
    """
    walking = {walker.member_id for walker in sharing.walkers}
    talked = kind in HuddleItem.LETS_IN or not walking
    return not sharing.shuts_out(member) and (talked or member.pk in walking)


def who_sees(
    sharing: Sharing,
    section: str,
    circle: str = "",
    let_in: Collection[UUID] = (),
    kept_from: Collection[UUID] = (),
) -> tuple[list[Walker], list[Walker]]:
    """Those who walk with the person, split into who can see something and who cannot; of an entry, with its names."""
    can: list[Walker] = []
    cannot: list[Walker] = []
    for walker in sharing.walkers:
        named = "" if walker.user_id in let_in else circle
        level = walker.user_id not in kept_from and max(
            sharing.level(
                user_id=walker.user_id,
                walker=walker,
                acts_for=acts_for(walker),
                on_huddle=False,
                section=section,
                circle=asked,
            )
            for asked in {circle, named}
        )
        (can if level else cannot).append(walker)
    return can, cannot


def first_hello_rota(team: Team, person: Person | None = None) -> list[Membership]:
    """Those on the rota for first hellos, by name, without any whom the person shut out of their whole plan."""
    rota = Membership.objects.filter(team=team, says_hello=True, ended_at=None, user__is_active=True)
    return list(not_kept_away(rota, person).order_by("user__name", "pk"))


def shut_out_of_all(*, person: Any, user: Any, sector: Any, organisation: Any) -> Exists:
    """Whether a member is shut out of somebody's whole plan, within a query about many: each is a value, or an OuterRef."""
    whom = Q(user=user) | Q(sector=sector) | Q(organisation=organisation)
    return Exists(ShutOut.objects.filter(whom, plan__person=person, section="", ended_at=None))


def not_kept_away(members: QuerySet[Membership], person: Person | None) -> QuerySet[Membership]:
    """Of some members, those whom the person did not shut out of their whole plan."""
    shut = ShutOut.objects.filter(plan__person=person, section="", ended_at=None)
    return (
        members.exclude(organisation__sector__in=shut.exclude(sector="").values("sector"))
        .exclude(organisation__in=shut.exclude(organisation=None).values("organisation"))
        .exclude(user__in=shut.exclude(user=None).values("user"))
        .select_related("user", "organisation")
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
    """Let one account have what another was given by name in a plan, beside what it has."""
    given = SectionGrant.objects.filter(content_object__plan=plan)
    has = given.filter(user=to).values("content_object")
    given.filter(user=held_by).exclude(content_object__in=has).update(user=to)
    take_back_all(plan, held_by)


def wait_until(plan: Plan, user: User, opens_at: datetime) -> None:
    """Let what one person was given by name begin at a moment, and not before."""
    SectionGrant.objects.filter(content_object__plan=plan, user=user).update(since=opens_at)
