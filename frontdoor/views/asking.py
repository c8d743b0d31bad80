"""Before a member asks somebody something: what they have said already. One query or one action, then a page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cases import actions
from cases.queries.asking import asked_page, bank
from cases.views.looking import keep_look_at
from frontdoor.forms.asking import AskForm
from frontdoor.queries.asking import question_to_ask, topics_to_ask
from teams import typed


@require_GET
def ask(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Every question of the bank, each with whether the person has answered it."""
    page = bank(plan_id=plan_id, viewer=request.user, now=timezone.now())
    keep_look_at(request, plan_id, page.parts())
    return render(request, "frontdoor/ask.html", {"page": page, "topics": topics_to_ask(page)})


@require_http_methods(["GET", "HEAD", "POST"])
def ask_question(request: HttpRequest, plan_id: UUID, question: str) -> HttpResponse:
    """What they said, whose words, and when; and asking again all the same, with a reason they can read."""
    now = timezone.now()
    page = bank(plan_id=plan_id, viewer=request.user, now=now)
    asked = question_to_ask(question)
    if asked is None:
        raise Http404
    form = AskForm(typed.given(request))
    if request.method == "POST" and not form.switching:
        why = request.POST.get("why", "")
        try:
            actions.ask(plan_id=plan_id, question=question, asks=asked.asks, why=why, by=request.user, now=now)
        except actions.NothingWritten:
            form.no_reason()
        else:
            messages.success(request, _("It is written down that you asked. Write what they say in their plan."))
            return redirect("plan", plan_id)
    keep_look_at(request, plan_id, page.parts(question))
    context = {"page": page, "question": asked, "said": page.said.get(question, ()), "form": form}
    return render(request, "frontdoor/ask_question.html", context, status=422 if form.errors else 200)


@require_GET
def asked(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """What the team has asked the person, for them to read."""
    rows = asked_page(plan_id=plan_id, viewer=request.user, now=timezone.now())
    return render(request, "frontdoor/asked.html", {"rows": rows, "plan_id": plan_id})
