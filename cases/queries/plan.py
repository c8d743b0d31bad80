"""What can be seen of one plan: plain, frozen, already filtered. What is hidden is not hidden: it is absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cases import sections
from cases.models import Case, EmergencyOpening, Entry, HuddleItem
from cases.permissions import Permission, Standing, named_in, standing
from cases.permissions.sharing import Walker
from cases.queries import past
from cases.queries.audience import NOBODY, circle_words, entry_circle_words, sees_words
from cases.queries.beside import (
    NO_RATINGS,
    RATED_ENTRY,
    SUGGESTED,
    Ratings,
    SuggestionView,
    opening,
    ratings_view,
    suggestion_views,
)
from cases.sections import Circle, Level
from teams import statements


class _Answers:
    """What a page is made of answers at once when a template asks for something.

    A template asks for a key first, and for an attribute when that fails: of a plan of forty entries, eight hundred times,
    which was a fifth of the time that the page takes to be written (docs/speed.md).
    """

    __getitem__ = object.__getattribute__


@dataclass(frozen=True)
class EntryView(_Answers):
    id: UUID
    address: str  # of the page that changes it; what else can be done with it is below that
    section: str
    field: str
    asks: str | Promise
    title: str  # what stands over the words, where the section alone does not say it
    words: str
    short: str  # the beginning of the words, for a link that says what it is about
    area: str
    area_words: str | Promise
    who: str
    when: str
    progress: str
    progress_words: str | Promise
    importance: str
    importance_words: str | Promise
    help_words: str | Promise
    agreed: str
    agreed_why: str
    agreed_words: str  # what a member says of agreement; the person's own answer comes before it
    author: str
    author_from: str
    theirs: bool  # written by the person
    mine: bool  # written by the viewer
    answer: str
    answer_words: str
    other_view: str
    circle: str
    let_in: Mapping[UUID, datetime | None]  # named on the entry, and until when: for the person alone
    kept_from: Sequence[UUID]  # for the person, and for the huddle's screen
    circle_words: str | Promise
    version: int
    added_at: datetime | None  # for somebody else's than the person's own; and in words
    added_on: str
    changed_by: str  # who changed it last, and on which day; nothing while it is as it was added
    changed_on: str
    changed_by_me: bool
    can_write: bool
    can_move: bool  # say how a goal or a step is going
    can_answer: bool
    sees_words: str  # for the person: who can see this entry, and who cannot, by name
    can_suggest: bool
    can_rate: bool
    suggestions: tuple[SuggestionView, ...]
    ratings: Ratings
    plain: bool  # the person's own words, of which nothing else is said
    has_foot: bool  # a line stands under it: something else is said of it, or can be done with it

    @property
    def place(self) -> str:
        """Where the entry stands on the page of the plan."""
        return f"{self.address.partition('entries/')[0]}#e-{self.id}"


@dataclass(frozen=True)
class SectionView(_Answers):
    key: str
    title: str | Promise
    empty: str | Promise
    fields: tuple[sections.Field, ...]
    entries: tuple[EntryView, ...]
    level: Level
    circle: str
    circle_words: str  # for members: who can see this, without names
    sees_words: str  # for the person: who can see this, and who cannot, by name
    only_mine: bool  # nobody but the person can see it, now or when the team meets
    can_add: bool
    can_write: bool
    can_share: bool


@dataclass(frozen=True)
class PlanView(_Answers):
    id: UUID
    name: str
    say_it: str
    is_person: bool
    is_walker: bool
    is_member: bool
    state: str
    case_id: UUID
    sections: tuple[SectionView, ...]
    walkers: tuple[Walker, ...]
    needs: tuple[str, ...]  # what helps us talk well, where the viewer may see it
    opening: str
    opening_at: datetime | None
    opening_entry: EntryView | None  # which those words are of, where they stand in the plan
    opening_only_mine: bool  # nobody but the person can see those words
    ratings: Ratings  # how things are, over time
    here: tuple[str, ...]  # who else of those who walk with the person has the plan open now
    can_reach: bool
    can_keep_contact: bool
    can_bring: bool
    can_agree_rhythm: bool
    can_step_out: bool
    rhythm_words: str
    leave_until: Any
    waits_for_someone_else: bool  # the person asked, and the team has not talked about it yet
    opened_until: datetime | None = None  # in an emergency, by a member who may not read it otherwise


NO_NAME = gettext_lazy("Somebody")
SHORT = 40  # characters


def plan_page(*, plan_id: UUID, viewer: Any, now: datetime) -> PlanView:
    """The plan as this viewer may see it. Raises NotKnown when they may not know of it."""
    at = standing(viewer, plan_id, now)
    page = plan_for(at)
    return replace(page, opened_until=_opened_until(at, now)) if at.opened else page


def _opened_until(at: Standing, now: datetime) -> datetime | None:
    """Until when somebody reads a plan that they opened in an emergency, and may not read otherwise."""
    mine = EmergencyOpening.objects.filter(plan=at.sharing.plan, member=at.member, until__gt=now)
    return None if at.on_huddle else mine.values_list("until", flat=True).first()


def plan_for(at: Standing) -> PlanView:
    """The plan as it is seen from one standing; the PDF and the page are both made of this."""
    entries: dict[str, list[EntryView]] = {}
    for entry in visible_entries(at):
        entries.setdefault(entry.section, []).append(entry)
    empty, first = outline(at), opening(at)
    return replace(
        empty,
        sections=tuple(replace(section, entries=tuple(entries.get(section.key, ()))) for section in empty.sections),
        needs=tuple(entry.words for entry in entries.get("talk", ())),
        opening=first.words,
        opening_at=first.told_at,
        opening_entry=next((entry for entry in entries.get("now", ()) if entry.words == first.words), None),
        opening_only_mine=first.only_mine,
        ratings=first.ratings,
        here=_here(at),
    )


def outline(at: Standing) -> PlanView:
    """What is seen of a plan from one standing before anything that is written in it is read, and before who is here."""
    sharing, case = at.sharing, at.sharing.case
    person = sharing.plan.person
    seen_by = {circle: circle_words(at, circle) for circle in Circle} if at.member else {}
    return PlanView(
        id=sharing.plan.pk,
        name=person.name_used,
        say_it=person.say_it,
        is_person=at.is_person,
        is_walker=at.walker is not None,
        is_member=at.member is not None,
        state=case.state,
        case_id=case.pk,
        sections=tuple(
            _section_view(at, sections.BY_KEY[key], seen_by)
            for key in sections.in_order(sharing.plan.order)
            if at.level(key)
        ),
        walkers=sharing.walkers if at.level("people") and not at.is_supporter else (),
        needs=(),
        opening="",
        opening_at=None,
        opening_entry=None,
        opening_only_mine=False,
        ratings=NO_RATINGS,
        here=(),
        can_reach=at.may(Permission.REACH),
        can_keep_contact=at.may(Permission.KEEP_CONTACT),
        can_bring=at.may(Permission.BRING),
        can_agree_rhythm=at.may(Permission.AGREE_RHYTHM) and case.state == Case.State.WALKING,
        can_step_out=at.may(Permission.STEP_OUT) and case.state != Case.State.OPEN_DOOR,
        rhythm_words=rhythm_words(case.rhythm_days) if case.rhythm_agreed_at else "",
        leave_until=case.leave_until,
        waits_for_someone_else=at.is_person and sharing.on_agenda == HuddleItem.Kind.SOMEONE,
    )


def visible_entries(at: Standing) -> list[EntryView]:
    """The entries this standing may see, in the plan's order."""
    found = map(_Row._make, statements.rows(ENTRIES, past.given(at)))
    rows = [row for row in found if at.level_of(row)]
    whole = _Whole(
        address=reverse("plan", args=[at.sharing.plan.pk]),
        person_id=at.sharing.plan.person.user_id,
        organisations={walker.user_id: walker.organisation for walker in at.sharing.walkers},
        language=get_language() or "",
        sees_words={},
    )
    return [_entry_view(at, entry, whole) for entry in rows]


