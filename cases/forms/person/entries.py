"""What is written in a plan, and what the person says of what others wrote."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import sections
from cases.actions.plan import AGREED_IN
from cases.forms.person.sharing import PICK_ONE, narrower
from cases.forms.person.words import Words
from cases.models import Entry
from teams.languages import Switching


def importance_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How much does it matter to you?"),
        choices=[("", _("I would rather not say")), *Entry.Importance.choices],
        required=False,
        widget=forms.RadioSelect,
        error_messages=PICK_ONE,
    )


def area_field(**given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Which part of life is it?"),
        choices=[("", _("I would rather not say")), *sections.Area.choices],
        required=False,
        error_messages=PICK_ONE,
        **given,
    )


def agreed_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Have you agreed this together?"),
        choices=[("", _("I have not asked yet")), *Entry.Agreed.choices],
        required=False,
        widget=forms.RadioSelect,
        error_messages=PICK_ONE,
    )


def who_field() -> forms.CharField:
    return forms.CharField(label=_("Who will do it?"), max_length=100, required=False)


def when_field() -> forms.CharField:
    soon = _("You can just write “soon”, or leave it.")
    return forms.CharField(label=_("By when?"), help_text=soon, max_length=100, required=False)


def agreed_why_field() -> forms.CharField:
    return forms.CharField(label=_("If they could not be asked, why?"), max_length=200, required=False)


def keep_beside(form: forms.Form, section: str, *, is_person: bool) -> None:
    """Leave only what this writer says beside words in this section: how much it matters, or whether it was agreed.

    Who does it, and by when, is said of steps by whoever writes one, and of a goal which part of life it is about.
    """
    if section != "change":
        del form.fields["area"]
    if section != "steps":
        del form.fields["who"], form.fields["when"]
    if not (is_person and section == "change"):
        del form.fields["importance"]
    if is_person or section not in AGREED_IN:
        del form.fields["agreed"], form.fields["agreed_why"]


def clean_agreed(form: forms.Form) -> dict[str, Any]:
    given = form.cleaned_data
    if given.get("agreed") == Entry.Agreed.COULD_NOT and not given.get("agreed_why", "").strip():
        form.add_error("agreed_why", _("Say in one line why they could not be asked."))
    return given


class EntryForm(Switching, forms.Form):
    """Something new in a section; a member also says why, and the person reads it beside the entry."""

    field = forms.ChoiceField(
        label=_("What is it about?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages=PICK_ONE,
    )
    words = Words(label=_("In your own words"))
    area = area_field()
    who = who_field()
    when = when_field()
    circle = forms.ChoiceField(
        label=_("Who can see this?"), required=False, widget=forms.RadioSelect, error_messages=PICK_ONE
    )
    importance = importance_field()
    agreed = agreed_field()
    agreed_why = agreed_why_field()
    why = forms.CharField(label=_("Why are you adding it?"), max_length=100, required=False)

    clean = clean_agreed

    def __init__(
        self, *args: Any, section: sections.Section, circle: str, is_person: bool, name: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        asks = [(field.key, str(field.asks)) for field in section.fields]
        # Words are never refused for want of a pick: the first stands there until another is picked.
        if self.initial.get("field") not in dict(asks):
            self.initial["field"] = asks[0][0]
        if len(asks) == 1:
            self.fields["field"].widget = forms.HiddenInput()
            self.fields["words"].label = asks[0][1]
        self.fields["field"].choices = asks  # type: ignore[attr-defined]
        keep_beside(self, section.key, is_person=is_person)
        if is_person:
            del self.fields["why"]
        if not is_person or circle == sections.Circle.ME:
            del self.fields["circle"]
        else:
            self.fields["circle"].choices = narrower(circle)  # type: ignore[attr-defined]
        if not is_person:
            self.fields["why"].help_text = _("One line. %(name)s can read it.") % {"name": name or _("The person")}

    def clean_field(self) -> str:
        return self.cleaned_data["field"] or self.initial["field"]


class WordsForm(Switching, forms.Form):
    """New words for an entry, with the version that was read."""

    words = Words(label=_("Your words"))
    area = area_field(help_text=_("Who can see it stays as it is."))
    who = who_field()
    when = when_field()
    importance = importance_field()
    agreed = agreed_field()
    agreed_why = agreed_why_field()
    why = forms.CharField(label=_("Why? You can leave this empty."), max_length=100, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    clean = clean_agreed

    def __init__(self, *args: Any, section: str, is_person: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_beside(self, section, is_person=is_person)

    def became(self, name: str, said: str) -> None:
        """Say at a field what it became on another screen, meanwhile; what is sent next is kept."""
        words = dict(getattr(self.fields[name], "choices", ())).get(said, said)
        became = _("On another screen this became “%(words)s”. Which is right?") % {"words": words}
        self.add_error(name, became if said else _("On another screen this was emptied. Which is right?"))


class AnswerForm(Switching, forms.Form):
    """What the person says of something that somebody else added."""

    answer = forms.ChoiceField(
        label=_("What would you like to do?"),
        help_text=_("If you take it out, only you and whoever wrote it can still read it."),
        choices=[
            (Entry.Answer.YES, _("Yes, keep it")),
            (Entry.Answer.REWORD, _("I would say it in another way")),
            (Entry.Answer.OTHER_VIEW, _("I see this another way")),
            (Entry.Answer.OUT, _("Take it out")),
        ],
        widget=forms.RadioSelect,
        error_messages=PICK_ONE,
    )
    other_view = Words(
        label=_("In your own words"),
        help_text=_("If you would say it in another way, or see it another way. Both stay side by side."),
        required=False,
        rows=4,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        needs_words = given.get("answer") in {Entry.Answer.REWORD, Entry.Answer.OTHER_VIEW}
        if needs_words and not given.get("other_view", "").strip() and "other_view" not in self.errors:
            self.add_error("other_view", _("Write how you would say it, or pick another answer."))
        return given
