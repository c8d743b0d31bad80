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
from frontdoor.script import Kind, Page, Question, Script

# Two sides of A4 hold these in 16 point. Large print and easy read have every question, on more sides.
FIRST_SIDE = ("name", "know", "topics", "soon", "ways")
SECOND_SIDE = (
    "call.number", "text.number", "text.others", "email.address", "write.address", "place.where", "trusted.who",
    "none.where", "avoid", "exclude", "matters.words", "helps.who", "week.easier", "quiet.do",
)  # fmt: skip
RULES = {
    "usual": {Kind.STORY: 4, Kind.BOX: 1},
    "large": {Kind.STORY: 8, Kind.BOX: 3},
    "easy": {Kind.STORY: 8, Kind.BOX: 3},
}
KEPT = 24 * 60 * 60  # seconds: a form without a code is the same for everybody


@dataclass(frozen=True)
class Asked:
    """One question on paper: how many lines there are to write on, and its picture in easy read."""

    question: Question
    rules: int
    picture: str

    @property
    def lines(self) -> range:
        return range(self.rules)


@dataclass(frozen=True)
class Part:
    """A page of the script on paper, with the heading it has beside those of its questions."""

    title: str
    lead: tuple[str, ...]
    note: str
    asked: tuple[Asked, ...]


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
            "drop_in": settings.DROP_IN,
            "drop_in_hours": settings.DROP_IN_HOURS,
        }
        return render_to_string("pdf/form.html", given)


def sides(script: Script, layout: str) -> list[list[Part]]:
    """The parts of each side."""
    if layout != "usual":
        return [[_part(page, page.questions, layout) for page in script.paper]]
    return [
        [
            _part(page, found, layout)
            for page in script.paper
            if (found := tuple(question for question in page.questions if question.id in ids))
        ]
        for ids in (FIRST_SIDE, SECOND_SIDE)
    ]


def _part(page: Page, questions: tuple[Question, ...], layout: str) -> Part:
    every = layout != "usual"
    return Part(
        title=page.title if every else "",
        lead=page.lead if every else (),
        note=page.note if every else "",
        asked=tuple(
            Asked(
                each, RULES[layout].get(each.kind, 1), pictures.beside(page.name, each.id) if layout == "easy" else ""
            )
            for each in questions
        ),
    )
