"""What a person has set about who sees their plan, read once: everything that the answers are made of."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Model

from cases import sections
from cases.models import Case, Person, Plan
from cases.sections import Circle, Group, Level
from teams import statements
from teams.models import Membership, Organisation, Team, User

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
    name: str = ""  # of the person or the organisation; a sector has its own

    def means(self, user_id: UUID, acts_for: tuple[str, int | None]) -> bool:
        """Whether it is this member who is shut out, by name or with their sector or organisation."""
        sector, organisation_id = acts_for
        return self.user_id == user_id or bool(
            self.group and self.group.holds(sector=sector, organisation_id=organisation_id, asked=False)
        )


class Opened(NamedTuple):
    """A group let into a section, until a moment or until the person says."""

    section: str
    group: Group
    level: Level
    until: datetime | None
    organisation: str = ""


class Past(NamedTuple):
    """How it came to be so: what tells since when somebody has been let in (docs/decisions/0008)."""

    circles: tuple[tuple[str, str, datetime], ...]  # each section, how it was seen, and from when on
    names: tuple[tuple[str, UUID, datetime], ...]  # who was let into a section by name, and since when
    groups: tuple[tuple[str, Group, datetime], ...]  # which group is let into a section, and since when
    shut: tuple[tuple[Shut, datetime], ...]  # who was shut out, until when


@dataclass(frozen=True)
class Sharing:
    """Everything the person has set about one plan, read once; it answers for any viewer without another query."""

    plan: Plan
    case: Case
    now: datetime  # all of it is as it is at this moment
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
    past: Past | None = field(default=None, compare=False, repr=False)  # read for one plan at a time, and not for many

    @property
    def alone(self) -> bool:
        """Whether nobody who may see anything walks with the person: the team has to find somebody."""
        return all(map(self.shuts_out, self.walkers))

    def shuts_out(self, member: Membership | Walker) -> bool:
        """Whether a member is shut out of the whole plan: by name, or with their sector or organisation."""
        return self._is_shut(user_id=member.user_id, acts_for=acts_for(member), section="")

    def _is_shut(self, *, user_id: UUID, acts_for: tuple[str, int | None], section: str) -> bool:
        return any(shut.section in {"", section} and shut.means(user_id, acts_for) for shut in self.shut)

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

    def lets_into(self, section: str) -> bool:
        """Whether anybody is let into a section by name, or with a group."""
        return any(section in given for given in self.grants.values()) or any(
            one.section == section for one in self.groups
        )

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

        To whoever opened the plan in an emergency they give what they give to the main person, to read: what is to happen if
        things get hard is often for them alone. What is the person's alone stays so.
        """
        seen_by = sections.narrowest(circle, self.circles[section])
        within = (
            (seen_by == Circle.TEAM and on_huddle)
            or (seen_by in {Circle.WALKING, Circle.TEAM} and (walker is not None or opened))
            or (seen_by == Circle.NAMED and (opened or (walker is not None and walker.main)))
        )
        team_may = sections.BY_KEY[section].team_may
        return (team_may if walker else min(team_may, Level.SEE)) if within else Level.NOTHING


def acts_for(who: Membership | Walker | None) -> tuple[str, int | None]:
    """The sector and the organisation that somebody acts for; neither for the person and for those they asked."""
    if isinstance(who, Walker):
        return who.sector, who.organisation_id
    return (who.organisation.sector, who.organisation_id) if who else ("", None)


def sharing_of(plan: Plan, now: datetime) -> Sharing:
    """Everything set about who sees ``plan``, as it is at ``now``."""
    (found,) = read([plan.pk], now, past=True)
    return found


