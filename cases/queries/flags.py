"""What many people wrote in one section, at once: what helps them talk, or what to do if they go quiet."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from cases.models import Entry
from cases.permissions import Standing
from cases.sections import Circle


def words_in(section: str, places: Collection[Standing], *, in_the_room: bool = False) -> dict[UUID, tuple[str, ...]]:
    """By plan, the words of one section that the viewer may see: one query, however many the places are.

    ``in_the_room`` keeps to what the whole team may see, because others look at the same screen.
    """
    at = {place.sharing.plan.pk: place for place in places}
    found: dict[UUID, list[str]] = {}
    for entry in Entry.objects.filter(plan__in=list(at), section=section, removed_at=None):
        place = at[entry.plan_id]
        if place.level(section, entry.circle) and (not in_the_room or for_the_room(place, section, entry.circle)):
            found.setdefault(entry.plan_id, []).append(entry.words)
    return {plan_id: tuple(words) for plan_id, words in found.items()}


def picks_in(section: str, places: Collection[Standing]) -> dict[UUID, frozenset[str]]:
    """By plan, what was picked from a list in one section, where the viewer may see it: one query."""
    at = {place.sharing.plan.pk: place for place in places}
    found: dict[UUID, frozenset[str]] = {}
    for entry in Entry.objects.filter(plan__in=list(at), section=section, removed_at=None).exclude(picked=[]):
        if at[entry.plan_id].level(section, entry.circle):
            found[entry.plan_id] = found.get(entry.plan_id, frozenset()) | set(entry.picked)
    return found


def for_the_room(place: Standing, section: str, circle: str = "") -> bool:
    """Whether words are for the whole team, and so may stand on a screen that the whole team looks at."""
    return (circle or place.sharing.circles[section]) == Circle.TEAM
