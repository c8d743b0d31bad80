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


class NotYours:
    """Not known to you is 404, the same page as for what was never there; known and not allowed is 403, and why."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotKnown):
            not_found: Any = get_resolver().resolve_error_handler(404)
            return not_found(request, exception=exception)
        if isinstance(exception, NotAllowed):
            context = {"sentence": str(exception), "frame": {"phone": settings.TEAM_PHONE}}
            return HttpResponse(render_to_string("403.html", context), status=403)
        return None
