"""The forms of the way back in: a code, a name, and a word that only the person knows."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from frontdoor.forms.fields import Kept, Words
from teams.languages import Switching


class BackForm(Kept):
    """A code and the name that went with it."""

    code = Words(
        label=_("What is your code?"),
        help_text=_("It is two words and three numbers, like OTTER-TEAPOT-407."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    name = Words(
        label=_("What name did you give us?"),
        help_text=_("Leave it empty if you did not give one."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    word = Words(
        label=_("What is your own word?"),
        help_text=_("Leave it empty if you did not pick one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def not_found(self) -> None:
        """Say that nothing fits, without saying which of them does not."""
        self.add_error(
            "code",
            self.say(
                _("We could not find that code. Check the two words and the three numbers"),
                _("Call us or come in. We can find your page with you"),
            ),
        )
        self.come_back()


class DraftWord(Switching, forms.Form):
    """A word only the person knows, for words that are not sent yet. Empty: none is asked for."""

    word = Words(
        label=_("Pick a word only you know"),
        help_text=_("Then a card that someone finds is not enough. Capitals do not matter."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if len(word) > 200:
            raise forms.ValidationError(_("We can keep 200 letters here"))
        return word
