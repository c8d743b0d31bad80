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
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from frontdoor import actions, helplines, queries, safety, slowing, visits
from frontdoor.forms.conversation import BackForm, DraftWord, MoreForm, PageForm, SendForm, WholeForm
from frontdoor.forms.through import ReadBackForm
from frontdoor.queries import Draft
from frontdoor.queries import more as more_queries
from frontdoor.script import Answers, Page, Script

logger = logging.getLogger(__name__)

LONGEST_NAME = 50  # of the person, in a line of ours
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
        return render(request, "frontdoor/door.html", {"easy": visits.is_easy(request)})
    if request.POST.get("website"):  # only a robot fills in what nobody can see
        return SeeOther(reverse("door"))
    if "read" in request.POST:
        visits.read_easy(request, request.POST["read"] == "easy")
        return SeeOther(reverse("door"))
    if queries.is_member(request.user):  # whose phone it is would not be true of whoever they type for
        return SeeOther(reverse("hello"))
    if queries.is_person(request.user):
        return SeeOther(reverse("me"))
    phone = visits.phone_of(request.POST.get("phone", ""))
    draft = _held(request)
    if draft and not draft.sent and phone == visits.OWN and visits.is_own_phone(request):
        return SeeOther(reverse("carry_on"))
    conversation_id = actions.begin(via=visits.VIA[phone], by=None, now=timezone.now())
    visits.hold(request, conversation_id, phone)
    return SeeOther(_address(queries.script_in_force().hello[0]))


@login_not_required
@require_GET
def carry_on(request: HttpRequest) -> HttpResponse:
    """Back to where somebody was, wherever that is."""
    draft = _held(request)
    if draft is None:
        if queries.is_member(request.user):
            return SeeOther(reverse("today"))
        return SeeOther(reverse("me" if queries.is_person(request.user) else "door"))
    if draft.sent:
        return SeeOther(reverse("thanks"))
    if visits.is_whole(request):
        return SeeOther(reverse("whole"))
    at = draft.script.by_number.get(request.session.get("at", 0))
    if at and at.is_asked(draft.answers):
        return SeeOther(_address(at))
    return SeeOther(_address(draft.script.first_not_seen(draft.answers)))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, page: int) -> HttpResponse:
    """One page of the conversation (A2 to A7)."""
    draft = _held(request)
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
    return _talk_page(request, found, draft, _form(request, found, draft))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def whole(request: HttpRequest) -> HttpResponse:
    """Every question on one page, for those who type for somebody often, and for what was filled in on paper."""
    draft = _held(request)
    if request.method == "POST":
        return _keep(request, None, draft)
    if draft is None:
        return _ended(request)
    if draft.sent:
        return SeeOther(reverse("thanks"))
    if not visits.is_whole(request):
        return SeeOther(reverse("carry_on"))
    return _talk_page(request, None, draft, _form(request, None, draft))


def _held(request: HttpRequest) -> Draft | None:
    """The conversation that this browser holds, in the words that this visit reads."""
    return queries.draft(conversation_id=visits.held(request), easy=visits.is_easy(request))


def _typist(request: HttpRequest) -> Any:
    """The member who types for somebody in this visit; None when that is nobody with an account."""
    return request.user if visits.beside(request) and queries.is_member(request.user) else None


def _helped(request: HttpRequest, answers: Answers) -> dict[str, Any]:
    """What a page shows of somebody typing for a person: who, and for whom."""
    typist = _typist(request)
    return {
        "helped": visits.beside(request),
        "typist": typist.first_name if typist else "",
        "whom": str(answers.get("name") or "").strip()[:LONGEST_NAME],
    }


def _form(request: HttpRequest, page: Page | None, draft: Draft | None, data: Any = None) -> PageForm:
    """The form of a page, or of all of them; ``data`` is what came in."""
    answers = draft.answers if draft else {}
    helped = _helped(request, answers)
    # On paper the person wrote every word.
    asks_whose = helped["helped"] and helped["helped"] != visits.PAPER
    given: dict[str, Any] = {
        "answers": answers if data is None else {},
        "visit": visits.seal(draft.id) if draft and data is None else "",
        "data": data,
        "whose": helped["whom"] if asks_whose else None,
        "summed_up": draft.summed_up if draft else (),
        "easy": queries.is_in_easy_read(easy=visits.is_easy(request)),
    }
    if page is not None:
        return PageForm(page, **given)
    asked = draft.script if draft else queries.script_in_force()
    on_paper = helped["helped"] == visits.PAPER or draft is None
    return WholeForm(asked.paper if on_paper else asked.hello, **given)


