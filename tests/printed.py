"""What a PDF says, as the programs of poppler read it: they have no code in common with what made it."""

import shutil
import subprocess

import pytest


def poppler(program: str, made: bytes, *options: str) -> str:
    """What one of poppler's programs says of a PDF; where it is not installed, that is said loudly at the end."""
    if shutil.which(program) is None:
        pytest.skip(f"missing: {program} (Debian's poppler-utils). What is in the PDFs was not read.")
    return subprocess.run([program, *options], input=made, capture_output=True, check=True).stdout.decode()


def text_of(made: bytes) -> str:
    return poppler("pdftotext", made, "-", "-")
