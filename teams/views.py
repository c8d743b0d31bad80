"""Signing in, the team's page, invitations, and the page for the machine that watches."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmLoginCodeView, LogoutView, RequestLoginCodeView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import actions, forms, queries
from teams.health import health as ask_health


class AskForCode(RequestLoginCodeView):
    """Where a code goes to. Asking again, or for another address, begins anew."""

    form_class = forms.AskForCode

    def get_initial(self) -> dict[str, Any]:
        """An address that was typed a page before is not asked for again."""
        return {**super().get_initial(), "to": self.request.session.pop("typed_address", "")}

    def get_form_class(self) -> type[forms.AskForCode]:
        return self.form_class

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Whoever comes back here has a reason to, such as a wrong address."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Where nobody has this address the same is done, with nothing to show for it: allauth does less."""
        if form.user is None:
            adapter = get_adapter()
            adapter.offer(form.channel, form.cleaned_data["to"], adapter.generate_login_code())
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class GiveCode(ConfirmLoginCodeView):
    """The code, in the browser that asked for it. The third wrong one ends it."""

    form_class = forms.GiveCode

    def get_form_class(self) -> type[forms.GiveCode]:
        return self.form_class

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if response.status_code == 200:
            response.status_code = 422
        return response


ask_for_code = AskForCode.as_view()
give_code = GiveCode.as_view()
sign_out = LogoutView.as_view()


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    """Who is in the team; those who lead it invite others here."""
    now = timezone.now()
    page = queries.team_page(viewer=request.user, now=now)
    form = forms.Invite(request.POST or None, organisations=page.organisations)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.invite(
                team_id=page.id,
                name=given["name"],
                email=given["email"],
                role=given["role"],
                organisation=int(given["organisation"])
                if given["organisation"]
                else actions.NewOrganisation(given["new_organisation"], given["sector"]),
                by=request.user,
                now=now,
            )
            return redirect("team")
        except actions.HereAlready:
            form.add_error("email", _("They are in the team already."))
    return render(request, "teams/team.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@require_POST
def rota(request: HttpRequest, member_id: UUID) -> HttpResponse:
    says_hello = request.POST.get("says_hello") == "1"
    actions.set_rota(member_id=member_id, says_hello=says_hello, by=request.user, now=timezone.now())
    return redirect("team")


@require_POST
def may_open(request: HttpRequest, member_id: UUID) -> HttpResponse:
    allowed = request.POST.get("may_open") == "1"
    actions.set_may_open(member_id=member_id, may_open=allowed, by=request.user, now=timezone.now())
    return redirect("team")


@require_POST
def safeguards(request: HttpRequest, member_id: UUID) -> HttpResponse:
    leads_on_it = request.POST.get("safeguards") == "1"
    actions.set_safeguards(member_id=member_id, safeguards=leads_on_it, by=request.user, now=timezone.now())
    return redirect("team")


@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """The days of the week on which a member is on duty."""
    page = queries.duty_page(viewer=request.user, member_id=member_id)
    form = forms.Duty(request.POST if request.method == "POST" else None, initial={"days": page.days})
    if request.method == "POST" and form.is_valid():
        actions.set_duty(member_id=member_id, days=form.cleaned_data["days"], by=request.user, now=timezone.now())
        return redirect("team")
    return render(request, "teams/duty.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end_membership(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Asked once more before it happens: it ends every visit of theirs."""
    if request.method == "POST":
        actions.end_membership(member_id=member_id, by=request.user, now=timezone.now())
        return redirect("team")
    name = queries.member_name(viewer=request.user, member_id=member_id)
    return render(request, "teams/end_membership.html", {"name": name})


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """What they typed in pages that closed, to go on with or to throw away."""
    found = queries.typed(viewer=request.user, now=timezone.now())
    return render(request, "account/kept.html", {"kept": found, "home": get_adapter().get_login_redirect_url(request)})


@require_POST
def kept_drop(request: HttpRequest, typed_id: UUID) -> HttpResponse:
    actions.forget_typed(typed_id=typed_id, by=request.user, now=timezone.now())
    return redirect("kept")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, since machines look at links in e-mails too; the press signs this browser in."""
    now = timezone.now()
    if request.method == "POST":
        try:
            user = actions.accept_invitation(token=token, now=now)
        except actions.InvitationOver:
            return render(request, "teams/invitation.html", {"invitation": None}, status=404)
        get_adapter().login(request, user)
        return redirect("today")
    found = queries.invitation(token=token, now=now)
    return render(request, "teams/invitation.html", {"invitation": found}, status=200 if found else 404)


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    found = ask_health(now=timezone.now())
    return JsonResponse({"well": found.well, **asdict(found)}, status=200 if found.well else 503)
