"""``manage.py populate``: fill an empty database with a made-up town."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from frontdoor.town.build import build_town
from frontdoor.town.crowd import build_crowd
from teams.models import User


class Command(BaseCommand):
    help = "Fill an empty database with a made-up town, or with many more people who live like them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=0, help="So many people in all; without it, the town's own.")
        parser.add_argument("--seed", type=int, default=1, help="Another number makes another crowd.")

    def handle(self, *args: Any, people: int, seed: int, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError(
                "There are people here already, and a made-up town must not be mixed with them. "
                "Use an empty database; for the demo, `make demo-fresh` makes one."
            )
        in_town = build_town(now=timezone.now())
        more = people - in_town
        if more > 0:
            with tqdm(total=people, initial=in_town, unit=" people") as bar:
                build_crowd(people=more, seed=seed, done=bar.update)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        self.stdout.write(f"{max(people, in_town):,} people live here now, and none of them is real.")
