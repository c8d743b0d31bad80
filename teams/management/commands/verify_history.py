"""``manage.py verify_history``: is all that was written still there, as it was written?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from teams import chain


class Command(BaseCommand):
    help = "Look whether history is as it was written, and name every row that is not. Run it every night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", type=Path, help="compare with the ends of the chains that this file holds")
        parser.add_argument(
            "--write-anchor",
            type=Path,
            help="when all is whole, write the ends here; keep the file on another machine",
        )

    def handle(self, *args: Any, anchor: Path | None, write_anchor: Path | None, **options: Any) -> None:
        began = time.monotonic()
        # The ends first: what is written while we look is then verified, and not yet anchored.
        ends = chain.make_anchor() if write_anchor else ""
        rows, chains = chain.size()
        found = 0
        try:
            for finding in chain.findings(anchor=anchor.read_text() if anchor else None):
                found += 1
                self.stdout.write(str(finding))
        except (OSError, chain.NotAnAnchor) as wrong:
            raise CommandError(f"There is no anchor to compare with in {anchor}: {wrong}") from wrong
        if found:
            raise CommandError(f"History is not whole: {found:,} findings, above. Keep this database as it is.")
        if write_anchor:
            new = write_anchor.with_name(f"{write_anchor.name}.new")
            new.write_text(ends)
            new.replace(write_anchor)
        taken = time.monotonic() - began
        self.stdout.write(
            f"History is whole: {rows:,} rows in {chains:,} chains, {taken:,.1f} seconds. "
            "Every live row is what its history says."
        )
