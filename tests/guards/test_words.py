"""No word that makes somebody less than a person, in anything that anybody reads here; and short sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontdoor import wording
from tests.guards.code import APPS, HERE, modules, templates

TRANSLATES = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
READ_OUT = re.compile(r"""(?:alt|aria-label|title|placeholder|data-\w+)=(?:"([^"]*)"|'([^']*)')""")


def words_of_template(path: Path) -> str:
    """What somebody reads of a template: its text, and those attributes that are read out."""
    text = path.read_text()
    text = re.sub(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"{%\s*(?:translate|trans)\s+\"([^\"]*)\"[^%]*%}", r" \1 ", text)
    text = re.sub(r"{%\s*(?:translate|trans)\s+'([^']*)'[^%]*%}", r" \1 ", text)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    read_out = " . ".join(filter(None, (a or b for a, b in READ_OUT.findall(text))))
    return re.sub(r"<[^>]*>", " ", text) + " . " + read_out


def said_in_code() -> Iterator[tuple[str, str]]:
    """Every text that the code gives to be read, with where it stands."""
    for module in modules(*APPS):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATES:
                for argument in node.args:
                    for part in ast.walk(argument):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            yield module.at(node), re.sub(r"%\(\w+\)s|{\w*}", " ", part.value)


ENOUGH_TO_GRADE = 25  # words: the formula says nothing of a single label
SAID = re.compile(
    r"""{%\s*translate\s+(?:"([^"]*)"|'([^']*)')|{%\s*blocktranslate[^%]*%}(.*?){%\s*(?:plural|endblocktranslate)""",
    re.DOTALL,
)


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(HERE / "templates")))
def test_no_page_needs_somebody_older_than_ten_to_read_it(path: Path) -> None:
    said = [re.sub(r"{{.*?}}", "Sam", "".join(found)) for found in SAID.findall(path.read_text())]
    grade = wording.grade(said) if len(" ".join(said).split()) >= ENOUGH_TO_GRADE else 0
    assert grade <= wording.HIGHEST_GRADE, (
        f"{path.relative_to(HERE)} reads at grade {grade:.1f}: shorter, plainer words."
    )


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(HERE / "templates")))
def test_no_template_says_it(path: Path) -> None:
    found = wording.banned(words_of_template(path))
    assert not found, f"{path.relative_to(HERE)} says {found}. Say it as you would to a friend (4-screens.md, 3)."


def test_no_message_says_it() -> None:
    found = [
        f"{where} says {wording.banned(text)}: {text!r}" for where, text in said_in_code() if wording.banned(text)
    ]
    assert not found, "\n".join(found)


def test_the_guard_reads_what_it_should() -> None:
    assert len(list(said_in_code())) > 200
    assert wording.banned("Your referral was Closed") == ["referral", "Closed"]
    assert not wording.banned("Just in case. Showcase. lower-case")
    sample = HERE / "templates" / "components" / "button_row.html"
    assert "Save and stop" in words_of_template(sample)
    assert "nhsuk" not in words_of_template(sample)


def test_no_sentence_in_the_code_is_long() -> None:
    long = [f"{where}: {sentence!r}" for where, text in said_in_code() for sentence in wording.too_long(text)]
    assert not long, "Make two sentences of each:\n" + "\n".join(long)
