"""Who sees something of a plan, in words: for the person by name, and for members without anybody's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import sections
from cases.models import Case, HuddleItem
from cases.permissions import Standing, Written, who_sees
from cases.permissions.sharing import Opened, Walker, acts_for
from cases.sections import Circle, Group
from teams.models import Sector

NOBODY: Mapping[UUID, datetime | None] = {}
# For members: who sees something, without anybody's name.
SEEN_BY = {
    Circle.ME: gettext_lazy("Only %(name)s chose who sees this"),
    Circle.NAMED: gettext_lazy("Seen by %(name)s and their main person"),
    Circle.WALKING: gettext_lazy("Seen by those who walk with %(name)s"),
    Circle.TEAM: gettext_lazy("Seen by those who walk with %(name)s, and by the team when it meets"),
}


def circle_words(at: Standing, circle: str) -> str:
    """For members: who is in a circle."""
    return SEEN_BY[Circle(circle)] % {"name": at.sharing.plan.person.name_used or _("the person")}


def entry_circle_words(at: Standing, entry: Written) -> str:
    """By whom an entry is seen; whoever sees it by their name alone reads no more than that somebody chose."""
    return circle_words(at, entry.circle if at.level(entry.section, entry.circle) else Circle.ME)


def sees_words(
    at: Standing,
    section: str,
    circle: str = "",
    let_in: Mapping[UUID, datetime | None] = NOBODY,
    kept_from: Collection[UUID] = (),
) -> str:
    """One plain sentence for the person: who can see something, by name, and who cannot.

    Of an entry it is told with its names: ``let_in`` is what ``named_in`` gives.
    """
    can, cannot = who_sees(at.sharing, section, circle, let_in, kept_from)
    asked = circle or at.sharing.circles[section]
    ends = [(walker.first_name, _end(at, walker, section, circle, let_in)) for walker in can]
    ends += [
        (one.name, _sooner(one.end, let_in.get(one.user_id) if circle else None))
        for one in asked_who_see(at, section)
        if one.user_id not in kept_from and (not circle or one.user_id in let_in)
    ]
    groups = [
        (whole_group(opened.group, opened.organisation), opened.until)
        for opened in ([] if circle else _members_let_in(at, section))
    ]
    names = _names([name for name, end in ends if end is None], [name for name, end in groups if end is None])
    words = [_("%(names)s can see this.") % {"names": names}] if names else []
    for name, end in ends + groups:
        if end:
            words.append(until_words(name, end))
    words += _not_by_name(at, section, circle, anybody=bool(words))
    out = [walker.first_name for walker in cannot]
    out += [name for user_id, name in at.sharing.supporters.items() if user_id in kept_from]
    out_groups = [
        whole_group(shut.group, shut.name) for shut in at.sharing.shut if shut.section == section and shut.group
    ]
    cannot_names = _names(out, out_groups)
    if cannot_names and asked != Circle.ME:
        words.append(_("%(names)s cannot.") % {"names": cannot_names})
    return " ".join(words)


def until_words(name: str, end: datetime) -> str:
    """Who can see something, and until when."""
    day = date_format(timezone.localtime(end), "j F")
    return _("%(name)s can see this until %(day)s.") % {"name": name, "day": day}


def _not_by_name(at: Standing, section: str, circle: str, *, anybody: bool) -> list[str]:
    """What is true of an audience that names do not say: the team that is to meet, and those who are still to come."""
    seen_by = sections.narrowest(circle, at.sharing.circles[section])
    if seen_by == Circle.TEAM and at.sharing.on_agenda in HuddleItem.OPENS:
        return [_("The team can see this when it meets about you.")]
    if anybody:
        return []
    named = seen_by == Circle.NAMED
    there = any(walker.main or not named for walker in at.sharing.walkers)  # and kept from it
    if seen_by == Circle.ME or there or at.sharing.case.state == Case.State.OPEN_DOOR:
        return [_("Only you can see this.")]
    if named:
        return [_("No one can see this yet. Your main person will.")]
    return [_("No one can see this yet. Those who walk with you will.")]


def whole_group(group: Group, organisation: str) -> str:
    """What one calls a group; with the name of the organisation, where it is one."""
    if group.sector:
        return str(Sector(group.sector).label)
    if group.organisation_id:
        return _("People from %(organisation)s") % {"organisation": organisation}
    return _("My people")


def _members_let_in(at: Standing, section: str) -> list[Opened]:
    """The sectors and organisations let into a section; those of the person's own people are there by their names."""
    return [
        opened
        for opened in at.sharing.groups
        if opened.section == section and (opened.group.sector or opened.group.organisation_id)
    ]


def _end(
    at: Standing, walker: Walker, section: str, circle: str, let_in: Mapping[UUID, datetime | None]
) -> datetime | None:
    """When a walker stops seeing something that only their name, and not their circle, opens to them."""
    if at.sharing.by_circle(walker=walker, on_huddle=False, section=section, circle=circle):
        return None
    if circle:  # what opens an entry of few to them is their name on it, for as long as they see its section
        return _sooner(let_in[walker.user_id], _end(at, walker, section, "", let_in))
    return at.sharing.end(walker.user_id, acts_for(walker), section)


def _sooner(*ends: datetime | None) -> datetime | None:
    return min((end for end in ends if end), default=None)


@dataclass(frozen=True)
class Asked:
    """Somebody whom the person asked, who can see a section, and until when."""

    user_id: UUID
    name: str
    end: datetime | None


def asked_who_see(at: Standing, section: str) -> list[Asked]:
    """Those whom the person asked and who can see a section, and do not walk with them."""
    walkers = {walker.user_id for walker in at.sharing.walkers}
    return [
        Asked(user_id, name, at.sharing.end(user_id, acts_for(None), section))
        for user_id, name in at.sharing.supporters.items()
        if user_id not in walkers
        and at.sharing.level(
            user_id=user_id, walker=None, acts_for=acts_for(None), on_huddle=False, section=section, circle=""
        )
    ]


def _names(people: list[str], groups: list[str]) -> str:
    """Who it is, in one line; "" where it is nobody. What a group is called begins small, unless it comes first."""
    small = [name[:1].lower() + name[1:] for name in groups]
    names = [*people, *small] if people else [*groups[:1], *small[1:]]
    if len(names) < 2:
        return "".join(names)
    return str(format_lazy("{} {} {}", ", ".join(names[:-1]), gettext_lazy("and"), names[-1]))
