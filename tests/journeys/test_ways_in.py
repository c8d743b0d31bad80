"""Every way in but the plain one: through a worker, by telephone, on paper, and stopping at each page and coming back."""

from __future__ import annotations

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import LAPTOP, PHONE, be, follow, press
from tests.journeys.test_every_page import RULES, short_path
from tests.printed import text_of

CODE = re.compile(r"[A-Z]{2,8}-[A-Z]{2,8}-\d{3}")


def say_hello_with(worker: Page, who: str) -> None:
    worker.goto("/today/")
    follow(worker, "Say hello with somebody")
    worker.get_by_label(who).check()
    press(worker, "Continue")


def open_with(page: Page, code: str, name: str) -> None:
    page.goto("/back/")
    page.get_by_label("What is your code?").fill(code)
    page.get_by_label("What name did you give us?").fill(name)
    press(page, "Go on: this is my own phone")


def finish(worker: Page, *, read_back: str) -> str:
    """Read it back, send it, hand the code over and let it go."""
    expect(worker.get_by_role("heading", level=1)).to_have_text("Is this right?")
    if read_back:
        worker.get_by_label(read_back, exact=True).check()
    press(worker, "Send it")
    expect(worker.get_by_role("heading", level=1)).to_have_text("Thank you. We have it.")
    code = worker.locator(".code").inner_text()
    press(worker, "Finish and clear the screen")
    expect(worker).to_have_url(re.compile("/today/"))
    return code


def test_a_worker_at_a_drop_in_types_for_somebody_and_the_page_is_theirs(town, visitor):
    worker = visitor(town, size=LAPTOP, scripts=False)
    be(worker, "Jo Bevan")
    say_hello_with(worker, "They are here and will answer")
    expect(worker.get_by_role("heading", level=1)).to_have_text("Turn the screen so you can both see")
    press(worker, "Begin")
    worker.get_by_label("What would you like us to call you?").fill("Osian")
    press(worker, "Continue")
    expect(worker.get_by_text("Jo is typing for Osian")).to_be_visible()
    worker.get_by_label("What would you like us to know?").fill("I have not slept in my bed since March.")
    expect(worker.get_by_label("In Osian’s words")).to_be_checked()
    press(worker, "Continue")
    while worker.get_by_role("button", name="Skip this").count():
        press(worker, "Skip this")
    code = finish(worker, read_back="Yes")
    worker.goto("/talk/thanks/")
    assert code not in worker.content()

    theirs = visitor(town, size=PHONE, scripts=False)
    open_with(theirs, code, "osian")
    expect(theirs).to_have_url(re.compile("/me/"))
    follow(theirs, "What has changed")
    expect(theirs.get_by_text(re.compile("Jo Bevan typed it. At the drop-in."))).to_be_visible()
    expect(theirs.get_by_text(re.compile("It was read back: it is right."))).to_be_visible()


def test_by_telephone_everything_is_asked_on_one_page(town, visitor):
    worker = visitor(town, size=LAPTOP)
    be(worker, "Jo Bevan")
    say_hello_with(worker, "They are on the telephone")
    expect(worker.get_by_text("Are you safe to talk?")).to_be_visible()
    press(worker, "Begin, with all questions on one page")
    expect(worker.get_by_role("heading", level=1)).to_have_text("All questions")
    assert Axe().run(worker, options=RULES).response["violations"] == []
    worker.get_by_label("What would you like us to call you?").fill("Beti")
    worker.get_by_label("What would you like us to know?").fill("Beti would like somebody to talk to.")
    worker.get_by_role("group", name="Whose words are these?").first.get_by_label(re.compile("My summary")).check()
    worker.get_by_label("This week is fine").check()
    press(worker, "Continue")
    code = finish(worker, read_back="Beti changed it")
    theirs = visitor(town)
    open_with(theirs, code, "Beti")
    expect(theirs).to_have_url(re.compile("/me/"))


def test_paper_is_printed_typed_in_and_the_code_on_its_strip_opens_the_page(town, visitor):
    worker = visitor(town, size=LAPTOP)
    be(worker, "Jo Bevan")
    worker.goto("/team/paper/")
    with worker.expect_download() as printing:
        worker.get_by_role("button", name="Make the paper", exact=True).click()
    said = text_of(Path(printing.value.path()).read_bytes())
    (code,) = set(CODE.findall(said))
    assert "What would make this week easier?" in said

    say_hello_with(worker, "They filled in paper")
    worker.get_by_label("What is the code on the form?").fill(code.lower())
    press(worker, "Begin")
    worker.get_by_label("What would you like us to call you?").fill("Nia")
    worker.get_by_label("What would you like us to know?").fill("The [could not read] is cold.")
    worker.get_by_label("What would make this week easier?").fill("A heater")
    press(worker, "Continue")
    expect(worker.get_by_text("A heater")).to_be_visible()
    assert finish(worker, read_back="") == code

    theirs = visitor(town, size=PHONE, scripts=False)
    open_with(theirs, code, "nia")
    expect(theirs).to_have_url(re.compile("/me/"))
    follow(theirs, "My plan")
    expect(theirs.get_by_text("A heater", exact=True)).to_be_visible()


def test_stopping_at_each_page_and_coming_back_on_another_phone_asks_nothing_twice(town, visitor):
    """Every way is ticked, so that every page comes; each page is begun on a phone that has never been here."""
    phone = visitor(town, size=PHONE, scripts=False)
    addresses = short_path(phone)
    phone.goto("/talk/1/")
    phone.get_by_label("What would you like us to call you?").fill("Lowri")
    seen = []
    while not phone.url.endswith("/talk/check/"):
        at = phone.url.removeprefix(town.url)
        seen.append(at)
        answer_first(phone)
        press(phone, "Save and stop")
        if "/help-now/" in phone.url:
            follow(phone, "Go back to where I was|Go on|Continue")
        expect(phone.get_by_role("heading", level=1)).to_have_text("Saved. Nothing is lost.")
        code = phone.locator(".code").inner_text()
        phone.context.close()
        phone = visitor(town, size=PHONE, scripts=False)
        open_with(phone, code, "Lowri")
        assert phone.url.removeprefix(town.url) not in seen, "it was asked again"
    # The pages of the ways that were ticked before, and the list that only a link leads to, were not to be asked again.
    assert set(addresses) - set(seen) <= {"/talk/3/", "/talk/5/", "/talk/7/", "/talk/check/"}
    assert phone.get_by_text("You skipped this").count() == 0


def answer_first(page: Page) -> None:
    """Say something to the first question of the page."""
    main = page.locator("main")
    box = main.locator("textarea, input[type=text], input[type=tel], input[type=email]").first
    choice = main.locator("input[type=radio], input[type=checkbox]").first
    if box.count():
        if not box.input_value():
            box.fill("07700 900124" if box.get_attribute("type") == "tel" else "sam@example.org")
    elif choice.count():
        choice.check()
