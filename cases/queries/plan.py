"""What can be seen of one plan: plain, frozen, already filtered. What is hidden is not hidden: it is absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import sections
from cases.models import Case, Entry, Story
from cases.permissions import Permission, Standing, Walker, standing, who_sees
from cases.sections import Circle, Level


@dataclass(frozen=True)
class EntryView:
    id: UUID
    section: str
    field: str
    asks: str | Promise
    words: str
    area: str | Promise
    who: str
    when: str
    progress: str
    progress_words: str | Promise
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
    can_write: bool
    can_answer: bool


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
    can_reach: bool
    can_keep_contact: bool
    can_bring: bool
    can_agree_rhythm: bool
    can_step_out: bool
    rhythm_words: str
    leave_until: Any


NO_NAME = gettext_lazy("Somebody")


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
        _section_view(at, section, tuple(entries.get(section.key, ())))
        for section in sections.SECTIONS
        if at.level(section.key) or section.key in entries
    )
    opening = opening_words(at)
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
        walkers=sharing.walkers if at.level("people") else (),
        needs=tuple(entry.words for entry in entries.get("talk", ())),
        opening=opening.words if opening else "",
        opening_at=opening.told_at if opening else None,
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
    rows = Entry.objects.filter(plan=at.sharing.plan).select_related("author")
    if not removed:
        rows = rows.filter(removed_at=None)
    organisations = {walker.user_id: walker.organisation for walker in at.sharing.walkers}
    person_id = at.sharing.plan.person.user_id
    return [
        _entry_view(at, entry, person_id, organisations) for entry in rows if at.level(entry.section, entry.circle)
    ]


def opening_words(at: Standing) -> Story | None:
    """The person's own first words, seen as the story's section is seen."""
    if not at.level("now"):
        return None
    return Story.objects.filter(person=at.sharing.plan.person_id, question="know").exclude(words="").first()


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


def _entry_view(at: Standing, entry: Entry, person_id: UUID, organisations: dict[UUID, str]) -> EntryView:
    theirs, mine = entry.author_id == person_id, entry.author_id == at.viewer.pk
    level = at.level(entry.section, entry.circle)
    return EntryView(
        id=entry.pk,
        section=entry.section,
        field=entry.field,
        asks=sections.BY_KEY[entry.section].field(entry.field).asks,
        words=entry.words,
        area=sections.Area(entry.area).label if entry.area else "",
        who=entry.who,
        when=entry.when,
        progress=entry.progress,
        progress_words=entry.get_progress_display() if entry.progress else "",
        author=entry.author.name,
        author_from="" if theirs else organisations.get(entry.author_id, ""),
        theirs=theirs,
        mine=mine,
        answer=entry.answer,
        answer_words="" if theirs else _answer_words(at, entry.answer),
        other_view=entry.other_view,
        circle=entry.circle,
        circle_words=Circle(entry.circle).label if entry.circle else "",
        version=entry.version,
        added_at=entry.added_at,
        can_write=(mine and level >= Level.SUGGEST) or (level >= Level.WRITE and theirs),
        can_answer=at.may(Permission.ANSWER) and not theirs,
    )


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
        title=section.title,
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
    words = [
        _("%(names)s can see this.") % {"names": _names(can)} if can else _("Only you can see this."),
    ]
    if cannot and asked != Circle.ME:
        words.append(_("%(names)s cannot.") % {"names": _names(cannot)})
    return " ".join(words)


def _names(walkers: list[Walker]) -> str:
    names = [walker.first_name for walker in walkers]
    if len(names) == 1:
        return names[0]
    return str(format_lazy("{} {} {}", ", ".join(names[:-1]), gettext_lazy("and"), names[-1]))
