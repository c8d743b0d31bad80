"""What is written beside the words of a plan: other words that were suggested, and the person's own 0 to 10."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.plan import Entry, Plan
from teams.history import Recorded, WrittenOnce, recorded
from teams.models import User


class Suggestion(Recorded):
    """Other words that a member suggests for the person's own. Nothing changes until the person answers."""

    class Answer(models.TextChoices):
        OPEN = "", _("has not said")
        ACCEPTED = "accepted", _("took these words")
        REWORDED = "reworded", _("said it in another way")
        OTHER_VIEW = "other_view", _("sees it another way")
        DECLINED = "declined", _("kept their own words")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="suggestions")
    words = models.TextField()
    why = models.CharField(max_length=100, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    their_words = models.TextField(blank=True, help_text="How the person sees it, kept beside what was suggested.")

    history = recorded()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "author"], condition=Q(answer=""), name="one_open_suggestion_an_author"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="a_suggestion_is_answered_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"for {self.entry_id}: {self.answer or 'open'}"


class Rating(WrittenOnce):
    """The person's own number from 0 to 10, and how they said it. With no goal, it is about how things are."""

    MOST = 10

    written = "at"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="ratings")
    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="ratings")
    value = models.PositiveSmallIntegerField(validators=[MaxValueValidator(MOST)])
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["plan"], condition=Q(entry=None), name="how_things_are")]
        constraints = [models.CheckConstraint(condition=Q(value__lte=10), name="from_0_to_10")]

    def __str__(self) -> str:
        return f"{self.value} of {self.MOST}"
