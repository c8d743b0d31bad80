"""The pages on which a team changes its questions. Each translates: one query or one action, then a page or a redirect."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from frontdoor import actions, queries
from frontdoor.forms.questions import (
    BranchForm,
    ChoiceForm,
    PublishForm,
    QuestionForm,
    SettingsForm,
    TiesForm,
    TopicForm,
    WordsForm,
    needs_words,
)
from frontdoor.queries import Questions
from frontdoor.queries.questions import Kept


def _working(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the draft: with no draft, or no longer one, the way leads to where one is begun."""

    @wraps(view)
    def on_a_draft(request: HttpRequest, **names: Any) -> HttpResponse:
        found = queries.questions(viewer=request.user)
        if found.draft is None:
            return redirect("questions")
        try:
            return view(request, found, **names)
        except actions.NoDraft:
            return redirect("questions")

    return on_a_draft


def _do(request: HttpRequest, action: Callable[..., Any], **given: Any) -> Any:
    return action(by=request.user, now=timezone.now(), **given)


def _render(request: HttpRequest, name: str, found: Questions, **more: Any) -> HttpResponse:
    """A form that is not right yet, or that met what somebody else changed (``theirs``), comes back as 422."""
    wrong = more.get("theirs") or ("form" in more and more["form"].errors)
    return render(request, f"frontdoor/{name}.html", {"page": found, **more}, status=422 if wrong else 200)


def _see(name: str, *names: str, at: str = "") -> HttpResponse:
    return redirect(reverse(name, args=names) + (f"#{at}" if at else ""))


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
    return _render(request, "questions_publish", found, form=form, changes=changes)


@require_GET
def questions_history(request: HttpRequest) -> HttpResponse:
    return render(
        request, "frontdoor/questions_history.html", {"versions": queries.question_versions(viewer=request.user)}
    )


# -- One page, or topic


@require_GET
@_working
def question_page(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    return _render(request, "question_page", found, leaf=found.leaf(name), kept=_kept(request))


@require_http_methods(["GET", "POST"])
@_working
def topic_add(request: HttpRequest, found: Questions) -> HttpResponse:
    form = TopicForm(request.POST or None, picks=found.picks)
    if request.method == "POST" and form.is_valid():
        return _see("question_add", _do(request, actions.add_topic, **form.cleaned_data))
    return _render(request, "topic_add", found, form=form)


@require_http_methods(["GET", "POST"])
@_working
def topic_ties(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    """Which part of life a topic is, and for whom it comes up first."""
    leaf, theirs = found.leaf(name), ""
    if not leaf.is_topic:
        raise Http404
    initial = {"area": leaf.area, "topics": list(leaf.topics), "version": found.mark}
    form = TiesForm(request.POST or None, picks=found.picks, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _do(request, actions.change_ties, page=name, **form.cleaned_data)
            return _see("question_page", name)
        except actions.ChangedMeanwhile as meanwhile:
            theirs = meanwhile.theirs
            form = TiesForm(_seen(request, meanwhile.version), picks=found.picks)
    return _render(request, "topic_ties", found, form=form, leaf=leaf, theirs=theirs)


@require_http_methods(["GET", "POST"])
@_working
def question_add(request: HttpRequest, found: Questions, name: str) -> HttpResponse:
    leaf = found.leaf(name)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _see("question", _do(request, actions.add_question, page=name, **form.cleaned_data))
    return _render(request, "question_add", found, form=form, leaf=leaf)


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
    return _render(request, "question_branch", found, form=form, leaf=leaf, theirs=theirs)


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
    problems = [each for each in found.problems if each.question == name]
    more = {"asked": asked, "theirs": theirs, "problems": problems, "kept": _kept(request)}
    return _render(request, "question", found, form=form, **more)


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
    return _render(request, "choice_add", found, form=form, asked=asked)


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
                done = actions.change_translation
                number = _do(request, done, text=text, language=language, **form.cleaned_data)
            else:
                number = _do(request, actions.change_text, text=text, **form.cleaned_data)
        except actions.ChangedMeanwhile as meanwhile:
            theirs = meanwhile.theirs
            form = WordsForm(_seen(request, meanwhile.version), may_be_empty=may_be_empty)
        else:
            return redirect(_place(found, text, number))
    more = {"said": said, "other": other, "theirs": theirs, "back": _place(found, text)}
    return _render(request, "question_words", found, form=form, **more)


def _place(found: Questions, text: str, number: int = 0) -> str:
    """The address of what a text belongs to: its question, or its page, where that change of it is said."""
    owner, _colon, what = text.partition(":")
    of_a_page = what in {"title", "note"} or what.startswith("lead.")
    kept = f"?kept={number}" if number else ""
    return reverse("question_page" if of_a_page else "question", args=[owner]) + f"{kept}#t-{text}"


def _kept(request: HttpRequest) -> Kept | None:
    """The new words that the address says were just kept."""
    given = request.GET.get("kept", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    return queries.kept(viewer=request.user, number=number) if number else None


def _seen(request: HttpRequest, version: int) -> QueryDict:
    """What was typed, with the change that has been seen now: pressing again means it."""
    typed = request.POST.copy()
    typed["version"] = str(version)
    return typed
