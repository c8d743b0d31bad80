"""Words that people have asked us not to use about them, and what we say instead. Pure: words only.

Nobody is stopped: whoever writes is asked once whether the person would say it this way.
"""

from __future__ import annotations

import re

INSTEAD: dict[str, str] = {
    "abuser": "drinks, or uses drugs",
    "addict": "drinks, or uses drugs",
    "alcoholic": "drinks",
    "assessment": "conversation",
    "attention-seeking": "what Sam said",
    "case": "person",
    "challenging behaviour": "what happened",
    "client": "person",
    "closed": "open door",
    "denies": "said no",
    "deterioration": "having a hard time",
    "did not attend": "we missed each other",
    "discharge": "stepping back",
    "discharged": "stepped back",
    "disengaged": "has gone quiet",
    "dna": "we missed each other",
    "failed to attend": "we missed each other",
    "hard to reach": "has gone quiet",
    "high risk": "worry",
    "intake": "coming in",
    "lacks insight": "we see it differently",
    "manipulative": "we see it differently",
    "non-compliant": "said no",
    "non-engager": "has gone quiet",
    "patient": "person",
    "referral": "hello",
    "referred": "said hello to",
    "refused": "said no",
    "refuses": "says no",
    "relapse": "a hard time",
    "relapsed": "had a hard time",
    "risk level": "worry",
    "service user": "person",
    "substance misuse": "uses drugs",
    "triage": "hello",
    "unengaged": "has gone quiet",
}
_FIND = re.compile(
    r"(?<!\w)(" + "|".join(re.escape(words) for words in sorted(INSTEAD, key=len, reverse=True)) + r")s?(?!\w)",
    re.IGNORECASE,
)
# "just in case" is said by everybody.
_NOT_MEANT = re.compile(r"\b(just )?in case\b|\bin (any|that|this) case\b", re.IGNORECASE)


def unkind(words: str) -> tuple[tuple[str, str], ...]:
    """Each word here that people do not like to read about themselves, once, with what we say instead."""
    found = {match.group(1).lower() for match in _FIND.finditer(_NOT_MEANT.sub("", words))}
    return tuple((word, INSTEAD[word]) for word in INSTEAD if word in found)
