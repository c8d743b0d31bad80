"""History's one door.

A recorded model changes only through :func:`record`, so that every change has somebody who made it, an organisation
they acted for, a moment and a reason. What would go round that door (``update``, ``bulk_*``, a bare ``save``) is refused.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models
from django.dispatch import receiver
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record


class NotRecorded(TypeError):
    """A recorded model was about to change without history; use ``record(instance, by=, why=, now=)``."""


class HistoryRow(models.Model):
    """What every history row also keeps: the organisation the change was made for (none when the person made it)."""

    written: ClassVar[str] = "history_date"

    organisation = models.ForeignKey("teams.Organisation", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class WrittenOnce(models.Model):
    """A model whose rows are history themselves: the database refuses to change them, and ``teams.chain`` watches them.

    Its migration says ``CALL teams_keep_history``. ``written`` names the column with the moment of a row.
    """

    written: ClassVar[str]

    class Meta:
        abstract = True


def recorded(**options: Any) -> HistoricalRecords:
    """The history of one recorded model; ``options`` go to simple-history (``excluded_fields`` for computed columns)."""
    return HistoricalRecords(bases=[HistoryRow], **options)


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise NotRecorded("This would leave no history: use record(instance, by=, why=, now=).")


class RecordedQuerySet(models.QuerySet):
    create = get_or_create = update_or_create = bulk_create = bulk_update = update = delete = _refuse
    acreate = aget_or_create = aupdate_or_create = abulk_create = abulk_update = aupdate = adelete = _refuse


class Recorded(models.Model):
    """A model whose every change is kept. Subclasses declare ``history = recorded()``."""

    objects = RecordedQuerySet.as_manager()

    class Meta:
        abstract = True

    _through_the_door = False

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._through_the_door:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


R = TypeVar("R", bound=Recorded)


def record(instance: R, *, by: Any, why: str, now: datetime, organisation_id: int | None = None) -> R:
    """Save ``instance`` and its history row: ``by`` the account that acted, ``why`` in words the person can read.

    ``organisation_id`` is the organisation a member acted for. Call it inside the action's transaction, on a row that was
    locked there: saving a stale object writes a history row that never happened.
    """
    instance._history_user = by  # type: ignore[attr-defined]
    instance._change_reason = why  # type: ignore[attr-defined]
    instance._history_date = now  # type: ignore[attr-defined]
    instance._history_organisation_id = organisation_id  # type: ignore[attr-defined]
    instance._through_the_door = True
    try:
        instance.save()
    finally:
        instance._through_the_door = False
    return instance


@receiver(pre_create_historical_record)
def _name_the_organisation(sender: Any, history_instance: Any, **kwargs: Any) -> None:
    history_instance.organisation_id = getattr(kwargs["instance"], "_history_organisation_id", None)
