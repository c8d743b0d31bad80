"""The history a person can read: what changed, from what to what, who did it, for which organisation, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases import sections
from cases.models import Case, Contact, Entry, HuddleItem, Look, Plan, PlanSection, Rating, Suggestion, Via, Walk
from cases.permissions import NotKnown, Standing, standing
from cases.queries.emergency import openings_of
from cases.queries.past import past_of
from teams.models import User

PAGE = 50


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
    who_id: UUID | None
    entry_id: UUID | None  # with version_id: words of the viewer's own that they can put back
    version_id: int | None


@dataclass(frozen=True)
class HistoryPage:
    """One page of a history, and by whom it can be read."""

    changes: tuple[Change, ...]
    people: tuple[tuple[str, str], ...]  # everybody who changed something that the viewer may see: account and name
    number: int
    newer: int | None
    older: int | None


def history(
    *, plan_id: UUID, viewer: Any, now: datetime, section: str = "", others_only: bool = False
) -> list[Change]:
    """All that has happened with a plan that this viewer may see, newest first.

    What is hidden from the viewer now is absent, its past words included. ``section`` keeps one section, ``others_only``
    leaves out what the person did themselves. Raises NotKnown when the viewer may not know of the plan.
    """
    at = standing(viewer, plan_id, now)
    if at.is_supporter:
        raise NotKnown  # it would name those whom the person talks to
    parts = (_contacts, _decisions, _walks, _stays, _sharing, _looks, _openings)
    seen = _seen(at)
    opened_at: dict[UUID, datetime] = {}
    changes = [*_entries(at, seen, opened_at), *_suggestions(at, seen, opened_at), *_ratings(at, seen)]
    changes += [change for part in parts for change in part(at)]
    changes = [
        change
        for change in changes
        if (not section or change.section == section) and not (others_only and change.theirs)
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)


def history_page(
    *, plan_id: UUID, viewer: Any, now: datetime, section: str = "", who: str = "", number: str = "1"
) -> HistoryPage:
    """One page of ``history``; ``who`` is an account, or "others" for all but the person."""
    changes = history(plan_id=plan_id, viewer=viewer, now=now, section=section, others_only=who == "others")
    people = {str(change.who_id): change.who for change in changes if change.who_id and not change.theirs}
    if who in people:
        changes = [change for change in changes if str(change.who_id) == who]
    page = Paginator(changes, PAGE).get_page(number)
    return HistoryPage(
        changes=tuple(page),
        people=tuple(sorted(people.items(), key=lambda item: item[1])),
        number=page.number,
        newer=page.number - 1 if page.has_previous() else None,
        older=page.number + 1 if page.has_next() else None,
    )


def _change(at: Standing, /, **given: Any) -> Change:
    given.setdefault("old", "")
    given.setdefault("new", "")
    given.setdefault("why", "")
    given.setdefault("organisation", "")
    given.setdefault("entry_id", None)
    given.setdefault("version_id", None)
    user = given.pop("user")
    theirs = user is not None and user.pk == at.sharing.plan.person.user_id
    title = sections.BY_KEY[given["section"]].title if given["section"] else ""
    return Change(
        who=user.name if user else "", who_id=user.pk if user else None, theirs=theirs, section_title=title, **given
    )


def _entries(at: Standing, seen: dict[UUID, Entry], opened_at: dict[UUID, datetime]) -> list[Change]:
    """What happened to each entry that the viewer may see, from when it was opened to them: ``opened_at`` gets that moment."""
    rows = (
        Entry.history.filter(id__in=seen)
        .select_related("history_user", "organisation")
        .order_by("id", "history_date", "history_id")
    )
    changes, past = [], past_of(at)
    for entry_id, of_entry in groupby(rows, key=lambda row: row.id):
        versions = list(of_entry)
        readable, opened = past.readable(versions)
        before = None
        if opened:
            opened_at[entry_id] = opened
        for row in readable:
            what, old, new = _what(before, row, at.is_person)
            # What stood there when it was opened to the viewer is, to them, what its author added then.
            stood = before is None and row is not versions[0]
            if what:
                changes.append(
                    _change(
                        at,
                        at=max(row.history_date, opened or row.history_date),
                        user=seen[entry_id].author if stood else row.history_user,
                        organisation=row.organisation.name if row.organisation and not stood else "",
                        what=what,
                        section=row.section,
                        old=old,
                        new=new,
                        why="" if stood else row.history_change_reason or "",
                        **_to_put_back(at, seen[row.id], row),
                    )
                )
            before = row
    return changes


def _seen(at: Standing) -> dict[UUID, Entry]:
    """The entries whose past the viewer may read: those they may see now and, for the person, what was taken out too."""
    return {
        entry.pk: entry
        for entry in Entry.objects.filter(plan=at.sharing.plan).select_related("author")
        if at.level(entry.section, entry.circle) and (entry.removed_at is None or at.is_person)
    }


def _to_put_back(at: Standing, entry: Entry, row: Any) -> dict[str, Any]:
    """Where these words are the person's own and are not there now, what puts them back."""
    gone = row.words != entry.words or entry.removed_at is not None
    if not (at.is_person and entry.author_id == at.viewer.pk and gone):
        return {}
    return {"entry_id": entry.pk, "version_id": row.history_id}


