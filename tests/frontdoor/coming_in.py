"""Coming in through the pages, as a browser does."""

from __future__ import annotations

from typing import Any

from django.test import Client

from cases.models import Case
from tests.factories import make_team


def press_send(client: Client, **more: str) -> Any:
    form = client.get("/talk/check/").context["form"]
    return client.post("/talk/check/", {"visit": form["visit"].value(), **more})


def on_a_shared_phone(**answers: Any) -> tuple[Client, Any]:
    """A visit that has just sent, on a phone that others use, and whose it is: nobody is signed in."""
    make_team()
    client = Client()
    client.post("/", {"phone": "shared"})
    client.post("/talk/1/", {"name": "Sam"})
    if answers:
        client.post("/talk/3/", answers)
    press_send(client)
    assert client.get("/me/").status_code == 302
    return client, Case.objects.latest("came_at").person
