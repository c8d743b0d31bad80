"""What can happen to the words of a plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import sections
from cases.models import Entry
from cases.permissions import OTHERS_WORDS, OWN_WORDS, NotAllowed, NotKnown, Permission, Standing, standing
from cases.sections import Level
from teams.history import record

LONGEST = 5_000
# Where members write what is for the person to agree.
AGREED_IN = {"change", "steps", "hard"}


class ChangedMeanwhile(Exception):
    """The same words were changed first, on another screen. Both texts are here, so that neither is lost."""

    def __init__(self, *, theirs: str, yours: str, version: int) -> None:
        self.theirs, self.yours, self.version = theirs, yours, version
        super().__init__(_("These words changed while you were writing."))


class NothingWritten(Exception):
    """An entry needs at least one word."""


@transaction.atomic
def add_entry(
    *,
    plan_id: UUID,
    section: str,
    field: str,
    words: str,
    by: Any,
    now: datetime,
    why: str = "",
    area: str = "",
    who: str = "",
    when: str = "",
    progress: str = "",
    circle: str | None = None,
    importance: str = "",
    agreed: str = "",
    agreed_why: str = "",
) -> Entry:
    """Add something to a plan, in the words and under the name of whoever writes it.

    ``circle`` narrows who sees it (only the person chooses that); ``why`` is the reason that the person reads beside it.
    ``importance`` is the person's to say of a goal, ``agreed`` a member's of what they add; the other's is left out.
    Raises NotKnown, NotAllowed, NothingWritten, and KeyError for a field that the section does not have.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SUGGEST, section)
    sections.BY_KEY[section].field(field)
    if circle:
        at.check(Permission.SHARE)
    if not words.strip():
        raise NothingWritten
    entry = Entry(
        plan_id=plan_id,
        section=section,
        field=field,
        words=words,
        area=area if section == "change" else "",
        who=who if section == "steps" else "",
        when=when if section == "steps" else "",
        progress=progress or {"change": "now", "steps": "open"}.get(section, ""),
        circle=sections.default_circle(section, field, area) if circle is None else circle,
        author=by,
        added_at=now,
        changed_at=now,
        position=Entry.objects.filter(plan_id=plan_id, section=section).count(),
    )
    _say_beside(at, entry, importance, agreed, agreed_why)
    return record(entry, by=by, why=why, now=now, organisation_id=at.organisation_id)


@transaction.atomic
def change_words(
    *,
    plan_id: UUID,
    entry_id: UUID,
    words: str,
    version: int,
    by: Any,
    now: datetime,
    why: str = "",
    importance: str | None = None,
    agreed: str | None = None,
    agreed_why: str = "",
) -> Entry:
    """Replace the words of an entry: the person's own by the person alone, a member's own by that member.

    ``version`` is the one that was read. Raises ChangedMeanwhile with both texts when somebody was quicker.
    """
    at, entry = locked(by, plan_id, entry_id, now)
    _check_write(at, entry)
    if not words.strip():
        raise NothingWritten
    if entry.version != version:
        raise ChangedMeanwhile(theirs=entry.words, yours=words, version=entry.version)
    beside = (entry.importance, entry.agreed, entry.agreed_why)
    _say_beside(at, entry, importance, agreed, agreed_why)
    if words == entry.words and beside == (entry.importance, entry.agreed, entry.agreed_why):
        return entry
    if words != entry.words:
        entry.picked = []  # these are words of their own now
    entry.words, entry.version, entry.changed_at = words, entry.version + 1, now
    return record(entry, by=by, why=why, now=now, organisation_id=at.organisation_id)


@transaction.atomic
def restore_words(*, plan_id: UUID, entry_id: UUID, history_id: int, by: Any, now: datetime) -> Entry:
    """Put the words of an earlier version back, as a new version; what was taken out comes back with them."""
    at, entry = locked(by, plan_id, entry_id, now)
    _check_write(at, entry)
    earlier = Entry.history.filter(id=entry.pk, history_id=history_id).first()
    if earlier is None:
        raise NotKnown
    if earlier.words == entry.words and not entry.removed_at:
        return entry
    entry.words, entry.picked, entry.removed_at = earlier.words, earlier.picked, None
    entry.version, entry.changed_at = entry.version + 1, now
    return record(entry, by=by, why=gettext("put earlier words back"), now=now, organisation_id=at.organisation_id)


