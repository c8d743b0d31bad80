"""Which copy to take away."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.team import Hinted
from cases.models import Copy
from cases.queries.paper import CARD, MINE
from teams.languages import Switching


class CopyForm(Switching, forms.Form):
    """``parts``: those that there is something of, and which of them are ticked only by the person themselves.

    ``card``: whether there is a pocket card for this reader.
    """

    layout = forms.ChoiceField(
        label=gettext_lazy("What kind of copy?"),
        initial=Copy.Layout.NORMAL,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pick one, or go back."),
            "invalid_choice": gettext_lazy("Pick one of these."),
        },
    )
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Which parts?"),
        help_text=gettext_lazy("Take away a tick to leave a part out."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Pick some of these.")},
    )

    def __init__(
        self,
        *args: Any,
        parts: list[tuple[str, str | Promise]],
        only_mine: Collection[str],
        card: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        hints: dict[str, str] = {
            Copy.Layout.NORMAL: _("The plan, ready to print."),
            Copy.Layout.LARGE: _("The same, with big letters all the way through."),
            Copy.Layout.EASY: _("Short lines, big letters and drawings."),
        }
        if card:
            hints[Copy.Layout.POCKET] = _(
                "From “If things get hard”: your reasons, six steps, and who to call. It folds to fit a pocket. "
                "What others can do is on the other copies."
            )
        layouts = [(key, Hinted(Copy.Layout(key).label, hint)) for key, hint in hints.items()]
        self.fields["layout"].choices = layouts  # type: ignore[attr-defined]
        if parts:
            also = _("Also what only you can see in the other parts.")
            choices = [(key, Hinted(title, also) if key == MINE else title) for key, title in parts]
            self.fields["sections"].choices = choices  # type: ignore[attr-defined]
            if only_mine:
                self.fields["sections"].help_text += " " + _("What only you can see has no tick at first.")
            if card:
                self.fields["sections"].help_text += " " + _("The pocket card needs no ticks.")
            self.initial["sections"] = [key for key, _title in parts if key not in only_mine]
        else:
            del self.fields["sections"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("layout") == Copy.Layout.POCKET:
            given["sections"] = [CARD]
        elif "sections" in self.fields and "sections" not in self.errors and not given.get("sections"):
            self.add_error("sections", _("Tick one part or more, or pick the pocket card."))
        given.setdefault("sections", [])
        return given
