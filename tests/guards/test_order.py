"""Every list has one order, to the last row: what came at the same moment never stands as the database happens to find it."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps
from django.db.models import Model

from tests.guards import code

OURS = [model for app in code.APPS for model in apps.get_app_config(app).get_models() if model._meta.ordering]
KEYS = {"pk", "id", "history_id"}
# Orders that are whole without a key, each with what makes them so.
WHOLE = {
    "number": "a version, and a change within one, has a number of its own",
    "put_on_at": "only the moment itself is asked for",
    "since": "only the moment itself is asked for",
    "viewer": "the key of whoever looked",
}


def whole(model: type[Model], ordering: list[str]) -> bool:
    names = {str(name).lstrip("-") for name in ordering}
    unique = [set(each.fields) for each in model._meta.total_unique_constraints]
    return bool(names & KEYS) or any(fields <= names for fields in unique)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_rows_have_one_order(model: type[Model]) -> None:
    assert whole(model, list(model._meta.ordering)), f"{model._meta.label} leaves ties: end its ordering with pk."


def test_a_question_that_orders_ends_with_a_key() -> None:
    asked = [
        (module.at(node), last.value.lstrip("-"))
        for module in code.modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "order_by"
        for last in node.args[-1:]
        if isinstance(last, ast.Constant)
    ]
    assert len(asked) > 40
    assert [at for at, last in asked if last not in KEYS | WHOLE.keys()] == []
    assert {last for _at, last in asked} >= WHOLE.keys(), "an exception that nothing needs"
