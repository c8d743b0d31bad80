"""What the clock does: notice who has gone quiet, and send what is due. Each can run twice, late, or in two places."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from cases import actions
from teams.messenger import NotHandedOver, hand_over

logger = logging.getLogger(__name__)

AT_A_TIME = 10  # ten slow sends are over before the lease of the first ends


@shared_task
def notice_quiet() -> None:
    """Notice everybody whose moment has passed."""
    actions.notice_quiet(now=timezone.now())


@shared_task
def send_messages() -> None:
    """Hand over what may go now. Where nobody knows whether a message went, it stays claimed, and becomes unknown."""
    while claimed := actions.claim_due(now=timezone.now(), hours=settings.MESSAGE_HOURS, most=AT_A_TIME):
        for message in claimed:
            try:
                hand_over(message)
            except NotHandedOver as refused:
                actions.mark_held(message_id=message.pk, because=str(refused))
            except Exception:
                logger.exception("A message may or may not have gone; somebody who walks with the person will look.")
            else:
                actions.mark_sent(message_id=message.pk, now=timezone.now())
    actions.been_round(now=timezone.now())
