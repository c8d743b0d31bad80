"""The forms with which a team changes its questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.sections import Area
from frontdoor import described
from frontdoor.forms.fields import plain_lines
from frontdoor.queries import Questions
from frontdoor.queries.questions import Asked, Leaf, circles
from frontdoor.script import LONG, Kind
from teams.languages import Switching

EMPTY = _("Write one word, or go back. Nothing is lost.")
PICK = _("Pick one, or go back.")
TOO_LONG = _("We can keep %(limit_value)d letters here. You have used %(show_value)d.")
MOST = 1000  # letters in one text
ONE_LINE = 150
MOST_CHOICES = 30


class Line(forms.CharField):
    """One line of words that somebody will read."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("max_length", ONE_LINE)
        super().__init__(error_messages={"required": EMPTY, "max_length": TOO_LONG}, **given)
        # The server answers, with words to read: a browser would cut what is too long without a word.
        self.widget.attrs.pop("maxlength", None)
        self.widget.attrs["autocomplete"] = "off"

    def to_python(self, value: Any) -> str:
        return " ".join(plain_lines(super().to_python(value) or "").split())


class Lines(forms.CharField):
    """A few lines of words that somebody will read."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("max_length", MOST)
        super().__init__(
            error_messages={"required": EMPTY, "max_length": TOO_LONG},
            widget=forms.Textarea(attrs={"rows": given.pop("rows", 3), "autocomplete": "off"}),
            **given,
        )
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        return plain_lines(super().to_python(value) or "")


def _one(label: Any, choices: Any, **given: Any) -> forms.ChoiceField:
    said = {"required": PICK, "invalid_choice": _("Pick one of these.")}
    return forms.ChoiceField(label=label, choices=choices, error_messages=said, **given)


class Seen(Switching, forms.Form):
    """A form that says which change of the draft it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class WordsForm(Seen):
    words = Lines(label=_("The words"))

    def __init__(self, *args: Any, may_be_empty: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["words"].required = not may_be_empty
        if may_be_empty:
            self.fields["words"].help_text = _("Leave it empty to say nothing here.")


class SettingsForm(Seen):
    """What becomes of an answer. Where it lands can be chosen as long as nobody was asked it."""

    goes = _one(_("Where the answer lands"), ())
    circle = _one(_("Who sees it at first"), (), required=False)
    limit = forms.IntegerField(
        label=_("How many letters we keep"),
        min_value=1,
        max_value=LONG,
        error_messages={
            "required": _("Write a number."),
            "invalid": _("Use numbers, like 300."),
            "min_value": _("We can keep from 1 to 5,000 letters."),
            "max_value": _("We can keep from 1 to 5,000 letters."),
        },
    )
    lifts = forms.MultipleChoiceField(
        label=_("Which answers bring help for right now?"),
        help_text=_("Whoever picks one sees the help lines next, and is talked about first."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("Pick from these.")},
    )

    def __init__(self, *args: Any, asked: Asked, **given: Any) -> None:
        super().__init__(*args, **given)
        fields: dict[str, Any] = self.fields
        fields["goes"].choices = described.places()
        fields["circle"].choices = circles()
        fields["lifts"].choices = [(pick.key, pick.text.words) for pick in asked.picks]
        unused = [
            *(["goes"] if asked.fixed else []),
            *([] if asked.seen_by else ["circle"]),
            *([] if asked.has_limit else ["limit"]),
            *([] if asked.is_picked else ["lifts"]),
        ]
        for name in unused:
            del self.fields[name]


class QuestionForm(Switching, forms.Form):
    asks = Line(label=_("What would you like to ask?"), help_text=_("Say it to one person, in short words."))
    hint = Line(label=_("A hint under it"), help_text=_("You can leave this empty."), required=False)
    kind = _one(
        _("How can they answer?"), [(kind.value, described.KINDS[kind]) for kind in described.OURS_TO_ASK],
        widget=forms.RadioSelect,
    )  # fmt: skip
    choices = Lines(
        label=_("The answers to pick from"),
        help_text=_("One on each line. Leave it empty if they write their own words."),
        required=False,
        rows=5,
        max_length=5000,
    )
    goes = _one(_("Where the answer lands"), ())
    circle = _one(_("Who sees it at first"), (), required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        fields: dict[str, Any] = self.fields
        fields["goes"].choices = [("", _("Pick a part of the plan")), *described.places()]
        fields["circle"].choices = circles()

    def clean_choices(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["choices"].split("\n")]
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        picks, kind = given.get("choices", []), given.get("kind")
        if kind and "choices" not in self.errors:
            if Kind(kind).is_picked and not picks:
                self.add_error("choices", _("Write at least one answer to pick."))
            elif not Kind(kind).is_picked and picks:
                self.add_error("choices", _("They answer this in their own words. Leave this empty."))
            elif len(picks) > MOST_CHOICES or any(len(pick) > ONE_LINE for pick in picks):
                self.add_error("choices", _("That is too much to pick from. Use fewer answers, and shorter ones."))
        return given


class ChoiceForm(Switching, forms.Form):
    words = Line(label=_("One more answer to pick"))


class Ties(Switching, forms.Form):
    """What a topic hangs from. ``picks`` are what people can pick of what would help right now."""

    area = _one(
        _("Which part of life is it?"), [("", _("None of these")), *Area.choices], required=False,
        help_text=_(
            "Then we ask how much it matters, and if they want help. Some parts are seen by fewer people at first."
        ),
    )  # fmt: skip
    topics = forms.MultipleChoiceField(
        label=_("Who sees it first?"),
        help_text=_("Those who picked one of these when they came. Tick none, and it stands with the others."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("Pick from these.")},
    )

    def __init__(self, *args: Any, picks: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        fields: dict[str, Any] = self.fields
        fields["topics"].choices = picks


class TopicForm(Ties):
    title = Line(label=_("What is the topic called?"), help_text=_("Two or three words, like “Where I live”."))
    field_order = ("title",)


class TiesForm(Ties, Seen):
    pass


class BranchForm(Seen):
    """Who is asked a page: for each earlier question, the picks that open it; everybody where nothing is ticked."""

    def __init__(self, *args: Any, leaf: Leaf, **given: Any) -> None:
        super().__init__(*args, **given)
        self.asked = {f"q{number}": question for number, (question, _asks, _picks) in enumerate(leaf.may_open)}
        for name, (question, asks, picks) in zip(self.asked, leaf.may_open, strict=True):
            self.fields[name] = forms.MultipleChoiceField(
                label=asks,
                choices=picks,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=list(leaf.opened_by.get(question, ())),
                error_messages={"invalid_choice": _("Pick from these.")},
            )

    def when(self) -> dict[str, list[str]]:
        return {question: self.cleaned_data[name] for name, question in self.asked.items() if self.cleaned_data[name]}


class PublishForm(Switching, forms.Form):
    why = Line(
        label=_("Why do you change the questions?"),
        help_text=_("One line. Everybody on the team can read it."),
        max_length=300,
    )


def needs_words(questions: Questions, text: str) -> bool:
    """Whether something stands for nothing without this text: a question, an answer to pick, the title of a topic."""
    owner, _colon, what = text.partition(":")
    if what == "title":
        return questions.leaf(owner).is_topic
    return what == "asks" or (what.startswith("choice.") and not what.endswith(".hint"))
