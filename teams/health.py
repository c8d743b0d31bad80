"""Is everything this place runs on well? For a machine that watches, so it says nothing about anybody."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread

from celery import current_app
from django.db import connection
from django.db.models import Q

from teams.models import Heartbeat, Message

# How old each clock job's last run may be: some periods, so that one late run wakes nobody.
LIMITS = {
    "notice_quiet": timedelta(minutes=15),
    "send_messages": timedelta(minutes=2),
    "forget_drafts": timedelta(hours=49),
    "mix_answers": timedelta(hours=49),
}
STUCK = timedelta(minutes=10)
PATIENCE = 1.5  # seconds for an answer; who watches gives up after two
STARTED = time.monotonic()


@dataclass(frozen=True)
class Health:
    database: bool
    queue: bool
    seconds_since: dict[str, int | None]  # each job's last run; None: it has not run yet
    late: tuple[str, ...]
    messages_stuck: int

    @property
    def well(self) -> bool:
        return self.database and self.queue and not self.late and not self.messages_stuck


def health(*, now: datetime) -> Health:
    """What answers and what is late. It takes two seconds at most, even where something hangs."""
    heartbeats: dict[str, datetime] = {}
    stuck: list[int] = []

    def ask_database() -> None:
        try:
            heartbeats.update(Heartbeat.objects.values_list("job", "at"))
            stuck.append(
                Message.objects.filter(
                    Q(state=Message.State.QUEUED, due_at__lt=now - STUCK)
                    | Q(state=Message.State.CLAIMED, claimed_at__lt=now - STUCK)
                ).count()
            )
        finally:
            connection.close()

    def ask_queue() -> None:
        with current_app.connection_for_read() as queue:
            queue.ensure_connection(max_retries=1, timeout=PATIENCE)

    database, queue = _both(ask_database, ask_queue)
    return Health(
        database=database,
        queue=queue,
        seconds_since={
            job: int((now - heartbeats[job]).total_seconds()) if job in heartbeats else None for job in LIMITS
        },
        late=tuple(job for job in LIMITS if database and _late(job, heartbeats.get(job), now)),
        messages_stuck=sum(stuck),
    )


def _late(job: str, at: datetime | None, now: datetime) -> bool:
    # A place that has only just been started had no time to run it.
    return time.monotonic() - STARTED > LIMITS[job].total_seconds() and (at is None or now - at > LIMITS[job])


def _both(*questions: Callable[[], None]) -> list[bool]:
    """Ask each in a thread of its own: a server that has frozen answers nobody, and only that thread waits for it."""
    answered = [False] * len(questions)

    def ask(number: int) -> None:
        # Whatever went wrong, the answer is the same: it is not well.
        with contextlib.suppress(Exception):
            questions[number]()
            answered[number] = True

    threads = [Thread(target=ask, args=[number], daemon=True) for number in range(len(questions))]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return list(answered)
