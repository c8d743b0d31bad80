"""What the forms of signing in and of the team's page take."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.core import context, ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from teams import addresses
from teams.models import Message, Sector, User, Weekday
from teams.permissions import account_at


class AskForCode(forms.Form):
    """One box for either way. Whoever reads the answer does not learn whether there is an account."""

    to = forms.CharField(
        label=_("Your email or mobile number"),
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _("Write your email or your mobile number.")},
    )

    channel: str = ""
    user: User | None = None

    @property
    def _user(self) -> User | None:
        """The name that allauth's view reads it by."""
        return self.user

    def clean_to(self) -> str:
        typed: str = self.cleaned_data["to"]
        channel = Message.Channel.EMAIL if "@" in typed else Message.Channel.TEXT
        kept = addresses.email(typed) if channel == Message.Channel.EMAIL else addresses.uk_mobile(typed)
        if kept is None:
            raise ValidationError(
                _("We could not read that email. Check it, like sam@example.com")
                if channel == Message.Channel.EMAIL
                else _("We could not read that number. Check it, like 07700 900982")
                if any(letter.isdigit() for letter in typed)
                else _("We could not read that. An email needs an @ sign.")
            )
        if not ratelimit.consume(context.request, action="request_login_code", key=kept):
            raise ValidationError(_("That was a lot of codes. Wait a minute, then ask again. Or call us."))
        self.cleaned_data["email" if channel == Message.Channel.EMAIL else "phone"] = kept
        self.channel, self.user = channel, account_at(channel=channel, to=kept)
        return kept


class GiveCode(ConfirmLoginCodeForm):
    code = forms.CharField(
        label=_("Your code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "nhsuk-input--width-5"}
        ),
        error_messages={"required": _("Write the six numbers of your code.")},
    )


class Invite(forms.Form):
    name = forms.CharField(label=_("Their name"), max_length=300, error_messages={"required": _("Write their name.")})
    email = forms.CharField(
        label=_("Their work email"),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email"}),
        error_messages={"required": _("Write their work email.")},
    )
    role = forms.CharField(
        label=_("What they do"),
        max_length=100,
        help_text=_("Like “peer worker” or “money adviser”."),
        error_messages={"required": _("Write what they do.")},
    )
    organisation = forms.ChoiceField(
        label=_("Who they work for"),
        required=False,
        error_messages={"invalid_choice": _("Pick one from the list.")},
    )
    new_organisation = forms.CharField(label=_("If it is not in the list, its name"), max_length=200, required=False)
    sector = forms.ChoiceField(
        label=_("If it is not in the list, what it is"),
        choices=[("", _("Pick one")), *Sector.choices],
        required=False,
        error_messages={"invalid_choice": _("Pick one from the list.")},
    )

    def __init__(self, *args: Any, organisations: tuple[tuple[int, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", _("Another one")), *organisations]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        kept = addresses.email(self.cleaned_data["email"])
        if kept is None:
            raise ValidationError(_("We could not read that email. Check it, like jo@example.org"))
        return kept

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not given.get("organisation"):
            for name, sentence in (
                ("new_organisation", _("Pick who they work for, or write its name.")),
                ("sector", _("Pick what kind of organisation it is.")),
            ):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return given


class Duty(forms.Form):
    days = forms.TypedMultipleChoiceField(
        label=_("Which days are they on duty?"),
        help_text=_("Who is on duty acts first when somebody may be in danger. They can read what is kept apart."),
        choices=Weekday,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Pick days from the list.")},
    )
