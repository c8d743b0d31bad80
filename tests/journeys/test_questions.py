"""The team changes what it asks: a peer worker writes it, looks at it, and a lead lets it be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import LAPTOP, PHONE, Place, be, follow, go, press, running

OLD, NEW = "What would you like us to know?", "What is on your mind?"


@pytest.fixture
def town() -> Iterator[Place]:
    """A town of its own: in it other questions are asked from now on, and the other journeys know the old ones."""
    with running("questions", worker=False, town=True) as place:
        yield place


def begin_to_talk(page: Page) -> None:
    page.goto("/")
    go(page, page.get_by_role("button", name=re.compile("my own phone")))
    page.goto("/talk/2/")


def write(page: Page, words: str) -> None:
    page.get_by_label("The words").fill(words)
    press(page, "Keep these words")


def test_the_team_changes_what_it_asks(town, visitor):
    # given: somebody has begun to talk, and was asked the old words
    before = visitor(town, size=PHONE)
    begin_to_talk(before)
    expect(before.get_by_role("heading", name=OLD)).to_be_visible()

    # when: Ali, a peer worker, begins a draft and changes a question, with a word that should not be there
    ali = visitor(town, size=LAPTOP, scripts=False)
    be(ali, "Ali Rahman")
    ali.goto("/team/")
    follow(ali, "What we ask people")
    press(ali, "Begin a draft")
    go(ali, ali.get_by_role("link", name=OLD, exact=True))
    go(ali, ali.get_by_role("link", name=OLD, exact=True))
    follow(ali, r"^Change\s*: The question")
    write(ali, "What would you like to say about your referral?")

    # then: it is named, with the way there, and mended
    ali.goto("/team/questions/")
    follow(ali, "1 thing to mend")
    expect(ali.get_by_text("Say this without “referral”, as you would to a friend.")).to_be_visible()
    follow(ali, "Change these words")
    write(ali, NEW)

    # when: Ali adds an answer to pick, and a topic with a question
    ali.goto("/team/questions/ask/talk.needs/")
    follow(ali, "Add an answer to pick")
    ali.get_by_label("One more answer to pick").fill("I need more time")
    press(ali, "Add it")
    expect(ali.get_by_text("I need more time").first).to_be_visible()
    ali.goto("/team/questions/")
    follow(ali, "Add a topic")
    ali.get_by_label("What is the topic called?").fill("My pets")
    ali.get_by_label("Which part of life is it?").select_option(label="People")
    ali.get_by_label("Feeling alone").check()
    press(ali, "Add it, and write its first question")
    ali.get_by_label("What would you like to ask?").fill("Who looks after your pet?")
    ali.get_by_label("A few lines").check()
    ali.get_by_label("Where the answer lands").select_option(label="My plan, What helps me: Who and what helps me")
    press(ali, "Add it")
    expect(ali.get_by_text("My plan, What helps me: Who and what helps me").first).to_be_visible()
    ali.goto("/team/questions/problems/")
    expect(ali.get_by_text("Nothing. Look at it as a person would")).to_be_visible()

    # and: looks at it as a person would, and nothing of that is kept
    follow(ali, "See it as a person would")
    follow(ali, "Begin at the first page")
    expect(ali.get_by_text("Nothing you write here is kept.")).to_be_visible()
    press(ali, "Continue")
    expect(ali.get_by_role("heading", name=NEW)).to_be_visible()
    ali.get_by_label(NEW).fill("Only a try")
    press(ali, "Continue")
    expect(ali.get_by_role("heading", name="How soon would you like to hear from us?")).to_be_visible()
    follow(ali, "^Stop looking$")
    follow(ali, "^My pets$")
    expect(ali.get_by_label("Who looks after your pet?")).to_be_visible()

    # then: Ali does not let it be asked alone, and Kit, who leads the team, does
    ali.goto("/team/questions/publish/")
    expect(ali.get_by_text("Somebody else looks first")).to_be_visible()
    kit = visitor(town, size=PHONE)
    be(kit, "Kit Larsen")
    kit.goto("/team/questions/publish/")
    for words in (OLD, NEW, "I need more time", "My pets"):
        expect(kit.get_by_text(words).first).to_be_visible()
    kit.get_by_label("Why do you change the questions?").fill("The old words were ours, not theirs")
    press(kit, "Publish it")
    expect(kit.get_by_text("Kit Larsen published it.")).to_be_visible()
    expect(kit.get_by_text("The old words were ours, not theirs")).to_be_visible()

    # then: a newcomer is asked the new words, and whoever had begun goes on with the old
    newcomer = visitor(town, size=PHONE)
    begin_to_talk(newcomer)
    expect(newcomer.get_by_role("heading", name=NEW)).to_be_visible()
    before.goto("/talk/2/")
    expect(before.get_by_role("heading", name=OLD)).to_be_visible()
    for page in (ali, kit, newcomer, before):
        assert page.strangers == []
