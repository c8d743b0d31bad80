"""The plan on paper: readable by a screen reader, in its own fonts, and reading nothing but our own files."""

import subprocess

import page
import pytest
from django.utils import timezone

from cases import actions, pdf
from cases.queries.plan import plan_page
from tests.factories import NOW, make_member, make_person, walk

pytestmark = pytest.mark.django_db
WORDS = "Line one\n\nDw i’n hoffi cerdded 🚶 <img src=http://127.0.0.1:1/x> & میں ٹھیک ہوں"


@pytest.fixture
def made():
    sam = make_person(name="Sam", told=(("know", WORDS),))
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    for section, field in (("matters", "words"), ("now", "words"), ("steps", "step"), ("mine", "words")):
        actions.add_entry(
            plan_id=sam.plan.pk, section=section, field=field, words=f"{field} {WORDS}", by=sam.user, now=NOW
        )
    return pdf.plan_pdf(plan_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW), timezone.localtime(NOW))


def test_it_is_a_pdf_that_a_screen_reader_can_read(made):
    report = page.validate_pdf_bytes(made, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report


def test_it_holds_the_words_as_text_and_carries_its_own_fonts(made):
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    assert "Line one" in text
    assert "<img src=http://127.0.0.1:1/x> &" in text
    fonts = subprocess.run(["pdffonts", "-"], input=made, capture_output=True, check=True).stdout.decode()
    families = {line.split()[0].split("+")[-1].split("-")[0] for line in fonts.splitlines()[2:]}
    assert families == {"Plan", "Arabic", "Emoji"}


def test_its_title_and_file_say_nothing_about_anybody(made):
    info = subprocess.run(["pdfinfo", "-"], input=made, capture_output=True, check=True).stdout.decode()
    assert "My plan" in info
    assert "Sam" not in info
