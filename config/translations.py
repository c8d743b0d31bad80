"""Makes of each translation (``locale/*/LC_MESSAGES/django.po``) the file that Django reads, beside it: ``make`` runs this.

A translation that a tool only guessed (fuzzy) is left out: English is better than a wrong word.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_all() -> None:
    """Make what is missing, or older than the translation it is made from."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        made = source.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as words:
            catalogue = read_po(words, locale=source.parent.parent.name)
        beside = made.with_suffix(".new")  # two test runs may do this at once; a reader sees one whole file
        with beside.open("wb") as out:
            write_mo(out, catalogue)
        beside.replace(made)


if __name__ == "__main__":
    compile_all()
