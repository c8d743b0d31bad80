"""What many people wrote in one section, at once: what helps them talk, or what to do if they go quiet."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from cases.models import Entry
from cases.permissions import Standing
from cases.sections import Circle, narrowest


def words_in(section: str, places: Collection[Standing], *, in_the_room: bool = False) -> dict[UUID, tuple[str, ...]]:
    """By plan, the words of one section that the viewer may see: one query, however many the places are.

    ``in_the_room`` keeps to what the whole team may see, because others look at the same screen.
    """
    at = {place.sharing.plan.pk: place for place in places}
    found: dict[UUID, list[str]] = {}
    for entry in Entry.objects.filter(plan__in=list(at), section=section, removed_at=None):
        place = at[entry.plan_id]
        if place.level_of(entry) and (not in_the_room or for_the_room(place, section, entry.circle, entry.kept_from)):
            found.setdefault(entry.plan_id, []).append(entry.words)
    return {plan_id: tuple(words) for plan_id, words in found.items()}


def picks_in(section: str, places: Collection[Standing]) -> dict[UUID, frozenset[str]]:
    """By plan, what was picked from a list in one section, where the viewer may see it: one query."""
    at = {place.sharing.plan.pk: place for place in places}
    found: dict[UUID, frozenset[str]] = {}
    for entry in Entry.objects.filter(plan__in=list(at), section=section, removed_at=None).exclude(picked=[]):
        if at[entry.plan_id].level_of(entry):
            found[entry.plan_id] = found.get(entry.plan_id, frozenset()) | set(entry.picked)
    return found


def for_the_room(place: Standing, section: str, circle: str = "", kept_from: Collection[UUID] = ()) -> bool:
    """Whether words are for the whole team, and so may stand on a screen that the whole team looks at.

    They are not where anybody is shut out of that part, or kept from those words: they may sit in the room.
    """
    shut = kept_from or any(shut.section == section for shut in place.sharing.shut)
    return not shut and narrowest(circle, place.sharing.circles[section]) == Circle.TEAM
