"""What a member asked the person, so that nobody is asked the same thing twice without a reason they can read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.models.plan import Plan
from teams.history import WrittenOnce
from teams.models import Membership


class Asking(WrittenOnce):
    """A member asks somebody one question of the bank. ``again``: the person had said it, and the member could read it."""

    written = "at"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="askings")
    question = models.CharField(max_length=50, help_text="The stable id of the question in the script.")
    asks = models.CharField(max_length=300)
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    again = models.BooleanField(default=False)
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    on = models.DateField(help_text="Kept once a day, however often it is pressed.")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(again=False) | ~Q(why=""), name="asking_again_says_why"),
            models.UniqueConstraint(fields=["plan", "question", "member", "on"], name="asked_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.question} of {self.plan_id}"
