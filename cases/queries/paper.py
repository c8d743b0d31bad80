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
from cases.permissions import NotKnown, standing
from cases.queries import past
from cases.queries.beside import OPENING, RATED_ENTRY, SUGGESTED
from cases.queries.plan import SAYS, TELLS_CHANGE, EntryView, PlanView, SectionView, outline, plan_page
from cases.sections import Circle
from teams import statements

CARD = "hard"  # the pocket card holds this section alone
MINE = "mine"  # with it comes, to the person, what only they can see in other parts


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


@dataclass(frozen=True)
class WholeCopy:
    """The quick way's copy: what its reader sees of the plan, and the copy, unless it is still to be made."""

    outline: PlanView
    fingerprint: str  # of everything that it is made from
    file: bytes


# Everything that a copy says of what a viewer may see in a plan, as one word that is another when any of it is; and the
# copy that was made from just that, if there is one. Since when an entry is open to them makes no difference to one that is
# as it was added, and beside which nothing stands. What the person alone can see is not on theirs, and so it is theirs alone
# again when a name on it is over.
MADE = f"""
WITH held (fingerprint) AS MATERIALIZED (SELECT encode(sha256(convert_to(concat(
    %(made_from)s::text, (
        SELECT string_agg(
            concat(
                ROW({SAYS}, e.position, e.added_at, e.changed_at), {SUGGESTED}, {RATED_ENTRY}, {TELLS_CHANGE},
                CASE WHEN %(is_person)s THEN concat(e.circle, ' ', {past.SOMEBODY_NAMED_IN}) END
            ), ' ' ORDER BY e.id
        )
        FROM cases_entry e JOIN teams_user a ON a.id = e.author_id
        LEFT JOIN LATERAL (
            SELECT opened.at, opened.began_at FROM (SELECT) one {past.OPENED}
            WHERE e.version > 1 OR EXISTS (SELECT FROM cases_suggestion s WHERE s.entry_id = e.id)
        ) opened ON true
        WHERE e.plan_id = %(plan)s AND e.removed_at IS NULL AND {past.SEEN}
    ),
    (SELECT o::text FROM ({OPENING}) o WHERE 'now/' = ANY(%(seen)s))
), 'UTF8')), 'hex'))
SELECT held.fingerprint, (
    SELECT file FROM cases_copy c WHERE c.plan_id = %(plan)s AND c.viewer_id = %(viewer)s AND layout = 'normal'
    AND state = 'made' AND language = %(language)s AND c.fingerprint = held.fingerprint AND until > %(now)s
    ORDER BY asked_at DESC LIMIT 1
)
FROM held
"""  # noqa: S608 - words of our own


def parts(page: PlanView) -> list[tuple[str, str | Promise]]:
    """The parts of a plan that there is something to copy of."""
    shown = {section.key for section in without_only_mine(page).sections if _holds(page, section)} | only_mine(page)
    return [(section.key, section.title) for section in page.sections if section.key in shown]


def only_mine(page: PlanView) -> set[str]:
    """The parts with what only the person can see: on none of their copies unless they say so, for others find copies."""
    closed = {section.key for section in page.sections if section.only_mine and _holds(page, section)}
    return closed | {MINE} if page.opening_only_mine or any(map(_kept_back, page.sections)) else closed


def has_card(page: PlanView) -> bool:
    """Whether this reader may have the pocket card; it may be empty, to be written on by hand."""
    return any(section.key == CARD for section in page.sections)


def chosen(page: PlanView, chose: Collection[str], *, layout: str) -> PlanView:
    """Of what the reader may see, only what they chose."""
    if MINE not in chose and layout != Copy.Layout.POCKET:
        page = without_only_mine(page, chose)
    kept = tuple(section for section in page.sections if section.key in chose)
    if "now" in chose:
        return replace(page, sections=kept)
    return replace(page, sections=kept, opening="", opening_at=None)


def without_only_mine(page: PlanView, but: Collection[str] = ()) -> PlanView:
    """The same plan without what only the person can see, who reads it; ``but`` are parts that they chose as they are."""
    found = [section for section in page.sections if not section.only_mine or section.key in but]
    kept = tuple(replace(section, entries=_without(section, _kept_back(section))) for section in found)
    if not page.opening_only_mine and any(section.key == "now" for section in kept):
        return replace(page, sections=kept)
    return replace(page, sections=kept, opening="", opening_at=None)


def copy_of(*, plan_id: UUID, copy_id: UUID, viewer: Any, now: datetime) -> CopyView:
    """A copy that this viewer asked for. Raises NotKnown for anybody else's, once it is gone, or its only part closed."""
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


def whole_copy(*, plan_id: UUID, language: str, frame: dict[str, str], viewer: Any, now: datetime) -> WholeCopy:
    """The copy of all that this viewer may see, in the usual print. Raises NotKnown when they may not know of the plan.

    ``frame`` is what every copy in that language says. The file is there if one was made within the hour from just what
    they may see now: not even how long it takes says whether something changed that is hidden from them.
    """
    at = standing(viewer, plan_id, now)
    seen = outline(at)
    # Of all that is known of somebody only this is on paper; what else is said of a part is always the same.
    shown = [(section.key, section.only_mine) for section in seen.sections]
    walkers = [replace(walker, here=False) for walker in seen.walkers]
    made_from = repr((seen.name, seen.is_person, shown, walkers, frame))
    given = past.given(at) | {"made_from": made_from, "language": language}
    ((fingerprint, file),) = statements.rows(MADE, given)
    return WholeCopy(outline=seen, fingerprint=fingerprint, file=bytes(file or b""))


def _view(copy: Copy, viewer: Any, now: datetime) -> CopyView:
    with translation.override(copy.language):
        whole = plan_page(plan_id=copy.plan_id, viewer=viewer, now=now)
        page = chosen(whole, copy.sections, layout=copy.layout)
        if copy.layout == Copy.Layout.POCKET and not has_card(page):
            raise NotKnown  # the one part that it holds is closed to them now
        return CopyView(
            id=copy.pk,
            layout=copy.layout,
            layout_words=str(copy.get_layout_display()),
            language=copy.language,
            state=copy.state,
            asked_at=copy.asked_at,
            fingerprint=copy.fingerprint,
            page=page,
            file=bytes(copy.file),
        )


def _holds(page: PlanView, section: SectionView) -> bool:
    opening = section.key == "now" and (page.opening or page.ratings.said)
    return bool(section.entries or opening or (section.key == "people" and page.walkers))


def _kept_back(section: SectionView) -> list[EntryView]:
    """What only the person can see in a part that others can see too."""
    alone = [entry for entry in section.entries if entry.sees_words and entry.circle == Circle.ME and not entry.let_in]
    return [] if section.only_mine else alone


def _without(section: SectionView, kept_back: list[EntryView]) -> tuple[EntryView, ...]:
    return tuple(entry for entry in section.entries if entry not in kept_back)
