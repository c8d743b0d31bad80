"""What somebody typed in a page that was open longer than their visit, or than its form was good for.

Each form of a page that asks who you are says for whose account it was made, in a mark that nobody else can make. Where it
comes in from somebody else, or from nobody, what was typed in it is kept for that account alone, and is in the form again
when they have come back in. See docs/decisions/0015.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.utils import timezone

from teams import actions, queries
from teams.models import Typed

Answer = Callable[[HttpRequest], HttpResponse]

WHOSE = "whose"  # in a form: for whose account it was made
CAME_BACK = "came_back"  # in a form: which kept words stand in it
WAITS = "typed_waits"  # in the session: something is kept for whoever is signed in
# What the machine put into a form, and the word that nobody may read.
NOT_TYPED = {"csrfmiddlewaretoken", WHOSE, CAME_BACK, "read_in", "word"}
_SIGNER = signing.TimestampSigner(salt="teams.typed")


class KeptForThem:
    """Keeps what was typed for whom it is, and puts it back into the page on which it was typed."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        came_back = _id(request.POST.get(CAME_BACK, "")) if request.method == "POST" else None
        if came_back and response.status_code in {302, 303} and request.user.is_authenticated:
            actions.forget_typed(typed_id=came_back, path=request.path, by=request.user, now=timezone.now())
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if request.method == "POST" and marked(request.POST.get(WHOSE, "")) not in {None, request.user.pk}:
            return keep(request)
        if request.user.is_authenticated:
            request.whose = request.user.pk  # type: ignore[attr-defined]
            # A form that comes back once more, with something to mend, still says which words it was filled with.
            request.came_back = _id(request.POST.get(CAME_BACK, ""))  # type: ignore[attr-defined]
            if request.method == "GET" and request.session.get(WAITS):
                _put_back(request)
        return None


def mark(account_id: UUID) -> str:
    """The mark of a form that was made for this account."""
    return _SIGNER.sign(account_id.hex)


def marked(given: str) -> UUID | None:
    """For whose account a form was made; None when its mark is not ours."""
    try:
        return UUID(_SIGNER.unsign(given))
    except signing.BadSignature:
        return None


def _is_fresh(given: str) -> bool:
    """Whether a form was made no longer ago than words are kept: whoever copied its mark cannot use it for ever."""
    try:
        _SIGNER.unsign(given, max_age=Typed.LASTS)
    except signing.SignatureExpired:
        return False
    return True


def given(request: HttpRequest) -> QueryDict | None:
    """What a form on this page is made with: what came in now, or what came back; None when nothing did."""
    return request.POST if request.method == "POST" or request.POST else None


def keep(request: HttpRequest) -> HttpResponse | None:
    """Keep what came in for whom its form was made, and the page that says so; back to the form, where that is who is here.

    None when the form does not say for whom, or when they are here and typed nothing: then nothing is lost.
    """
    account_id = marked(request.POST.get(WHOSE, ""))
    if account_id is None:
        return None
    fields = [
        (name, value) for name, values in request.POST.lists() if name not in NOT_TYPED for value in values if value
    ]
    came_from = _page_of(request)
    # The one press of a form that stands on another page, such as "Done", is not typed.
    typed = bool(fields) and (came_from == request.path or bool(queries.words_of(value for _name, value in fields)))
    kept = (
        typed
        and _is_fresh(request.POST[WHOSE])
        and actions.keep_typed(
            account_id=account_id,
            path=request.path,
            page=came_from,
            fields=fields,
            instead_of=_id(request.POST.get(CAME_BACK, "")),
            now=timezone.now(),
        )
    )
    if request.user.pk != account_id:
        lost = queries.words_of(value for _name, value in fields) if typed and not kept else ()
        return render(request, "account/page_closed.html", {"kept": kept, "typed": lost, "days": Typed.LASTS.days})
    if not kept:
        return None
    request.session[WAITS] = True
    return redirect(came_from)


def _page_of(request: HttpRequest) -> str:
    """The page of ours on which a form stood: most send to their own address."""
    path = urlsplit(request.headers.get("Referer", "")).path
    return path if is_valid_path(path) else request.path


def bring_typed(request: HttpRequest, user: Any, **_more: Any) -> None:
    """At signing in: whether something that they typed is kept for them."""
    if queries.typed(viewer=user, now=timezone.now()):
        request.session[WAITS] = True


def _put_back(request: HttpRequest) -> None:
    """The page is made as when its language is changed in the middle of writing: with the words, and nothing is checked."""
    kept = queries.typed(viewer=request.user, now=timezone.now())
    if not kept:
        del request.session[WAITS]
    for one in kept:
        if one.path == request.path:
            data = QueryDict("read_in=", mutable=True)
            for name, value in one.fields:
                data.appendlist(name, value)
            request.POST = data  # type: ignore[assignment]
            request.came_back = one.id  # type: ignore[attr-defined]
            return


def _id(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