class _Row(NamedTuple):
    id: UUID
    section: str
    field: str
    words: str
    area: str
    who: str
    when: str
    progress: str
    importance: str
    help_wanted: str
    asked_as: str
    agreed: str
    agreed_why: str
    author_id: UUID
    author: str
    answer: str
    other_view: str
    version: int
    circle: str
    let_in: list[UUID]
    let_in_until: list[datetime | None] | None
    kept_from: list[UUID]
    added_at: datetime | None  # of somebody else's than the person's own: most are, and a moment takes longest to read
    changed_at: datetime | None  # with who did
    changed_by: UUID | None
    changed_by_name: str | None
    suggested: str | None  # JSON, as what follows
    rated: str | None


# A change of who can see an entry alone is no change of what it says, and is the person's own to know of: it leaves
# ``changed_at`` and the version as they are.
CHANGED = """
LEFT JOIN LATERAL (
    SELECT h.history_user_id AS by FROM cases_historicalentry h
    WHERE h.id = e.id AND h.history_date = e.changed_at AND e.version > 1 ORDER BY h.history_id LIMIT 1
) changed
"""
# Who changed it before it was opened to the viewer is not told.
TELLS_CHANGE = "(e.changed_at > greatest(opened.at, opened.began_at)) IS NOT FALSE"
# What an entry says of itself, to whoever sees it.
SAYS = """
e.id, e.section, e.field, e.words, e.area, e.who, e."when", e.progress, e.importance, e.help_wanted, e.asked_as,
e.agreed, e.agreed_why, e.author_id, a.name, e.answer, e.other_view, e.version
"""
# Everything that a plan holds, with who changed each entry last, unless that was before it was opened to the viewer: one
# statement, read as it is, however many versions there are of it.
ENTRIES = f"""
SELECT {SAYS}, e.circle, e.let_in, e.let_in_until, e.kept_from,
    CASE WHEN e.author_id <> %(person)s THEN e.added_at END, CASE WHEN changed.by IS NOT NULL THEN e.changed_at END,
    changed.by, c.name, {SUGGESTED}, {RATED_ENTRY}
FROM cases_entry e JOIN teams_user a ON a.id = e.author_id
{past.OPENED}
{CHANGED} ON {TELLS_CHANGE}
LEFT JOIN teams_user c ON c.id = changed.by
WHERE e.plan_id = %(plan)s AND e.removed_at IS NULL
ORDER BY e.position, e.added_at, e.id
"""  # noqa: S608 - words of our own


