"""``make messages``: bring the catalogues up to date with the code and the help lines. It needs GNU gettext."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.commands import makemessages

from frontdoor import helplines


class Command(makemessages.Command):
    # A guess at a translation that nobody made looks finished, and is not.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def build_potfiles(self) -> list[str]:
        """The texts of the code, and those of the help lines, which are content and not code."""
        made: list[str] = super().build_potfiles()
        for path in map(Path, made):
            words = path.read_text()
            for text in dict.fromkeys(helplines.texts()):
                asked = f"msgid {json.dumps(text, ensure_ascii=False)}\n"
                if asked not in words:
                    words += f'\n#: frontdoor/helplines.toml\n{asked}msgstr ""\n'
            path.write_text(words)
        return made
