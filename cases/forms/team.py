"""The forms on the team's own pages. Whatever is missing is asked for by the action, in its words."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.actions.emergency import SHORTEST
from cases.forms.person.words import Words
from cases.kind_words import unkind
from cases.models import Contact, HuddleItem, Voice
from cases.queries.huddle import MEANINGS, Card, HuddlePage
from cases.queries.today import LONGEST, TITLES, Wanted
from teams.languages import Switching

PICK_ONE = {"required": _("Pick one."), "invalid_choice": _("Pick one from the list.")}
# Where more than one is to be picked, each says which: or else the top of the page says the same twice.
PICK_WAY = {**PICK_ONE, "required": _("Pick how you were in touch, or tried to be.")}
PICK_WENT = {**PICK_ONE, "required": _("Pick how it went.")}
PICK_TOLD = {**PICK_ONE, "required": _("Pick how they told you.")}
DATE = {"invalid": _("Use numbers, like 3 5 2026")}
DAYS = ["%Y-%m-%d", "%d %m %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"]


class Hinted(str):
    """The words of a choice, with a hint that stands under them."""

    hint = ""

    def __new__(cls, words: Any, hint: Any) -> Hinted:
        made = super().__new__(cls, words)
        made.hint = hint
        return made


class DayField(forms.DateField):
    """A day: picked, or typed in numbers."""

    def __init__(self, **given: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "nhsuk-input--width-10"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=DAYS, error_messages=DATE, **given)


class KindWords:
    """Mixed into a form whose words the person can read: asks once whether they would say it this way."""

    kind_fields: tuple[str, ...] = ()

    def unkind(self) -> tuple[tuple[str, str], ...]:
        """The words to think about again; none once the writer chose to keep them."""
        if self.data.get("keep"):  # type: ignore[attr-defined]
            return ()
        cleaned = self.cleaned_data  # type: ignore[attr-defined]
        return unkind("\n".join(cleaned.get(field) or "" for field in self.kind_fields))


class FilterForm(Switching, forms.Form):
    """What to look for in the lists of today. What makes no sense is looked past."""

    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    mine = forms.BooleanField(label=_("Only mine"), required=False)
    list = forms.ChoiceField(choices=[(key, key) for key in TITLES], required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(min_value=1, max_value=10_000_000 // LONGEST, required=False, widget=forms.HiddenInput)

    def wanted(self) -> Wanted:
        self.full_clean()
        seen = self.cleaned_data
        return Wanted(
            name=seen.get("name", ""),
            mine=seen.get("mine", False),
            only=seen.get("list", ""),
            page=seen.get("page") or 1,
        )


class ContactForm(KindWords, Switching, forms.Form):
    """A contact, or a try, as a member writes it down."""

    way = forms.ChoiceField(
        label=_("How?"),
        choices=[choice for choice in Contact.By.choices if choice[0] != Contact.By.ONLINE],
        widget=forms.RadioSelect,
        error_messages=PICK_WAY,
    )
    went = forms.ChoiceField(
        label=_("How did it go?"), choices=Contact.Went, widget=forms.RadioSelect, error_messages=PICK_WENT
    )
    from_them = forms.TypedChoiceField(
        label=_("Who reached out?"),
        choices=[("us", _("One of us")), ("them", _("They did"))],
        coerce=lambda who: who == "them",
        widget=forms.RadioSelect,
        initial="us",
        error_messages=PICK_ONE,
    )
    on = DayField(label=_("Which day?"), required=False)
    time = forms.TimeField(
        label=_("What time?"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "nhsuk-input--width-10"}, format="%H:%M"),
        error_messages={"invalid": _("Use numbers, like 14:30")},
    )
    words = Words(label=_("What would you like to keep?"), help_text=_("They can read this."), required=False)

    kind_fields = ("words",)

    def at(self, now: datetime) -> datetime:
        """The moment it happened: now, when nothing was said; midday of a day without a time."""
        day, hour = self.cleaned_data["on"], self.cleaned_data["time"]
        local = timezone.localtime(now)
        if not day and not hour:
            return now
        if not day:
            day = local.date()
        if not hour:
            hour = local.time() if day == local.date() else time(12)
        return datetime.combine(day, hour, local.tzinfo)


class ToldForm(KindWords, Switching, forms.Form):
    """What somebody said when they told a member that they would like to step out."""

    words = Words(label=_("What did they say?"), help_text=_("They can read this."), required=False, rows=3)
    keep_hello = forms.BooleanField(label=_("They would like a hello now and then"), required=False)

    kind_fields = ("words",)


class RhythmForm(Switching, forms.Form):
    """How often the person and the team agreed to be in touch."""

    days = forms.TypedChoiceField(
        label=_("How often did you agree to be in touch?"),
        choices=[
            ("1", _("Each day")),
            ("7", _("Each week")),
            ("14", _("Every two weeks")),
            ("28", _("Each month")),
            ("0", _("Whenever they want")),
        ],
        coerce=lambda days: int(days) or None,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages=PICK_ONE,
    )


class BringForm(KindWords, Switching, forms.Form):
    """Why somebody is brought to the huddle."""

    why = forms.CharField(
        label=_("Why, in one line?"),
        help_text=_("One person’s worry is enough, and so is good news. They can read this."),
        max_length=300,
        error_messages={"required": _("Say why in one line. They will see it.")},
    )

    kind_fields = ("why",)


NO_REASON = _("Say why in a few words. They will see it.")


class EmergencyForm(KindWords, Switching, forms.Form):
    """Why somebody opens a plan that is not theirs."""

    why = forms.CharField(
        label=_("Why do you need to open it now?"),
        help_text=_("They can read this."),
        min_length=SHORTEST,
        max_length=300,
        error_messages={"required": NO_REASON, "min_length": NO_REASON},
    )

    kind_fields = ("why",)


class HereForm(Switching, forms.Form):
    """Who is in the huddle: a tick for each member, by sector."""

    def __init__(self, data: Any, *, page: HuddlePage) -> None:
        super().__init__(data)
        for seats in page.seats:
            if seats.members:
                self.fields[seats.sector] = forms.TypedMultipleChoiceField(
                    label=str(seats.title),
                    choices=[(str(member.id), Hinted(member.name, member.role)) for member in seats.members],
                    coerce=UUID,
                    required=False,
                    initial=[str(member.id) for member in seats.here],
                    widget=forms.CheckboxSelectMultiple,
                    error_messages=PICK_ONE,
                )

    def present(self) -> dict[str, list[UUID]]:
        return {sector: members for sector, members in self.cleaned_data.items() if members}


class HearForm(KindWords, Switching, forms.Form):
    """Part two: what is strong, and what the team can live without knowing for now."""

    strong = Words(
        label=_("What is strong here? What already helps?"), help_text=_("One line each."), required=False, rows=4
    )
    not_known = Words(
        label=_("What do we not know?"), help_text=_("Does it need asking now? It can wait."), required=False, rows=3
    )

    kind_fields = ("strong", "not_known")


class VoicesForm(KindWords, Switching, forms.Form):
    """Part three: for each sector, whether it spoke, and what it said if that was typed. By sector, never by name."""

    def __init__(self, data: Any, *, card: Card) -> None:
        super().__init__(data)
        self.sectors = [voice.sector for voice in card.voices]
        self.kind_fields = tuple(f"{sector}_words" for sector in self.sectors)
        for voice in card.voices:
            self.fields[voice.sector] = forms.ChoiceField(
                label=str(voice.title),
                choices=Voice.State,
                required=False,
                initial=voice.state,
                widget=forms.RadioSelect,
                error_messages=PICK_ONE,
            )
            self.fields[f"{voice.sector}_words"] = forms.CharField(
                label=_("From where I sit, I would…"),
                max_length=500,
                required=False,
                initial=voice.words,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def rows(self) -> list[tuple[Any, Any]]:
        """Each sector's two questions, side by side."""
        return [(self[sector], self[f"{sector}_words"]) for sector in self.sectors]

    def voices(self) -> dict[str, tuple[str, str]]:
        said = {sector: (self.cleaned_data[sector], self.cleaned_data[f"{sector}_words"]) for sector in self.sectors}
        # Typed words are a voice, whichever box was ticked.
        return {
            sector: (state or Voice.State.TYPED, words) for sector, (state, words) in said.items() if state or words
        }


