"""From which moment on somebody may read what an entry said: not from before it was opened to them (docs/decisions/0008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q

from cases import sections
from cases.models import LetIn, PlanSection, SectionGrant, ShutOut
from cases.permissions import Standing, acts_for
from cases.sections import Group


@dataclass(frozen=True)
class Past:
    """What one viewer may read of the past of a plan."""

    at: Standing
    opened_at: dict[str, datetime] = field(default_factory=dict)  # by section; one that is not here was always open

    def readable(self, versions: Sequence[Any]) -> tuple[Sequence[Any], datetime | None]:
        """Of the versions of one entry, oldest first, those that this viewer may read; and since when, where not always.

        The first of them is what stood there when it was opened to them.
        """
        at = self.at
        if at.is_person or versions[0].section in at.sharing.opens_past:
            return versions, None
        moment = self.opened_at.get(versions[0].section)
        first = 0
        for number, version in enumerate(versions):
            if not at.level(version.section, version.circle) and number + 1 < len(versions):
                first = number + 1
                moment = max(filter(None, [moment, versions[first].history_date]))
            elif moment and version.history_date <= moment:
                first = number
        while first and versions[first].removed_at and first + 1 < len(versions):
            first += 1  # what was not there when it was opened is not there for them
        return versions[first:], moment


def past_of(at: Standing) -> Past:
    """What the viewer may read of the past: four statements, and none for the person."""
    if at.is_person:
        return Past(at)
    by_circle = _by_circle(at)
    by_name = _by_name(at)
    shut = _shut_until(at)
    opened: dict[str, datetime] = {}
    for key in sections.KEYS:
        ways = [*by_circle.get(key, ()), *by_name.get(key, ())]
        since = min(ways) if ways and None not in ways else None
        after = [moment for moment in (since, shut.get(key), shut.get("")) if moment]
        if after:
            opened[key] = max(after)
    return Past(at, opened)


def _by_circle(at: Standing) -> dict[str, list[datetime | None]]:
    """By section, since when its circle has held the viewer; None for always, and nothing where it does not."""
    rows = PlanSection.history.filter(plan=at.sharing.plan).order_by("key", "history_date", "history_id")
    found: dict[str, list[datetime | None]] = {}
    for key, kept in groupby(rows.values_list("key", "circle", "history_date"), key=lambda row: row[0]):
        since, outside = None, False
        for _key, circle, moment in kept:
            inside = at.in_circle(key, circle)
            since = moment if inside and outside else since
            outside = not inside
        if not outside:
            found[key] = [since]
    return found


def _by_name(at: Standing) -> dict[str, list[datetime | None]]:
    """By section, since when the viewer is let in by name, and with each group they are of."""
    given = SectionGrant.objects.filter(content_object__plan=at.sharing.plan, user=at.viewer.pk)
    sector, organisation_id = acts_for(at.member)
    groups = LetIn.objects.filter(plan=at.sharing.plan, ended_at=None)
    found: dict[str, list[datetime | None]] = {}
    for key, since in given.values_list("content_object__key", "since"):
        if key in at.sharing.grants.get(at.viewer.pk, {}):
            found.setdefault(key, []).append(since)
    for key, of_sector, of_organisation, since in groups.values_list("section", "sector", "organisation", "since"):
        group = Group(of_sector, of_organisation)
        live = any(one.section == key and one.group == group for one in at.sharing.groups)
        if live and group.holds(sector=sector, organisation_id=organisation_id, asked=at.is_supporter):
            found.setdefault(key, []).append(since)
    return found


def _shut_until(at: Standing) -> dict[str, datetime]:
    """By section ("" for the whole plan), the moment until which the viewer was last shut out."""
    if at.member is None:
        return {}
    sector, organisation_id = acts_for(at.member)
    whom = Q(user=at.viewer.pk) | Q(sector=sector, user=None, organisation=None) | Q(organisation=organisation_id)
    over = ShutOut.objects.filter(whom, plan=at.sharing.plan, ended_at__isnull=False).order_by("ended_at")
    return {section: moment for section, moment in over.values_list("section", "ended_at") if moment}
