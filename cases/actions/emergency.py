"""Opening a plan that is not one's own, because somebody may be in danger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions.agenda import put_on_agenda
from cases.actions.plan import NothingWritten
from cases.models import EmergencyOpening, HuddleItem
from cases.permissions import check_may_open

LASTS = timedelta(hours=8)
SHORTEST = 10  # letters of a reason that the person can read


@transaction.atomic
def open_in_emergency(*, plan_id: UUID, why: str, by: Any, now: datetime) -> EmergencyOpening:
    """Open a plan for eight hours, to read, with a reason. The person is told, and the team talks about it.

    What the person keeps to themselves and their main person stays theirs. A second press changes nothing. Raises
    NotKnown, and NothingWritten without a reason.
    """
    sharing, member = check_may_open(by, plan_id, now, lock=True)
    if len(why.strip()) < SHORTEST:
        raise NothingWritten
    there = EmergencyOpening.objects.filter(plan=plan_id, member=member, until__gt=now).first()
    if there:
        return there
    made = EmergencyOpening.objects.create(
        plan_id=plan_id, member=member, why=why.strip(), opened_at=now, until=now + LASTS
    )
    reason = _("%(who)s opened the plan in an emergency: %(why)s") % {"who": by.first_name, "why": made.why}
    put_on_agenda(sharing.case, kind=HuddleItem.Kind.OPENED, by=by, now=now, why=reason[:500])
    return made
