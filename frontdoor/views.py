"""The pages of the front door. Each translates: one query or one action, then a page or a redirect."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from frontdoor import actions, helplines, more_queries, queries, safety, slowing, visits
from frontdoor.forms import BackForm, MoreForm, PageForm, SendForm
from frontdoor.queries import Draft
from frontdoor.script import Answers, Page, Script

logger = logging.getLogger(__name__)

OUTSIDE = "https://www.bbc.co.uk/weather"
AFTERWARDS = {"more", "more_saved"}  # pages that Continue may lead to from help for right now, by name


class SeeOther(HttpResponseRedirectBase):
    """After a form was sent: what to look at next, by GET."""

    status_code = 303


# -- The way through the conversation


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """A1: the first page, and the two buttons that begin a conversation."""
    if request.method != "POST":
        return render(request, "frontdoor/door.html")
    if request.POST.get("website"):  # only a robot fills in what nobody can see
        return SeeOther(reverse("door"))
    if queries.is_person(request.user):
        return SeeOther(reverse("me"))
    phone = visits.phone_of(request.POST.get("phone", ""))
    draft = queries.draft(conversation_id=visits.held(request))
    if draft and not draft.sent and phone == visits.OWN and visits.is_own_phone(request):
        return SeeOther(reverse("carry_on"))
    by = request.user if queries.is_member(request.user) else None
    conversation_id = actions.begin(via=visits.VIA[phone], by=by, now=timezone.now())
    visits.hold(request, conversation_id, phone, typed_by=by)
    return SeeOther(_address(queries.script_in_force().hello[0]))


@login_not_required
@require_GET
def carry_on(request: HttpRequest) -> HttpResponse:
    """Back to where somebody was, wherever that is."""
    draft = queries.draft(conversation_id=visits.held(request))
    if draft is None:
        if queries.is_member(request.user):
            return SeeOther(reverse("today"))
        return SeeOther(reverse("me" if queries.is_person(request.user) else "door"))
    if draft.sent:
        return SeeOther(reverse("thanks"))
    at = draft.script.by_number.get(request.session.get("at", 0))
    if at and at.is_asked(draft.answers):
        return SeeOther(_address(at))
    return SeeOther(_address(draft.script.first_not_seen(draft.answers)))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, page: int) -> HttpResponse:
    """One page of the conversation (A2 to A7)."""
    draft = queries.draft(conversation_id=visits.held(request))
    found = _page(draft, page)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _keep(request, found, draft)
    if draft is None:
        return _ended(request)
    if draft.sent:
        return SeeOther(reverse("thanks"))
    if not found.is_asked(draft.answers):
        return SeeOther(reverse("carry_on"))
    if request.session.get("at") != found.number:
        request.session["at"] = found.number
    form = PageForm(found, answers=draft.answers, visit=visits.seal(draft.id))
    return _talk_page(request, found, draft, form)


def _page(draft: Draft | None, number: int) -> Page | None:
    """A page of the short path: of the version that the conversation began with, or else of the one in force."""
    script = draft.script if draft else queries.script_in_force()
    return next((page for page in script.hello if page.number == number), None)


def _keep(request: HttpRequest, page: Page, draft: Draft | None) -> HttpResponse:
    """Keep what came in, whatever was pressed, and say where to go on."""
    mark = visits.sealed(request.POST.get("visit", ""))
    mine = draft is not None and mark in {None, draft.id}
    conversation_id = draft.id if draft and mine else mark
    form = PageForm(page, answers={}, visit="", data=request.POST)
    skipped = "skip" in request.POST
    said = dict.fromkeys(form.said(), "") if skipped else form.said()
    if conversation_id is None:
        return _ended(request)
    try:
        actions.answer(conversation_id=conversation_id, answers=said, by=None, now=timezone.now(), skipped=skipped)
    except actions.AlreadySent:
        return SeeOther(reverse("thanks")) if mine else _ended(request)
    if "autosave" in request.POST:
        return HttpResponse(status=204)
    if draft is None or not mine:
        return _ended(request)
    answers = draft.answers if skipped else {**draft.answers, **said}
    if not (skipped or _leaves(request) or form.is_valid()):
        form.come_back()
        return _talk_page(request, page, draft, form, status=422)
    return _go_on(request, draft.script, page, {**dict.fromkeys(said, ""), **answers})


def _leaves(request: HttpRequest) -> bool:
    """Whether something other than Continue was pressed, so that nothing has to be checked now."""
    return "stop" in request.POST or "list" in request.POST


def _go_on(request: HttpRequest, script: Script, page: Page, answers: Answers) -> HttpResponse:
    if "stop" in request.POST:
        after = reverse("saved")
    elif "list" in request.POST:
        after = _address(script.by_name["topics"])
    elif request.GET.get("then") == "check":
        after = _address(script.first_not_seen(answers), then_check=True)
    else:
        after = _address(script.next_page(page, answers))
    if "skip" not in request.POST and safety.help_first(page.questions, answers):
        return SeeOther(f"{reverse('help_now')}?to={after.removeprefix(reverse('carry_on'))}")
    return SeeOther(after)


def _address(page: Page | None, *, then_check: bool = False) -> str:
    """The address of a page; after the last comes the check page."""
    if page is None:
        return reverse("check")
    return reverse("talk", args=[page.number]) + ("?then=check" if then_check else "")


def _talk_page(
    request: HttpRequest, page: Page, draft: Draft | None, form: PageForm, *, status: int = 200
) -> HttpResponse:
    answers = draft.answers if draft else {}
    before = draft.script.page_before(page, answers) if draft else None
    checking = request.GET.get("then") == "check"
    context = {
        "page": page,
        "form": form,
        "back": reverse("check") if checking else _address(before) if before else reverse("door"),
        "code": draft.code if draft else "",
        "our_text": queries.usual_message(draft, timezone.now()) if draft and page.name == "text" else "",
    }
    return render(request, "frontdoor/talk.html", context, status=status)


def _ended(request: HttpRequest) -> HttpResponse:
    """The visit is over; the words are not."""
    if "autosave" in request.POST:
        return HttpResponse(status=403)
    return render(request, "frontdoor/visit_ended.html")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """A8: everything that was said, and the one press that sends it."""
    draft = queries.draft(conversation_id=visits.held(request))
    if draft is None:
        return _ended(request)
    if draft.sent:
        return SeeOther(reverse("thanks"))
    form = SendForm(request.POST if request.method == "POST" else None, initial={"visit": visits.seal(draft.id)})
    if request.method == "POST":
        if visits.sealed(request.POST.get("visit", "")) != draft.id:
            return _ended(request)
        try:
            person = actions.send(
                conversation_id=draft.id, by=None, now=timezone.now(), only_hello="hello" in request.POST
            )
        except actions.NothingSaid:
            form.nothing_said()
        else:
            if visits.is_own_phone(request) and not request.user.is_authenticated:
                visits.sign_in(request, person.user, visits.OWN)
            return SeeOther(reverse("thanks"))
    request.session["at"] = 0
    context = {
        "form": form,
        "rows": queries.check_rows(draft.script, draft.answers),
        "back": _address(draft.script.pages_for(draft.answers)[-1]),
        "first_message": queries.first_message(draft, timezone.now()),
        "hello": form.errors and form.tried > 1,
    }
    return render(request, "frontdoor/check.html", context, status=422 if form.errors else 200)


@login_not_required
@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """A9: who says hello, how and by when; the code; and what happens now."""
    found = queries.thanks(viewer=request.user, conversation_id=visits.held(request), now=timezone.now())
    if found is None:
        return SeeOther(reverse("carry_on"))
    return render(request, "frontdoor/thanks.html", {"thanks": found})


@login_not_required
@require_GET
def saved(request: HttpRequest) -> HttpResponse:
    """Save and stop: the code, how long the words are kept, and the ways to go on."""
    draft = queries.draft(conversation_id=visits.held(request))
    if draft is None:
        return _ended(request)
    if draft.sent:
        return SeeOther(reverse("thanks"))
    return render(request, "frontdoor/saved.html", {"draft": draft, "shared": not visits.is_own_phone(request)})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_draft(request: HttpRequest) -> HttpResponse:
    """Delete everything that was written, after asking once."""
    draft = queries.draft(conversation_id=visits.held(request))
    if draft is None:
        return _ended(request)
    if draft.sent:
        return SeeOther(reverse("thanks"))
    if request.method != "POST":
        return render(request, "frontdoor/delete_draft.html")
    actions.delete_draft(conversation_id=draft.id, by=None, now=timezone.now())
    request.session.pop("conversation")
    return SeeOther(reverse("door"))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Back in with a code and a name: on with a draft, or to one's own page."""
    if request.method != "POST":
        return render(request, "frontdoor/back.html", {"form": BackForm()})
    form = BackForm(request.POST)
    network, now = get_adapter().get_client_ip(request), timezone.now()
    wait = slowing.wait_for(network, now)
    if wait:
        form.wait(wait)
        answer = render(request, "frontdoor/back.html", {"form": form}, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    found = queries.find(
        code=request.POST.get("code", ""), name=request.POST.get("name", ""), word=request.POST.get("word", "")
    )
    if found is None:
        slowing.one_more(network, now)
        form.not_found()
        return render(request, "frontdoor/back.html", {"form": form}, status=422)
    phone = visits.phone_of(request.POST.get("phone", ""))
    visits.hold(request, found.conversation_id, phone)
    if found.user is None:
        return SeeOther(reverse("carry_on"))
    visits.sign_in(request, found.user, phone)
    return SeeOther(reverse("me"))


@require_http_methods(["GET", "HEAD", "POST"])
def new_code(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """A new code for somebody who lost theirs, made face to face. It is shown once."""
    now = timezone.now()
    name = queries.whose_code(viewer=request.user, plan_id=plan_id, now=now)
    code = actions.reissue_code(plan_id=plan_id, by=request.user, now=now) if request.method == "POST" else ""
    return render(request, "frontdoor/new_code.html", {"plan_id": plan_id, "name": name, "code": code})


# -- Pages that need no visit


@login_not_required
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """X1: help for right now. It asks nothing of the database and keeps nothing, so that it is always there."""
    is_open, reads = queries.reading_now(timezone.now())
    context = {
        "first": helplines.FIRST,
        "more": helplines.MORE,
        "to": _next_after_help(request.GET.get("to", "")),
        "is_open": is_open,
        "reads": reads,
    }
    return render(request, "frontdoor/help_now.html", context)


def _next_after_help(to: str) -> str:
    """The page of ours that Continue leads to; "" when this names none of them."""
    if to in AFTERWARDS:
        return reverse(to)
    page, _question, then = to.partition("?")
    try:
        match = resolve(reverse("carry_on") + page)
    except Resolver404:
        return ""
    if match.url_name not in {"talk", "check", "saved", "worried_thanks"}:
        return ""
    return reverse(match.view_name, kwargs=match.kwargs) + ("?then=check" if then == "then=check" else "")


@login_not_required
@require_safe
def staying_safe(request: HttpRequest) -> HttpResponse:
    """X2: what Leave does and does not do."""
    return render(request, "frontdoor/staying_safe.html")


@login_not_required
@require_safe
def who_sees(request: HttpRequest) -> HttpResponse:
    """A7's text, and straight answers to what people ask."""
    return render(request, "frontdoor/who_sees.html", {"page": queries.script_in_force().by_name["see"]})


@login_not_required
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Out, fast: the visit ends, whoever was signed in is signed out, and what was written is kept."""
    try:
        logout(request)
    except DatabaseError:
        # Nobody waits here for a database. The cookie goes in any case.
        logger.warning("a visit was left while the database was away")
        request.session = type(request.session)()
    answer = SeeOther(OUTSIDE)
    answer.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    answer["Clear-Site-Data"] = '"cache"'
    return answer


# -- When something is wrong: pages that ask nothing of anything that could be what broke


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open longer than its form was good for. What was typed comes back, and Continue works again."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return _static("404.html", 404)
    asked = more_queries.page_of(match.kwargs["page"], "") if match.url_name == "more_page" else None
    if asked:
        more = MoreForm(more_queries.blank_topic(*asked), data=request.POST)
        context = {"page": more.page, "form": more, "open_long": True}
        return render(request, "frontdoor/more_page.html", context, status=403)
    draft = queries.draft(conversation_id=visits.held(request)) if match.url_name == "talk" else None
    page = _page(draft, match.kwargs["page"]) if match.url_name == "talk" else None
    if page:
        form = PageForm(page, answers={}, visit="", data=request.POST)
        return render(
            request,
            "frontdoor/talk.html",
            {"page": page, "form": form, "back": reverse("carry_on"), "open_long": True},
            status=403,
        )
    # Only a browser that vouches for the form being ours gets its words back under a button: another site could put
    # words into somebody's mouth.
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    typed = [
        (name, value)
        for name, values in (request.POST.lists() if ours else [])
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    return render(request, "frontdoor/csrf_failure.html", {"typed": typed}, status=403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _static("400.html", 400)


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _static("403.html", 403)


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _static("404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _static("500.html", 500)


def _static(template: str, status: int) -> HttpResponse:
    words = render_to_string(template, {"frame": {"phone": settings.TEAM_PHONE}})
    return HttpResponse(words, status=status)
