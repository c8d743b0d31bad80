"""The person's whole record, as data that another service can read: docs/my-record.md says what each key holds.

It is theirs alone, and it is what their own pages show: what is written down to keep them safe and never shown again (whom
to avoid) is not on any page of theirs, and so it is not in here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from cases import sections
from cases.models import (
    Case,
    Contact,
    Entry,
    HuddleItem,
    LetIn,
    Look,
    Plan,
    PlanSection,
    SectionGrant,
    ShutOut,
    Story,
    Walk,
)
from cases.permissions import NotKnown, Standing, standing, who_sees
from cases.queries.me import note_of, worried_about
from cases.queries.ways import my_ways
from cases.sections import Level

VERSION = 1  # a new number whenever a key goes, or means something else


def my_record(*, plan_id: UUID, viewer: Any, now: datetime) -> dict[str, Any]:
    """Everything that is held about the viewer and is theirs to read. Raises NotKnown unless the plan is their own."""
    at = standing(viewer, plan_id, now)
    if not at.is_person:
        raise NotKnown
    person = at.sharing.plan.person
    return {
        "format": "front-door/my-record",
        "version": VERSION,
        "made_at": now,
        "me": {
            "name": person.name_used,
            "say_it": person.say_it,
            "email": person.user.email,
            "phone": person.user.phone,
        },
        "told": _told(at),
        "plan": {
            "id": at.sharing.plan.pk,
            "begun_at": at.sharing.plan.begun_at,
            "sections": _sections(at),
        },
        "sharing": _sharing(at),
        "ways": [_plain(way, _WAY) for way in my_ways(viewer=viewer, now=now)],
        "stays": _stays(at),
        "worried": [_plain(row, ("teller", "why", "seen", "told_at")) for row in worried_about(at.sharing.plan)],
        "looks": [
            {"at": look.at, "who": look.viewer.name, "what": look.get_what_display()}
            for look in Look.objects.filter(plan=at.sharing.plan).select_related("viewer")
        ],
    }


_WAY = ("kind", "to", "times", "others", "say_who", "leave_message", "only_words", "word", "note")
_STATE = (
    "words", "circle", "area", "who", "when", "progress", "importance", "help_wanted", "answer", "other_view",
    "removed_at",
)  # fmt: skip


def _plain(thing: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: getattr(thing, key) for key in keys}


def _by(user: Any, organisation: Any = None) -> dict[str, str]:
    return {"name": user.name if user else "", "organisation": organisation.name if organisation else ""}


def _told(at: Standing) -> list[dict[str, Any]]:
    rows = Story.objects.filter(person=at.sharing.plan.person_id).select_related("typed_by")
    return [
        {**_plain(row, ("question", "words", "whose", "via", "told_at")), "typed_by": _by(row.typed_by)}
        for row in rows
    ]


def _sections(at: Standing) -> list[dict[str, Any]]:
    entries: dict[str, list[dict[str, Any]]] = {}
    before = _past_of_entries(at)
    for entry in Entry.objects.filter(plan=at.sharing.plan).select_related("author"):
        if at.level(entry.section, entry.circle):
            entries.setdefault(entry.section, []).append(_entry(entry, before.get(entry.pk, [])))
    return [
        {"key": section.key, "title": section.title, "entries": entries.get(section.key, [])}
        for section in sections.SECTIONS
    ]


def _entry(entry: Entry, changes: list[dict[str, Any]]) -> dict[str, Any]:
    field = sections.BY_KEY[entry.section].field(entry.field)
    return {
        "id": entry.pk,
        "field": entry.field,
        "asked": entry.asked,
        "asks": field.asks,
        "prsb": field.prsb,
        "author": _by(entry.author),
        "added_at": entry.added_at,
        **_plain(entry, _STATE),
        "changes": changes,
    }


def _past_of_entries(at: Standing) -> dict[UUID, list[dict[str, Any]]]:
    """Every state that each entry was in, oldest first."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    rows = Entry.history.filter(plan=at.sharing.plan).select_related("history_user", "organisation")
    for row in rows.order_by("history_date", "history_id"):
        found.setdefault(row.id, []).append(_change(row) | _plain(row, _STATE))
    return found


def _change(row: Any) -> dict[str, Any]:
    return {
        "at": row.history_date,
        "by": _by(row.history_user, row.organisation),
        "why": row.history_change_reason or "",
    }


def _sharing(at: Standing) -> dict[str, Any]:
    plan = at.sharing.plan
    seen = {key: who_sees(at.sharing, key) for key in sections.KEYS}
    return {
        "sections": [
            {
                "key": key,
                "circle": at.sharing.circles[key],
                "opens_past": key in at.sharing.opens_past,
                "can_see": [walker.name for walker in can],
                "cannot_see": [walker.name for walker in cannot],
                "changes": _changes(PlanSection, plan=plan, key=key),
            }
            for key, (can, cannot) in seen.items()
        ],
        "changes": _changes(Plan, id=plan.pk),
        "let_in": [
            {
                "section": row.content_object.key,
                "name": row.user.name,
                "may": row.permission.codename.removesuffix("_section"),
                "since": row.since,
                "until": row.until,
            }
            for row in SectionGrant.objects.filter(content_object__plan=plan)
            .select_related("content_object", "user", "permission")
            .order_by("pk")
        ],
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


def _changes(model: type[Model], **of: Any) -> list[dict[str, Any]]:
    rows = model.history.filter(**of).select_related("history_user", "organisation")  # type: ignore[attr-defined]
    return [_change(row) for row in rows.order_by("history_date", "history_id")]


def _stays(at: Standing) -> list[dict[str, Any]]:
    cases = (
        Case.objects.filter(person=at.sharing.plan.person_id).select_related("team", "ended_by").order_by("came_at")
    )
    return [
        {
            "team": case.team.name,
            **_plain(
                case,
                (
                    "came_at",
                    "came_via",
                    "state",
                    "pace",
                    "topics",
                    "at_huddle",
                    "hello_by",
                    "rhythm_days",
                    "leave_until",
                ),
            ),
            "rhythm_agreed_at": case.rhythm_agreed_at,
            "ended_at": case.ended_at,
            "ended_by": _by(case.ended_by),
            **_plain(case, ("ended_how", "parting_words", "keep_hello")),
            "changes": _changes(Case, id=case.pk),
            "walked_with": _walks(case),
            "contacts": _contacts(case),
            "decisions": _decisions(case),
        }
        for case in cases
    ]


def _walks(case: Case) -> list[dict[str, Any]]:
    rows = Walk.objects.filter(case=case).select_related("member__user", "member__organisation").order_by("started_at")
    return [
        {
            **_by(row.member.user, row.member.organisation),
            "role": row.member.role,
            **_plain(row, ("main", "started_at", "ended_at")),
        }
        for row in rows
    ]


def _contacts(case: Case) -> list[dict[str, Any]]:
    rows = Contact.objects.filter(case=case).select_related("member__user", "member__organisation", "written_by")
    return [
        {
            **_plain(row, ("at", "way", "from_them", "went", "words", "written_at")),
            "with": _by(row.member.user, row.member.organisation) if row.member else None,
            "written_by": _by(row.written_by),
        }
        for row in rows.order_by("at", "written_at")
    ]


def _decisions(case: Case) -> list[dict[str, Any]]:
    rows = HuddleItem.objects.filter(case=case, decided_at__isnull=False).select_related("who__user", "stand_in__user")
    return [{**vars(note_of(row)), "kept_at": row.kept_at} for row in rows.order_by("decided_at")]
