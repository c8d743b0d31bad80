"""Statements of our own are planned once for a connection; what Django asks is not (docs/decisions/0014)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from teams import statements
from teams.models import Team

pytestmark = pytest.mark.django_db

ASKED = "SELECT name FROM teams_team WHERE name = %(name)s AND 'asked here' <> ''"


def kept() -> list[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")
        return cursor.fetchall()


def test_what_is_in_a_statement_is_handed_over_beside_it_and_comes_back_as_rows():
    Team.objects.create(name="'; DROP TABLE teams_team; --")
    assert statements.rows(ASKED, {"name": "'; DROP TABLE teams_team; --"}) == [("'; DROP TABLE teams_team; --",)]
    assert statements.rows(ASKED, {"name": "nobody"}) == []


def test_one_of_ours_is_planned_once_whatever_is_in_it():
    for name in ("one", "two", "three"):
        statements.rows(ASKED, {"name": name})
    ((_statement, once_for_all, each_anew),) = [row for row in kept() if "asked here" in row[0]]
    assert (once_for_all, each_anew) == (3, 0)


def test_what_django_asks_is_planned_for_what_is_in_it():
    for name in ("one", "two", "three"):
        list(Team.objects.filter(name=name))
    assert not [row for row in kept() if '"teams_team"."name" =' in row[0]]


def test_one_of_ours_is_counted_among_the_queries():
    with CaptureQueriesContext(connection) as asked:
        statements.rows(ASKED, {"name": "one"})
    assert len(asked) == 1
