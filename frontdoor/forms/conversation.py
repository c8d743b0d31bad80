"""Forms made from the script. They never lose what was typed: what cannot go on yet is kept, shown and explained."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.actions import Clash
from cases.actions.telling import Seen
from cases.models import Entry, Story
from frontdoor import pictures
from frontdoor.queries.more import Topic
from frontdoor.script import LONG, Answers, Choice, Kind, Page, Part, Question, boxes
from frontdoor.telling import Beside, Shown
from teams.languages import Switching

WRITTEN = {Kind.STORY, Kind.BOX}
PHONE = re.compile(r"\+?[\d\s().-]{7,}")
ROWS = {Kind.STORY: 10, Kind.LINE: 2}  # of a box that may go on in another
IMPORTANCE = [
    (Entry.Importance.LOT, _("A lot")),
    (Entry.Importance.BIT, _("A bit")),
    (Entry.Importance.NOT_NOW, _("Not now")),
]
HELP_WANTED = [
    (Entry.HelpWanted.YES, _("Yes")),
    (Entry.HelpWanted.NOT_YET, _("Not yet")),
    (Entry.HelpWanted.JUST_SAID, _("I just wanted to say")),
]


class Words(forms.CharField):
    """Text exactly as it was typed. A browser sends each new line as two letters; we keep the one that was pressed."""

    def __init__(self, *, rows: int = 0, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)
        if rows:
            self.widget.attrs["rows"] = rows

    def to_python(self, value: Any) -> str:
        return plain_lines(super().to_python(value) or "")


class One(forms.ChoiceField):
    """One choice, or none: a choice that is not on the list is no answer."""

    widget = forms.RadioSelect

    def clean(self, value: Any) -> str:
        return value if self.valid_value(value) else ""


class Many(forms.MultipleChoiceField):
    """Any number of choices; those that are not on the list are no answer."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        return [key for key in dict.fromkeys(value or []) if self.valid_value(key)]


class ChoiceWords(str):
    """The words of a choice, with the hint under them."""

    hint: str = ""


def plain_lines(words: str) -> str:
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _choices(choices: tuple[Choice, ...]) -> list[tuple[str, str]]:
    made: list[tuple[str, str]] = []
    for choice in choices:
        words = ChoiceWords(choice.words)
        words.hint = choice.hint
        made.append((choice.key, words))
    return made


class Kept(Switching, forms.Form):
    """A form that counts how often it came back: a second time is said in other words, with a way round."""

    tries = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **options: Any) -> None:
        # A copy, because what is shown again may differ from what came in.
        self.typed: QueryDict = QueryDict(mutable=True) if data is None else data.copy()
        super().__init__(None if data is None else self.typed, **options)

    @property
    def tried(self) -> int:
        given = str(self.typed.get("tries", ""))
        return int(given[0]) if given.isascii() and given.isdigit() else 0

    def say(self, first: str | Promise, second: str | Promise) -> forms.ValidationError:
        return forms.ValidationError(str(second if self.tried else first))

    def come_back(self) -> None:
        """Make the form ready to be shown again, once its errors are known."""
        self.typed["tries"] = str(self.tried + 1)


