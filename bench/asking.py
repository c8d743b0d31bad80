"""Asking the database straight, and counting what is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def how_many(work: Callable[[], Any]) -> int:
    """The queries it asks."""
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def fetched(sql: str, given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def run(sql: str, given: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.rowcount
