"""The secret in a link that is sent to somebody."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A secret that nobody can guess; only what is sent holds it."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of it: enough to know it again, and not to make it."""
    return hashlib.sha256(token.encode()).hexdigest()
