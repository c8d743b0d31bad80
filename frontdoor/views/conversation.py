"""The conversation, from the first page to the thanks. Each translates: one query or one action, then a page or a redirect."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from frontdoor import actions, queries, safety, visits
from frontdoor.forms.back import DraftWord
from frontdoor.forms.conversation import PageForm, SendForm, WholeForm
from frontdoor.forms.through import ReadBackForm
from frontdoor.queries import Draft
from frontdoor.script import Answers, Page, Script

LONGEST_NAME = 50  # of the person, in a line of ours


def _not_sent(view: Callable[[HttpRequest, Draft], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view of what this browser holds, until it is sent."""

    @wraps(view)
    def on_a_draft(request: HttpRequest) -> HttpResponse:
        draft = _held(request)
        if draft is None:
            return _ended(request)
        return redirect("thanks") if draft.sent else view(request, draft)

    return on_a_draft


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """A1: the first page, and the two buttons that begin a conversation."""
    if request.method != "POST":
        return render(request, "frontdoor/door.html", {"easy": visits.is_easy(request)})
    if request.POST.get("website"):  # only a robot fills in what nobody can see
        return redirect("door")
    if "read" in request.POST:
        visits.read_easy(request, request.POST["read"] == "easy")
        return redirect("door")
    if queries.is_member(request.user):  # whose phone it is would not be true of whoever they type for
        return redirect("hello")
    if queries.is_person(request.user):
        return redirect("me")
    phone = visits.phone_of(request.POST.get("phone", ""))
    draft = _held(request)
    if draft and not draft.sent and phone == visits.OWN and visits.is_own_phone(request):
        return redirect("carry_on")
    conversation_id = actions.begin(via=visits.VIA[phone], by=None, now=timezone.now())
    visits.hold(request, conversation_id, phone)
    return redirect(_address(queries.script_in_force().hello[0]))


@login_not_required
@require_GET
def carry_on(request: HttpRequest) -> HttpResponse:
    """Back to where somebody was, wherever that is."""
    draft = _held(request)
    if draft is None:
        if queries.is_member(request.user):
            return redirect("today")
        return redirect("me" if queries.is_person(request.user) else "door")
    if draft.sent:
        return redirect("thanks")
    if visits.is_whole(request):
        return redirect("whole")
    at = draft.script.by_number.get(request.session.get("at", 0))
    if at and at.is_asked(draft.answers):
        return redirect(_address(at))
    return redirect(_address(draft.script.first_not_seen(draft.answers)))


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
        return redirect("thanks")
    if not found.is_asked(draft.answers):
        return redirect("carry_on")
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
        return redirect("thanks")
    if not visits.is_whole(request):
        return redirect("carry_on")
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
        return redirect("thanks") if mine else _ended(request)
    if "autosave" in request.POST:
        return HttpResponse(status=204)
    if form.switching:
        return redirect(request.get_full_path())
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
        return redirect(f"{reverse('help_now')}?to={after.removeprefix(reverse('carry_on'))}")
    return redirect(after)


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


def talk_again(request: HttpRequest, page: int) -> HttpResponse | None:
    """The page with what was typed, after its form went bad; None when there is no such page."""
    draft = _held(request)
    found = _page(draft, page)
    if found is None:
        return None
    form = _form(request, found, draft, request.POST)
    context = {"page": found, "form": form, "back": reverse("carry_on"), "open_long": True}
    return render(request, "frontdoor/talk.html", context, status=403)


def _ended(request: HttpRequest) -> HttpResponse:
    """The visit is over; the words are not."""
    if "autosave" in request.POST:
        return HttpResponse(status=403)
    return render(request, "frontdoor/visit_ended.html")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@_not_sent
def check(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A8: everything that was said, and the one press that sends it."""
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
            return redirect("thanks")
    request.session["at"] = 0
    return _check_page(request, draft, form, helped)


def _check_page(request: HttpRequest, draft: Draft, form: SendForm, helped: dict[str, Any]) -> HttpResponse:
    whole = visits.is_whole(request)
    rows = queries.check_rows(draft.script, draft.answers)
    context = {
        "form": form,
        "rows": [(row, _to_change(row.page, whole=whole)) for row in rows],
        "first_message": queries.first_message(draft.script, draft.answers, timezone.now()),
        "hello": form.errors and form.tried > 1,
        "back": reverse("whole") if whole else _address(draft.script.pages_for(draft.answers)[-1]),
        **helped,
    }
    return render(request, "frontdoor/check.html", context, status=422 if form.errors else 200)


def _to_change(page: int, *, whole: bool) -> str:
    """Where what was said on a page is changed, with the way back to the check page."""
    return f"{reverse('whole')}#part-{page}" if whole else reverse("talk", args=[page]) + "?then=check"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request: HttpRequest) -> HttpResponse:
    """A9: who says hello, how and by when; the code; and what happens now. Whoever typed for somebody lets it go here."""
    if request.method == "POST":
        if not queries.is_member(request.user):
            return redirect("leave")
        visits.let_go(request)
        return redirect("today")
    found = queries.thanks(viewer=request.user, conversation_id=visits.held(request), now=timezone.now())
    if found is None:
        return redirect("carry_on")
    context = {"thanks": found, **_helped(request, {"name": found.name})}
    return render(request, "frontdoor/handed.html" if context["helped"] else "frontdoor/thanks.html", context)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@_not_sent
def saved(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Save and stop: the code, how long the words are kept, and the ways to go on; on a phone that others use, a word."""
    form = DraftWord(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.set_draft_word(
            conversation_id=draft.id, word=form.cleaned_data["word"], by=_typist(request), now=timezone.now()
        )
        return redirect("saved")
    context = {
        "draft": draft,
        "form": form,
        "shared": not visits.is_own_phone(request),
        **_helped(request, draft.answers),
    }
    return render(request, "frontdoor/saved.html", context, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@_not_sent
def delete_draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Delete everything that was written, after asking once."""
    if request.method != "POST":
        return render(request, "frontdoor/delete_draft.html")
    actions.delete_draft(conversation_id=draft.id, by=_typist(request), now=timezone.now())
    visits.let_go(request)
    return redirect("door")
