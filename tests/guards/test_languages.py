"""Everything that a person reads can be read in every language, complete where we say so, and in the words we stand by."""

from __future__ import annotations

import importlib
import inspect
import re
import unicodedata
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.utils import translation

from teams import languages
from teams.languages import Switching
from tests.guards import said
from tests.guards.code import APPS, HERE, modules, templates

# The words for what people do not like to be called, and for what we never say, in each language: tests/guards/test_words.py
# has the English ones. Welsh changes the first letter of a word; each of its shapes is here.
BANNED = {
    "cy": [
        "cleient", "gleient", "nghleient", "chleient", "cleientiaid", "gleientiaid", "chleientiaid",
        "claf", "glaf", "nghlaf", "chlaf", "cleifion", "gleifion", "chleifion", "nghleifion",
        "atgyfeirio", "hatgyfeirio", "atgyfeiriad", "hatgyfeiriad", "atgyfeiriadau", "atgyfeiriwyd",
        "rhyddhau", "ryddhau", "rhyddhad", "rhyddhawyd", "achos", "hachos", "achosion", "hachosion",
        "asesu", "hasesu", "asesiad", "hasesiad", "asesiadau", "aseswyd", "haseswyd", "brysbennu", "frysbennu",
        "defnyddiwr gwasanaeth", "defnyddwyr gwasanaeth", "ddefnyddwyr gwasanaeth", "risg uchel", "risg isel",
        "lefel risg", "ar gau", "wedi cau", "wedi'i gau", "methu dod", "os gwelwch yn dda", "mae'n ddrwg gennym",
        "annilys", "wedi anghofio", "diffyg ymgysylltu", "ddim yn ymgysylltu",
    ],
    "ur": [
        "مریض", "مریضہ", "مریضوں", "کلائنٹ", "کلائنٹس", "کیس", "کیسز", "ریفرل", "ریفر", "ڈسچارج", "اسیسمنٹ",
        "ٹرائیج", "خطرے کی سطح", "معذرت", "براہ کرم", "براہِ کرم", "مہربانی فرما کر", "غلط اندراج",
    ],
}  # fmt: skip
# The same in both languages: names, and what is only typed or pressed.
SAME = {
    "CALM.", "Lifeline.", "NHS 24.", "Help", "%(how)s %(when)s.", "%(asks)s (%(group)s)", "%(who)s: %(what)s",
    "Roma", "Sikh",
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd](?!\w)")
TAG = re.compile(r"</?\w+")
# Pages with a form in which nothing is typed that could be lost, or on which only one thing is asked.
NOTHING_TO_LOSE = {
    "account/confirm_login_code.html",  # six numbers; a press that came back would count as a wrong try
    "frontdoor/paper.html", "frontdoor/with.html",
    "cases/huddle_item.html", "cases/huddle.html", "cases/huddle_seats.html", "cases/today.html", "teams/team.html",
}  # fmt: skip


def banned_in(language: str, words: str) -> list[str]:
    listed = "|".join(map(re.escape, BANNED[language]))
    return re.findall(rf"(?<![\w'’])(?:{listed})(?![\w'’])", words.replace("’", "'"), re.IGNORECASE)


@pytest.mark.parametrize("language", said.LANGUAGES)
def test_everything_a_person_reads_is_said_in_it(language: str) -> None:
    missing = said.missing(language)
    assert not missing, (
        f"{len(missing)} texts are not in {language} yet. `make messages` puts them into locale/{language}; say them there:\n"
        + "\n".join(missing)
    )


@pytest.mark.parametrize("language", said.LANGUAGES)
def test_a_text_stands_in_it_once(language: str) -> None:
    """Else `make messages` stops, and one of two translations is read by nobody."""
    catalogue = (HERE / "locale" / language / "LC_MESSAGES" / "django.po").read_text()
    texts = re.findall(r'^((?:msgctxt .*\n)?msgid ".*"(?:\n".*")*)', catalogue, re.MULTILINE)
    assert len(texts) > 1_000
    assert [text for text in set(texts) if texts.count(text) > 1] == []


@pytest.mark.parametrize("language", said.LANGUAGES)
def test_what_it_says_holds_the_same_names_and_marks(language: str) -> None:
    wrong = []
    for text in said.texts():
        _context, one, many = text
        for number, words in enumerate(said.in_language(language, text)):
            for marks in (PLACEHOLDER, TAG):
                found, wanted = set(marks.findall(words)), set(marks.findall(one)) | set(marks.findall(many))
                # A form for exactly one, or two, need not write the number out.
                if found != wanted and not (many and number < 2 and found <= wanted):
                    wrong.append(f"{text[1]!r} has {sorted(wanted)}, and {words!r} has {sorted(found)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", said.LANGUAGES)
def test_it_is_a_translation_and_nobody_guessed_it(language: str) -> None:
    guessed = [message.id for message in said.catalogue(language) if message.id and message.fuzzy]
    assert not guessed, f"Fuzzy, which nobody has read: {guessed}"
    same = [text[1] for text in said.texts() if text[1] in said.in_language(language, text) and text[1] not in SAME]
    assert not same, f"Still English: {same}"
    stale = [message.id for message in said.catalogue(language) if message.id and _ids(message.id) not in _known()]
    assert not stale, f"Nobody says these any more; `make messages` takes them out: {stale}"


def _ids(given: str | tuple[str, ...] | list[str]) -> str:
    return given if isinstance(given, str) else given[0]


