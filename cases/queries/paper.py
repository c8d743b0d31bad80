"""What goes on a copy to take away: the plan as its reader may see it at that moment, and of it what they chose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.functional import Promise

from cases.models import Copy
from cases.permissions import NotKnown
from cases.queries.plan import PlanView, SectionView, plan_page

CARD = "hard"  # the pocket card holds this section alone


@dataclass(frozen=True)
class CopyView:
    id: UUID
    layout: str
    layout_words: str
    language: str
    state: str
    asked_at: datetime
    fingerprint: str
    page: PlanView  # as its reader sees it now, and of that what they chose
    file: bytes


def parts(page: PlanView) -> list[tuple[str, str | Promise]]:
    """The parts of a plan that there is something to copy of."""
    return [(section.key, section.title) for section in page.sections if _holds(page, section)]


def has_card(page: PlanView) -> bool:
    """Whether this reader may have the pocket card; it may be empty, to be written on by hand."""
    return any(section.key == CARD for section in page.sections)


def chosen(page: PlanView, sections: Collection[str]) -> PlanView:
    """Of what the reader may see, only what they chose."""
    kept = tuple(section for section in page.sections if section.key in sections)
    if "now" in sections:
        return replace(page, sections=kept)
    return replace(page, sections=kept, opening="", opening_at=None)


def copy_of(*, plan_id: UUID, copy_id: UUID, viewer: Any, now: datetime) -> CopyView:
    """A copy that this viewer asked for. Raises NotKnown for anybody else's, and once it is gone."""
    copy = Copy.objects.filter(pk=copy_id, plan=plan_id, viewer=viewer.pk, until__gt=now).first()
    if copy is None:
        raise NotKnown
    return _view(copy, viewer, now)


def copy_to_make(*, copy_id: UUID, now: datetime) -> CopyView | None:
    """What the worker is to make, as whoever asked may see it now; None when nobody waits for it any more.

    Raises NotKnown when they may not see anything of the plan any more.
    """
    copy = Copy.objects.filter(pk=copy_id, state=Copy.State.WAITING, until__gt=now).select_related("viewer").first()
    return _view(copy, copy.viewer, now) if copy else None


def whole_copy(*, plan_id: UUID, fingerprint: str, language: str, viewer: Any, now: datetime) -> bytes | None:
    """A copy of all that this viewer may see, in the usual print, if one was made within the hour that is still right.

    ``fingerprint`` is of what they may see now: where that has changed, there is none.
    """
    kept = Copy.objects.filter(
        plan=plan_id, viewer=viewer.pk, layout=Copy.Layout.NORMAL, language=language, state=Copy.State.MADE
    )
    file = kept.filter(fingerprint=fingerprint, until__gt=now).values_list("file", flat=True).first()
    return bytes(file) if file else None


def _view(copy: Copy, viewer: Any, now: datetime) -> CopyView:
    with translation.override(copy.language):
        page = plan_page(plan_id=copy.plan_id, viewer=viewer, now=now)
        return CopyView(
            id=copy.pk,
            layout=copy.layout,
            layout_words=str(copy.get_layout_display()),
            language=copy.language,
            state=copy.state,
            asked_at=copy.asked_at,
            fingerprint=copy.fingerprint,
            page=chosen(page, copy.sections),
            file=bytes(copy.file),
        )


def _holds(page: PlanView, section: SectionView) -> bool:
    opening = section.key == "now" and page.opening
    return bool(section.entries or opening or (section.key == "people" and page.walkers))
