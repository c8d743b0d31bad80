"""What somebody picked from the list when they came in. Pure: words only."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Topic(TextChoices):
    """Something that would help right now, in the order in which it is offered."""

    MOOD = "mood", _("My mood or my thoughts")
    SAFE = "safe", _("Feeling safe")
    HOME = "home", _("Somewhere to live")
    MONEY = "money", _("Money, debt or benefits")
    FOOD = "food", _("Food, heat or bills")
    DRINK = "drink", _("Drink or drugs")
    BODY = "body", _("My body and my health")
    FAMILY = "family", _("Family and the people I live with")
    ALONE = "alone", _("Feeling alone")
    DAYS = "days", _("Work, study or how I spend my day")
    PAST = "past", _("Something from the past")
    CARING = "caring", _("Someone I look after")
    TALK = "talk", _("Just someone to talk to")
    OTHER = "other", _("Something else")
    UNSURE = "unsure", _("I do not know yet")


def topic_words(keys: list[str]) -> tuple[str, ...]:
    """The picked topics in words, in the order of the list; a key that is no longer on the list says nothing."""
    return tuple(str(topic.label) for topic in Topic if topic.value in keys)
