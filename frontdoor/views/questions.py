"""The pages on which a team changes its questions. Each translates: one query or one action, then a page or a redirect."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from frontdoor import actions, queries, safety, script
from frontdoor.forms.conversation import PageForm
from frontdoor.forms.questions import (
    BranchForm,
    ChoiceForm,
    PublishForm,
    QuestionForm,
    SettingsForm,
    TopicForm,
    WordsForm,
    needs_words,
)
from frontdoor.queries import Questions
from frontdoor.script import Page, Part, Script
from frontdoor.views.conversation import SeeOther


def _working(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the draft: with no draft, or no longer one, the way leads to where one is begun."""

    @wraps(view)
    def on_a_draft(request: HttpRequest, **names: Any) -> HttpResponse:
        found = queries.questions(viewer=request.user)
        if found.draft is None:
            return SeeOther(reverse("questions"))
        try:
            return view(request, found, **names)
        except actions.NoDraft:
            return SeeOther(reverse("questions"))

    return on_a_draft


def _do(request: HttpRequest, action: Callable[..., Any], **given: Any) -> Any:
    return action(by=request.user, now=timezone.now(), **given)


def _render(request: HttpRequest, name: str, found: Questions, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, f"frontdoor/{name}.html", {"page": found, **more}, status=status)


def _see(name: str, *names: str, at: str = "") -> HttpResponse:
    return SeeOther(reverse(name, args=names) + (f"#{at}" if at else ""))


# -- The whole


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """What is asked, in order and in plain words: the draft, or the questions in force while there is none."""
    found = queries.questions(viewer=request.user)
    return _render(
        request,
        "questions",
        found,
        parts=((_("When somebody comes in"), found.hello), (_("Afterwards: topics"), found.more)),
    )


@require_POST
def questions_begin(request: HttpRequest) -> HttpResponse:
    _do(request, actions.begin_draft)
    return _see("questions")


@require_http_methods(["GET", "POST"])
@_working
def questions_drop(request: HttpRequest, found: Questions) -> HttpResponse:
    """Asked once more before it happens: everybody's work of this draft goes."""
    if request.method == "POST":
        _do(request, actions.drop_draft)
        return _see("questions")
    return _render(request, "questions_drop", found)


@require_GET
@_working
def questions_problems(request: HttpRequest, found: Questions) -> HttpResponse:
    return _render(request, "questions_problems", found)


@require_http_methods(["GET", "POST"])
@_working
def questions_publish(request: HttpRequest, found: Questions) -> HttpResponse:
    """What changes for newcomers, from what to what and by whom; and the press that lets it be asked."""
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _do(request, actions.publish, why=form.cleaned_data["why"])
            return _see("questions")
        except actions.NotReady:
            form.add_error(None, _("Something has to be mended first. Look at what to mend."))
        except actions.NothingChanged:
            form.add_error(None, _("The draft asks what we ask already. Change something first."))
        except actions.OneMorePair:
            form.add_error(None, _("You alone have worked on this. Let somebody else look, and publish it."))
    changes = queries.since_in_force(viewer=request.user)
    return _render(request, "questions_publish", found, 422 if form.errors else 200, form=form, changes=changes)


@require_GET
def questions_history(request: HttpRequest) -> HttpResponse:
    return render(
        request, "frontdoor/questions_history.html", {"versions": queries.question_versions(viewer=request.user)}
    )


# -- One page, or topic


