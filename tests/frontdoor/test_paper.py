"""The questions on paper: two sides, the same words in every language, and a strip that says nothing about what it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from cases import pdf
from frontdoor import paper, script
from frontdoor.models import Conversation
from tests.factories import make_member, make_team
from tests.printed import poppler, text_of

SHIPPED = script.shipped()
CODE = "OTTER-TEAPOT-407"
LANGUAGES = [("usual", "en-gb", ""), ("usual", "cy", "cy"), ("usual", "ur", "ur")]
WORD = re.compile(r'<word xMin="[\d.]+" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)</word>')


def drawn(layout: str, language: str, words: str, codes: tuple[str, ...] = (CODE,)) -> bytes:
    return pdf.draw_apart(
        paper.form_words(script.read(SHIPPED, 1, words), layout=layout, language=language, codes=codes)
    )


@pytest.mark.parametrize(("layout", "language", "words"), LANGUAGES)
def test_it_is_two_sides_and_nothing_is_behind_the_strip(layout: str, language: str, words: str) -> None:
    first, second = poppler("pdftotext", drawn(layout, language, words), "-bbox", "-", "-").split("<page ")[1:]
    (strip,) = [float(top) for top, _bottom, word in WORD.findall(first) if word == CODE]
    # The line to tear along is 4 mm above the code.
    assert max(float(bottom) for _top, bottom, _word in WORD.findall(second)) < strip - 4 * 72 / 25.4
    above = [float(bottom) for top, bottom, word in WORD.findall(first) if float(top) < strip - 12]
    assert max(above) < strip


def test_it_asks_in_the_same_words_and_order_as_the_screen() -> None:
    said = " ".join(text_of(drawn("usual", "en-gb", "")).split())
    found = script.read(SHIPPED, 1)
    asked = [each.question.asks for side in paper.sides(found, "usual") for each in side]
    places = [said.index(words) for words in asked]
    assert places == sorted(places)
    ids = [each.question.id for side in paper.sides(found, "usual") for each in side]
    assert [question for question in found.questions if question in ids] == ids
    for choice in found.questions["topics"].choices:
        assert choice.words in said
    assert "Samaritans on 116 123" in said


def test_each_form_of_a_batch_has_its_own_code_and_can_be_read_aloud() -> None:
    made = drawn("usual", "en-gb", "", ("OTTER-TEAPOT-407", "HAZEL-LAMB-100"))
    said = text_of(made)
    assert said.index("OTTER-TEAPOT-407") < said.index("HAZEL-LAMB-100")
    assert "pdfuaid" in poppler("pdfinfo", made, "-meta", "-")
    assert "Pages:           4" in poppler("pdfinfo", made, "-")


def test_what_is_on_the_strip_says_nothing_about_what_it_is() -> None:
    said = text_of(drawn("usual", "en-gb", ""))
    strip = said[said.index(CODE) : said.index("\f")].casefold()
    assert not [word for word in ("health", "help", "team", "talk", "hospital", "mind") if word in strip]


@pytest.mark.parametrize("layout", ["large", "easy"])
def test_bigger_print_asks_the_same(layout: str) -> None:
    found = script.read(SHIPPED, 1)
    usual = [each.question.id for side in paper.sides(found, "usual") for each in side]
    assert [each.question.id for side in paper.sides(found, layout) for each in side] == usual


# -- The pages


@pytest.fixture(autouse=True)
def not_drawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "client" in request.fixturenames:
        monkeypatch.setattr(pdf, "draw_apart", lambda words: words.encode())


@pytest.mark.django_db
def test_anybody_gets_it_and_nothing_is_kept_of_that(client: Client) -> None:
    make_team()
    assert client.get("/paper/").status_code == 200
    answer = client.get("/paper/", {"layout": "large", "language": "cy"})
    assert answer["Content-Type"] == "application/pdf"
    assert "form.pdf" in answer["Content-Disposition"]
    assert "Beth hoffech chi i ni ei wybod?" in answer.content.decode()
    assert not Conversation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("given", [{"layout": "x"}, {"layout": "usual", "language": "x" * 300}, {"layout": ""}])
def test_what_is_not_on_the_list_is_asked_again(client: Client, given: dict[str, Any]) -> None:
    assert client.get("/paper/", given).status_code == 422


@pytest.mark.django_db
def test_a_member_prints_as_many_as_they_need_with_a_code_each(client: Client) -> None:
    client.force_login(make_member().user)
    page = client.post("/team/paper/", {"layout": "usual", "language": "en-gb", "count": "3"}).content.decode()
    assert Conversation.objects.filter(via="paper").count() == 3
    assert len(set(re.findall(r"[A-Z]{3,7}-[A-Z]{3,7}-\d{3}", page))) == 3
    for count in ("0", "11", "-1", "x", "", "9" * 400):
        answer = client.post("/team/paper/", {"layout": "usual", "language": "en-gb", "count": count})
        assert answer.status_code == 422
    assert Conversation.objects.count() == 3


@pytest.mark.django_db
def test_when_it_cannot_be_drawn_the_page_says_what_else_there_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(words: str) -> bytes:
        raise pdf.CannotMake

    monkeypatch.setattr(pdf, "draw_apart", cannot)
    answer = client.get("/paper/", {"layout": "usual", "language": "en-gb"})
    assert answer.status_code == 503
    assert "We can put one in the post" in answer.content.decode()
