"""Statements of our own that many pages ask: the database works out how to answer each once for a connection.

Working that out takes longer than answering them does, and for some of them it comes out worse when it is done for one
plan alone (docs/speed.md). What Django asks is worked out each time, for what is in it: see the settings of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


def rows(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What the database gives for a statement with ``%(name)s`` in it, as rows."""
    connection.ensure_connection()
    asking: Any = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with asking(psycopg.Cursor(connection.connection)) as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()
