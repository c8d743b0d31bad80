"""What a script means, in plain words: how a question is answered, where the answer lands, and who is asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.sections import BY_KEY, SECTIONS, Area, Circle, default_circle
from frontdoor.checking import NOT_FOR_ANSWERS
from frontdoor.script import Answers, Document, Goes, Kind, Script

KINDS = {
    Kind.LINE: gettext_lazy("One line"),
    Kind.BOX: gettext_lazy("A few lines"),
    Kind.STORY: gettext_lazy("As much as they like"),
    Kind.ONE: gettext_lazy("Pick one"),
    Kind.MANY: gettext_lazy("Pick as many as they like"),
    Kind.PHONE: gettext_lazy("A phone number"),
    Kind.EMAIL: gettext_lazy("An email address"),
}
OURS_TO_ASK = (Kind.LINE, Kind.BOX, Kind.STORY, Kind.ONE, Kind.MANY)  # the others belong to ways to say hello

LANDS = {
    Goes.NAME: gettext_lazy("What we call them"),
    Goes.SAY_IT: gettext_lazy("How to say their name"),
    Goes.STORY: gettext_lazy("Their own words, and My plan, How things are"),
    Goes.TOPICS: gettext_lazy("What would help, and the topics that come up first"),
    Goes.PACE: gettext_lazy("How soon we say hello"),
    Goes.WAYS: gettext_lazy("How to say hello. Only those who do can see it"),
    Goes.AVOID: gettext_lazy("Kept apart. Only those who say hello can see it"),
    Goes.SHUT: gettext_lazy("Who cannot see their plan"),
    Goes.SAFETY: gettext_lazy("Kept apart, to keep them safe. It is never shown on their pages"),
    Goes.CALL_TODAY: gettext_lazy("At the top of today’s list"),
    Goes.HUDDLE: gettext_lazy("How they would like to be part of the huddle"),
}


MADE_UP = {
    Kind.LINE: gettext_lazy("A few words"),
    Kind.BOX: gettext_lazy("A few words, and then a few more."),
    Kind.STORY: gettext_lazy("Here are their own words, as many as they like."),
    Kind.PHONE: "07700 900982",
    Kind.EMAIL: "sam@example.org",
}


def made_up(script: Script, picks: Answers) -> Answers:
    """What somebody who picked this might have written on their way, for a look at what comes of it: nobody said it."""
    asked = [each for page in script.pages_for(picks) for each in page.questions if not each.kind.is_picked]
    return {**{each.id: "Sam" if each.goes == Goes.NAME else str(MADE_UP[each.kind]) for each in asked}, **picks}


def places() -> list[tuple[str, str]]:
    """Every place of the plan where an answer can land, each with its words."""
    return [
        (f"plan:{section.key}.{field.key}", lands(f"plan:{section.key}.{field.key}"))
        for section in SECTIONS
        if section.key not in NOT_FOR_ANSWERS
        for field in section.fields
    ]


def lands(goes: str) -> str:
    """Where an answer lands: "My plan, What helps me: What I am good at"."""
    _plan, colon, place = goes.partition(":")
    if not colon:
        return str(LANDS.get(Goes(goes), "")) if goes in tuple(Goes) else _("Nowhere yet")
    section, _dot, key = place.partition(".")
    if section not in BY_KEY or key not in {each.key for each in BY_KEY[section].fields}:
        return _("Nowhere yet")
    title, field = str(BY_KEY[section].title), str(BY_KEY[section].field(key).asks)
    return _("My plan, %(section)s") % {"section": title if title == field else f"{title}: {field}"}


def seen_by(goes: str, circle: str, area: str = "") -> str:
    """Who sees an answer in the plan until the person says otherwise; "" for one that lands elsewhere."""
    _plan, colon, place = goes.partition(":")
    section, _dot, field = place.partition(".")
    if not colon or section not in BY_KEY or field not in {each.key for each in BY_KEY[section].fields}:
        return ""
    return str(Circle(circle or default_circle(section, field, area) or BY_KEY[section].circle).label)


def asked_of(document: Document, when: Mapping[str, Sequence[str]]) -> str:
    """Who is asked a page: "Only if they picked “Text me”"; "" when everybody is."""
    words = {
        (question["id"], choice["key"]): choice["words"]
        for page in document["pages"]
        for question in page["questions"]
        for choice in question.get("choices", ())
    }
    opened = [
        get_text_list([_("“%(pick)s”") % {"pick": words.get((question, key), key)} for key in keys], _("or"))
        for question, keys in when.items()
    ]
    return _("Only if they picked %(picks)s") % {"picks": _(", and ").join(opened)} if opened else ""


def picks(document: Document) -> list[tuple[str, str]]:
    """What people can pick of what would help right now, by which topics come up first: each key with its words."""
    asked = (
        question for page in document["pages"] for question in page["questions"] if question["goes"] == Goes.TOPICS
    )
    return [(choice["key"], choice["words"]) for question in asked for choice in question.get("choices", ())]


def ties(document: Document, page: Mapping[str, Any]) -> str:
    """What a topic hangs from, a line for each thing: its part of life, who sees a goal of it, and the picks; "" for none."""
    area, words = page.get("area", ""), dict(picks(document))
    brings = ", ".join(_("“%(pick)s”") % {"pick": words.get(key, key)} for key in page.get("topics", ()))
    lines = [
        _("Part of life: %(area)s") % {"area": Area(area).label} if area else "",
        _("Who sees a goal of it at first: %(circle)s") % {"circle": seen_by("plan:change.goal", "", area)}
        if area
        else "",
        _("Comes up first for: %(picks)s") % {"picks": brings} if brings else "",
    ]
    return "\n".join(filter(None, lines))


def settings(document: Document, page: Mapping[str, Any], question: Mapping[str, Any]) -> str:
    """What becomes of an answer, a line for each thing."""
    picks = {choice["key"]: choice["words"] for choice in question.get("choices", ())}
    seen = seen_by(question["goes"], question.get("circle", ""), page.get("area", ""))
    help_now = ", ".join(picks.get(key, _("any answer")) for key in question.get("lifts", ()))
    lines = [
        _("Where it lands: %(place)s") % {"place": lands(question["goes"])},
        _("Who sees it at first: %(circle)s") % {"circle": seen} if seen else "",
        _("Brings help for right now: %(picks)s") % {"picks": help_now} if help_now else "",
        "" if picks else _("Letters at most: %(limit)s") % {"limit": question.get("limit", "")},
    ]
    return "\n".join(line for line in lines if line and not line.endswith(": "))
