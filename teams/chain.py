"""Is history as it was written? Every row is compared with its link, every link with the one before, in the database.

PostgreSQL links a row as it is written (docs/decisions/0007), whoever writes it and by whatever way. Somebody who owns
the database can put its triggers aside and change a row, and then the row no longer fits its link; or they can write
whole chains anew, and then those no longer fit the anchor, which is signed and kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.core import signing
from django.db import connection, models, transaction

from teams.history import HistoryRow, Recorded, WrittenOnce

LINKS = "teams_historylink"
SALT = "anchor of history"


class NotAnAnchor(ValueError):
    """These words are no anchor that this place has signed."""


class Kind(StrEnum):
    """What is wrong with a row of history, in words that follow its name."""

    CHANGED = "is not as it was written"
    REMOVED = "was written, and is gone"
    ADDED = "is in no chain: it was added with the trigger off, or its link was removed"
    TWICE = "is in the chain more than once"
    LINK_CHANGED = "has a link that was changed or moved"
    LINK_REMOVED = "has a link whose one before was removed"
    CUT = "was the last of its chain when the anchor was written, and the chain ends earlier now"
    PERSON_REMOVED = "was the last of its chain when the anchor was written, and the whole chain is gone"
    WRITTEN_ANEW = "was the last of its chain when the anchor was written, and the chain has been written anew"
    UNLIKE_HISTORY = "is not what its last history row says"
    UNGUARDED = "can be changed: its triggers are off"


@dataclass(frozen=True)
class Finding:
    kind: Kind
    table: str
    row: str  # no row when it is about the whole table
    at: datetime | None  # when it was written, as far as anything says so

    def __str__(self) -> str:
        row = f" row {self.row}" if self.row else ""
        at = f" ({self.at:%Y-%m-%d %H:%M:%S} UTC)" if self.at else ""
        return f"{self.table}{row}{at} {self.kind}"


def kept() -> list[Any]:
    """The models whose rows stay as they were written: every history table, and what is written once."""
    return [model for model in apps.get_models() if issubclass(model, (HistoryRow, WrittenOnce))]


def size() -> tuple[int, int]:
    """How many rows are linked, and in how many chains."""
    ((rows, chains),) = _ask("SELECT count(*), count(DISTINCT chain) FROM teams_historylink")
    return rows, chains


def findings(*, anchor: str | None = None) -> Iterator[Finding]:
    """Everything that is wrong, with history and with the live rows it tells of. Nothing means that all is whole.

    With an ``anchor`` from :func:`make_anchor`, also what has gone from the ends since. Raises NotAnAnchor.
    """
    heads = None if anchor is None else _read(anchor)
    tables = {model._meta.db_table: model for model in kept()}
    yield from _found(UNGUARDED, tables=[LINKS, *tables])
    for table, model in tables.items():
        names = {"table": table, "key": model._meta.pk.column, "written": model.written}
        yield from _found(ROWS.format(**names), table=table)
    yield from _found(CHAINS, tables=list(tables))
    for model in apps.get_models():
        if issubclass(model, Recorded):
            yield from _found(_unlike_history(model))
    if heads is not None:
        yield from _found(ENDS, heads=heads)


def make_anchor() -> str:
    """The last link of every chain, signed. Kept where nobody who owns the database can write, it shows what they cut."""
    ((heads,),) = _ask(HEADS)
    return signing.dumps(heads, salt=SALT, compress=True)


def _read(anchor: str) -> str:
    try:
        return str(signing.loads(anchor, salt=SALT))
    except signing.BadSignature as wrong:
        raise NotAnAnchor("This anchor was changed, or signed with another key.") from wrong


def _ask(question: str, **given: Any) -> list[tuple[Any, ...]]:
    # One snapshot for each question: a row and its link are there together, or neither is yet. Text in UTC, as linked.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'; SET LOCAL work_mem = '64MB'")
        cursor.execute(question, given)
        return cursor.fetchall()


def _found(question: str, **given: Any) -> Iterator[Finding]:
    for kind, table, row, at in _ask(question, **given):
        yield Finding(Kind[kind], table, row, at)


UNGUARDED = """
SELECT 'UNGUARDED', t.name, '', NULL FROM unnest(%(tables)s::text[]) WITH ORDINALITY AS t (name, place)
WHERE (
    SELECT count(*) FROM pg_trigger WHERE tgrelid = t.name::regclass AND tgenabled = 'A'
    AND (tgname = 'history_stays' OR (tgname = 'history_is_linked' AND t.place > 1))
) <> CASE t.place WHEN 1 THEN 1 ELSE 2 END
"""

# A column that was added after a row was linked is not in the row's digest.
ROWS = """
WITH links AS MATERIALIZED (SELECT * FROM teams_historylink WHERE source = %(table)s),
later AS MATERIALIZED (
    SELECT w.width, array_agg(a.attname::text) FILTER (WHERE a.attnum > w.width) AS columns
    FROM (SELECT DISTINCT width FROM links) w, pg_attribute a
    WHERE a.attrelid = %(table)s::regclass AND a.attnum > 0 AND NOT a.attisdropped
    GROUP BY w.width
)
SELECT
    CASE WHEN l.row_id IS NULL THEN 'ADDED' WHEN t."{key}" IS NULL THEN 'REMOVED' ELSE 'CHANGED' END,
    %(table)s, coalesce(t."{key}"::text, l.row_id), coalesce(l.linked_at, t."{written}")
