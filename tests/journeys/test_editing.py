"""Several people with one plan: other words, a lost connection, two texts that meet, and who is here."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import LAPTOP, PHONE, be, follow, go, press
from tests.journeys.test_the_walk import add, pick

WORDS = "Sundays are long 🌧\n\nاتوار لمبا ہے"


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
    follow(jo, r"Suggest other words\s*: Sundays are long")
    jo.get_by_label("How would you put it?").fill("Sundays are hard on your own")
    jo.get_by_label("Why do you suggest it?").fill("You said so on Monday")
    press(jo, "Suggest it")
    expect(jo.get_by_text("has not said.").first).to_be_visible()
    sam.goto(plan)
    follow(sam, r"Answer this\s*: Sundays are hard")
    sam.get_by_label("I see this another way: show both").check()
    sam.get_by_role("textbox", name="In your own words").fill("I like being alone. It is the bus that stops.")
    press(sam, "Keep my answer")
    jo.reload()
    for words in ("Sundays are long", "Sundays are hard on your own", "It is the bus that stops."):
        expect(jo.get_by_text(words).first).to_be_visible()

    # a lost connection keeps what was typed, and it can be sent when there is one again
    follow(sam, r"^Change\s*: Sundays are long")
    box = sam.get_by_label("Your words")
    box.fill(WORDS)
    sam.context.set_offline(True)
    keep = sam.get_by_role("button", name="Keep it", exact=True)
    keep.click()
    expect(sam.get_by_text("You are offline. What you wrote is still here.")).to_be_visible()
    expect(box).to_have_value(WORDS)

    # nor does one that is there in name only, where nothing comes through
    sam.context.set_offline(False)
    sam.evaluate("document.querySelector('[role=status]').textContent = ''")
    sam.route("**/*", lambda route: route.abort())
    keep.click()
    expect(sam.get_by_text("You are offline. What you wrote is still here.")).to_be_visible()
    expect(box).to_have_value(WORDS)
    sam.unroute("**/*")

    # meanwhile the same words are changed on another screen
    library = visitor(town, size=LAPTOP, scripts=False)
    be(library, "Sam")
    library.goto(plan)
    follow(library, r"^Change\s*: Sundays are long")
    library.get_by_label("Your words").fill("From the library")
    press(library, "Keep it")

    # both texts are there side by side, each to be edited, and neither is lost
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
    go(sam, sam.get_by_role("button", name=re.compile(r"Move up\s*: How things are")))
    sam.goto(f"{plan}history/")
    change = sam.locator("li").filter(has_text="added: How things are").filter(has_text="Sundays are long")
    go(sam, change.get_by_role("button", name="Put these words back"))
    expect(sam.locator("#now").get_by_text("Sundays are long", exact=True).first).to_be_visible()
    for page in (sam, jo, library):
        assert page.strangers == []


def test_the_person_and_three_kinds_of_worker_write_at_the_same_time(town, visitor):
    # given: Sam on a phone, and a nurse, a peer worker and a debt adviser, each on a screen of their own
    sam, jo, ali, dan = visitor(town, size=PHONE, scripts=False), *(visitor(town, size=LAPTOP) for _three in range(3))
    workers = {jo: "Jo Bevan", ali: "Ali Rahman", dan: "Dan Hughes"}
    be(sam, "Sam")
    follow(sam, "My plan")
    plan = sam.url
    add(sam, "How things are", "The evenings are the worst")
    for page, name in workers.items():
        be(page, name)
        page.goto(plan)
    sam.goto(plan)
    for name in ("Jo", "Ali", "Dan"):
        expect(sam.get_by_text(re.compile(rf"\b{name}\b.* here now\."))).to_be_visible()

    # when: all three begin a step before any of them has kept one
    for page, name in workers.items():
        follow(page, r"Add something\s*: Next small steps")
        page.locator("textarea").first.fill(f"{name} writes a step")
        page.get_by_label("By when?").fill("soon")
    for page in workers:
        press(page, "Keep it")

    # then: all of them stand there, for everybody
    for page in (sam, *workers):
        page.goto(plan)
        for name in workers.values():
            expect(page.get_by_text(f"{name} writes a step").first).to_be_visible()

    # when: two suggest other words for the same words of Sam's, they wait beside each other
    for page, words in ((jo, "Evenings are hard"), (dan, "Nights are long")):
        follow(page, r"Suggest other words\s*: The evenings are the worst")
        page.get_by_label("How would you put it?").fill(words)
        press(page, "Suggest it")
    sam.goto(plan)
    for words in ("The evenings are the worst", "Evenings are hard", "Nights are long"):
        expect(sam.get_by_text(words).first).to_be_visible()
    follow(sam, r"Answer this\s*: Nights are long")
    sam.get_by_label("Use these words").check()
    press(sam, "Keep my answer")

    # when: Sam says that Jo's step is done while Jo changes its words and its day, all of it is kept
    jo.goto(plan)
    follow(jo, r"^Change\s*: Jo Bevan writes a step")
    jo.get_by_label("Your words").fill("Ring the choir")
    jo.get_by_label("By when?").fill("Monday")
    sam.goto(plan)
    follow(sam, r"How is it going\?\s*: Jo Bevan writes a step")
    press(sam, "Done")
    press(jo, "Keep it")
    step = jo.locator("#steps li, #steps article").filter(has_text="Ring the choir").last
    for words in ("Monday", "Done"):
        expect(step).to_contain_text(words)

    # when: Sam takes out what Dan is still writing, Dan's words are there for Dan to copy, and nowhere else
    dan.goto(plan)
    follow(dan, r"^Change\s*: Dan Hughes writes a step")
    dan.get_by_label("Your words").fill("Ask the council for more time")
    sam.goto(plan)
    follow(sam, r"Does this look right\?\s*: Dan Hughes writes a step")
    sam.get_by_label("Take it out").check()
    press(sam, "Keep my answer")
    press(dan, "Keep it")
    expect(dan.get_by_text("Ask the council for more time")).to_be_visible()
    for page in (sam, jo):
        page.goto(plan)
        expect(page.get_by_text("Ask the council for more time")).to_have_count(0)

    # when: Sam closes a part to Ali while Ali is there, it is gone for Ali and for nobody else
    ali.goto(plan)
    expect(ali.locator("#now").get_by_text("Nights are long").first).to_be_visible()
    sam.goto(plan)
    follow(sam, r"Change who can see this\s*: How things are")
    pick(sam, "Ali Rahman", "Must not see it")
    press(sam, "Keep it so")
    for address in (plan, f"{plan}history/"):
        ali.goto(address)
        expect(ali.get_by_text("Nights are long")).to_have_count(0)
        jo.goto(address)
        expect(jo.get_by_text("Nights are long").first).to_be_visible()

    # and: Sam reads who did what, and for whom
    sam.goto(f"{plan}history/")
    for name, place in (
        ("Jo Bevan", "Saltmere Hospital"),
        ("Ali Rahman", "Saltmere Peer Network"),
        ("Dan Hughes", ""),
    ):
        change = sam.locator("li").filter(has_text=f"{name} writes a step").filter(has_text=place).first
        expect(change).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_words_typed_while_the_visit_ended_are_in_their_form_again_and_nobody_else_finds_them(town, visitor, scripts):
    phone = visitor(town, scripts=scripts)
    be(phone, "Sam")
    plan = phone.locator("a[href^='/plans/']").first.get_attribute("href").split("/")[2]
    phone.goto(f"/plans/{plan}/add/helps/")
    phone.get_by_label("Who and what helps me").check()
    phone.get_by_label("In your own words").fill("My sister,\non Sundays")
    phone.context.clear_cookies(name="visit")  # what a browser does after fifteen quiet minutes
    press(phone, "Keep it")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This page closed to keep you safe")
    assert "sister" not in phone.content()
    be(phone, "Col")
    phone.goto("/kept/")
    assert "sister" not in phone.content()
    be(phone, "Sam")
    follow(phone, "See what you wrote")
    follow(phone, "Go on with it")
    expect(phone.get_by_label("Who and what helps me")).to_be_checked()
    expect(phone.get_by_label("In your own words")).to_have_value("My sister,\non Sundays")
    phone.get_by_label("Only me").check()
    press(phone, "Keep it")
    expect(phone.get_by_text("My sister,").last).to_be_visible()
    phone.goto("/me/")
    assert "You were writing" not in phone.content()
