"""What a member reads before they open a plan in an emergency, and what the person reads afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from cases.models import EmergencyOpening, Plan
from cases.permissions import check_may_open
from cases.queries.plan import NO_NAME


def whose_plan(*, plan_id: UUID, viewer: Any, now: datetime) -> str | Promise:
    """The name of somebody whose plan the viewer may open in an emergency. Raises NotKnown."""
    sharing, _member = check_may_open(viewer, plan_id, now)
    return sharing.plan.person.name_used or NO_NAME


def openings_of(plan: Plan) -> Iterable[EmergencyOpening]:
    """Each time the plan was opened in an emergency, the newest first; for the person's own pages."""
    return EmergencyOpening.objects.filter(plan=plan).select_related("member__user", "member__organisation")
