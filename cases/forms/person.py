"""The forms on the person's own pages, and on the plan for everybody who may write there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import sections
from cases.actions.plan import AGREED_IN, LONGEST
from cases.models import Entry, Supporter, Way
from cases.pace import Pace
from teams import addresses
from teams.languages import Switching

TOO_LONG = _("We can keep %(limit_value)d letters here. You have used %(show_value)d. The rest can go in another one.")
EMPTY = _("Write one word, or go back. Nothing is lost.")


class Words(forms.CharField):
    """Own words, kept exactly as they were typed; only what the browser did to line ends is undone."""

    def __init__(self, **given: Any) -> None:
        heading = given.pop("heading", False)
        given.setdefault("max_length", LONGEST)
        super().__init__(
            strip=False,
            error_messages={"required": EMPTY, "max_length": TOO_LONG},
            widget=forms.Textarea(attrs={"rows": given.pop("rows", 5), "autocomplete": "off"}),
            **given,
        )
        self.widget.is_page_heading = heading
        # The server answers, with words to read: a browser would cut what is too long without a word.
        self.widget.attrs.pop("maxlength", None)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value)

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if self.required and not words.strip():
            raise forms.ValidationError(EMPTY, code="required")
        return words


def importance_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How much does it matter to you?"),
        choices=[("", _("I would rather not say")), *Entry.Importance.choices],
        required=False,
        widget=forms.RadioSelect,
    )


def agreed_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Have you agreed this together?"),
        choices=[("", _("I would rather not say")), *Entry.Agreed.choices],
        required=False,
        widget=forms.RadioSelect,
    )


def agreed_why_field() -> forms.CharField:
    return forms.CharField(label=_("If they could not be asked, why?"), max_length=200, required=False)


def keep_beside(form: forms.Form, section: str, *, is_person: bool) -> None:
    """Leave only what this writer says beside words in this section: how much it matters, or whether it was agreed."""
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

    field = forms.ChoiceField(label=_("What is it about?"), widget=forms.RadioSelect)
    words = Words(label=_("In your own words"))
    area = forms.ChoiceField(
        label=_("Which part of life is it?"),
        choices=[("", _("I would rather not say")), *sections.Area.choices],
        required=False,
    )
    who = forms.CharField(label=_("Who will do it?"), max_length=100, required=False)
    when = forms.CharField(
        label=_("By when?"), help_text=_("You can just write “soon”, or leave it."), max_length=100, required=False
    )
    circle = forms.ChoiceField(
        label=_("Who can see this?"),
        choices=[("", _("The same people as this part of my plan")), *sections.Circle.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    importance = importance_field()
    agreed = agreed_field()
    agreed_why = agreed_why_field()
    why = forms.CharField(label=_("Why are you adding it?"), max_length=100, required=False)

    clean = clean_agreed

    def __init__(self, *args: Any, section: sections.Section, is_person: bool, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks = [(field.key, str(field.asks)) for field in section.fields]
        if len(asks) == 1:
            self.fields["field"].widget = forms.HiddenInput()
            self.initial["field"] = asks[0][0]
            self.fields["words"].label = asks[0][1]
        self.fields["field"].choices = asks  # type: ignore[attr-defined]
        if section.key != "change":
            del self.fields["area"]
        if section.key != "steps":
            del self.fields["who"], self.fields["when"]
        keep_beside(self, section.key, is_person=is_person)
        if is_person:
            del self.fields["why"]
        else:
            del self.fields["circle"]
            self.fields["why"].help_text = _("One line. %(name)s can read it.") % {"name": name or _("The person")}


class WordsForm(Switching, forms.Form):
    """New words for an entry, with the version that was read."""

    words = Words(label=_("Your words"))
    importance = importance_field()
    agreed = agreed_field()
    agreed_why = agreed_why_field()
    why = forms.CharField(label=_("Why? You can leave this empty."), max_length=100, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    clean = clean_agreed

    def __init__(self, *args: Any, section: str, is_person: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_beside(self, section, is_person=is_person)


class AnswerForm(Switching, forms.Form):
    """What the person says of something that somebody else added."""

    answer = forms.ChoiceField(
        label=_("Does this look right?"),
        choices=[
            (Entry.Answer.YES, _("Yes, keep it")),
            (Entry.Answer.REWORD, _("I would say it in another way")),
            (Entry.Answer.OTHER_VIEW, _("I see this another way")),
            (Entry.Answer.OUT, _("Take it out")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one, or go back."), "invalid_choice": _("Pick one of these.")},
    )
    other_view = Words(
        label=_("In your own words"),
        help_text=_("If you would say it in another way, or see it another way. Both stay side by side."),
        required=False,
        rows=4,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        needs_words = given.get("answer") in {Entry.Answer.REWORD, Entry.Answer.OTHER_VIEW}
        if needs_words and not given.get("other_view", "").strip() and "other_view" not in self.errors:
            self.add_error("other_view", _("Write how you would say it, or pick another answer."))
        return given


class CircleForm(Switching, forms.Form):
    circle = forms.ChoiceField(
        label=_("Who can see this part?"),
        choices=[
            (sections.Circle.ME, _("Only me")),
            (sections.Circle.NAMED, _("Me and my main person")),
            (sections.Circle.WALKING, _("The people who walk with me")),
            (sections.Circle.TEAM, _("The people who walk with me, and the team when it meets about me")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one, or go back."), "invalid_choice": _("Pick one of these.")},
    )

    BY_NAME = (
        ("", _("As you picked above")),
        ("see", _("Can see it")),
        ("suggest", _("Can see it and add to it")),
        ("shut", _("Must not see it")),
    )
    UNTIL = (
        ("", _("Until I say")),
        ("week", _("For a week")),
        ("month", _("For a month")),
        ("months", _("For three months")),
    )
    DAYS = {"week": 7, "month": 30, "months": 91}

    def __init__(
        self, *args: Any, walkers: Any, by_name: dict[Any, str], ends: dict[Any, datetime], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.walkers = {f"by_name_{walker.user_id}": walker.user_id for walker in walkers}
        self.ends = ends
        for walker in walkers:
            self.fields[f"by_name_{walker.user_id}"] = forms.ChoiceField(
                label=f"{walker.name}, {walker.role}",
                choices=self.BY_NAME,
                initial=by_name.get(walker.user_id, ""),
                required=False,
                error_messages={"invalid_choice": _("Pick one of these.")},
            )
            end = ends.get(walker.user_id)
            as_it_is = [("as_it_is", _until(end))] if end else []
            self.fields[f"until_{walker.user_id}"] = forms.ChoiceField(
                label=_("How long can %(name)s see it?") % {"name": walker.first_name},
                choices=[*as_it_is, *self.UNTIL],
                initial="as_it_is" if end else "",
                required=False,
                error_messages={"invalid_choice": _("Pick one of these.")},
            )

    def by_name(self, now: datetime) -> dict[Any, tuple[str, datetime | None]]:
        """What was picked for each person by name, and until when."""
        return {
            user_id: (self.cleaned_data[name], self._until(user_id, now)) for name, user_id in self.walkers.items()
        }

    def _until(self, user_id: Any, now: datetime) -> datetime | None:
        picked = self.cleaned_data[f"until_{user_id}"]
        if picked == "as_it_is":
            return self.ends[user_id]
        return now + timedelta(days=self.DAYS[picked]) if picked else None


def _until(end: datetime) -> str:
    return gettext("Until %(day)s") % {"day": date_format(timezone.localtime(end), "j F")}


class EntryCircleForm(Switching, forms.Form):
    """Who sees one entry. Only what is narrower than its section is offered: an entry never opens its section."""

    circle = forms.ChoiceField(
        label=_("Who can see this?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Pick one of these.")},
    )

    def __init__(self, *args: Any, of_section: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        narrower = sections.Circle.values[: sections.Circle.values.index(of_section)]
        if self.initial.get("circle") not in narrower:
            self.initial["circle"] = ""
        self.fields["circle"].choices = [  # type: ignore[attr-defined]
            ("", _("The same people as this part of my plan")),
            *((key, sections.Circle(key).label) for key in narrower),
        ]


class AskForm(Switching, forms.Form):
    """One line to the team about a look."""

    words = forms.CharField(
        label=_("What would you like to ask?"),
        help_text=_("One line. The team reads it today, and talks about it when they meet."),
        max_length=200,
        error_messages={"required": _("Write one line, or go back."), "max_length": TOO_LONG},
    )


class SupporterForm(Switching, forms.Form):
    """What somebody whom the person asked can see and do, and for how long."""

    sees = forms.MultipleChoiceField(
        label=_("What can they see?"),
        choices=[(section.key, section.title) for section in sections.FOR_SUPPORTERS],
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
        as_it_is = [("as_it_is", _until(end))] if end else []
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
        help_text=_("We send you a code there, now and each time you come back."),
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