def _suggestions(at: Standing, seen: dict[UUID, Entry], opened_at: dict[UUID, datetime]) -> list[Change]:
    rows = (
        Suggestion.history.filter(entry__in=seen)
        .select_related("history_user", "organisation", "author")
        .order_by("id", "history_date", "history_id")
    )
    changes, before = [], None
    for row in rows:
        if before is not None and before.id != row.id:
            before = None
        if row.entry_id in opened_at and row.history_date < opened_at[row.entry_id]:
            continue
        if row.answer:
            told = {"what": _("answered what %(name)s suggested") % {"name": row.author.name}}
            told["new"] = row.their_words or str(Suggestion.Answer(row.answer).label)
        else:
            told = {"what": _("suggested other words"), "new": row.words, "why": row.why}
            told["old"] = before.words if before else ""
        changes.append(
            _change(
                at,
                at=row.history_date,
                user=row.history_user,
                organisation=row.organisation.name if row.organisation else "",
                section=seen[row.entry_id].section,
                **told,
            )
        )
        before = row
    return changes


def _ratings(at: Standing, seen: dict[UUID, Entry]) -> list[Change]:
    rows = Rating.objects.filter(plan=at.sharing.plan)
    return [
        _change(
            at,
            at=row.at,
            user=at.sharing.plan.person.user,
            what=_("gave it %(value)s of 10") % {"value": row.value},
            section=seen[row.entry_id].section if row.entry_id else "now",
            new=row.words,
        )
        for row in rows
        if (row.entry_id in seen if row.entry_id else at.level("now"))
    ]


def _what(before: Any, row: Any, is_person: bool) -> tuple[str, str, str]:
    """What one history row of an entry says, against the row before it: the sentence, the old words and the new.

    Who may see something is the person's own to read.
    """
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
    if row.importance != before.importance:
        return _("said how much it matters"), "", str(Entry.Importance(row.importance).label) if row.importance else ""
    if row.help_wanted != before.help_wanted:
        return _("said about help"), "", str(Entry.HelpWanted(row.help_wanted).label) if row.help_wanted else ""
    if (row.agreed, row.agreed_why) != (before.agreed, before.agreed_why):
        return _("said whether it was agreed"), "", str(Entry.Agreed(row.agreed).label) if row.agreed else ""
    if row.progress != before.progress:
        return (
            _("moved"),
            str(Entry.Progress(before.progress).label) if before.progress else "",
            str(Entry.Progress(row.progress).label) if row.progress else "",
        )
    if is_person and row.circle != before.circle:
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
        changes.append(_change(at, at=case.came_at, user=user, what=what, section="happened", new=_helped(case, user)))
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


def _helped(case: Case, user: User) -> str:
    """Who typed for them when they came in, by which door, and what they said when it was read back; "" for nobody."""
    typed = case.history.select_related("history_user").earliest("history_date", "history_id").history_user
    lines = []
    if typed is not None and typed != user:
        lines.append(_("%(name)s typed it. %(door)s.") % {"name": typed.name, "door": case.get_came_via_display()})
    elif case.came_via == Via.HELPER:
        lines.append(f"{case.get_came_via_display()}.")
    if case.read_back:
        lines.append(" ".join(filter(None, [f"{case.get_read_back_display()}.", case.read_back_why])))
    return "\n".join(lines)


def _whom(at: Standing) -> str:
    return _("you") if at.is_person else at.sharing.plan.person.name_used or _("this person")


def _sharing(at: Standing) -> list[Change]:
    """Changes of who may see what are the person's own to read."""
    if not at.is_person:
        return []
    plan = at.sharing.plan
    of_plan = Plan.history.filter(id=plan.pk).select_related("history_user").order_by("history_date", "history_id")
    whole = list(pairwise(of_plan))
    rows = [
        *PlanSection.history.filter(plan=plan, history_type="~").select_related("history_user"),
        *(row for before, row in whole if row.order == before.order),
    ]
    moved = [
        _change(at, at=row.history_date, user=row.history_user, what=_("changed the order"), section="")
        for before, row in whole
        if row.order != before.order
    ]
    return moved + [
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
    """Who looked at what is kept apart is the person's own to read. Looks at the plan itself are on a page of their own."""
    if not at.is_person:
        return []
    rows = Look.objects.filter(plan=at.sharing.plan, what=Look.What.REACH).select_related("viewer")
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


def _openings(at: Standing) -> list[Change]:
    """When somebody opened the plan in an emergency is the person's own to read."""
    if not at.is_person:
        return []
    return [
        _change(
            at,
            at=opening.opened_at,
            user=opening.member.user,
            organisation=opening.member.organisation.name,
            what=_("opened your plan in an emergency"),
            section="",
            why=opening.why,
        )
        for opening in openings_of(at.sharing.plan)
    ]
