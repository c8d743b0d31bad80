"""The draft of the questions as a person would see it. What is written there is checked, and then gone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from frontdoor import checking, described, queries, safety, script
from frontdoor.forms.conversation import PageForm, SendForm
from frontdoor.script import Page, Part, Script

CHECK = "preview_check"  # what comes after the last page


def _of_a_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the draft in one language: with no draft, the way leads to where one is begun."""

    @wraps(view)
    def on_a_draft(request: HttpRequest, **names: Any) -> HttpResponse:
        asked = request.GET.get("in", "")
        language = asked if asked in dict(script.languages()) else ""
        draft = queries.preview(viewer=request.user, language=language)
        return redirect("questions") if draft is None else view(request, draft, language, **names)

    return on_a_draft


@require_GET
@_of_a_draft
def questions_preview(request: HttpRequest, draft: Script, language: str) -> HttpResponse:
    """Where to begin: the first page, any other, or a topic, in each language."""
    languages = [("", _("English")), *script.languages()]
    return render(
        request,
        "frontdoor/questions_preview.html",
        {"draft": draft, "languages": languages, "language": language},
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@_of_a_draft
def preview_page(request: HttpRequest, draft: Script, language: str, number: int) -> HttpResponse:
    """One page of the draft, exactly as a person would see it. What is written is checked, and then gone.

    Only what was picked goes on, in the address, since it decides which page comes next.
    """
    page = draft.by_number.get(number)
    if page is None:
        raise Http404
    if "autosave" in request.POST:
        return HttpResponse(status=403)  # so that no page says it was kept
    with _reading(language):
        return _preview(request, draft, page, language)


@require_http_methods(["GET", "POST"])
@_of_a_draft
def preview_check(request: HttpRequest, draft: Script, language: str) -> HttpResponse:
    """The last page before sending, with the picks of the address and made-up words. Nothing is sent."""
    if request.method == "POST":
        return redirect(_preview_address(None, language, {}))
    if not checking.has_what_we_need(draft):
        return redirect("questions_problems")
    picks = _picked(draft, request.GET)

    def address(number: int) -> str:
        return _preview_address(draft.by_number[number], language, picks, draft)

    with _reading(language):
        answers = described.made_up(draft, picks)
        context = {
            "form": SendForm(),
            "rows": [(row, address(row.page)) for row in queries.check_rows(draft, answers)],
            "first_message": queries.first_message(draft, answers, timezone.now()),
            "back": address(draft.pages_for(picks)[-1].number),
            "language": language,
            "lifted": "lifted" in request.GET,
        }
        return render(request, "frontdoor/preview_check.html", context)


def _reading(language: str) -> translation.override:
    """The service in the language that the draft is looked at in; easy read is English."""
    return translation.override(language if translation.check_for_language(language) else "en-gb")


def _preview(request: HttpRequest, draft: Script, page: Page, language: str) -> HttpResponse:
    picks = _picked(draft, request.GET)
    form = PageForm(page, answers=picks, visit="", data=request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        skipped = "skip" in request.POST
        said = dict.fromkeys(form.said(), "") if skipped else form.said()
        if "stop" in request.POST:
            return redirect(_preview_address(None, language, {}))
        if "list" in request.POST:
            return redirect(_preview_address(draft.by_name.get("topics"), language, picks))
        if skipped or form.is_valid():
            lifted = not skipped and safety.help_first(page.questions, said)
            if page.part is not Part.HELLO:
                return redirect(_preview_address(None, language, {}, lifted=lifted))
            after = draft.next_page(page, {**picks, **said}) or CHECK
            return redirect(_preview_address(after, language, {**picks, **said}, draft, lifted=lifted))
        form.come_back()
        status = 422 if form.errors else 200
    before = draft.page_before(page, picks) if page.part is Part.HELLO else None
    texts = page.name == "text" and checking.has_what_we_need(draft)
    context = {
        "page": page,
        "form": form,
        "back": _preview_address(before, language, picks, draft),
        "our_text": queries.usual_message(draft, picks, timezone.now()) if texts else "",
        "language": language,
        "lifted": "lifted" in request.GET,
    }
    return render(request, "frontdoor/preview_page.html", context, status=status)


def _picked(draft: Script, given: QueryDict) -> dict[str, Any]:
    """The picks that an address carries."""
    return {
        each.id: given.getlist(each.id) if each.kind is script.Kind.MANY else given.get(each.id, "")
        for each in draft.questions.values()
        if each.kind.is_picked and each.id in given
    }


def _preview_address(
    page: Page | str | None,
    language: str,
    answers: dict[str, Any],
    draft: Script | None = None,
    *,
    lifted: bool = False,
) -> str:
    """The address of a page of the preview, or of CHECK, with what was picked; without one, of where it begins."""
    query = QueryDict(mutable=True)
    if language:
        query["in"] = language
    if lifted:
        query["lifted"] = "1"
    for each in draft.questions.values() if draft and page else ():
        if each.kind.is_picked and answers.get(each.id):
            query.setlist(each.id, script.picked(answers[each.id]))
    at = (
        reverse("preview_page", args=[page.number]) if isinstance(page, Page) else reverse(page or "questions_preview")
    )
    return at + (f"?{query.urlencode()}" if query else "")