def _page(draft: Draft | None, number: int) -> Page | None:
    """A page of the short path: of the version that the conversation began with, or else of the one in force."""
    script = draft.script if draft else queries.script_in_force()
    return next((page for page in script.hello if page.number == number), None)


def _keep(request: HttpRequest, page: Page | None, draft: Draft | None) -> HttpResponse:
    """Keep what came in from a page, or from all of them at once, whatever was pressed, and say where to go on."""
    mark = visits.sealed(request.POST.get("visit", ""))
    mine = draft is not None and mark in {None, draft.id}
    conversation_id = draft.id if draft and mine else mark
    form = _form(request, page, draft, request.POST)
    skipped = "skip" in request.POST
    said = dict.fromkeys(form.said(), "") if skipped else form.said()
    if conversation_id is None:
        return _ended(request)
    try:
        actions.answer(
            conversation_id=conversation_id,
            answers=said,
            by=_typist(request),
            now=timezone.now(),
            skipped=skipped,
            summed_up=form.summed_up(),
        )
    except actions.AlreadySent:
        return SeeOther(reverse("thanks")) if mine else _ended(request)
    if "autosave" in request.POST:
        return HttpResponse(status=204)
    if form.switching:
        return SeeOther(request.get_full_path())
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


def _go_on(request: HttpRequest, script: Script, page: Page | None, answers: Answers) -> HttpResponse:
    questions = page.questions if page else tuple(script.questions.values())
    if "stop" in request.POST:
        after = reverse("saved")
    elif page is None:
        after = reverse("check")
    elif "list" in request.POST:
        after = _address(script.by_name["topics"])
    elif request.GET.get("then") == "check":
        after = _address(script.first_not_seen(answers), then_check=True)
    else:
        after = _address(script.next_page(page, answers))
    if "skip" not in request.POST and safety.help_first(questions, answers):
        return SeeOther(f"{reverse('help_now')}?to={after.removeprefix(reverse('carry_on'))}")
    return SeeOther(after)


def _address(page: Page | None, *, then_check: bool = False) -> str:
    """The address of a page; after the last comes the check page."""
    if page is None:
        return reverse("check")
    return reverse("talk", args=[page.number]) + ("?then=check" if then_check else "")


