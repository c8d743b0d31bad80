"""The form of one topic of the longer conversation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.actions import Clash
from cases.actions.telling import Seen
from cases.models import Entry
from frontdoor.forms.conversation import PageForm, box_names
from frontdoor.forms.fields import ChoiceWords, One
from frontdoor.queries.more import Topic
from frontdoor.script import LONG
from frontdoor.telling import Beside, Shown

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
            choices = [(value, ChoiceWords(label, hint)) for value, label, hint in topic.circles]
            self._beside("circle", _("Who can see this?"), choices, topic.circle)

    def _beside(self, name: str, label: Any, choices: Any, initial: str) -> None:
        self.fields[name] = One(required=False, label=label, choices=choices, initial=initial)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The boxes and choices of the page's own questions, in order."""
        return [self[name] for question in self.page.questions for name in box_names(question, self.fields)]

    @property
    def about_it(self) -> list[forms.BoundField]:
        """What is asked of the whole page."""
        return [self[name] for name in ("importance", "help_wanted", "circle") if name in self.fields]

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
