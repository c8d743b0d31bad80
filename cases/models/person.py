"""The person, what they told, and how to reach them."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.history import Recorded, WrittenOnce, recorded
from teams.models import User


class Via(models.TextChoices):
    """The door that words came through."""

    OWN_PHONE = "own_phone", _("On their own phone or computer")
    SHARED_PHONE = "shared_phone", _("On a phone or computer that others use")
    TELEPHONE = "telephone", _("By telephone")
    DROP_IN = "drop_in", _("At the drop-in")
    PAPER = "paper", _("On paper")
    HELPER = "helper", _("Through somebody who helped them")


class Person(Recorded):
    """Whoever came through the door. The account is theirs; everything else here hangs from this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="person")
    name_used = models.CharField(max_length=300, blank=True)
    say_it = models.CharField(max_length=300, blank=True)

    history = recorded()

    def __str__(self) -> str:
        return self.name_used


class Story(WrittenOnce):
    """What the person told: verbatim, told once, never changed. New words are a new row."""

    written = "told_at"

    class Whose(models.TextChoices):
        OWN = "own", _("In their own words")
        SUMMARY = "summary", _("A summary that they agreed")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stories")
    question = models.CharField(max_length=50, help_text="The stable id of the question in the script.")
    words = models.TextField()
    whose = models.CharField(max_length=10, choices=Whose, default=Whose.OWN)
    typed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=20, choices=Via)
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["told_at", "id"]

    def __str__(self) -> str:
        return f"{self.question}: {self.words[:40]}"


class Way(Recorded):
    """One safe way to say hello, with its conditions. Only those who walk with the person, or say the first hello, see it."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call me")
        TEXT = "text", _("Text me")
        EMAIL = "email", _("Email me")
        WRITE = "write", _("Write to me")
        PLACE = "place", _("Meet me at a place I know")
        TRUSTED = "trusted", _("Talk to someone I trust")
        COME = "come", _("I will come to you")
        NONE = "none", _("I do not have a phone")

    class Others(models.TextChoices):
        """Does anybody else read or answer this? Not said counts as perhaps."""

        NO = "no", _("No")
        MAYBE = "maybe", _("Maybe")
        YES = "yes", _("Yes")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ways")
    kind = models.CharField(max_length=10, choices=Kind)
    to = models.CharField(max_length=1000, blank=True, help_text="The number, address or place.")
    times = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    others = models.CharField(max_length=10, choices=Others, blank=True)
    say_who = models.BooleanField(default=False)
    leave_message = models.BooleanField(default=False)
    only_words = models.CharField(max_length=320, blank=True)
    word = models.CharField(max_length=100, blank=True, help_text="A word between us.")
    note = models.CharField(max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    history = recorded()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(ended_at=None), name="one_way_of_each_kind")
        ]

    def __str__(self) -> str:
        return self.kind


class Avoid(Recorded):
    """People and places we must keep away from: held apart from everything else, and never on the person's own page."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="avoid")
    words = models.TextField()

    history = recorded()

    def __str__(self) -> str:
        return "avoid"