FROM "{table}" t FULL JOIN (links JOIN later USING (width)) l ON l.row_id = t."{key}"::text
WHERE l.row_id IS NULL OR t."{key}" IS NULL OR l.row_digest <> teams_row_digest(
    CASE WHEN l.columns IS NULL THEN to_jsonb(t) ELSE to_jsonb(t) - l.columns END
)
UNION ALL
SELECT 'TWICE', %(table)s, row_id, min(linked_at) FROM links GROUP BY row_id HAVING count(*) > 1
"""

CHAINS = """
SELECT
    CASE
        WHEN source <> ALL(%(tables)s) THEN 'REMOVED'
        WHEN number <> number_before + 1 THEN 'LINK_REMOVED'
        ELSE 'LINK_CHANGED'
    END,
    source, row_id, linked_at
FROM (
    SELECT *, lag(number, 1, 0::bigint) OVER chains AS number_before, lag(digest, 1, ''::bytea) OVER chains AS before
    FROM teams_historylink WINDOW chains AS (PARTITION BY chain ORDER BY number)
) l
WHERE source <> ALL(%(tables)s) OR number <> number_before + 1
OR digest <> teams_link_digest(before, chain, number, source, row_id, width, linked_at, row_digest)
"""

HEADS = """
SELECT coalesce(jsonb_agg(to_jsonb(h)), '[]')::text FROM (
    SELECT DISTINCT ON (chain) chain, number, encode(digest, 'hex') AS digest, source, row_id, linked_at
    FROM teams_historylink ORDER BY chain, number DESC
) h
"""

ENDS = """
SELECT
    CASE
        WHEN l.chain IS NOT NULL THEN 'WRITTEN_ANEW'
        WHEN EXISTS (SELECT FROM teams_historylink o WHERE o.chain = h.chain) THEN 'CUT'
        ELSE 'PERSON_REMOVED'
    END,
    h.source, h.row_id, h.linked_at
FROM jsonb_to_recordset(%(heads)s::jsonb)
    AS h (chain uuid, number bigint, digest text, source text, row_id text, linked_at timestamptz)
LEFT JOIN teams_historylink l ON l.chain = h.chain AND l.number = h.number
WHERE l.chain IS NULL OR encode(l.digest, 'hex') <> h.digest
"""

# The last history row is the one that was written last, whatever a clock said.
UNLIKE_HISTORY = """
SELECT 'UNLIKE_HISTORY', '{table}', coalesce(m."{key}", h."{key}")::text, h.history_date
FROM "{table}" m FULL JOIN (
    SELECT DISTINCT ON ("{key}") * FROM "{past}" ORDER BY "{key}", history_id DESC
) h ON h."{key}" = m."{key}"
WHERE ROW({now}) IS DISTINCT FROM ROW({then})
"""


def _unlike_history(model: Any) -> str:
    past: type[models.Model] = model.history.model
    columns = [field.column for field in past.tracked_fields]  # type: ignore[attr-defined]
    return UNLIKE_HISTORY.format(
        table=model._meta.db_table,
        past=past._meta.db_table,
        key=model._meta.pk.column,
        now=", ".join(f'm."{column}"' for column in columns),
        then=", ".join(f'h."{column}"' for column in columns),
    )
