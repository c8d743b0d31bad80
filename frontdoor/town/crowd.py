"""Many more people than the town has, for finding out what is slow: each lives a life of the town under another name.

The town's own rows are the pattern. PostgreSQL copies them, some thousands of people at a time, into teams of their
own with the same members, and makes every id anew; nothing passes through here row by row. Constraints and history
hold as they do in the town, because only ids, names and moments differ.
"""

from __future__ import annotations

import hashlib
import random
import tomllib
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import chain, count
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from cases.models import (
    Avoid,
    Case,
    Contact,
    Entry,
    HuddleItem,
    Person,
    Plan,
    PlanSection,
    ReachingOut,
    ShutOut,
    Story,
    Voice,
    Walk,
    Way,
)
from frontdoor import codes
from frontdoor.models import Conversation
from frontdoor.town.build import HERE
from frontdoor.town.rows import history_of
from teams.models import Huddle, Membership, Message, Seat, Team, User

CHUNK = 2_000
TEAM_SIZE = 500

Model = type[models.Model]

# How a row of each table is known to be the team's own, ...
OF_A_TEAM: dict[Model, str] = {
    User: "(SELECT TRUE FROM teams_membership WHERE user_id = teams_user.id AND team_id = {team})",
    Membership: "(team_id = {team} OR NULL)",
    Huddle: "(team_id = {team} OR NULL)",
    Seat: "(SELECT TRUE FROM teams_huddle WHERE id = huddle_id AND team_id = {team})",
}
# ... or one person's, and whose.
_BY_PLAN = "(SELECT person_id FROM cases_plan WHERE id = plan_id)"
_BY_CASE = "(SELECT person_id FROM cases_case WHERE id = case_id)"
OF_A_PERSON: dict[Model, str] = {
    User: "(SELECT id FROM cases_person WHERE user_id = teams_user.id)",
    Person: "id",
    Plan: "person_id",
    PlanSection: _BY_PLAN,
    Way: "person_id",
    Avoid: "person_id",
    ShutOut: _BY_PLAN,
    Story: "person_id",
    Entry: _BY_PLAN,
    Case: "person_id",
    Contact: _BY_CASE,
    ReachingOut: _BY_CASE,
    Walk: _BY_CASE,
    HuddleItem: _BY_CASE,
    Voice: "(SELECT k.person_id FROM cases_huddleitem i JOIN cases_case k ON k.id = i.case_id WHERE i.id = item_id)",
    Message: "(SELECT id FROM cases_person WHERE user_id = recipient_id)",
    Conversation: "person_id",
}

CROWD = """
CREATE TEMP TABLE crowd (
    n bigint, lived_by {kind}, user_id uuid, town int, team_id bigint,
    old_name text, given text, full_name text, earlier interval, turn int, digest text
)
"""


