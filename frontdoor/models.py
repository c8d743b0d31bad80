"""The questions, version by version, and the first conversation while it is being had: kept answer by answer."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Person, Story, Via
from teams.history import WrittenOnce
from teams.models import Membership, User


class ScriptVersion(models.Model):
    """One version of the questions. A conversation keeps the version it began with, so a published one never changes:
    the database refuses it.

    ``document`` is read by frontdoor.script. A shipped version came with this software; every other one was made by the
    team, which works on one draft at a time.
    """

    number = models.AutoField(primary_key=True)
    document = models.JSONField()
    shipped = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True, help_text="Of a shipped document: it is taken in once.")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    dropped_at = models.DateTimeField(
        null=True, blank=True, help_text="A draft that was let go; its changes are kept."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(shipped=True), name="shipped_once"),
            models.UniqueConstraint(
                fields=["shipped"],
                condition=Q(shipped=False, published_at=None, dropped_at=None),
                name="one_draft_of_the_questions",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(dropped_at=None), name="what_is_published_is_not_dropped"
            ),
            models.CheckConstraint(
                condition=Q(shipped=True, begun_by=None, published_by=None, published_at__isnull=False)
                | Q(shipped=False, begun_by__isnull=False, published_at=None, published_by=None)
                | Q(shipped=False, begun_by__isnull=False, published_at__isnull=False, published_by__isnull=False),
                name="questions_are_published_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class ScriptChange(WrittenOnce):
    """One change of a draft: who changed what, from what to what, and when. ``number`` counts the changes of a draft.

    ``about`` is the id of the text, the question or the page; ``called`` is what it was called at that moment.
    """

    written = "at"

    class What(models.TextChoices):
        BEGUN = "begun", _("began a draft")
        WORDS = "words", _("changed the words")
        TRANSLATION = "translation", _("changed the words in another language")
        SETTINGS = "settings", _("changed what becomes of the answer")
        BRANCH = "branch", _("changed who is asked")
        TIES = "ties", _("changed what a topic hangs from")
        ADDED = "added", _("added")
        TAKEN_OUT = "taken_out", _("took out")
        MOVED = "moved", _("moved")
        DROPPED = "dropped", _("let the draft go")
        PUBLISHED = "published", _("published the draft")

    version = models.ForeignKey(ScriptVersion, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=20, choices=What)
    about = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    called = models.TextField(blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="one_change_a_number")]

    def __str__(self) -> str:
        return f"{self.version_id}, {self.number}: {self.what}"


class Conversation(models.Model):
    """One conversation at the front door, paused or sent. It is found again by a code that nobody can look up.

    A paper form has one before anything is said, for the code on its strip: ``via`` is paper, and nobody has typed yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    script_version = models.ForeignKey(ScriptVersion, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=20, choices=Via)
    typed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    code_digest = models.CharField(max_length=64, unique=True)
    code_turn = models.PositiveSmallIntegerField(default=0)
    word = models.CharField(max_length=128, blank=True, help_text="A word only they know, kept as passwords are.")
    began_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="conversation")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, person=None) | Q(sent_at__isnull=False, person__isnull=False),
                name="what_was_sent_has_a_person",
            )
        ]
        indexes = [models.Index(fields=["touched_at"], condition=Q(sent_at=None), name="drafts_by_age")]

    def __str__(self) -> str:
        return str(self.id)


class Answer(models.Model):
    """What was said to one question, exactly as it was said."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=50)
    value = models.JSONField()
    whose = models.CharField(max_length=10, choices=Story.Whose, default=Story.Whose.OWN)
    typed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "question"], name="one_answer_a_question")]

    def __str__(self) -> str:
        return self.question


class FairAnswer(models.Model):
    """What one person answered to one question about themselves, so that the place can check that it is fair.

    Nothing here leads to anybody: the key is a keyed digest (``frontdoor.fair.key``), another one for each question; there
    is no number that counts up, and no moment finer than a month. The service goes through four functions of the
    database, and its role may not read the table itself (docs/decisions/0010). It has no history: what was changed
    or deleted is gone.
    """

    key = models.CharField(max_length=64, primary_key=True)
    question = models.CharField(max_length=30)
    choice = models.CharField(max_length=30)
    own_words = models.CharField(max_length=100, blank=True)
    month = models.DateField(help_text="The first day of the month in which it was said.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="no_finer_than_a_month")]

    def __str__(self) -> str:
        return self.question


class HelpLineCheck(models.Model):
    """Somebody of the team tried a help line. A line without one is shown to people all the same."""

    line = models.CharField(max_length=50, help_text="The id of the line in helplines.toml.")
    on = models.DateField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["line", "-on"], name="checks_of_a_line")]

    def __str__(self) -> str:
        return f"{self.line} on {self.on}"
