"""How words read: which of them hurt, how long a sentence is, and how old a reader must be. Pure: English words only.

The pages at the door, the questions that a team writes, and everything else that is said here are held to the same list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import pyphen

# No word that makes somebody less than a person, and none that blames, begs or closes a door.
BANNED = [
    "case", "cases", "client", "clients", "patient", "patients", "service user", "service users", "referral",
    "referrals", "refer", "referred", "assessment", "assessments", "assessed", "discharge", "discharged", "closed",
    "close your", "dna", "non-engager", "disengaged", "non-engagement", "triage", "triaged", "intake", "risk level",
    "high risk", "low risk", "caseload", "mdt", "non-compliant", "hard to reach", "failed to attend", "did not attend",
    "please", "sorry", "invalid", "oops", "forgot", "commit suicide", "committed suicide",
]  # fmt: skip
# The same letters, meaning something else.
ALLOWED = [
    "in case",
    "this page is closed to you",  # about a page, and to keep somebody safe
    "it may have closed to keep you safe",
    "this page closed",
    "this page is closed",
]
LONGEST_SENTENCE = 20  # words
HIGHEST_GRADE = 4  # Flesch-Kincaid: read at the age of nine or ten

_BANNED = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, BANNED)) + r")(?![\w-])", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_END = re.compile(r"[.!?:]\s|\n")
_SILENT = re.compile(r"[^laeiouy](?:es|ed|e)$")
_VOWELS = re.compile(r"[aeiouy]+")


def banned(text: str) -> list[str]:
    """Each banned word in a text, as it stands there."""
    text = " ".join(text.split())
    for phrase in ALLOWED:
        text = re.sub(re.escape(phrase), " ", text, flags=re.IGNORECASE)
    return [found[0] for found in _BANNED.finditer(text)]


def too_long(text: str) -> list[str]:
    """The sentences of a text that have more words than one breath."""
    return [sentence for sentence in _END.split(text) if len(sentence.split()) > LONGEST_SENTENCE]


def grade(texts: Iterable[str]) -> float:
    """The school grade (Flesch-Kincaid) that these texts ask of a reader, each being a sentence at least; 0 for none."""
    sentences = [found for text in texts for part in _END.split(text) if (found := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


@cache
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


@lru_cache(maxsize=4096)
def _syllables(word: str) -> int:
    """Where the word can be broken, or how often a vowel sounds: no word is broken after one letter (any, body)."""
    word = word.lower()
    sounds = _VOWELS.findall(_SILENT.sub("x", word))
    return max(len(_dictionary().positions(word)) + 1, len(sounds))
