"""The forms about keeping people safe, for the team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.person.words import Words
from cases.forms.team import PICK_ONE, PICK_TOLD
from cases.models import Via
from teams.languages import Switching


class DoneForm(Switching, forms.Form):
    """What the team did about a worry."""

    did = forms.CharField(
        label=_("What did we do?"),
        help_text=_("One line. It stays with us."),
        max_length=500,
        error_messages={"required": _("Say what we did in one line.")},
    )


class LinkForm(Switching, forms.Form):
    """Which person a worry is about, among those whom the member walks with."""

    plan_id = forms.TypedChoiceField(label=_("Who is it about?"), coerce=UUID, error_messages=PICK_ONE)

    def __init__(self, data: Any, *, people: tuple[tuple[UUID, Any], ...]) -> None:
        super().__init__(data)
        field = self.fields["plan_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Pick one")), *((str(plan_id), name) for plan_id, name in people)]


class NoteForm(Switching, forms.Form):
    """Something to keep apart, after a talk."""

    words = Words(label=_("What did they tell you?"), help_text=_("In their words. They never see this page."))
    via = forms.ChoiceField(
        label=_("How did they tell you?"),
        choices=[(via.value, via.label) for via in (Via.DROP_IN, Via.TELEPHONE, Via.PAPER)],
        widget=forms.RadioSelect,
        error_messages=PICK_TOLD,
    )
