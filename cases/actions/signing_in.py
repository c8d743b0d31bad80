"""Which of a person's ways may also sign them in by a one-time code: those that nobody else reads."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from cases.models import Person, Way
from teams import addresses
from teams.models import User

FIELD = {Way.Kind.TEXT: ("phone", addresses.uk_mobile), Way.Kind.EMAIL: ("email", addresses.email)}


def sign_in_by(person: Person, way: Way) -> None:
    """Let ``way`` sign the person in, if it is a text or an e-mail that they said nobody else sees; otherwise no longer.

    An address that already signs somebody else in stays theirs: two people may share a telephone, and neither may open
    the other's plan with it.
    """
    if way.kind not in FIELD:
        return
    field, normal = FIELD[Way.Kind(way.kind)]
    safe = way.others == Way.Others.NO and way.ended_at is None
    address = normal(way.to) if safe else None
    try:
        with transaction.atomic():
            User.objects.filter(pk=person.user_id).update(**{field: address})
    except IntegrityError:
        User.objects.filter(pk=person.user_id).update(**{field: None})
