"""From which moment on somebody may read what an entry said: not from before it was opened to them (docs/decisions/0008)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from cases import sections
from cases.permissions import Standing, acts_for
from cases.sections import Circle, Group


class Began(NamedTuple):
    """When an entry was opened to a viewer, and the version of it that begins its past for them."""

    at: datetime
    began_at: datetime | None  # of that version, and its number: none where all of them came later
    version_id: int | None
    stood: bool  # it stood there then, and is not how the entry began


# For each entry that the viewer may see now and that was not always open to them: the version that stood there when it was
# opened, or the next that was there to be read. ``sections`` says since when, by section. What is hidden now is left out.
# Only a circle of its own can have hidden a version of an entry in a section that the viewer sees.
OPENED = """
SELECT e.id, o.at, f.history_date, f.history_id,
    coalesce((f.history_date, f.history_id) > (a.history_date, a.history_id), false)
FROM cases_entry e
LEFT JOIN LATERAL (
    SELECT n.history_date FROM cases_historicalentry z
    CROSS JOIN LATERAL (
        SELECT n.history_date FROM cases_historicalentry n
        WHERE n.id = z.id AND (n.history_date, n.history_id) > (z.history_date, z.history_id)
        ORDER BY n.history_date, n.history_id LIMIT 1
    ) n
    WHERE z.plan_id = e.plan_id AND z.id = e.id AND z.circle <> '' AND z.section || '/' || z.circle <> ALL(%(seen)s)
    ORDER BY z.history_date DESC, z.history_id DESC LIMIT 1
) own ON true
CROSS JOIN LATERAL (SELECT greatest(own.history_date, (%(sections)s::jsonb ->> e.section)::timestamptz) AS at) o
LEFT JOIN LATERAL (
    SELECT b.history_date, b.history_id FROM cases_historicalentry b
    WHERE b.id = e.id AND b.history_date <= o.at ORDER BY b.history_date DESC, b.history_id DESC LIMIT 1
) b ON true
LEFT JOIN LATERAL (
    SELECT f.history_date, f.history_id FROM cases_historicalentry f
    WHERE f.id = e.id AND f.removed_at IS NULL AND (f.history_date, f.history_id) >= (b.history_date, b.history_id)
    ORDER BY f.history_date, f.history_id LIMIT 1
) f ON true
LEFT JOIN LATERAL (
    SELECT a.history_date, a.history_id FROM cases_historicalentry a
    WHERE a.id = e.id ORDER BY a.history_date, a.history_id LIMIT 1
) a ON true
WHERE e.plan_id = %(plan)s AND e.removed_at IS NULL AND o.at IS NOT NULL
AND e.section || '/' || e.circle = ANY(%(seen)s) AND e.section <> ALL(%(past)s)
"""


def opened_to(at: Standing) -> dict[UUID, Began]:
    """By entry, since when the viewer may read it, where that was not always. Two statements; none for the person."""
    if at.is_person:
        return {}
    given: dict[str, Any] = {
        "plan": at.sharing.plan.pk,
        "seen": seen_by(at),
        "past": list(at.sharing.opens_past),
        "sections": json.dumps({key: moment.isoformat() for key, moment in _by_section(at).items()}),
    }
    with connection.cursor() as cursor:
        cursor.execute(OPENED, given)
        return {entry_id: Began(*found) for entry_id, *found in cursor.fetchall()}


def seen_by(at: Standing) -> list[str]:
    """What the viewer may see, as "section/circle"; the circle is an entry's own, or empty."""
    return [f"{key}/{circle}" for key in sections.KEYS for circle in CIRCLES if at.level(key, circle)]


CIRCLES = ["", *Circle.values]

# What a moment is made of: how each section was seen, what lets the viewer in by name and with a group, and until when they
# were shut out.
WAYS = """
SELECT (
    SELECT jsonb_agg(jsonb_build_array(key, circle, history_date) ORDER BY key, history_date, history_id)
    FROM cases_historicalplansection WHERE plan_id = %(plan)s
), (
    SELECT jsonb_agg(jsonb_build_array(s.key, g.since))
    FROM cases_plansection s JOIN cases_sectiongrant g ON g.content_object_id = s.id
    WHERE s.plan_id = %(plan)s AND g.user_id = %(user)s
), (
    SELECT jsonb_agg(jsonb_build_array(section, sector, organisation_id, since))
    FROM cases_letin WHERE plan_id = %(plan)s AND ended_at IS NULL
), (
    SELECT jsonb_agg(jsonb_build_array(section, ended_at) ORDER BY ended_at) FROM cases_shutout
    WHERE plan_id = %(plan)s AND ended_at IS NOT NULL AND %(member)s
    AND (user_id = %(user)s OR organisation_id = %(organisation)s OR sector = %(sector)s AND sector <> '')
)
"""


def _by_section(at: Standing) -> dict[str, datetime]:
    """By section, since when the viewer may read what is in it; one that is not here was always open to them."""
    sector, organisation_id = acts_for(at.member)
    given: dict[str, Any] = {
        "plan": at.sharing.plan.pk,
        "user": at.viewer.pk,
        "member": at.member is not None,
        "sector": sector,
        "organisation": organisation_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(WAYS, given)
        circles, names, groups, shut = (json.loads(found or "[]") for found in cursor.fetchone())
    ways = _by_circle(at, circles)
    for key, since in names:
        if key in at.sharing.grants.get(at.viewer.pk, {}):
            ways.setdefault(key, []).append(datetime.fromisoformat(since))
    for key, of_sector, of_organisation, since in groups:
        group = Group(of_sector, of_organisation)
        live = any(one.section == key and one.group == group for one in at.sharing.groups)
        if live and group.holds(sector=sector, organisation_id=organisation_id, asked=at.is_supporter):
            ways.setdefault(key, []).append(datetime.fromisoformat(since))
    shut_until = {section: datetime.fromisoformat(moment) for section, moment in shut}  # the last of each
    opened: dict[str, datetime] = {}
    for key in sections.KEYS:
        begins = [moment for moment in ways.get(key, ()) if moment]
        since = min(begins) if begins and len(begins) == len(ways[key]) else None
        after = [moment for moment in (since, shut_until.get(key), shut_until.get("")) if moment]
        if after:
            opened[key] = max(after)
    return opened


def _by_circle(at: Standing, kept: Iterable[tuple[str, str, str]]) -> dict[str, list[datetime | None]]:
    """By section, since when its circle has held the viewer; None for always, and nothing where it does not."""
    found: dict[str, list[datetime | None]] = {}
    for key, rows in groupby(kept, key=lambda row: row[0]):
        since, outside = None, False
        for _key, circle, moment in rows:
            inside = at.in_circle(key, circle)
            since = datetime.fromisoformat(moment) if inside and outside else since
            outside = not inside
        if not outside:
            found[key] = [since]
    return found
