"""The demo's own pages: be anybody in the made-up town, and read every message. Only the demo has their addresses."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from frontdoor import demo_queries, queries

LAST_PAGE = 100_000


@login_not_required
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Everybody of the town, each with a button that signs in as them."""
    return render(request, "frontdoor/demo.html", {"town": demo_queries.town(now=timezone.now())})


@login_not_required
@require_POST
def demo_be(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Sign in as somebody, and go to the page they would begin with."""
    user = demo_queries.may_be(user_id=user_id)
    if user is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("today" if queries.is_member(user) else "me")


@login_not_required
@require_safe
def demo_messages(request: HttpRequest) -> HttpResponse:
    """Every message, drawn as its receiver would see it."""
    asked = request.GET.get("page", "")
    page = min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
    messages, more = demo_queries.messages(page=page, now=timezone.now())
    return render(
        request,
        "frontdoor/demo_messages.html",
        {"sent": messages, "newer": page - 1, "older": page + 1 if more else 0},
    )
