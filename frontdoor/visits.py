"""Which conversation this browser holds, for how long, and what becomes of a page that was open longer than that.

On somebody's own phone a visit lasts 24 hours. On a phone that others use it ends after 15 idle minutes; the words are
kept, and the code brings them back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth import login, logout
from django.core import signing
from django.http import HttpRequest, HttpResponse

from cases.models import Via

OWN, SHARED = "own", "shared"
# How somebody is with whoever types for them.
HERE, TELEPHONE, PAPER, ASKED = "here", "telephone", "paper", "asked"
LASTS = {OWN: 24 * 60 * 60, SHARED: 15 * 60}
VIA = {OWN: Via.OWN_PHONE, SHARED: Via.SHARED_PHONE}
VIA_A_MEMBER = {HERE: Via.DROP_IN, TELEPHONE: Via.TELEPHONE, PAPER: Via.PAPER, ASKED: Via.HELPER}
_OF_ONE_CONVERSATION = ("conversation", "beside", "at", "whole")
_SALT = "frontdoor.visit"


def phone_of(given: str) -> str:
    """Whose phone this is; anything but a clear "my own" is treated as shared, which is the safer of the two."""
    return OWN if given == OWN else SHARED


def hold(
    request: HttpRequest,
    conversation_id: UUID,
    phone: str,
    *,
    typed_by: Any = None,
    beside: str = "",
    whole: bool = False,
) -> None:
    """Let this browser hold a conversation. Whoever was here before is gone first, but for a member who types it.

    ``beside`` says how the person is with whoever types for them; ``whole`` asks everything on one page.
    """
    easy = is_easy(request)
    if typed_by is None:
        logout(request)
        request.session.set_expiry(LASTS[phone])
    let_go(request)
    request.session.update({"conversation": str(conversation_id), "phone": phone, "beside": beside, "whole": whole})
    read_easy(request, easy)


def let_go(request: HttpRequest) -> None:
    """This browser holds no conversation any more; whoever is signed in stays so."""
    for key in _OF_ONE_CONVERSATION:
        request.session.pop(key, None)


def beside(request: HttpRequest) -> str:
    """How the person is with whoever types for them; "" when they type themselves."""
    return request.session.get("beside", "")


def is_whole(request: HttpRequest) -> bool:
    """Whether everything is asked on one page."""
    return bool(request.session.get("whole"))


def read_easy(request: HttpRequest, easy: bool) -> None:
    """Ask in easy read from now on in this visit, or no longer."""
    if easy != is_easy(request):
        request.session["easy"] = easy


def is_easy(request: HttpRequest) -> bool:
    return bool(request.session.get("easy"))


def sign_in(request: HttpRequest, user: Any, phone: str) -> None:
    """Sign in somebody who has shown that they are themselves, for as long as a visit on this phone lasts."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session["phone"] = phone
    request.session.set_expiry(LASTS[phone])


def held(request: HttpRequest) -> UUID | None:
    """The conversation that this browser holds, or None."""
    found = request.session.get("conversation")
    return UUID(found) if found else None


def is_own_phone(request: HttpRequest) -> bool:
    return request.session.get("phone") == OWN


def seal(conversation_id: UUID) -> str:
    """A mark for a form: it lets words that come in after the visit ended be kept, and lets nobody read anything."""
    return signing.dumps(str(conversation_id), salt=_SALT)


def sealed(mark: str) -> UUID | None:
    """The conversation that a form was made for; None when the mark is not ours."""
    try:
        return UUID(signing.loads(mark, salt=_SALT))
    except signing.BadSignature:
        return None


class Idle:
    """Counts the idle minutes of a visit on a shared phone from the last page, and not from the last word kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A page that asked nothing of the visit (help, for one) stays a page without a database.
        if request.session.accessed and request.session.get("phone") == SHARED:
            request.session.modified = True
        return response
