"""What we ask about somebody, after their words were sent, so that the place can check that it is fair to everyone.

The order and the sense are those of the harmonised questions of the Government Statistical Service, in our plain words.
Ids never change: counts of another year are read by them. To skip is no answer; "I would rather not say" is one.

Whose an answer is, only the key can tell: an answer is kept under ``key``, which is another one for each question, so
that not even two answers of one person can be laid side by side (docs/decisions/0010). Pure but for the key.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

NOT_SAY = "not_say"
SMALL = 7  # a count of 1 to 7 is not shown
NEAREST = 5  # a larger one is rounded to the nearest 5


@dataclass(frozen=True)
class Choice:
    id: str
    words: Words
    own_words: bool = False  # may be said in own words beside it
    then: str = ""  # the question that follows this choice alone


@dataclass(frozen=True)
class Question:
    """One question. ``only_after`` is the question and the choice that lead here, for a second step."""

    id: str
    asks: Words
    choices: tuple[Choice, ...]
    hint: Words = ""
    only_after: tuple[str, str] | None = None

    @property
    def address(self) -> str:
        return self.id.replace("_", "-")

    def choice(self, choice_id: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.id == choice_id), None)


def _asked(question_id: str, asks: Words, *choices: Choice, hint: Words = "") -> Question:
    return Question(question_id, asks, (*choices, Choice(NOT_SAY, _("I would rather not say"))), hint)


def _ethnic(group: str, *choices: Choice) -> Question:
    """The second step: the same question about each group."""
    found = _asked(f"ethnic_{group}", _("Which of these fits you best?"), *choices)
    return Question(found.id, found.asks, found.choices, found.hint, ("ethnic", group))


YES, NO = Choice("yes", _("Yes")), Choice("no", _("No"))

QUESTIONS: tuple[Question, ...] = (
    _asked(
        "age",
        _("How old are you?"),
        Choice("0_17", _("Under 18")),
        Choice("18_24", _("18 to 24")),
        Choice("25_34", _("25 to 34")),
        Choice("35_44", _("35 to 44")),
        Choice("45_54", _("45 to 54")),
        Choice("55_64", _("55 to 64")),
        Choice("65_74", _("65 to 74")),
        Choice("75_", _("75 or over")),
    ),
    _asked(
        "condition",
        _("Do you have a health condition that lasts a year or more?"),
        YES,
        NO,
        hint=_("It can be of the body or the mind. It can be one that you think will last a year."),
    ),
    _asked(
        "day_to_day",
        _("Does it make day to day life harder?"),
        Choice("a_lot", _("Yes, a lot")),
        Choice("a_little", _("Yes, a little")),
        Choice("not_at_all", _("Not at all")),
    ),
    _asked(
        "ethnic",
        _("What is your ethnic group?"),
        Choice("white", _("White"), then="ethnic_white"),
        Choice("mixed", _("Mixed, or more than one ethnic group"), then="ethnic_mixed"),
        Choice("asian", _("Asian or Asian British"), then="ethnic_asian"),
        Choice("black", _("Black, African, Caribbean or Black British"), then="ethnic_black"),
        Choice("other", _("Another ethnic group"), then="ethnic_other"),
    ),
    _ethnic(
        "white",
        Choice("british", _("English, Welsh, Scottish, Northern Irish or British")),
        Choice("irish", _("Irish")),
        Choice("traveller", _("Gypsy or Irish Traveller")),
        Choice("roma", _("Roma")),
        Choice("other", _("In my own words:"), own_words=True),
    ),
    _ethnic(
        "mixed",
        Choice("white_caribbean", _("White and Black Caribbean")),
        Choice("white_african", _("White and Black African")),
        Choice("white_asian", _("White and Asian")),
        Choice("other", _("In my own words:"), own_words=True),
    ),
    _ethnic(
        "asian",
        Choice("indian", _("Indian")),
        Choice("pakistani", _("Pakistani")),
        Choice("bangladeshi", _("Bangladeshi")),
        Choice("chinese", _("Chinese")),
        Choice("other", _("In my own words:"), own_words=True),
    ),
    _ethnic(
        "black",
        Choice("african", _("African")),
        Choice("caribbean", _("Caribbean")),
        Choice("other", _("In my own words:"), own_words=True),
    ),
    _ethnic("other", Choice("arab", _("Arab")), Choice("other", _("In my own words:"), own_words=True)),
    _asked(
        "religion",
        _("What is your religion?"),
        Choice("none", _("No religion")),
        Choice("christian", _("Christian")),
        Choice("buddhist", _("Buddhist")),
        Choice("hindu", _("Hindu")),
        Choice("jewish", _("Jewish")),
        Choice("muslim", _("Muslim")),
        Choice("sikh", _("Sikh")),
        Choice("other", _("In my own words:"), own_words=True),
    ),
    _asked(
        "sex",
        _("What is your sex?"),
        Choice("female", _("Female")),
        Choice("male", _("Male")),
        hint=_("The next question is about gender."),
    ),
    _asked(
        "gender",
        _("Is your gender the same as the sex you were given at birth?"),
        YES,
        Choice("no", _("No. I would call it:"), own_words=True),
    ),
    _asked(
        "orientation",
        _("What is your sexual orientation?"),
        Choice("straight", _("Straight")),
        Choice("gay", _("Gay or lesbian")),
        Choice("bi", _("Bisexual")),
        Choice("other", _("In my own words:"), own_words=True),
        hint=_("This is about who you are drawn to."),
    ),
    _asked(
        "language",
        _("What is your first language?"),
        Choice("english", _("English")),
        Choice("bsl", _("British Sign Language")),
        Choice("other", _("Another one:"), own_words=True),
    ),
    _asked(
        "asylum",
        _("Have you come here to be safe from another country?"),
        Choice("asked", _("Yes, I have asked for asylum")),
        Choice("refugee", _("Yes, I am a refugee")),
        NO,
    ),
    _asked(
        "caring",
        _("Do you look after someone?"),
        YES,
        NO,
        hint=_("Someone who is ill, is disabled or is old, and whom you are not paid to help."),
    ),
    _asked(
        "forces",
        _("Have you been in the armed forces?"),
        Choice("regular", _("Yes, full time")),
        Choice("reserve", _("Yes, in the reserve")),
        NO,
    ),
    _asked("home", _("Do you have a fixed place to live?"), YES, NO),
)
BY_ID = {question.id: question for question in QUESTIONS}
BY_ADDRESS = {question.address: question for question in QUESTIONS}
# A second step is asked only of those who gave the first answer; the second question about health, of those who have
# not said no.
SKIPPED_AFTER = {("condition", "no"): "day_to_day"}


def question_after(question: Question, said: str) -> Question | None:
    """What is asked next, given what was said a moment ago ("" when it was skipped); None after the last."""
    choice = question.choice(said)
    if choice and choice.then:
        return BY_ID[choice.then]
    later = QUESTIONS[QUESTIONS.index(question) + 1 :]
    skipped = SKIPPED_AFTER.get((question.id, said))
    return next((each for each in later if each.only_after is None and each.id != skipped), None)


def no_longer_asked(question: Question, said: str) -> tuple[Question, ...]:
    """The second steps that do not go with what was said."""
    gone = [each for each in QUESTIONS if each.only_after and each.only_after[0] == question.id]
    gone = [each for each in gone if each.only_after != (question.id, said)]
    skipped = SKIPPED_AFTER.get((question.id, said))
    return (*gone, BY_ID[skipped]) if skipped else tuple(gone)


def key(person_id: UUID, question_id: str) -> str:
    """Under what somebody's answer to one question is kept. Nobody without the key of the place can work it out."""
    words = f"fair {person_id} {question_id}"
    return hmac.new(settings.FAIR_KEY.encode(), words.encode(), hashlib.sha256).hexdigest()
