"""Who has looked at a plan: each page that shows one keeps it here, and the person reads it and asks."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cases import actions
from cases.forms.person.sharing import AskForm
from cases.models import Look
from cases.queries.looks import looks_page, one_look
from cases.queries.plan import PlanView


def keep_look(request: HttpRequest, page: PlanView, what: str) -> None:
    """Keep that this plan has been opened, unless it is their own."""
    if not page.is_person:
        keep_look_at(request, page.id, [section.key for section in page.sections], what)


def keep_look_at(request: HttpRequest, plan_id: UUID, parts: Collection[str], what: str = Look.What.PLAN) -> None:
    """Keep that words of these parts of a plan have been shown to a member, wherever that was."""
    if parts:
        actions.look_at_plan(plan_id=plan_id, what=what, sections=parts, by=request.user, now=timezone.now())


@require_GET
def looks(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    who = request.GET.get("who", "")
    number = request.GET.get("page", "1")
    page = looks_page(plan_id=plan_id, viewer=request.user, now=timezone.now(), who=who, number=number)
    came_from = request.GET.get("from", "")
    back = reverse("sharing", kwargs={"plan_id": plan_id}) if came_from == "sharing" else reverse("me")
    return render(request, "cases/looks.html", {"page": page, "who": who, "came_from": came_from, "back": back})


@require_http_methods(["GET", "POST"])
def look_ask(request: HttpRequest, plan_id: UUID, number: int) -> HttpResponse:
    now = timezone.now()
    look = one_look(plan_id=plan_id, look_id=number, viewer=request.user, now=now)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.ask_about_look(
            plan_id=plan_id, look_id=number, words=form.cleaned_data["words"], by=request.user, now=now
        )
        messages.success(request, _("The team has your question. They talk about it when they meet next."))
        return redirect("looks", plan_id=plan_id)
    page = {"form": form, "look": look, "plan_id": plan_id}
    return render(request, "cases/look_ask.html", page, status=422 if form.errors else 200)
