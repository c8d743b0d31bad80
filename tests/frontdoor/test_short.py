"""How short the shortest way is: every screen and every word that somebody meets who writes one name and sends it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import make_team
from tests.guards.code import HERE

pytestmark = pytest.mark.django_db
# The best that we know of: what the pages were drawn as before there was any code.
MOST_SCREENS, MOST_WORDS = 8, 330

CLOSED = [r"<details.*?</details>", r'<a class="nhsuk-back-link".*?</a>', r'<div class="honey".*?</div>']
# The drawings counted what asks and tells: no buttons that every page has, no small print, no other doors, no own words.
NOT_COUNTED = [
    r'<p class="quiet">.*?</p>',
    r'<span class="nhsuk-hint">.*?</span>',
    r'<ul class="doors">.*?</ul>',
    r'<dl class="nhsuk-summary-list">.*?</dl>',
    r"<button[^>]*(?:--quiet|--secondary)[^>]*>.*?</button>",
    r">\s*(?:Continue|Or come in another way|Keep it and come back later|Delete it)\s*<",
]


def words_of(page: str, *without: str) -> int:
    """How many words stand open on a page, inside the frame that every page has."""
    main = page[page.index("<main") : page.index("</main>")]
    for part in (*CLOSED, *without):
        main = re.sub(part, " <> ", main, flags=re.DOTALL)
    return len(re.sub(r"<[^>]*>", " ", main).split())


def test_the_shortest_way_is_shorter_than_the_mark_and_the_document_says_how_short(client: Client) -> None:
    make_team()
    pages = {"/": client.get("/").content.decode()}
    at = client.post("/", {"phone": "own"})["Location"]
    while at != "/talk/thanks/":
        page = client.get(at)
        pages[at] = page.content.decode()
        if at == "/talk/check/":
            answer = client.post(at, {"visit": page.context["form"]["visit"].value()})
        else:
            answer = client.post(at, {"name": "Sam"} if at == "/talk/1/" else {"skip": "1"})
        at = answer["Location"]
    counted = {address: words_of(page, *NOT_COUNTED) for address, page in pages.items()}
    assert len(pages) < MOST_SCREENS, list(pages)
    assert sum(counted.values()) < MOST_WORDS, counted
    said = f"{len(pages)} screens and {sum(counted.values())} words"
    assert said in (HERE / "docs" / "architecture.md").read_text(), f"docs/architecture.md: write {said}"
