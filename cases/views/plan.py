"""The plan, as the person and those who walk with them read and write it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import actions, sections
from cases.forms.editing import ClashForm
from cases.forms.person.entries import AnswerForm, EntryForm, WordsForm
from cases.forms.person.sharing import CircleForm, EntryCircleForm
from cases.models import Entry, Look
from cases.permissions import OTHERS_WORDS, OWN_WORDS, NotAllowed, NotKnown, Permission
from cases.queries import history as history_query
from cases.queries.plan import EntryView, PlanView, SectionView, plan_page
from cases.queries.sharing import as_they_see_it, shared_section, sharing_page
from cases.queries.supporters import opens_soon, supports
from cases.views.looking import keep_look
from teams.models import Sector

KEPT = gettext_lazy("It is kept.")
TAKEN_OUT = gettext_lazy("It is taken out.")


def page_of(request: HttpRequest, plan_id: UUID) -> PlanView:
    """The plan as it is now for whoever asks; those who walk with the person are seen to be here."""
    now = timezone.now()
    page = plan_page(plan_id=plan_id, viewer=request.user, now=now)
    if page.is_walker:
        actions.be_here(plan_id=plan_id, by=request.user, now=now)
    return page


def _section(page: PlanView, key: str) -> SectionView:
    """The section, among those this viewer may see; NotKnown otherwise."""
    for section in page.sections:
        if section.key == key:
            return section
    raise NotKnown


def entry_of(page: PlanView, entry_id: UUID) -> EntryView:
    """The entry, among those this viewer may see; NotKnown otherwise."""
    for section in page.sections:
        for entry in section.entries:
            if entry.id == entry_id:
                return entry
    raise NotKnown


def only_if(allowed: bool, sentence: Any) -> None:
    """A form that its sender may not send is not opened either: nobody types for nothing. The action asks again."""
    if not allowed:
        raise NotAllowed(sentence)


def render_page(
    request: HttpRequest, name: str, page: PlanView, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page that shows something of a plan. Whoever else it is shown to is kept, for the person to see."""
    keep_look(request, page, Look.What.HISTORY if name == "plan_history" else Look.What.PLAN)
    frame = "base_team.html" if page.is_member else "base.html"
    return render(request, f"cases/{name}.html", {"page": page, "base": frame, **more}, status=status)


@require_GET
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    try:
        page = page_of(request, plan_id)
    except NotKnown:
        if day := opens_soon(viewer=request.user, plan_id=plan_id, now=timezone.now()):
            return render(request, "cases/shared_soon.html", {"day": day}, status=404)
        if supports(viewer=request.user, plan_id=plan_id):
            return render(request, "cases/shared_over.html", status=404)
        raise
    return render_page(request, "plan", page, {})


@require_http_methods(["GET", "POST"])
def entry_add(request: HttpRequest, plan_id: UUID, section: str) -> HttpResponse:
    page = page_of(request, plan_id)
    place = _section(page, section)
    only_if(place.can_add, Permission.SUGGEST.value)
    form = EntryForm(
        request.POST or None,
        section=sections.BY_KEY[section],
        circle=place.circle,
        is_person=page.is_person,
        name=page.name,
        initial={"field": request.GET.get("field", "")},
    )
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data}
        given["circle"] = given.get("circle") or None
        entry = actions.add_entry(plan_id=plan_id, section=section, by=request.user, now=timezone.now(), **given)
        messages.success(request, KEPT)
        return redirect(f"{address(plan_id)}#e-{entry.pk}")
    return render_page(request, "entry_add", page, {"form": form, "section": place}, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def entry_change(request: HttpRequest, plan_id: UUID, entry_id: UUID) -> HttpResponse:
    page = page_of(request, plan_id)
    entry = entry_of(page, entry_id)
    may = entry.can_write or (entry.can_move and request.method == "GET")
    only_if(may, OTHERS_WORDS if page.is_person else Permission.WRITE.value)
    place: dict[str, Any] = {"section": entry.section, "is_person": page.is_person}
    if request.POST.get("then") == "out" and not request.POST.get("words", "").strip():
        return _and_then(request, plan_id, entry)  # with the box empty, nothing is typed that could be lost
    use = request.POST.get("use", "")
    kind = ClashForm if use else WordsForm
    initial = {
        "words": entry.words,
        "version": entry.version,
        "area": entry.area,
        "importance": entry.importance,
        "agreed": entry.agreed,
        "agreed_why": entry.agreed_why,
        "who": entry.who,
        "when": entry.when,
    }
    form = kind(request.POST or None, initial=initial, **place)
    clash = False
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data}
        if isinstance(form, ClashForm):
            given["words"] = form.chosen(use)
            del given["theirs"]
        try:
            actions.change_words(plan_id=plan_id, entry_id=entry_id, by=request.user, now=timezone.now(), **given)
            return _and_then(request, plan_id, entry)
        except actions.ChangedMeanwhile as changed:
            clash = "words" in changed.theirs
            form = _both(request, given["words"], changed, place)
    more = {"form": form, "entry": entry, "clash": clash, "two_texts": isinstance(form, ClashForm)}
    return render_page(request, "entry_change", page, more, 422 if form.errors or clash else 200)


