"""The one table of the plan: its sections and fields, who sees and who may add by default, and each field's PRSB heading.

Headings name where a field belongs in the PRSB Personalised Care and Support Plan v2.0 (structure only; nothing here claims
conformance). Every word that is kept about a person belongs to exactly one section, and is seen as that section is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Circle(TextChoices):
    """Who may see something, from fewest to most. Named people are let in, or shut out, on top of this."""

    ME = "me", _("Only me")
    NAMED = "named", _("Me and my main person")
    WALKING = "walking", _("The people who walk with me")
    TEAM = "team", _("My team")


class Level(IntEnum):
    """What somebody may do with a section. Each level holds the ones before it."""

    NOTHING = 0
    SEE = 1
    SUGGEST = 2  # and add entries of their own
    WRITE = 3


@dataclass(frozen=True)
class Group:
    """Those whom the person lets in, or shuts out, together: a sector, one organisation or, with neither, their own people."""

    sector: str = ""
    organisation_id: int | None = None

    @property
    def key(self) -> str:
        """What forms call it."""
        return (
            f"sector_{self.sector}"
            if self.sector
            else f"organisation_{self.organisation_id}"
            if self.organisation_id
            else "people"
        )

    def holds(self, *, sector: str, organisation_id: int | None, asked: bool) -> bool:
        """Whether somebody is of it: a member by what they act for, or somebody whom the person asked."""
        if self.sector:
            return self.sector == sector
        return self.organisation_id == organisation_id if self.organisation_id else asked


@dataclass(frozen=True)
class Field:
    key: str
    asks: str | Promise
    prsb: str
    circle: Circle | None = None  # where it differs from its section


@dataclass(frozen=True)
class Section:
    key: str
    title: str | Promise
    empty: str | Promise
    fields: tuple[Field, ...]
    circle: Circle = Circle.TEAM
    team_may: Level = Level.SUGGEST

    def field(self, key: str) -> Field:
        """The field called ``key``; KeyError if this section has none."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(f"{self.key} has no field {key}")


class Area(TextChoices):
    """The part of life a goal is about."""

    HOME = "home", _("Home")
    MONEY = "money", _("Money, food and bills")
    DRINK = "drink", _("Drink and drugs")
    BODY = "body", _("Body and health")
    PEOPLE = "people", _("People")
    DAYS = "days", _("My days")
    MOOD = "mood", _("Mood and thoughts")
    PAST = "past", _("Something from the past")
    OTHER = "other", _("Something else")


# Nobody is turned away for these, and not everybody who helps needs to know them (4-screens.md, 6.4).
AREA_CIRCLE = {Area.DRINK: Circle.NAMED, Area.PAST: Circle.NAMED}

