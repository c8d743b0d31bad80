"""The tables are what the models say, and each migration says in its name what it does."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command

from tests.guards.code import APPS, HERE


@pytest.mark.django_db
def test_the_migrations_are_what_the_models_say() -> None:
    try:
        call_command("makemigrations", *APPS, check=True, dry_run=True, verbosity=0)
    except SystemExit:
        pytest.fail(
            "A model has changed and its migration is missing: python manage.py makemigrations --name what_it_does"
        )


def test_each_migration_says_what_it_does() -> None:
    wrong = [
        str(path.relative_to(HERE))
        for app in APPS
        for path in (HERE / app / "migrations").glob("0*.py")
        if "auto" in path.stem or not re.fullmatch(r"\d{4}(_[a-z0-9]+)+", path.stem)
    ]
    assert not wrong, f"Name these by what they do: {wrong}"
