"""What is written down about running: that something failed and where, never the words it failed on.

The database puts the refused row into its error; Celery and Django write errors down. So the text of every error is
left out, and what is left is its kind and the lines of code it came through.
"""

import logging
import traceback
from collections.abc import Iterator
from typing import Any


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class WithoutWords(logging.Formatter):
    """A formatter that names errors and does not quote them."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for error in chain(record.exc_info[1] if record.exc_info else None):
            # The longest first: the shorter ones are parts of it.
            for quoted in (repr(error), str(error), *(arg for arg in error.args if isinstance(arg, str))):
                if quoted:
                    line = line.replace(quoted, type(error).__name__)
        return line

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        parts = [
            "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__ for error in chain(ei[1])
        ]
        return "\nwhich came of:\n".join(parts)
