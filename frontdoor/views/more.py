"""The longer conversation: topics for after the first hello, in any order, each saved by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from frontdoor import actions, helplines, safety, telling, visits
from frontdoor.forms.more import MoreForm
from frontdoor.queries import more as more_queries
from frontdoor.queries.more import Topic, blank_topic
from frontdoor.script import Page
from teams import languages
from teams.permissions import NotKnown

JUST_SAID = "just_said"  # in the session: what the page after this one shows, once
SHOWN_FOR = timedelta(minutes=10)  # and not to whoever holds the phone later


@login_not_required
@require_GET
def more(request: HttpRequest) -> HttpResponse:
    """B0: every topic, and the help lines that the last answer brought up."""
    try:
        page = more_queries.hub(viewer=request.user, conversation_id=visits.held(request), now=timezone.now())
    except NotKnown:
        return redirect("carry_on")
    return render(request, "frontdoor/more.html", {"hub": page, **_just_said(request)})


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def more_page(request: HttpRequest, page: int) -> HttpResponse:
    """One topic. Whatever is pressed, nothing that was written is lost."""
    asked = more_queries.page_of(page, request.POST.get("script", ""))
    if asked is None:
        raise Http404
    now, held = timezone.now(), visits.held(request)
    try:
        topic = more_queries.topic(viewer=request.user, conversation_id=held, page=asked[0], version=asked[1], now=now)
    except NotKnown:
        topic = None
    if request.method == "POST":
        return _keep(request, topic or blank_topic(*asked), held, now)
    if topic is None:
        return redirect("carry_on")
    assert topic.person_id is not None
    return _page(request, MoreForm(topic, visit=visits.seal(topic.person_id)))


def _keep(request: HttpRequest, topic: Topic, held: UUID | None, now: datetime) -> HttpResponse:
    """Keep what came in; in the plan of whoever the page was opened for, whoever is here now."""
    mark = visits.sealed(request.POST.get("visit", ""))
    mine = topic.person_id is not None and mark in {None, topic.person_id}
    if not mine:
        topic = blank_topic(topic.page, topic.version)
    form = MoreForm(topic, data=request.POST)
    if mine and form.switching:
        return _page(request, form)
    stops = "stop" in request.POST
    if mine and "skip" in request.POST:
        return redirect("more")
    if mine and not stops and not form.is_valid():  # what is too long is split up for whoever stops
        form.come_back()
        return _page(request, form, status=422)
    said = form.said()
    try:
        clashes = actions.say_more(
            conversation_id=held,
            mark=mark,
            page=topic.page,
            for_the_team=_for_the_team(topic),
            said=said,
            beside=form.beside(),
            shown=form.shown(),
            by=request.user,
            now=now,
        )
    except NotKnown:
        return redirect("carry_on")
    if not mine:
        return render(request, "frontdoor/visit_ended.html")
    if clashes:
        form.clashes(clashes)
        form.come_back()
        return _page(request, form, status=422)
    request.session[JUST_SAID] = {
        "at": now.timestamp(),
        "lines": telling.help_lines(topic.page, said),
        "apart": bool(telling.kept_apart(topic.page, said)),
    }
    return _after(topic.page, said, stops=stops)


def _for_the_team(topic: Topic) -> Page:
    """The same questions as the team reads them."""
    with languages.for_the_team():
        found = more_queries.page_of(topic.page.number, str(topic.version))
    return found[0] if found else topic.page


def _just_said(request: HttpRequest) -> dict[str, object]:
    """What was just saved, and the help lines that it brought up: for the next page alone."""
    said = request.session.pop(JUST_SAID, None)
    if not said or said["at"] < (timezone.now() - SHOWN_FOR).timestamp():
        return {}
    groups = [group for name in said["lines"] if (group := helplines.lines_for(name))]
    return {"saved": True, "apart": said["apart"], "groups": groups}


def _after(page: Page, said: dict[str, object], *, stops: bool) -> HttpResponse:
    after = "more_saved" if stops else "more"
    if safety.help_first(page.questions, said):
        return redirect(f"{reverse('help_now')}?to={after}")
    return redirect(after)


def more_page_again(request: HttpRequest, page: int) -> HttpResponse | None:
    """The topic with what was typed, after its form went bad; None when there is no such topic."""
    asked = more_queries.page_of(page, "")
    if asked is None:
        return None
    return _page(request, MoreForm(blank_topic(*asked), data=request.POST), status=403, open_long=True)


def _page(request: HttpRequest, form: MoreForm, *, status: int = 200, open_long: bool = False) -> HttpResponse:
    context = {"page": form.page, "form": form, "open_long": open_long}
    return render(request, "frontdoor/more_page.html", context, status=status)


@login_not_required
@require_GET
def more_saved(request: HttpRequest) -> HttpResponse:
    """Save and stop: the code, and the ways to go on."""
    try:
        page = more_queries.paused(viewer=request.user, conversation_id=visits.held(request))
    except NotKnown:
        return redirect("carry_on")
    shared = not visits.is_own_phone(request)
    return render(request, "frontdoor/more_saved.html", {"page": page, "shared": shared, **_just_said(request)})
