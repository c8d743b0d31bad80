"""What the clock does at the front door."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from frontdoor import actions
from teams.actions import forget_old_typed


@shared_task
def forget_drafts() -> None:
    """Delete what was never sent and nobody came back to."""
    actions.forget_unsent(now=timezone.now())
    forget_old_typed(now=timezone.now())


@shared_task
def mix_answers() -> None:
    """Leave no order in what people answered about themselves."""
    actions.mix_fair_answers(now=timezone.now())
