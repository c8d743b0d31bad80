"""``make messages``: bring the catalogues up to date with the code. For developers: it needs GNU gettext."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # A guess at a translation that nobody made looks finished, and is not.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
