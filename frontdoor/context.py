"""What the frame of every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from cases.queries.asking import asked_again
from frontdoor import beside_queries, queries


def frame(request: HttpRequest) -> dict[str, Any]:
    """``frame`` in every template. Who is signed in is asked only where a page asks: static pages need no database."""
    return {
        "frame": {
            "name": settings.ORGANISATION_NAME,
            "logo": settings.ORGANISATION_LOGO,
            "phone": settings.TEAM_PHONE,
            "open_hours": settings.OPEN_HOURS,
            "drop_in": settings.DROP_IN,
            "drop_in_hours": settings.DROP_IN_HOURS,
            "demo": settings.DEMO,
            # Called on the team's own page alone.
            "asked_again": lambda: asked_again(viewer=request.user, now=timezone.now()),
            "member": SimpleLazyObject(lambda: queries.is_member(request.user)),
            # Called where a page asks, which is the team's first page alone.
            "lines_to_check": lambda: beside_queries.lines_to_check(now=timezone.now()),
            "person": SimpleLazyObject(lambda: queries.is_person(request.user)),
        }
    }
