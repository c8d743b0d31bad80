"""When something is wrong: a page whose form went bad, and pages that ask nothing of anything that could be what broke."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from frontdoor.views import conversation, more
from teams import typed
from teams.permissions import NotAllowed
from teams.queries import words_of

# The pages that come back as they were, with what was typed, by name.
COMES_BACK = {"talk": conversation.talk_again, "more_page": more.more_page_again}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open longer than its form was good for. What was typed comes back, and Continue works again."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return _static("404.html", 404)
    again = COMES_BACK.get(match.url_name or "")
    answer = again(request, **match.kwargs) if again else typed.keep(request)
    if answer:
        return answer
    # Only a browser that vouches for the form being ours gets its words back under a button: another site could put
    # words into somebody's mouth.
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    fields = [
        (name, value)
        for name, values in (request.POST.lists() if ours else [])
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    return render(request, "frontdoor/csrf_failure.html", {"typed": fields}, status=403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _static("400.html", 400)


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    sentence = str(exception) if isinstance(exception, NotAllowed) else ""
    return _static("403.html", 403, sentence=sentence, typed=_typed(request))


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _static("404.html", 404, typed=_typed(request))


def server_error(request: HttpRequest) -> HttpResponse:
    return _static("500.html", 500)


def _static(template: str, status: int, **more: Any) -> HttpResponse:
    words = render_to_string(template, {"frame": {"phone": settings.TEAM_PHONE}, **more})
    return HttpResponse(words, status=status)


def _typed(request: HttpRequest) -> tuple[str, ...]:
    """The words of a form that was ours, where what they were for was taken out, or closed, while somebody wrote.

    Only of a form that was seen to be ours: or else another site could make this page say what it likes.
    """
    ours = request.method == "POST" and getattr(request, "csrf_processing_done", False)
    return words_of(value for _name, values in request.POST.lists() for value in values) if ours else ()
