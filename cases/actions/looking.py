"""Who has looked: kept as it happens, and asked about by the person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.actions.agenda import put_on_agenda
from cases.models import Case, HuddleItem, Look, LookQuestion
from cases.permissions import NotAllowed, NotKnown, Permission, standing
from teams import languages

LOOKED = """
INSERT INTO cases_look (plan_id, viewer_id, what, at, "on", sections) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""


def look_at_plan(*, plan_id: UUID, what: str, sections: Collection[str], by: Any, now: datetime) -> None:
    """Keep that somebody was shown these parts of a plan just now: once a day for the same parts."""
    with connection.cursor() as cursor:
        cursor.execute(LOOKED, [plan_id, by.pk, Look.What(what), now, timezone.localdate(now), list(sections)])


@transaction.atomic
def ask_about_look(*, plan_id: UUID, look_id: int, words: str, by: Any, now: datetime) -> HuddleItem:
    """Bring the person's question about one look to the next huddle, and keep it beside the look.

    Raises NotKnown, and NotAllowed once they left.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    look = Look.objects.filter(pk=look_id, plan_id=plan_id).select_related("viewer").first()
    if look is None:
        raise NotKnown
    if at.sharing.case.state == Case.State.OPEN_DOOR:
        raise NotAllowed(_("You have stepped out, so the team does not meet about you. Call us, and we will answer."))
    with languages.for_the_team():
        why = _("About a look by %(who)s on %(day)s: %(words)s") % {
            "who": look.viewer.first_name,
            "day": date_format(timezone.localtime(look.at), "j F"),
            "words": words,
        }
    LookQuestion.objects.get_or_create(look=look, words=words[:500], defaults={"at": now})
    return put_on_agenda(at.sharing.case, kind=HuddleItem.Kind.QUESTION, by=by, now=now, why=why[:500])
