"""What stands beside the conversation: answers about oneself, a worry about somebody else, and the team's help lines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from cases.actions import NoFrontDoor, tell_worry
from frontdoor import actions, fair, queries, safety, slowing, visits
from frontdoor.forms.beside import AboutForm, LineForm, WorryForm
from frontdoor.queries import beside as beside_queries
from teams import typed
from teams.permissions import NotKnown

WORRY = "worry"


# -- A10: a few things about you, after sending


@login_not_required
@require_GET
def about_me(request: HttpRequest) -> HttpResponse:
    """Why we ask, and what the person answered; a visit that only sent something reads nothing back."""
    try:
        page = beside_queries.about_me(viewer=request.user, conversation_id=visits.held(request))
    except NotKnown:
        return redirect("carry_on")
    return render(request, "frontdoor/about_me.html", {"page": page, "first": fair.QUESTIONS[0].address})


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def about_question(request: HttpRequest, question: str) -> HttpResponse:
    """One question. Skip this goes on and changes nothing; an answer can be taken out again."""
    asked = fair.BY_ADDRESS.get(question)
    if asked is None:
        raise Http404
    held: UUID | None = visits.held(request)
    try:
        said = beside_queries.said_about(viewer=request.user, conversation_id=held).get(asked.id)
    except NotKnown:
        return redirect("carry_on")
    if request.method != "POST":
        return _about_page(request, asked, AboutForm(asked, said=said), said)
    now: Any = timezone.now()
    if "forget" in request.POST:
        actions.forget_fair_answers(questions=[asked.id], by=request.user, now=now)
        return redirect("about_me")
    if "skip" in request.POST:
        return _about_next(asked, "", said)
    form = AboutForm(asked, data=request.POST)
    if not form.is_valid():
        return _about_page(request, asked, form, said, status=422 if form.errors else 200)
    given = form.cleaned_data
    if given["choice"]:
        actions.keep_fair_answer(
            conversation_id=held,
            question=asked.id,
            choice=given["choice"],
            own_words=given.get("own_words", "").strip(),
            by=request.user,
            now=now,
        )
    return _about_next(asked, given["choice"], said)


def _about_next(asked: fair.Question, choice: str, said: beside_queries.Said | None) -> HttpResponse:
    after = fair.question_after(asked, choice or (said.choice if said else ""))
    return redirect(reverse("about_question", args=[after.address]) if after else reverse("about_done"))


def _about_page(
    request: HttpRequest,
    asked: fair.Question,
    form: AboutForm,
    said: beside_queries.Said | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "question": asked, "said": said}
    return render(request, "frontdoor/about_question.html", context, status=status)


@login_not_required
@require_GET
def about_done(request: HttpRequest) -> HttpResponse:
    """After the last question: the person sees what they said, and a visit that only sent something is thanked."""
    if queries.is_person(request.user):
        return redirect("about_me")
    return render(request, "frontdoor/about_done.html")


@login_not_required
@require_POST
def about_forget(request: HttpRequest) -> HttpResponse:
    """Delete every answer, at once."""
    questions = [question.id for question in fair.QUESTIONS]
    try:
        actions.forget_fair_answers(questions=questions, by=request.user, now=timezone.now())
    except NotKnown:
        return redirect("carry_on")
    return redirect("about_me")


@require_GET
def fair_counts(request: HttpRequest) -> HttpResponse:
    """Who comes to us, in numbers that name nobody."""
    page = beside_queries.fair_counts(viewer=request.user, now=timezone.now())
    return render(request, "frontdoor/fair_counts.html", {"page": page})


# -- C3: I am worried about someone


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def worried(request: HttpRequest) -> HttpResponse:
    """Anyone may tell us, without an account. What comes back never says whether we know the other person."""
    if request.method != "POST":
        return render(request, "frontdoor/worried.html", {"form": WorryForm()})
    if request.POST.get("website"):  # only a robot fills in what nobody can see
        return redirect("worried")
    form = WorryForm(request.POST)
    network, now = get_adapter().get_client_ip(request), timezone.now()
    if not form.is_valid():
        return render(request, "frontdoor/worried.html", {"form": form}, status=422 if form.errors else 200)
    wait = slowing.wait_for(network, now, door=WORRY)
    if wait:
        form.wait(wait)
        answer = render(request, "frontdoor/worried.html", {"form": form}, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    given = {name: form.cleaned_data[name] for name in ("who", "why", "seen", "teller", "reach", "may_say")}
    lifted = any(safety.worrying(given[name]) for name in ("who", "why", "seen"))
    by = request.user if request.user.is_authenticated else None
    try:
        tell_worry(**given, lifted=lifted, by=by, now=now)
    except NoFrontDoor:
        form.not_yet()
        return render(request, "frontdoor/worried.html", {"form": form}, status=422)
    slowing.one_more(network, now, door=WORRY)
    thanks = reverse("worried_thanks")
    if lifted:
        return redirect(f"{reverse('help_now')}?to={thanks.removeprefix(reverse('carry_on'))}")
    return redirect(thanks)


@login_not_required
@require_safe
def worried_thanks(request: HttpRequest) -> HttpResponse:
    """That we have it, and when somebody reads it: the same for everybody, whoever they told us about."""
    is_open, reads = queries.reading_now(timezone.now())
    return render(request, "frontdoor/worried_thanks.html", {"is_open": is_open, "reads": reads})


# -- The help lines, for the team


@require_GET
def line_checks(request: HttpRequest) -> HttpResponse:
    """Every help line, and when somebody last tried it."""
    rows = beside_queries.line_checks(viewer=request.user, now=timezone.now())
    return render(request, "frontdoor/line_checks.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def line_check(request: HttpRequest, line_id: str) -> HttpResponse:
    """One line, and the press that says: I tried it today."""
    line = beside_queries.one_line(viewer=request.user, line_id=line_id)
    form = LineForm(typed.given(request))
    if request.method == "POST" and form.is_valid():
        actions.check_line(line_id=line_id, note=form.cleaned_data["note"], by=request.user, now=timezone.now())
        return redirect("line_checks")
    status = 422 if form.errors else 200
    return render(request, "frontdoor/line_check.html", {"line": line, "form": form}, status=status)
