"""What is told through somebody else, and on paper. Each translates: one query or one action, then a page or a redirect."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Via
from cases.pdf import CannotMake
from frontdoor import actions, paper, queries, visits
from frontdoor.forms.through import FormCode, PrintForm, WithForm


@require_http_methods(["GET", "HEAD", "POST"])
def hello(request: HttpRequest) -> HttpResponse:
    """D1, D2: a member begins for somebody who is with them, on the telephone, or who filled in paper."""
    if not queries.is_member(request.user):
        raise Http404
    return _with_somebody(request, member=True)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def helping(request: HttpRequest) -> HttpResponse:
    """D1 without an account: somebody helps a friend. A member does it as a member."""
    if queries.is_member(request.user):
        return redirect("hello")
    return _with_somebody(request, member=False)


def _with_somebody(request: HttpRequest, *, member: bool) -> HttpResponse:
    """Who is with you, then what to do before the first question, then the conversation."""
    address = reverse("hello" if member else "helping")
    given = request.POST if request.method == "POST" else request.GET
    form = WithForm(given if given else None, member=member)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "frontdoor/who_with.html", {"form": form, "member": member}, status=status)
    who = form.cleaned_data["who"]
    if who == "worried":
        return redirect("worried")
    context = {"who": who, "form": FormCode(request.POST if who == visits.PAPER and request.POST else None)}
    if request.method != "POST":
        return render(request, "frontdoor/with.html", {**context, "member": member, "to": address})
    whole, now = "whole" in request.POST or who == visits.PAPER, timezone.now()
    if not member:
        conversation_id = actions.begin(via=Via.HELPER, by=None, now=now)
        visits.hold(request, conversation_id, visits.SHARED, beside=who)
        return redirect("carry_on")
    try:
        if who == visits.PAPER:
            conversation_id = actions.take_up_form(code=request.POST.get("code", ""), by=request.user, now=now)
        else:
            conversation_id = actions.begin(via=visits.VIA_A_MEMBER[who], by=request.user, now=now)
    except actions.NotAForm:
        context["form"].not_waiting()
        return render(request, "frontdoor/with.html", {**context, "member": True, "to": address}, status=422)
    visits.hold(request, conversation_id, visits.SHARED, typed_by=request.user, beside=who, whole=whole)
    return redirect("carry_on")


@login_not_required
@require_safe
def paper_form(request: HttpRequest) -> HttpResponse:
    """D3: the questions on paper, for anybody; the code is written on the strip when it is handed in."""
    form = PrintForm(
        request.GET if "layout" in request.GET else None, languages=queries.languages_of_questions(), coded=False
    )
    if not form.is_valid():
        return render(request, "frontdoor/paper.html", {"form": form}, status=422 if form.errors else 200)
    return _on_paper(request, form, [""])


@require_http_methods(["GET", "HEAD", "POST"])
def paper_coded(request: HttpRequest) -> HttpResponse:
    """D3: as many paper forms as a member asks for, each with the code of its own that is on its strip."""
    if not queries.is_member(request.user):
        raise Http404
    form = PrintForm(
        request.POST if request.method == "POST" else None, languages=queries.languages_of_questions(), coded=True
    )
    if not form.is_valid():
        context = {"form": form, "member": True}
        return render(request, "frontdoor/paper.html", context, status=422 if form.errors else 200)
    made = actions.print_forms(count=form.cleaned_data["count"], by=request.user, now=timezone.now())
    return _on_paper(request, form, made)


def _on_paper(request: HttpRequest, form: PrintForm, printed: list[str]) -> HttpResponse:
    layout, language = form.cleaned_data["layout"], form.cleaned_data["language"]
    with translation.override(language):
        asked = queries.script_in_force(easy=layout == "easy")
    try:
        made = paper.form_pdf(asked, layout=layout, language=language, codes=printed)
    except CannotMake:
        context = {"form": form, "cannot_make": True, "member": "count" in form.fields}
        return render(request, "frontdoor/paper.html", context, status=503)
    name = _("form") + ".pdf"
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
