"""Copies to take away: the plan on paper."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods
from kombu.exceptions import OperationalError

from cases import actions, pdf, tasks
from cases.forms.paper import CopyForm
from cases.models import Copy, Look
from cases.queries import paper
from cases.queries.plan import PlanView, plan_page
from cases.views.looking import keep_look

logger = logging.getLogger(__name__)

LOOK_AGAIN = 2  # seconds
LOOK_FOR = timedelta(minutes=1)  # by itself; after that there is the link


@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    now = timezone.now()
    page = plan_page(plan_id=plan_id, viewer=request.user, now=now)
    given = request.POST if request.method == "POST" else None
    form = CopyForm(given, parts=paper.parts(page), only_mine=paper.only_mine(page), card=paper.has_card(page))
    if form.is_valid():
        return _ask(request, page, layout=form.cleaned_data["layout"], sections=form.cleaned_data["sections"], now=now)
    status = 422 if form.errors else 200
    return render(request, "cases/copy.html", {"page": page, "form": form, "base": _base(page)}, status=status)


@require_GET
def copy_made(request: HttpRequest, plan_id: UUID, copy_id: UUID) -> HttpResponse:
    """Whether the copy is ready; while it is being made the page looks again by itself, for a while."""
    now = timezone.now()
    found = paper.copy_of(plan_id=plan_id, copy_id=copy_id, viewer=request.user, now=now)
    waiting = found.state == Copy.State.WAITING
    given = {
        "copy": found,
        "page": found.page,
        "base": _base(found.page),
        "old": not waiting and _is_old(found),
        "looks_again": waiting and now - found.asked_at < LOOK_FOR,
    }
    response = render(request, "cases/copy_made.html", given)
    if given["looks_again"]:
        response["Refresh"] = str(LOOK_AGAIN)
    return response


@require_GET
def copy_file(request: HttpRequest, plan_id: UUID, copy_id: UUID) -> HttpResponse:
    """The copy itself: only while its reader may see exactly what is on it."""
    found = paper.copy_of(plan_id=plan_id, copy_id=copy_id, viewer=request.user, now=timezone.now())
    if found.state != Copy.State.MADE or _is_old(found):
        return redirect("copy_made", plan_id=plan_id, copy_id=copy_id)
    keep_look(request, found.page, Look.What.COPY)
    return _file(found.file)


@require_GET
def plan_pdf(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The quick way: all that the viewer may see, in the usual print, at once; the same again while that is the same.

    What only the person can see is not on it: others find copies. What takes long is made as any other copy is.
    """
    which: dict[str, Any] = {"plan_id": plan_id, "language": get_language() or ""}
    now = timezone.now()
    whole = paper.whole_copy(viewer=request.user, now=now, frame=pdf.frame(which["language"]), **which)
    made = whole.file
    if not made:
        page = plan_page(plan_id=plan_id, viewer=request.user, now=now)
        try:
            made = pdf.plan_pdf(paper.without_only_mine(page), timezone.localtime(now))
        except pdf.TakesLong:
            closed = paper.only_mine(page)
            usual = [key for key, _title in paper.parts(page) if key not in closed]
            return _ask(request, page, layout=Copy.Layout.NORMAL, sections=usual, now=now)
        except pdf.CannotMake:
            keep_look(request, page, Look.What.PLAN)
            given = {"page": page, "base": _base(page), "cannot_make": True}
            return render(request, "cases/plan.html", given, status=503)
        actions.keep_whole_copy(file=made, fingerprint=whole.fingerprint, by=request.user, now=now, **which)
    keep_look(request, whole.outline, Look.What.COPY)
    return _file(made)


def _ask(
    request: HttpRequest, page: PlanView, *, layout: str, sections: Collection[str], now: datetime
) -> HttpResponse:
    """Ask for a copy of these parts, and lead to the page that says when it is ready."""
    language = get_language() or ""
    asked = actions.ask_for_copy(
        plan_id=page.id,
        layout=layout,
        sections=sections,
        language=language,
        fingerprint=pdf.fingerprint(paper.chosen(page, sections, layout=layout), layout=layout, language=language),
        by=request.user,
        now=now,
    )
    if asked.state == Copy.State.WAITING:
        _hand_to_the_worker(asked.pk)
    return redirect("copy_made", plan_id=page.id, copy_id=asked.pk)


def _base(page: PlanView) -> str:
    return "base_team.html" if page.is_member else "base.html"


def _is_old(found: paper.CopyView) -> bool:
    return found.fingerprint != pdf.fingerprint(found.page, layout=found.layout, language=found.language)


def _file(made: bytes) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="my-copy.pdf"'
    return response


def _hand_to_the_worker(copy_id: UUID) -> None:
    try:
        tasks.make_copy.apply_async([str(copy_id)], retry=False)
    except OperationalError:
        # The copy waits in the database; the clock hands it over when the queue is back.
        logger.warning("A copy waits: the queue did not answer.")
