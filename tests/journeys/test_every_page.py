"""Every kind of page, at two widths: usable by everybody (axe), valid HTML, no sideways scroll, light, no stranger asked."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.conftest import HERE
from tests.journeys.conftest import LAPTOP, PHONE, be, go, press

CHECKER = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # to describe all that is right takes as long as to look
}
KB = 1024

NOBODY = [
    "/",
    "/help-now/",
    "/staying-safe/",
    "/who-sees/",
    "/back/",
    "/helping/",
    "/helping/?who=here",
    "/paper/",
    "/accounts/login/",
    "/demo/",
    "/demo/messages/",
    "/worried/",
    "/talk/worried/",
]
PERSON = [
    "/me/",
    "/me/soon/",
    "/me/ways/",
    "/me/ways/text/",
    "/me/ways/call/",
    "/me/step-out/",
    "/about-me/",
    "/about-me/age/",
    "/about-me/religion/",
    "/more/",
    *(f"/more/{number}/" for number in (101, 104, 105, 107, 113)),
    "/more/saved/",
]
PLAN = ["", "history/", "sharing/", "sharing/now/", "sharing/change/", "add/matters/", "add/change/", "add/steps/"]
PLAN += ["people/", "people/someone-else/", "people/add/", "looks/", "copy/", "order/", "how-things-are/"]
MEMBER = ["/today/", "/huddle/", "/team/", "/apart/", "/team/fair/", "/team/help-lines/", "/team/help-lines/shelter/"]
MEMBER += ["/team/questions/", "/team/questions/history/", "/team/paper/"]
MEMBER += ["/team/hello/", "/team/hello/?who=telephone", "/team/hello/?who=paper"]
OF_A_MEMBER = ["", "history/", "contact/", "rhythm/", "bring/", "apart/", "add/helps/", "add/steps/"]


def plan_of(page: Page) -> str:
    return page.locator("a[href^='/plans/']").first.get_attribute("href").split("/")[2]


def short_path(page: Page) -> list[str]:
    """Begin a conversation and tick every way, so that every question is asked; the addresses of its pages."""
    page.goto("/")
    go(page, page.get_by_role("button", name=re.compile("my own phone")))
    page.goto("/talk/5/")
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Continue")
    page.goto("/talk/7/")
    page.get_by_label("Maybe").check()
    press(page, "Continue")
    return [f"/talk/{number}/" for number in range(1, 17)] + ["/talk/check/"]


def addresses(page: Page, who: str) -> list[str]:
    if who == "somebody coming in":
        return short_path(page)
    if who == "nobody":
        return NOBODY
    if who == "a person":
        be(page, "Sam")
        plan = plan_of(page)
        page.goto(f"/plans/{plan}/people/")
        seen_by = page.locator("a[href*='/seen-by/']").first.get_attribute("href")
        return [*PERSON, seen_by, *(f"/plans/{plan}/{part}" for part in PLAN)]
    if who == "somebody who was asked":
        be(page, "Col")
        return ["/shared/", f"/plans/{plan_of(page)}/", f"/plans/{plan_of(page)}/add/helps/"]
    be(page, "Jo Bevan")
    plan = page.get_by_role("link", name="Sam", exact=True).first.get_attribute("href").split("/")[2]
    page.goto("/huddle/")
    item = page.locator("a[href^='/huddle/']").filter(has_not_text="Huddle").first.get_attribute("href")
    page.goto("/today/")
    worry = page.locator("a[href^='/worries/']").first.get_attribute("href")
    return [*MEMBER, item, worry, *(f"/plans/{plan}/{part}" for part in OF_A_MEMBER)]


@pytest.mark.parametrize("who", ["nobody", "somebody coming in", "a person", "somebody who was asked", "a member"])
def test_every_page_can_be_used_by_everybody(town, visitor, who, tmp_path):
    page = visitor(town, size=PHONE)
    faults: dict[str, list[str]] = {}
    for number, address in enumerate(addresses(page, who)):
        answer = page.goto(address)
        if answer.status == 404 and address.startswith("/talk/"):
            continue  # not a number of the script
        assert answer.status == 200, (address, answer.status)
        (tmp_path / f"{number:02}.html").write_text(answer.text())
        faulty = Axe().run(page, options=RULES).response["violations"]
        found = [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in faulty]
        for size in (LAPTOP, PHONE):
            page.set_viewport_size(size)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"it scrolls sideways at {size['width']}")
        if found:
            faults[address] = found
    assert faults == {}
    assert page.strangers == []
    assert html_faults(tmp_path) == []


def html_faults(folder) -> list[str]:
    """What the field's own checker says of the pages; nothing where there is no Java to run it."""
    if shutil.which("java") is None or not CHECKER.exists():
        pytest.skip("missing: Java. The pages' HTML was not checked.")
    command = ["java", "-jar", str(CHECKER), "--errors-only", "--format", "json", *map(str, folder.glob("*.html"))]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    return [
        f"{fault['url'][-7:]} {fault['message']} {fault.get('extract', '')}" for fault in json.loads(said)["messages"]
    ]


def test_the_first_visit_is_light_and_every_page_after_it_lighter(town, visitor):
    page = visitor(town, size=PHONE)
    sizes: dict[str, int] = {}
    kept: dict[str, str] = {}

    def weigh(request):
        sizes[request.url] = request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"]

    page.on("requestfinished", weigh)
    page.on("response", lambda answer: kept.update({answer.url: answer.headers.get("cache-control", "")}))
    page.goto("/", wait_until="networkidle")
    assert sum(sizes.values()) <= 25 * KB, sizes
    assert all("immutable" in how for url, how in kept.items() if "/static/" in url), kept
    here_already = set(sizes)
    heaviest: dict[str, int] = {}
    for address in short_path(page):
        sizes.clear()
        page.goto(address, wait_until="networkidle")
        new = {url: size for url, size in sizes.items() if url not in here_already}
        heaviest = max(heaviest, new, key=lambda one: sum(one.values()))
    assert sum(heaviest.values()) <= 8 * KB, heaviest