@transaction.atomic
def build_crowd(*, people: int, seed: int, done: Callable[[int], Any]) -> None:
    """Add so many people to a town that was built a moment ago; ``done`` hears how many each time some are in."""
    names = tomllib.loads((HERE / "place.toml").read_text(encoding="utf-8"))["crowd"]
    dice = random.Random(seed)  # noqa: S311 - the same crowd for the same seed
    home = Team.objects.get(is_front_door=True)
    lives = list(
        Person.objects.order_by("name_used", "id").values_list("id", "user_id", "user__name", "conversation__id")
    )
    teams = Team.objects.bulk_create(Team(name=f"{home.name} {town + 2}") for town in range(-(-people // TEAM_SIZE)))
    taken = set(Conversation.objects.values_list("code_digest", flat=True))

    def somebody(n: int) -> tuple[Any, ...]:
        person_id, user_id, name, conversation_id = dice.choice(lives)
        given, town = dice.choice(names["given"]), n // TEAM_SIZE
        turn, digest = _unlike(taken, _fresh_here(conversation_id, n))
        earlier = timedelta(minutes=dice.randrange(240))
        full_name = f"{given} {dice.choice(names['surname'])}"
        return (n, person_id, user_id, town, teams[town].pk, name, given, full_name, earlier, turn, digest)

    with connection.cursor() as cursor:
        of_teams = [
            _keep_aside(cursor, model, whose.format(team=home.pk), "team") for model, whose in OF_A_TEAM.items()
        ]
        of_people = [_keep_aside(cursor, model, whose, "person") for model, whose in OF_A_PERSON.items()]
        make_again = _put_upkeep_aside(cursor)
        towns = ((0, True, None, town, team.pk, "", "", "", timedelta(0), 0, "") for town, team in enumerate(teams))
        _copy(cursor, of_teams, "boolean", towns)
        for first in range(0, people, CHUNK):
            chunk = range(first, min(first + CHUNK, people))
            _copy(cursor, of_people, "uuid", (somebody(n) for n in chunk))
            done(len(chunk))
        for statement in make_again:
            cursor.execute(statement)
        _number_on(cursor)


def _copy(cursor: Any, statements: Iterable[list[str]], kind: str, crowd: Iterable[tuple[Any, ...]]) -> None:
    cursor.execute(CROWD.format(kind=kind))
    with cursor.copy("COPY crowd FROM STDIN") as copy:
        for row in crowd:
            copy.write_row(row)
    cursor.execute("ANALYZE crowd")
    for statement in chain.from_iterable(statements):
        cursor.execute(statement)
    cursor.execute("DROP TABLE crowd")


def _put_upkeep_aside(cursor: Any) -> list[str]:
    """Drop foreign keys and plain indexes, and give back the statements that make them again, before anything is kept.

    To check and sort everything once, at the end, is several times faster than to do it for each row.
    """
    names = [table._meta.db_table for model in {**OF_A_TEAM, **OF_A_PERSON} for table in _with_history(model)]
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be waiting to be checked when the checks go
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    cursor.execute(
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique",
        [names],
    )
    upkeep = cursor.fetchall()
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname), "
        "format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)) "
        "FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'",
        [names],
    )
    upkeep += cursor.fetchall()
    for drop, _make in upkeep:
        cursor.execute(drop)
    return [make for _drop, make in upkeep]


def _with_history(model: Model) -> list[Model]:
    return [model, *([history_of(model)] if hasattr(model, "history") else [])]


def _keep_aside(cursor: Any, model: Model, whose: str, kind: str) -> list[str]:
    """Keep the pattern of one table, and of its history, aside; give back the statements that copy it."""
    span = 0
    if hasattr(model, "history") and not isinstance(model._meta.pk, models.UUIDField):
        span = models.QuerySet(model).order_by("-pk").values_list("pk", flat=True)[0]
    statements = []
    for table in _with_history(model):
        name, aside = table._meta.db_table, f"pattern_{kind}_{table._meta.db_table}"
        marked = f"SELECT *, {whose} AS lived_by FROM {name}"  # noqa: S608 - every name in here is our own
        kept = f"SELECT * FROM ({marked}) p WHERE lived_by IS NOT NULL"  # noqa: S608
        cursor.execute(f"CREATE TEMP TABLE {aside} ON COMMIT DROP AS {kept}")
        cursor.execute(f"CREATE INDEX ON {aside} (lived_by)")
        cursor.execute(f"ANALYZE {aside}")
        columns = {
            field.column: _value(model, field, kind, span)
            for field in table._meta.concrete_fields
            if not isinstance(field, models.AutoField) or (span and field.name == "id")
        }
        names = ", ".join(f'"{column}"' for column in columns)
        values = ", ".join(columns.values())
        # History is numbered and linked as it is written, so it is written in the order in which it happened.
        order = "ORDER BY p.history_id" if table is not model else ""
        statements.append(
            f"INSERT INTO {name} ({names}) SELECT {values} "  # noqa: S608
            f"FROM crowd c JOIN {aside} p ON p.lived_by = c.lived_by {order}"
        )
    return statements


def _value(model: Model, field: Any, kind: str, span: int) -> str:
    """The SQL of one column of a copied row: ``p`` is the row of the pattern, ``c`` whoever lives it again."""
    was, column = f'p."{field.column}"', field.name
    target = model if column == "id" else field.remote_field.model if field.remote_field else None
    of_person, of_team = _fresh(was, "c.n"), _fresh(was, "'team' || c.town")
    if column == "id" and span:
        return f"{was} + (c.n + 1) * {span}"
    if target is User and kind == "person":
        return f"CASE WHEN {was} = c.user_id THEN {of_person} ELSE {of_team} END"
    if target in OF_A_TEAM:
        return of_team
    if target in OF_A_PERSON:
        return of_person
    if target is Team:
        return "c.team_id"
    if column == "email":
        return f"replace({was}, '@', '.' || c.town || '@')"
    if column == "key" and model is Message:
        return f"split_part({was}, ':', 1) || ':' || " + _fresh(f"split_part({was}, ':', 2)", "c.n")
    if column in {"code_turn", "code_digest"}:
        return f"c.{column.removeprefix('code_')}"
    if kind == "team":
        return was
    if column == "name_used" or (model is User and column == "name"):
        return "c.full_name"
    if isinstance(field, models.DateTimeField):
        return f"{was} - c.earlier"
    if isinstance(field, models.TextField):
        return (
            f"CASE WHEN strpos({was}, c.old_name) > 0 "
            rf"THEN regexp_replace({was}, '\m' || c.old_name || '\M', c.given, 'g') ELSE {was} END"
        )
    return was


def _fresh(what: str, whose: str) -> str:
    """The SQL of a new id for an old one: always the same for the same old id and the same ``whose``."""
    return f"md5({what}::text || ':' || {whose})::uuid"


def _unlike(taken: set[str], conversation_id: UUID) -> tuple[int, str]:
    """The first turn of a conversation whose code nobody else has, and the digest of that code."""
    for turn in count():
        digest = codes.digest(codes.code(conversation_id, turn))
        if digest not in taken:
            taken.add(digest)
            return turn, digest
    raise AssertionError("count() does not end")


def _fresh_here(what: UUID, whose: int) -> UUID:
    """The same id as ``_fresh`` makes."""
    return UUID(hashlib.md5(f"{what}:{whose}".encode(), usedforsecurity=False).hexdigest())


def _number_on(cursor: Any) -> None:
    """Let numbering go on after the numbers that were given."""
    for model in OF_A_PERSON:
        if isinstance(model._meta.pk, models.AutoField):
            table = model._meta.db_table
            last = f"SELECT coalesce(max(id), 1) FROM {table}"  # noqa: S608
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({last}))")