class PageForm(Kept):
    """The questions of one page. ``visit`` is the mark that lets words be kept when the visit has ended meanwhile."""

    visit = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        page: Page,
        *,
        answers: Answers,
        visit: str,
        data: Any = None,
        whose: str | None = None,
        summed_up: Collection[str] = (),
        easy: bool = False,
    ) -> None:
        """``whose`` is the name of the person when somebody types for them ("" without one): each written box then
        says whose words are in it. ``easy`` puts a picture beside each question."""
        super().__init__(data, initial={**answers, "visit": visit})
        self.page = page
        for question in page.questions:
            self._ask(question)
            if easy:
                self.fields[question.id].widget.picture = pictures.beside(page.name, question.id)
            if whose is not None and question.kind in WRITTEN:
                summary = question.id in summed_up
                self.fields[_whose(question)] = _whose_words(
                    whose, Story.Whose.SUMMARY if summary else Story.Whose.OWN
                )
        first = page.questions[0]
        if not page.title:
            self.fields[first.id].widget.is_page_heading = True

    def _is_boxed(self, question: Question) -> bool:
        """Whether a long answer goes on in another box: a story does, and afterwards there is room for all of it."""
        written = not question.kind.is_picked
        return question.kind is Kind.STORY or (written and self.page.part is Part.MORE)

    def _ask(self, question: Question) -> None:
        if self._is_boxed(question):
            given = boxes(self.initial.pop(question.id, None))
            count = len(self._box_names(question)) if self.is_bound else len(given)
            for number in range(max(count, 1)):
                self._add_box(question, number, given[number] if number < len(given) else "")
            return
        self.fields[question.id] = _field(question)

    def _add_box(self, question: Question, number: int, words: str = "") -> None:
        attrs = {"autocomplete": "off"}
        if self.page.part is Part.HELLO:
            attrs["data-autosave"] = "1"
        self.fields[_box(question, number)] = Words(
            rows=ROWS.get(question.kind, 4),
            label=question.asks if number == 0 else _("A bit more"),
            help_text=question.hint if number == 0 else "",
            initial=words,
            widget=forms.Textarea(attrs=attrs),
        )

    def _box_names(self, question: Question) -> list[str]:
        """The boxes of a long answer that came in, in order."""
        names = [_box(question, 0)]
        while (name := _box(question, len(names))) in self.typed:
            names.append(name)
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.page.questions:
            names = self._box_names(question) if self._is_boxed(question) else [question.id]
            for name in names:
                error = self._check(question, cleaned.get(name) or "")
                if error:
                    self.add_error(name, error)
        return cleaned

    def _check(self, question: Question, said: Any) -> forms.ValidationError | None:
        if question.kind.is_picked or not said:
            return None
        boxed = self._is_boxed(question)
        limit = LONG if boxed else question.limit
        if len(said) > limit:
            numbers = {"limit": f"{limit:,}", "used": f"{len(said):,}"}
            used = gettext("We can keep %(limit)s letters here. You have used %(used)s.") % numbers
            if boxed:
                return self.say(
                    used + " " + gettext("The rest can go in the next box."), _("We have split it up for you.")
                )
            return self.say(used, _("Write the main part here. You can tell us the rest when we talk."))
        if self.tried > 1:
            return None  # "Leave it as it is and we will try it."
        if question.kind is Kind.PHONE and not PHONE.fullmatch(said.strip()):
            return self.say(
                _("We could not read that number. Check it, like 07700 900982"),
                _("Leave it as it is and we will try it, or pick another way"),
            )
        if question.kind is Kind.EMAIL and not re.fullmatch(r"[^\s@]+@[^\s@]+", said.strip()):
            return self.say(_("That email needs an @ sign"), _("Leave it out, or pick another way"))
        return None

    def come_back(self) -> None:
        """Show it again: a box that is too full gets an empty one under it, and the next time is split up."""
        for question in self.page.questions:
            names = self._box_names(question) if self._is_boxed(question) else []
            if not any(name in self.errors for name in names):
                continue
            said = [plain_lines(self.typed.get(name, "")) for name in names]
            parts = boxes([words for words in said if words]) if self.tried else [*said, ""]
            for number, words in enumerate(parts):
                name = _box(question, number)
                self.typed[name] = words
                if name not in self.fields:
                    self._add_box(question, number)
        super().come_back()

    def summed_up(self) -> set[str]:
        """The questions whose answer is a summary by whoever types, as they said."""
        return {
            question.id for question in self.page.questions if self.typed.get(_whose(question)) == Story.Whose.SUMMARY
        }

    def said(self) -> dict[str, Any]:
        """Every answer of the page as it came in, whether or not something is still to be checked."""
        return {question.id: self._said(question) for question in self.page.questions}

    def _said(self, question: Question) -> Any:
        if self._is_boxed(question):
            parts = [plain_lines(self.typed.get(name, "")) for name in self._box_names(question)]
            parts = self._kept(parts)
            return parts if len(parts) > 1 else "".join(parts)
        field = self.fields[question.id]
        given = field.widget.value_from_datadict(self.typed, self.files, question.id)
        if isinstance(field, One | Many):
            return field.clean(given)
        return plain_lines(given or "")

    def _kept(self, parts: list[str]) -> list[str]:
        return [words for words in parts if words]


class MoreForm(PageForm):
    """The questions of one topic, and then how much it matters, whether help is wanted, and who sees it.

    ``seen`` and ``script`` are what was shown: how far each answer had come, and by which version it was asked.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    script = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, topic: Topic, *, visit: str = "", data: Any = None) -> None:
        super().__init__(topic.page, answers=topic.answers, visit=visit, data=data)
        self.topic = topic
        self.initial.update(seen=_seal_seen(topic.shown.seen), script=topic.version)
        for key, words in topic.says.items():
            self.fields[key].help_text = gettext("Your plan says: %(words)s") % {"words": words}
        if topic.page.area:
            self._beside("importance", _("How much does this matter to you right now?"), IMPORTANCE, topic.importance)
            self._beside("help_wanted", _("Would you like help with it?"), HELP_WANTED, topic.help_wanted)
        if topic.circles:
            choices = []
            for value, label, hint in topic.circles:
                words = ChoiceWords(label)
                words.hint = hint
                choices.append((value, words))
            self._beside("circle", _("Who can see this?"), choices, topic.circle)

    def _beside(self, name: str, label: Any, choices: Any, initial: str) -> None:
        self.fields[name] = One(required=False, label=label, choices=choices, initial=initial)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The boxes and choices of the page's own questions, in order."""
        return [field for question in self.page.questions for field in self._fields_of(question)]

    @property
    def about_it(self) -> list[forms.BoundField]:
        """What is asked of the whole page."""
        return [self[name] for name in ("importance", "help_wanted", "circle") if name in self.fields]

    def _fields_of(self, question: Question) -> Iterator[forms.BoundField]:
        number = 0
        while (name := _box(question, number)) in self.fields:
            yield self[name]
            number += 1

    def _kept(self, parts: list[str]) -> list[str]:
        """Each box in its place, so that emptying one moves no words to another."""
        while len(parts) > 1 and not parts[-1]:
            parts = parts[:-1]
        return parts

    def beside(self) -> Beside:
        """What was said of the whole page, whether or not something is still to be checked."""
        circle = self._picked("circle")
        return Beside(
            importance=self._picked("importance"),
            help_wanted=self._picked("help_wanted"),
            circle=circle or (None if self.topic.as_it_is or "circle" not in self.fields else ""),
        )

    def _picked(self, name: str) -> str:
        given = self.fields.get(name)
        return given.clean(self.typed.get(name, "")) if given else ""

    def shown(self) -> Shown:
        """What the page that came in had shown."""
        return Shown(self.topic.shown.picked, _open_seen(str(self.typed.get("seen", ""))), self.topic.shown.answered)

    def clashes(self, found: Iterable[Clash]) -> None:
        """Say what was changed meanwhile, beside what was written here; the next press keeps what is here."""
        seen = _open_seen(str(self.typed.get("seen", "")))
        for clash in found:
            self.add_error(
                clash.asked,
                gettext("This changed on another screen. It now says: %(words)s") % {"words": clash.words[:LONG]},
            )
            self.add_error(
                clash.asked, _("Press Save again to keep what is here. What it said before stays in your history.")
            )
            seen[clash.asked] = clash.seen
        self.typed["seen"] = _seal_seen(seen)


