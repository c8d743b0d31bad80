"""A copy of a plan, to take away: asked for on a page, made by the worker, and gone within the hour."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.plan import SECTION_CHOICES, Plan
from teams.models import User


class Copy(models.Model):
    """One copy, for one reader. It holds only what that reader could see when it was made.

    ``fingerprint`` is of the words on it without their moment, or, where the copy was made at once, of what it was made
    from: it is handed out only while the reader would still get the same one.
    """

    class Layout(models.TextChoices):
        NORMAL = "normal", _("Usual print")
        LARGE = "large", _("Large print")
        EASY = "easy", _("Easy read")
        POCKET = "pocket", _("Pocket card for hard days")

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        MADE = "made", _("Ready")
        COULD_NOT = "could_not", _("We could not make it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="copies")
    viewer = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", help_text="Who asked, and may have it."
    )
    layout = models.CharField(max_length=10, choices=Layout)
    sections = ArrayField(models.CharField(max_length=20, choices=SECTION_CHOICES), blank=True)
    language = models.CharField(max_length=10)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    file = models.BinaryField(default=bytes)
    asked_at = models.DateTimeField()
    until = models.DateTimeField(help_text="From then on it is gone.")

    class Meta:
        verbose_name_plural = "copies"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "viewer"], condition=Q(state="waiting"), name="one_copy_waits_for_each_reader"
            ),
            models.CheckConstraint(condition=~Q(state="made") | ~Q(file=b""), name="a_copy_that_is_made_is_there"),
        ]
        indexes = [models.Index(fields=["until"], name="copies_gone_from")]

    def __str__(self) -> str:
        return f"{self.layout} {self.state}"
