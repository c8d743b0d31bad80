"""The history a person can read: what changed, from what to what, who did it, for which organisation, when and why.

The database puts it together, in one statement, and gives no more of it than is read. Each part below is one kind of row;
what the viewer may not see is in none of them, so that nothing hidden shows, counts, or leaves a gap in a page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases import sections
from cases.models import Case, Contact, Entry, Look, Suggestion, Via
from cases.permissions import NotKnown, Standing, standing
from cases.queries import past
from cases.queries.audience import until_words
from teams import statements

PAGE = 50
LONGEST = 8  # digits: no history has as many pages
AT_ONCE = timedelta(minutes=30)  # what is written down within that of happening has one time, not two


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
    entry_id: UUID | None  # what the viewer can put back: these earlier words of their own, or else what was taken out
    version_id: int | None
    about: str = ""  # how the entry reads that it was done to, where neither text is that
    written_at: datetime | None = None  # where it was written down later than it happened


@dataclass(frozen=True)
class HistoryPage:
    """One page of a history, and by whom it can be read."""

    changes: tuple[Change, ...]
    people: tuple[tuple[str, str], ...]  # everybody who changed something that the viewer may see: account and name
    number: int
    newer: int | None
    older: int | None


def history(
    *,
    plan_id: UUID,
    viewer: Any,
    now: datetime,
    section: str = "",
    others_only: bool = False,
    newest: int | None = None,
) -> list[Change]:
    """What has happened with a plan that this viewer may see, newest first; with ``newest``, so many of it at most.

    What is hidden from the viewer now is absent, its past words included, and so is what was there before it was opened to
    them. ``section`` keeps one section, ``others_only`` leaves out what the person did themselves. Raises NotKnown when the
    viewer may not know of the plan.
    """
    return _Told(plan_id, viewer, now, section, others_only=others_only).changes(newest)


def history_page(
    *, plan_id: UUID, viewer: Any, now: datetime, section: str = "", who: str = "", number: str = "1"
) -> HistoryPage:
    """One page of ``history``; ``who`` is an account, or "others" for all but the person."""
    told = _Told(plan_id, viewer, now, section, others_only=who == "others")
    people = told.people()
    if who in people:
        told.keep("user_id = %(who)s", who=who)
    page = page_number(number)
    changes = told.changes(PAGE + 1, PAGE * (page - 1))
    if not changes and page > 1:  # past the end: the last page
        page = max(1, -(-told.length() // PAGE))
        changes = told.changes(PAGE + 1, PAGE * (page - 1))
    return HistoryPage(
        changes=tuple(changes[:PAGE]),
        people=tuple(people.items()),
        number=page,
        newer=page - 1 if page > 1 else None,
        older=page + 1 if len(changes) > PAGE else None,
    )


def page_number(asked: str) -> int:
    """Which page of a long list somebody asks for; the first where that is no number."""
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < LONGEST else 1


# -- What the database is asked

# Each part gives these, in this order. ``told``, ``old`` and ``new`` are as they are kept: ``_said`` makes words of them.
# ``place`` and ``thing`` are only there to tell changes of one moment apart, so that each is on one page and no other.
# Last come when it was written down, where that is not when it happened, and how the thing it is about began to read, where
# neither ``old`` nor ``new`` is that: from what the viewer may read of it then, or now.
COLUMNS = """
at, part, place, thing, kind, told, old, new, why, section, user_id, organisation_id, entry_id, version_id, written_at, about
"""


class _Row(NamedTuple):
    at: datetime
    kind: str
    told: str
    old: str
    new: str
    why: str
    section: str
    user_id: UUID | None
    who: str | None
    organisation: str | None
    entry_id: UUID | None
    version_id: int | None
    written_at: datetime | None
    about: str


# What was not always open to the viewer (decision 0008), read before the parts below, which tell nothing from before that.
OPENED = f"""
WITH opened AS MATERIALIZED (
    SELECT e.id, e.position, e.author_id, opened.* FROM cases_entry e {past.OPENED}
    WHERE e.plan_id = %(plan)s AND opened.at IS NOT NULL
)
"""  # noqa: S608 - words of our own

# Who sees one entry, as JSON: its circle, the names let in, each with its end, and the names that it is kept from.
WHO = """
jsonb_build_array({row}.circle, (
    SELECT jsonb_agg(jsonb_build_array(u.name, n.until) ORDER BY u.name, n.until, u.id)
    FROM unnest({row}.let_in, {row}.let_in_until) n (id, until) JOIN teams_user u ON u.id = n.id
), (SELECT jsonb_agg(u.name ORDER BY u.name) FROM teams_user u WHERE u.id = ANY({row}.kept_from)))::text
"""


# What one history row of an entry says, against the row before it: nothing, where it is not the viewer's to know of.
# Who may see something is the person's own to read. What was taken out is too, and its author's, who finds there what they
# wrote and that it was taken out: unless it was closed to them when that was done.
ENTRIES = f"""
SELECT h.history_date, 1, h.history_id, e.id, w.kind,
    CASE WHEN w.kind <> 'took out' THEN h.answer
        WHEN %(is_person)s AND e.author_id <> %(person)s AND e.removed_at IS NOT NULL THEN 'can come back' ELSE '' END,
    CASE w.kind WHEN 'took out' THEN h.words WHEN 'changed' THEN b.words WHEN 'moved' THEN b.progress
        WHEN 'area' THEN b.area WHEN 'who and when' THEN concat_ws(' · ', nullif(b.who, ''), nullif(b."when", ''))
        WHEN 'circle' THEN {WHO.format(row="b")} ELSE '' END,
    CASE w.kind WHEN 'took out' THEN '' WHEN 'answered' THEN h.other_view WHEN 'matters' THEN h.importance
        WHEN 'area' THEN h.area WHEN 'help' THEN h.help_wanted WHEN 'agreed' THEN h.agreed WHEN 'moved' THEN h.progress
        WHEN 'circle' THEN {WHO.format(row="h")}
        WHEN 'who and when' THEN concat_ws(' · ', nullif(h.who, ''), nullif(h."when", '')) ELSE h.words END,
    coalesce(h.history_change_reason, ''), h.section, h.history_user_id, h.organisation_id, e.id,
    CASE WHEN %(is_person)s AND e.author_id = %(person)s AND (h.words <> e.words OR e.removed_at IS NOT NULL)
        THEN h.history_id END, NULL,
    CASE WHEN w.kind IN ('added', 'took out', 'put back', 'changed') THEN '' ELSE left(h.words, 80) END
