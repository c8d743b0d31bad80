"""A real browser, and the real service on a database of its own: web server, worker and clock, each its own process."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, sync_playwright

from config import embedded
from config.demo import stop_process
from tests.conftest import FOLDER, HERE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
LONGEST_START = 60
KEY_NAMES = ("SECRET_KEY", "CODE_KEY", "FAIR_KEY")
# A town that was built by one process is used by others, each with a folder, and so with keys, of its own.
KEYS = {key: f"{key} of the journeys alone, which keep nothing for longer than they take" for key in KEY_NAMES}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # nothing may leave the machine
PHONE, LAPTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")  # while it is open its event loop runs, and Django's own tests beside it would not
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("missing: chromium. The journeys were not walked in a real browser.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Place:
    """The running service: where it is, and its database."""

    url: str
    environment: dict[str, str]

    def manage(self, *command: str) -> str:
        return _manage(self.environment, *command)


def _manage(environment: dict[str, str], *command: str) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=HERE, env=environment, capture_output=True, text=True, check=True
    ).stdout


def _address(database: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(database)}"))


def _pattern(*, town: bool) -> str:
    """The name of a database of which each service gets a copy: made once for a run of the tests, whose processes share it."""
    kind, run = "town" if town else "empty", os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    name = f"pattern {kind} {run}"
    with (
        (HERE / "var" / "pattern.lock").open("w") as lock,
        psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = {
            made for (made,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'pattern %'")
        }
        if name in there:
            return name
        for old in {made for made in there if not made.endswith(run)} | {"unfinished"}:
            connection.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
        connection.execute('CREATE DATABASE "unfinished"')
        environment = {**os.environ, **KEYS, "DATABASE_URL": _address("unfinished")}
        _manage(environment, "migrate", "--verbosity", "0")
        if town:
            _manage(environment, "populate")
        connection.execute(f'ALTER DATABASE "unfinished" RENAME TO "{name}"')
    return name


@contextmanager
def running(name: str, *, worker: bool, town: bool) -> Iterator[Place]:
    """The whole service on an empty database of its own (with the demo town in it if asked), then nothing of it."""
    # The test processes share one database server, and each has a town: the folder tells them apart.
    database, pattern = f"{name} of {FOLDER.name}", _pattern(town=town)
    url = _address(database)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{pattern}"')
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        **KEYS,
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "MESSAGE_HOURS": "0-24",  # the journey is walked at any hour of the day
        "PYTHONWARNINGS": "default",
    }
    redis = embedded.start_redis(folder)
    processes: list[subprocess.Popen[bytes]] = [redis] if redis else []
    place = Place(f"http://127.0.0.1:{port}", environment)
    try:
        if not redis:
            place.manage("createcachetable")
        processes.append(_start(["gunicorn", "-c", "config/gunicorn.py", "config.wsgi"], place, folder / "web.log"))
        if worker:
            beat = ["celery", "-A", "config", "worker", "-P", "threads", "-c", "2", "-B", "-s", str(folder / "beat")]
            processes.append(_start([*beat, "--loglevel", "WARNING"], place, folder / "worker.log"))
        _wait(place, folder)
        yield place
    finally:
        for process in reversed(processes):
            stop_process(process)


def _start(module: list[str], place: Place, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=HERE,
            env=place.environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )


def _wait(place: Place, folder: Path) -> None:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{place.url}/help-now/", timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError((folder / "web.log").read_text(errors="replace")[-3000:])


@pytest.fixture(scope="session")
def empty_place() -> Iterator[Place]:
    """The service on an empty database, with the real worker and its clock."""
    with running("journey", worker=True, town=False) as place:
        yield place


@pytest.fixture(scope="session")
def town() -> Iterator[Place]:
    """The service with the demo town in it."""
    with running("town", worker=False, town=True) as place:
        yield place


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Somebody with a browser of their own: ``visitor(place, size=PHONE, scripts=False)``."""
    contexts: list[BrowserContext] = []

    def come(place: Place, *, size: dict[str, int] = PHONE, scripts: bool = True) -> Page:
        context = browser.new_context(base_url=place.url, viewport=size, java_script_enabled=scripts, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        page.strangers = []  # what the page asked of anybody else

        def look(request: Request) -> None:
            if not request.url.startswith(place.url):
                page.strangers.append(request.url)

        context.on("request", look)
        return page

    yield come
    for context in contexts:
        context.close()


def go(page: Page, through: Locator) -> None:
    """Press what leads to another page (or to this one anew), and wait until all of that page is there.

    A press alone ends when the answer begins: a test that then counts what is there counts half a page, now and then.
    """
    with page.expect_event("domcontentloaded"):
        through.click()


def press(page: Page, name: str) -> None:
    go(page, page.get_by_role("button", name=name, exact=True))


def follow(page: Page, name: str) -> None:
    go(page, page.get_by_role("link", name=re.compile(name)).first)


def be(page: Page, name: str) -> None:
    """One of those who live in the demo's town."""
    page.goto("/demo/")
    go(page, page.get_by_role("button", name=re.compile(rf"^\s*Be {name}\b")).first)


def eventually(page: Page, address: str, words: str, seconds: float = 40) -> None:
    """Load a page again until it says ``words``: for what the worker does in its own time."""
    deadline = time.monotonic() + seconds
    while True:
        page.goto(address)
        if page.get_by_text(words).count():
            return
        assert time.monotonic() < deadline, f"{address} never said: {words}\n{page.inner_text('main')}"
        time.sleep(1)
