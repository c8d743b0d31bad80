"""Public is the exception: every address is on this list, or asks a visitor to sign in."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

# Each is public for a reason that stands beside it.
PUBLIC = {
    # Coming in takes no account.
    "door", "carry_on", "talk", "check", "saved", "delete_draft", "thanks", "back",
    "more", "more_page", "more_saved",
    # About oneself, on the visit that has just sent; and telling us of somebody else.
    "about_me", "about_question", "about_done", "about_forget", "worried", "worried_thanks",
    # Help, leaving, and what becomes of what one says: before anything else.
    "help_now", "leave", "staying_safe", "who_sees",
    # Signing in, and out.
    "account_login", "account_request_login_code", "account_confirm_login_code", "account_logout",
    # Whoever holds the link has no account yet.
    "invitation", "shared_join",
    # The machine that watches has no account either; it says nothing about anybody.
    "health",
    # The made-up town; outside the demo these do not exist.
    "demo", "demo_be", "demo_messages",
}  # fmt: skip
SAMPLES = {
    IntConverter: 1,
    UUIDConverter: uuid.UUID(int=7),
    SlugConverter: "money",
    StringConverter: "a-token",
}


def walk(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern)
        else:
            yield pattern


PATTERNS = list(walk(get_resolver()))
NAMES = [pattern.name for pattern in PATTERNS]


def address(pattern: URLPattern) -> str:
    given = {name: SAMPLES[type(converter)] for name, converter in pattern.pattern.converters.items()}
    return reverse(pattern.name, kwargs=given)


def test_every_address_has_a_name_of_its_own() -> None:
    assert None not in NAMES
    assert len(NAMES) == len(set(NAMES))


def test_the_list_has_no_stale_row() -> None:
    assert not PUBLIC - set(NAMES), "These addresses are gone: take them off the list."


@pytest.mark.parametrize("pattern", PATTERNS, ids=NAMES)
def test_what_is_marked_public_is_on_the_list_and_nothing_else(pattern: URLPattern) -> None:
    marked = not getattr(pattern.callback, "login_required", True)
    assert marked == (pattern.name in PUBLIC), (
        f"{pattern.name}: mark it @login_not_required and list it in tests/guards/test_public.py, or neither."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "head", "put", "delete", "options"])
@pytest.mark.parametrize("pattern", PATTERNS, ids=NAMES)
def test_a_visitor_is_asked_to_sign_in_everywhere_else(pattern: URLPattern, method: str) -> None:
    answer = getattr(Client(), method)(address(pattern))
    asked = answer.status_code in {302, 303} and answer.headers["Location"].startswith(
        reverse("account_login") + "?next="
    )
    assert asked == (pattern.name not in PUBLIC)
    assert answer.status_code < 500 or pattern.name == "health"


@pytest.mark.parametrize("pattern", PATTERNS, ids=NAMES)
def test_no_address_names_anybody_or_what_this_is_about(pattern: URLPattern) -> None:
    telling = {"mental", "crisis", "abuse", "alcohol", "drug", "suicide", "patient", "client", "case"}
    assert not [word for word in telling if word in address(pattern)]