SECTIONS: tuple[Section, ...] = (
    Section(
        "matters",
        _("What matters to me"),
        _("What matters to you? What would a good day look like?"),
        (
            Field("words", _("What matters to me"), "About me: what is most important to me"),
            Field("good_day", _("A good day"), "About me: my wellness"),
            Field("hopes", _("What I hope for"), "About me: what is most important to me"),
        ),
        team_may=Level.SEE,
    ),
    Section(
        "helps",
        _("What helps me"),
        _("Who or what helps you? It could be a friend, a pet, a place, music or a walk."),
        (
            Field("helps", _("Who and what helps me"), "About me: people who are important to me"),
            Field("good_at", _("What I am good at"), "Care and support plan: strengths"),
            Field("got_through", _("What I have got through before"), "Care and support plan: strengths"),
        ),
    ),
    Section(
        "now",
        _("How things are"),
        _("How are things, in your own words?"),
        (Field("words", _("How things are"), "Care and support plan: needs, concerns or problems"),),
    ),
    Section(
        "change",
        _("What I want to change"),
        _("What would you like to be different? One small thing is fine."),
        (Field("goal", _("What I want to change"), "Care and support plan: goals and hopes"),),
    ),
    Section(
        "steps",
        _("Next small steps"),
        _("What is the next small step, and who will do it?"),
        (Field("step", _("A small step"), "Care and support plan: actions"),),
    ),
    Section("people", _("The people helping me"), _("Nobody walks with you yet."), (), team_may=Level.SEE),
    Section(
        "hard",
        _("If things get hard"),
        _("What are the first signs, and what helps then?"),
        (
            Field("signs", _("The first signs"), "Contingency plan: early warning signs"),
            Field("myself", _("What I can do by myself"), "Contingency plan: coping strategies"),
            Field("places", _("Places and people that take my mind off it"), "Contingency plan: coping strategies"),
            Field("ask", _("People I can ask for help"), "Contingency plan: who to contact"),
            Field("workers", _("Workers I can call"), "Contingency plan: who to contact"),
            Field("safer", _("How to make the place I am in safer"), "Contingency plan: what should happen"),
            Field("reasons", _("My reasons to keep going"), "Contingency plan: coping strategies"),
            Field("please_do", _("What I would like you to do"), "About me: please do"),
            Field("please_do_not", _("What I would like you not to do"), "About me: please do not"),
        ),
        circle=Circle.WALKING,
    ),
    Section(
        "quiet",
        _("If I go quiet"),
        _("If we do not hear from you, what would you like us to do?"),
        (
            Field("do", _("What to do"), "Contingency plan: what should happen"),
            Field("do_not", _("What not to do"), "Contingency plan: what should happen"),
            Field("worry", _("When to start to worry"), "Contingency plan: triggers"),
        ),
        team_may=Level.SEE,
    ),
    Section(
        "wishes",
        _("My wishes for care"),
        _("Is there anything you would want people to know if you were very unwell?"),
        (Field("words", _("My wishes"), "Contingency plan: advance statement"),),
        circle=Circle.WALKING,
        team_may=Level.SEE,
    ),
    Section(
        "talk",
        _("What helps us talk well"),
        _("Is there anything that would make it easier to talk with us?"),
        (Field("needs", _("What helps us talk well"), "About me: how I communicate"),),
    ),
    Section(
        "notes",
        _("Notes to each other"),
        _("No notes yet."),
        (Field("note", _("A note"), "About me: also worth knowing"),),
        circle=Circle.WALKING,
    ),
    Section(
        "happened",
        _("What has happened"),
        _("Nothing has happened yet."),
        (),
        team_may=Level.SEE,
    ),
    Section(
        "mine",
        _("Only for me"),
        _("Write anything here. No one else will read it."),
        (Field("words", _("Only for me"), "not shared"),),
        circle=Circle.ME,
        team_may=Level.NOTHING,
    ),
)

BY_KEY: dict[str, Section] = {section.key: section for section in SECTIONS}
KEYS: list[str] = list(BY_KEY)
CIRCLES: dict[str, Circle] = {circle.value: circle for circle in Circle}
RANK: dict[Circle, int] = {circle: number for number, circle in enumerate(Circle)}  # fewest first
# What the person can let somebody they trust see: not who helps them, nor who did what.
FOR_SUPPORTERS: list[Section] = [
    section for section in SECTIONS if section.fields and section.key not in {"notes", "mine"}
]


def narrowest(circle: str, of_section: str) -> Circle:
    """Who really sees an entry: its own circle (empty: none) can only narrow its section's."""
    return min(CIRCLES[circle or of_section], CIRCLES[of_section], key=RANK.__getitem__)


def for_group(group: Group) -> list[Section]:
    """The sections into which the person can let a whole group: never into what is only for them."""
    if group == Group():
        return FOR_SUPPORTERS
    return [section for section in SECTIONS if section.team_may]


def in_order(wanted: list[str]) -> list[str]:
    """Every section's key: those that were put in an order in that order, then the rest."""
    kept = [key for key in wanted if key in BY_KEY]
    return kept + [key for key in KEYS if key not in kept]


def default_circle(section: str, field: str, area: str = "") -> str:
    """The circle an entry starts with: ``""`` means as its section is seen, which is the usual."""
    own = BY_KEY[section].field(field).circle or AREA_CIRCLE.get(area)  # type: ignore[call-overload]
    return own.value if own else ""
