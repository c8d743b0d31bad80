"""The huddle's pages: who is here, the agenda, and one person at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import actions
from cases.actions import NotDecided
from cases.forms.team import DecideForm, HearForm, HereForm, VoicesForm
from cases.permissions import NotAllowed, NotKnown
from cases.queries.huddle import Card
from cases.queries.huddle import huddle as huddle_page
from cases.queries.huddle import huddle_item as huddle_card
from cases.views.looking import keep_look_at


@require_GET
def huddle(request: HttpRequest) -> HttpResponse:
    page = huddle_page(viewer=request.user, now=timezone.now())
    return render(request, "cases/huddle.html", {"page": page, "form": HereForm(None, page=page)})


@require_http_methods(["GET", "POST"])
def huddle_seats(request: HttpRequest) -> HttpResponse:
    """Begin, or change who is here."""
    now = timezone.now()
    page = huddle_page(viewer=request.user, now=now)
    form = HereForm(request.POST if request.method == "POST" else None, page=page)
    if request.method == "POST" and form.is_valid():
        actions.take_seat(team_id=page.team_id, present=form.present(), by=request.user, now=now)
        return redirect("huddle")
    return render(request, "cases/huddle_seats.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@require_POST
def huddle_end(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = huddle_page(viewer=request.user, now=now)
    actions.end_huddle(team_id=page.team_id, by=request.user, now=now)
    if page.waiting:
        messages.success(request, _("The huddle has ended. Who is left comes first in the next one."))
    else:
        messages.success(request, _("The huddle has ended. Everybody was talked about."))
    return redirect("huddle")


@require_POST
def huddle_ask(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Put somebody on the agenda from whom we have not heard."""
    actions.ask_the_team(plan_id=plan_id, by=request.user, now=timezone.now())
    return redirect("huddle")


@require_http_methods(["GET", "POST"])
def huddle_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One person: hear, notice, voices, decide. Each part is a form of its own, and the next part comes first."""
    now = timezone.now()
    card = huddle_card(item_id=item_id, viewer=request.user, now=now)
    part = request.POST.get("part", "")
    forms: dict[str, Any] = {
        "hear": HearForm(
            request.POST if part == "hear" else None, initial={"strong": card.strong, "not_known": card.not_known}
        ),
        "voices": VoicesForm(request.POST if part == "voices" else None, card=card),
        "decide": DecideForm(request.POST if part == "decide" else None, card=card),
    }
    if request.method == "GET" or part not in forms:
        return _show(request, card, forms)
    form = forms[part]
    if not card.note and not form.is_valid():
        return _show(request, card, forms, form=form, status=422)
    think_again = () if card.note else form.unkind()
    if think_again:
        return _show(request, card, forms, form=form, again=think_again, status=422)
    try:
        if card.note:
            raise NotAllowed(_("The team has decided this already. What you typed is below."))
        _KEEP[part](item_id, form, request.user, now)
    except NotDecided as missing:
        for name, sentence in missing.missing.items():
            form.add_error(name, sentence)
        return _show(request, card, forms, form=form, status=422)
    except (NotAllowed, NotKnown):
        # Another laptop was quicker: show what was decided, and lose nothing that was typed here.
        card = huddle_card(item_id=item_id, viewer=request.user, now=now)
        if card.note is None:
            raise
        typed = [(form.fields[name].label, value) for name, value in form.data.items() if name in form.fields]
        return render(request, "cases/huddle_note.html", {"card": card, "typed": typed}, status=409)
    return redirect("huddle_item", item_id)


def _hear(item_id: UUID, form: Any, by: Any, now: Any) -> None:
    actions.hear(item_id=item_id, by=by, now=now, **form.cleaned_data)


def _voices(item_id: UUID, form: Any, by: Any, now: Any) -> None:
    actions.keep_voices(item_id=item_id, voices=form.voices(), by=by, now=now)


def _decide(item_id: UUID, form: Any, by: Any, now: Any) -> None:
    actions.decide(item_id=item_id, by=by, now=now, **form.cleaned_data)


_KEEP = {"hear": _hear, "voices": _voices, "decide": _decide}


def _show(
    request: HttpRequest,
    card: Card,
    forms: dict[str, Any],
    *,
    form: Any = None,
    again: tuple[tuple[str, str], ...] = (),
    status: int = 200,
) -> HttpResponse:
    if card.note:
        return render(request, "cases/huddle_note.html", {"card": card})
    keep_look_at(request, card.plan_id, card.parts)
    spoken = any(voice.state and (voice.here or voice.words) for voice in card.voices)
    given = {
        "card": card,
        "forms": forms,
        "form": form,
        "again": again,
        "next": "hear" if not card.heard else "decide" if spoken else "voices",
    }
    return render(request, "cases/huddle_item.html", given, status=status)
