"""What can be seen of one plan: plain, frozen, already filtered. What is hidden is not hidden: it is absent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import sections
from cases.models import Case, Entry
from cases.permissions import Opened, Permission, Standing, Walker, acts_for, standing, who_sees
from cases.queries.beside import (
    RATED_ENTRY,
    SUGGESTED,
    Ratings,
    SuggestionView,
    opening,
    ratings_view,
    suggestion_views,
)
from cases.queries.past import Began, opened_to
from cases.sections import Circle, Group, Level
from teams.models import Sector


@dataclass(frozen=True)
class EntryView:
    id: UUID
    address: str  # of the page that changes it; what else can be done with it is below that
    section: str
    field: str
    asks: str | Promise
    title: str  # what stands over the words, where the section alone does not say it
    words: str
    short: str  # the beginning of the words, for a link that says what it is about
    area: str | Promise
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
    circle_words: str | Promise
    version: int
    added_at: datetime
    added_on: str  # in words, for somebody else's than the person's own
    changed_by: str  # who changed it last, and on which day; nothing while it is as it was added
    changed_on: str
    can_write: bool
    can_answer: bool
    sees_words: str  # for the person: who can see this entry, and who cannot, by name
    can_suggest: bool
    can_rate: bool
    suggestions: tuple[SuggestionView, ...]
    ratings: Ratings
    plain: bool  # nothing is said about it but its words


@dataclass(frozen=True)
class SectionView:
    key: str
    title: str | Promise
    empty: str | Promise
    fields: tuple[sections.Field, ...]
    entries: tuple[EntryView, ...]
    level: Level
    circle: str
    circle_words: str | Promise
    sees_words: str  # for the person: who can see this, and who cannot, by name
    can_add: bool
    can_write: bool
    can_share: bool


@dataclass(frozen=True)
class PlanView:
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
    ratings: Ratings  # how things are, over time
    here: tuple[str, ...]  # who else of those who walk with the person has the plan open now
    can_reach: bool
    can_keep_contact: bool
    can_bring: bool
    can_agree_rhythm: bool
    can_step_out: bool
    rhythm_words: str
    leave_until: Any


NO_NAME = gettext_lazy("Somebody")
SHORT = 40  # characters


def plan_page(*, plan_id: UUID, viewer: Any, now: datetime) -> PlanView:
    """The plan as this viewer may see it. Raises NotKnown when they may not know of it."""
    return plan_for(standing(viewer, plan_id, now))


def plan_for(at: Standing) -> PlanView:
    """The plan as it is seen from one standing; the PDF and the page are both made of this."""
    sharing, case = at.sharing, at.sharing.case
    entries: dict[str, list[EntryView]] = {}
    for entry in visible_entries(at):
        entries.setdefault(entry.section, []).append(entry)
    shown = tuple(
        _section_view(at, sections.BY_KEY[key], tuple(entries.get(key, ())))
        for key in sections.in_order(sharing.plan.order)
        if at.level(key) or key in entries
    )
    first = opening(at)
    person = sharing.plan.person
    return PlanView(
        id=sharing.plan.pk,
        name=person.name_used,
        say_it=person.say_it,
        is_person=at.is_person,
        is_walker=at.walker is not None,
        is_member=at.member is not None,
        state=case.state,
        case_id=case.pk,
        sections=shown,
        walkers=sharing.walkers if at.level("people") and not at.is_supporter else (),
        needs=tuple(entry.words for entry in entries.get("talk", ())),
        opening=first.words,
        opening_at=first.told_at,
        ratings=first.ratings,
        here=_here(at),
        can_reach=at.may(Permission.REACH),
        can_keep_contact=at.may(Permission.KEEP_CONTACT),
        can_bring=at.may(Permission.BRING),
        can_agree_rhythm=at.may(Permission.AGREE_RHYTHM) and case.state == Case.State.WALKING,
        can_step_out=at.may(Permission.STEP_OUT) and case.state != Case.State.OPEN_DOOR,
        rhythm_words=rhythm_words(case.rhythm_days) if case.rhythm_agreed_at else "",
        leave_until=case.leave_until,
    )


def visible_entries(at: Standing, *, removed: bool = False) -> list[EntryView]:
    """The entries this standing may see, in the plan's order; with ``removed``, those that were taken out as well."""
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, {"plan": at.sharing.plan.pk, "removed": removed})
        rows = [row for row in map(_Row._make, cursor.fetchall()) if at.level(row.section, row.circle)]
    whole = _Whole(
        address=reverse("plan", args=[at.sharing.plan.pk]),
        person_id=at.sharing.plan.person.user_id,
        organisations={walker.user_id: walker.organisation for walker in at.sharing.walkers},
        titles={},
        sees_words={},
        opened=opened_to(at) if any(row.changed_by for row in rows) else {},
    )
    return [_entry_view(at, entry, whole) for entry in rows]


