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
    """The same thing was changed first, on another screen: ``theirs`` is what stands there now, by the name of its field."""

    def __init__(self, *, theirs: dict[str, str], version: int) -> None:
        self.theirs, self.version = theirs, version
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
        # Of the whole plan, as for what is told: or else what is hidden in a part would move what is seen there.
        position=Entry.objects.filter(plan_id=plan_id).count(),
        **_beside(at, section, importance=importance, agreed=agreed, agreed_why=agreed_why),
    )
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
    area: str | None = None,
    who: str | None = None,
    when: str | None = None,
) -> Entry:
    """Replace the words of an entry: the person's own by the person alone, a member's own by that member.

    ``area``, of a goal, and ``who`` and ``when``, of a step, are left as they are unless they are given. Another area leaves
    who can see it as it is, and is a row of its own in the history, which tells one thing a row.

    ``version`` is the one that was read: what somebody changed since, and is not changed here, stays as they left it.
    Raises ChangedMeanwhile when it is the same thing that is changed here.
    """
    at, entry = locked(by, plan_id, entry_id, now)
    _check_write(at, entry)
    if not words.strip():
        raise NothingWritten
    wanted = {
        "words": words,
        **_beside(at, entry.section, importance=importance, agreed=agreed, agreed_why=agreed_why),
    }
    if entry.section == "change" and area is not None:
        wanted["area"] = area
    if entry.section == "steps":
        wanted |= {name: said for name, said in (("who", who), ("when", when)) if said is not None}
    changed = _changed(entry, version, wanted)
    moved = {"area": changed.pop("area")} if "area" in changed else {}
    for part in filter(None, (moved, changed)):
        for name, said in part.items():
            setattr(entry, name, said)
        if "words" in part:
            _new_words(at, entry)
        entry.version, entry.changed_at = entry.version + 1, now
        record(entry, by=by, why=why, now=now, organisation_id=at.organisation_id)
    return entry


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
    if entry.words != earlier.words:
        entry.words = earlier.words
        _new_words(at, entry)
    entry.picked, entry.removed_at = earlier.picked, None
    entry.version, entry.changed_at = entry.version + 1, now
    return record(entry, by=by, why=gettext("put earlier words back"), now=now, organisation_id=at.organisation_id)


@transaction.atomic
def answer_entry(
    *, plan_id: UUID, entry_id: UUID, answer: str, version: int, by: Any, now: datetime, other_view: str = ""
) -> Entry:
    """Keep what the person says of something that somebody else added; a different view stays beside it.

    ``version`` is the one that was read. Raises ChangedMeanwhile when its words are others now: nobody answers words that
    they have not seen, but what somebody wants out is taken out.
    """
    at, entry = locked(by, plan_id, entry_id, now)
    at.check(Permission.ANSWER)
    if entry.author_id == by.pk:
        raise NotAllowed(OWN_WORDS)
    if answer in {Entry.Answer.OTHER_VIEW, Entry.Answer.REWORD} and not other_view.strip():
        raise NothingWritten
    read = _as_read(entry, version)
    if answer != Entry.Answer.OUT and (read is None or read.words != entry.words):
        raise ChangedMeanwhile(theirs={"words": entry.words}, version=entry.version)
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
    """Say how a goal or a step is going. A goal is the person's to move; a step anybody's who may add steps.

    What the person wrote themselves they alone let go of.
    """
    at, entry = locked(by, plan_id, entry_id, now)
    theirs_to_leave = progress == Entry.Progress.LET_GO and entry.author_id == at.sharing.plan.person.user_id
    if entry.section == "steps" and not theirs_to_leave:
        at.check_of(Permission.SUGGEST, entry)
    else:
        at.check_of(Permission.WRITE, entry)
    entry.progress, entry.changed_at, entry.version = Entry.Progress(progress), now, entry.version + 1
    return record(entry, by=by, why="", now=now, organisation_id=at.organisation_id)


def _as_read(entry: Entry, version: int) -> Any:
    """The entry as it was when it had that version; None where it never had."""
    return entry if entry.version == version else Entry.history.filter(id=entry.pk, version=version).first()


def _changed(entry: Entry, version: int, wanted: dict[str, str]) -> dict[str, str]:
    """What is to be changed, of what somebody sends who read the entry as it was in ``version``.

    Raises ChangedMeanwhile for what somebody else has changed since, to something else.
    """
    read = _as_read(entry, version)
    mine = {name: said for name, said in wanted.items() if read is None or said != getattr(read, name)}
    changed = {name: said for name, said in mine.items() if said != getattr(entry, name)}
    met = {
        name: getattr(entry, name) for name in changed if read is None or getattr(read, name) != getattr(entry, name)
    }
    if met:
        raise ChangedMeanwhile(theirs=met, version=entry.version)
    return changed


def _new_words(at: Standing, entry: Entry) -> None:
    """The words are others now: not those of a list, and not those that the person said yes to."""
    entry.picked = []
    if entry.answer == Entry.Answer.YES and not at.is_person:
        entry.answer = Entry.Answer.NOT_SAID


def _beside(
    at: Standing, section: str, *, importance: str | None, agreed: str | None, agreed_why: str
) -> dict[str, str]:
    """What is said beside the words: by the person how much a goal matters, by a member whether it was agreed."""
    if at.is_person and importance is not None and section == "change":
        return {"importance": Entry.Importance(importance) if importance else ""}
    if not at.is_person and agreed is not None and section in AGREED_IN:
        could_not = agreed == Entry.Agreed.COULD_NOT
        if could_not and not agreed_why.strip():
            raise NothingWritten
        return {"agreed": Entry.Agreed(agreed) if agreed else "", "agreed_why": agreed_why if could_not else ""}
    return {}


def locked(by: Any, plan_id: UUID, entry_id: UUID, now: datetime) -> tuple[Standing, Entry]:
    """The standing and the entry, locked and fresh; NotKnown when the entry is of another plan, or hidden.

    The lock is the plan's, without which nobody changes an entry of it.
    """
    at = standing(by, plan_id, now, lock=True)
    entry = Entry.objects.filter(pk=entry_id, plan_id=plan_id).order_by().first()
    if entry is None or not at.level_of(entry) or (entry.removed_at and not at.is_person):
        raise NotKnown
    return at, entry


def _check_write(at: Standing, entry: Entry) -> None:
    """Nobody overwrites anybody else's words."""
    if entry.author_id == at.viewer.pk:
        at.check_of(Permission.SUGGEST, entry)
    elif at.is_person:
        raise NotAllowed(OTHERS_WORDS)
    else:
        raise NotAllowed(Permission.WRITE.value if at.level(entry.section) >= Level.SEE else Permission.SEE.value)
