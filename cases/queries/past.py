"""From which moment on somebody may read what an entry said: not from before it was opened to them (docs/decisions/0008)."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import groupby
from typing import Any

from cases import sections
from cases.permissions import Standing
from cases.permissions.sharing import Past, acts_for
from cases.sections import Circle


def _named_in(row: str, at: str) -> str:
    """Whether their name lets the viewer into an entry, by one row of it, beyond a moment: see ``named_in``."""
    end = f"{row}.let_in_until[array_position({row}.let_in, %(viewer)s::uuid)]"
    return f"(%(viewer)s::uuid = ANY({row}.let_in) AND coalesce({end}, 'infinity') > {at})"


# Whether anybody's name on it lets them into an entry now.
SOMEBODY_NAMED_IN = """
EXISTS (SELECT FROM unnest(e.let_in, e.let_in_until) n (id, until) WHERE coalesce(n.until, 'infinity') > %(now)s)
"""
# Whether the viewer sees an entry: see ``Standing.level_of``. It is asked with ``given``.
SEEN = f"""
((e.section || '/' || e.circle = ANY(%(seen)s)
    OR {_named_in("e", "%(now)s")} AND e.section || '/' = ANY(%(seen)s))
    AND %(viewer)s::uuid <> ALL(e.kept_from))
"""
# For each entry ``e`` of a statement, where the viewer may see it now and it was not always open to them: since when it is,
# and the version that begins its past for them. That is the one which stood there then (``stood``, unless the entry began
# with it), or the next that was there to be read; none where all of them came later. It is asked with ``given``: what is
# hidden now is left out, and the person's own plan was always open to them. Of what was taken out it is told to its author
# alone, whose history keeps what they wrote. ``sections`` says since when, by section; only
# a circle or names of its own can have hidden a version of an entry in a section that the viewer sees. A name whose end came
# while that version stood hid it from then on.
OPENED = f"""
LEFT JOIN LATERAL (
    SELECT o.at, f.history_date AS began_at, f.history_id AS version_id,
        coalesce((f.history_date, f.history_id) > (a.history_date, a.history_id), false) AS stood
    FROM (SELECT greatest((%(sections)s::jsonb ->> e.section)::timestamptz, (
        SELECT n.history_date FROM cases_historicalentry z
        CROSS JOIN LATERAL (
            SELECT n.history_date FROM cases_historicalentry n
            WHERE n.id = z.id AND (n.history_date, n.history_id) > (z.history_date, z.history_id)
            ORDER BY n.history_date, n.history_id LIMIT 1
        ) n
        WHERE z.plan_id = e.plan_id AND z.id = e.id AND (z.circle <> '' OR z.kept_from <> '{{}}')
        AND (z.circle <> '' AND z.section || '/' || z.circle <> ALL(%(seen)s) AND NOT {_named_in("z", "n.history_date")}
            OR %(viewer)s::uuid = ANY(z.kept_from))
        ORDER BY z.history_date DESC, z.history_id DESC LIMIT 1
    )) AS at) o
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
    WHERE NOT %(is_person)s AND (e.removed_at IS NULL OR e.author_id = %(viewer)s) AND o.at IS NOT NULL
    AND {SEEN} AND e.section <> ALL(%(past)s)
) opened ON true
"""  # noqa: S608 - words of our own


def given(at: Standing) -> dict[str, Any]:
    """What a statement with ``OPENED`` in it is asked with."""
    opened = {} if at.is_person else {key: moment.isoformat() for key, moment in _by_section(at).items()}
    return {
        "plan": at.sharing.plan.pk,
        "person": at.sharing.plan.person.user_id,
        "is_person": at.is_person,
        "viewer": at.viewer.pk,
        "now": at.sharing.now,
        "seen": seen_by(at),
        "past": list(at.sharing.opens_past),
        "sections": json.dumps(opened),
    }


def seen_by(at: Standing) -> list[str]:
    """What the viewer may see, as "section/circle"; the circle is an entry's own, or empty."""
    return [f"{key}/{circle}" for key in sections.KEYS for circle in CIRCLES if at.level(key, circle)]


CIRCLES = ["", *Circle.values]


def _by_section(at: Standing) -> dict[str, datetime]:
    """By section, since when the viewer may read what is in it; one that is not here was always open to them."""
    past, (sector, organisation_id) = at.sharing.past, acts_for(at.member)
    assert past is not None, "the past is read for one plan at a time"
    ways = _by_circle(at, past)
    for key, user_id, since in past.names:
        if user_id == at.viewer.pk and key in at.sharing.grants.get(user_id, {}):
            ways.setdefault(key, []).append(since)
    for key, group, since in past.groups:
        live = any(one.section == key and one.group == group for one in at.sharing.groups)
        if live and group.holds(sector=sector, organisation_id=organisation_id, asked=at.is_supporter):
            ways.setdefault(key, []).append(since)
    shut_until = {
        shut.section: moment  # the last of each
        for shut, moment in past.shut
        if at.member and shut.means(at.viewer.pk, (sector, organisation_id))
    }
    opened: dict[str, datetime] = {}
    for key in sections.KEYS:
        begins = [moment for moment in ways.get(key, ()) if moment]
        since_then = min(begins) if begins and len(begins) == len(ways[key]) else None
        after = [moment for moment in (since_then, shut_until.get(key), shut_until.get("")) if moment]
        if after:
            opened[key] = max(after)
    return opened


def _by_circle(at: Standing, past: Past) -> dict[str, list[datetime | None]]:
    """By section, since when its circle has held the viewer; None for always, and nothing where it does not."""
    found: dict[str, list[datetime | None]] = {}
    for key, rows in groupby(past.circles, key=lambda row: row[0]):
        since, outside = None, False
        for _key, circle, moment in rows:
            inside = at.in_circle(key, circle)
            since = moment if inside and outside else since
            outside = not inside
        if not outside:
            found[key] = [since]
    return found