def sharings_of(plans: Collection[Plan], now: datetime) -> dict[UUID, Sharing]:
    """Everything set about who sees each of some plans: one query, however many they are."""
    return {found.plan.pk: found for found in read([plan.pk for plan in plans], now)}


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
            jsonb_build_array(x.section, x.user_id, x.sector, x.organisation_id, coalesce(o.name, u.name))
            ORDER BY x.since, x.id
        )
        FROM cases_shutout x LEFT JOIN teams_organisation o ON o.id = x.organisation_id
        LEFT JOIN teams_user u ON u.id = x.user_id
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
    ),
    'past', CASE WHEN %(past)s THEN jsonb_build_array(
        (
            SELECT jsonb_agg(jsonb_build_array(key, circle, history_date) ORDER BY key, history_date, history_id)
            FROM cases_historicalplansection WHERE plan_id = l.id
        ), (
            SELECT jsonb_agg(jsonb_build_array(s.key, g.user_id, g.since))
            FROM cases_plansection s JOIN cases_sectiongrant g ON g.content_object_id = s.id WHERE s.plan_id = l.id
        ), (
            SELECT jsonb_agg(jsonb_build_array(section, sector, organisation_id, since))
            FROM cases_letin WHERE plan_id = l.id AND ended_at IS NULL
        ), (
            SELECT jsonb_agg(jsonb_build_array(section, user_id, sector, organisation_id, ended_at) ORDER BY ended_at, id)
            FROM cases_shutout WHERE plan_id = l.id AND ended_at IS NOT NULL
        )
    ) END
)
FROM cases_plan l JOIN cases_person p ON p.id = l.person_id JOIN teams_user u ON u.id = p.user_id
JOIN cases_case c ON c.person_id = p.id JOIN teams_team t ON t.id = c.team_id
WHERE l.id = ANY(%(plans)s) ORDER BY c.person_id, c.came_at DESC
"""


def read(plan_ids: Collection[UUID], now: datetime, *, past: bool = False) -> list[Sharing]:
    """Everything set about who sees each of some plans, by their ids; with ``past``, how it came to be so as well."""
    found = statements.rows(SHARING, {"plans": list(plan_ids), "now": now, "past": past})
    return [_sharing(json.loads(given), now) for (given,) in found]


def _sharing(given: dict[str, Any], now: datetime) -> Sharing:
    """What the person has set, from what the statement above gives for their plan."""
    plan, person, person.user, case, case.team = map(_row, (Plan, Person, User, Case, Team), given["rows"])
    plan.person = case.person = person
    walkers = tuple(_walker(*walk, now=now) for walk in given["walkers"] or ())
    supporters = {UUID(user): name for user, name in given["supporters"] or ()}
    # Whom the person let in by name walked with them, or was asked. Once somebody does neither their name opens nothing:
    # no page of the person's would say that it does.
    named = {walker.user_id for walker in walkers} | supporters.keys()
    grants: dict[UUID, dict[str, Level]] = {}
    ends: dict[tuple[UUID, str], datetime] = {}
    for user, key, codename, until in given["by_name"] or ():
        user_id = UUID(user)
        if user_id not in named:
            continue
        theirs = grants.setdefault(user_id, {})
        theirs[key] = max(theirs.get(key, Level.NOTHING), LEVELS[codename])
        if until:
            ends[user_id, key] = datetime.fromisoformat(until)
    return Sharing(
        plan=plan,
        case=case,
        now=now,
        circles={key: circle for key, circle, _past in given["sections"]},
        shut=tuple(_shut(*shut) for shut in given["shut"] or ()),
        grants=grants,
        walkers=walkers,
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
        supporters=supporters,
        opens_past=frozenset(key for key, _circle, past in given["sections"] if past),
        on_agenda=given["on_agenda"] or "",
        opened=frozenset(map(UUID, given["opened"] or ())),
        past=_past(*given["past"]) if given["past"] else None,
    )


def _shut(section: str, who: str | None, sector: str, organisation_id: int | None, name: str | None = None) -> Shut:
    return Shut(section, UUID(who) if who else None, None if who else Group(sector, organisation_id), name or "")


def _past(circles: Any, names: Any, groups: Any, shut: Any) -> Past:
    since = datetime.fromisoformat
    return Past(
        circles=tuple((key, circle, since(moment)) for key, circle, moment in circles or ()),
        names=tuple((key, UUID(user), since(moment)) for key, user, moment in names or ()),
        groups=tuple(
            (key, Group(sector, organisation_id), since(moment))
            for key, sector, organisation_id, moment in groups or ()
        ),
        shut=tuple((_shut(*row), since(moment)) for *row, moment in shut or ()),
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
