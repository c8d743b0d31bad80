"""Beside the words of a plan: suggesting others, saying how close, ordering the parts, and putting earlier words back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import actions
from cases.forms.editing import RatingForm, SuggestForm, SuggestionForm
from cases.permissions import NOT_THE_PERSONS, NotKnown, Permission
from cases.views.plan import KEPT, address, entry_of, only_if, page_of, render_page


@require_http_methods(["GET", "POST"])
def suggest(request: HttpRequest, plan_id: UUID, entry_id: UUID) -> HttpResponse:
    page = page_of(request, plan_id)
    entry = entry_of(page, entry_id)
    only_if(entry.can_suggest, NOT_THE_PERSONS if page.is_person or not entry.theirs else Permission.SUGGEST.value)
    mine = next((one for one in entry.suggestions if one.mine and not one.other_view), None)
    initial = {"words": mine.words if mine else entry.words, "why": mine.why if mine else ""}
    form = SuggestForm(request.POST or None, name=page.name, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.suggest_words(
                plan_id=plan_id, entry_id=entry_id, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, KEPT)
            return redirect(entry.place)
        except actions.NothingWritten:
            form.add_error("words", _("These are the words that are there. Change one, or go back."))
    return render_page(request, "suggest", page, {"form": form, "entry": entry}, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def suggestion(request: HttpRequest, plan_id: UUID, entry_id: UUID, suggestion_id: UUID) -> HttpResponse:
    """What the person says of other words for their own."""
    page = page_of(request, plan_id)
    entry = entry_of(page, entry_id)
    found = next((one for one in entry.suggestions if one.id == suggestion_id), None)
    if not page.is_person:
        raise NotKnown
    if found is None:  # it was answered a moment ago: pressed twice, or in another window
        messages.success(request, KEPT)
        return redirect(entry.place)
    form = SuggestionForm(request.POST or None, initial={"version": entry.version, "their_words": found.other_view})
    changed = False
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_suggestion(
                plan_id=plan_id, suggestion_id=suggestion_id, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, KEPT)
            return redirect(entry.place)
        except actions.ChangedMeanwhile:
            changed = True
            page = page_of(request, plan_id)
            entry = entry_of(page, entry_id)
            form = SuggestionForm(initial={**form.cleaned_data, "version": entry.version})
    more = {"form": form, "entry": entry, "suggestion": found, "changed": changed}
    return render_page(request, "suggestion", page, more, 422 if form.errors or changed else 200)


@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, plan_id: UUID, entry_id: UUID | None = None) -> HttpResponse:
    """The person's own 0 to 10: for a goal or, with none, for how things are."""
    page = page_of(request, plan_id)
    entry = entry_of(page, entry_id) if entry_id else None
    if not page.is_person or (entry and not entry.can_rate):
        raise NotKnown
    place = entry.place if entry else f"{address(plan_id)}#now"
    asks = _("How close do you feel?") if entry else _("How are things?")
    hint = (
        _("0 is a long way off. 10 is there. It is your own number: no one adds it up.")
        if entry
        else _("0 is as bad as it gets. 10 is as good as it gets. It is your own number: no one adds it up.")
    )
    form = RatingForm(request.POST or None, asks=asks, hint=hint)
    if request.method == "POST" and form.is_valid():
        actions.rate(plan_id=plan_id, entry_id=entry_id, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, KEPT)
        return redirect(place)
    return render_page(
        request, "rate", page, {"form": form, "entry": entry, "place": place}, 422 if form.errors else 200
    )


@require_GET
def order(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    page = page_of(request, plan_id)
    if not page.is_person:
        raise NotKnown
    return render_page(request, "order", page, {})


@require_POST
def move_section(request: HttpRequest, plan_id: UUID, section: str) -> HttpResponse:
    actions.move_section(
        plan_id=plan_id, section=section, up=request.POST.get("move") == "up", by=request.user, now=timezone.now()
    )
    return redirect(f"{reverse('order', kwargs={'plan_id': plan_id})}#{section}")


@require_POST
def restore(request: HttpRequest, plan_id: UUID, entry_id: UUID, version_id: int) -> HttpResponse:
    actions.restore_words(
        plan_id=plan_id, entry_id=entry_id, history_id=version_id, by=request.user, now=timezone.now()
    )
    messages.success(request, KEPT)
    return redirect(f"{address(plan_id)}#e-{entry_id}")
