"""Their people: asked by the person, seen by nobody else; and the pages of somebody who was asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import actions
from cases.forms.person.supporters import AskSomebodyForm, JoinForm, SupporterForm
from cases.queries.supporters import one_supporter, opens_soon, people_page, shared_with, who_asks


@require_GET
def people(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    found = people_page(plan_id=plan_id, viewer=request.user, now=timezone.now())
    given = request.session.pop(f"link:{plan_id}", None)
    return render(request, "cases/people.html", {"people": found, "plan_id": plan_id, "given": given})


@require_http_methods(["GET", "POST"])
def supporter_add(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The link is on the page after it, once: whoever loads that page again asks nobody again, and finds it gone."""
    now = timezone.now()
    people_page(plan_id=plan_id, viewer=request.user, now=now)
    form = AskSomebodyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.chosen(now)
        link = actions.invite_supporter(plan_id=plan_id, by=request.user, now=now, **given)
        if given["email"]:
            messages.success(request, _("We have sent the link."))
        else:
            request.session[f"link:{plan_id}"] = {"link": link, "name": given["name"]}
        return redirect("people", plan_id=plan_id)
    page = {"form": form, "plan_id": plan_id}
    return render(request, "cases/supporter_add.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def supporter(request: HttpRequest, plan_id: UUID, supporter_id: UUID) -> HttpResponse:
    now = timezone.now()
    found = one_supporter(plan_id=plan_id, supporter_id=supporter_id, viewer=request.user, now=now)
    initial = {name: getattr(found, name) for name in ("sees", "adds", "may_call", "only_if")}
    form = SupporterForm(request.POST or None, end=found.until, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.choose_for_supporter(
            plan_id=plan_id, supporter_id=supporter_id, by=request.user, now=now, **form.chosen(now)
        )
        return redirect("people", plan_id=plan_id)
    page = {"form": form, "supporter": found, "plan_id": plan_id}
    return render(request, "cases/supporter.html", page, status=422 if form.errors else 200)


@require_POST
def supporter_end(request: HttpRequest, plan_id: UUID, supporter_id: UUID) -> HttpResponse:
    actions.end_supporter(plan_id=plan_id, supporter_id=supporter_id, by=request.user, now=timezone.now())
    messages.success(request, _("It has ended, at once. We will not tell them why."))
    return redirect("people", plan_id=plan_id)


@require_GET
def shared(request: HttpRequest) -> HttpResponse:
    """What is shared with somebody who was asked; else only that it opens soon, or that the page has ended."""
    now = timezone.now()
    found, day = shared_with(viewer=request.user, now=now), opens_soon(viewer=request.user, now=now)
    page = "shared" if found else "shared_soon" if day else "shared_over"
    return render(request, f"cases/{page}.html", {"plans": found, "day": day})


@login_not_required
@require_http_methods(["GET", "POST"])
def shared_join(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, and the press signs nobody in: a code goes to the address that was typed."""
    now = timezone.now()
    asks = who_asks(token=token, now=now)
    if asks is None:
        return render(request, "cases/shared_join.html", {"asks": None}, status=404)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        channel, to = form.cleaned_data["to"]
        try:
            actions.accept_support(token=token, channel=channel, to=to, now=now)
        except actions.LinkOver:
            return render(request, "cases/shared_join.html", {"asks": None}, status=404)
        if request.user.is_authenticated:
            actions.join_supports(by=request.user, now=now)  # no code is asked of whoever is in already
        messages.success(request, _("Thank you. Your yes is kept. Press the button to get your code."))
        request.session["typed_address"] = form["to"].value()  # asked once: the next page has it already
        return redirect("account_login")
    page = {"asks": asks, "form": form}
    return render(request, "cases/shared_join.html", page, status=422 if form.errors else 200)


def bring_supports(request: HttpRequest, user: Any, **_more: Any) -> None:
    """At signing in: what they said yes to by this address is theirs now."""
    actions.join_supports(by=user, now=timezone.now())
