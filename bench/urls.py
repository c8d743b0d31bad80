"""The service's addresses, and one page that does next to nothing: what a page costs before it does anything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from teams.models import Team


def empty(request: HttpRequest) -> HttpResponse:
    """A signed-in page in the team's frame, with one query."""
    Team.objects.first()
    return render(request, "base_team.html")


urlpatterns = [path("empty/", empty, name="empty"), path("", include("config.urls"))]
