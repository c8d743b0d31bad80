"""The person's own pages: to talk, to be left be, to be reached, to step out and to come back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.person.words import TOO_LONG, Words
from cases.models import Way
from cases.pace import Pace
from cases.permissions.sharing import Walker
from teams.languages import Switching


class SoonForm(Switching, forms.Form):
    pace = forms.ChoiceField(
        label=_("How soon would you like to talk?"),
        choices=[
            (Pace.TODAY, Pace.TODAY.label),
            (Pace.DAYS, Pace.DAYS.label),
            (Pace.WEEK, Pace.WEEK.label),
            (Pace.NOT_SAFE, Pace.NOT_SAFE.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one, or go back."), "invalid_choice": _("Pick one of these.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pace"].widget.is_page_heading = True


ONE_MORE = "more"


class SomeoneElseForm(Switching, forms.Form):
    """Whom the person would like to change, and what they would like the team to know. They need not say why."""

    who = forms.TypedChoiceField(
        label=_("Who would you like to change?"),
        coerce=lambda account: None if account == ONE_MORE else UUID(account),
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one, or go back."), "invalid_choice": _("Pick one of these.")},
    )
    words = forms.CharField(
        label=_("Is there anything the team should know?"),
        help_text=_(
            "You can leave this empty. All who are at the meeting read it. Who you want to change may be there too."
        ),
        max_length=200,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, data: Any, *, walkers: Collection[Walker]) -> None:
        super().__init__(data)
        if not walkers:
            del self.fields["who"]
            return
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [
            *((str(one.user_id), one.name) for one in walkers),
            (ONE_MORE, _("No one. I would like one more person.")),
        ]


class QuietForm(Switching, forms.Form):
    days = forms.TypedChoiceField(
        label=_("Leave me be for"),
        choices=[
            (7, _("a week")),
            (14, _("two weeks")),
            (28, _("four weeks")),
            (91, _("three months")),
            (182, _("half a year")),
        ],
        coerce=int,
        error_messages={"invalid_choice": _("Pick one of these.")},
    )


class StepOutForm(Switching, forms.Form):
    keep_hello = forms.ChoiceField(
        label=_("Would you like us to send you a hello now and then?"),
        choices=[("yes", _("Yes")), ("no", _("No, I will get in touch if I want to"))],
        initial="no",
        required=False,
        widget=forms.RadioSelect,
    )
    words = Words(label=_("Is there anything you want to say?"), required=False, rows=4)


class BackForm(Switching, forms.Form):
    words = Words(label=_("What would help you now? You can leave this empty."), required=False, rows=4)
    someone_new = forms.BooleanField(label=_("I would like to meet someone new"), required=False)


class WordForm(Switching, forms.Form):
    """A word only the person knows. Empty: none is asked for."""

    word = forms.CharField(
        label=_("A word only you know"),
        help_text=_("It can be more than one word. Capitals and spaces do not matter."),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class WayForm(Switching, forms.Form):
    """One way to say hello, with its conditions. Everything may be left out."""

    to = forms.CharField(max_length=1000, required=False)
    times = forms.MultipleChoiceField(
        label=_("When is a good time?"),
        choices=[
            ("mornings", _("Mornings")),
            ("afternoons", _("Afternoons")),
            ("evenings", _("Evenings")),
            ("weekends", _("Weekends")),
            ("any", _("Any time")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Pick from these times.")},
    )
    others = forms.ChoiceField(
        label=_("Does anyone else see this?"),
        choices=Way.Others.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Pick one of these.")},
    )
    only_words = forms.CharField(
        label=_("If others may see it: the only words we may send"), max_length=160, required=False
    )
    leave_message = forms.BooleanField(label=_("You can leave a message"), required=False)
    say_who = forms.BooleanField(label=_("You can say the team’s name"), required=False)
    word = forms.CharField(
        label=_("A word between us"),
        help_text=_("We will use it, so you know it is us."),
        max_length=100,
        required=False,
    )
    note = forms.CharField(label=_("Anything else"), max_length=1000, required=False)

    ASKS = {
        "call": (_("What number can we call?"), {"times", "others", "leave_message", "say_who", "word", "note"}),
        "text": (_("What number can we text?"), {"times", "others", "only_words", "word", "note"}),
        "email": (_("What is your email?"), {"others", "only_words", "note"}),
        "write": (_("What name and address can we write to?"), {"others", "note"}),
        "place": (_("Where can we meet you?"), {"times", "note"}),
        "trusted": (_("Who can we talk to, and on what number?"), {"times", "note"}),
        "come": (None, {"note"}),
        "none": (None, {"note"}),
    }

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks, keep = self.ASKS[kind]
        for name in list(self.fields):
            if name != "to" and name not in keep:
                del self.fields[name]
        if asks is None:
            del self.fields["to"]
        else:
            self.fields["to"].label = asks
            autocomplete = {"call": "tel", "text": "tel", "email": "email", "write": "street-address"}.get(kind)
            if autocomplete:
                self.fields["to"].widget.attrs["autocomplete"] = autocomplete