FROM cases_historicalentry h
JOIN cases_entry e ON e.id = h.id
LEFT JOIN opened o ON o.id = e.id
LEFT JOIN LATERAL (
    SELECT * FROM cases_historicalentry b
    WHERE b.id = h.id AND (b.history_date, b.history_id) < (h.history_date, h.history_id)
    ORDER BY b.history_date DESC, b.history_id DESC LIMIT 1
) b ON true
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN b.id IS NULL THEN 'added'
        WHEN h.removed_at IS NOT NULL AND b.removed_at IS NULL THEN 'took out'
        WHEN h.removed_at IS NULL AND b.removed_at IS NOT NULL THEN 'put back'
        WHEN h.words <> b.words THEN 'changed'
        WHEN (h.answer, h.other_view) <> (b.answer, b.other_view) THEN 'answered'
        WHEN h.area <> b.area THEN 'area'
        WHEN h.importance <> b.importance THEN 'matters'
        WHEN h.help_wanted <> b.help_wanted THEN 'help'
        WHEN (h.agreed, h.agreed_why) <> (b.agreed, b.agreed_why) THEN 'agreed'
        WHEN (h.who, h."when") <> (b.who, b."when") THEN 'who and when'
        WHEN h.progress <> b.progress THEN 'moved'
        WHEN (h.circle, h.let_in, h.let_in_until, h.kept_from)
                IS DISTINCT FROM (b.circle, b.let_in, b.let_in_until, b.kept_from)
            AND %(is_person)s THEN 'circle'
    END AS kind
) w
WHERE h.plan_id = %(plan)s AND {past.SEEN}
AND (e.removed_at IS NULL OR %(is_person)s OR e.author_id = %(viewer)s AND (
    o.id IS NULL OR o.version_id IS NOT NULL OR e.added_at > o.at
)) AND w.kind IS NOT NULL
AND (h.history_date, h.history_id) > (coalesce(o.began_at, '-infinity'), coalesce(o.version_id, 0))
"""  # noqa: S608 - words of our own

# What stood there when it was opened to the viewer is, to them, what its author added then. Their order is the plan's: how
# many versions there were before is not told by it.
STOOD_THERE = """
SELECT greatest(h.history_date, o.at), 11, o.position, o.id, 'added', '', '', h.words,
    CASE WHEN o.stood THEN '' ELSE coalesce(h.history_change_reason, '') END, h.section,
    CASE WHEN o.stood THEN o.author_id ELSE h.history_user_id END,
    CASE WHEN o.stood THEN NULL ELSE h.organisation_id END, NULL, NULL, NULL, ''
