"""Return codes such as HAZEL-TRAIN-482: made from a key and a conversation, so that nothing readable is ever stored.

The visit that owns a conversation can show its code again; nobody who reads the database can. Pure but for the key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from frontdoor.words import WORDS

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KNOWN = frozenset(WORDS)
# What is read aloud, or written by hand, as another sign: only ever put right among the digits.
_READ_AS = str.maketrans("OQILSBZ", "0011582")
_SHAPE = re.compile(r"([A-Z]{6,14})([0-9]{3})")


def code(conversation_id: UUID, turn: int) -> str:
    """The code of a conversation: the same each time for the same turn, and another one for the next turn."""
    number = int.from_bytes(_keyed(f"code {conversation_id} {turn}"), "big")
    number, digits = divmod(number, 1000)
    number, second = divmod(number, len(WORDS))
    return f"{WORDS[number % len(WORDS)]}-{WORDS[second]}-{digits:03}"


def digest(typed: str) -> str:
    """What the database keeps of a code, however kindly it had to be read; ``""`` when this cannot be a code."""
    plain = normalise(typed)
    return _keyed(f"digest {plain}").hex() if plain else ""


def normalise(typed: str) -> str:
    """The code that was meant, such as HAZEL-TRAIN-482; ``""`` when nothing like a code was typed.

    Small letters, spaces, lost dashes, an O for a nought and one slip in each word are all understood: no two words of
    the list are one slip apart.
    """
    signs = re.sub(r"[^A-Z0-9]", "", typed[:100].upper())
    found = _SHAPE.fullmatch(signs[:-3] + signs[-3:].translate(_READ_AS))
    if not found:
        return ""
    for first, second in _cuts(found[1], re.findall(r"[A-Z]+", typed.upper())[0]):
        words = _meant(first), _meant(second)
        if all(words):
            return f"{words[0]}-{words[1]}-{found[2]}"
    return ""


def _cuts(letters: str, typed_first: str) -> list[tuple[str, str]]:
    """Every way to cut the letters in two: first where they cut it themselves, then whole words of the list."""
    cuts = [(letters[:at], letters[at:]) for at in range(2, len(letters) - 1)]
    return sorted(cuts, key=lambda cut: (cut[0] != typed_first, (cut[0] not in _KNOWN) + (cut[1] not in _KNOWN)))


@lru_cache(maxsize=1024)
def _meant(word: str) -> str:
    """The word of the list that this is, or is one slip away from; ``""`` when there is none, or more than one."""
    if word in _KNOWN:
        return word
    if not 2 <= len(word) <= 8:
        return ""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    slips = {left + right[1:] for left, right in halves if right}
    slips |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    slips |= {left + letter + right[1:] for left, right in halves if right for letter in _LETTERS}
    slips |= {left + letter + right for left, right in halves for letter in _LETTERS}
    near = slips & _KNOWN
    return near.pop() if len(near) == 1 else ""


def _keyed(words: str) -> bytes:
    return hmac.new(settings.CODE_KEY.encode(), words.encode(), hashlib.sha256).digest()
