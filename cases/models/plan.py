"""The plan: its sections and entries, and who may see what."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from cases import sections
from cases.models.person import Person
from teams.history import Recorded, recorded
from teams.models import Sector, User

SECTION_CHOICES = [(section.key, section.title) for section in sections.SECTIONS]


class Plan(Recorded):
    """The person's shared support plan. It belongs to them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="plan")
    begun_at = models.DateTimeField()

    history = recorded()

    def __str__(self) -> str:
        return f"plan of {self.person_id}"


class PlanSection(Recorded):
    """Who may see one section of one plan. django-guardian's grants hang from this row."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="sections")
    key = models.CharField(max_length=20, choices=SECTION_CHOICES)
    circle = models.CharField(max_length=10, choices=sections.Circle)

    history = recorded()

    class Meta:
        default_permissions = ()
        permissions = [
            ("see_section", "may see this section"),
            ("suggest_section", "may see this section, suggest, and add entries of their own"),
            ("write_section", "may write this section"),
        ]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="one_of_each_section")]

    def __str__(self) -> str:
        return self.key


class SectionGrant(UserObjectPermissionBase):
    """Somebody let in by name, until a moment (or until the person says)."""

    content_object = models.ForeignKey(PlanSection, on_delete=models.CASCADE, related_name="grants")
    until = models.DateTimeField(null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        pass


class ShutOut(models.Model):
    """Somebody, or a whole sector, who may not see a section (or, with no section, any of the plan). It beats every grant."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="shut_out")
    section = models.CharField(max_length=20, choices=SECTION_CHOICES, blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(user=None) ^ Q(sector=""), name="shut_out_is_a_person_or_a_sector"),
            models.UniqueConstraint(
                fields=["plan", "section", "user", "sector"],
                condition=Q(ended_at=None),
                name="shut_out_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section or 'all'}: {self.sector or self.user_id}"


class Look(models.Model):
    """A member looked at something that is kept apart. The person sees who, and when."""

    class What(models.TextChoices):
        REACH = "reach", _("how to say hello safely")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="looks")
    viewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.viewer_id} looked at {self.what}"


class Entry(Recorded):
    """One thing written in a plan, with whose words they are. The person answers what others add; both stay in view."""

    class Answer(models.TextChoices):
        """What the person says of somebody else's entry."""

        NOT_SAID = "", _("has not said")
        YES = "yes", _("agrees")
        REWORD = "reword", _("said it in another way")
        OTHER_VIEW = "other_view", _("sees it another way")
        OUT = "out", _("took it out")

    class Progress(models.TextChoices):
        NOW = "now", _("Working on now")
        LATER = "later", _("Later")
        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        CHANGED = "changed", _("Changed")
        LET_GO = "let_go", _("Let go")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="entries")
    section = models.CharField(max_length=20, choices=SECTION_CHOICES)
    field = models.CharField(max_length=20)
    words = models.TextField()
    circle = models.CharField(
        max_length=10, choices=sections.Circle, blank=True, help_text="Empty: as its section is seen."
    )
    area = models.CharField(max_length=10, choices=sections.Area, blank=True)
    who = models.CharField(max_length=100, blank=True, help_text="Who does this step.")
    when = models.CharField(max_length=100, blank=True, help_text="By when, in anybody's words.")
    progress = models.CharField(max_length=10, choices=Progress, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="entries")
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    other_view = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    history = recorded(excluded_fields=["changed_at", "position"])

    class Meta:
        ordering = ["position", "added_at", "id"]
        indexes = [models.Index(fields=["plan", "section"], condition=Q(removed_at=None), name="entries_of_a_plan")]

    def __str__(self) -> str:
        return f"{self.section}.{self.field}"
