"""What the clock does: notice quiet, send what is due, tend copies. Each can run twice, late, or in two places."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from cases import actions, pdf
from cases.queries.paper import copy_to_make
from teams.messenger import NotHandedOver, hand_over
from teams.permissions import NotKnown

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
                actions.mark_sent(message_id=message.pk, now=timezone.now(), forget=not settings.DEMO)
    actions.been_round(now=timezone.now())


@shared_task
def make_copy(copy_id: str) -> None:
    """Make one copy of a plan, of what whoever asked may see at this moment; say so when it cannot be made."""
    try:
        asked = copy_to_make(copy_id=UUID(copy_id), now=timezone.now())
        if asked is None:
            return
        drawn = {"layout": asked.layout, "language": asked.language}
        made = pdf.draw_apart(pdf.words(asked.page, when=timezone.localtime(), **drawn))
    except (NotKnown, pdf.CannotMake):
        logger.warning("A copy could not be made; whoever asked for it is told.")
        actions.could_not_make(copy_id=UUID(copy_id))
    else:
        actions.keep_copy(copy_id=UUID(copy_id), file=made, fingerprint=pdf.fingerprint(asked.page, **drawn))


@shared_task
def tend_copies() -> None:
    """Forget the copies whose hour is over, and hand those that a worker lost to another."""
    for copy_id in actions.forget_copies(now=timezone.now()):
        make_copy.delay(str(copy_id))
