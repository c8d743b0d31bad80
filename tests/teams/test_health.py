"""The page for the machine that watches: well or not, quickly, and nothing about anybody."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from teams import health
from teams.models import Heartbeat, Message
from tests.factories import make_member

# The page asks in a thread of its own, which sees only what has been committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def long_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 10**6)


def all_jobs_ran(ago: timedelta = timedelta(0)) -> None:
    for job in health.LIMITS:
        Heartbeat.objects.update_or_create(job=job, defaults={"at": timezone.now() - ago})


def test_when_all_is_well_it_says_so_and_names_nobody(client: Client, long_running: None) -> None:
    make_member(name="Jo Bevan")
    all_jobs_ran()
    answer = client.get("/health/")
    assert answer.status_code == 200
    said = answer.json()
    assert (said["well"], said["database"], said["queue"], said["late"]) == (True, True, True, [])
    assert set(said) == {"well", "database", "queue", "seconds_since", "late", "messages_stuck"}
    assert "Jo" not in answer.content.decode()


@pytest.mark.parametrize("job", health.LIMITS)
def test_a_job_that_has_not_run_for_too_long_is_not_well(client: Client, long_running: None, job: str) -> None:
    all_jobs_ran()
    Heartbeat.objects.filter(job=job).update(at=timezone.now() - health.LIMITS[job] - timedelta(seconds=5))
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["late"]) == (503, [job])
    Heartbeat.objects.filter(job=job).delete()
    assert client.get("/health/").json()["late"] == [job]


def test_a_place_that_has_just_been_started_has_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "STARTED", time.monotonic())
    assert client.get("/health/").status_code == 200


@pytest.mark.parametrize("state", ["queued", "claimed"])
def test_a_message_that_should_have_gone_is_not_well(client: Client, state: str) -> None:
    before = timezone.now() - health.STUCK - timedelta(minutes=1)
    Message.objects.create(
        key="k", channel="email", to="sam@example.org", body="Hi", state=state, written_at=before, due_at=before,
        claimed_at=before if state == "claimed" else None,
    )  # fmt: skip
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["messages_stuck"]) == (503, 1)
    assert "sam@" not in answer.content.decode()


def test_a_message_for_later_is_not_stuck(client: Client) -> None:
    now = timezone.now()
    Message.objects.create(
        key="k", channel="email", to="a@b.c", body="Hi", written_at=now, due_at=now + timedelta(days=1)
    )
    assert client.get("/health/").json()["messages_stuck"] == 0


@pytest.mark.parametrize("how", ["away", "frozen"])
def test_it_answers_within_two_seconds_when_the_database_does_not(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        monkeypatch.setitem(connection.settings_dict, "PORT", str(silent.getsockname()[1]))
        if how == "away":
            silent.close()
        began = time.monotonic()
        answer = client.get("/health/")
        took = time.monotonic() - began
    assert took < 2
    assert answer.status_code == 503
    assert answer.json()["database"] is False


def test_it_says_when_the_queue_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from celery import Celery

    lost = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    monkeypatch.setattr(health, "current_app", lost)
    began = time.monotonic()
    answer = client.get("/health/")
    assert time.monotonic() - began < 2
    assert (answer.status_code, answer.json()["queue"]) == (503, False)
