"""The whole way, from an empty database, through a real browser, with the real worker and its clock."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.journeys.conftest import LAPTOP, PHONE, eventually, follow, go, press
from tests.printed import text_of

TODAY = datetime.now().astimezone().date()
STORY = (
    "I have not slept.\nMae’n anodd, ond dw i’n trio 🙏\n\nمجھے نیند نہیں آتی۔\n  <b>not bold</b> & “quotes”\n"
    + "Some days are long. " * 250
)[:4_990] + "\nthe end 🌱"
SECRET = "I keep a heron feather in my coat"


def code_for(page: Page, address: str) -> str:
    """The newest sign-in code, read where the receiver would read it."""
    page.goto("/demo/messages/")
    message = page.locator("li, article").filter(has_text=address).filter(has_text="Your code is").first
    found = re.search(r"\b(\d{6})\b", message.inner_text())
    assert found, page.inner_text("main")
    return found[1]


def sign_in(page: Page, reader: Page, address: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Your email or mobile number").fill(address)
    press(page, "Send me a code")
    page.get_by_label("Your code").fill(code_for(reader, address.split()[-1]))
    press(page, "Continue")


def invite(lead: Page, *, name: str, email: str, role: str, organisation: str, sector: str) -> None:
    lead.goto("/team/")
    lead.get_by_label("Their name").fill(name)
    lead.get_by_label("Their work email").fill(email)
    lead.get_by_label("What they do").fill(role)
    lead.get_by_label("If it is not in the list, its name").fill(organisation)
    lead.get_by_label("If it is not in the list, what it is").select_option(sector)
    press(lead, "Send the invitation")
    expect(lead.get_by_text("Invited")).to_be_visible()


def accept(page: Page, reader: Page, email: str) -> None:
    reader.goto("/demo/messages/")
    text = reader.locator("li, article").filter(has_text=email).filter(has_text="/invitation/").first.inner_text()
    found = re.search(r"/invitation/[\w-]+/", text)
    assert found, text
    page.goto(found[0])
    press(page, "Join the team")
    expect(page).to_have_url(re.compile("/today/"))


def come_in(sam: Page) -> str:
    """The short path on an old phone without scripts; gives back the code."""
    sam.goto("/")
    press(sam, "Start: this is my own phone")
    sam.get_by_label("What would you like us to call you?").fill("Sam")
    press(sam, "Continue")
    sam.get_by_label("What would you like us to know?").fill(STORY)
    press(sam, "Continue")
    sam.get_by_label("In the next day or two").check()
    press(sam, "Continue")
    sam.get_by_label("Text me").check()
    press(sam, "Continue")
    sam.get_by_label("What number can we text?").fill("07700 900123")
    sam.get_by_role("group", name="Does anyone else see your texts?").get_by_label("No", exact=True).check()
    press(sam, "Continue")
    while sam.get_by_role("button", name="Skip this").count():  # the rest is theirs to skip
        press(sam, "Skip this")
    if "check" not in sam.url:
        press(sam, "Continue")
    expect(sam.get_by_role("heading", level=1)).to_have_text("Is this right?")
    press(sam, "Send it")
    expect(sam.get_by_role("heading", level=1)).to_have_text("Thank you. We have it.")
    code = sam.locator(".code").inner_text()
    sam.go_back()
    if sam.get_by_role("button", name="Send it").count():
        press(sam, "Send it")  # pressing twice cannot send twice
    sam.goto("/talk/thanks/")
    assert sam.locator(".code").inner_text() == code
    return code


def test_the_walk(empty_place, visitor):
    # given: a place with a team of three, who come in by e-mail code and by invitation
    empty_place.manage(
        "found_place", "--team", "Saltmere", "--organisation", "The Kettle", "--sector", "voluntary",
        "--lead-name", "Kit Larsen", "--lead-email", "kit@example.org",
    )  # fmt: skip
    reader, kit, jo, ali = (visitor(empty_place, size=LAPTOP) for _person in range(4))
    sign_in(kit, reader, "kit@example.org")
    expect(kit).to_have_url(re.compile("/today/"))
    invite(kit, name="Jo Bevan", email="jo@example.org", role="nurse", organisation="The hospital", sector="secondary")
    invite(kit, name="Ali Rahman", email="ali@example.org", role="peer worker", organisation="Peers", sector="peer")
    accept(jo, reader, "jo@example.org")
    accept(ali, reader, "ali@example.org")

    # when: somebody comes in, on an old phone without scripts
    sam = visitor(empty_place, size=PHONE, scripts=False)
    code = come_in(sam)
    assert re.fullmatch(r"[A-Z]+-[A-Z]+-\d{3}", code)

    # then: they are on the agenda once, and the huddle reads their words exactly as they were typed
    ali.goto("/huddle/")
    for name in ("Kit Larsen", "Jo Bevan", "Ali Rahman"):
        ali.get_by_label(re.compile(name)).check()
    press(ali, "Begin")
    assert ali.get_by_role("link", name="Sam", exact=True).count() == 1
    follow(ali, "^Sam$")
    assert ali.locator("blockquote").first.text_content() == STORY
    press(ali, "We have heard it")
    for state in ali.get_by_role("radio", name="Spoke").all():
        state.check()
    press(ali, "Keep what was said")
    press(ali, "Save, and tell them")  # a decision without a reason is asked for one, and nothing is lost
    expect(ali.get_by_text("Say why in one line. They will see it.").first).to_be_visible()
    ali.get_by_label("Two of us").check()
    ali.get_by_label("We think a good first step is").fill("Jo will text you and bring a flask.")
    ali.get_by_label("Because").fill("You said the nights are long.")
    pick(ali, "Who says hello", "Jo Bevan")
    pick(ali, "Who stands in", "Ali Rahman")
    # Within what Sam asked for, and still to come when midnight passes while they walk.
    ali.get_by_label(re.compile("By when")).fill((TODAY + timedelta(days=2)).isoformat())
    press(ali, "Save, and tell them")
    expect(ali.get_by_text("Jo will text you and bring a flask.")).to_be_visible()

    # and: the worker sends a message that says nothing of it
    eventually(reader, "/demo/messages/", "it's Jo. I've left you a note", seconds=60)

    # and: the person comes back with their code, on another phone, and gets that very sentence
    phone = visitor(empty_place, size=PHONE, scripts=False)
    phone.goto("/back/")
    phone.get_by_label(re.compile("code")).fill(code.lower().replace("-", " "))
    phone.get_by_label(re.compile("name")).fill("sam")
    go(phone, phone.get_by_role("button", name=re.compile("my own phone")))
    expect(phone).to_have_url(re.compile("/me/"))
    expect(phone.get_by_text("Jo will text you and bring a flask.").first).to_be_visible()

    # and: a one-time code by text opens the same page
    texted = visitor(empty_place, size=PHONE)
    sign_in(texted, reader, "07700 900123")
    expect(texted).to_have_url(re.compile("/me/"))

    # when: a member adds something, the person sees who, when, what and why
    follow(phone, "My plan")
    plan = phone.url
    jo.goto(plan)
    add(jo, "What helps me", "You said the choir helps.", why="You told me on Monday", field="Who and what helps me")
    phone.goto(f"{plan}history/")
    change = phone.locator("li").filter(has_text="You said the choir helps.")
    for words in ("Jo Bevan", "The hospital", "added", "You told me on Monday"):
        expect(change).to_contain_text(words)

    # when: the person hides a section from Ali, it is gone for Ali at once: the page, the history and the PDF
    phone.goto(plan)
    add(phone, "How things are", SECRET)
    assert SECRET in everything(ali, plan)
    phone.goto(plan)
    follow(phone, r"Change who can see this\s*: How things are")
    pick(phone, "Ali Rahman", "Must not see it")
    press(phone, "Keep it so")
    assert SECRET not in everything(ali, plan)
    assert SECRET in everything(jo, plan)

    # when: a contact is written down and a rhythm agreed, the clock notices who has gone quiet
    jo.goto(f"{plan}contact/")
    jo.get_by_label("We met", exact=True).check()
    jo.get_by_label("We were in touch", exact=True).check()
    jo.get_by_label("Which day?").fill((TODAY - timedelta(days=9)).isoformat())
    jo.get_by_label(re.compile("What would you like to keep")).fill("We walked to the weir.")
    press(jo, "Write it down")
    jo.goto(f"{plan}rhythm/")
    jo.get_by_label("Each day").check()
    press(jo, "We agreed this")
    eventually(jo, "/today/", "We have not heard", seconds=60)
    expect(jo.get_by_text("Sam").first).to_be_visible()

    # when: they take their plan with them and step out, in one page
    assert SECRET in pdf_text(phone, plan)
    phone.goto("/me/step-out/")
    press(phone, "Step back now")
    expect(phone.get_by_text("You have stepped out. You can come back at any time.")).to_be_visible()
    assert jo.goto(plan).status == 404
    jo.goto("/today/")
    expect(jo.get_by_text("We have not heard")).to_have_count(0)

    # then: one step brings them back, to the same plan and the same people
    press(phone, "Come back")
    phone.goto(plan)
    expect(phone.get_by_text(SECRET).first).to_be_visible()
    assert jo.goto(plan).status == 200
    expect(jo.get_by_text("You said the choir helps.").first).to_be_visible()
    jo.goto("/huddle/")
    expect(jo.get_by_role("heading", name="Coming back")).to_be_visible()

    # and: no page asked anything of anybody else
    for page in (reader, kit, jo, ali, sam, phone, texted):
        assert page.strangers == []


def pick(page: Page, label: str, words: str) -> None:
    """Pick from a list the choice that has these words in it."""
    box = page.get_by_label(re.compile(label)).first
    expect(box).to_be_visible()
    for option in box.locator("option").all():
        if words in (option.text_content() or ""):
            box.select_option(value=option.get_attribute("value"))
            return
    raise AssertionError(f"{label} has no {words}")


def add(page: Page, section: str, words: str, *, why: str = "", field: str = "") -> None:
    follow(page, rf"Add something\s*: {section}")
    if field:
        page.get_by_label(field).check()
    page.locator("textarea").first.fill(words)
    if why:
        page.get_by_label(re.compile("^Why")).fill(why)
    press(page, "Keep it")


def everything(page: Page, plan: str) -> str:
    """All that somebody is shown of a plan: the page, the history and the PDF."""
    shown = []
    for address in (plan, f"{plan}history/"):
        page.goto(address)
        shown.append(page.content())
    return "".join(shown) + pdf_text(page, plan)


def pdf_text(page: Page, plan: str) -> str:
    made = page.request.get(f"{plan}pdf/")
    assert made.status == 200, made.status
    return re.sub(r"\s+", " ", text_of(made.body()))


def test_the_way_in_says_nothing_in_its_titles_and_addresses(empty_place, visitor):
    page = visitor(empty_place, size=PHONE, scripts=False)
    telling = re.compile(r"mental|health|crisis|abuse|alcohol|drug|suicid", re.I)
    for address in ("/", "/help-now/", "/back/", "/who-sees/", "/staying-safe/"):
        page.goto(address)
        assert not telling.search(page.title() + page.url), address