@dataclass(frozen=True)
class _Whole:
    """What is the same for every entry of a plan."""

    address: str
    person_id: UUID
    organisations: dict[UUID, str]
    language: str
    sees_words: dict[tuple[Any, ...], str]  # what is put into words once for each kind of entry


def _here(at: Standing) -> tuple[str, ...]:
    """Those who walk with the person tell each other, and the person, that they are here; nobody tells of the person."""
    if not at.level("people") or not (at.is_person or at.walker):
        return ()
    return tuple(walker.first_name for walker in at.sharing.walkers if walker.here and walker.user_id != at.viewer.pk)


USUAL_RHYTHMS = {
    None: gettext_lazy("whenever you want"),
    1: gettext_lazy("each day"),
    7: gettext_lazy("each week"),
    14: gettext_lazy("every two weeks"),
    28: gettext_lazy("each month"),
    30: gettext_lazy("each month"),
}


def rhythm_words(days: int | None) -> str:
    """An agreed rhythm in plain words."""
    return str(USUAL_RHYTHMS[days]) if days in USUAL_RHYTHMS else _("every %(days)s days") % {"days": days}


def _entry_view(at: Standing, entry: _Row, whole: _Whole) -> EntryView:
    """One row of ``visible_entries`` as its viewer reads it."""
    theirs, mine = entry.author_id == whole.person_id, entry.author_id == at.viewer_id
    level = at.level_of(entry)
    changed_by = _name(at, entry.changed_by, entry.changed_by_name or "", whole) if entry.changed_by else ""
    answer_words = "" if theirs else _answer_words(at, entry.answer)
    can_write = (mine and level >= Level.SUGGEST) or (level >= Level.WRITE and theirs)
    can_move = bool(entry.progress) and level >= (Level.SUGGEST if entry.section == "steps" else Level.WRITE)
    can_suggest = theirs and not at.is_person and level >= Level.SUGGEST
    said = entry.progress or entry.importance or entry.help_wanted or answer_words or entry.circle
    return EntryView(
        id=entry.id,
        address=f"{whole.address}entries/{entry.id}/",
        section=entry.section,
        field=entry.field,
        asks=sections.BY_KEY[entry.section].field(entry.field).asks,
        title=entry.asked_as or _title(entry.section, entry.field, entry.area, whole.language),
        words=entry.words,
        short=entry.words if len(entry.words) <= SHORT else f"{entry.words[: SHORT - 1]}…",
        area=entry.area,
        area_words=sections.Area(entry.area).label if entry.area else "",
        who=entry.who,
        when=entry.when,
        progress=entry.progress,
        progress_words=Entry.Progress(entry.progress).label if entry.progress else "",
        importance=entry.importance,
        importance_words=Entry.Importance(entry.importance).label if entry.importance else "",
        help_words=Entry.HelpWanted(entry.help_wanted).label if entry.help_wanted else "",
        agreed=entry.agreed,
        agreed_why=entry.agreed_why,
        agreed_words=_agreed_words(entry),
        author=_name(at, entry.author_id, entry.author, whole),
        author_from="" if theirs or at.is_supporter else whole.organisations.get(entry.author_id, ""),
        theirs=theirs,
        mine=mine,
        answer=entry.answer,
        answer_words=answer_words,
        other_view=entry.other_view,
        circle=entry.circle,
        let_in=named_in(entry, at.sharing.now) if at.is_person else NOBODY,
        kept_from=entry.kept_from,
        circle_words=entry_circle_words(at, entry) if entry.circle else "",
        version=entry.version,
        added_at=entry.added_at,
        added_on=_day(entry.added_at) if entry.added_at else "",
        changed_by=changed_by,
        changed_on=_day(entry.changed_at) if entry.changed_at else "",
        changed_by_me=entry.changed_by == at.viewer_id,
        can_write=can_write,
        can_move=can_move,
        can_answer=at.may(Permission.ANSWER) and not theirs,
        sees_words=_sees_words(at, entry, whole) if at.is_person else "",
        can_suggest=can_suggest,
        can_rate=at.is_person and entry.section == "change",
        suggestions=suggestion_views(at, entry.suggested),
        ratings=ratings_view(entry.rated),
        plain=not (entry.who or entry.when or entry.progress or entry.importance or entry.agreed or entry.rated)
        and not (entry.help_wanted or entry.other_view or entry.suggested or changed_by)
        and theirs,
        has_foot=at.is_person or bool(can_write or can_move or can_suggest or said),
    )


