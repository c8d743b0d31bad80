"""Forms made from the script. They never lose what was typed: what cannot go on yet is kept, shown and explained."""

from __future__ import annotations

import re
from collections.abc import Collection, Container
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import Story
from frontdoor import pictures
from frontdoor.forms.fields import ChoiceWords, Kept, Many, One, Words, letters_used, plain_lines
from frontdoor.script import LONG, Answers, Kind, Page, Part, Question, boxes

WRITTEN = {Kind.STORY, Kind.BOX}
PHONE = re.compile(r"\+?[\d\s().-]{7,}")
ROWS = {Kind.STORY: 10, Kind.LINE: 2}  # of a box that may go on in another


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
        return box_names(question, self.typed)

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
            if not boxed:
                return self.too_long(said, limit)
            return self.say(
                letters_used(said, limit) + " " + gettext("The rest can go in the next box."),
                _("We have split it up for you."),
            )
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
        return [*box_names(question, self.fields), *filter(self.fields.__contains__, [_whose(question)])]


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


def box_names(question: Question, there: Container[str]) -> list[str]:
    """The first box of an answer, and the next ones in order, as far as they are there."""
    names = [question.id]
    while (name := _box(question, len(names))) in there:
        names.append(name)
    return names


def _field(question: Question) -> forms.Field:
    field: forms.Field
    attrs: dict[str, Any] = {"autocomplete": question.autocomplete}
    choices = [(choice.key, ChoiceWords(choice.words, choice.hint)) for choice in question.choices]
    match question.kind:
        case Kind.ONE:
            field = One(required=False, choices=choices)
        case Kind.MANY:
            field = Many(required=False, choices=choices)
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
