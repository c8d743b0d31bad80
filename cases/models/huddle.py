"""What the huddle hears and decides about one person."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.person import Way
from teams.models import Huddle, Membership, Sector, User


class HuddleItem(models.Model):
    """One person on the agenda, and then the team's decision: the sentence that is saved is the sentence the person gets."""

    class Kind(models.TextChoices):
        """Why somebody is on the agenda, in the order in which they are talked about."""

        TODAY = "today", _("Asked for today")
        BACK = "back", _("Coming back")
        NEW = "new", _("New hellos")
        QUIET = "quiet", _("We have not heard")
        SOMEONE = "someone", _("Would like someone else")
        BROUGHT = "brought", _("Brought by one of us")
        GOOD_NEWS = "good_news", _("Good news")
        QUESTION = "question", _("A question about a look")
        OPENED = "opened", _("Opened in an emergency")

    class Decision(models.TextChoices):
        """What the team decided. No kind of decision means no."""

        HELLO = "hello", _("Say hello and listen")
        TOGETHER = "together", _("Start together now")
        TWO = "two", _("Two of us")
        ACROSS = "across", _("Walk across with")
        TODAY = "today", _("Today")
        CLINICIAN = "clinician", _("A doctor or nurse soon")
        BACK = "back", _("Back with someone you know")
        VOICE = "voice", _("One more voice")
        HOLD = "hold", _("Hold with hello")
        GAP = "gap", _("You asked for something we do not have")
        DOOR = "door", _("Keep the door open")
        LEAVE = "leave", _("Leave as is")

    # The team needs the person's words for these; to be on the agenda for anything else opens nothing.
    OPENS = frozenset({Kind.TODAY, Kind.BACK, Kind.NEW, Kind.QUIET, Kind.BROUGHT})
    # What is decided of these may let somebody in who was not: the team needs to, or the person asked for it.
    LETS_IN = OPENS | {Kind.SOMEONE}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    huddle = models.ForeignKey(Huddle, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="huddle_items")
    kind = models.CharField(max_length=10, choices=Kind)
    why = models.CharField(max_length=500, blank=True)
    brought_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    put_on_at = models.DateTimeField()
    instead_of = models.ForeignKey(
        Membership,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="In whose place the person would like somebody else.",
    )
    asked_words = models.CharField(max_length=200, blank=True, help_text="What they wrote when they asked for that.")
    heard_at = models.DateTimeField(null=True, blank=True)
    strong = models.TextField(blank=True, help_text="What is strong here, and what already helps.")
    not_known = models.TextField(blank=True, help_text="What we do not know, and can live with for now.")

    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    we_heard = models.TextField(blank=True)
    first_step = models.TextField(blank=True)
    because = models.TextField(blank=True)
    who = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="promises")
    stand_in = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=Way.Kind, blank=True)
    by_when = models.DateField(null=True, blank=True)
    other_view = models.TextField(blank=True, help_text="One of us thought …")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(null=True, blank=True, help_text="When the promised hello was said.")

    class Meta:
        ordering = ["put_on_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(decided_at=None), name="on_the_agenda_once"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, decision="")
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision="")
                    & ~Q(because="")
                    & ~Q(first_step="")
                ),
                name="a_decision_has_a_reason_and_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decision="") | Q(decision__in=["door", "leave"]) | Q(who__isnull=False),
                name="a_decision_names_who_says_hello",
            ),
        ]
        indexes = [
            models.Index(fields=["who"], condition=Q(kept_at=None, by_when__isnull=False), name="promises_open")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class Voice(models.Model):
    """What each sector said of one person. By sector and never by name: the team decides, and nobody alone."""

    class State(models.TextChoices):
        SPOKE = "spoke", _("Spoke")
        TYPED = "typed", _("Typed")
        PASSED = "passed", _("Passed")
        ASK_AFTER = "ask_after", _("Ask after")

    item = models.ForeignKey(HuddleItem, on_delete=models.CASCADE, related_name="voices")
    sector = models.CharField(max_length=20, choices=Sector)
    state = models.CharField(max_length=10, choices=State)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "sector"], name="one_voice_a_sector")]

    def __str__(self) -> str:
        return f"{self.sector} {self.state}"
