"""The short path in every language, on a small phone without scripts: its direction, its days, and none of it English."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import translation
from django.utils.formats import date_format
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, go

DIRECTION = {"cy": "ltr", "ur": "rtl"}
STORY = {"cy": "Dw i ddim wedi cysgu ers dyddiau.", "ur": "مجھے کئی دنوں سے نیند نہیں آئی۔"}
# What stays as it is in every language: names, what is typed on a telephone, and what a browser or a helpline calls itself.
NAMES = re.compile(
    r"[\w.]+@[\w.]+|\b[A-Z]+-[A-Z]+-\d{3}\b|\b(?:Lowri|SHOUT|Samaritans|Shelter|Galop|Childline|Papyrus|CALM|FRANK|NHS|"
    r"Lifeline|LGBT|Breathing Space|National Domestic Abuse Helpline|Men's Advice Line|Relay UK|Shift|private|incognito|JSON|"
    r"Market Street|Front Door|English|Cymraeg)\b"
)
ENGLISH = re.compile(r"\b(?:the|and|you|your|we|are|is|not|will|can|this|with|what|how|from|here|page|open|Monday)\b")


def looks_right(page: Page, language: str) -> None:
    """The page says its language and direction, scrolls no way but down, and says nothing in English."""
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (language, DIRECTION[language]), page.url
    assert page.locator("body").evaluate("body => getComputedStyle(body).direction") == DIRECTION[language]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} scrolls sideways"
    words = NAMES.sub(" ", page.locator("body").inner_text())
    english = (
        set(ENGLISH.findall(words)) if language == "cy" else set(re.findall(r"[A-Za-z]{3,}", words)) - names(page)
    )
    assert not english, f"{page.url} says {sorted(english)}"


def names(page: Page) -> set[str]:
    """Those who say hello, who have their own names in every language."""
    return {"Jo", *page.context.names}  # type: ignore[attr-defined]


def go_on(page: Page) -> None:
    """Press the main button of the page."""
    go(page, page.locator("main form button[type=submit]:not([name])"))


@pytest.mark.parametrize("language", ["cy", "ur"])
def test_somebody_comes_in_reading_another_language(town, visitor, language):
    page = visitor(town, size=PHONE, scripts=False)
    page.context.names = set(re.findall(r"[A-Z][a-z]+", " ".join(first_names(town))))

    # given: the door, on which each language is called by its own name
    page.goto("/")
    go(page, page.locator(f"button[name=read_in][value={language}]"))
    looks_right(page, language)

    # when: they say what they like, and read what everybody may read
    go(page, page.locator("button[name=phone][value=own]"))
    page.locator("[name=name]").fill("Lowri")  # the town has a Sam, whom other journeys look for by name
    looks_right(page, language)
    go_on(page)
    page.locator("[name=know]").fill(STORY[language])
    # ... and look at it in English on the way, with the words half written
    go(page, page.locator("button[name=read_in][value=en-gb]"))
    expect(page.locator("[name=know]")).to_have_value(STORY[language])
    assert page.locator("html").get_attribute("dir") == "ltr"
    go(page, page.locator(f"button[name=read_in][value={language}]"))
    expect(page.locator("[name=know]")).to_have_value(STORY[language])
    looks_right(page, language)
    go_on(page)
    page.locator("[name=soon][value=week]").check()
    looks_right(page, language)
    go_on(page)
    page.locator("[name=ways][value=text]").check()
    looks_right(page, language)
    go_on(page)
    page.locator("[name='text.number']").fill("07700 900771")
    page.locator("[name='text.others'][value=no]").check()
    looks_right(page, language)
    go_on(page)
    while page.locator("main form [name=skip]").count():
        looks_right(page, language)
        go(page, page.locator("main form [name=skip]"))

    # then: what they said is shown back, their number the right way round
    looks_right(page, language)
    assert STORY[language] in page.inner_text("main")
    assert "07700 900771" in page.inner_text("main")
    go(page, page.locator("main form .nhsuk-button"))
    looks_right(page, language)
    expect(page.locator(".code")).to_have_text(re.compile(r"^[A-Z]+-[A-Z]+-\d{3}$"))
    with translation.override(language):
        days = [date.today() + timedelta(days=number) for number in range(2, 12)]  # noqa: DTZ011 -- the day it is here
        named = {date_format(day, "l") for day in days}
    assert any(day in page.inner_text("main") for day in named)

    # and: their own pages, and those for anybody, are in it
    for address in ["/me/", "/help-now/", "/staying-safe/", "/who-sees/", "/back/", "/accounts/login/"]:
        page.goto(address)
        looks_right(page, language)
    page.goto("/me/")
    plan = page.locator("main a[href^='/plans/']").first.get_attribute("href")
    for part in [
        "",
        "history/",
        "sharing/",
        "sharing/now/",
        "add/matters/",
        "add/change/",
        "people/",
        "people/add/",
        "looks/",
        "asked/",
        "copy/",
    ]:
        page.goto(f"{plan}{part}")
        looks_right(page, language)
    for address in [
        "/more/",
        "/about-me/",
        "/about-me/thank-you/",
        "/worried/",
        "/talk/worried/",
        "/helping/",
        "/paper/",
    ]:
        page.goto(address)
        looks_right(page, language)
    for link in [*links(page, "/more/"), *links(page, "/about-me/")]:
        page.goto(link)
        looks_right(page, language)
    for address in ["/me/soon/", "/me/ways/", "/me/ways/text/", "/me/ways/call/", "/me/word/", "/me/step-out/"]:
        page.goto(address)
        looks_right(page, language)

    # and: whoever leaves leaves no language behind
    page.context.request.get("/leave/", max_redirects=0)
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "en-gb"


def links(page: Page, on: str) -> list[str]:
    """Where the links of this page to the pages under it lead."""
    page.goto(on)
    return [str(link.get_attribute("href")) for link in page.locator(f"main a[href^='{on}']").all()]


def first_names(town) -> list[str]:
    """Of everybody in the team, as the demo's own page lists them."""
    import urllib.request

    with urllib.request.urlopen(f"{town.url}/demo/", timeout=10) as answer:  # noqa: S310 - our own address
        return re.findall(r"<bdi>(.*?)</bdi>", answer.read().decode())
