"""The topics of the longer conversation, opened, answered and saved as a browser would."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from cases.models import Entry
from frontdoor import script
from frontdoor.script import Kind, Question

SCRIPT = script.read(script.shipped(), 1)
MORE = [question for page in SCRIPT.more for question in page.questions]
SECRET = "canary: the heron in my coat"


def address(page: str) -> str:
    return reverse("more_page", args=[SCRIPT.by_name[page].number])


def filled(client: Client, page: str) -> dict[str, Any]:
    """What a browser would send of this page as it is."""
    form = client.get(address(page)).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, "", [])}


def save(client: Client, page: str, given: dict[str, Any] | None = None, **press: str) -> Any:
    """Open a page, answer it and press Save (or what ``press`` presses)."""
    return client.post(address(page), {**filled(client, page), **(given or {}), **press})


def said(person: Any) -> dict[str, tuple[str, ...]]:
    """What the plan holds of the answers, by question."""
    return {
        entry.asked: (entry.section, entry.field, entry.words)
        for entry in Entry.objects.filter(plan=person.plan, removed_at=None).exclude(asked="")
    }


def an_answer(question: Question) -> Any:
    if question.kind is Kind.ONE:
        return question.choices[0].key
    if question.kind is Kind.MANY:
        return [question.choices[0].key, question.choices[1].key]
    return f"canary: said to {question.id}\n and on"