FROM opened o JOIN cases_historicalentry h ON h.history_id = o.version_id
"""

SUGGESTIONS = f"""
SELECT h.history_date, 2, h.history_id, h.id, CASE h.answer WHEN '' THEN 'suggested' ELSE 'answer' END, u.name,
    CASE h.answer WHEN '' THEN coalesce(b.words, '') ELSE h.answer END,
    CASE h.answer WHEN '' THEN h.words ELSE h.their_words END,
    CASE h.answer WHEN '' THEN h.why ELSE '' END, e.section, h.history_user_id, h.organisation_id, NULL, NULL, NULL,
    coalesce(left(was.words, 80), '')
FROM cases_historicalsuggestion h
JOIN cases_entry e ON e.id = h.entry_id
LEFT JOIN opened o ON o.id = e.id
JOIN teams_user u ON u.id = h.author_id
LEFT JOIN LATERAL (
    SELECT b.words FROM cases_historicalsuggestion b
    WHERE b.id = h.id AND (b.history_date, b.history_id) < (h.history_date, h.history_id)
    AND b.history_date >= coalesce(o.at, '-infinity')
    ORDER BY b.history_date DESC, b.history_id DESC LIMIT 1
) b ON true
LEFT JOIN LATERAL (
    SELECT w.words FROM cases_historicalentry w
    WHERE w.id = e.id AND w.history_date < h.history_date
    AND (w.history_date, w.history_id) >= (coalesce(o.began_at, '-infinity'), coalesce(o.version_id, 0))
    ORDER BY w.history_date DESC, w.history_id DESC LIMIT 1
) was ON true
WHERE e.plan_id = %(plan)s AND {past.SEEN}
AND (e.removed_at IS NULL OR %(is_person)s) AND h.made_at >= coalesce(o.at, '-infinity')
"""  # noqa: S608 - words of our own

RATINGS = f"""
SELECT r.at, 3, r.id, NULL, 'rated', r.value::text, '', r.words, '', coalesce(e.section, 'now'),
    %(person)s, NULL, NULL, NULL, NULL, coalesce(left(e.words, 80), '')
FROM cases_rating r LEFT JOIN cases_entry e ON e.id = r.entry_id
WHERE r.plan_id = %(plan)s AND CASE WHEN e.id IS NULL THEN 'now/' = ANY(%(seen)s) ELSE {past.SEEN} END
AND (e.removed_at IS NULL OR %(is_person)s)
"""  # noqa: S608 - words of our own

# What happened, for those who see that section.
HAPPENED = (
    """
SELECT t.at, 4, 0, t.id, 'contact', t.way, t.went, t.words, '', 'happened',
    coalesce(m.user_id, t.written_by_id), m.organisation_id, NULL, NULL,
    CASE WHEN t.written_at > t.at + %(later)s THEN t.written_at END, ''