def _seal_seen(seen: Mapping[str, Seen]) -> str:
    return " ".join(f"{key}={each.turn}={','.join(each.circles)}" for key, each in seen.items())


def _open_seen(given: str) -> dict[str, Seen]:
    found = re.findall(r"([\w.]+)=(\d{1,9})=([a-z,]*)(?: |$)", given, re.ASCII)
    return {key: Seen(int(turn), tuple(circles.split(","))) for key, turn, circles in found}


class WholeForm(PageForm):
    """Every question of ``pages`` on one page, in the same words: for a paper form, and for those who type often."""

    def __init__(self, pages: tuple[Page, ...], **given: Any) -> None:
        questions = tuple(question for page in pages for question in page.questions)
        super().__init__(Page(number=0, name="whole", title="whole", questions=questions), **given)
        self.pages = pages

    def parts(self) -> list[tuple[Page, list[forms.BoundField]]]:
        """Each page with its fields, in order."""
        return [
            (page, [self[name] for question in page.questions for name in self._names(question)])
            for page in self.pages
        ]

    def _names(self, question: Question) -> list[str]:
        names = [question.id]
        while (name := _box(question, len(names))) in self.fields:
            names.append(name)
        return [*names, *filter(self.fields.__contains__, [_whose(question)])]


def _whose(question: Question) -> str:
    return f"whose.{question.id}"


def _whose_words(name: str, initial: str) -> forms.Field:
    mine = gettext("In %(name)s’s words") % {"name": name} if name else gettext("In their words")
    agreed = gettext("My summary, %(name)s agreed") % {"name": name} if name else gettext("My summary, they agreed")
    return One(
        required=False,
        label=_("Whose words are these?"),
        choices=[(Story.Whose.OWN, mine), (Story.Whose.SUMMARY, agreed)],
        initial=initial,
    )


def _box(question: Question, number: int) -> str:
    return f"{question.id}_{number + 1}" if number else question.id


def _field(question: Question) -> forms.Field:
    field: forms.Field
    attrs: dict[str, Any] = {"autocomplete": question.autocomplete}
    match question.kind:
        case Kind.ONE:
            field = One(required=False, choices=_choices(question.choices))
        case Kind.MANY:
            field = Many(required=False, choices=_choices(question.choices))
        case Kind.BOX:
            field = Words(rows=4, widget=forms.Textarea(attrs=attrs))
        case Kind.PHONE:
            field = Words(widget=forms.TextInput(attrs={**attrs, "type": "tel", "class": "nhsuk-input--width-20"}))
        case Kind.EMAIL:
            field = Words(widget=forms.TextInput(attrs={**attrs, "type": "email"}))
        case _:
            field = Words(widget=forms.TextInput(attrs=attrs))
    field.label, field.help_text = question.asks, question.hint
    return field


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

    def wait(self, seconds: int) -> None:
        """Say how long until the next try, and the way round."""
        self.add_error(
            "code", gettext("Wait %(seconds)s seconds, then try again. You can also call us.") % {"seconds": seconds}
        )


class SendForm(Kept):
    """The press that sends. The second time somebody sends nothing at all, it offers just to say hello."""

    visit = forms.CharField(required=False, widget=forms.HiddenInput)

    def nothing_said(self) -> None:
        self.add_error(
            None,
            self.say(
                _("Write one word, or pick one thing, so we know you are there"),
                _("You can also just press Say hello. We will ask the rest when we meet"),
            ),
        )
        self.come_back()


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
