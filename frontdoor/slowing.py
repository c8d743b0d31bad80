"""Slower after many tries, by network, and never locked out: a code cannot be guessed, and nobody is shut outside."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache

FREE_TRIES = 5
LONGEST_WAIT = 60  # seconds
REMEMBERED = 60 * 60


def wait_for(network: str, now: datetime, *, door: str = "back") -> int:
    """How many seconds this network waits until its next try at a door; 0 when it may try now."""
    _tries, not_before = cache.get(_key(door, network), (0, now))
    return max(0, -int(-(not_before - now).total_seconds() // 1))


def one_more(network: str, now: datetime, *, door: str = "back") -> None:
    """Remember one more: a code that did not fit, or something sent. From the fifth on, each wait is twice the last."""
    tries, _not_before = cache.get(_key(door, network), (0, now))
    tries += 1
    wait = min(2 ** (tries - FREE_TRIES), LONGEST_WAIT) if tries >= FREE_TRIES else 0
    cache.set(_key(door, network), (tries, now + timedelta(seconds=wait)), REMEMBERED)


def _key(door: str, network: str) -> str:
    return f"{door}:{network}"
