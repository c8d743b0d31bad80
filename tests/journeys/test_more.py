"""Saying more, on an old phone without scripts: a bit, a pause, another phone, and on from where it was."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, be, follow, go, press

NO_SIDEWAYS = "document.documentElement.scrollWidth <= window.innerWidth"


def topic(page: Page, name: str) -> None:
    follow(page, f"^{name}")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def pick(page: Page, question: str, choice: str) -> None:
    label = re.compile(rf"^\s*{choice}\b")  # a choice may have a hint under it
    page.get_by_role("group", name=re.compile(question)).get_by_label(label).check()


def test_saying_more_pausing_and_going_on(town, visitor):
    # given: somebody who sends one word, on a phone that others use
    shared = visitor(town, size=PHONE, scripts=False)
    shared.goto("/")
    press(shared, "Start: other people use this phone")
    shared.get_by_label("What would you like us to call you?").fill("Wren")
    press(shared, "Continue")
    while shared.get_by_role("button", name="Skip this").count():
        press(shared, "Skip this")
    press(shared, "Send it")

    # when: they say a bit more at once
    follow(shared, "Say a bit more")
    expect(shared.get_by_role("heading", level=1)).to_have_text("Would you like to say more?")
    topic(shared, "What matters to you")
    shared.get_by_label("What matters to you?").fill("My dog, and the sea.\nNot much else.")
    press(shared, "Save")
    topic(shared, "Money, food and bills")
    pick(shared, "Do you have enough for food", "No")
    pick(shared, "How much does this matter", "A lot")
    press(shared, "Save")

    # then: help for it is there, and what they wrote is not: the next to hold the phone reads nothing
    expect(shared.get_by_text("Citizens Advice").first).to_be_visible()
    topic(shared, "What matters to you")
    expect(shared.get_by_label("What matters to you?")).to_have_value("")

    # when: they save and stop, and come back with the code on a phone of their own
    shared.get_by_label("What do you hope for?").fill("A job by the water")
    press(shared, "Save and stop")
    expect(shared.get_by_role("heading", level=1)).to_have_text("Saved. Nothing is lost.")
    code = shared.locator(".code").inner_text()
    own = visitor(town, size=PHONE, scripts=False)
    own.goto("/back/")
    own.get_by_label(re.compile("code")).fill(code)
    own.get_by_label(re.compile("name")).fill("wren")
    go(own, own.get_by_role("button", name=re.compile("my own phone")))
    expect(own).to_have_url(re.compile("/me/"))
    follow(own, "Say a bit more")

    # then: it goes on from where it was, and nothing is asked for
    expect(own.get_by_text("You wrote something")).to_have_count(2)
    topic(own, "What matters to you")
    expect(own.get_by_label("What matters to you?")).to_have_value("My dog, and the sea.\nNot much else.")
    expect(own.get_by_label("What do you hope for?")).to_have_value("A job by the water")
    own.get_by_label("What matters to you?").fill("My dog")
    pick(own, "Who can see this", "Only me")
    press(own, "Save")

    # and: the plan has their words once, seen by whom they said
    own.goto("/me/")
    follow(own, "My plan")
    matters = own.locator("#matters")
    expect(matters).to_contain_text("My dog")
    expect(matters).not_to_contain_text("and the sea")
    expect(own.locator("#now")).to_contain_text("Enough for food and heat this week: No")
    assert own.strangers == shared.strangers == []


def test_every_topic_fits_an_old_phone_and_its_title_and_address_say_nothing(town, visitor):
    page = visitor(town, size=PHONE)
    be(page, "Sam")
    page.goto("/more/")
    topics = [link.get_attribute("href") for link in page.locator("a[href^='/more/']").all()]
    telling = re.compile(r"mental|crisis|abuse|alcohol|suicid|hurt", re.I)
    assert len(set(topics)) >= 16
    for address in ["/more/", *dict.fromkeys(topics)]:
        assert page.goto(address).status == 200
        assert page.evaluate(NO_SIDEWAYS), address
        assert not telling.search(page.title() + page.url), address