@require_GET
@_working
def question_page(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    return _render(request, "question_page", found, leaf=found.leaf(name))


@require_http_methods(["GET", "POST"])
@_working
def topic_add(request: HttpRequest, found: Questions) -> HttpResponse:
    form = TopicForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _see("question_add", _do(request, actions.add_topic, **form.cleaned_data))
    return _render(request, "topic_add", found, 422 if form.errors else 200, form=form)


@require_http_methods(["GET", "POST"])
@_working
def question_add(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    leaf = found.leaf(name)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _see("question", _do(request, actions.add_question, page=name, **form.cleaned_data))
    return _render(request, "question_add", found, 422 if form.errors else 200, form=form, leaf=leaf)


@require_http_methods(["GET", "POST"])
@_working
def question_branch(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    """Who is asked this page."""
    leaf, theirs = found.leaf(name), ""
    if leaf.is_topic or leaf.fixed:
        raise Http404
    form = BranchForm(request.POST or None, leaf=leaf, initial={"version": found.mark})
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            _do(request, actions.change_branch, page=name, when=form.when(), version=version)
            return _see("question_page", name)
        except actions.ChangedMeanwhile as meanwhile:
            theirs = meanwhile.theirs
            form = BranchForm(_seen(request, meanwhile.version), leaf=leaf)
    status = 422 if form.errors or theirs else 200
    return _render(request, "question_branch", found, status, form=form, leaf=leaf, theirs=theirs)


@require_POST
@_working
def page_move(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    _do(request, actions.move_page, page=name, up=request.POST.get("move") == "up")
    return _see("questions", at=f"p-{name}")


@require_POST
@_working
def page_out(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    _do(request, actions.take_out_page, page=name)
    return _see("questions")


# -- One question


@require_http_methods(["GET", "POST"])
@_working
def question(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    """One question: its words in every language, what can be picked, and what becomes of the answer."""
    asked, theirs = found.asked(name), ""
    initial = {**asked.set_to, "version": found.mark}
    form = SettingsForm(request.POST or None, asked=asked, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        version = given.pop("version")
        try:
            _do(request, actions.change_settings, question=name, settings=given, version=version)
            return _see("question", name)
        except actions.ChangedMeanwhile as meanwhile:
            theirs = meanwhile.theirs
            form = SettingsForm(_seen(request, meanwhile.version), asked=asked)
    status = 422 if form.errors or theirs else 200
    problems = [each for each in found.problems if each.question == name]
    return _render(request, "question", found, status, form=form, asked=asked, theirs=theirs, problems=problems)


@require_POST
@_working
def question_move(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    asked = found.asked(name)
    _do(request, actions.move_question, question=name, up=request.POST.get("move") == "up")
    return _see("question_page", asked.page, at=f"q-{name}")


@require_POST
@_working
def question_out(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    asked = found.asked(name)
    _do(request, actions.take_out_question, question=name)
    return _see("question_page", asked.page)


@require_http_methods(["GET", "POST"])
@_working
def choice_add(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    asked = found.asked(name)
    if not asked.is_picked:
        raise Http404
    form = ChoiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _do(request, actions.add_choice, question=name, **form.cleaned_data)
        return _see("question", name, at="picks")
    return _render(request, "choice_add", found, 422 if form.errors else 200, form=form, asked=asked)


@require_POST
@_working
def choice_out(request: HttpRequest, found: Questions, name: str, key: str) -> HttpResponse:
    _do(request, actions.take_out_choice, question=name, key=key)
    return _see("question", name, at="picks")


# -- One text


@require_http_methods(["GET", "POST"])
@_working
def question_words(request: HttpRequest, found: Questions, text: str, language: str = "") -> HttpResponse:
    """One text, in English or in another language."""
    said, theirs = found.text(text), ""
    other = next((each for each in said.others if each[0] == language), None)
    if language and (other is None or not said.words):
        raise Http404
    initial = {"words": other[2] if other else said.words, "version": found.mark}
    may_be_empty = bool(language) or not needs_words(found, text)
    form = WordsForm(request.POST or None, may_be_empty=may_be_empty, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if language:
                _do(request, actions.change_translation, text=text, language=language, **form.cleaned_data)
                went = []
            else:
                went = _do(request, actions.change_text, text=text, **form.cleaned_data)
        except actions.ChangedMeanwhile as meanwhile:
            theirs = meanwhile.theirs
            form = WordsForm(_seen(request, meanwhile.version), may_be_empty=may_be_empty)
        else:
            if went:
                return _render(
                    request, "question_words_went", found, said=said, went=_names(went), back=_place(found, text)
                )
            return SeeOther(_place(found, text))
    more = {"said": said, "other": other, "theirs": theirs, "back": _place(found, text)}
    return _render(request, "question_words", found, 422 if form.errors or theirs else 200, form=form, **more)


def _place(found: Questions, text: str) -> str:
    """The address of what a text belongs to: its question, or its page."""
    owner, _colon, what = text.partition(":")
    of_a_page = what in {"title", "note"} or what.startswith("lead.")
    return reverse("question_page" if of_a_page else "question", args=[owner]) + f"#t-{text}"


def _names(languages: list[str]) -> list[str]:
    return [name for code, name in script.languages() if code in languages]


def _seen(request: HttpRequest, version: int) -> QueryDict:
    """What was typed, with the change that has been seen now: pressing again means it."""
    typed = request.POST.copy()
    typed["version"] = str(version)
    return typed


# -- As a person would see it


@require_GET
def questions_preview(request: HttpRequest) -> HttpResponse:
    """Where to begin: the first page, any other, or a topic, in each language."""
    language = _language(request)
    draft = queries.preview(viewer=request.user, language=language)
    if draft is None:
        return _see("questions")
    languages = [("", _("English")), *script.languages()]
    return render(
        request,
        "frontdoor/questions_preview.html",
        {"draft": draft, "languages": languages, "language": language},
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def preview_page(request: HttpRequest, number: int) -> HttpResponse:
    """One page of the draft, exactly as a person would see it. What is written is checked, and then gone.

    Only what was picked goes on, in the address, since it decides which page comes next.
    """
    language = _language(request)
    draft = queries.preview(viewer=request.user, language=language)
    if draft is None:
        return _see("questions")
    page = draft.by_number.get(number)
    if page is None:
        raise Http404
    if "autosave" in request.POST:
        return HttpResponse(status=403)  # so that no page says it was kept
    with translation.override(language if translation.check_for_language(language) else "en-gb"):
        return _preview(request, draft, page, language)


def _preview(request: HttpRequest, draft: Script, page: Page, language: str) -> HttpResponse:
    picks = _picked(draft, request.GET)
    form = PageForm(page, answers=picks, visit="", data=request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        skipped = "skip" in request.POST
        said = dict.fromkeys(form.said(), "") if skipped else form.said()
        if "stop" in request.POST:
            return SeeOther(_preview_address(None, language, {}))
        if "list" in request.POST:
            return SeeOther(_preview_address(draft.by_name.get("topics"), language, picks))
        if skipped or form.is_valid():
            after = draft.next_page(page, {**picks, **said}) if page.part is Part.HELLO else None
            lifted = not skipped and safety.help_first(page.questions, said)
            return SeeOther(_preview_address(after, language, {**picks, **said}, draft, lifted=lifted))
        form.come_back()
        status = 422 if form.errors else 200
    before = draft.page_before(page, picks) if page.part is Part.HELLO else None
    context = {
        "page": page,
        "form": form,
        "back": _preview_address(before, language, picks, draft),
        "our_text": queries.usual_message(draft, picks, timezone.now()) if page.name == "text" else "",
        "language": language,
        "lifted": "lifted" in request.GET,
    }
    return render(request, "frontdoor/preview_page.html", context, status=status)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("in", "")
    return asked if asked in dict(script.languages()) else ""


def _picked(draft: Script, given: QueryDict) -> dict[str, Any]:
    """The picks that an address carries."""
    return {
        each.id: given.getlist(each.id) if each.kind is script.Kind.MANY else given.get(each.id, "")
        for each in draft.questions.values()
        if each.kind.is_picked and each.id in given
    }


def _preview_address(
    page: Page | None, language: str, answers: dict[str, Any], draft: Script | None = None, *, lifted: bool = False
) -> str:
    """The address of a page of the preview, with what was picked; of where it begins, when no page comes next."""
    query = QueryDict(mutable=True)
    if language:
        query["in"] = language
    if lifted:
        query["lifted"] = "1"
    for each in draft.questions.values() if draft and page else ():
        if each.kind.is_picked and answers.get(each.id):
            query.setlist(each.id, script.picked(answers[each.id]))
    where = reverse("preview_page", args=[page.number]) if page else reverse("questions_preview")
    return where + (f"?{query.urlencode()}" if query else "")