class _Row(NamedTuple):
    id: UUID
    section: str
    field: str
    words: str
    circle: str
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
    added_at: datetime
    changed_at: datetime
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
) changed ON true
"""
# Everything that a plan holds, with who changed each entry last: one statement, read as it is, however many versions
# there are of it.
ENTRIES = f"""
SELECT e.id, e.section, e.field, e.words, e.circle, e.area, e.who, e."when", e.progress, e.importance,
    e.help_wanted, e.asked_as, e.agreed, e.agreed_why, e.author_id, a.name, e.answer, e.other_view, e.version, e.added_at,
    e.changed_at, changed.by, c.name, {SUGGESTED}, {RATED_ENTRY}
FROM cases_entry e JOIN teams_user a ON a.id = e.author_id
{CHANGED}
LEFT JOIN teams_user c ON c.id = changed.by
WHERE e.plan_id = %(plan)s AND (e.removed_at IS NULL OR %(removed)s)
ORDER BY e.position, e.added_at, e.id
"""  # noqa: S608 - words of our own


@dataclass(frozen=True)
class _Whole:
    """What is the same for every entry of a plan."""

    address: str
    person_id: UUID
    organisations: dict[UUID, str]
    titles: dict[tuple[str, str, str], str]  # what is put into words once for each kind of entry
    sees_words: dict[tuple[str, str], str]
    opened: dict[UUID, Began]  # what was not always open to the viewer


def _here(at: Standing) -> tuple[str, ...]:
    """Those who walk with the person tell each other, and the person, that they are here; nobody tells of the person."""
    if not at.level("people") or not (at.is_person or at.walker):
        return ()
    return tuple(walker.first_name for walker in at.sharing.walkers if walker.here and walker.user_id != at.viewer.pk)


def rhythm_words(days: int | None) -> str:
    """An agreed rhythm in plain words."""
    usual = {
        None: _("whenever you want"),
        1: _("each day"),
        7: _("each week"),
        14: _("every two weeks"),
        28: _("each month"),
        30: _("each month"),
    }
    return usual[days] if days in usual else _("every %(days)s days") % {"days": days}


def _entry_view(at: Standing, entry: _Row, whole: _Whole) -> EntryView:
    """One row of ``visible_entries`` as its viewer reads it."""
    theirs, mine = entry.author_id == whole.person_id, entry.author_id == at.viewer.pk
    level = at.level(entry.section, entry.circle)
    changed_by = _changed_by(at, entry, whole)
    return EntryView(
        id=entry.id,
        address=f"{whole.address}entries/{entry.id}/",
        section=entry.section,
        field=entry.field,
        asks=sections.BY_KEY[entry.section].field(entry.field).asks,
        title=entry.asked_as or _title(entry, whole),
        words=entry.words,
        short=entry.words if len(entry.words) <= SHORT else f"{entry.words[: SHORT - 1]}…",
        area=sections.Area(entry.area).label if entry.area else "",
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
        answer_words="" if theirs else _answer_words(at, entry.answer),
        other_view=entry.other_view,
        circle=entry.circle,
        circle_words=Circle(entry.circle).label if entry.circle else "",
        version=entry.version,
        added_at=entry.added_at,
        added_on="" if theirs else _day(entry.added_at),
        changed_by=changed_by,
        changed_on=_day(entry.changed_at) if changed_by else "",
        can_write=(mine and level >= Level.SUGGEST) or (level >= Level.WRITE and theirs),
        can_answer=at.may(Permission.ANSWER) and not theirs,
        sees_words=_sees_words(at, entry, whole) if at.is_person else "",
        can_suggest=theirs and not at.is_person and level >= Level.SUGGEST,
        can_rate=at.is_person and entry.section == "change",
        suggestions=suggestion_views(at, entry.suggested),
        ratings=ratings_view(entry.rated),
        plain=not (entry.who or entry.when or entry.progress or entry.importance or entry.agreed or entry.rated)
        and not (entry.help_wanted or entry.other_view or changed_by)
        and theirs,
    )


def _title(entry: _Row, whole: _Whole) -> str:
    place = (entry.section, entry.field, entry.area)
    if place not in whole.titles:
        section = sections.BY_KEY[entry.section]
        asks = section.field(entry.field).asks if len(section.fields) > 1 else ""
        whole.titles[place] = str(sections.Area(entry.area).label if entry.area else asks)
    return whole.titles[place]


def _changed_by(at: Standing, entry: _Row, whole: _Whole) -> str:
    """Who changed it last; nobody, where that was before it was opened to the viewer (decision 0008)."""
    opened = whole.opened.get(entry.id)
    if not entry.changed_by or (opened and entry.changed_at <= max(filter(None, (opened.at, opened.began_at)))):
        return ""
    return _name(at, entry.changed_by, entry.changed_by_name or "", whole)


def _name(at: Standing, user_id: UUID, name: str, whole: _Whole) -> str:
    """The name of whoever wrote or changed something: whom the person talks to is not for those they asked to read."""
    return _("Somebody who helps") if at.is_supporter and user_id not in {whole.person_id, at.viewer.pk} else name


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _sees_words(at: Standing, entry: _Row, whole: _Whole) -> str:
    place = (entry.section, entry.circle)
    if place not in whole.sees_words:
        whole.sees_words[place] = sees_words(at, *place)
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


def _section_view(at: Standing, section: sections.Section, entries: tuple[EntryView, ...]) -> SectionView:
    circle = at.sharing.circles[section.key]
    level = at.level(section.key)
    return SectionView(
        key=section.key,
        title=str(section.title),
        empty=section.empty,
        fields=section.fields,
        entries=entries,
        level=level,
        circle=circle,
        circle_words=Circle(circle).label,
        sees_words=sees_words(at, section.key) if at.is_person else "",
        can_add=bool(section.fields) and level >= Level.SUGGEST,
        can_write=level >= Level.WRITE,
        can_share=at.may(Permission.SHARE),
    )


def sees_words(at: Standing, section: str, circle: str = "") -> str:
    """One plain sentence for the person: who can see something, by name, and who cannot."""
    can, cannot = who_sees(at.sharing, section, circle)
    asked = circle or at.sharing.circles[section]
    ends = [(walker.first_name, _end(at, walker, section, circle)) for walker in can]
    ends += _supporters(at, section, circle, {walker.user_id for walker in at.sharing.walkers})
    if not circle:
        ends += [
            (whole_group(opened.group, opened.organisation), opened.until) for opened in _members_let_in(at, section)
        ]
    steady = [name for name, end in ends if end is None]
    words = [_("%(names)s can see this.") % {"names": _names(steady)}] if steady else []
    for name, end in ends:
        if end:
            day = date_format(timezone.localtime(end), "j F")
            words.append(_("%(name)s can see this until %(day)s.") % {"name": name, "day": day})
    words = words or [_("Only you can see this.")]
    out = [walker.first_name for walker in cannot]
    out += [
        whole_group(shut.group, shut.organisation)
        for shut in at.sharing.shut
        if shut.section == section and shut.group
    ]
    if out and asked != Circle.ME:
        words.append(_("%(names)s cannot.") % {"names": _names(out)})
    return " ".join(words)


def whole_group(group: Group, organisation: str) -> str:
    """What one calls a group; with the name of the organisation, where it is one."""
    if group.sector:
        return str(Sector(group.sector).label)
    if group.organisation_id:
        return _("People from %(organisation)s") % {"organisation": organisation}
    return _("My people")


def _members_let_in(at: Standing, section: str) -> list[Opened]:
    """The sectors and organisations let into a section; those of the person's own people are there by their names."""
    return [
        opened
        for opened in at.sharing.groups
        if opened.section == section and (opened.group.sector or opened.group.organisation_id)
    ]


def _end(at: Standing, walker: Walker, section: str, circle: str) -> datetime | None:
    """When a walker stops seeing something that only their name, and not their circle, opens to them."""
    if at.sharing.by_circle(walker=walker, on_huddle=False, section=section, circle=circle):
        return None
    return at.sharing.end(walker.user_id, acts_for(walker), section)


def _supporters(
    at: Standing, section: str, circle: str, walkers: Collection[UUID]
) -> list[tuple[str, datetime | None]]:
    """Those whom the person asked and who can see something, each with when that ends."""
    return [
        (name, at.sharing.end(user_id, acts_for(None), section))
        for user_id, name in at.sharing.supporters.items()
        if user_id not in walkers
        and at.sharing.level(
            user_id=user_id, walker=None, acts_for=acts_for(None), on_huddle=False, section=section, circle=circle
        )
    ]


def _names(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return str(format_lazy("{} {} {}", ", ".join(names[:-1]), gettext_lazy("and"), names[-1]))
