"""Which language somebody reads in: kept for the visit in a cookie, and on the account so that messages come in it too.

The cookie lasts as long as the browser is open and goes with *Leave*. Whoever picks a language while they are signed in
picks it for their account; whoever signs in with a language picked a moment ago brings it with them.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils import translation


def known(given: str) -> str:
    """The language that was asked for; ``""`` when we have no such language."""
    return given if given in dict(settings.LANGUAGES) else ""


def of(user: Any) -> str:
    """The language in which to write to an account: theirs, or the team's where nobody knows."""
    return known(getattr(user, "language", "")) or settings.LANGUAGE_CODE


def here(name: str) -> str:
    """What the place says about itself (a setting such as ``OPEN_HOURS``), in the language that is being read."""
    in_this = settings.IN_LANGUAGES.get(translation.get_language(), {})
    return in_this.get(name) or getattr(settings, name)


def for_the_team() -> AbstractContextManager[None]:
    """What is written down here is for the team to read, whatever language its writer reads."""
    return translation.override(settings.LANGUAGE_CODE)


def read_in(request: HttpRequest, language: str) -> None:
    """Answer this request in ``language``, and keep it for the visit: the middleware sets the cookie."""
    translation.activate(language)
    request.LANGUAGE_CODE = language
    request.language_picked = language  # type: ignore[attr-defined]


class Switching:
    """For a form: when only the language is changed, nothing is checked or done, and what was typed is shown again.

    The buttons that change the language belong to the form that is on the page, so that its words come with the press.
    """

    data: Any
    is_bound: bool

    @property
    def switching(self) -> bool:
        return self.is_bound and "read_in" in self.data

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.switching else super().errors

    def is_valid(self) -> bool:
        return not self.switching and super().is_valid()
