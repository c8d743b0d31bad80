"""The demo, run as people run it: it starts, keeps what was there, stops whole, and says what is wrong."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.demo import Demo

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """A demo in a process of its own, in a folder of its own."""

    def __init__(self, folder: Path, port: int, *arguments: str) -> None:
        self.folder, self.port = folder, port
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.demo", *arguments],
            cwd=ROOT, env=kept | {"DATA_DIR": str(folder), "PORT": str(port)},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.said = ""

    def until_ready(self) -> "Running":
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Ctrl-C"):
                return self
        self.process.communicate()
        raise AssertionError(f"The demo did not get ready:\n{self.said}")

    def until_stopped(self, with_signal: signal.Signals | None = None) -> int:
        if with_signal:
            self.process.send_signal(with_signal)
        rest, _ = self.process.communicate(timeout=60)
        self.said += rest
        return self.process.returncode

    def left_behind(self) -> list[psutil.Process]:
        """Every process that has this folder on its command line, or in what it was started with."""
        found = []
        for process in psutil.process_iter():
            try:
                about = " ".join(process.cmdline()) + process.environ().get("DATA_DIR", "") + " "
                if re.search(rf"{self.folder}\W", about) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def health(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/health/")
        answer = connection.getresponse().status
        connection.close()
        return answer

    def part(self, module: str) -> psutil.Process:
        """The process that the demo started for one of its parts."""
        (found,) = [
            child
            for child in psutil.Process(self.process.pid).children()
            if f" {module} " in " ".join(child.cmdline())
        ]
        return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a demo that ran once, and was stopped as people stop it."""
    folder = tmp_path_factory.mktemp("demo")
    first = Running(folder, free_port()).until_ready()
    assert first.health() == 200
    other = Running(folder, free_port())
    assert other.until_stopped() == 1
    assert "The demo is already running" in other.said
    assert first.until_stopped(signal.SIGINT) == 0
    assert first.left_behind() == []
    yield folder
    for process in first.left_behind():
        process.kill()


def accounts(folder: Path) -> list[str]:
    """Who lives in the town of this folder."""
    show = "from teams.models import User; print(*sorted(User.objects.values_list('pk', flat=True)))"
    environment = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": "", "REDIS_URL": ""}
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", show],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.split()


def test_it_starts_again_with_the_town_as_it_was(town: Path) -> None:
    before, key = accounts(town), (town / "secret_key").read_text()
    again = Running(town, free_port()).until_ready()
    assert again.health() == 200
    assert again.until_stopped(signal.SIGTERM) == 0
    assert again.left_behind() == []
    assert before
    assert accounts(town) == before
    assert (town / "secret_key").read_text() == key


def test_when_the_database_dies_everything_stops_and_says_so(town: Path) -> None:
    demo = Running(town, free_port()).until_ready()
    psutil.Process(int((town / "postgres" / "postmaster.pid").read_text().split()[0])).kill()
    assert demo.until_stopped() == 1
    assert "The database stopped by itself, so everything stops." in demo.said
    assert demo.left_behind() == []


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_when_a_part_dies_everything_stops_and_says_so(town: Path, name: str) -> None:
    demo = Running(town, free_port()).until_ready()
    demo.part(name).kill()
    assert demo.until_stopped() == 1
    assert "stopped by itself, so everything stops." in demo.said
    assert demo.left_behind() == []


def test_starting_over_forgets_the_town_and_nothing_else(tmp_path: Path) -> None:
    for name in (
        "postgres/PG_VERSION",
        "redis/log",
        "mail/one",
        "beat",
        "web.log",
        "secret_key",
        "code_key",
        "my own.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("words")
    Demo(tmp_path, 8000).wipe()
    assert [path.name for path in tmp_path.iterdir()] == ["my own.txt"]


def test_a_port_that_is_taken_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = Running(tmp_path, port)
        assert demo.until_stopped() == 1
    assert f"Port {port} is taken" in demo.said
    assert f"make demo PORT={port + 1}" in demo.said
    assert demo.left_behind() == []


def test_a_port_that_is_no_number_is_said() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "config.demo"],
        cwd=ROOT,
        env=os.environ | {"PORT": "http"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "PORT is a number" in done.stderr
