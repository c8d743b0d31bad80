"""The way back in, with a code and a name; and a new code for somebody who lost theirs."""

from __future__ import annotations

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from frontdoor import actions, queries, slowing, visits
from frontdoor.forms.back import BackForm


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Back in with a code and a name: on with a draft, or to one's own page.

    A member goes on for the person who tells them both, and stays signed in as themselves. A page of somebody's own is
    never opened so: that takes their code on a screen where no member is signed in.
    """
    if request.method != "POST":
        return _page(request, BackForm())
    form = BackForm(request.POST)
    if form.switching:
        return _page(request, form)
    network, now = get_adapter().get_client_ip(request), timezone.now()
    wait = slowing.wait_for(network, now)
    if wait:
        form.wait(wait, at="code")
        answer = _page(request, form, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    found = queries.find(
        code=request.POST.get("code", ""), name=request.POST.get("name", ""), word=request.POST.get("word", "")
    )
    if found is None:
        slowing.one_more(network, now)
        form.not_found()
        return _page(request, form, status=422)
    if queries.is_member(request.user):
        if found.user is not None:
            return _page(request, BackForm(), sent=True)
        how = request.POST.get("phone")
        how = how if how in {visits.TELEPHONE, visits.PAPER} else visits.HERE
        visits.hold(
            request,
            found.conversation_id,
            visits.SHARED,
            typed_by=request.user,
            beside=how,
            whole=how == visits.PAPER,
        )
        return redirect("carry_on")
    phone = visits.phone_of(request.POST.get("phone", ""))
    visits.hold(request, found.conversation_id, phone)
    if found.user is None:
        return redirect("carry_on")
    visits.sign_in(request, found.user, phone)
    return redirect("me")


def _page(request: HttpRequest, form: BackForm, *, status: int = 200, sent: bool = False) -> HttpResponse:
    """``sent`` says to a member that this one is sent, so that they cannot go on with it."""
    context = {"form": form, "carries_on": queries.is_member(request.user), "sent": sent}
    return render(request, "frontdoor/back.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new_code(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """A new code for somebody who lost theirs, made face to face. It is shown once."""
    now = timezone.now()
    name = queries.whose_code(viewer=request.user, plan_id=plan_id, now=now)
    code = actions.reissue_code(plan_id=plan_id, by=request.user, now=now) if request.method == "POST" else ""
    return render(request, "frontdoor/new_code.html", {"plan_id": plan_id, "name": name, "code": code})
