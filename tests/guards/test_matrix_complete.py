"""No address without a row that says who may: a page that is not in the table does not ship."""

from __future__ import annotations

import pytest

from tests.guards.test_public import NAMES, PUBLIC
from tests.matrix import pages, table
from tests.matrix.world import SECRETS

ROWS = {row.key: row for row in pages.ROWS}
TABLES = {
    "PAGES": (table.PAGES, list(table.COLUMNS), set(table.LEGEND)),
    "FOR_ANYBODY": (table.FOR_ANYBODY, ["nobody", "the person", "a member"], set(table.LEGEND)),
    "SECRETS": (table.SECRETS, list(table.COLUMNS), {"s", "."}),
    "SHARING": (table.SHARING, list(table.SHARING_COLUMNS), {"s", "."}),
}


def test_every_address_is_in_the_table_and_none_that_is_gone() -> None:
    assert {row.name for row in pages.ROWS} == set(NAMES), (
        "Say in tests/matrix/pages.py how it is asked, and in tests/matrix/table.py who may."
    )


def test_every_row_is_told_once() -> None:
    assert len(ROWS) == len(pages.ROWS)
    told = [*table.rows(table.PAGES), *table.rows(table.FOR_ANYBODY)]
    assert sorted(told) == sorted(ROWS)
    assert set(table.rows(table.SECRETS)) == set(SECRETS)


def test_what_is_public_is_for_anybody_and_nothing_else_is() -> None:
    assert {ROWS[key].name for key in table.rows(table.FOR_ANYBODY)} == PUBLIC


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_letter_for_each_column(name: str) -> None:
    text, columns, letters = TABLES[name]
    for key, (words, given) in table.rows(text).items():
        assert words.strip(), key
        assert len(given) == len(columns), key
        assert set(given) <= letters, key


def test_nobody_is_let_in_by_rank() -> None:
    """A superuser has no row of their own: what they see is what somebody of another team sees, and no more."""
    found = table.cells(table.SECRETS, list(table.COLUMNS)) | table.cells(table.SHARING, list(table.SHARING_COLUMNS))
    assert {
        letter for (_key, column), letter in found.items() if column in {"super", "other", "visitor", "another"}
    } == {"."}