def _talk_page(
    request: HttpRequest, page: Page | None, draft: Draft | None, form: PageForm, *, status: int = 200
) -> HttpResponse:
    answers = draft.answers if draft else {}
    if page is None:
        context = {"form": form, "code": draft.code if draft else "", **_helped(request, answers)}
        return render(request, "frontdoor/whole.html", context, status=status)
    before = draft.script.page_before(page, answers) if draft else None
    checking = request.GET.get("then") == "check"
    context = {
        "page": page,
        "form": form,
        "back": reverse("check") if checking else _address(before) if before else reverse("door"),
        "code": draft.code if draft else "",
        "our_text": queries.usual_message(draft.script, answers, timezone.now())
        if draft and page.name == "text"
        else "",
        **_helped(request, answers),
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
    draft = _held(request)
    if draft is None:
        return _ended(request)
    if draft.sent:
        return SeeOther(reverse("thanks"))
    helped = _helped(request, draft.answers)
    given = request.POST if request.method == "POST" else None
    first = {"visit": visits.seal(draft.id)}
    asks_back = helped["helped"] and helped["helped"] != visits.PAPER  # whoever wrote on paper may be far away
    form = ReadBackForm(given, initial=first, name=helped["whom"]) if asks_back else SendForm(given, initial=first)
    if request.method == "POST":
        if visits.sealed(request.POST.get("visit", "")) != draft.id:
            return _ended(request)
        if form.switching:
            return _check_page(request, draft, form, helped)
        if not form.is_valid():
            form.come_back()
            return _check_page(request, draft, form, helped)
        try:
            person = actions.send(
                conversation_id=draft.id,
                by=_typist(request),
                now=timezone.now(),
                only_hello="hello" in request.POST,
                language=get_language() or "",
                read_back=form.cleaned_data.get("read_back", ""),
                read_back_why=form.cleaned_data.get("why", ""),
            )
        except actions.NothingSaid:
            form.nothing_said()
        else:
            if visits.is_own_phone(request) and not request.user.is_authenticated:
                visits.sign_in(request, person.user, visits.OWN)
            return SeeOther(reverse("thanks"))
    request.session["at"] = 0
    return _check_page(request, draft, form, helped)


def _check_page(request: HttpRequest, draft: Draft, form: SendForm, helped: dict[str, Any]) -> HttpResponse:
    context = {
        "form": form,
        "rows": queries.check_rows(draft.script, draft.answers),
        "first_message": queries.first_message(draft.script, draft.answers, timezone.now()),
        "hello": form.errors and form.tried > 1,
        "whole": visits.is_whole(request),
        "back": reverse("whole") if visits.is_whole(request) else _address(draft.script.pages_for(draft.answers)[-1]),
        **helped,
    }
    return render(request, "frontdoor/check.html", context, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request: HttpRequest) -> HttpResponse:
    """A9: who says hello, how and by when; the code; and what happens now. Whoever typed for somebody lets it go here."""
    if request.method == "POST":
        if not queries.is_member(request.user):
            return SeeOther(reverse("leave"))
        visits.let_go(request)
        return SeeOther(reverse("today"))
    found = queries.thanks(viewer=request.user, conversation_id=visits.held(request), now=timezone.now())
    if found is None:
        return SeeOther(reverse("carry_on"))
    context = {"thanks": found, **_helped(request, {"name": found.name})}
    return render(request, "frontdoor/handed.html" if context["helped"] else "frontdoor/thanks.html", context)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def saved(request: HttpRequest) -> HttpResponse:
    """Save and stop: the code, how long the words are kept, and the ways to go on; on a phone that others use, a word."""
    draft = _held(request)
    if draft is None:
        return _ended(request)
    if draft.sent:
        return SeeOther(reverse("thanks"))
    form = DraftWord(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.set_draft_word(
            conversation_id=draft.id, word=form.cleaned_data["word"], by=_typist(request), now=timezone.now()
        )
        return SeeOther(reverse("saved"))
    context = {
        "draft": draft,
        "form": form,
        "shared": not visits.is_own_phone(request),
        **_helped(request, draft.answers),
    }
    return render(request, "frontdoor/saved.html", context, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_draft(request: HttpRequest) -> HttpResponse:
    """Delete everything that was written, after asking once."""
    draft = _held(request)
    if draft is None:
        return _ended(request)
    if draft.sent:
        return SeeOther(reverse("thanks"))
    if request.method != "POST":
        return render(request, "frontdoor/delete_draft.html")
    actions.delete_draft(conversation_id=draft.id, by=_typist(request), now=timezone.now())
    visits.let_go(request)
    return SeeOther(reverse("door"))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Back in with a code and a name: on with a draft, or to one's own page.

    A member goes on for the person who tells them both, and stays signed in as themselves. A page of somebody's own is
    never opened so: that takes their code on a screen where no member is signed in.
    """
    member = queries.is_member(request.user)
    if request.method != "POST":
        return render(request, "frontdoor/back.html", {"form": BackForm(), "carries_on": member})
    form = BackForm(request.POST)
    if form.switching:
        return render(request, "frontdoor/back.html", {"form": form, "carries_on": member})
    network, now = get_adapter().get_client_ip(request), timezone.now()
    wait = slowing.wait_for(network, now)
    if wait:
        form.wait(wait)
        answer = render(request, "frontdoor/back.html", {"form": form, "carries_on": member}, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    found = queries.find(
        code=request.POST.get("code", ""), name=request.POST.get("name", ""), word=request.POST.get("word", "")
    )
    if found is None:
        slowing.one_more(network, now)
        form.not_found()
        return render(request, "frontdoor/back.html", {"form": form, "carries_on": member}, status=422)
    if member:
        if found.user is not None:
            return render(request, "frontdoor/back.html", {"form": BackForm(), "carries_on": True, "sent": True})
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
        return SeeOther(reverse("carry_on"))
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
    answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    answer["Clear-Site-Data"] = '"cache"'
    return answer


@csrf_exempt
@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Back to the page on which another language was picked; keeping it is the middleware's.

    No token, so that pages which need no cookie set none. Another site's form comes without the visit (SameSite=Lax): all
    it could change is the language that this browser reads in until it is closed.
    """
    to = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return SeeOther(to if ours else reverse("carry_on"))


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
    draft = _held(request) if match.url_name == "talk" else None
    page = _page(draft, match.kwargs["page"]) if match.url_name == "talk" else None
    if page:
        form = _form(request, page, draft, request.POST)
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
