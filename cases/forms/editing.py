"""The forms for what stands beside words: two texts that met, words that are suggested, and a number from 0 to 10."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.person.entries import WordsForm
from cases.forms.person.words import Words
from cases.models import Rating, Suggestion


class ClashForm(WordsForm):
    """Two texts that met: both can be edited, and the button that is pressed says which is kept."""

    theirs = Words(label=_("What is there now"))

    def chosen(self, use: str) -> str:
        """The words to keep: "mine", "theirs", or both, one after the other."""
        mine, theirs = self.cleaned_data["words"], self.cleaned_data["theirs"]
        return {"mine": mine, "theirs": theirs}.get(use, f"{theirs}\n\n{mine}")


class SuggestForm(forms.Form):
    words = Words(label=_("How would you put it?"))
    why = forms.CharField(label=_("Why do you suggest it?"), max_length=100, required=False)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].help_text = _("One line. %(name)s can read it.") % {"name": name or _("The person")}


class SuggestionForm(forms.Form):
    """What the person says of other words that were suggested for their own."""

    answer = forms.ChoiceField(
        label=_("What would you like to do?"),
        choices=[
            (Suggestion.Answer.ACCEPTED, _("Use these words")),
            (Suggestion.Answer.REWORDED, _("I would say it in another way")),
            (Suggestion.Answer.OTHER_VIEW, _("I see this another way: show both")),
            (Suggestion.Answer.DECLINED, _("Keep my words as they are")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one, or go back."), "invalid_choice": _("Pick one of these.")},
    )
    their_words = Words(
        label=_("In your own words"),
        help_text=_("If you would say it in another way, or see it another way."),
        required=False,
        rows=4,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        needs_words = given.get("answer") in {Suggestion.Answer.REWORDED, Suggestion.Answer.OTHER_VIEW}
        if needs_words and not given.get("their_words", "").strip() and "their_words" not in self.errors:
            self.add_error("their_words", _("Write how you would say it, or pick another answer."))
        return given


class RatingForm(forms.Form):
    value = forms.TypedChoiceField(
        choices=[(number, str(number)) for number in range(Rating.MOST + 1)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick a number, or go back."), "invalid_choice": _("Pick one of these.")},
    )
    words = Words(label=_("In your own words. You can leave this empty."), required=False, rows=3)

    def __init__(self, *args: Any, asks: Any, hint: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label, self.fields["value"].help_text = asks, hint
        self.fields["value"].widget.is_page_heading = True
