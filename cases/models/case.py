"""The team's piece of work with one person: who walks with them, each contact, and reaching out when they have gone quiet."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.person import Person, Via
from cases.pace import Pace
from teams.history import Recorded, WrittenOnce, recorded
from teams.models import Membership, Team, User


class Case(Recorded):
    """One stay with the team, from arriving to stepping out. Coming back begins another, with the same plan.

    There is no state for "closed", and the constraints below refuse an ending that nobody chose: an open door needs the
    moment, the account that wrote it, and either the person's own press or the contact in which they said so.
    """

    class State(models.TextChoices):
        ARRIVING = "arriving", _("Saying hello")
        WALKING = "walking", _("Walking together")
        OPEN_DOOR = "open_door", _("Open door")

    class AtHuddle(models.TextChoices):
        """How the person would like to be part of it when the team meets about them."""

        READ = "read", _("Read their words, then tell them what was said")
        PRIVATE = "private", _("Do not read their words out. Each of us reads them")
        THERE = "there", _("They would like to be there")
        SPEAKER = "speaker", _("They would like someone to speak for them")

    class How(models.TextChoices):
        OWN = "own", _("they chose it themselves")
        TOLD = "told", _("they told somebody who walks with them")

    class ReadBack(models.TextChoices):
        """What the person said when their words, typed by somebody else, were read back to them."""

        YES = "yes", _("It was read back: it is right")
        CHANGED = "changed", _("It was read back, and changed")
        COULD_NOT = "could_not", _("It could not be read back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=10, choices=State, default=State.ARRIVING)
    pace = models.CharField(max_length=10, choices=Pace, blank=True)
    topics = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    at_huddle = models.CharField(max_length=10, choices=AtHuddle, blank=True)
    came_at = models.DateTimeField()
    came_via = models.CharField(max_length=20, choices=Via)
    read_back = models.CharField(max_length=10, choices=ReadBack, blank=True)
    read_back_why = models.CharField(max_length=300, blank=True, help_text="Why it could not be. The person sees it.")
    came_back_from = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")
    hello_by = models.DateField(null=True, blank=True, help_text="The day by which we promised to say hello.")

    rhythm_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: whenever they want.")
    rhythm_agreed_at = models.DateTimeField(null=True, blank=True)
    leave_until = models.DateField(null=True, blank=True, help_text="“I am OK, just quiet”, until this day.")
    last_both_at = models.DateTimeField(null=True, blank=True, help_text="Computed: the last two-way contact.")
    quiet_at = models.DateTimeField(
        null=True, blank=True, help_text="Computed: the moment from which silence is late."
    )

    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_how = models.CharField(max_length=10, choices=How, blank=True)
    said_in = models.ForeignKey("cases.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    parting_words = models.TextField(blank=True)
    keep_hello = models.BooleanField(default=False, help_text="They would like a hello now and then.")

    history = recorded(excluded_fields=["last_both_at", "quiet_at"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "team"], condition=Q(ended_at=None), name="one_open_case"),
            models.CheckConstraint(
                condition=(Q(state="open_door") & Q(ended_at__isnull=False) & Q(ended_by__isnull=False))
                | (~Q(state="open_door") & Q(ended_at=None, ended_by=None, ended_how="", said_in=None)),
                name="an_ending_has_a_moment_and_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="open_door")
                | Q(ended_how="own", said_in=None)
                | Q(ended_how="told", said_in__isnull=False),
                name="silence_ends_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(state="open_door") | Q(quiet_at=None), name="an_open_door_is_never_late"
            ),
            models.CheckConstraint(
                condition=~Q(read_back="could_not") | ~Q(read_back_why=""), name="could_not_be_read_back_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["quiet_at"], condition=Q(quiet_at__isnull=False), name="cases_late_from"),
            models.Index(fields=["team", "state"], name="cases_of_a_team"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"


class Walk(models.Model):
    """Somebody walking with a person, from one moment to another. One of them is the main person."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="walks")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="walks")
    main = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    here_at = models.DateTimeField(null=True, blank=True, help_text="When they last had the plan open.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "member"], condition=Q(ended_at=None), name="walks_once_at_a_time"
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None, main=True), name="one_main_person"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} with {self.case_id}"


class Contact(WrittenOnce):
    """A time when somebody reached, or tried to reach, somebody, either way round. Written once, read by the person."""

    written = "written_at"

    class By(models.TextChoices):
        CALL = "call", _("Call")
        TEXT = "text", _("Text")
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")
        MEETING = "meeting", _("We met")
        VISIT = "visit", _("Visit")
        VIDEO = "video", _("Video call")
        DROP_IN = "drop_in", _("Drop-in")
        ONLINE = "online", _("On their page")

    class Went(models.TextChoices):
        BOTH = "both", _("We were in touch")
        SENT = "sent", _("Sent, no answer yet")
        NO_ANSWER = "no_answer", _("No answer")
        LEFT_MESSAGE = "left_message", _("Left a message")
        SOMEONE_ELSE = "someone_else", _("Someone else picked up")
        NOT_WORKING = "not_working", _("The number or address does not work")
        NOT_SAFE = "not_safe", _("It was not safe to talk")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=By)
    from_them = models.BooleanField(default=False)
    went = models.CharField(max_length=20, choices=Went)
    words = models.TextField(blank=True)
    member = models.ForeignKey(
        Membership,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: on their page.",
    )
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-written_at", "-pk"]
        indexes = [models.Index(fields=["case", "-at"], name="contacts_of_a_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(at__lte=models.F("written_at")), name="a_contact_is_written_down_afterwards"
            )
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.went}"


# What counts as a try: we reached out, and have not been in touch by it.
A_TRY = Q(from_them=False, member__isnull=False) & ~Q(went=Contact.Went.BOTH)


class ReachingOut(models.Model):
    """Somebody went quiet at a moment. It stays open until they are found; what comes next is worked out from the tries."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reaching_out")
    since = models.DateTimeField()
    noticed_at = models.DateTimeField()
    found_at = models.DateTimeField(null=True, blank=True)
    found_in = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "since"], name="noticed_once")]
        indexes = [models.Index(fields=["case"], condition=Q(found_at=None), name="reaching_out_now")]

    def __str__(self) -> str:
        return f"{self.case_id} since {self.since}"
