"""Who may change the questions: any member of the team at the front door, whoever they work for. Others know of no draft."""

from __future__ import annotations

from typing import Any

from teams.models import Membership, Team
from teams.permissions import NotAMember, membership_in


def check_edits(user: Any) -> Membership:
    """The account's membership of the team at the front door; raises NotAMember."""
    team = Team.objects.filter(is_front_door=True).first()
    if team is None:
        raise NotAMember
    return membership_in(user, team.pk)
