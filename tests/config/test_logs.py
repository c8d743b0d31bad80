"""What is written down about running never quotes what somebody wrote."""

import logging

import pytest

from cases import pdf
from config.logs import WithoutWords

WORDS = "she is afraid of him"


def written(error: Exception, message: str) -> str:
    record = logging.LogRecord("name", logging.ERROR, __file__, 1, message, None, (type(error), error, None))
    return WithoutWords("%(levelname)s %(message)s").format(record)


def test_the_text_of_an_error_is_left_out_and_its_kind_stays() -> None:
    line = written(ValueError(WORDS), f"A task raised {ValueError(WORDS)!r}: {WORDS}")
    assert WORDS not in line
    assert line == "ERROR A task raised ValueError: ValueError\nValueError"


def test_what_led_to_an_error_is_named_and_not_quoted() -> None:
    error = RuntimeError("outer")
    error.__cause__ = KeyError(WORDS)
    line = written(error, f"It failed: {WORDS}")
    assert WORDS not in line
    assert line.endswith("RuntimeError\nwhich came of:\nKeyError")


def test_the_lines_of_code_stay() -> None:
    try:
        int(WORDS)
    except ValueError as caught:
        error = caught
    line = written(error, "It failed")
    record = logging.LogRecord("n", logging.ERROR, "", 1, "It failed", None, (ValueError, error, error.__traceback__))
    assert "int(WORDS)" in WithoutWords().format(record)
    assert WORDS not in line


def test_what_somebody_wrote_in_a_script_that_no_font_of_ours_has_is_not_written_down(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert pdf.draw("<html lang=en><title>A plan</title><p>\U00013000\U00013001\ue000</p></html>").startswith(b"%PDF")
    assert not caplog.records


def test_a_line_without_an_error_is_as_it_was() -> None:
    record = logging.LogRecord("n", logging.WARNING, "", 1, "All is %s", ("well",), None)
    assert WithoutWords().format(record) == "All is well"