FROM cases_contact t JOIN cases_case c ON c.id = t.case_id LEFT JOIN teams_membership m ON m.id = t.member_id
WHERE c.person_id = %(of)s
""",
    """
SELECT i.decided_at, 5, 0, i.id, 'decided', '', '', i.first_step, i.because, 'happened', i.decided_by_id, NULL, NULL, NULL,
    NULL, ''
FROM cases_huddleitem i JOIN cases_case c ON c.id = i.case_id
WHERE c.person_id = %(of)s AND i.decided_at IS NOT NULL
""",
    """
SELECT x.at, 7, x.place, c.id, x.kind, coalesce(f.typed_by, ''), c.came_via || '/' || c.read_back, x.words, '', 'happened',
    x.user_id, NULL, NULL, NULL, NULL, ''
FROM cases_case c CROSS JOIN LATERAL (VALUES
    (0, c.came_at, CASE WHEN c.came_back_from_id IS NULL THEN 'came in' ELSE 'came back' END, c.read_back_why, %(person)s),
    (1, c.ended_at, CASE WHEN c.ended_by_id = %(person)s THEN 'stepped out' ELSE 'told us' END, c.parting_words,
        c.ended_by_id)
) x (place, at, kind, words, user_id)
LEFT JOIN LATERAL (
    SELECT CASE WHEN u.id <> %(person)s THEN u.name END AS typed_by
    FROM cases_historicalcase h JOIN teams_user u ON u.id = h.history_user_id
    WHERE h.id = c.id ORDER BY h.history_date, h.history_id LIMIT 1
) f ON true
WHERE c.person_id = %(of)s AND x.at IS NOT NULL
""",
)

WALKS = """
SELECT x.at, 6, 2 * k.id + x.place, NULL, x.kind, '', '', '', '', 'people', m.user_id, m.organisation_id, NULL, NULL, NULL,
    ''
FROM cases_walk k JOIN cases_case c ON c.id = k.case_id JOIN teams_membership m ON m.id = k.member_id
CROSS JOIN LATERAL (VALUES (0, k.started_at, 'began'), (1, k.ended_at, 'ended')) x (place, at, kind)
WHERE c.person_id = %(of)s AND x.at IS NOT NULL
"""

# The person's own to read: changes of who may see what, who looked at what is kept apart (looks at the plan itself are on
# a page of their own), and who opened the plan in an emergency.
THEIR_OWN = (
    """
SELECT h.history_date, 8, h.history_id, NULL, 'sharing', '', '', coalesce(h.history_change_reason, ''), '', h.key,
    h.history_user_id, NULL, NULL, NULL, NULL, ''
FROM cases_historicalplansection h WHERE h.plan_id = %(plan)s AND h.history_type = '~'
""",
    """
SELECT h.history_date, 8, h.history_id, NULL, CASE h."order" WHEN b."order" THEN 'sharing' ELSE 'order' END, '', '',
    CASE h."order" WHEN b."order" THEN coalesce(h.history_change_reason, '') ELSE '' END, '', '',
    h.history_user_id, NULL, NULL, NULL, NULL, ''
FROM cases_historicalplan h
CROSS JOIN LATERAL (
    SELECT b."order" FROM cases_historicalplan b
    WHERE b.id = h.id AND (b.history_date, b.history_id) < (h.history_date, h.history_id)
    ORDER BY b.history_date DESC, b.history_id DESC LIMIT 1
) b
WHERE h.id = %(plan)s
""",
    """
SELECT l.at, 9, l.id, NULL, 'looked', l.what, '', '', '', '', l.viewer_id, NULL, NULL, NULL, NULL, ''
FROM cases_look l WHERE l.plan_id = %(plan)s AND l.what = 'reach'
""",
    """
SELECT o.opened_at, 10, o.id, NULL, 'opened', '', '', '', o.why, '', m.user_id, m.organisation_id, NULL, NULL, NULL, ''
FROM cases_emergencyopening o JOIN teams_membership m ON m.id = o.member_id WHERE o.plan_id = %(plan)s
""",
)

KEPT = """
SELECT at, part, place, thing::uuid, kind, told, old, new, why, section, user_id,
    organisation_id::bigint, entry_id::uuid, version_id::int, written_at::timestamptz, about
