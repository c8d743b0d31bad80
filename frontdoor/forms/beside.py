"""The forms that stand beside the conversation: about oneself, about somebody one is worried about, and help lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Worry
from frontdoor.fair import Question
from frontdoor.forms.fields import Kept, One, Words
from frontdoor.queries.beside import Said

LONG, LINE = 5000, 300
REACH = 1000
OWN_WORDS = 100
NOTE = 300


class Measured(Kept):
    """A form that says how much too long something is, and keeps it all."""

    limits: dict[str, int] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, limit in self.limits.items():
            said = cleaned.get(name, "")
            if len(said) > limit:
                self.add_error(name, self.too_long(said, limit))
        if self.errors:
            self.come_back()
        return cleaned


class AboutForm(Measured):
    """One question about oneself, with own words where a choice has room for them."""

    limits = {"own_words": OWN_WORDS}

    def __init__(self, question: Question, *, said: Said | None = None, data: Any = None) -> None:
        initial = {"choice": said.choice, "own_words": said.own_words} if said else {}
        super().__init__(data, initial=initial)
        self.own = next((choice for choice in question.choices if choice.own_words), None)
        choices = [(choice.id, choice.words) for choice in question.choices]
        self.fields["choice"] = One(
            label=str(question.asks), help_text=str(question.hint), choices=choices, required=False
        )
        self.fields["choice"].widget.is_page_heading = True
        if self.own:
            widget = forms.TextInput(attrs={"autocomplete": "off"})
            self.fields["own_words"] = Words(label=_("Your own words"), widget=widget)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # Own words are an answer, whichever box was ticked.
        if self.own and cleaned.get("own_words", "").strip() and not cleaned.get("choice"):
            cleaned["choice"] = self.own.id
        return cleaned


class WorryForm(Measured):
    """What somebody who is worried tells us. Nothing is needed but one word of it."""

    limits = {"who": LONG, "why": LONG, "seen": LONG, "teller": LINE, "reach": REACH}

    who = Words(
        label=_("Who are you worried about?"),
        help_text=_("A name, and where they may be. Say what you can."),
        rows=2,
        widget=forms.Textarea(attrs={"autocomplete": "off"}),
    )
    why = Words(label=_("Why are you worried?"), rows=4, widget=forms.Textarea(attrs={"autocomplete": "off"}))
    seen = Words(label=_("What have you seen or heard?"), rows=4, widget=forms.Textarea(attrs={"autocomplete": "off"}))
    teller = Words(label=_("What is your name?"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    reach = Words(
        label=_("How can we reach you?"),
        help_text=_("A number or an email. Leave it empty if you would rather not say."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    may_say = One(label=_("Can we tell them it was you who told us?"), choices=Worry.MaySay.choices, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(name, "").strip() for name in ("who", "why", "seen")):
            self.add_error(
                "who", self.say(_("Write one word here, so that we know."), _("You can also just call us."))
            )
            self.come_back()
        return cleaned

    def not_yet(self) -> None:
        """Nobody is here to read it, which is so only before the place has begun."""
        self.add_error(None, _("We cannot take this here yet. Call us, and we will listen."))


class LineForm(Measured):
    """That somebody tried a help line."""

    limits = {"note": NOTE}

    note = Words(label=_("Anything to note?"), help_text=_("Such as how long it rang."))
