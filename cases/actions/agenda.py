"""Putting somebody on the agenda of the next huddle: shared by every action that leads to one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from cases.models import Case, HuddleItem
from cases.pace import add_working_days
from teams.models import Huddle, Team

HUDDLE_HOUR = 9


def next_huddle(team: Team, now: datetime) -> Huddle:
    """The huddle that something said at ``now`` comes to: the one that is being held, or else the next morning's."""
    local = timezone.localtime(now)
    today = local.date()
    open_now = Huddle.objects.filter(team=team, on=today, began_at__isnull=False, ended_at=None).first()
    if open_now:
        return open_now
    on = add_working_days(today if local.hour < HUDDLE_HOUR else today + timedelta(days=1), 0)
    while Huddle.objects.filter(team=team, on=on, ended_at__isnull=False).exists():
        on = add_working_days(on + timedelta(days=1), 0)
    return Huddle.objects.get_or_create(team=team, on=on)[0]


def put_on_agenda(case: Case, *, kind: str, by: Any, now: datetime, why: str = "") -> HuddleItem:
    """Put a case on the next huddle's agenda. Once there it stays until the team has decided; urgency may only rise.

    What is there already for something that needs nobody's words gives way to what does, or to what lets somebody in.
    """
    item = HuddleItem.objects.select_for_update().filter(case=case, decided_at=None).first()
    if item is None:
        return HuddleItem.objects.create(
            case=case,
            huddle=next_huddle(case.team, now),
            kind=kind,
            why=why,
            brought_by=by,
            put_on_at=now,
        )
    if _weight(kind) > _weight(item.kind):
        item.kind = kind
    item.why = "\n".join(filter(None, [item.why, why]))[:500]
    item.save(update_fields=["kind", "why"])
    return item


def _weight(kind: str) -> int:
    return (kind in HuddleItem.LETS_IN) + (kind in HuddleItem.OPENS) + (kind == HuddleItem.Kind.TODAY)
