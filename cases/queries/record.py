"""The person's whole record, as data that another service can read: docs/my-record.md says what each key holds.

It is theirs alone, and it is what their own pages show: what is written down to keep them safe and never shown again (whom
to avoid) is not on any page of theirs, and so it is not in here. tests/guards/test_record.py says of every model, and of
every field of it, whether it is here. It takes the same few statements however much there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from cases import sections
from cases.models import (
    Case,
    Contact,
    Entry,
    HuddleItem,
    LetIn,
    Plan,
    PlanSection,
    Rating,
    SectionGrant,
    ShutOut,
    Story,
    Suggestion,
    Supporter,
    Walk,
)
from cases.permissions import NotKnown, Standing, standing, who_sees
from cases.queries.asking import asked_page
from cases.queries.emergency import openings_of
from cases.queries.looks import every_look
from cases.queries.me import note_of, worried_about
from cases.queries.ways import my_ways
from cases.sections import Level
from teams.models import User

VERSION = 1  # a new number whenever a key goes, or means something else


def my_record(*, plan_id: UUID, viewer: Any, now: datetime) -> dict[str, Any]:
    """Everything that is held about the viewer and is theirs to read. Raises NotKnown unless the plan is their own."""
    at = standing(viewer, plan_id, now)
    if not at.is_person:
        raise NotKnown
    plan, person = at.sharing.plan, at.sharing.plan.person
    ratings = _grouped(Rating.objects.filter(plan=plan), "entry_id", _RATING)
    return {
        "format": "front-door/my-record",
        "version": VERSION,
        "made_at": now,
        "me": {
            "name": person.name_used,
            "say_it": person.say_it,
            **_plain(person.user, ("email", "phone", "language")),
        },
        "told": _told(at),
        "plan": {
            "id": plan.pk,
            "begun_at": plan.begun_at,
            "order": sections.in_order(plan.order),
            "ratings": ratings.get(None, []),
            "sections": _sections(at, ratings),
        },
        **_sharing_and_people(at, now),
        "ways": [_plain(way, _WAY) for way in my_ways(viewer=viewer, now=now)],
        "stays": _stays(at),
        "worried": [_plain(row, ("teller", "why", "seen", "told_at")) for row in worried_about(plan)],
        "opened": [
            {
                "at": row.opened_at,
                "until": row.until,
                "by": _by(row.member.user.name, row.member.organisation.name),
                "why": row.why,
            }
            for row in openings_of(plan)
        ],
        "looks": [
            _plain(look, ("at", "who", "organisation", "what", "sections"))
            | {"asked": [_plain(asked, ("words", "at")) for asked in look.asked]}
            for look in every_look(at)
        ],
        "we_asked": [
            {"by": _by(row.who, row.organisation), **_plain(row, ("question", "asks", "at", "again", "why"))}
            for row in asked_page(plan_id=plan_id, viewer=viewer, now=now)
        ],
    }


_WAY = ("kind", "to", "times", "others", "say_who", "leave_message", "only_words", "word", "note")
_RATING = ("value", "words", "at")
_STATE = (
    "words", "circle", "let_in", "let_in_until", "kept_from", "area", "who", "when", "progress", "importance", "help_wanted",
    "asked_as", "picked", "agreed", "agreed_why", "answer", "other_view", "removed_at",
)  # fmt: skip
_SUGGESTED = ("words", "why", "answer", "answered_at", "their_words")
_STAY = (
    "came_at", "came_via", "read_back", "read_back_why", "state", "pace", "topics", "at_huddle", "hello_by", "rhythm_days",
    "leave_until", "rhythm_agreed_at", "ended_at",
)  # fmt: skip


def _plain(thing: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: getattr(thing, key) for key in keys}


def _by(name: str | None, organisation: str | None = "") -> dict[str, str]:
    return {"name": name or "", "organisation": organisation or ""}


def _grouped(rows: QuerySet[Any], by: str, keys: tuple[str, ...]) -> dict[Any, list[dict[str, Any]]]:
    """Rows as they are kept, by what they belong to."""
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in rows.values(by, *keys):
        found.setdefault(row[by], []).append({key: row[key] for key in keys})
    return found


def _changes(rows: QuerySet[Any], by: str, keys: tuple[str, ...] = ()) -> dict[Any, list[dict[str, Any]]]:
    """Every state that each thing was in, oldest first, by what ``by`` calls it; of each state ``keys``."""
    found: dict[Any, list[dict[str, Any]]] = {}
    named = rows.annotate(by_name=F("history_user__name"), by_organisation=F("organisation__name"))
    told = ("history_date", "history_change_reason", "by_name", "by_organisation")
    for row in named.order_by("history_date", "history_id").values(by, *told, *keys):
        change = {
            "at": row["history_date"],
            "by": _by(row["by_name"], row["by_organisation"]),
            "why": row["history_change_reason"] or "",
        }
        found.setdefault(row[by], []).append(change | {key: row[key] for key in keys})
    return found


def _told(at: Standing) -> list[dict[str, Any]]:
    rows = Story.objects.filter(person=at.sharing.plan.person_id).select_related("typed_by")
    return [
        {**_plain(row, ("question", "words", "whose", "via", "told_at")), "typed_by": _by(row.typed_by.name)}
        for row in rows
    ]


def _sections(at: Standing, ratings: dict[Any, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    plan = at.sharing.plan
    before = _changes(Entry.history.filter(plan=plan), "id", _STATE)
    suggested = _suggestions(plan)
    entries: dict[str, list[dict[str, Any]]] = {}
    for entry in Entry.objects.filter(plan=plan).select_related("author"):
        if at.level_of(entry):
            beside = {
                "suggestions": suggested.get(entry.pk, []),
                "ratings": ratings.get(entry.pk, []),
                "changes": before.get(entry.pk, []),
            }
            entries.setdefault(entry.section, []).append(_entry(entry) | beside)
    return [
        {"key": section.key, "title": section.title, "entries": entries.get(section.key, [])}
        for section in sections.SECTIONS
    ]


def _entry(entry: Entry) -> dict[str, Any]:
    field = sections.BY_KEY[entry.section].field(entry.field)
    return {
        "id": entry.pk,
        "field": entry.field,
        "asked": entry.asked,
        "asks": field.asks,
        "prsb": field.prsb,
        "author": _by(entry.author.name),
        "added_at": entry.added_at,
        **_plain(entry, _STATE),
    }


def _suggestions(plan: Plan) -> dict[UUID, list[dict[str, Any]]]:
    """By entry, the other words that were suggested for it, and what the person said of each."""
    before = _changes(Suggestion.history.filter(entry__plan=plan), "id", ("words", "answer", "their_words"))
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in Suggestion.objects.filter(entry__plan=plan).select_related("author"):
        found.setdefault(row.entry_id, []).append(
            {
                "id": row.pk,
                "author": _by(row.author.name),
                "made_at": row.made_at,
                **_plain(row, _SUGGESTED),
                "changes": before.get(row.pk, []),
            }
        )
    return found


def _sharing_and_people(at: Standing, now: datetime) -> dict[str, Any]:
    """Who sees what, and whom the person asked to stand beside them; each of these is called what the person called them."""
    plan = at.sharing.plan
    asked = list(Supporter.objects.filter(plan=plan))
    called = {row.user_id: row.name for row in asked}
    grants = list(
        SectionGrant.objects.filter(content_object__plan=plan)
        .select_related("content_object", "user", "permission")
        .order_by("pk")
    )
    live = [row for row in asked if row.ended_at is None and (row.until is None or row.until > now)]
    return {
        "sharing": _sharing(at)
        | {
            "let_in": [
                {"section": row.content_object.key, "name": called.get(row.user_id, row.user.name), **_may(row)}
                for row in grants
            ],
            "named": _named(plan, called),
        },
        "people": [
            _plain(row, ("name", "knows", "may_call", "only_if", *_ASKED))
            | {
                "parts": [
                    {"section": grant.content_object.key, **_may(grant)}
                    for grant in grants
                    if grant.user_id == row.user_id and (grant.until is None or grant.until > now)
                ]
            }
            for row in live
        ],
        "people_before": [_plain(row, ("name", *_ASKED, "ended_at")) for row in asked if row not in live],
    }


_ASKED = ("invited_at", "accepted_at", "opens_at", "until")


def _may(grant: SectionGrant) -> dict[str, Any]:
    return {"may": grant.permission.codename.removesuffix("_section"), "since": grant.since, "until": grant.until}


def _named(plan: Plan, called: dict[UUID, str]) -> list[dict[str, Any]]:
    """Whose the accounts are that are, or were, named on entries."""
    named: set[UUID] = set()
    for names in Entry.history.filter(plan=plan).exclude(let_in=[], kept_from=[]).values_list("let_in", "kept_from"):
        named.update(*names)
    rows = User.objects.filter(pk__in=named).order_by("pk").values_list("pk", "name")
    return [{"account": pk, "name": called.get(pk, name)} for pk, name in rows]


def _sharing(at: Standing) -> dict[str, Any]:
    plan = at.sharing.plan
    changes = _changes(PlanSection.history.filter(plan=plan), "key")
    seen = {key: who_sees(at.sharing, key) for key in sections.KEYS}
    return {
        "sections": [
            {
                "key": key,
                "circle": at.sharing.circles[key],
                "opens_past": key in at.sharing.opens_past,
                "can_see": [walker.name for walker in can],
                "cannot_see": [walker.name for walker in cannot],
                "changes": changes.get(key, []),
            }
            for key, (can, cannot) in seen.items()
        ],
        "changes": _changes(Plan.history.filter(id=plan.pk), "id").get(plan.pk, []),
        "groups_let_in": [
            {
                "section": row.section,
                "sector": row.sector,
                "organisation": row.organisation.name if row.organisation else "",
                "may": Level(row.level).name.lower(),
                **_plain(row, ("since", "until", "ended_at")),
            }
            for row in LetIn.objects.filter(plan=plan).select_related("organisation").order_by("pk")
        ],
        "shut_out": [
            {
                "section": row.section,
                "name": row.user.name if row.user else "",
                "sector": row.sector,
                "organisation": row.organisation.name if row.organisation else "",
                "since": row.since,
                "ended_at": row.ended_at,
            }
            for row in ShutOut.objects.filter(plan=plan).select_related("user", "organisation").order_by("pk")
        ],
    }


def _stays(at: Standing) -> list[dict[str, Any]]:
    person = at.sharing.plan.person_id
    changes = _changes(Case.history.filter(person=person), "id")
    told = (_walks(person), _contacts(person), _asked_for_someone_else(person), _decisions(person))
    walks, contacts, asked, decisions = map(_by_case, told)
    return [
        {
            "team": case.team.name,
            **_plain(case, _STAY),
            "ended_by": _by(case.ended_by.name if case.ended_by else ""),
            **_plain(case, ("ended_how", "parting_words", "keep_hello")),
            "changes": changes.get(case.pk, []),
            "walked_with": walks.get(case.pk, []),
            "contacts": contacts.get(case.pk, []),
            "asked_for_someone_else": asked.get(case.pk, []),
            "decisions": decisions.get(case.pk, []),
        }
        for case in Case.objects.filter(person=person).select_related("team", "ended_by").order_by("came_at", "pk")
    ]


def _by_case(rows: Iterable[tuple[UUID, dict[str, Any]]]) -> dict[UUID, list[dict[str, Any]]]:
    return {case: [row for _case, row in told] for case, told in groupby(rows, key=lambda row: row[0])}


def _walks(person: UUID) -> Iterable[tuple[UUID, dict[str, Any]]]:
    rows = Walk.objects.filter(case__person=person).select_related("member__user", "member__organisation")
    for row in rows.order_by("case_id", "started_at", "pk"):
        yield (
            row.case_id,
            {
                **_by(row.member.user.name, row.member.organisation.name),
                "role": row.member.role,
                **_plain(row, ("main", "started_at", "ended_at")),
            },
        )


def _contacts(person: UUID) -> Iterable[tuple[UUID, dict[str, Any]]]:
    rows = Contact.objects.filter(case__person=person)
    who = ("member__user", "member__organisation", "written_by")
    for row in rows.select_related(*who).order_by("case_id", "at", "written_at", "pk"):
        yield (
            row.case_id,
            {
                **_plain(row, ("at", "way", "from_them", "went", "words", "written_at")),
                "with": _by(row.member.user.name, row.member.organisation.name) if row.member else None,
                "written_by": _by(row.written_by.name),
            },
        )


def _asked_for_someone_else(person: UUID) -> Iterable[tuple[UUID, dict[str, Any]]]:
    rows = HuddleItem.objects.filter(
        Q(kind=HuddleItem.Kind.SOMEONE) | Q(instead_of__isnull=False), case__person=person
    )
    for row in rows.select_related("instead_of__user").order_by("case_id", "put_on_at", "pk"):
        name = row.instead_of.user.name if row.instead_of else ""
        yield row.case_id, {"at": row.put_on_at, "instead_of": name, "words": row.asked_words}


def _decisions(person: UUID) -> Iterable[tuple[UUID, dict[str, Any]]]:
    """What the team decided, as the person got it; what it said before that is the team's own."""
    rows = HuddleItem.objects.filter(case__person=person, decided_at__isnull=False)
    for row in rows.select_related("who__user", "stand_in__user").order_by("case_id", "decided_at", "pk"):
        yield row.case_id, {**vars(note_of(row)), "kept_at": row.kept_at}
