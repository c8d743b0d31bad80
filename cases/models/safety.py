"""Keeping people safe: who may be in danger now, somebody who is worried about another, and what is kept apart."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.person import Via
from cases.models.plan import Plan
from teams.history import WrittenOnce
from teams.models import Membership, Team, User


class NeededNow(models.Model):
    """Somebody may be in danger: at the top of today until one of the team has it. It is no label, and says no how much."""

    class Why(models.TextChoices):
        SAID = "said", _("They said: “I am not safe right now”.")
        WORDS = "words", _("Their words may mean danger.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="needed_now")
    why = models.CharField(max_length=10, choices=Why)
    since = models.DateTimeField()
    taken_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(taken_at=None), name="needed_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="taken_by_somebody_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} since {self.since}"


class Worry(models.Model):
    """Somebody is worried about somebody. Anyone may tell us, and nobody is told whether we know the other.

    The words are written once. It is open, then one of us has it, then it is done. A member may link it to a person
    they walk with; the person learns of it only where whoever told us agreed (``may_say``).
    """

    class MaySay(models.TextChoices):
        YES = "yes", _("Yes. They can read this.")
        NO = "no", _("No. Keep it between us.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="worries")
    who = models.TextField(blank=True)
    why = models.TextField(blank=True)
    seen = models.TextField(blank=True)
    teller = models.CharField(max_length=300, blank=True)
    reach = models.CharField(max_length=1000, blank=True)
    may_say = models.CharField(max_length=3, choices=MaySay, blank=True, help_text="Not said counts as no.")
    lifted = models.BooleanField(
        default=False, help_text="The words may mean danger: at the top until one of us has it."
    )
    told_at = models.DateTimeField()
    taken_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    did = models.CharField(max_length=500, blank=True, help_text="What we did.")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="worries")
    linked_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["told_at", "pk"]
        verbose_name_plural = "worries"
        constraints = [
            models.CheckConstraint(
                condition=~Q(who="", why="", seen=""),
                name="a_worry_has_words",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="a_worry_is_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False, taken_at__isnull=False),
                name="a_worry_is_done_after_it_is_taken",
            ),
            models.CheckConstraint(
                condition=Q(plan=None, linked_at=None, linked_by=None)
                | Q(plan__isnull=False, linked_at__isnull=False, linked_by__isnull=False),
                name="a_worry_is_linked_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["team"], condition=Q(done_at=None), name="worries_not_done")]

    def __str__(self) -> str:
        return f"told at {self.told_at}"


class SafetyNote(WrittenOnce):
    """That somebody hurts or scares the person, kept apart: only who may act on it reads it, and the person never sees it.

    Whoever hurts them may hold their phone. So there is no page, count or moment of theirs that differs by one.
    """

    written = "written_at"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="safety_notes")
    words = models.TextField()
    via = models.CharField(max_length=20, choices=Via)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return "kept apart"


class SafetyLook(WrittenOnce):
    """Somebody read what is kept apart about a person. Those who may read it see who did; the person's own list has none."""

    written = "at"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="safety_looks")
    viewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.viewer_id} read what is kept apart"
