"""The plan on paper: readable by a screen reader, in its own fonts, and reading nothing but our own files."""

import re
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta

import page as page_validation
import pytest
from django.utils import timezone, translation

from cases import actions, layouts, pdf, picture
from cases.queries import paper
from cases.queries.plan import plan_page
from tests.factories import NOW, make_member, make_person, walk
from tests.printed import poppler, text_of

pytestmark = pytest.mark.django_db
WORDS = "Line one\n\nDw i’n hoffi cerdded 🚶 <img src=http://127.0.0.1:1/x> & میں ٹھیک ہوں"
LAYOUTS = ["normal", "large", "easy", "pocket"]


@pytest.fixture
def sam():
    sam = make_person(name="Sam", told=(("know", WORDS),))
    walk(sam, make_member(name="Jo Bevan"))
    for section, field in (("matters", "words"), ("steps", "step"), ("hard", "signs"), ("mine", "words")):
        actions.add_entry(
            plan_id=sam.plan.pk, section=section, field=field, words=f"{field} {WORDS}", by=sam.user, now=NOW
        )
    goal = {"section": "change", "field": "goal", "words": "See my son", "by": sam.user, "now": NOW}
    rated = actions.add_entry(plan_id=sam.plan.pk, **goal)
    for days, value, words in ((20, 2, ""), (0, 6, WORDS)):
        then = NOW - timedelta(days=days)
        actions.rate(plan_id=sam.plan.pk, entry_id=rated.pk, value=value, words=words, by=sam.user, now=then)
    return sam


def whole(sam):
    return plan_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)


def html(sam, layout, language="en-gb"):
    page = whole(sam)
    if layout == "pocket":
        page = paper.chosen(page, [paper.CARD], layout=layout)
    return pdf.words(page, layout=layout, language=language, when=timezone.localtime(NOW))


@pytest.fixture(params=LAYOUTS)
def made(request, sam):
    return pdf.draw(html(sam, request.param))


@pytest.fixture
def plain(sam):
    return pdf.plan_pdf(whole(sam), timezone.localtime(NOW))


def info(made):
    return poppler("pdfinfo", made, "-")


def test_each_layout_is_a_pdf_that_a_screen_reader_can_read(made):
    report = page_validation.validate_pdf_bytes(made, profile=page_validation.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report


def test_each_layout_holds_the_words_as_text_and_carries_its_own_fonts(made):
    assert "Line one" in text_of(made)
    assert "<imgsrc=http://127.0.0.1:1/x>&" in "".join(text_of(made).split())
    fonts = poppler("pdffonts", made, "-").splitlines()
    assert {line.split()[0].split("+")[-1].split("-")[0] for line in fonts[2:]} == {"Plan", "Arabic", "Emoji"}
    assert all(line.split()[-5] == "yes" for line in fonts[2:]), "each font is in the file"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("devanagari", "मुझे नींद नहीं आती"),
        ("bengali", "আমি ঘুমাই না"),
        ("gurmukhi", "ਮੈਂ ਸੌਂ ਨਹੀਂ ਸਕਦਾ"),
        ("gujarati", "મને ઊંઘ નથી આવતી"),
        ("tamil", "தூக்கம் இல்லை"),
        ("ethiopic", "አልተኛም"),
    ],
)
def test_words_in_other_letters_are_letters_and_no_boxes(script, words):
    kim = make_person(name="Kim")
    actions.add_entry(plan_id=kim.plan.pk, section="hard", field="signs", words=words, by=kim.user, now=NOW)
    for layout in ("normal", "pocket"):
        fonts = poppler("pdffonts", pdf.draw(html(kim, layout)), "-").splitlines()[2:]
        assert {line.split()[0].split("+")[-1].split("-")[0] for line in fonts} == {"Plan", script}


def test_the_title_and_the_data_about_the_file_say_nothing_about_anybody(made):
    assert re.search(r"Title: +My plan\n", info(made))
    assert "Sam" not in info(made)


def test_every_page_says_of_when_it_is_which_it_is_and_where_a_newer_one_may_be(made, settings):
    pages = ["".join(words.split()) for words in text_of(made).split("\f")[:-1]]
    for number, words in enumerate(pages, start=1):
        assert "10March2026at10:00" in words
        assert f"{number}/{len(pages)}" in words
        assert "Anewer" in words
        assert "/back" in words
        assert settings.TEAM_PHONE.replace(" ", "") in words


