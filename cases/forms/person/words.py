"""Own words in a form, and what is said when they are too long or none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.actions.plan import LONGEST

TOO_LONG = _("We can keep %(limit_value)d letters here. You have used %(show_value)d. The rest can go in another one.")
EMPTY = _("Write one word, or go back. Nothing is lost.")


class Words(forms.CharField):
    """Own words, kept exactly as they were typed; only what the browser did to line ends is undone."""

    def __init__(self, **given: Any) -> None:
        heading = given.pop("heading", False)
        given.setdefault("max_length", LONGEST)
        super().__init__(
            strip=False,
            error_messages={"required": EMPTY, "max_length": TOO_LONG},
            widget=forms.Textarea(attrs={"rows": given.pop("rows", 5), "autocomplete": "off"}),
            **given,
        )
        self.widget.is_page_heading = heading
        # The server answers, with words to read: a browser would cut what is too long without a word.
        self.widget.attrs.pop("maxlength", None)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value)

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if self.required and not words.strip():
            raise forms.ValidationError(EMPTY, code="required")
        return words
