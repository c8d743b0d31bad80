"""Two people with one plan: other words, a lost connection, two texts that meet, and who is here."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import LAPTOP, PHONE
from tests.journeys.test_the_walk import add, follow, press

WORDS = "Sundays are long 🌧\n\nاتوار لمبا ہے"


def be(page: Page, name: str) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name=re.compile(rf"^\s*Be {name}\b")).first.click()
    page.wait_for_url(re.compile("/(me|today)/"))


def test_two_people_with_one_plan(town, visitor):
    sam, jo = visitor(town, size=PHONE), visitor(town, size=LAPTOP)
    be(sam, "Sam")
    follow(sam, "My plan")
    plan = sam.url
    add(sam, "How things are", "Sundays are long")

    # who is here: those who walk with the person are seen by them, and the person by nobody
    be(jo, "Jo Bevan")
    jo.goto(plan)
    sam.goto(plan)
    expect(sam.get_by_text("Jo is here now.")).to_be_visible()
    expect(jo.get_by_text("is here now.")).to_have_count(0)

    # other words: beside the person's own until they say
    jo.get_by_role("link", name=re.compile(r"Suggest other words\s*: Sundays are long")).click()
    jo.get_by_label("How would you put it?").fill("Sundays are hard on your own")
    jo.get_by_label("Why do you suggest it?").fill("You said so on Monday")
    press(jo, "Suggest it")
    expect(jo.get_by_text("has not said.").first).to_be_visible()
    sam.goto(plan)
    sam.get_by_role("link", name=re.compile(r"Answer this\s*: Sundays are hard")).click()
    sam.get_by_label("I see this another way: show both").check()
    sam.get_by_role("textbox", name="In your own words").fill("I like being alone. It is the bus that stops.")
    press(sam, "Keep my answer")
    jo.reload()
    for words in ("Sundays are long", "Sundays are hard on your own", "It is the bus that stops."):
        expect(jo.get_by_text(words).first).to_be_visible()

    # a lost connection keeps what was typed, and it can be sent when there is one again
    sam.get_by_role("link", name=re.compile(r"^Change\s*: Sundays are long")).click()
    box = sam.get_by_label("Your words")
    box.fill(WORDS)
    sam.wait_for_load_state()  # the script that watches the connection is there
    sam.context.set_offline(True)
    press(sam, "Keep it")
    expect(sam.get_by_text("You are offline. What you wrote is still here.")).to_be_visible()
    expect(box).to_have_value(WORDS)

    # meanwhile the same words are changed on another screen
    library = visitor(town, size=LAPTOP, scripts=False)
    be(library, "Sam")
    library.goto(plan)
    library.get_by_role("link", name=re.compile(r"^Change\s*: Sundays are long")).click()
    library.get_by_label("Your words").fill("From the library")
    press(library, "Keep it")

    # both texts are there side by side, each to be edited, and neither is lost
    sam.context.set_offline(False)
    sam.wait_for_timeout(3100)  # a second press in a row is a shaking hand
    press(sam, "Keep it")
    expect(sam.get_by_label("What is there now")).to_have_value("From the library")
    expect(sam.get_by_label("Your words")).to_have_value(WORDS)
    press(sam, "Keep both")
    expect(sam.get_by_text("From the library").first).to_be_visible()
    expect(sam.get_by_text("Sundays are long 🌧").first).to_be_visible()

    # a number of one's own, drawn when there are two days of it, and said in words
    follow(sam, "How are things, from 0 to 10?")
    sam.get_by_label("6", exact=True).check()
    sam.get_by_role("textbox").fill("The choir was good")
    press(sam, "Keep it")
    expect(sam.locator("#now").get_by_text("6 of 10").first).to_be_visible()
    jo.reload()
    expect(jo.get_by_text("The choir was good")).to_be_visible()

    # the parts in the person's order, and earlier words put back
    follow(sam, "Change the order of the parts")
    sam.get_by_role("button", name=re.compile(r"Move up\s*: How things are")).click()
    sam.goto(f"{plan}history/")
    sam.locator("li").filter(has_text="added: How things are").filter(has_text="Sundays are long").get_by_role(
        "button", name="Put these words back"
    ).click()
    expect(sam.locator("#now").get_by_text("Sundays are long", exact=True).first).to_be_visible()
    for page in (sam, jo, library):
        assert page.strangers == []