class DecideForm(KindWords, Switching, forms.Form):
    """Parts four and five: what the team decided, in the sentences that the person gets."""

    decision = forms.ChoiceField(
        label=_("What did you decide together?"), widget=forms.RadioSelect, required=False, error_messages=PICK_ONE
    )
    we_heard = Words(label=_("We heard"), help_text=_("In their words."), required=False, rows=4)
    first_step = Words(label=_("We think a good first step is"), required=False, rows=3)
    because = Words(label=_("Because"), help_text=_("One line."), required=False, rows=2)
    who = forms.TypedChoiceField(
        label=_("Who says hello?"), coerce=UUID, empty_value=None, required=False, error_messages=PICK_ONE
    )
    stand_in = forms.TypedChoiceField(
        label=_("Who stands in?"), coerce=UUID, empty_value=None, required=False, error_messages=PICK_ONE
    )
    how = forms.ChoiceField(label=_("How?"), widget=forms.RadioSelect, required=False, error_messages=PICK_ONE)
    by_when = DayField(label=_("By when do they hear from us?"), required=False)
    later_because = forms.CharField(
        label=_("If that is later than we promised: why?"), max_length=300, required=False, widget=forms.TextInput
    )
    other_view = Words(
        label=_("Did one of you see it another way?"), help_text=_("One of us thought…"), required=False, rows=2
    )

    kind_fields = ("we_heard", "first_step", "because", "later_because", "other_view")

    def __init__(self, data: Any, *, card: Card) -> None:
        opening = "\n".join(card.opening.splitlines()[:3])
        super().__init__(data, initial={"we_heard": opening, "by_when": card.promised})
        people = [("", _("Nobody yet")), *((str(pk), name) for pk, name in card.members)]
        self._choose("decision", [(kind.value, Hinted(kind.label, MEANINGS[kind])) for kind in HuddleItem.Decision])
        self._choose("who", people)
        self._choose("stand_in", people)
        self._choose("how", list(card.ways))
        if card.promised:
            self.fields["by_when"].help_text = _("We promised: by %(day)s.") % {"day": card.promised_words}
        else:
            del self.fields["later_because"]
        if not card.ways:
            del self.fields["how"]

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
