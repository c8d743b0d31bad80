"""The questions on paper: which of them, for which print, and the words that are drawn (cases.pdf draws them)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import translation

from cases import pdf
from frontdoor import pictures
from frontdoor.script import Kind, Question, Script
from teams import languages

# What a paper form asks: as much as two sides of A4 hold in 16 point. Large print and easy read ask the same.
FIRST_SIDE = ("name", "know", "topics", "soon", "ways")
SECOND_SIDE = (
    "call.number", "text.number", "text.others", "email.address", "write.address", "place.where", "trusted.who",
    "none.where", "avoid", "exclude", "matters.words", "helps.who", "week.easier", "quiet.do",
)  # fmt: skip
# On two sides, the answer to these stands beside its question, and not on a line of its own.
SHORT = ("name", "call.number", "text.number", "email.address", "trusted.who", "none.where")
MORE_LINES = {"know": 7}
KEPT = 24 * 60 * 60  # seconds: a form without a code is the same for everybody


@dataclass(frozen=True)
class Asked:
    """One question on paper: how many lines there are to write on, and its picture in easy read."""

    question: Question
    lines: range
    has_hints: bool
    is_short: bool
    picture: str


def form_pdf(script: Script, *, layout: str, language: str, codes: Sequence[str]) -> bytes:
    """A form for each code ("" for one that has none yet) as a PDF/UA-1 document. Raises CannotMake."""
    words = form_words(script, layout=layout, language=language, codes=codes)
    if any(codes):
        return pdf.draw_apart(words)
    key = f"paper:{sha256(words.encode()).hexdigest()}"
    made: bytes | None = cache.get(key)
    if made is None:
        made = pdf.draw_apart(words)
        cache.set(key, made, KEPT)
    return made


def form_words(script: Script, *, layout: str, language: str, codes: Sequence[str]) -> str:
    """The forms as the words that are drawn."""
    with translation.override(language):
        given = {
            "codes": codes,
            "sides": sides(script, layout),
            "layout": layout,
            "needs": {"arabic": bool(pdf.ARABIC.search(repr(script.pages))), "emoji": False},
            "phone": settings.TEAM_PHONE.replace(" ", "\u00a0"),
            "site": pdf.site(),
            "drop_in": languages.here("DROP_IN"),
            "drop_in_hours": languages.here("DROP_IN_HOURS"),
        }
        return render_to_string("pdf/form.html", given)


def sides(script: Script, layout: str) -> list[list[Asked]]:
    """What each side asks, in the order of the script; a bigger print goes on from side to side by itself."""
    asked = [(page.name, question) for page in script.paper for question in page.questions]
    return [
        [_asked(question, page, layout) for page, question in asked if question.id in ids]
        for ids in ([FIRST_SIDE, SECOND_SIDE] if layout == "usual" else [FIRST_SIDE + SECOND_SIDE])
    ]


def _asked(question: Question, page: str, layout: str) -> Asked:
    has_room = layout != "usual"
    lines = MORE_LINES.get(question.id, 1)
    return Asked(
        question=question,
        lines=range(lines + (2 if has_room and question.kind in {Kind.STORY, Kind.BOX} else 0)),
        has_hints=has_room or question.id in MORE_LINES,
        is_short=not has_room and question.id in SHORT,
        picture=pictures.beside(page, question.id) if layout == "easy" else "",
    )
