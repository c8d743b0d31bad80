"""Help that does not depend on us. Pure content.

``checked_on`` is the day on which a named person last tried the line. None means that nobody has yet; a line that was
not checked is still shown, because hiding it would take help away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Line:
    """One line: ``press`` is the words of the link, ``to`` what it rings or texts, ``who`` when to use it."""

    name: str
    press: Words
    who: Words
    call: str = ""
    text: str = ""
    hours: Words = ""
    free: bool = False
    checked_on: date | None = None


@dataclass(frozen=True)
class Group:
    title: Words
    lines: tuple[Line, ...]


ALWAYS = _("Day or night")

FIRST: tuple[Line, ...] = (
    Line(
        "999",
        _("Call 999"),
        _("if your life is at risk, or someone is hurting you. If you cannot speak, stay on the line and press 55."),
        call="999",
        hours=ALWAYS,
        free=True,
    ),
    Line(
        "111",
        _("Call 111 and press 2"),
        _("to talk to a mental health worker, day or night."),
        call="111",
        hours=ALWAYS,
        free=True,
    ),
    Line(
        "Samaritans",
        _("Call Samaritans on 116 123"),
        _("to talk to someone who will listen, day or night."),
        call="116123",
        hours=ALWAYS,
        free=True,
    ),
    Line(
        "Shout",
        _("Text the word SHOUT to 85258"),
        _("if you would sooner text."),
        text="85258",
        hours=ALWAYS,
        free=True,
    ),
)

MORE: tuple[Group, ...] = (
    Group(
        _("If someone is hurting or scaring you"),
        (
            Line(
                "National Domestic Abuse Helpline",
                _("Call 0808 2000 247"),
                _("National Domestic Abuse Helpline, for women."),
                call="08082000247",
                hours=ALWAYS,
                free=True,
            ),
            Line(
                "Men's Advice Line",
                _("Call 0808 801 0327"),
                _("Men's Advice Line, for men who are hurt at home."),
                call="08088010327",
                free=True,
            ),
            Line(
                "Galop",
                _("Call 0800 999 5428"),
                _("Galop, for LGBT+ people who are hurt or scared."),
                call="08009995428",
                free=True,
            ),
            Line(
                "24/7 Rape and Sexual Abuse Support Line",
                _("Call 0808 500 2222"),
                _("Rape and Sexual Abuse Support Line."),
                call="08085002222",
                hours=ALWAYS,
                free=True,
            ),
        ),
    ),
    Group(
        _("If you are young"),
        (
            Line("Childline", _("Call 0800 1111"), _("Childline, if you are under 19."), call="08001111", free=True),
            Line(
                "Papyrus",
                _("Call 0800 068 4141"),
                _("Papyrus, if you are under 35 and think about dying."),
                call="08000684141",
                free=True,
            ),
        ),
    ),
    Group(
        _("If you are a man who needs to talk"),
        (
            Line(
                "CALM",
                _("Call 0800 58 58 58"),
                _("CALM."),
                call="0800585858",
                hours=_("5pm to midnight"),
                free=True,
            ),
        ),
    ),
    Group(
        _("Drink or drugs"),
        (Line("FRANK", _("Call 0300 123 6600"), _("FRANK, about drugs. No names."), call="03001236600"),),
    ),
    Group(
        _("If you have nowhere to sleep"),
        (
            Line(
                "Shelter",
                _("Call 0808 800 4444"),
                _("Shelter, about somewhere to live."),
                call="08088004444",
                free=True,
            ),
        ),
    ),
    Group(
        _("If you are not in England"),
        (
            Line("NHS 111 Wales", _("Wales: call 111 and press 2"), "", call="111", hours=ALWAYS, free=True),
            Line("NHS 24", _("Scotland: call 111"), _("NHS 24."), call="111", hours=ALWAYS, free=True),
            Line(
                "Lifeline",
                _("Northern Ireland: call 0808 808 8000"),
                _("Lifeline."),
                call="08088088000",
                hours=ALWAYS,
                free=True,
            ),
        ),
    ),
)
