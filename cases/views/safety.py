"""Keeping people safe: “I have this”, what somebody who is worried told us, and what is kept apart."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import actions
from cases.forms.safety import DoneForm, LinkForm, NoteForm
from cases.queries import safety as queries
from teams import typed


@require_POST
def needed_take(request: HttpRequest, needed_id: UUID) -> HttpResponse:
    """The press “I have this”, for somebody who may be in danger."""
    actions.take_needed(needed_id=needed_id, by=request.user, now=timezone.now())
    return redirect("today")


@require_GET
def worry_seen(request: HttpRequest, worry_id: UUID) -> HttpResponse:
    return _worry(request, worry_id)


def _worry(
    request: HttpRequest, worry_id: UUID, *, done: DoneForm | None = None, link: LinkForm | None = None
) -> HttpResponse:
    page = queries.worry_page(worry_id=worry_id, viewer=request.user, now=timezone.now())
    given = {"page": page, "form": done or DoneForm(), "link": link or LinkForm(None, people=page.people)}
    wrong = any(form and form.errors for form in (done, link))
    return render(request, "cases/worry_seen.html", given, status=422 if wrong else 200)


@require_POST
def worry_take(request: HttpRequest, worry_id: UUID) -> HttpResponse:
    actions.take_worry(worry_id=worry_id, by=request.user, now=timezone.now())
    return redirect("worry_seen", worry_id)


@require_POST
def worry_done(request: HttpRequest, worry_id: UUID) -> HttpResponse:
    form = DoneForm(request.POST)
    if not form.is_valid():
        return _worry(request, worry_id, done=form)
    actions.finish_worry(worry_id=worry_id, did=form.cleaned_data["did"], by=request.user, now=timezone.now())
    messages.success(request, _("We have kept it."))
    return redirect("today")


@require_POST
def worry_link(request: HttpRequest, worry_id: UUID) -> HttpResponse:
    now = timezone.now()
    page = queries.worry_page(worry_id=worry_id, viewer=request.user, now=now)
    form = LinkForm(request.POST, people=page.people)
    if not form.is_valid():
        return _worry(request, worry_id, link=form)
    actions.link_worry(worry_id=worry_id, plan_id=form.cleaned_data["plan_id"], by=request.user, now=now)
    return redirect("worry_seen", worry_id)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def safety(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """What is kept apart about somebody. Reading it is kept too, where the person's own list does not show it."""
    now = timezone.now()
    page = queries.safety_page(plan_id=plan_id, viewer=request.user, now=now)
    form = NoteForm(typed.given(request))
    if request.method == "POST" and form.is_valid():
        actions.keep_safety_note(plan_id=plan_id, by=request.user, now=now, **form.cleaned_data)
        messages.success(request, _("It is kept apart. Only those who keep people safe can read it."))
        return redirect("safety", plan_id)
    if page.reads:
        actions.look_at_safety(plan_id=plan_id, by=request.user, now=now)
    return render(request, "cases/safety.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@require_GET
def apart(request: HttpRequest) -> HttpResponse:
    """The people about whom something is kept apart that the viewer may read."""
    rows = queries.apart(viewer=request.user, now=timezone.now())
    return render(request, "cases/apart.html", {"rows": rows})
