"""The person's own pages: what happens next, how to reach them, stepping out and coming back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import actions
from cases.forms.person.own import BackForm, QuietForm, SomeoneElseForm, SoonForm, StepOutForm, WayForm, WordForm
from cases.models import Way
from cases.pace import Pace
from cases.queries.me import my_page, plan_of, walks_with_me
from cases.queries.supporters import supports
from cases.queries.ways import my_ways
from teams.actions import set_word
from teams.permissions import NotKnown

LEAVE_BE = timedelta(weeks=4)


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    try:
        page = my_page(viewer=request.user, now=timezone.now())
    except NotKnown:
        if supports(viewer=request.user):
            return redirect("shared")
        raise
    return render(request, "cases/me.html", {"page": page, "form": BackForm()})


@require_http_methods(["GET", "POST"])
def soon(request: HttpRequest) -> HttpResponse:
    plan_id = plan_of(request.user)
    form = SoonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pace = form.cleaned_data["pace"]
        actions.talk_soon(plan_id=plan_id, pace=pace, by=request.user, now=timezone.now())
        return redirect("help_now" if pace == Pace.NOT_SAFE else "me")
    return render(request, "cases/soon.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def just_quiet(request: HttpRequest) -> HttpResponse:
    """One press leaves somebody be for four weeks; the page that answers lets them pick another length."""
    now, plan_id = timezone.now(), plan_of(request.user)
    if request.method == "GET":
        return redirect("me")
    form = QuietForm(request.POST if "days" in request.POST else {"days": LEAVE_BE.days})
    status = 200
    if form.is_valid():
        until = timezone.localdate(now) + timedelta(days=form.cleaned_data["days"])
        actions.leave_me_be(plan_id=plan_id, until=until, by=request.user, now=now)
    else:
        until, status = None, 422
    return render(request, "cases/just_quiet.html", {"form": form, "until": until}, status=status)


@require_http_methods(["GET", "POST"])
def someone_else(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Ask the team for somebody else to walk with them, without having to say why."""
    now = timezone.now()
    walkers = walks_with_me(plan_id=plan_id, viewer=request.user, now=now)
    form = SomeoneElseForm(request.POST or None, walkers=walkers)
    if request.method == "POST" and form.is_valid():
        asked = {"instead_of": form.cleaned_data.get("who"), "words": form.cleaned_data["words"]}
        actions.ask_for_someone_else(plan_id=plan_id, by=request.user, now=now, **asked)
        messages.success(request, _("The team has it. They talk about it when they meet next."))
        return redirect(f"{reverse('plan', kwargs={'plan_id': plan_id})}#people")
    page = {"form": form, "plan_id": plan_id, "walkers": walkers}
    return render(request, "cases/someone_else.html", page, status=422 if form.errors else 200)


@require_GET
def ways(request: HttpRequest) -> HttpResponse:
    mine = my_ways(viewer=request.user, now=timezone.now())
    unused = [(kind, label) for kind, label in Way.Kind.choices if kind not in {way.kind for way in mine}]
    return render(request, "cases/ways.html", {"ways": mine, "unused": unused})


@require_http_methods(["GET", "POST"])
def way(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in Way.Kind.values:
        raise NotKnown
    now, plan_id = timezone.now(), plan_of(request.user)
    known = next((way for way in my_ways(viewer=request.user, now=now) if way.kind == kind), None)
    initial = {name: getattr(known, name) for name in WayForm.base_fields} if known else {}
    form = WayForm(request.POST or None, initial=initial, kind=kind)
    if request.method == "POST" and "stop" in request.POST:
        actions.set_way(plan_id=plan_id, kind=kind, ended=True, by=request.user, now=now)
        return redirect("ways")
    if request.method == "POST" and form.is_valid():
        actions.set_way(plan_id=plan_id, kind=kind, by=request.user, now=now, **form.cleaned_data)
        return redirect("ways")
    page = {"form": form, "title": Way.Kind(kind).label, "known": known, "kind": kind}
    return render(request, "cases/way.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def word(request: HttpRequest) -> HttpResponse:
    """A word only they know, asked for beside the code from now on."""
    plan_of(request.user)
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = set_word(word=form.cleaned_data["word"], by=request.user, now=timezone.now())
        update_session_auth_hash(request, account)
        return redirect("me")
    page = {"form": form, "has_one": request.user.is_authenticated and request.user.has_usable_password()}
    return render(request, "cases/word.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def step_out(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = my_page(viewer=request.user, now=now)
    form = StepOutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.step_out(
            plan_id=page.plan_id,
            by=request.user,
            now=now,
            words=form.cleaned_data["words"],
            keep_hello=form.cleaned_data["keep_hello"] == "yes",
        )
        return redirect("me")
    return render(request, "cases/step_out.html", {"form": form, "page": page}, status=422 if form.errors else 200)


@require_POST
def come_back(request: HttpRequest) -> HttpResponse:
    page = my_page(viewer=request.user, now=timezone.now())
    form = BackForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/me.html", {"page": page, "form": form}, status=422 if form.errors else 200)
    actions.come_back(plan_id=page.plan_id, by=request.user, now=timezone.now(), **form.cleaned_data)
    return redirect("me")