def _and_then(request: HttpRequest, plan_id: UUID, entry: EntryView) -> HttpResponse:
    """What was pressed besides keeping the words: how it is going, or that it is taken out."""
    then = request.POST.get("then", "")
    if then == "out":
        actions.take_out(plan_id=plan_id, entry_id=entry.id, by=request.user, now=timezone.now())
        messages.success(request, TAKEN_OUT, extra_tags=str(entry.id))
        return redirect(f"{address(plan_id)}#{entry.section}")
    if then in Entry.Progress.values:
        actions.change_progress(plan_id=plan_id, entry_id=entry.id, progress=then, by=request.user, now=timezone.now())
    messages.success(request, KEPT)
    return redirect(entry.place)


def _both(request: HttpRequest, words: str, changed: actions.ChangedMeanwhile, place: dict[str, Any]) -> WordsForm:
    """What was sent, with what somebody else made of the same things meanwhile."""
    sent, theirs = request.POST.copy(), dict(changed.theirs)
    sent["words"], sent["version"] = words, str(changed.version)
    kind = WordsForm
    if "words" in theirs:
        kind, sent["theirs"] = ClashForm, theirs.pop("words")
    form = kind(sent, **place)
    for name, said in theirs.items():
        form.became(name, said)
    return form


@require_http_methods(["GET", "POST"])
def entry_answer(request: HttpRequest, plan_id: UUID, entry_id: UUID) -> HttpResponse:
    page = page_of(request, plan_id)
    entry = entry_of(page, entry_id)
    only_if(entry.can_answer, OWN_WORDS if page.is_person else Permission.ANSWER.value)
    initial = {"answer": entry.answer, "other_view": entry.other_view, "version": entry.version}
    form = AnswerForm(request.POST or None, initial=initial)
    changed = False
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_entry(
                plan_id=plan_id, entry_id=entry_id, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            out = form.cleaned_data["answer"] == Entry.Answer.OUT
            messages.success(request, TAKEN_OUT if out else KEPT, extra_tags=str(entry_id) if out else "")
            return redirect(f"{address(plan_id)}#{entry.section}" if out else entry.place)
        except actions.ChangedMeanwhile:
            changed = True
            page = page_of(request, plan_id)
            entry = entry_of(page, entry_id)
            form = AnswerForm(initial={**form.cleaned_data, "version": entry.version})
    more = {"form": form, "entry": entry, "changed": changed}
    return render_page(request, "entry_answer", page, more, 422 if form.errors or changed else 200)


@require_POST
def entry_back(request: HttpRequest, plan_id: UUID, entry_id: UUID) -> HttpResponse:
    actions.put_back(plan_id=plan_id, entry_id=entry_id, by=request.user, now=timezone.now())
    messages.success(request, KEPT)
    return redirect(f"{address(plan_id)}#e-{entry_id}")


@require_POST
def entry_progress(request: HttpRequest, plan_id: UUID, entry_id: UUID) -> HttpResponse:
    progress = request.POST.get("progress", "")
    if progress not in Entry.Progress.values:
        raise NotKnown
    actions.change_progress(plan_id=plan_id, entry_id=entry_id, progress=progress, by=request.user, now=timezone.now())
    messages.success(request, KEPT)
    return redirect(f"{address(plan_id)}#e-{entry_id}")


@require_GET
def plan_history(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    page = page_of(request, plan_id)
    section, who = request.GET.get("section", ""), request.GET.get("who", "")
    found = history_query.history_page(
        plan_id=plan_id,
        viewer=request.user,
        now=timezone.now(),
        section=section,
        who=who,
        number=request.GET.get("page", "1"),
    )
    return render_page(request, "plan_history", page, {"found": found, "section": section, "who": who})


@require_GET
def sharing(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    found = sharing_page(plan_id=plan_id, viewer=request.user, now=timezone.now())
    return render(request, "cases/sharing.html", {"page": found})


@require_POST
def sharing_sector(request: HttpRequest, plan_id: UUID, sector: str) -> HttpResponse:
    """Shut a whole sector out of the plan, or open it to them again."""
    if sector not in Sector.values:
        raise NotKnown
    return _keep_away(request, plan_id, sector=sector)


@require_POST
def sharing_organisation(request: HttpRequest, plan_id: UUID, organisation_id: int) -> HttpResponse:
    """Shut one organisation out of the plan, or open it to them again."""
    return _keep_away(request, plan_id, organisation_id=organisation_id)


@require_POST
def sharing_member(request: HttpRequest, plan_id: UUID, user_id: UUID) -> HttpResponse:
    """Shut one member of the team out of the plan, or open it to them again."""
    return _keep_away(request, plan_id, user_id=user_id)


def _keep_away(request: HttpRequest, plan_id: UUID, **whom: Any) -> HttpResponse:
    act = actions.open_again if request.POST.get("open") else actions.shut_out
    act(plan_id=plan_id, by=request.user, now=timezone.now(), **whom)
    return redirect(f"{reverse('sharing', kwargs={'plan_id': plan_id})}#away")


@require_POST
def sharing_stop(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Stop everybody who was let in, in one press."""
    actions.stop_everybody(plan_id=plan_id, by=request.user, now=timezone.now())
    messages.success(request, _("It has stopped, at once. We will not tell anyone why."))
    return redirect("sharing", plan_id=plan_id)


@require_http_methods(["GET", "POST"])
def sharing_section(request: HttpRequest, plan_id: UUID, section: str) -> HttpResponse:
    now = timezone.now()
    shared = shared_section(plan_id=plan_id, section=section, viewer=request.user, now=now)
    form = CircleForm(request.POST or None, shared=shared, people=[*shared.can, *shared.cannot])
    every = reverse("sharing", kwargs={"plan_id": plan_id})
    came_from = f"{address(plan_id) if request.GET.get('from') == 'plan' else every}#{section}"
    if request.method == "POST" and form.is_valid():
        actions.share_section(
            plan_id=plan_id,
            section=section,
            circle=form.cleaned_data["circle"],
            by_name=form.by_name(now),
            groups=form.groups(now),
            opens_past=form.cleaned_data["opens_past"],
            by=request.user,
            now=now,
        )
        messages.success(request, KEPT)
        return redirect(came_from)
    page = {"form": form, "shared": shared, "came_from": came_from, "plan_id": plan_id}
    return render(request, "cases/sharing_section.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def entry_sharing(request: HttpRequest, plan_id: UUID, entry_id: UUID) -> HttpResponse:
    now = timezone.now()
    page = page_of(request, plan_id)
    entry = entry_of(page, entry_id)
    shared = shared_section(plan_id=plan_id, section=entry.section, viewer=request.user, now=now)
    form = EntryCircleForm(
        request.POST or None,
        of_section=shared.circle,
        people=shared.people,
        let_in=entry.let_in,
        kept_from=entry.kept_from,
        initial={"circle": entry.circle},
    )
    if request.method == "POST" and form.is_valid():
        actions.set_entry_circle(
            plan_id=plan_id,
            entry_id=entry_id,
            circle=form.cleaned_data["circle"],
            by_name=form.by_name(now),
            by=request.user,
            now=now,
        )
        messages.success(request, KEPT)
        return redirect(entry.place)
    return render_page(request, "entry_sharing", page, {"form": form, "entry": entry}, 422 if form.errors else 200)


@require_GET
def seen_by(request: HttpRequest, plan_id: UUID, user_id: UUID) -> HttpResponse:
    sees, page = as_they_see_it(plan_id=plan_id, user_id=user_id, viewer=request.user, now=timezone.now())
    return render(request, "cases/seen_by.html", {"sees": sees, "page": page, "plan_id": plan_id})


def address(plan_id: UUID) -> str:
    return reverse("plan", kwargs={"plan_id": plan_id})
