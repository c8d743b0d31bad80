"""Every permission is asked somewhere: one that nothing asks protects nothing."""

from __future__ import annotations

import ast

import pytest

from cases.permissions import Permission
from tests.guards.code import APPS, modules

ASKS = {"actions", "queries", "views", "demo_views"}


def asked() -> dict[str, set[str]]:
    """Where each permission is asked, outside the file that answers."""
    found: dict[str, set[str]] = {}
    for module in modules(*APPS):
        if module.kind not in ASKS:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Permission":
                found.setdefault(node.attr, set()).add(module.kind)
    return found


@pytest.mark.parametrize("permission", Permission, ids=lambda permission: permission.name)
def test_it_is_asked_where_something_changes_or_is_read_out(permission: Permission) -> None:
    where = asked().get(permission.name, set())
    assert where & {"actions", "queries"}, (
        f"No action and no query asks Permission.{permission.name}: it protects nothing. Ask it, or take it out."
    )


@pytest.mark.parametrize("permission", Permission, ids=lambda permission: permission.name)
def test_its_refusal_is_a_sentence_to_read(permission: Permission) -> None:
    sentence = str(permission.value)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert all(len(part.split()) <= 20 for part in sentence.split(". ")), sentence


def test_nothing_asks_for_a_permission_that_is_not_there() -> None:
    assert set(asked()) <= set(Permission.__members__)
