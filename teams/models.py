"""The people who help: accounts, organisations, membership, huddle meetings, and the messages that wait to be sent."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    """Where a member comes from; the huddle hears each one. The order is the order of the seats: no rank."""

    PEER = "peer", _("Lived experience")
    VOLUNTARY = "voluntary", _("Charities and community groups")
    PRIMARY = "primary", _("Doctors' surgeries")
    SECONDARY = "secondary", _("Hospital mental health")
    COUNCIL = "council", _("The council")


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, *, name: str, email: str | None = None, phone: str | None = None, language: str = ""
    ) -> User:
        """Make an account that signs in by code; it has no password. ``email`` and ``phone`` are each optional."""
        user = self.model(name=name, email=(email or "").lower() or None, phone=phone or None, language=language)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """An account, and nothing more: a person's words and a member's work hang elsewhere. There is no user name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=300, blank=True)
    email = models.EmailField(null=True, blank=True)
    phone = models.CharField(max_length=20, null=True, blank=True)
    language = models.CharField(
        max_length=10, blank=True, help_text="In which we write to them; empty until it is known."
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_an_email"),
            models.UniqueConstraint(fields=["phone"], name="one_account_a_phone"),
            models.CheckConstraint(condition=~Q(email="") & ~Q(phone=""), name="no_email_is_null_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """What messages and lists call somebody; titles stay with the surname ("Dr Shah")."""
        words = self.name.split()
        if words and words[0] in {"Dr", "Mr", "Mrs", "Ms", "Miss", "Mx", "Prof"}:
            return f"{words[0]} {words[-1]}"
        return words[0] if words else ""


class Organisation(models.Model):
    name = models.CharField(max_length=200, unique=True)
    sector = models.CharField(max_length=20, choices=Sector)
    what_it_does = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    name = models.CharField(max_length=200, unique=True)
    is_front_door = models.BooleanField(default=False, help_text="New people come to this team.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_front_door"], condition=Q(is_front_door=True), name="one_team_at_the_front_door"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Weekday(models.IntegerChoices):
    """The days on which somebody of the team is on duty, counted as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")


class Membership(models.Model):
    """Somebody's place in a team, on behalf of an organisation, from one moment until another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=100)
    says_hello = models.BooleanField(default=False, help_text="On the rota for first hellos.")
    leads = models.BooleanField(default=False, help_text="May invite members and end memberships.")
    may_open = models.BooleanField(default=False, help_text="May open a plan in an emergency.")
    duty_days = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        default=list,
        blank=True,
        help_text="The days of the week on which they act first when somebody may be in danger.",
    )
    safeguards = models.BooleanField(default=False, help_text="Leads on keeping people safe from being hurt.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(duty_days__contained_by=Weekday.values), name="duty_is_on_weekdays"),
            models.UniqueConstraint(
                fields=["user", "team"], condition=Q(ended_at=None), name="one_membership_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="membership_ended_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role}"


class Invitation(models.Model):
    """An invitation into a team; the link in the e-mail holds the only copy of its token."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=300)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=100)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} to {self.team}"


class Huddle(models.Model):
    """One meeting of a team. Its agenda is made of the huddle items that cases put on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="huddles")
    on = models.DateField()
    began_at = models.DateTimeField(null=True, blank=True)
    chair = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "on"], name="one_huddle_a_day")]

    def __str__(self) -> str:
        return f"{self.team}, {self.on}"


class Seat(models.Model):
    """Who is in a huddle, from which sector; a seat with no member is a sector to ask afterwards."""

    huddle = models.ForeignKey(Huddle, on_delete=models.CASCADE, related_name="seats")
    sector = models.CharField(max_length=20, choices=Sector)
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["huddle", "sector", "member"], name="one_seat_each", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.sector}: {self.member or 'ask after'}"


class Message(models.Model):
    """The outbox: something to be sent to somebody, written in the same transaction as the change it speaks of.

    ``key`` says what it is about and which time; a second message with the same key cannot exist. A message to a person
    is checked against their contact rules at the moment of sending, not when it was written.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        TEXT = "text", _("Text")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        HELD = "held", _("Not sent")
        UNKNOWN = "unknown", _("We do not know whether it went")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=10, choices=Channel)
    recipient = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    signed_by = models.ForeignKey(
        "Membership",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose name is in it.",
    )
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    asked_for = models.BooleanField(
        default=False, help_text="The receiver asked for it a moment ago (a sign-in code): sent at any hour."
    )
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    held_because = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state="queued"), name="messages_due")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="a_sent_message_says_when"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class Typed(models.Model):
    """What somebody typed in a page that was open longer than their visit: for them alone, for some days, and nowhere else.

    ``path`` is where it was sent and ``page`` where it was typed, which is the same for almost every form.
    """

    LASTS = timedelta(days=7)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="typed")
    path = models.CharField(max_length=500)
    page = models.CharField(max_length=500)
    fields = models.JSONField()
    typed_at = models.DateTimeField()

    class Meta:
        ordering = ["typed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.account}, {self.typed_at}"


class Heartbeat(models.Model):
    """When each clock job last ran to its end: the watch on the watcher."""

    job = models.CharField(max_length=50, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.job
