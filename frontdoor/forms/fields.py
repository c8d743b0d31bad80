"""What the forms of the front door are made of: fields that keep what was typed, and a form that loses none of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teams.languages import Switching


class Words(forms.CharField):
    """Text exactly as it was typed. A browser sends each new line as two letters; we keep the one that was pressed."""

    def __init__(self, *, rows: int = 0, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)
        if rows:
            self.widget.attrs["rows"] = rows

    def to_python(self, value: Any) -> str:
        return plain_lines(super().to_python(value) or "")


class One(forms.ChoiceField):
    """One choice, or none: a choice that is not on the list is no answer."""

    widget = forms.RadioSelect

    def clean(self, value: Any) -> str:
        return value if self.valid_value(value) else ""


class Many(forms.MultipleChoiceField):
    """Any number of choices; those that are not on the list are no answer."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        return [key for key in dict.fromkeys(value or []) if self.valid_value(key)]


class ChoiceWords(str):
    """The words of a choice, with the hint under them."""

    hint: str

    def __new__(cls, words: object, hint: str = "") -> ChoiceWords:
        made = super().__new__(cls, words)
        made.hint = hint
        return made


def plain_lines(words: str) -> str:
    return words.replace("\r\n", "\n").replace("\r", "\n")


def letters_used(said: str, limit: int) -> str:
    numbers = {"limit": f"{limit:,}", "used": f"{len(said):,}"}
    return gettext("We can keep %(limit)s letters here. You have used %(used)s.") % numbers


class Kept(Switching, forms.Form):
    """A form that counts how often it came back: a second time is said in other words, with a way round."""

    tries = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **options: Any) -> None:
        # A copy, because what is shown again may differ from what came in.
        self.typed: QueryDict = QueryDict(mutable=True) if data is None else data.copy()
        super().__init__(None if data is None else self.typed, **options)

    @property
    def tried(self) -> int:
        given = str(self.typed.get("tries", ""))
        return int(given[0]) if given.isascii() and given.isdigit() else 0

    def say(self, first: str | Promise, second: str | Promise) -> forms.ValidationError:
        return forms.ValidationError(str(second if self.tried else first))

    def too_long(self, said: str, limit: int) -> forms.ValidationError:
        return self.say(
            letters_used(said, limit), _("Write the main part here. You can tell us the rest when we talk.")
        )

    def wait(self, seconds: int, *, at: str | None = None) -> None:
        """Say how long until the next try, and the way round."""
        self.add_error(
            at, gettext("Wait %(seconds)s seconds, then try again. You can also call us.") % {"seconds": seconds}
        )

    def come_back(self) -> None:
        """Make the form ready to be shown again, once its errors are known."""
        self.typed["tries"] = str(self.tried + 1)
