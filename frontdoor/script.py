"""The questions of the front door, as data. Pure: the words, their order, and when a page is asked.

Ids are stable: answers are kept under them. Change a question's words freely and raise VERSION; a question that means
something else gets a new id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Way
from cases.pace import Pace
from cases.topics import Topic
from teams.models import Sector

VERSION = 1
LONG = 5000  # letters in one long box
DRAFTS_ARE_KEPT = timedelta(days=60)  # what was not sent, since it was last touched

Words = str | Promise
Answers = Mapping[str, Any]


class Kind(Enum):
    """How a question is answered."""

    LINE = auto()
    BOX = auto()  # a few lines
    STORY = auto()  # as much as they like: kept in boxes of LONG letters
    PHONE = auto()
    EMAIL = auto()
    ONE = auto()
    MANY = auto()


@dataclass(frozen=True)
class Choice:
    key: str
    words: Words
    hint: Words = ""


@dataclass(frozen=True)
class Question:
    """One question. ``row`` is what it is called when it is shown back, where the question itself would not do."""

    id: str
    asks: Words
    kind: Kind
    hint: Words = ""
    choices: tuple[Choice, ...] = ()
    limit: int = 300
    autocomplete: str = "off"
    row: Words = ""


@dataclass(frozen=True)
class Page:
    """One page of the conversation.

    ``when`` are the answers that open it, each as (question, keys); a page is ``aside`` when only its own link leads
    to it.
    With ``title`` the page has a heading of its own; without, its first question is the heading.
    """

    number: int
    name: str
    questions: tuple[Question, ...]
    title: Words = ""
    lead: tuple[Words, ...] = ()
    note: Words = ""
    when: tuple[tuple[str, frozenset[str]], ...] = ()
    aside: bool = False

    def is_asked(self, answers: Answers) -> bool:
        """Whether the answers so far open this page."""
        return not any(keys.isdisjoint(_picked(answers.get(question))) for question, keys in self.when)


def _picked(given: Any) -> list[str]:
    """One pick, many or none, as a list."""
    return [given] if isinstance(given, str) else list(given or [])


def _for_way(kind: Way.Kind) -> tuple[tuple[str, frozenset[str]], ...]:
    return (("ways", frozenset([kind.value])),)


YES_NO = (Choice("yes", _("Yes")), Choice("no", _("No")))
TIMES = (
    Choice("mornings", _("Mornings")),
    Choice("afternoons", _("Afternoons")),
    Choice("evenings", _("Evenings")),
    Choice("weekends", _("Weekends")),
    Choice("any", _("Any time")),
)
OTHERS = tuple(Choice(value, label) for value, label in Way.Others.choices)
PACE_HINTS: dict[str, Words] = {
    Pace.TODAY: _("We will try today if you send before 3pm. After that, the next morning we are open."),
    Pace.DAYS: _("Within 2 working days."),
    Pace.WEEK: _("Within 5 working days."),
    Pace.NO_RUSH: _("Within 10 working days."),
    Pace.I_WILL: _("We will not send you anything."),
    Pace.NOT_SAFE: _("We show you who can help right now. Then you can go on."),
}
WHEN_TO_CALL = _("When is a good time?")
# Sent as it stands to a phone that others may read, so it says nothing and asks nothing.
SHORT_HELLO = _("Hello, hope you are well.")

PAGES: tuple[Page, ...] = (
    Page(
        1,
        "name",
        (
            Question(
                "name",
                _("What would you like us to call you?"),
                Kind.LINE,
                _("It can be any name you like."),
                autocomplete="nickname",
                row=_("What we call you"),
            ),
            Question("say_it", _("How do you say it?"), Kind.LINE, _("Only if people get it wrong.")),
        ),
    ),
    Page(
        2,
        "know",
        (
            Question(
                "know",
                _("What would you like us to know?"),
                Kind.STORY,
                _("One word is fine. You could say what is going on, what matters to you, or what you need."),
                row=_("What you would like us to know"),
            ),
        ),
        note=_("Only the team will read this."),
    ),
    Page(
        3,
        "topics",
        (
            Question(
                "topics",
                _("What would help you most right now?"),
                Kind.MANY,
                _("Pick as many as you like."),
                tuple(Choice(value, label) for value, label in Topic.choices),
            ),
        ),
        aside=True,
    ),
    Page(
        4,
        "soon",
        (
            Question(
                "soon",
                _("How soon would you like to hear from us?"),
                Kind.ONE,
                choices=tuple(Choice(value, label, PACE_HINTS[value]) for value, label in Pace.choices),
            ),
        ),
    ),
    Page(
        5,
        "hello",
        (
            Question(
                "ways",
                _("How can we say hello?"),
                Kind.MANY,
                _("Pick what is safe for you."),
                tuple(Choice(value, label) for value, label in Way.Kind.choices),
            ),
        ),
    ),
    Page(
        6,
        "call",
        (
            Question("call.number", _("What number can we call?"), Kind.PHONE, limit=40, autocomplete="tel"),
            Question("call.times", WHEN_TO_CALL, Kind.MANY, choices=TIMES, row=_("When to call")),
            Question("call.message", _("Can we leave a message?"), Kind.ONE, choices=YES_NO),
            Question(
                "call.say_who",
                _("Can we say who we are?"),
                Kind.ONE,
                choices=(
                    Choice("yes", _("Yes, say the team's name")),
                    Choice("no", _("No, just say your first name")),
                ),
            ),
            Question(
                "call.picks_up",
                _("What if someone else picks up?"),
                Kind.ONE,
                choices=(
                    Choice("hang_up", _("Hang up and try later")),
                    Choice("by_name", _("Ask for me by name")),
                    Choice("say", _("Say who you are")),
                ),
            ),
            Question(
                "call.hide",
                _("Can our number show on your phone?"),
                Kind.MANY,
                choices=(Choice("hide", _("Hide your number when you call me")),),
            ),
        ),
        title=_("How can we call you?"),
        when=_for_way(Way.Kind.CALL),
    ),
    Page(
        7,
        "text",
        (
            Question("text.number", _("What number can we text?"), Kind.PHONE, limit=40, autocomplete="tel"),
            Question("text.others", _("Does anyone else see your texts?"), Kind.ONE, choices=OTHERS),
            Question(
                "text.word",
                _("You can pick a word that we will use, so you know it is us"),
                Kind.LINE,
                limit=100,
                row=_("A word between us"),
            ),
        ),
        title=_("How can we text you?"),
        note=_("Replying may cost you a text. You can ring once and we will ring you back."),
        when=_for_way(Way.Kind.TEXT),
    ),
    Page(
        8,
        "text_words",
        (
            Question(
                "text.send",
                _("What can we send?"),
                Kind.ONE,
                choices=(
                    Choice("mine", _("Only the words I write here")),
                    Choice("hello", _("A short hello with no question"), SHORT_HELLO),
                    Choice("stop", _("Do not text after all")),
                ),
                row=_("What we can text"),
            ),
            Question("text.words", _("Your words"), Kind.BOX, limit=160, row=_("Your words for our texts")),
        ),
        when=(*_for_way(Way.Kind.TEXT), ("text.others", frozenset(["maybe", "yes"]))),
    ),
    Page(
        9,
        "email",
        (
            Question("email.address", _("What is your email?"), Kind.EMAIL, limit=254, autocomplete="email"),
            Question(
                "email.others",
                _("Does anyone else read it?"),
                Kind.ONE,
                choices=OTHERS,
                row=_("Does anyone else read your email?"),
            ),
        ),
        title=_("How can we email you?"),
        lead=(_("The subject says “Hello” and a first name. There is no link in our first email."),),
        when=_for_way(Way.Kind.EMAIL),
    ),
    Page(
        10,
        "write",
        (
            Question(
                "write.address",
                _("What name and address can we write to?"),
                Kind.BOX,
                limit=1000,
                autocomplete="street-address",
            ),
            Question(
                "write.how",
                _("Is there anything to know about your post?"),
                Kind.MANY,
                choices=(
                    Choice("plain", _("Use a plain envelope that does not say who sent it")),
                    Choice("opened", _("Someone else may open it"), _("Then we will not write.")),
                ),
            ),
        ),
        title=_("How can we write to you?"),
        when=_for_way(Way.Kind.WRITE),
    ),
    Page(
        11,
        "place",
        (
            Question(
                "place.where",
                _("Where can we meet you?"),
                Kind.BOX,
                _("It could be a drop-in, a cafe, a library, your home or out on a walk."),
                limit=500,
            ),
            Question("place.times", WHEN_TO_CALL, Kind.MANY, choices=TIMES, row=_("When to meet")),
            Question(
                "place.nights",
                _("Where do you stay most nights?"),
                Kind.LINE,
                _("An area is fine, or the first half of your postcode."),
                limit=200,
            ),
            Question(
                "place.fixed",
                _("Is it always the same place?"),
                Kind.MANY,
                choices=(
                    Choice("none", _("I have no fixed place")),
                    Choice("changes", _("It changes")),
                ),
            ),
        ),
        title=_("Meet you at a place you know"),
        when=_for_way(Way.Kind.PLACE),
    ),
    Page(
        12,
        "trusted",
        (
            Question("trusted.who", _("Who can we talk to?"), Kind.LINE, limit=200),
            Question("trusted.number", _("What is their number?"), Kind.PHONE, limit=40),
            Question(
                "trusted.tell",
                _("What can we tell them?"),
                Kind.ONE,
                choices=(
                    Choice("hello", _("Only that we would like to say hello")),
                    Choice("asked", _("That I have asked for help")),
                    Choice("all", _("They know all about it")),
                ),
            ),
        ),
        title=_("Talk to someone you trust"),
        when=_for_way(Way.Kind.TRUSTED),
    ),
    Page(
        13,
        "come",
        (
            Question(
                "come.when",
                _("When might you come?"),
                Kind.LINE,
                _("You do not have to say. You can just come."),
                limit=200,
            ),
        ),
        title=_("Come and see us"),
        lead=(_("You can just say your code. We will know what you told us."),),
        when=_for_way(Way.Kind.COME),
    ),
    Page(
        14,
        "none",
        (
            Question(
                "none.where",
                _("Where are you often?"),
                Kind.BOX,
                _("It could be a cafe, a hostel or a shop. We can leave word there."),
                limit=500,
            ),
        ),
        title=_("No phone is fine"),
        lead=(_("You can come to us. You can just say your code."),),
        when=_for_way(Way.Kind.NONE),
    ),
    Page(
        15,
        "avoid",
        (
            Question(
                "avoid",
                _("Is there anyone we must not talk to, or any place we must not go?"),
                Kind.BOX,
                _("We keep this apart. Only the people who contact you can see it. It is not on your page."),
                limit=LONG,
                row=_("Who and where we keep away from"),
            ),
        ),
        when=(("ways", frozenset(Way.Kind.values)),),
    ),
    Page(
        16,
        "see",
        (
            Question(
                "exclude",
                _("Is there anyone on the team you would rather did not see it?"),
                Kind.MANY,
                choices=(
                    Choice(Sector.PRIMARY.value, _("My doctor's surgery")),
                    Choice(Sector.SECONDARY.value, _("The hospital mental health people")),
                    Choice(Sector.COUNCIL.value, _("The council")),
                    Choice(Sector.VOLUNTARY.value, _("Charities")),
                ),
                row=_("Who you would rather did not see it"),
            ),
            Question(
                "exclude_name",
                _("Is there a person who should not see it?"),
                Kind.LINE,
                _("Their name is enough. You do not have to say why."),
                row=_("A person who should not see it"),
            ),
        ),
        title=_("Who will see this?"),
        lead=(
            _(
                "One team will read it. The team has people from charities, doctors' surgeries, the hospital "
                "and the council."
            ),
            _("No one else, unless you choose."),
            _(
                "There is one limit. If we think you or someone else could be badly hurt, we may need to tell someone "
                "who can help. We will tell you first if we can."
            ),
            _("You can change who sees what at any time."),
        ),
    ),
)

BY_NUMBER: dict[int, Page] = {page.number: page for page in PAGES}
BY_NAME: dict[str, Page] = {page.name: page for page in PAGES}
QUESTIONS: dict[str, Question] = {question.id: question for page in PAGES for question in page.questions}
# Any one of these is enough to say hello with.
ENOUGH = ("name", "know", "topics", "ways")


def pages_for(answers: Answers) -> list[Page]:
    """The pages that these answers lead through, in order; the list of topics is one where something was picked."""
    return [
        page
        for page in PAGES
        if page.is_asked(answers) and (not page.aside or any(answers.get(each.id) for each in page.questions))
    ]


def next_page(page: Page, answers: Answers) -> Page | None:
    """The page that comes after this one, or None when it is time to check and send."""
    return next(
        (each for each in PAGES if each.number > page.number and not each.aside and each.is_asked(answers)), None
    )


def page_before(page: Page, answers: Answers) -> Page | None:
    """The page that Back leads to, or None from the first page."""
    before = [each for each in PAGES if each.number < page.number and not each.aside and each.is_asked(answers)]
    return before[-1] if before else None


def first_not_seen(answers: Answers) -> Page | None:
    """Where to go on: the first page of which nothing was answered or skipped yet, or None when all were."""
    return next((page for page in pages_for(answers) if not any(each.id in answers for each in page.questions)), None)


def is_empty(answers: Answers) -> bool:
    """Whether there is not one word, name, pick or way to say hello with."""
    return not any(_something(answers.get(key)) for key in ENOUGH)


def boxes(value: Any) -> list[str]:
    """A long answer as the boxes it is kept in, each of LONG letters at most: put together they are the same words."""
    return [part for words in _picked(value) for part in _split(words)]


def in_words(question: Question, value: Any) -> str:
    """An answer as it is shown back: what they wrote, or the words of what they picked."""
    if question.kind in {Kind.ONE, Kind.MANY}:
        picked = _picked(value)
        return "\n".join(str(choice.words) for choice in question.choices if choice.key in picked)
    return value if isinstance(value, str) else "\n".join(value or [])


def _something(value: Any) -> bool:
    return any(part.strip() for part in _picked(value))


def _split(words: str) -> list[str]:
    parts = []
    while len(words) > LONG:
        # After a space where there is one, so that no word is cut.
        at = max(words.rfind(" ", 0, LONG), words.rfind("\n", 0, LONG)) + 1 or LONG
        parts.append(words[:at])
        words = words[at:]
    return [*parts, words] if words or not parts else parts
