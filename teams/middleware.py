"""What holds for every answer: its headers, that what was sent can be read, and what "not yours" looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.urls import get_resolver
from django.utils import timezone, translation

from teams import actions, languages
from teams.permissions import NotAllowed, NotKnown

Answer = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    # Our own style and script; nothing inline, nothing from anywhere else, and nobody may put a frame round us.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # What somebody read or wrote is not kept by their browser, nor by anything on the way.
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}


FOUND, SEE_OTHER = 302, 303

CANNOT_BE_KEPT = re.compile("[\0\ud800-\udfff]")


class Headers:
    """The same headers on every answer, whatever its status; static files say themselves how long they are kept."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class SeeOther:
    """After a form there is a page to look at: 303 says so, whichever view answers, and nothing is sent a second time."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code == FOUND:
            response.status_code = SEE_OTHER
        return response


class Readable:
    """What cannot be read, or kept, is refused kindly before anything looks at it.

    The database keeps neither null characters nor halves of characters, so no text with them goes further.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.encoding or "utf-8").lower() not in {"utf-8", "utf8"}:
            return self._refuse(400)
        try:
            readable = not any(map(CANNOT_BE_KEPT.search, _texts(request)))
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return self._refuse(413)
        except UnreadablePostError:
            return self._refuse(400)
        return self.get_response(request) if readable else self._refuse(400)

    def _refuse(self, status: int) -> HttpResponse:
        words = render_to_string(f"{status}.html", {"frame": {"phone": settings.TEAM_PHONE}})
        return HttpResponse(words, status=status)


def _texts(request: HttpRequest) -> Iterable[str]:
    yield from request.COOKIES.values()
    for given in (request.GET, request.POST):
        for name, values in given.lists():
            yield name
            yield from values


class SignInRequired(LoginRequiredMiddleware):
    """Public is the exception. It is asked before who is there: help for right now needs no visit and no database."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class Language:
    """Keeps the language that somebody picked. The press may come with any form; only after the form was seen to be ours."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if picked := getattr(request, "language_picked", ""):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                picked,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite="Lax",
            )
        return response

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> None:
        picked = languages.known(request.POST.get("read_in", "")) if request.method == "POST" else ""
        if picked:
            languages.read_in(request, picked)
            if request.user.is_authenticated:
                actions.set_language(language=picked, by=request.user, now=timezone.now())


def bring_language(request: HttpRequest, user: Any, **_more: Any) -> None:
    """At signing in: a language that was picked in this visit becomes the account's; or else theirs becomes the visit's."""
    picked = languages.known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
    if picked or not languages.known(user.language):
        actions.set_language(language=picked or translation.get_language(), by=user, now=timezone.now())
    else:
        languages.read_in(request, user.language)


class NotYours:
    """Not known to you is 404, the same page as for what was never there; known and not allowed is 403, and why."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        for kind, status in ((NotKnown, 404), (NotAllowed, 403)):
            if isinstance(exception, kind):
                page: Any = get_resolver().resolve_error_handler(status)
                return page(request, exception=exception)
        return None
