"""Help lines are content; that somebody tried one is kept; and none is ever hidden from people."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client

from frontdoor import helplines
from frontdoor.actions import check_line
from frontdoor.beside_queries import lines_to_check
from teams.permissions import NotAMember, NotKnown
from tests.factories import NOW, make_member, make_person
from tests.guards.test_words import LONGEST_SENTENCE, banned_in

pytestmark = pytest.mark.django_db
# As they stood when the lines became content: a number is changed here only with somebody who tried it.
NUMBERS = {
    "emergency": "999", "nhs-111": "111", "samaritans": "116123", "shout": "85258", "domestic-abuse": "08082000247",
    "mens-advice": "08088010327", "galop": "08009995428", "sexual-abuse": "08085002222", "childline": "08001111",
    "papyrus": "08000684141", "calm": "0800585858", "frank": "03001236600", "shelter": "08088004444",
    "nhs-111-wales": "111", "nhs-24": "111", "lifeline": "08088088000", "citizens-advice": "08001448848",
}  # fmt: skip


def test_every_number_is_the_one_it_was() -> None:
    assert {line.id: line.number or line.text_number for line in helplines.LINES.values()} == NUMBERS


@pytest.mark.parametrize("line", helplines.LINES.values(), ids=helplines.LINES)
def test_a_line_can_be_rung_or_texted_and_says_the_number_it_rings(line: helplines.HelpLine) -> None:
    assert bool(line.number) != bool(line.text_number)
    said = re.sub(r"\D", "", str(line.press))
    assert said in {line.number or line.text_number, "1112"}, "111 is followed by a press of 2"
    assert line.groups


def test_its_words_are_plain() -> None:
    said = [
        str(words) for line in helplines.LINES.values() for words in (line.press, line.words, line.hours, line.cost)
    ]
    said += [str(group.title) for group in helplines.MORE]
    assert not banned_in(" . ".join(said))
    assert not [words for words in said for part in words.split(".") if len(part.split()) > LONGEST_SENTENCE]


def test_every_line_is_on_the_help_page_however_long_nobody_tried_it(
    client: Client, django_assert_num_queries
) -> None:
    with django_assert_num_queries(0):
        page = client.get("/help-now/").content.decode()
    for line in helplines.LINES.values():
        assert f'href="tel:{line.number}"' in page or f'href="sms:{line.text_number}"' in page


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html", "413.html", "500.html"])
def test_a_page_that_fails_shows_the_first_lines_and_asks_no_database(
    template: str, django_assert_num_queries
) -> None:
    with django_assert_num_queries(0):
        page = render_to_string(template, {"frame": {"phone": "01632 960 100"}})
    for line in helplines.FIRST:
        assert str(line.press) in page


def test_the_team_is_asked_each_day_until_somebody_has_tried_every_line(client: Client) -> None:
    jo = make_member()
    client.force_login(jo.user)
    every = len(helplines.LINES)
    assert f"{every} help lines need a check" in client.get("/today/").content.decode()
    assert "Nobody has tried it yet." in client.get("/team/help-lines/").content.decode()
    for line_id in helplines.LINES:
        assert client.get(f"/team/help-lines/{line_id}/").status_code == 200
        assert client.post(f"/team/help-lines/{line_id}/", {"note": "Rang twice"})["Location"] == "/team/help-lines/"
    page = client.get("/team/help-lines/").content.decode()
    assert "Jo Bevan tried it on" in page
    assert "Rang twice" in page
    assert "Needs a check" not in page
    assert "needs a check" not in client.get("/today/").content.decode()


def test_a_check_holds_for_ninety_days_and_the_newest_counts() -> None:
    jo = make_member()
    for line_id in helplines.LINES:
        check_line(line_id=line_id, note="", by=jo.user, now=NOW)
    assert lines_to_check(now=NOW + timedelta(days=89)) == 0
    assert lines_to_check(now=NOW + timedelta(days=90)) == len(helplines.LINES)
    check_line(line_id="shelter", note="", by=jo.user, now=NOW + timedelta(days=80))
    assert lines_to_check(now=NOW + timedelta(days=90)) == len(helplines.LINES) - 1


def test_only_members_say_so_and_only_of_lines_that_are_there(client: Client) -> None:
    jo, sam = make_member(), make_person()
    with pytest.raises(NotAMember):
        check_line(line_id="shelter", note="", by=sam.user, now=NOW)
    with pytest.raises(NotKnown):
        check_line(line_id="nobody", note="", by=jo.user, now=NOW)
    client.force_login(jo.user)
    assert client.get("/team/help-lines/nobody/").status_code == 404
    long = client.post("/team/help-lines/shelter/", {"note": "word " * 100})
    assert long.status_code == 422
    assert "word word" in long.content.decode()
