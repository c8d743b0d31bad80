"""The whole service on one machine, with a made-up town in it: ``make demo`` runs this.

The parts are the real ones (PostgreSQL, Redis where there is one, the worker with its clock, the web server). They
start in order, stop in the opposite order, and if one dies the others stop too and a sentence says which.
"""

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config import embedded

LONGEST_STOP = 30  # seconds; then a part that will not stop is killed
LONGEST_START = 60
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Process = subprocess.Popen[bytes]


def say(words: str) -> None:
    print(words, flush=True)


class Demo:
    """The parts that run, and how each is stopped."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.parts: list[tuple[str, Process]] = []
        self.stops: list[Callable[[], None]] = []
        self.database_is_ours = False

    def start(self, *, fresh: bool) -> None:
        self._claim()
        if fresh:
            self.wipe()
        say("Starting the database ...")
        self._start_database()
        self._start_redis()
        say("Getting the town ready (the first time takes a minute) ...")
        prepare()
        say("Opening the door ...")
        self._run("web", ["gunicorn", "-c", "config/gunicorn.py", "config.wsgi"])
        self._wait_until_healthy()
        # After the web server, so that nobody waits for them: they catch up with whatever is due.
        celery = ["celery", "-A", "config"]
        self._run("worker", [*celery, "worker", "-P", "threads", "-c", "2", "--without-mingle", "-l", "WARNING"])
        # On its own and not inside the worker, where it would be a fork of a threaded process, and die unseen.
        self._run("clock", [*celery, "beat", "-s", str(self.folder / "beat"), "-l", "WARNING"])

    def watch(self) -> None:
        """Return when somebody stops the demo; raise when a part dies."""
        while True:
            self._all_alive()
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop everything, the last started first, so that nothing under way is lost."""
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        if self.stops:
            say("\nStopping ...")
        while self.stops:
            self.stops.pop()()

    def _claim(self) -> None:
        """Two demos in one folder would stop each other's database; a port that is taken is better said now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = (self.folder / "demo.lock").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"The demo is already running from {self.folder}. Stop it there first.") from None
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                raise SystemExit(
                    f"Port {self.port} is taken by something else. Stop that, or choose another: "
                    f"make demo PORT={self.port + 1}"
                ) from None

    def wipe(self) -> None:
        """Forget the town. By name, so that a folder that was given by mistake loses nothing of its own."""
        for name in ("postgres", "redis", "broker", "mail"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for path in [*self.folder.glob("beat*"), *self.folder.glob("*.log"), *self.folder.glob("*_key")]:
            path.unlink(missing_ok=True)

    def _start_database(self) -> None:
        if not os.environ.get("DATABASE_URL"):
            self.stops.append(lambda: embedded.stop_postgres(self.folder))
            os.environ["DATABASE_URL"] = embedded.database_url(self.folder)
            self.database_is_ours = True

    def _start_redis(self) -> None:
        if os.environ.get("REDIS_URL"):
            return
        process = embedded.start_redis(self.folder)
        if process is None:
            say("There is no redis-server on this machine: a queue of files does its work.")
            return
        self._keep("Redis", process)
        os.environ["REDIS_URL"] = embedded.redis_url(self.folder)

    def _run(self, name: str, module: list[str]) -> None:
        with self._log(name).open("wb") as log:
            # A session of its own: Ctrl-C is for us alone, and we stop the parts in order.
            process = subprocess.Popen(
                [sys.executable, "-m", *module],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._keep(name, process)

    def _keep(self, name: str, process: Process) -> None:
        self.parts.append((name, process))
        self.stops.append(lambda: stop_process(process))

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _all_alive(self) -> None:
        for name, process in self.parts:
            if process.poll() is not None:
                log = self._log(name)
                last = log.read_text(errors="replace").splitlines()[-30:] if log.exists() else []
                raise SystemExit("\n".join([*last, f"The {name} stopped by itself, so everything stops. See {log}."]))

        if self.database_is_ours and not embedded.postgres_is_running(self.folder):
            raise SystemExit(
                "The database stopped by itself, so everything stops. Start again: nothing saved is lost."
            )

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + LONGEST_START
        answer = "nothing"
        while time.monotonic() < deadline:
            self._all_alive()
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("GET", "/health/")
                answer = str(connection.getresponse().status)
                connection.close()
                if answer == "200":
                    return
            time.sleep(0.2)
        raise SystemExit(f"/health/ answered {answer} for {LONGEST_START} seconds. See {self._log('web')}.")


def prepare() -> None:
    """Bring the tables up to date, gather the styles and scripts, and fill an empty town."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", interactive=False, verbosity=0)
    if not settings.REDIS_URL:
        call_command("createcachetable", verbosity=0)
    collect_static()
    if not get_user_model().objects.exists():
        call_command("populate")
    connections.close_all()


def collect_static() -> None:
    """Gather the styles and scripts that are served, unless the ones gathered last time are still right."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    gathered = Path(settings.STATIC_ROOT) / "staticfiles.json"
    sources = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    if not gathered.exists() or any(path.stat().st_mtime > gathered.stat().st_mtime for path in sources):
        call_command("collectstatic", interactive=False, verbosity=0)


def stop_process(process: Process) -> None:
    process.terminate()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
    # Whatever it started itself and left behind.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def leave(*_: Any) -> None:
    """Stop, once: a second signal must not break into the stopping."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def main() -> None:
    os.environ["DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    port = os.environ.setdefault("PORT", "8000")
    if not port.isdigit():
        raise SystemExit("PORT is a number: make demo PORT=8001")
    # The default would end us at once, and leave the database running.
    for number in STOP_SIGNALS:
        signal.signal(number, leave)
    demo = Demo(embedded.data_dir(), int(port))
    began = time.monotonic()
    try:
        demo.start(fresh="--fresh" in sys.argv)
        here = f"http://127.0.0.1:{port}"
        say(
            f"""
Ready in {time.monotonic() - began:.0f} seconds. Everybody in this town is made up.

  The front door                 {here}/
  Be anybody in the town         {here}/demo/
  A team's day                   {here}/today/
  The huddle                     {here}/huddle/
  Messages that would be sent    {here}/demo/messages/

Ctrl-C stops it. Everything stays in {demo.folder} for next time; `make demo-fresh` starts over."""
        )
        demo.watch()
    except embedded.NotStarted as error:
        raise SystemExit(str(error)) from None
    finally:
        demo.stop()


if __name__ == "__main__":
    main()
