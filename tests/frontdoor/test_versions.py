"""Versions of the questions: a conversation keeps the one it began with, and what a team has published stays."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from frontdoor import actions, queries, script
from frontdoor.models import Conversation, ScriptVersion
from tests.factories import NOW, make_member

pytestmark = pytest.mark.django_db


def published(*, days: int = 0, **texts: str) -> ScriptVersion:
    """A version that the team published, with other words for some questions."""
    document: Any = copy.deepcopy(dict(script.shipped()))
    for page in document["pages"]:
        for question in page["questions"]:
            question["asks"] = texts.get(question["id"], question["asks"])
    ali = make_member(name="Ali").user
    at = timezone.now() + timedelta(days=days)
    return ScriptVersion.objects.create(
        document=document, begun_at=at, begun_by=ali, published_at=at, published_by=ali, why="shorter"
    )


def test_the_shipped_questions_are_taken_in_once() -> None:
    numbers = {actions.take_in_questions(now=NOW) for _ in range(3)}
    assert len(numbers) == ScriptVersion.objects.count() == 1


def test_a_newer_shipped_script_comes_into_force_where_nobody_changed_the_one_before(monkeypatch: Any) -> None:
    before = actions.take_in_questions(now=NOW)
    monkeypatch.setattr(actions, "SHIPPED_DIGEST", "another")
    after = actions.take_in_questions(now=NOW + timedelta(days=1))
    assert after != before
    assert actions.take_in_questions(now=NOW + timedelta(days=2)) == after


def test_what_the_team_has_published_is_not_put_aside_by_a_newer_shipped_script(monkeypatch: Any) -> None:
    actions.take_in_questions(now=NOW)
    ours = published(name="Your name?")
    monkeypatch.setattr(actions, "SHIPPED_DIGEST", "another")
    assert actions.take_in_questions(now=NOW + timedelta(days=2)) == ours.number


def test_a_conversation_keeps_the_version_it_began_with(client: Client) -> None:
    client.post(reverse("door"), {"phone": "own"})
    published(name="Your name?")
    page = reverse("talk", args=[1])
    assert b"What would you like us to call you?" in client.get(page).content
    newcomer = Client()
    newcomer.post(reverse("door"), {"phone": "own"})
    assert b"Your name?" in newcomer.get(page).content
    assert Conversation.objects.values("script_version").distinct().count() == 2


def test_a_text_without_words_in_a_language_stays_as_it_is_written() -> None:
    document: Any = copy.deepcopy(dict(script.shipped()))
    document["words"] = {"cy": {"name:asks": "Beth hoffech chi i ni eich galw?"}}
    welsh = script.read(document, 1, "cy").questions["name"]
    assert (welsh.asks, welsh.hint) == ("Beth hoffech chi i ni eich galw?", "It can be any name you like.")


def test_the_page_is_in_the_language_of_whoever_reads_it() -> None:
    version = published()
    version.document["words"] = {"cy": {"name:asks": "Beth hoffech chi i ni eich galw?"}}
    version.save()
    with translation.override("cy"):
        assert queries.script_in_force().questions["name"].asks.startswith("Beth")
    with translation.override("en"):
        assert queries.script_in_force().questions["name"].asks.startswith("What")


def test_every_text_has_an_id_of_its_own() -> None:
    ids = [each for each, _words in script.texts(script.shipped())]
    assert len(ids) == len(set(ids)) > 200
