"""The only place that hands a message to somebody who carries it: a mail server, or GOV.UK Notify for texts.

``hand_over`` returns when it was taken, raises NotHandedOver when it was certainly not, and lets everything else fly:
then nobody knows, and a person looks. A message is never sent twice on a guess.
"""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from teams import addresses
from teams.models import Message

LONGEST = 10  # seconds; the lease of a claim is far longer


class NotHandedOver(Exception):
    """The message certainly did not go; the sentence says why, for a member of the team to read."""


def hand_over(message: Message) -> None:
    """Hand one message over. In the demo nothing leaves the machine: its page of messages shows it instead."""
    if settings.DEMO:
        return
    if message.channel == Message.Channel.TEXT:
        _text(message)
    else:
        _email(message)


def _email(message: Message) -> None:
    # Django quietly sends nothing to an address that is empty, and would count it as sent.
    if addresses.email(message.to) is None:
        raise NotHandedOver(_("The email address cannot be used."))
    # The row's id: whoever carries it twice can tell that it is the same one.
    identity = f"<{message.pk}@{urlsplit(settings.SITE_URL).hostname}>"
    email = EmailMessage(message.subject, message.body, to=[message.to], headers={"Message-ID": identity})
    try:
        with get_connection() as connection:
            connection.send_messages([email])
    except smtplib.SMTPServerDisconnected:
        raise  # it may have gone just before
    except (smtplib.SMTPException, ValueError) as error:
        raise NotHandedOver(_("The mail server did not take it.")) from error
    except ConnectionRefusedError as error:
        raise NotHandedOver(_("The mail server could not be reached.")) from error


def _text(message: Message) -> None:
    if not (settings.NOTIFY_API_KEY and settings.NOTIFY_TEXT_TEMPLATE):
        raise NotHandedOver(_("No way to send texts is set up."))
    to = addresses.uk_mobile(message.to)
    if to is None:
        raise NotHandedOver(_("That is not a mobile number in the UK."))
    client = NotificationsAPIClient(settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_URL, timeout=LONGEST)
    try:
        client.send_sms_notification(
            phone_number=to,
            template_id=settings.NOTIFY_TEXT_TEMPLATE,
            personalisation={"body": message.body},
            reference=str(message.pk),
        )
    except HTTPError as error:
        # No answer, or an answer that says it broke half way: it may have gone.
        if error.response is None or error.status_code >= 500:
            raise
        raise NotHandedOver(_("The text service did not take it.")) from error
