"""The clock names tasks that exist, and a tick that nobody picked up does not pile up."""

from config.celery import app


def test_every_task_of_the_clock_exists() -> None:
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named
    assert named <= set(app.tasks)


def test_every_tick_ends_by_the_time_of_the_next() -> None:
    for name, entry in app.conf.beat_schedule.items():
        every = getattr(entry["schedule"], "run_every", None)
        if every is not None:
            assert entry["options"]["expires"] <= every.total_seconds(), name
        assert entry["options"]["expires"] > 0


def test_a_task_that_is_running_is_not_handed_out_again() -> None:
    options = app.conf.broker_transport_options
    assert options.get("visibility_timeout", 10**9) > app.conf.task_time_limit
