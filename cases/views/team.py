"""The team's pages about one person and about today: what waits, a contact, the rhythm, how to say hello safely."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cases import actions
from cases.forms.team import BringForm, ContactForm, EmergencyForm, FilterForm, RhythmForm, ToldForm
from cases.queries.contact import bring_page, contact_page, rhythm_page
from cases.queries.emergency import whose_plan
from cases.queries.reach import reach_page
from cases.queries.safety import first_of_today
from cases.queries.today import today as today_query


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    wanted = form.wanted()
    now = timezone.now()
    page = today_query(viewer=request.user, now=now, wanted=wanted)
    first = first_of_today(viewer=request.user, now=now)
    return render(request, "cases/today.html", {"page": page, "first": first, "form": form, "wanted": wanted})


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    now = timezone.now()
    page = contact_page(plan_id=plan_id, viewer=request.user, now=now)
    local = timezone.localtime(now)
    form = ContactForm(request.POST or None, initial={"on": local.date(), "time": local.time(), "from_them": "us"})
    think_again: tuple[tuple[str, str], ...] = ()
    if request.method == "POST" and form.is_valid():
        think_again = form.unkind()
        if not think_again:
            kept = actions.keep_contact(
                plan_id=plan_id,
                at=form.at(now),
                way=form.cleaned_data["way"],
                went=form.cleaned_data["went"],
                from_them=form.cleaned_data["from_them"],
                words=form.cleaned_data["words"],
                by=request.user,
                now=now,
            )
            return redirect("contact_kept", plan_id, kept.pk)
    status = 422 if form.errors or think_again else 200
    return render(request, "cases/contact.html", {"page": page, "form": form, "again": think_again}, status=status)


@require_http_methods(["GET", "POST"])
def contact_kept(request: HttpRequest, plan_id: UUID, contact_id: UUID) -> HttpResponse:
    """What was written down, and what comes next; here somebody who was told can write down a stepping out."""
    now = timezone.now()
    page = contact_page(plan_id=plan_id, contact_id=contact_id, viewer=request.user, now=now)
    form = ToldForm(request.POST or None)
    think_again: tuple[tuple[str, str], ...] = ()
    if request.method == "POST" and form.is_valid():
        think_again = form.unkind()
        if not think_again:
            actions.step_out(
                plan_id=plan_id,
                said_in=contact_id,
                words=form.cleaned_data["words"],
                keep_hello=form.cleaned_data["keep_hello"],
                by=request.user,
                now=now,
            )
            messages.success(request, _("We have kept it. They can come back at any time, without a letter."))
            return redirect("today")
    status = 422 if form.errors or think_again else 200
    given = {"page": page, "form": form, "again": think_again}
    return render(request, "cases/contact_kept.html", given, status=status)


@require_http_methods(["GET", "POST"])
def rhythm(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    now = timezone.now()
    page = rhythm_page(plan_id=plan_id, viewer=request.user, now=now)
    form = RhythmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.agree_rhythm(plan_id=plan_id, days=form.cleaned_data["days"], by=request.user, now=now)
        return redirect("plan", plan_id)
    base = "base.html" if page.is_person else "base_team.html"
    given = {"page": page, "form": form, "base": base}
    return render(request, "cases/rhythm.html", given, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    now = timezone.now()
    page = bring_page(plan_id=plan_id, viewer=request.user, now=now)
    form = BringForm(request.POST or None)
    think_again: tuple[tuple[str, str], ...] = ()
    if request.method == "POST" and form.is_valid():
        think_again = form.unkind()
        if not think_again:
            actions.bring(plan_id=plan_id, why=form.cleaned_data["why"], by=request.user, now=now)
            messages.success(request, _("They are on the agenda of the next huddle."))
            return redirect("huddle")
    status = 422 if form.errors or think_again else 200
    return render(request, "cases/bring.html", {"page": page, "form": form, "again": think_again}, status=status)


@require_http_methods(["GET", "POST"])
def reach(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """How to say hello safely. It shows on a press, and each look is kept for the person to see."""
    now = timezone.now()
    page = reach_page(plan_id=plan_id, viewer=request.user, now=now)
    if request.method == "POST":
        actions.look_at_reach(plan_id=plan_id, by=request.user, now=now)
        return render(request, "cases/reach.html", {"page": page})
    return render(request, "cases/reach_ask.html", {"plan_id": plan_id, "name": page.name})


@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The door to a plan that is not theirs: asked for a reason first, and the person is told."""
    now = timezone.now()
    name = whose_plan(plan_id=plan_id, viewer=request.user, now=now)
    form = EmergencyForm(request.POST or None)
    think_again: tuple[tuple[str, str], ...] = ()
    if request.method == "POST" and form.is_valid():
        think_again = form.unkind()
        if not think_again:
            actions.open_in_emergency(plan_id=plan_id, why=form.cleaned_data["why"], by=request.user, now=now)
            return redirect("plan", plan_id)
    status = 422 if form.errors or think_again else 200
    return render(request, "cases/emergency.html", {"name": name, "form": form, "again": think_again}, status=status)
