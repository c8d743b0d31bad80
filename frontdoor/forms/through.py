"""The forms for what is told through somebody else, and on paper."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from frontdoor.forms.conversation import SendForm
from frontdoor.forms.fields import Kept, One, Words
from teams.languages import Switching

MOST_FORMS = 10  # at once: a form is four pages in large print


class ReadBackForm(SendForm):
    """The press that sends what somebody typed for a person: it is read back to them first."""

    read_back = One(required=False)
    why = Words(
        label=_("If they could not answer, say why"), widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    )

    def __init__(self, data: Any = None, *, name: str, **options: Any) -> None:
        super().__init__(data, **options)
        asks, changed, could_not = (
            gettext("Read it back. Do they say it is right?"),
            gettext("They changed it"),
            gettext("They could not answer"),
        )
        if name:
            asks = gettext("Read it back. Does %(name)s say it is right?") % {"name": name}
            changed = gettext("%(name)s changed it") % {"name": name}
            could_not = gettext("%(name)s could not answer") % {"name": name}
        field = cast(One, self.fields["read_back"])
        field.label = asks
        field.choices = [
            (Case.ReadBack.YES, gettext("Yes")),
            (Case.ReadBack.CHANGED, changed),
            (Case.ReadBack.COULD_NOT, could_not),
        ]
        self.fields["why"].help_text = gettext("One line is fine. They can read it.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said, why = cleaned.get("read_back"), (cleaned.get("why") or "").strip()
        if not said:
            self.add_error(
                "read_back", self.say(_("Say if it is right"), _("Pick the last one if they could not answer"))
            )
        if said == Case.ReadBack.COULD_NOT and not why:
            self.add_error("why", self.say(_("Say why in one line. They can read it"), _("A few words are enough")))
        if len(why) > 300:
            self.add_error("why", _("We can keep 300 letters here"))
        return {**cleaned, "why": why if said == Case.ReadBack.COULD_NOT else ""}


WITH = [
    ("here", _("They are here and will answer")),
    ("telephone", _("They are on the telephone")),
    ("paper", _("They filled in paper")),
    ("asked", _("They asked me to do it for them")),
    ("worried", _("I am worried about someone")),
]


class WithForm(Switching, forms.Form):
    """How the person is with whoever types for them."""

    who = forms.ChoiceField(
        label=_("Who is with you?"),
        choices=WITH,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one"), "invalid_choice": _("Pick one")},
    )

    def __init__(self, data: Any = None, *, member: bool) -> None:
        super().__init__(data)
        self.fields["who"].widget.is_page_heading = True
        if not member:  # who answers a telephone, and types in paper, is in the team
            who = cast(forms.ChoiceField, self.fields["who"])
            who.choices = [choice for choice in WITH if choice[0] not in {"telephone", "paper"}]


class FormCode(Kept):
    """The code that is printed on a paper form."""

    code = Words(
        label=_("What is the code on the form?"),
        help_text=_("Leave it empty if it has none. We make one."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def not_waiting(self) -> None:
        self.add_error(
            "code",
            self.say(
                _("No form waits with that code. Check the two words and the three numbers"),
                _("Leave it empty and we make a new code. Or carry on with their code and name"),
            ),
        )
        self.come_back()


class PrintForm(Switching, forms.Form):
    """Which paper form, and how many with a code of their own."""

    layout = forms.ChoiceField(
        label=_("How big are the words?"),
        choices=[("usual", _("Two sides")), ("large", _("Large print")), ("easy", _("Easy read, with pictures"))],
        initial="usual",
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Which language?"), widget=forms.RadioSelect)
    count = forms.IntegerField(label=_("How many?"), min_value=1, max_value=MOST_FORMS, initial=1)

    def __init__(self, data: Any = None, *, languages: list[tuple[str, str]], coded: bool) -> None:
        super().__init__(data)
        cast(forms.ChoiceField, self.fields["language"]).choices = languages
        read = get_language()
        self.fields["language"].initial = read if read in dict(languages) else languages[0][0]
        if not coded:
            del self.fields["count"]
