"""Who may, at the front door: only what is asked about somebody has a question of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cases.models import Person
from frontdoor.models import Conversation
from teams.permissions import NotKnown


@dataclass(frozen=True)
class About:
    """Whose answers these are. Only the person themselves reads them back: a shared phone may be in other hands soon."""

    person_id: UUID
    reads: bool


def check_about(viewer: Any, conversation_id: UUID | None) -> About:
    """About whom this visit may answer: the person who is signed in, or whoever's words it has just sent. Raises NotKnown."""
    own = (
        Person.objects.filter(user=viewer.pk).values_list("pk", flat=True).first() if viewer.is_authenticated else None
    )
    if own:
        return About(own, reads=True)
    sent = Conversation.objects.filter(pk=conversation_id, person__isnull=False) if conversation_id else None
    person_id = sent.values_list("person", flat=True).first() if sent is not None else None
    if person_id is None:
        raise NotKnown
    return About(person_id, reads=False)


def check_more(viewer: Any, conversation_id: UUID | None, mark: UUID | None) -> About:
    """For whom this visit says more: with ``mark``, for the person whose page it was opened on. Raises NotKnown.

    A page that was opened for somebody else, or in a visit that is over, still keeps their words; it reads nothing back.
    """
    try:
        about = check_about(viewer, conversation_id)
    except NotKnown:
        about = None
    if mark is None or (about and about.person_id == mark):
        if about is None:
            raise NotKnown
        return about
    if not Person.objects.filter(pk=mark).exists():
        raise NotKnown
    return About(mark, reads=False)
