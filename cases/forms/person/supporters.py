"""Asking somebody to stand beside the person, and what they can see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import sections
from cases.forms.person.sharing import until_words
from cases.forms.person.words import TOO_LONG
from cases.models import Supporter
from teams import addresses
from teams.languages import Switching

NOW = _("How things are, and what you told us first")


class SupporterForm(Switching, forms.Form):
    """What somebody whom the person asked can see and do, and for how long."""

    sees = forms.MultipleChoiceField(
        label=_("What can they see?"),
        choices=[(section.key, section.title if section.key != "now" else NOW) for section in sections.FOR_SUPPORTERS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Pick from these parts.")},
    )
    adds = forms.MultipleChoiceField(
        label=_("What can they add to?"),
        help_text=_("They can see that part too. They cannot change your words."),
        choices=[
            (section.key, section.title)
            for section in sections.FOR_SUPPORTERS
            if section.team_may >= sections.Level.SUGGEST
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Pick from these parts.")},
    )
    may_call = forms.ChoiceField(
        label=_("Can we call them if we are worried about you?"),
        choices=Supporter.MayCall.choices,
        initial=Supporter.MayCall.NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one of these."), "invalid_choice": _("Pick one of these.")},
    )
    only_if = forms.CharField(
        label=_("Only if what?"), max_length=200, required=False, error_messages={"max_length": TOO_LONG}
    )
    until = forms.ChoiceField(
        label=_("Until when?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Pick one of these.")},
    )

    def __init__(self, *args: Any, end: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.end = end
        as_it_is = [("as_it_is", until_words(end))] if end else []
        self.fields["until"].choices = [  # type: ignore[attr-defined]
            *as_it_is,
            ("", _("Until I say")),
            ("month", _("For a month")),
        ]
        self.initial.setdefault("until", "as_it_is" if end else "")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("may_call") == Supporter.MayCall.ONLY and not given.get("only_if") and not self.errors:
            self.add_error("only_if", _("Write when we can call them."))
        return given

    def chosen(self, now: datetime) -> dict[str, Any]:
        """What was picked, with the moment at which it ends."""
        given = {**self.cleaned_data}
        ends = {"as_it_is": self.end, "month": now + timedelta(days=30)}
        return given | {"until": ends.get(given["until"])}


class AskSomebodyForm(SupporterForm):
    """Somebody whom the person would like to ask."""

    name = forms.CharField(
        label=_("What is their name?"),
        max_length=100,
        error_messages={"required": _("Write what you call them."), "max_length": TOO_LONG},
    )
    knows = forms.CharField(
        label=_("How do you know each other?"),
        help_text=_("Your sister, a friend, a neighbour. You can leave this empty."),
        max_length=100,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    email = forms.CharField(
        label=_("Their email, if we should send them the link"),
        help_text=_("If you leave this empty, you get the link and give it to them yourself."),
        max_length=320,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )

    field_order = ["name", "knows", "sees", "adds", "may_call", "only_if", "until", "email"]

    def clean(self) -> dict[str, Any]:
        """Whoever says yes and sees nothing finds a page that is closed: it would read as if the person had ended it."""
        given = super().clean() or {}
        if not {"sees", "adds"} & self.errors.keys() and not given.get("sees") and not given.get("adds"):
            self.add_error("sees", _("Pick at least one part that they can see."))
        return given

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        kept = addresses.email(typed) if typed else ""
        if kept is None:
            raise forms.ValidationError(_("We could not read that email. Check it, like sam@example.com"))
        return kept


class JoinForm(Switching, forms.Form):
    """Where somebody who was asked gets the code to come in."""

    to = forms.CharField(
        label=_("Your email or mobile number"),
        help_text=_("Your code goes there, each time you ask for one to come in."),
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _("Write your email or your mobile number."), "max_length": TOO_LONG},
    )

    def clean_to(self) -> tuple[str, str]:
        """The channel and the address, as they are kept."""
        typed: str = self.cleaned_data["to"]
        if kept := addresses.email(typed):
            return "email", kept
        if kept := addresses.uk_mobile(typed):
            return "text", kept
        raise forms.ValidationError(_("We could not read that. Check it, like sam@example.com or 07700 900982"))
