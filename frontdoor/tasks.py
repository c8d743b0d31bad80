"""What the clock does at the front door."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from frontdoor import actions


@shared_task
def forget_drafts() -> None:
    """Delete what was never sent and nobody came back to."""
    actions.forget_unsent(now=timezone.now())
