"""The history a person can read: what changed, from what to what, who did it, for which organisation, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases import sections
from cases.models import Case, Contact, Entry, HuddleItem, Look, Plan, PlanSection, Walk
from cases.permissions import Standing, standing


@dataclass(frozen=True)
class Change:
    at: datetime
    who: str
    organisation: str
    theirs: bool  # the person did it
    what: str
    section: str
    section_title: str | Promise
    old: str
    new: str
    why: str


def history(
    *, plan_id: UUID, viewer: Any, now: datetime, section: str = "", others_only: bool = False
) -> list[Change]:
    """All that has happened with a plan that this viewer may see, newest first.

    What is hidden from the viewer now is absent, its past words included. ``section`` keeps one section, ``others_only``
    leaves out what the person did themselves. Raises NotKnown when the viewer may not know of the plan.
    """
    at = standing(viewer, plan_id, now)
    parts = (_entries, _contacts, _decisions, _walks, _stays, _sharing, _looks)
    changes = [change for part in parts for change in part(at)]
    changes = [
        change
        for change in changes
        if (not section or change.section == section) and not (others_only and change.theirs)
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)


def _change(at: Standing, /, **given: Any) -> Change:
    given.setdefault("old", "")
    given.setdefault("new", "")
    given.setdefault("why", "")
    given.setdefault("organisation", "")
    user = given.pop("user")
    theirs = user is not None and user.pk == at.sharing.plan.person.user_id
    title = sections.BY_KEY[given["section"]].title if given["section"] else ""
    return Change(who=user.name if user else "", theirs=theirs, section_title=title, **given)


def _entries(at: Standing) -> list[Change]:
    plan = at.sharing.plan
    seen = [
        pk
        for pk, section, circle, removed_at in Entry.objects.filter(plan=plan).values_list(
            "pk", "section", "circle", "removed_at"
        )
        if at.level(section, circle) and (removed_at is None or at.is_person)
    ]
    rows = (
        Entry.history.filter(id__in=seen)
        .select_related("history_user", "organisation")
        .order_by("id", "history_date", "history_id")
    )
    changes, before = [], None
    for row in rows:
        if before is not None and before.id != row.id:
            before = None
        what, old, new = _what(before, row)
        if what:
            changes.append(
                _change(
                    at,
                    at=row.history_date,
                    user=row.history_user,
                    organisation=row.organisation.name if row.organisation else "",
                    what=what,
                    section=row.section,
                    old=old,
                    new=new,
                    why=row.history_change_reason or "",
                )
            )
        before = row
    return changes


def _what(before: Any, row: Any) -> tuple[str, str, str]:
    """What one history row of an entry says, against the row before it: the sentence, the old words and the new."""
    if before is None:
        return _("added"), "", row.words
    if row.removed_at and not before.removed_at:
        return _("took out"), row.words, ""
    if before.removed_at and not row.removed_at:
        return _("put back"), "", row.words
    if row.words != before.words:
        return _("changed"), before.words, row.words
    if row.answer != before.answer or row.other_view != before.other_view:
        return _("answered"), "", row.other_view or str(Entry.Answer(row.answer).label)
    if row.progress != before.progress:
        return (
            _("moved"),
            str(Entry.Progress(before.progress).label) if before.progress else "",
            str(Entry.Progress(row.progress).label) if row.progress else "",
        )
    if row.circle != before.circle:
        return _("changed who can see"), _circle(before.circle), _circle(row.circle)
    return "", "", ""


def _circle(circle: str) -> str:
    return str(sections.Circle(circle).label) if circle else str(_("as the section"))


def _contacts(at: Standing) -> list[Change]:
    if not at.level("happened"):
        return []
    rows = Contact.objects.filter(case__person=at.sharing.plan.person_id).select_related(
        "written_by", "member__user", "member__organisation"
    )
    return [
        _change(
            at,
            at=row.at,
            user=row.member.user if row.member else row.written_by,
            organisation=row.member.organisation.name if row.member else "",
            what=f"{row.get_way_display()}: {row.get_went_display()}",
            section="happened",
            new=row.words,
        )
        for row in rows
    ]


def _decisions(at: Standing) -> list[Change]:
    if not at.level("happened"):
        return []
    rows = HuddleItem.objects.filter(case__person=at.sharing.plan.person_id, decided_at__isnull=False).select_related(
        "decided_by"
    )
    return [
        _change(
            at,
            at=row.decided_at,
            user=row.decided_by,
            what=_("wrote down what the team decided"),
            section="happened",
            new=row.first_step,
            why=row.because,
        )
        for row in rows
    ]


def _walks(at: Standing) -> list[Change]:
    if not at.level("people"):
        return []
    changes, whom = [], _whom(at)
    for walk in Walk.objects.filter(case__person=at.sharing.plan.person_id).select_related(
        "member__user", "member__organisation"
    ):
        given = {"user": walk.member.user, "organisation": walk.member.organisation.name, "section": "people"}
        changes.append(
            _change(at, at=walk.started_at, what=_("began to walk with %(whom)s") % {"whom": whom}, **given)
        )
        if walk.ended_at:
            changes.append(
                _change(at, at=walk.ended_at, what=_("no longer walks with %(whom)s") % {"whom": whom}, **given)
            )
    return changes


def _stays(at: Standing) -> list[Change]:
    if not at.level("happened"):
        return []
    changes = []
    for case in Case.objects.filter(person=at.sharing.plan.person_id).select_related("ended_by"):
        user = at.sharing.plan.person.user
        what = _("came back") if case.came_back_from_id else _("came in")
        changes.append(_change(at, at=case.came_at, user=user, what=what, section="happened"))
        if case.ended_at:
            changes.append(
                _change(
                    at,
                    at=case.ended_at,
                    user=case.ended_by,
                    what=(
                        _("stepped out")
                        if case.ended_by == user
                        else _("wrote down that %(whom)s stepped out") % {"whom": _whom(at)}
                    ),
                    section="happened",
                    new=case.parting_words,
                )
            )
    return changes


def _whom(at: Standing) -> str:
    return _("you") if at.is_person else at.sharing.plan.person.name_used or _("this person")


def _sharing(at: Standing) -> list[Change]:
    """Changes of who may see what are the person's own to read."""
    if not at.is_person:
        return []
    plan = at.sharing.plan
    rows = [
        *PlanSection.history.filter(plan=plan, history_type="~").select_related("history_user"),
        *Plan.history.filter(id=plan.pk, history_type="~").select_related("history_user"),
    ]
    return [
        _change(
            at,
            at=row.history_date,
            user=row.history_user,
            what=_("changed who can see"),
            section=getattr(row, "key", ""),
            new=row.history_change_reason or "",
        )
        for row in rows
    ]


def _looks(at: Standing) -> list[Change]:
    """Who looked at what is kept apart is the person's own to read."""
    if not at.is_person:
        return []
    rows = Look.objects.filter(plan=at.sharing.plan).select_related("viewer")
    return [
        _change(
            at,
            at=row.at,
            user=row.viewer,
            what=_("looked at %(what)s") % {"what": row.get_what_display()},
            section="",
        )
        for row in rows
    ]