def test_large_print_is_large_everywhere_also_in_the_drawing_of_numbers_over_time(sam):
    for days, value in ((9, 2), (0, 7)):
        actions.rate(plan_id=sam.plan.pk, value=value, by=sam.user, now=NOW - timedelta(days=days))
    assert whole(sam).ratings.drawing
    made = pdf.draw(html(sam, "large"))
    xml = poppler("pdftohtml", made, "-xml", "-stdout", "-i", "-zoom", "1", "-", "-")
    sizes = {int(size) for size in re.findall(r'<fontspec id="\d+" size="(\d+)"', xml)}
    assert sizes
    assert min(sizes) >= 17, "18 points, of which pdftohtml cuts off what is after the point"


def test_a_page_ends_between_two_entries_and_never_within_one(sam):
    ali = make_member(name="Ali Rahman")
    walk(sam, ali, main=False)
    place = {"plan_id": sam.plan.pk, "now": NOW}
    lines = actions.add_entry(section="helps", field="helps", words="one", by=sam.user, **place)
    theirs = actions.add_entry(section="now", field="words", words="As Ali sees it", by=ali.user, **place)
    actions.answer_entry(
        entry_id=theirs.pk, answer="other_view", version=1, other_view="As I see it", by=sam.user, **place
    )
    apart = set()
    for number in range(14, 26):
        lines = actions.change_words(
            entry_id=lines.pk, words="\n".join(["line"] * number), version=lines.version, by=sam.user, **place
        )
        pages = text_of(pdf.draw(html(sam, "large"))).split("\f")
        (page,) = [page for page in pages if "As Ali sees it" in page]
        assert "How I see it" in page
        assert "As I see it" in page
        apart.add(pages.index(page))
    assert len(apart) > 1, "the end of a page went through all of it"


def test_a_page_may_end_among_the_numbers_of_a_goal_and_never_between_it_and_the_newest():
    """A goal with a drawing and all its numbers was one thing before, and left most of a page empty before it."""
    kim = make_person(name="Kim")
    place = {"plan_id": kim.plan.pk, "by": kim.user, "now": NOW}
    lines = actions.add_entry(section="helps", field="helps", words="none yet", **place)
    goal = actions.add_entry(section="change", field="goal", words="See my son", **place)
    for days in range(12, 0, -2):
        then = NOW - timedelta(days=days)
        actions.rate(plan_id=kim.plan.pk, entry_id=goal.pk, value=days % 10, words="some days", by=kim.user, now=then)
    apart, over_an_end = set(), False
    for number in range(1, 6):
        words = "\n".join(["line"] * number)
        lines = actions.change_words(entry_id=lines.pk, words=words, version=lines.version, **place)
        pages = ["".join(page.split()) for page in text_of(pdf.draw(html(kim, "large"))).split("\f")[:-1]]
        (first,) = [index for index, page in enumerate(pages) if "Seemyson" in page]
        assert "8March2026" in pages[first]
        apart.add(first)
        over_an_end = over_an_end or "26February2026" not in pages[first]
    assert len(apart) > 1, "the end of a page went through it"
    assert over_an_end


def test_how_to_come_back_and_help_are_together_in_one_small_panel_of_the_usual_print(sam):
    box = poppler("pdftotext", pdf.draw(html(sam, "normal")), "-bbox", "-", "-").split("</page>")[-2]
    tops = {words: round(float(top)) for top, words in re.findall(r'yMin="([\d.]+)"[^>]*>(open|now)</word>', box)}
    assert tops["open"] == tops["now"], "the door is open; help right now"


def test_easy_read_keeps_clear_of_its_drawings_whichever_way_the_words_run(sam):
    assert "article p, footer p, section > ul { padding-left: 24mm; }" in html(sam, "easy")
    assert "article p, footer p, section > ul { padding-right: 24mm; }" in html(sam, "easy", language="ur")


def test_a_drawing_says_its_days_without_letters_where_they_would_stand_backwards(sam):
    for days in (0, 3):
        actions.rate(plan_id=sam.plan.pk, value=days, by=sam.user, now=NOW - timedelta(days=days))

    def drawing(language):
        with translation.override(language):
            return b64decode(whole(sam).ratings.drawing.removeprefix(picture.ADDRESS)).decode()

    assert "7 Mar" in drawing("en-gb")
    assert ">7/3<" in drawing("ur")
    assert not pdf.ARABIC.search(drawing("ur"))


def test_easy_read_says_one_idea_a_line_and_draws_a_picture_beside_each_part(sam):
    assert layouts.ideas("I walk. Nan rings at 6.30!\nThen sleep") == ["I walk.", "Nan rings at 6.30!", "Then sleep"]
    assert 'class="draw-matters"' in html(sam, "easy")
    for section in whole(sam).sections:
        assert section.key == "happened" or section.key in pdf._drawings()