FROM ({part}) x ({columns}) WHERE {only}
"""
# Each part gives its own newest, so that however long a history is, no more of it is read than is asked for.
NEWEST = """
{opened}
SELECT x.at, kind, told, old, new, why, section, user_id, u.name, o.name, entry_id, version_id, written_at, about
FROM (SELECT * FROM ({parts}) y ORDER BY at DESC, part, place DESC, thing LIMIT %(most)s OFFSET %(after)s) x
LEFT JOIN teams_user u ON u.id = x.user_id LEFT JOIN teams_organisation o ON o.id = x.organisation_id
ORDER BY x.at DESC, part, place DESC, thing
"""
OF_A_PART = "({part} ORDER BY at DESC, place DESC, thing LIMIT %(upto)s)"
PEOPLE = """
{opened}
SELECT u.id::text, u.name FROM teams_user u
WHERE u.id <> %(person)s AND u.id IN (SELECT user_id FROM ({parts}) x) ORDER BY u.name, u.id
"""
LENGTH = "{opened} SELECT count(*) FROM ({parts}) x"


class _Told:
    """The history of one plan as one viewer may read it, before it is read. Raises NotKnown."""

    def __init__(self, plan_id: UUID, viewer: Any, now: datetime, section: str, *, others_only: bool) -> None:
        self.place = at = standing(viewer, plan_id, now)
        if at.is_supporter:
            raise NotKnown  # it would name those whom the person talks to
        self.parts = [
            *(STOOD_THERE, ENTRIES, SUGGESTIONS, RATINGS),
            *(HAPPENED if at.level("happened") else ()),
            *((WALKS,) if at.level("people") else ()),
            *(THEIR_OWN if at.is_person else ()),
        ]
        self.given: dict[str, Any] = {
            **past.given(at),
            "of": at.sharing.plan.person_id,
            "later": AT_ONCE,
        }
        self.only: list[str] = []
        if section:
            self.keep("section = %(section)s", section=section)
        if others_only:
            self.keep("user_id IS DISTINCT FROM %(person)s")

    def keep(self, only: str, **given: Any) -> None:
        """Tell no more than what a condition holds for."""
        self.only.append(only)
        self.given |= given

    def changes(self, most: int | None, after: int = 0) -> list[Change]:
        upto = None if most is None else most + after
        rows = self._ask(NEWEST, each=OF_A_PART, most=most, after=after, upto=upto)
        return [_change(self.place, _Row(*row)) for row in rows]

    def people(self) -> dict[str, str]:
        """Everybody else who changed something of it: account and name."""
        return dict(self._ask(PEOPLE))

    def length(self) -> int:
        ((length,),) = self._ask(LENGTH)
        return int(length)

    def _ask(self, question: str, each: str = "{part}", **given: Any) -> list[tuple[Any, ...]]:
        only = " AND ".join(self.only) or "true"
        parts = [each.format(part=KEPT.format(part=part, columns=COLUMNS, only=only)) for part in self.parts]
        return statements.rows(
            question.format(opened=OPENED, parts=" UNION ALL ".join(parts)), {**self.given, **given}
        )


# -- What a person reads


def _change(at: Standing, row: _Row) -> Change:
    what, old, new = _said(at, row)
    return Change(
        at=row.at,
        who=row.who or "",
        organisation=row.organisation or "",
        theirs=row.user_id == at.sharing.plan.person.user_id,
        what=what,
        section=row.section,
        section_title=sections.BY_KEY[row.section].title if row.section else "",
        old=old,
        new=new,
        why=row.why,
        who_id=row.user_id,
        entry_id=row.entry_id if row.version_id or (row.kind == "took out" and row.told) else None,
        version_id=row.version_id,
        about=row.about,
        written_at=row.written_at,
    )


def _said(at: Standing, row: _Row) -> tuple[str, str, str]:
    """One row in words: the sentence, the old words and the new."""
    match row.kind:
        case "added":
            return _("added"), "", row.new
        case "took out":
            return _("took out"), row.old, ""
        case "put back":
            return _("put back"), "", row.new
        case "changed":
            return _("changed"), row.old, row.new
        case "answered":
            return _("answered"), "", row.new or str(Entry.Answer(row.told).label)
        case "matters":
            return _("said how much it matters"), "", _label(Entry.Importance, row.new)
        case "area":
            return (
                _("changed which part of life it is"),
                _label(sections.Area, row.old),
                _label(sections.Area, row.new),
            )
        case "help":
            return _("said about help"), "", _label(Entry.HelpWanted, row.new)
        case "agreed":
            return _("said whether it was agreed"), "", _label(Entry.Agreed, row.new)
        case "moved":
            return _("changed how it is going"), _label(Entry.Progress, row.old), _label(Entry.Progress, row.new)
        case "who and when":
            return _("changed who does it, or by when"), row.old, row.new
        case "circle":
            return _("changed who can see"), _circle(row.old), _circle(row.new)
        case "suggested":
            return _("suggested other words for something"), row.old, row.new
        case "answer":
            what = _("answered what %(name)s suggested") % {"name": row.told}
            return what, "", row.new or str(Suggestion.Answer(row.old).label)
        case "rated":
            return _("gave it %(value)s of 10") % {"value": row.told}, "", row.new
        case "contact":
            return _contact(Contact.By(row.told), Contact.Went(row.old)), "", row.new
        case "decided":
            return _("wrote down what the team decided"), "", row.new
        case "came in":
            return _("came in"), "", _helped(row)
        case "came back":
            return _("came back"), "", _helped(row)
        case "stepped out":
            return _("stepped out"), "", row.new
        case "told us":
            return _("wrote down that %(whom)s stepped out") % {"whom": _whom(at)}, "", row.new
        case "began":
            return _("began to walk with %(whom)s") % {"whom": _whom(at)}, "", ""
        case "ended":
            return _("no longer walks with %(whom)s") % {"whom": _whom(at)}, "", ""
        case "sharing":
            return _("changed who can see"), "", row.new
        case "order":
            return _("changed the order"), "", ""
        case "looked":
            return _("looked at %(what)s") % {"what": Look.What(row.told).label}, "", ""
        case "opened":
            return _("opened your plan in an emergency"), "", ""
    raise AssertionError(row.kind)


def _label(choices: Any, key: str) -> str:
    return str(choices(key).label) if key else ""


def _contact(way: Contact.By, went: Contact.Went) -> str:
    """By which way, and how it went where that is not said by it: that we were in touch is what a contact is."""
    return str(way.label) if went == Contact.Went.BOTH else f"{way.label}. {went.label}"


def _circle(who: str) -> str:
    """Who could see one entry: see ``WHO``."""
    circle, let_in, kept_from = json.loads(who)
    said = [str(sections.Circle(circle).label) if circle else str(_("as the section"))]
    steady = [name for name, end in let_in or () if not end]
    said += [_("%(names)s can see this.") % {"names": ", ".join(steady)}] if steady else []
    said += [until_words(name, datetime.fromisoformat(end)) for name, end in let_in or () if end]
    said += [_("%(names)s cannot.") % {"names": ", ".join(kept_from)}] if kept_from else []
    return "\n".join(said)


def _helped(row: _Row) -> str:
    """Who typed for them when they came in, by which door, and what they said when it was read back; "" for nobody."""
    via, _slash, read_back = row.old.partition("/")
    lines = []
    if row.told:
        lines.append(_("%(name)s typed it. %(door)s.") % {"name": row.told, "door": Via(via).label})
    elif via == Via.HELPER:
        lines.append(f"{Via(via).label}.")
    if read_back:
        lines.append(" ".join(filter(None, [f"{Case.ReadBack(read_back).label}.", row.new])))
    return "\n".join(lines)


def _whom(at: Standing) -> str:
    return _("you") if at.is_person else at.sharing.plan.person.name_used or _("this person")