def _known() -> set[str]:
    return {one for _context, one, _many in said.texts()}


@pytest.mark.parametrize("language", said.LANGUAGES)
def test_no_translation_makes_somebody_less_than_a_person(language: str) -> None:
    found = [
        f"{words!r} says {banned_in(language, words)}"
        for text in said.texts()
        for words in said.in_language(language, text)
        if banned_in(language, words)
    ]
    assert not found, "\n".join(found)


def test_the_guard_of_words_reads_every_shape_of_them() -> None:
    assert banned_in("cy", "Eich cleient, a'i hachos") == ["cleient", "hachos"]
    assert banned_in("cy", "Nid yw’n annilys") == ["annilys"]
    assert banned_in("ur", "یہ مریض ہے") == ["مریض"]
    assert not banned_in("cy", "y drws agored")
    assert not banned_in("ur", "کھلا دروازہ")


def test_every_text_in_the_code_can_be_translated() -> None:
    put_together = [
        module.at(node)
        for module in modules(*APPS)
        for node, text in said.of_module(module.tree)
        if text is None and module.name != "frontdoor.helplines"  # whose texts are content
    ]
    assert not put_together, f"These texts are put together as they run: name the parts with %(name)s. {put_together}"


@pytest.mark.parametrize(
    "path", [path for path in templates() if path.suffix in {".html", ".txt"}], ids=lambda path: path.name
)
def test_no_template_says_anything_that_cannot_be_translated(path: Path) -> None:
    source = said.COMMENT.sub(" ", path.read_text())
    source = re.sub(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", " ", source, flags=re.DOTALL)
    source = re.sub(r"{% block \w*class %}.*?{% endblock[^%]*%}", " ", source)
    source = re.sub(r"<(style|svg)\b.*?</\1>", " ", source, flags=re.DOTALL)
    source = re.sub(r"{%.*?%}|{{.*?}}", " ", source, flags=re.DOTALL)
    read_out = [
        a or b for a, b in re.findall(r"""(?:alt|aria-label|title|placeholder)=(?:"([^"]*)"|'([^']*)')""", source)
    ]
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>|&\w+;", " ", source) + " ".join(read_out))
    assert not words, f"{path.relative_to(HERE)} says {words} in English alone: put it into {{% translate %}}."


def test_every_form_can_be_shown_again_in_another_language() -> None:
    kinds = {
        kind
        for module in modules(*APPS)
        if ".forms" in module.name
        for _name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
        if issubclass(kind, forms.Form) and kind.__module__ == module.name
    }
    assert len(kinds) > 20
    bare = {kind.__name__ for kind in kinds if not issubclass(kind, Switching)} - {"GiveCode"}
    assert not bare, f"{bare}: a press that changes the language would send it. Begin with `Switching, forms.Form`."


def test_a_page_on_which_something_can_be_typed_takes_it_along() -> None:
    for path in templates():
        name, source = str(path.relative_to(HERE / "templates")), path.read_text()
        posts = re.findall(r"<form\b[^<]*method=\"post\".*?</form>", source, re.DOTALL)
        asks = [form for form in posts if "as_field_group" in form]
        if not asks or "{% extends" not in source or name in NOTHING_TO_LOSE:
            continue
        assert sum('<form id="typed"' in form for form in asks) == 1, (
            f'{name}: begin the form in which something is typed with <form id="typed" …>, so that the words go with the '
            "press that changes the language."
        )


def test_the_languages_are_called_by_their_own_names_and_known_to_the_test() -> None:
    assert [code for code, _name in settings.LANGUAGES] == ["en-gb", *said.LANGUAGES]
    assert languages.known("cy") == "cy"
    assert languages.known("xx") == ""


@pytest.mark.parametrize("language", ["en-gb", *said.LANGUAGES])
def test_days_and_months_have_their_names(language: str) -> None:
    from datetime import date

    from django.utils.formats import date_format

    with translation.override(language):
        days = {date_format(date(2026, 3, number), "l") for number in range(2, 9)}
        months = {date_format(date(2026, number, 1), "F") for number in range(1, 13)}
    assert (len(days), len(months)) == (7, 12)
    if language != "en-gb":
        assert not {"Monday", "Tuesday", "January", "March", "December"} & (days | months)


def test_a_text_that_is_not_translated_is_found() -> None:
    source = (
        '{% load i18n %}{% translate "One" %}{{ x|default:_("Three") }}'
        "{% blocktranslate trimmed with a=b %} Two {{ a }} {% endblocktranslate %}"
    )
    made = list(said.of_template(source))
    assert made == [("", "One", ""), ("", "Two %(a)s", ""), ("", "Three", "")]
    assert len(said.for_everybody()) > 800


@pytest.mark.parametrize("language", said.LANGUAGES)
def test_paper_has_a_letter_for_every_letter_it_uses(language: str) -> None:
    from fontTools.ttLib import TTFont

    fonts = sorted((HERE / "static_built" / "pdf").glob("*.woff2"))
    if not fonts:
        pytest.skip("missing: the page kit. The fonts for paper were not read.")
    drawn = {letter for font in fonts for letter in TTFont(font).getBestCmap()}
    words = "".join(words for text in said.texts() for words in said.in_language(language, text))
    boxes = {
        letter for letter in words if unicodedata.category(letter) not in {"Cf", "Cc"} and ord(letter) not in drawn
    }
    assert not boxes, f"On paper these would be boxes: {sorted(boxes)}"
