"""How fast is it, and how far from the least that could do the same? ``make bench`` prints a table.

It runs on a database of its own in var/bench, which it empties again. Times are of this machine and this minute; only
the ratios, measured side by side, say anything elsewhere (docs/decisions and the design paper on speed say why each).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "var" / "bench"


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench", description="Measure the service against its limits.")
    asked.add_argument("--people", type=int, default=100_000, help="how many people the sweep looks over")
    people = max(asked.parse_args().people, 1_000)
    began = time.monotonic()
    from config import embedded

    os.environ |= {"DEMO": "1", "DATA_DIR": str(FOLDER), "DJANGO_SETTINGS_MODULE": "config.settings"}
    for name in ("DATABASE_URL", "REDIS_URL", "SITE_URL", "SECRET_KEY"):
        os.environ.pop(name, None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    redis = embedded.start_redis(FOLDER)
    if redis is not None:
        os.environ["REDIS_URL"] = embedded.redis_url(FOLDER)
    try:
        _measure(people)
    finally:
        embedded.stop_postgres(FOLDER)
        if redis is not None:
            redis.terminate()
            redis.wait()
    print(f"\n{time.monotonic() - began:.0f} seconds, Python {sys.version.split()[0]}, {os.cpu_count()} cores.")


def _measure(people: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from bench.measure import table
    from config.demo import collect_static

    collect_static()
    settings.ROOT_URLCONF = "bench.urls"
    # Not the environment of tests: there every template, and every one in it, is kept for looking at, and takes longer.
    settings.ALLOWED_HOSTS = ["testserver"]
    before = settings.DATABASES["default"]["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        from bench.rows import rows

        lines = []
        for line in rows(people):
            lines.append(line)
            print(".", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        print(table(lines))
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    main()
