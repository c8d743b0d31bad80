"""How signing in fits our accounts: by e-mail or by text, a code that waits in the outbox, and no signing up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams import actions
from teams.models import Message, User
from teams.permissions import account_at, is_member

LONGEST_VISIT_OF_A_MEMBER = timedelta(hours=12)


class Adapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("That is not the code we sent. Check the six numbers."),
        "too_many_login_attempts": _("That was not the code three times. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A code by e-mail; allauth has no other mail to send, since nothing else of it is used."""
        self.offer(Message.Channel.EMAIL, email, context["code"])

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        self.offer(Message.Channel.TEXT, phone, code)

    def offer(self, channel: str, to: str, code: str) -> None:
        actions.offer_code(channel=channel, to=to, code=code, now=timezone.now())

    def get_user_by_phone(self, phone: str) -> User | None:
        return account_at(channel=Message.Channel.TEXT, to=phone)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        raise NotImplementedError("A number is changed by the person, with those who walk with them.")

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Nothing to keep: a number is on an account because it was checked."""

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign this browser in. A member's visit ends after twelve hours, whatever they do in it."""
        super().login(request, user)
        if is_member(user):
            request.session.set_expiry(timezone.now() + LONGEST_VISIT_OF_A_MEMBER)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("today" if is_member(request.user) else "me")

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """The account ended while the code was on its way: as if the code had not been found."""
        return redirect("account_request_login_code")

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """What went wrong is shown on the next page; that all went well is seen."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)
