"""Who the tests of the front door have in common."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def sam() -> Any:
    """Sam came a week ago, and picked money and feeling safe."""
    from cases.actions import WayToReach  # before the settings are read there are no models
    from tests.factories import NOW, make_person

    return make_person(
        name="Sam",
        now=NOW - timedelta(days=7),
        topics=("money", "safe"),
        ways=(WayToReach("text", to="07700 900123"),),
    )