@transaction.atomic
def answer_entry(*, plan_id: UUID, entry_id: UUID, answer: str, by: Any, now: datetime, other_view: str = "") -> Entry:
    """Keep what the person says of something that somebody else added; a different view stays beside it."""
    at, entry = locked(by, plan_id, entry_id, now)
    at.check(Permission.ANSWER)
    if entry.author_id == by.pk:
        raise NotAllowed(OWN_WORDS)
    if answer in {Entry.Answer.OTHER_VIEW, Entry.Answer.REWORD} and not other_view.strip():
        raise NothingWritten
    entry.answer = Entry.Answer(answer)
    entry.other_view = other_view if answer in {Entry.Answer.OTHER_VIEW, Entry.Answer.REWORD} else ""
    entry.removed_at = now if answer == Entry.Answer.OUT else None
    entry.version, entry.changed_at = entry.version + 1, now
    return record(entry, by=by, why="", now=now, organisation_id=at.organisation_id)


@transaction.atomic
def take_out(*, plan_id: UUID, entry_id: UUID, by: Any, now: datetime) -> Entry:
    """Take an entry out of the plan. It stays in the person's history, and they can put it back."""
    at, entry = locked(by, plan_id, entry_id, now)
    if not at.is_person:
        _check_write(at, entry)
    entry.removed_at, entry.changed_at, entry.version = now, now, entry.version + 1
    return record(entry, by=by, why="", now=now, organisation_id=at.organisation_id)


@transaction.atomic
def put_back(*, plan_id: UUID, entry_id: UUID, by: Any, now: datetime) -> Entry:
    """Put an entry back that was taken out; the person alone does this."""
    at, entry = locked(by, plan_id, entry_id, now)
    at.check(Permission.SHARE)
    entry.removed_at, entry.changed_at, entry.version = None, now, entry.version + 1
    if entry.answer == Entry.Answer.OUT:
        entry.answer = Entry.Answer.NOT_SAID
    return record(entry, by=by, why="", now=now, organisation_id=at.organisation_id)


@transaction.atomic
def change_progress(*, plan_id: UUID, entry_id: UUID, progress: str, by: Any, now: datetime) -> Entry:
    """Say how a goal or a step is going. A goal is the person's to move; a step anybody's who may add steps."""
    at, entry = locked(by, plan_id, entry_id, now)
    if entry.section == "steps":
        at.check(Permission.SUGGEST, entry.section, entry.circle)
    else:
        at.check(Permission.WRITE, entry.section, entry.circle)
    entry.progress, entry.changed_at, entry.version = Entry.Progress(progress), now, entry.version + 1
    return record(entry, by=by, why="", now=now, organisation_id=at.organisation_id)


def _say_beside(at: Standing, entry: Entry, importance: str | None, agreed: str | None, agreed_why: str) -> None:
    """What is said beside the words: by the person how much a goal matters, by a member whether it was agreed."""
    if at.is_person and importance is not None and entry.section == "change":
        entry.importance = Entry.Importance(importance) if importance else ""
    if not at.is_person and agreed is not None and entry.section in AGREED_IN:
        entry.agreed = Entry.Agreed(agreed) if agreed else ""
        entry.agreed_why = agreed_why if agreed == Entry.Agreed.COULD_NOT else ""
        if agreed == Entry.Agreed.COULD_NOT and not agreed_why.strip():
            raise NothingWritten


def locked(by: Any, plan_id: UUID, entry_id: UUID, now: datetime) -> tuple[Standing, Entry]:
    """The standing and the entry, locked and fresh; NotKnown when the entry is of another plan, or hidden.

    The lock is the plan's, without which nobody changes an entry of it.
    """
    at = standing(by, plan_id, now, lock=True)
    entry = Entry.objects.filter(pk=entry_id, plan_id=plan_id).order_by().first()
    if entry is None or not at.level(entry.section, entry.circle) or (entry.removed_at and not at.is_person):
        raise NotKnown
    return at, entry


def _check_write(at: Standing, entry: Entry) -> None:
    """Nobody overwrites anybody else's words."""
    if entry.author_id == at.viewer.pk:
        at.check(Permission.SUGGEST, entry.section, entry.circle)
    elif at.is_person:
        raise NotAllowed(OTHERS_WORDS)
    else:
        raise NotAllowed(Permission.WRITE.value if at.level(entry.section) >= Level.SEE else Permission.SEE.value)
