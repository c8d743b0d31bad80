"""The pages that need no visit: help for right now, what becomes of what one says, the way out, and the language."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from frontdoor import helplines, queries

logger = logging.getLogger(__name__)

OUTSIDE = "https://www.bbc.co.uk/weather"
AFTERWARDS = {"more", "more_saved"}  # pages that Continue may lead to from help for right now, by name


@login_not_required
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """X1: help for right now. It asks nothing of the database and keeps nothing, so that it is always there."""
    is_open, reads = queries.reading_now(timezone.now())
    context = {
        "first": helplines.FIRST,
        "more": helplines.MORE,
        "to": _next_after_help(request.GET.get("to", "")),
        "is_open": is_open,
        "reads": reads,
    }
    return render(request, "frontdoor/help_now.html", context)


def _next_after_help(to: str) -> str:
    """The page of ours that Continue leads to; "" when this names none of them."""
    if to in AFTERWARDS:
        return reverse(to)
    page, _question, then = to.partition("?")
    try:
        match = resolve(reverse("carry_on") + page)
    except Resolver404:
        return ""
    if match.url_name not in {"talk", "check", "saved", "worried_thanks"}:
        return ""
    return reverse(match.view_name, kwargs=match.kwargs) + ("?then=check" if then == "then=check" else "")


@login_not_required
@require_safe
def staying_safe(request: HttpRequest) -> HttpResponse:
    """X2: what Leave does and does not do."""
    return render(request, "frontdoor/staying_safe.html")


@login_not_required
@require_safe
def who_sees(request: HttpRequest) -> HttpResponse:
    """A7's text, and straight answers to what people ask."""
    return render(request, "frontdoor/who_sees.html", {"page": queries.script_in_force().by_name["see"]})


@login_not_required
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Out, fast: the visit ends, whoever was signed in is signed out, and what was written is kept."""
    try:
        logout(request)
    except DatabaseError:
        # Nobody waits here for a database. The cookie goes in any case.
        logger.warning("a visit was left while the database was away")
        request.session = type(request.session)()
    answer = redirect(OUTSIDE)
    answer.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    answer["Clear-Site-Data"] = '"cache"'
    return answer


@csrf_exempt
@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Back to the page on which another language was picked; keeping it is the middleware's.

    No token, so that pages which need no cookie set none. Another site's form comes without the visit (SameSite=Lax): all
    it could change is the language that this browser reads in until it is closed.
    """
    to = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return redirect(to if ours else reverse("carry_on"))
