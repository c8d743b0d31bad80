"""The one table of the plan: every field is in one section, has one heading of the standard, and is seen as its section is."""

from __future__ import annotations

import re
from itertools import product
from uuid import uuid4

import pytest

from cases import sections
from cases.models import Case, Entry, LetIn, Plan, PlanSection, ShutOut
from cases.permissions.sharing import Sharing, Walker, acts_for
from cases.sections import Circle, Level
from tests.factories import NOW

# The headings of the PRSB's Personalised Care and Support Plan that we use; and the one that it has not.
HEADINGS = {
    "About me": {
        "what is most important to me",
        "people who are important to me",
        "how I communicate",
        "my wellness",
        "please do",
        "please do not",
        "also worth knowing",
    },
    "Care and support plan": {"strengths", "needs, concerns or problems", "goals and hopes", "actions"},
    "Contingency plan": {
        "triggers",
        "what should happen",
        "who to contact",
        "coping strategies",
        "early warning signs",
        "advance statement",
    },
}
KNOWN = {f"{part}: {heading}" for part, headings in HEADINGS.items() for heading in headings} | {"not shared"}
FIELDS = [(section, field) for section in sections.SECTIONS for field in section.fields]


@pytest.mark.parametrize(("section", "field"), FIELDS, ids=[f"{s.key}.{f.key}" for s, f in FIELDS])
def test_every_field_has_one_heading_of_the_standard(section: sections.Section, field: sections.Field) -> None:
    assert field.prsb in KNOWN, (
        f"{section.key}.{field.key}: {field.prsb!r} is no heading; see tests/guards/test_sections.py"
    )
    assert str(field.asks).strip(), f"{section.key}.{field.key} asks nothing."


def test_every_heading_that_we_know_is_used() -> None:
    assert {field.prsb for _section, field in FIELDS} == KNOWN


def test_every_section_is_there_once_and_every_field_once_in_it() -> None:
    assert len(sections.BY_KEY) == len(sections.SECTIONS)
    for section in sections.SECTIONS:
        keys = [field.key for field in section.fields]
        assert len(keys) == len(set(keys)), f"{section.key} has a field twice."
        assert str(section.title).strip()
        assert str(section.empty).strip()


@pytest.mark.parametrize("model_field", [Entry.section, PlanSection.key, ShutOut.section, LetIn.section])
def test_what_is_kept_belongs_to_a_section_of_the_table(model_field: object) -> None:
    choices = model_field.field.choices  # type: ignore[attr-defined]
    assert [key for key, _title in choices] == sections.KEYS


def test_keys_fit_where_they_are_kept() -> None:
    for section, field in FIELDS:
        for key, column in ((section.key, Entry.section.field), (field.key, Entry.field.field)):  # type: ignore[attr-defined]
            assert re.fullmatch(r"[a-z_]+", key)
            assert len(key) <= column.max_length


def test_only_the_person_sees_what_is_only_for_them() -> None:
    mine = sections.BY_KEY["mine"]
    assert (mine.circle, mine.team_may) == (Circle.ME, Level.NOTHING)


@pytest.mark.parametrize("main", [True, False])
@pytest.mark.parametrize("on_huddle", [True, False])
@pytest.mark.parametrize("walks", [True, False])
def test_an_entry_is_never_seen_by_more_than_its_section_is(walks: bool, on_huddle: bool, main: bool) -> None:
    """Somebody who keeps a whole section to themselves keeps what is in it, whatever it was seen as before."""
    jo = Walker(uuid4(), uuid4(), "Jo", "Jo", "nurse", "Trust", 1, "secondary", main)

    def level(of_section: Circle, of_entry: str) -> Level:
        sharing = Sharing(
            plan=Plan(),
            case=Case(),
            now=NOW,
            circles=dict.fromkeys(sections.KEYS, of_section),
            shut=(),
            grants={},
            walkers=(),
        )
        return sharing.level(
            user_id=jo.user_id,
            walker=jo if walks else None,
            acts_for=acts_for(jo),
            on_huddle=on_huddle,
            section="change",
            circle=of_entry,
        )

    for of_section, of_entry in product(Circle, Circle):
        assert level(of_section, of_entry) <= level(of_section, "")
