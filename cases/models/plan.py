"""The plan: its sections and entries, and who may see what."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from cases import sections
from cases.models.person import Person
from teams.history import Recorded, WrittenOnce, recorded
from teams.models import Membership, Organisation, Sector, User

SECTION_CHOICES = [(section.key, section.title) for section in sections.SECTIONS]


class Plan(Recorded):
    """The person's shared support plan. It belongs to them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="plan")
    begun_at = models.DateTimeField()
    order = models.JSONField(default=list, blank=True, help_text="Section keys, as the person ordered them.")

    history = recorded()

    def __str__(self) -> str:
        return f"plan of {self.person_id}"


class PlanSection(Recorded):
    """Who may see one section of one plan. django-guardian's grants hang from this row."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="sections")
    key = models.CharField(max_length=20, choices=SECTION_CHOICES)
    circle = models.CharField(max_length=10, choices=sections.Circle)
    opens_past = models.BooleanField(default=False, help_text="Whoever is let in later reads older words too.")

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
    """Somebody let in by name, from one moment until another (or until the person says)."""

    content_object = models.ForeignKey(PlanSection, on_delete=models.CASCADE, related_name="grants")
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        pass


class Supporter(models.Model):
    """Somebody whom the person asked to stand beside them. What they see hangs from grants; here is who they are.

    Until they come in by the link, ``user`` is an account that nobody can sign in to. It stays so where the address that
    they gave is that of an account which is there already, until whoever has that account signs in.
    """

    class MayCall(models.TextChoices):
        NO = "no", _("No")
        YES = "yes", _("Yes")
        ONLY = "only", _("Only if …")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="supporters")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supports")
    name = models.CharField(max_length=100)
    knows = models.CharField(max_length=100, blank=True, help_text="How they know each other.")
    may_call = models.CharField(max_length=10, choices=MayCall, default=MayCall.NO)
    only_if = models.CharField(max_length=200, blank=True)
    reach = models.CharField(
        max_length=254, blank=True, help_text="The address or the number that they gave themselves."
    )
    token_digest = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="The link works until then.")
    accepted_at = models.DateTimeField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True, help_text="Until then they see nothing of the plan.")
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: until the person says.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["invited_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "user"], condition=Q(ended_at=None), name="supports_once"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, opens_at=None) | Q(opens_at__gte=models.F("accepted_at")),
                name="opens_once_accepted",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LetIn(models.Model):
    """A whole group let into a section: a sector, one organisation or, with neither, the person's own people.

    Of a sector or an organisation it lets in those who are in the person's own team, and nobody else.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="let_in")
    section = models.CharField(max_length=20, choices=SECTION_CHOICES)
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: until the person says.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sector="") | Q(organisation=None), name="let_in_is_one_group"),
            models.CheckConstraint(condition=Q(level__in=[1, 2, 3]), name="let_in_to_do_something"),
            models.UniqueConstraint(
                fields=["plan", "section", "sector", "organisation"],
                condition=Q(ended_at=None),
                name="let_in_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.sector or self.organisation_id or 'their people'}"


class ShutOut(models.Model):
    """Somebody, a whole sector or one organisation, who may not see a section (or, with no section, any of the plan).

    It beats whatever lets them in.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="shut_out")
    section = models.CharField(max_length=20, choices=SECTION_CHOICES, blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, organisation=None, sector="")
                | Q(user=None, organisation__isnull=False, sector="")
                | (Q(user=None, organisation=None) & ~Q(sector="")),
                name="shut_out_is_somebody_or_a_group",
            ),
            models.UniqueConstraint(
                fields=["plan", "section", "user", "sector", "organisation"],
                condition=Q(ended_at=None),
                name="shut_out_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section or 'all'}: {self.sector or self.organisation_id or self.user_id}"


class Look(WrittenOnce):
    """Somebody other than the person looked at their plan, or at what is kept apart from it. The person sees who and when.

    What is kept apart is kept each time; a plan once a day for the same parts of it.
    """

    written = "at"

    class What(models.TextChoices):
        REACH = "reach", _("how to say hello safely")
        PLAN = "plan", _("your plan")
        HISTORY = "history", _("what has changed")
        COPY = "copy", _("a copy of your plan")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="looks")
    viewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField()
    on = models.DateField(null=True, help_text="Kept once on this day; empty: kept each time.")
    sections = ArrayField(models.CharField(max_length=20), default=list, help_text="The parts that were shown.")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "viewer", "what", "on", "sections"], name="looked_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} looked at {self.what}"


class LookQuestion(WrittenOnce):
    """What the person asked the team about one look. The team talks about it; the person finds it beside the look."""

    written = "at"

    look = models.ForeignKey(Look, on_delete=models.PROTECT, related_name="questions")
    words = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["look", "words"], name="asked_about_a_look_once")]

    def __str__(self) -> str:
        return f"about {self.look_id}"


class EmergencyOpening(WrittenOnce):
    """A member opened a plan that is not theirs, for some hours, because somebody may be in danger. The person is told."""

    written = "opened_at"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="openings")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("opened_at")), name="an_opening_ends"),
            models.CheckConstraint(condition=~Q(why=""), name="an_opening_has_a_reason"),
        ]
        indexes = [models.Index(fields=["member", "until"], name="openings_of_a_member")]

    def __str__(self) -> str:
        return f"{self.plan_id} by {self.member_id}"


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

    class Importance(models.TextChoices):
        """How much a goal matters to the person."""

        LOT = "lot", _("It matters a lot")
        BIT = "bit", _("It matters a bit")
        NOT_NOW = "not_now", _("Not now")

    class HelpWanted(models.TextChoices):
        """Whether the person would like help with what they said."""

        YES = "yes", _("Would like help with it")
        NOT_YET = "not_yet", _("Not yet")
        JUST_SAID = "just_said", _("Just wanted to say")

    class Agreed(models.TextChoices):
        """What a member says of agreement when they write. The person's own answer comes before it."""

        YES = "yes", _("We agreed this")
        NOT_YET = "not_yet", _("We have not agreed this yet")
        COULD_NOT = "could_not", _("They could not be asked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="entries")
    section = models.CharField(max_length=20, choices=SECTION_CHOICES)
    field = models.CharField(max_length=20)
    words = models.TextField()
    circle = models.CharField(
        max_length=10, choices=sections.Circle, blank=True, help_text="Empty: as its section is seen."
    )
    let_in = ArrayField(
        models.UUIDField(), default=list, blank=True, help_text="Accounts that see it beside its own circle."
    )
    let_in_until = ArrayField(
        models.DateTimeField(null=True),
        null=True,
        blank=True,
        help_text="When that is over for each of them, in their order. None: for all of them when the person says.",
    )
    kept_from = ArrayField(
        models.UUIDField(), default=list, blank=True, help_text="Accounts that do not see it, whatever lets them in."
    )
    area = models.CharField(max_length=10, choices=sections.Area, blank=True)
    who = models.CharField(max_length=100, blank=True, help_text="Who does this step.")
    when = models.CharField(max_length=100, blank=True, help_text="By when, in anybody's words.")
    progress = models.CharField(max_length=10, choices=Progress, blank=True)
    importance = models.CharField(max_length=10, choices=Importance, blank=True)
    help_wanted = models.CharField(max_length=10, choices=HelpWanted, blank=True)
    asked = models.CharField(
        max_length=60, blank=True, help_text="The id of the question that this answers. Empty: nobody asked."
    )
    asked_as = models.CharField(
        max_length=300, blank=True, help_text="The question as it was asked, where the words need it beside them."
    )
    picked = ArrayField(
        models.CharField(max_length=50),
        default=list,
        blank=True,
        help_text="What was picked from a list, while the words are those of the list.",
    )
    agreed = models.CharField(max_length=10, choices=Agreed, blank=True)
    agreed_why = models.CharField(max_length=200, blank=True)
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
        constraints = [
            models.UniqueConstraint(fields=["plan", "asked"], condition=~Q(asked=""), name="asked_once"),
            models.CheckConstraint(
                condition=~Q(agreed="could_not") | ~Q(agreed_why=""), name="could_not_be_asked_says_why"
            ),
            models.CheckConstraint(
                condition=Q(let_in_until=None) | Q(let_in_until__len=models.F("let_in__len")),
                name="an_end_for_each_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}.{self.field}"
