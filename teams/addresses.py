"""E-mail addresses and mobile numbers, as people type them."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# 070 is a personal number, which costs the earth, and 076 a pager; 07624 is the Isle of Man's.
UK_MOBILE = re.compile(r"(?:\+?44|0044)?0?(7(?:[1-57-9]\d\d|624)\d{6})", re.ASCII)
BETWEEN = str.maketrans("", "", " \t().-\u2010\u2011\u2012\u2013\u00a0\u202a\u202c\u202d")


def uk_mobile(typed: str) -> str | None:
    """The number as it is kept, +447…, however it was typed; None unless it is a mobile number in the UK."""
    found = UK_MOBILE.fullmatch(typed.translate(BETWEEN))
    return f"+44{found[1]}" if found else None


def email(typed: str) -> str | None:
    """The address as it is kept, in small letters; None unless it could be one."""
    kept = typed.strip().lower()
    try:
        validate_email(kept)
    except ValidationError:
        return None
    return kept if len(kept) <= 254 else None
