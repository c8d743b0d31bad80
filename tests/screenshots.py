"""Make the README's pictures anew from the demo town: ``make screenshots``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.conftest import ARGUMENTS, CHROMIUM, LAPTOP, PHONE, Place, be, follow, press, running

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"


def door(page: Page) -> None:
    page.goto("/")


def know(page: Page) -> None:
    page.goto("/")
    press(page, "Start: this is my own phone")
    press(page, "Skip this")


def me(page: Page) -> None:
    be(page, "Sam")


def plan(page: Page) -> None:
    be(page, "Sam")
    follow(page, "My plan")
    page.locator("#helps").scroll_into_view_if_needed()


def history(page: Page) -> None:
    be(page, "Sam")
    follow(page, "What has changed")


def today(page: Page) -> None:
    be(page, "Jo Bevan")


def huddle(page: Page) -> None:
    be(page, "Ali Rahman")
    page.goto("/huddle/")


def card(page: Page) -> None:
    huddle(page)
    follow(page, "^Quinn$")


SHOTS: dict[str, tuple[dict[str, int], Callable[[Page], None]]] = {
    "door": (PHONE, door),
    "question": (PHONE, know),
    "my-page": (PHONE, me),
    "plan": (LAPTOP, plan),
    "history": (LAPTOP, history),
    "today": (LAPTOP, today),
    "huddle": (LAPTOP, huddle),
    "huddle-card": (LAPTOP, card),
}


def take(browser: Browser, place: Place) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, (size, come) in SHOTS.items():
        page = browser.new_context(base_url=place.url, viewport=size, locale="en-GB").new_page()
        come(page)
        page.screenshot(path=PICTURES / f"{name}.png")
        page.context.close()
        sys.stdout.write(f"docs/pictures/{name}.png\n")


def main() -> None:
    if CHROMIUM is None:
        raise SystemExit("There is no chromium on this machine, so there are no pictures.")
    with running("pictures", worker=False, town=True) as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        take(browser, place)
        browser.close()


if __name__ == "__main__":
    main()