@cache
def _title(section: str, field: str, area: str, language: str) -> str:
    """What stands over an entry: its part of life, or else its field where its section does not say the same."""
    place = sections.BY_KEY[section]
    asks = str(place.field(field).asks) if len(place.fields) > 1 else ""
    return str(sections.Area(area).label) if area else "" if asks == str(place.title) else asks


def _name(at: Standing, user_id: UUID, name: str, whole: _Whole) -> str:
    """The name of whoever wrote or changed something: whom the person talks to is not for those they asked to read."""
    return _("Somebody who helps") if at.is_supporter and user_id not in {whole.person_id, at.viewer.pk} else name


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _sees_words(at: Standing, entry: _Row, whole: _Whole) -> str:
    place = (entry.section, entry.circle, tuple(entry.let_in), tuple(entry.let_in_until or ()), tuple(entry.kept_from))
    if place not in whole.sees_words:
        names = (named_in(entry, at.sharing.now), entry.kept_from)
        whole.sees_words[place] = sees_words(at, entry.section, entry.circle, *names)
    return whole.sees_words[place]


def _agreed_words(entry: _Row) -> str:
    if not entry.agreed:
        return ""
    words = str(Entry.Agreed(entry.agreed).label)
    return f"{words}: {entry.agreed_why}" if entry.agreed_why else words


def _answer_words(at: Standing, answer: str) -> str:
    """What the person says of somebody else's entry, as the viewer reads it."""
    if at.is_person:
        return {
            Entry.Answer.YES: _("You agree"),
            Entry.Answer.REWORD: _("You said it in another way"),
            Entry.Answer.OTHER_VIEW: _("You see it another way"),
            Entry.Answer.OUT: _("You took it out"),
        }.get(Entry.Answer(answer), _("You have not said"))
    name = at.sharing.plan.person.name_used or _("They")
    return f"{name} {Entry.Answer(answer).label}"


def _section_view(at: Standing, section: sections.Section, seen_by: Mapping[Circle, str]) -> SectionView:
    circle = at.sharing.circles[section.key]
    level = at.level(section.key)
    return SectionView(
        key=section.key,
        title=str(section.title),
        empty=section.empty,
        fields=section.fields,
        entries=(),
        level=level,
        circle=circle,
        circle_words=seen_by.get(Circle(circle), ""),
        sees_words=sees_words(at, section.key) if at.is_person else "",
        only_mine=at.is_person and circle == Circle.ME and not at.sharing.lets_into(section.key),
        can_add=bool(section.fields) and level >= Level.SUGGEST,
        can_write=level >= Level.WRITE,
        can_share=at.may(Permission.SHARE),
    )
