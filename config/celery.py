"""The Celery app, and everything that happens by the clock, in one place.

Every task is a sweep over the database that can run twice, late, or in two workers at once. So a tick that nobody
picked up before the next one is dropped: the next one does its work.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab, schedule
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("front-door")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def every(seconds: int) -> dict[str, Any]:
    return {"schedule": schedule(run_every=seconds), "options": {"expires": seconds}}


@app.on_after_configure.connect
def set_the_clock(sender: Celery, **_kwargs: Any) -> None:
    """Set once the settings have been read, so that a process that only imports this does not read them."""
    # Somebody looking at the demo should not have to wait; a team does not need the answer within seconds.
    sender.conf.beat_schedule = {
        "notice who has gone quiet": {"task": "cases.tasks.notice_quiet", **every(10 if settings.DEMO else 300)},
        "send what is due": {"task": "cases.tasks.send_messages", **every(3 if settings.DEMO else 10)},
        "forget copies": {"task": "cases.tasks.tend_copies", **every(60)},
        "mix what people answered about themselves": {
            "task": "frontdoor.tasks.mix_answers",
            "schedule": crontab(hour=3, minute=50),
            "options": {"expires": 3600},
        },
        "forget unfinished stories": {
            "task": "frontdoor.tasks.forget_drafts",
            "schedule": crontab(hour=3, minute=40),
            "options": {"expires": 3600},
        },
    }


@setup_logging.connect
def leave_logging_to_django(**_kwargs: Any) -> None:
    """Having a receiver here stops Celery from replacing the LOGGING of config/settings.py with its own."""