def test_the_card_is_one_side_of_one_sheet_whatever_was_written(sam):
    for words in ("LOUD WORDS " * 300, "quiet words " * 300, "W" * 3000, "字" * 900, "a\n" * 200, "one"):
        actions.add_entry(plan_id=sam.plan.pk, section="hard", field="ask", words=words, by=sam.user, now=NOW)
    made = pdf.draw(html(sam, "pocket"))
    assert re.search(r"Pages: +1\n", info(made))
    assert "My plan says more." in text_of(made)


@pytest.mark.parametrize("words", ["LOUD WORDS IN A ROW ", "quiet words that go on ", "W", "a\n", "Mmm, www. "])
def test_nothing_on_the_card_is_cut_off_by_its_edge(sam, words):
    actions.add_entry(plan_id=sam.plan.pk, section="hard", field="safer", words=words * 400, by=sam.user, now=NOW)
    box = poppler("pdftotext", pdf.draw(html(sam, "pocket")), "-bbox", "-", "-")
    found = [(float(y), word) for y, word in re.findall(r'yMax="([\d.]+)">(.*?)</word>', box)]
    (end,) = [y for y, word in found if word == "more."]  # of "My plan says more.", the last words of the last panel
    assert end < 595.3 - 10


def test_an_empty_card_has_lines_to_write_on():
    sam = make_person(name="Sam")
    assert html(sam, "pocket").count('class="rule"') > 20


def test_what_is_said_in_another_language_is_set_in_its_own_direction(sam):
    for words in ("میں ٹھیک ہوں & Sam", "<b> ok", "1 2 3"):
        actions.add_entry(plan_id=sam.plan.pk, section="matters", field="hopes", words=words, by=sam.user, now=NOW)
    for layout in ("normal", "easy"):
        words = html(sam, layout, language="ur")
        assert '<html lang="ur" dir="rtl">' in words
        assert 'dir="rtl">میں ٹھیک ہوں &amp; Sam<' in words
        assert 'dir="ltr">&lt;b&gt; ok<' in words
        assert 'dir="ltr">1 2 3<' in words
        assert 'dir="auto"' not in words


def test_a_process_of_its_own_draws_the_same_and_knows_no_secret(sam, monkeypatch):
    words = html(sam, "normal")
    monkeypatch.setenv("SECRET_KEY", "s" * 60)
    assert text_of(pdf.draw_apart(words)) == text_of(pdf.draw(words))
    assert "SECRET_KEY" not in pdf.HANDED_DOWN
    assert "DATABASE_URL" not in pdf.HANDED_DOWN


@pytest.mark.parametrize(
    "trick",
    [
        "<img src='http://127.0.0.1:1/x'>",
        "<link rel=attachment href='file:///etc/hostname'>",
        "<link rel=stylesheet href='http://127.0.0.1:1/x.css'>",
        "<style>@import url(http://127.0.0.1:1/x.css);</style>",
        "<object data='file:///etc/hostname'></object>",
        "<svg><image href='file:///etc/hostname'/></svg>",
    ],
)
def test_what_would_fetch_anything_is_refused_even_if_it_were_no_longer_escaped(trick):
    with pytest.raises(pdf.CannotMake):
        pdf.draw(f"<html lang=en><title>x</title>{trick}<p>x")


def test_too_much_memory_or_time_ends_the_process_and_nothing_else(monkeypatch):
    with pytest.raises(pdf.CannotMake):
        pdf.draw_apart("<div>" * 5000)
    monkeypatch.setattr(pdf, "PATIENCE", 0.01)
    with pytest.raises(pdf.CannotMake):
        pdf.draw_apart("<p>x")


def test_the_quick_way_is_the_usual_print(plain, sam):
    assert text_of(plain) == text_of(pdf.draw(html(sam, "normal")))


def test_the_fingerprint_is_of_the_words_and_not_of_the_moment(sam):
    page = whole(sam)
    first = pdf.fingerprint(page, layout="normal", language="en-gb")
    assert first == pdf.fingerprint(whole(sam), layout="normal", language="en-gb")
    others = {
        pdf.fingerprint(replace(page, opening="else"), layout="normal", language="en-gb"),
        pdf.fingerprint(page, layout="large", language="en-gb"),
        pdf.fingerprint(page, layout="normal", language="ur"),
    }
    assert len(others | {first}) == 4
