"""The real parts that every test runs on: PostgreSQL, and Redis where there is one, started here and stopped here."""

import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from secrets import randbelow
from typing import IO, Any

import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from config import embedded  # noqa: E402 - it is found through the line above

# What a real part did for the tests on other machines and could not do on this one; said loudly at the end.
MISSING: list[str] = []


def claim_folder() -> tuple[Path, IO[str]]:
    """A data folder that no other test run is using. It is kept, because making a database takes a second."""
    for number in count(1):
        folder = HERE / "var" / f"test-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return folder, lock
    raise AssertionError("count() does not end")


def hurry(url: str) -> None:
    """Do not wait for the disk: what a test writes need not outlive a power cut."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


# How fast this machine makes up an example, or runs it, says nothing about what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

FOLDER, LOCK = claim_folder()
# Python would end at once, and leave the database running.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

os.environ |= {"DEMO": "1", "DATA_DIR": str(FOLDER), "DJANGO_SETTINGS_MODULE": "config.settings"}
for name in ("SITE_URL", "REDIS_URL", "SECRET_KEY", "PORT"):
    os.environ.pop(name, None)
if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = embedded.database_url(FOLDER)
    hurry(os.environ["DATABASE_URL"])
    OURS = True
else:
    OURS = False
shutil.rmtree(FOLDER / "redis", ignore_errors=True)
REDIS = embedded.start_redis(FOLDER)
if REDIS is None:
    MISSING.append("Redis: the queue was files, and the cache a table.")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each process beside this one find its own folder and Redis before it reads the settings.

    With these two it would read them at once, and use this one's Redis: a cache that another test empties half-way.
    A set has the same order in all of them, and another in the next run: they must collect the same tests.
    """
    os.environ.setdefault("PYTHONHASHSEED", str(randbelow(2**32)))
    for name in ("DJANGO_SETTINGS_MODULE", "DATA_DIR"):
        os.environ.pop(name)


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One process more than there are cores: whoever walks a journey waits for a browser and a server half of the time."""
    return (yield) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Beside another process, begin with the files that take long: the last one would leave the other with nothing to do."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not set(item.path.parts).intersection({"journeys", "matrix", "config"}))


def pytest_configure() -> None:
    from django.conf import settings

    from config.translations import compile_all

    compile_all()
    # A real one takes its time on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not (HERE / "static_built").exists():
        MISSING.append("The page kit: run `make test`, or `npm ci && npm run build`, once.")
        settings.STATICFILES_DIRS = []


@pytest.fixture(scope="session", autouse=True)
def gathered_static() -> None:
    """Pages are tested with the styles and scripts that are served."""
    from config.demo import collect_static

    with (HERE / "var" / "static.lock").open("w") as lock:  # two test processes share the folder
        fcntl.flock(lock, fcntl.LOCK_EX)
        collect_static()


@pytest.fixture(scope="session", autouse=True)
def history_can_be_emptied() -> Iterator[None]:
    """After a test that commits, Django empties every table; here alone the guard of history steps aside, for that."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    from teams.chain import LINKS

    empty = DatabaseOperations.sql_flush

    def sql_flush(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'history_stays'")
            guarded = [table for (table,) in cursor.fetchall()]
        return [
            *(f"ALTER TABLE {table} DISABLE TRIGGER history_stays" for table in guarded),
            *empty(self, style, [*tables, LINKS], **options),
            *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER history_stays" for table in guarded),
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still, on the Tuesday morning on which everybody of the factories is here."""
    from tests.factories import NOW

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What one test left in the cache (a limit that was reached, say), or the language it read in, is gone for the next."""
    yield
    from frontdoor.queries.conversation import _script

    _script.cache_clear()  # the numbers of versions come again where a test has emptied the tables
    from django.utils import translation

    translation.deactivate()
    if REDIS is not None:
        from django.core.cache import cache

        cache.clear()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly what was not tested. A test that lacks a real part skips with a reason that begins "missing:"."""
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])}
    missing = MISSING + sorted(reason for reason in reasons if "missing:" in reason)
    if missing:
        terminalreporter.section("NOT TESTED ON THE REAL THING", sep="!", red=True, bold=True)
        for line in missing:
            terminalreporter.line(f"  {line.removeprefix('Skipped: ')}", red=True)


def pytest_unconfigure() -> None:
    if REDIS is not None:
        REDIS.terminate()
        REDIS.wait()
    if OURS:
        with suppress(ImportError):
            embedded.stop_postgres(FOLDER)
    LOCK.close()
