"""The form with which a member asks somebody again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from frontdoor.forms.fields import Kept, Words


class AskForm(Kept):
    """Why somebody is asked again what they have told already."""

    why = Words(
        label=_("Why do you ask again?"),
        help_text=_("One line. They can read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 300}),
    )

    def no_reason(self) -> None:
        self.add_error(
            "why",
            self.say(
                _("Say why in one line. They will see it"),
                _("They have told us this. What has changed, that you need to ask?"),
            ),
        )
        self.come_back()
