"""Nothing unsafe starts, and each refusal is a sentence that says what to set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

PRODUCTION = {
    "SITE_URL": "https://hello.example.org",
    "SECRET_KEY": "a-key-for-this-test-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
    "CODE_KEY": "another-key-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "FAIR_KEY": "a-third-key-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgresql://frontdoor:words@database.example.org:5432/frontdoor?sslmode=require",
    "REDIS_URL": "rediss://:words@redis.example.org:6379",
    "TEAM_PHONE": "01632 960 100",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_FROM": "hello@example.org",
}
DEMO = {
    "DEMO": "1",
    "DATABASE_URL": "postgresql:///none",
    "SECRET_KEY": PRODUCTION["SECRET_KEY"],
    "CODE_KEY": PRODUCTION["CODE_KEY"],
    "FAIR_KEY": PRODUCTION["FAIR_KEY"],
}


def start(settings: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run one command in a process of its own, with these settings and no others."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", **settings}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)


def refusal(settings: dict[str, str]) -> str:
    """What starting with these settings says: nothing, when it starts."""
    done = start(settings, "-c", "from django.conf import settings; settings.DEBUG")
    if done.returncode == 0:
        return ""
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: "), done.stderr
    return last.partition(": ")[2]


def test_a_safe_set_up_starts() -> None:
    assert refusal(PRODUCTION) == ""
    assert refusal(DEMO) == ""


def test_a_safe_set_up_passes_every_check_for_deployment() -> None:
    done = start(PRODUCTION, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_outside_the_demo_each_of_these_must_be_set(name: str) -> None:
    without = {key: value for key, value in PRODUCTION.items() if key != name}
    assert refusal(without).startswith(f"Set {name}: ")
    assert refusal({**without, name: "  "}).startswith(f"Set {name}: ")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({**PRODUCTION, "SITE_URL": "http://hello.example.org"}, "SITE_URL must start with https://"),
        ({**PRODUCTION, "SITE_URL": "https://example.org/hello"}, "SITE_URL must be an address without a path"),
        ({**PRODUCTION, "SITE_URL": "https://"}, "SITE_URL must be an address without a path"),
        ({**PRODUCTION, "SECRET_KEY": "short"}, "SECRET_KEY is too easy to guess"),
        ({**PRODUCTION, "SECRET_KEY": "ab" * 30}, "SECRET_KEY is too easy to guess"),
        ({**PRODUCTION, "CODE_KEY": "short"}, "CODE_KEY is too easy to guess"),
        ({**PRODUCTION, "FAIR_KEY": "short"}, "FAIR_KEY is too easy to guess"),
        ({**PRODUCTION, "FAIR_KEY": PRODUCTION["CODE_KEY"]}, "FAIR_KEY must be a key of its own"),
        ({**PRODUCTION, "DATABASE_URL": "sqlite:///db.sqlite3"}, "DATABASE_URL must start with postgresql://"),
        ({**PRODUCTION, "REDIS_URL": "redis://redis.example.org:6379"}, "REDIS_URL must carry a password"),
        ({**PRODUCTION, "REDIS_URL": "amqp://:words@example.org"}, "REDIS_URL must be redis://"),
        ({**PRODUCTION, "DEMO": "yes"}, "Set DEMO to 1"),
        ({**PRODUCTION, "SUPPORTERS_WAIT_HOURS": "a day"}, "Set SUPPORTERS_WAIT_HOURS to a number of hours"),
        ({**DEMO, "SITE_URL": "https://hello.example.org"}, "DEMO=1 lets anybody be anybody"),
        ({**DEMO, "DATABASE_URL": PRODUCTION["DATABASE_URL"]}, "DEMO=1 must not reach a database on another machine"),
        (
            {**DEMO, "DATABASE_URL": "postgresql:///town?host=database.example.org"},
            "DEMO=1 must not reach a database on another machine",
        ),
    ],
)
def test_an_unsafe_set_up_does_not_start(settings: dict[str, str], sentence: str) -> None:
    assert refusal(settings).startswith(sentence)


def test_every_part_of_a_database_address_is_used() -> None:
    url = "postgresql://a%40b:c%2Fd@host.example.org:6543/the%20name?sslmode=require"
    show = "from django.conf import settings; print(settings.DATABASES['default'])"
    done = start({**PRODUCTION, "DATABASE_URL": url}, "-c", show)
    for part in ("'a@b'", "'c/d'", "'host.example.org'", "'6543'", "'the name'", "'sslmode': 'require'"):
        assert part in done.stdout, done


def test_the_queue_and_the_cache_do_not_share_a_database() -> None:
    show = "from django.conf import settings as s; print(s.CELERY_BROKER_URL, s.CACHES['default']['LOCATION'])"
    queue, cache = start(PRODUCTION, "-c", show).stdout.split()
    assert (queue, cache) == ("rediss://:words@redis.example.org:6379/0", "rediss://:words@redis.example.org:6379/1")
    queue, cache = start({**PRODUCTION, "REDIS_URL": "unix:///run/redis.sock"}, "-c", show).stdout.split()
    assert (queue, cache) == ("redis+socket:///run/redis.sock?virtual_host=0", "unix:///run/redis.sock?db=1")
