"""Imports go one way, between the apps and inside each; and what is dangerous is spoken to in one place."""

from __future__ import annotations

import ast

import pytest

from tests.guards.code import APPS, HERE, Module, modules, templates

# An app may import itself and those before it.
ORDER = [*APPS, "config"]

# Inside an app, and from one app to another: a module imports its own level and those below. A module that is not named
# here is pure: it knows something, and has neither a database nor a clock.
PURE = 0
LEVELS = {
    "models": 1,
    "history": 1,
    "chain": 2,
    "permissions": 2,
    "actions": 3,
    "queries": 3,
    "health": 3,
    "messenger": 3,
    "pdf": 4,
    "forms": 4,
    "adapter": 4,
    "context": 4,
    "middleware": 4,
    "visits": 4,
    "slowing": 4,
    "typed": 4,
    "paper": 4,
    "templatetags": 4,
    "demo_queries": 3,
    "demo_views": 5,
    "views": 5,
    "tasks": 5,
    "management": 5,
    "town": 5,  # the made-up town writes its past straight into the tables
    "checks": 5,
    "apps": 6,
    "urls": 6,
    "demo_urls": 6,
}
# What these take from above is data: the shape that ``welcome`` takes, and the choices of a field.
ONLY_DATA = {
    ("frontdoor.arriving", "cases.actions"): {"Arrival", "WayToReach"},
    ("frontdoor.arriving", "cases.models"): {"Way"},
    ("frontdoor.telling", "cases.actions"): {"Seen", "Telling", "Told"},
    ("frontdoor.script", "cases.models"): {"Way"},
    ("frontdoor.script", "teams.models"): {"Sector"},
}

# Who speaks to what. Each is dangerous if it is spoken to from many places.
ONLY_HERE = {
    "guardian": {"cases.permissions", "cases.models.plan"},
    "weasyprint": {"cases.pdf"},
    "smtplib": {"teams.messenger"},
    "django.core.mail": {"teams.messenger"},
    "notifications_python_client": {"teams.messenger"},
    "simple_history": {"teams.history"},
}


def level(name: str) -> int:
    parts = name.split(".")
    return LEVELS.get(parts[1], PURE) if len(parts) > 1 else PURE


def module_of(imported: str) -> str:
    """The module that something was imported from: ``cases.actions.welcome`` is of ``cases.actions``."""
    parts = imported.split(".")
    return ".".join(parts[:2])


def test_no_app_imports_one_that_stands_above_it() -> None:
    wrong = [
        f"{module.at(node)} imports {name}: {module.app} may not know {name.split('.')[0]}. Move what both need down."
        for module in modules()
        for node, name in module.imports()
        if name.split(".")[0] in ORDER and ORDER.index(name.split(".")[0]) > ORDER.index(module.app)
    ]
    assert not wrong, "\n".join(wrong)


def test_inside_an_app_imports_run_downwards() -> None:
    wrong = [
        f"{module.at(node)} imports {name}, which stands above it. "
        "Views, tasks and commands use actions and queries, those use permissions, those use models, and pure "
        "modules use none of them (tests/guards/test_imports.py names the levels)."
        for module in modules(*APPS)
        for node, name in module.imports()
        if name.split(".")[0] in APPS
        and level(name) > level(module.name)
        and name.split(".")[-1] not in ONLY_DATA.get((module.name, module_of(name)), ())
    ]
    assert not wrong, "\n".join(wrong)


def test_every_level_that_is_named_has_a_module() -> None:
    there = {module.kind for module in modules(*APPS)}
    unused = set(LEVELS) - there - {"templatetags", "checks", "apps"}
    assert not unused, f"These levels have no module any more; take them off the list: {unused}"


@pytest.mark.parametrize("library", ONLY_HERE)
def test_what_is_dangerous_is_spoken_to_in_one_place(library: str) -> None:
    speakers = {
        module.name
        for module in modules()
        for _node, name in module.imports()
        if name == library or name.startswith(f"{library}.")
    }
    assert speakers <= ONLY_HERE[library], (
        f"{speakers - ONLY_HERE[library]} imports {library}: only {ONLY_HERE[library]} may. Ask it instead."
    )
    assert speakers, f"Nothing imports {library} any more: take it off the list."


ORM = {
    "objects", "_default_manager", "_base_manager", "select_related", "prefetch_related", "filter", "exclude", "save",
    "delete", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "refresh_from_db", "raw",
    "values_list", "aggregate", "annotate", "cursor",
}  # fmt: skip
NO_ORM = {
    "views",
    "tasks",
    "templatetags",
    "forms",
    "context",
    "adapter",
    "middleware",
    "urls",
    "demo_views",
    "visits",
}
NOT_THE_ORM = ("session", "cache", "default_storage", "super()")


def talks_to_the_database(module: Module) -> list[str]:
    return [
        f"{module.at(node)} says .{node.attr}: {module.kind} only translate. Put it into an action or a query."
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in ORM and not ast.unparse(node.value).endswith(NOT_THE_ORM)
    ]


def test_views_and_tasks_translate_and_never_talk_to_the_database() -> None:
    wrong = [
        line
        for module in modules(*APPS)
        if module.kind in NO_ORM or level(module.name) == PURE
        for line in talks_to_the_database(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_text_is_called_safe() -> None:
    """Whatever a person wrote is shown as they wrote it: Django writes it so that no browser acts on it."""
    wrong = [
        f"{module.at(node)}: {name.split('.')[-1]} lets text act as a page. Use a template, or format_html."
        for module in modules()
        for node, name in module.imports()
        if name.split(".")[-1] in {"mark_safe", "SafeString", "SafeText"}
    ]
    for path in templates():
        words = path.read_text()
        for trick in ("|safe", "| safe", "safeseq", "autoescape off"):
            # Plain text is no page: there is nothing in it for a browser to act on.
            if trick in words and not (trick == "autoescape off" and path.suffix == ".txt"):
                wrong.append(f"{path.relative_to(HERE)} says {trick}: let Django escape it.")
    assert not wrong, "\n".join(wrong)
