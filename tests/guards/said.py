"""Every text of ours that somebody can read, as the code gives it to be translated, and what each language says for it.

``python -m tests.guards.said`` prints what is not translated yet, language by language.
"""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from frontdoor import helplines
from tests.guards.code import APPS, HERE, modules, templates

LANGUAGES = ("cy", "ur")

# Read by the team alone: it may stay English where nobody has translated it. Everything else is read by a person, a
# supporter or a visitor.
FOR_THE_TEAM = (
    "templates/cases/bring.html", "templates/cases/contact*.html", "templates/cases/emergency.html",
    "templates/cases/here.html", "templates/cases/huddle*.html", "templates/cases/reach*.html",
    "templates/cases/step.html", "templates/cases/team_nav.html", "templates/cases/think_again.html",
    "templates/cases/today*.html", "templates/cases/worry*.html", "templates/cases/safety.html",
    "templates/cases/apart.html", "templates/email/invitation.txt", "templates/frontdoor/demo*.html",
    "templates/frontdoor/ask.html", "templates/frontdoor/ask_question.html", "templates/frontdoor/choice_add.html",
    "templates/frontdoor/fair_counts.html", "templates/frontdoor/line_check*.html", "templates/frontdoor/new_code.html",
    "templates/frontdoor/preview_*.html", "templates/frontdoor/question*.html", "templates/frontdoor/topic_*.html",
    "templates/teams/*.html",
    "cases/actions/emergency.py", "cases/actions/huddle.py", "cases/actions/safety.py", "cases/forms/safety.py",
    "cases/forms/team.py", "cases/kind_words.py", "cases/queries/contact.py", "cases/queries/flags.py",
    "cases/queries/huddle.py", "cases/queries/reach.py", "cases/queries/safety.py", "cases/queries/today.py",
    "cases/rhythm.py", "cases/views/huddle.py", "cases/views/safety.py", "cases/views/team.py",
    "frontdoor/actions/questions.py", "frontdoor/checking.py", "frontdoor/demo_queries.py", "frontdoor/described.py",
    "frontdoor/forms/questions.py", "frontdoor/queries/asking.py", "frontdoor/queries/questions.py",
    "frontdoor/views/asking.py", "frontdoor/views/preview.py", "frontdoor/views/questions.py", "teams/messenger.py",
)  # fmt: skip

# (context, one, many): the two that may be missing are empty.
Text = tuple[str, str, str]
TRANSLATES = {
    "_": (0, None, None), "gettext": (0, None, None), "gettext_lazy": (0, None, None),
    "ngettext": (0, 1, None), "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0), "pgettext_lazy": (1, None, 0), "npgettext": (1, 2, 0), "npgettext_lazy": (1, 2, 0),
}  # fmt: skip
COMMENT = re.compile(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)
IN_A_FILTER = re.compile(r"""_\(("[^"]*"|'[^']*')\)""")


def for_the_team(path: str) -> bool:
    return any(fnmatch.fnmatch(path, pattern) for pattern in FOR_THE_TEAM)


def of_template(source: str) -> Iterator[Text]:
    """The texts of one template: translate, blocktranslate, and ``_("...")`` beside a filter."""
    from django.template import Engine
    from django.template.base import Node
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    engine = Engine.get_default()
    for node in engine.from_string(source).nodelist.get_nodes_by_type(Node):
        if isinstance(node, TranslateNode):
            context = node.message_context.var if node.message_context else ""
            # The tag keeps a text as it does every constant: marked safe, and with its % doubled.
            literal: Any = node.filter_expression.var
            yield str(context), str(getattr(literal, "literal", literal)).replace("%%", "%"), ""
        elif isinstance(node, BlockTranslateNode):
            context = node.message_context.var if node.message_context else ""
            one, _names = node.render_token_list(node.singular)
            many = node.render_token_list(node.plural)[0] if node.plural else ""
            yield str(context), one, many
    for found in IN_A_FILTER.finditer(COMMENT.sub(" ", source)):
        yield "", found[1][1:-1], ""


def of_module(tree: ast.Module) -> Iterator[tuple[ast.Call, Text | None]]:
    """The texts of one Python file; None where a text is put together as it runs, so that nobody can translate it."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATES):
            continue
        one, many, context = (
            None if place is None else node.args[place] if place < len(node.args) else None
            for place in TRANSLATES[node.func.id]
        )
        parts = [part for part in (one, many, context) if part is not None]
        if not all(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts):
            yield node, None
            continue
        yield node, (_value(context), _value(one), _value(many))


def _value(part: ast.expr | None) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else ""


@cache
def texts() -> dict[Text, list[str]]:
    """Everything that is given to be translated, with the files it stands in."""
    found: dict[Text, list[str]] = {}
    for path in templates():
        if path.suffix in {".html", ".txt"}:
            for text in of_template(path.read_text()):
                found.setdefault(text, []).append(str(path.relative_to(HERE)))
    for module in modules(*APPS):
        for _node, given in of_module(module.tree):
            if given is not None:
                found.setdefault(given, []).append(str(module.path.relative_to(HERE)))
    for line in helplines.texts():
        found.setdefault(("", line, ""), []).append("frontdoor/helplines.toml")
    found.pop(("", "", ""), None)
    return found


def for_everybody() -> dict[Text, list[str]]:
    """What a person, a supporter or a visitor can read."""
    return {text: where for text, where in texts().items() if not all(map(for_the_team, where))}


@cache
def catalogue(language: str) -> Catalog:
    with (HERE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as words:
        return read_po(words, locale=language)


def in_language(language: str, text: Text) -> tuple[str, ...]:
    """What this language says for a text, in each of its plural forms; empty when it says nothing."""
    context, one, _many = text
    message = catalogue(language).get(one, context or None)
    if message is None or message.fuzzy:
        return ()
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return tuple(said) if all(said) else ()


def missing(language: str) -> list[str]:
    """What this language does not say yet, with where it stands."""
    return sorted(
        f"{' | '.join(sorted(set(where)))}: {text[1]!r}"
        for text, where in for_everybody().items()
        if not in_language(language, text)
    )


if __name__ == "__main__":
    import os

    os.environ |= {"DEMO": "1", "DATABASE_URL": "postgresql:///none", "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    for each in LANGUAGES:
        left = missing(each)
        print(f"{each}: {len(left)} of {len(for_everybody())} texts are not translated yet")  # noqa: T201
        print("".join(f"  {line}\n" for line in left))  # noqa: T201
