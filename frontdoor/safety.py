"""Which choices and words bring help for right now to the next page, and the person to the team's notice first.

Pure. It adds help, and nothing else: it gives no score or label, blocks nothing, delays nothing, and that it finds
nothing means nothing. A person reads every word the same working day, whatever this says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from frontdoor.script import ANYTHING, Answers, Question, boxes, picked

# Written without accents and in small letters, as they are compared.
WORDS = (
    # English
    "kill myself", "killing myself", "kill my self", "kms", "end my life", "ending my life", "end it",
    "end it all", "ending it", "take my life", "take my own life", "suicide", "suicidal", "want to die",
    "wanna die", "wish i was dead", "wish i were dead", "better off dead", "better off without me",
    "dont want to be here", "do not want to be here", "dont want to live", "do not want to live",
    "dont want to wake up", "no reason to live", "cant go on", "cannot go on", "overdose", "overdosed",
    "overdosing", "taken pills", "taken tablets", "hang myself", "hanging myself", "jump off",
    "jump in front", "cut myself", "cutting myself", "hurt myself", "hurting myself", "harm myself",
    "self harm", "self harming", "kill him", "kill her", "kill them", "kill someone", "hurt someone",
    "going to kill me", "hits me", "hit me", "hitting me", "beats me", "beating me", "strangled me",
    "strangles me", "choked me", "raped", "rape", "scared for my life", "not safe", "unsafe",
    # Cymraeg
    "lladd fy hun", "hunanladdiad", "eisiau marw", "isio marw", "moyn marw", "diweddu fy mywyd",
    "niweidio fy hun", "brifo fy hun", "ddim yn saff", "ddim yn ddiogel", "gorddos",
    # اردو
    "خودکشی", "مرنا چاہتا", "مرنا چاہتی", "مرنا چاہتے", "جان لے لوں", "جان دے دوں", "جینا نہیں", "مجھے مارتا",
    "مجھے مارتے", "محفوظ نہیں", "khudkushi", "marna chahta", "marna chahti",
)  # fmt: skip


def _plain(words: str) -> str:
    """Small letters, no accents, no marks, one space between words: so that don't, don’t and DONT are the same."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]|_", lambda found: " " if found[0] in "-/.,;:!?_" else "", letters).split())


_LISTED = re.compile("|".join(rf"\b{re.escape(_plain(words))}\b" for words in WORDS))


def worrying(words: str) -> bool:
    """Whether these words are on the list."""
    return bool(_LISTED.search(_plain(words)))


def help_first(questions: Iterable[Question], answers: Answers) -> bool:
    """Whether an answer to one of these questions means that help for right now is the next page."""
    return any(_suggests_danger(question, answers.get(question.id)) for question in questions)


def _suggests_danger(question: Question, answer: Any) -> bool:
    given = [said for said in picked(answer) if said.strip()]
    if question.lifts.intersection(given) or (ANYTHING in question.lifts and given):
        return True
    return question.is_about_them and not question.kind.is_picked and worrying("\n".join(boxes(answer)))
