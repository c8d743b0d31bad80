"""What somebody answers about themselves is theirs alone: on the page, and in the database."""

from __future__ import annotations

import logging
import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from frontdoor import fair
from frontdoor.actions import forget_fair_answers, keep_fair_answer, mix_fair_answers
from frontdoor.models import Conversation, FairAnswer
from frontdoor.queries.beside import fair_counts
from frontdoor.tasks import mix_answers
from teams.models import Heartbeat
from teams.permissions import NotKnown
from tests.factories import NOW, make_member, make_person, signed_in
from tests.frontdoor.coming_in import on_a_shared_phone
from tests.guards.code import HERE

pytestmark = pytest.mark.django_db
OWN = "canary: the old way of the moor"


def answer(person: Any, question: str, choice: str, own_words: str = "", now: datetime = NOW) -> None:
    keep_fair_answer(
        conversation_id=None, question=question, choice=choice, own_words=own_words, by=person.user, now=now
    )


def rows(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def show(client: Client) -> str:
    return client.get("/about-me/").content.decode()


# -- Asking


def test_the_person_walks_through_every_question_and_reads_what_they_said(client: Client) -> None:
    client = signed_in(make_person().user)
    assert "May we ask a few things about you?" in show(client)
    at, asked = "/about-me/age/", []
    while at != "/about-me/thank-you/":
        question = fair.BY_ADDRESS[at.split("/")[2]]
        asked.append(question.id)
        page = client.get(at)
        assert "I would rather not say" in page.content.decode()
        assert "Skip this" in page.content.decode()
        choice = "asian" if question.id == "ethnic" else question.choices[0].id
        at = client.post(at, {"choice": choice})["Location"]
    assert set(asked) == {question.id for question in fair.QUESTIONS if question.only_after is None} | {"ethnic_asian"}
    assert client.get("/about-me/thank-you/")["Location"] == "/about-me/"
    for words in ("Under 18", "Indian", "No religion", "Yes, I have asked for asylum"):
        assert words in show(client)


def test_each_question_can_be_skipped_and_skipping_is_not_the_same_as_not_saying() -> None:
    client = signed_in(make_person().user)
    assert client.post("/about-me/age/", {"skip": "1", "choice": "18_24"})["Location"] == "/about-me/condition/"
    assert client.post("/about-me/condition/", {})["Location"] == "/about-me/day-to-day/"
    assert not FairAnswer.objects.exists()
    client.post("/about-me/age/", {"choice": fair.NOT_SAY})
    assert FairAnswer.objects.get().choice == fair.NOT_SAY
    assert "I would rather not say" in show(client)
    assert "You skipped this" in show(client)


def test_own_words_are_an_answer_and_too_many_are_kept_and_explained() -> None:
    client = signed_in(make_person().user)
    client.post("/about-me/religion/", {"own_words": OWN})
    assert (FairAnswer.objects.get().choice, FairAnswer.objects.get().own_words) == ("other", OWN)
    again = client.post("/about-me/religion/", {"own_words": "word " * 30})
    assert again.status_code == 422
    assert "We can keep 100 letters here. You have used 150." in again.content.decode()
    assert ("word " * 30).strip() in again.content.decode()
    assert client.get("/about-me/nothing/").status_code == 404


def test_another_ethnic_group_takes_the_second_step_of_the_first_away() -> None:
    sam = make_person()
    client = signed_in(sam.user)
    assert client.post("/about-me/ethnic/", {"choice": "white"})["Location"] == "/about-me/ethnic-white/"
    client.post("/about-me/ethnic-white/", {"choice": "other", "own_words": "Cornish"})
    assert client.post("/about-me/ethnic/", {"choice": "black"})["Location"] == "/about-me/ethnic-black/"
    assert {row.question for row in FairAnswer.objects.all()} == {"ethnic"}
    answer(sam, "condition", "yes")
    answer(sam, "day_to_day", "a_lot")
    assert client.post("/about-me/condition/", {"choice": "no"})["Location"] == "/about-me/ethnic/"
    assert not FairAnswer.objects.filter(question="day_to_day").exists()


def test_the_person_changes_deletes_one_and_deletes_all() -> None:
    sam = make_person()
    client = signed_in(sam.user)
    for question, choice in (("age", "25_34"), ("home", "no"), ("caring", "yes")):
        client.post(f"/about-me/{question}/", {"choice": choice})
    client.post("/about-me/age/", {"choice": "35_44"})
    assert FairAnswer.objects.get(question="age").choice == "35_44"
    client.post("/about-me/home/", {"forget": "1"})
    assert {row.question for row in FairAnswer.objects.all()} == {"age", "caring"}
    assert client.post("/about-me/forget/")["Location"] == "/about-me/"
    assert not FairAnswer.objects.exists()


def test_it_is_offered_after_sending_and_on_my_page() -> None:
    assert "/about-me/" in on_a_shared_phone()[0].get("/talk/thanks/").content.decode()
    assert "/about-me/" in signed_in(make_person().user).get("/me/").content.decode()


# -- Who reads it


def test_a_visit_that_sent_on_a_shared_phone_gives_answers_and_reads_none_back() -> None:
    client = on_a_shared_phone()[0]
    assert client.post("/about-me/religion/", {"choice": "other", "own_words": OWN})["Location"] == "/about-me/sex/"
    assert FairAnswer.objects.get().own_words == OWN
    for page in (show(client), client.get("/about-me/religion/").content.decode()):
        assert OWN not in page
        assert "checked" not in page
    assert "Thank you. That is all we ask." in client.get("/about-me/thank-you/").content.decode()
    client.post("/about-me/religion/", {"forget": "1"})
    client.post("/about-me/forget/")
    assert FairAnswer.objects.exists(), "who may not read it may not take it away"
    person = Conversation.objects.get().person
    assert OWN in show(signed_in(person.user)), "and the person finds it on their own page"


def test_nobody_else_gets_there(client: Client) -> None:
    sam, jo = make_person(), make_member()
    answer(sam, "religion", "other", OWN)
    for visitor in (client, signed_in(jo.user)):
        for address in ("/about-me/", "/about-me/religion/"):
            assert visitor.get(address)["Location"] == "/talk/"
        assert visitor.post("/about-me/religion/", {"choice": "none"})["Location"] == "/talk/"
    with pytest.raises(NotKnown):
        keep_fair_answer(conversation_id=uuid4(), question="age", choice="0_17", own_words="", by=jo.user, now=NOW)
    with pytest.raises(NotKnown):
        forget_fair_answers(questions=["age"], by=jo.user, now=NOW)
    with pytest.raises(NotKnown):
        answer(sam, "age", "a hundred")
    assert OWN not in show(signed_in(make_person(name="Robin").user))


def test_a_draft_that_was_not_sent_is_nobodys_yet(client: Client) -> None:
    client.post("/", {"phone": "shared"})
    assert client.get("/about-me/")["Location"] == "/talk/"


# -- What the database holds


def test_nothing_in_the_database_leads_from_an_answer_to_the_person(settings: Any) -> None:
    """Everything that is known of the person is looked for in the rows, as words and through plain digests."""
    sam = make_person(name="Sam")
    for question, choice in (("age", "25_34"), ("religion", "sikh"), ("home", "no")):
        answer(sam, question, choice)
    raw = str(rows("SELECT * FROM frontdoor_fairanswer"))
    known = {str(sam.pk), sam.pk.hex, str(sam.user_id), sam.user_id.hex, str(sam.plan.pk), sam.plan.pk.hex, "Sam"}
    known |= {str(case.pk) for case in sam.cases.all()}
    assert not [each for each in known if each in raw]
    kept = {row.key for row in FairAnswer.objects.all()}
    assert kept == {fair.key(sam.pk, question) for question in ("age", "religion", "home")}
    assert len({key[:8] for key in kept}) == 3, "no two answers of one person share anything"
    settings.FAIR_KEY = "another key " * 5
    assert not kept & {fair.key(sam.pk, question) for question in fair.BY_ID}, "without the key nobody can work it out"
    settings.FAIR_KEY = settings.CODE_KEY
    assert not kept & {fair.key(sam.pk, question) for question in fair.BY_ID}


def test_the_table_has_no_way_out_no_clock_and_no_counter() -> None:
    fields = {field.name: field for field in FairAnswer._meta.get_fields()}
    assert set(fields) == {"key", "question", "choice", "own_words", "month"}
    assert not [name for name, field in fields.items() if field.is_relation]
    assert not rows(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND"
        " (conrelid = 'frontdoor_fairanswer'::regclass OR confrelid = 'frontdoor_fairanswer'::regclass)"
    )
    columns = rows(
        "SELECT column_name, data_type, column_default FROM information_schema.columns"
        " WHERE table_name = 'frontdoor_fairanswer'"
    )
    assert {kind for _name, kind, _default in columns} == {"character varying", "date"}
    assert {default for _name, _kind, default in columns} == {None}
    assert not rows(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'frontdoor_fairanswer'::regclass AND NOT tgisinternal"
    )
    assert not [model for model in apps.get_models() if "fair" in model.__name__.lower() and model is not FairAnswer]
    answer(make_person(), "age", "0_17", now=NOW + timedelta(days=5))
    assert FairAnswer.objects.get().month == date(2026, 3, 1)


def test_where_the_rows_lie_says_nothing_of_who_came_when() -> None:
    for _number in range(12):
        answer(make_person(), "age", "25_34")
    came = [key for (key,) in rows("SELECT key FROM frontdoor_fairanswer ORDER BY ctid")]
    assert came != sorted(came)
    before = set(FairAnswer.objects.values_list("key", "choice", "month"))
    mix_answers()
    assert Heartbeat.objects.filter(job="mix_answers").exists(), "and it is noticed when nobody mixes them"
    lie = rows("SELECT key, xmin::text, cmin::text FROM frontdoor_fairanswer ORDER BY ctid")
    assert [key for key, *_of_what_wrote_it in lie] == sorted(came)
    assert len({tuple(of_what_wrote_it) for _key, *of_what_wrote_it in lie}) == 1, "one statement wrote them all"
    assert set(FairAnswer.objects.values_list("key", "choice", "month")) == before


def test_the_role_that_serves_pages_finds_an_answer_by_its_key_and_cannot_list_any() -> None:
    """As docker/roles.sql makes it; the migration takes the table back from that role."""
    sam, jo = make_person(), make_member()
    answer(sam, "religion", "other", OWN)
    run = connection.cursor().execute
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("CREATE ROLE frontdoor")
    run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO frontdoor")
    migration = (HERE / "frontdoor" / "migrations" / "0004_fair_and_lines.py").read_text()
    run(re.findall(r"DO \$\$.*?END\n\$\$;", migration, re.DOTALL)[0])
    run("SET LOCAL ROLE frontdoor")
    for statement in (
        "SELECT * FROM frontdoor_fairanswer",
        "SELECT count(*) FROM frontdoor_fairanswer",
        "UPDATE frontdoor_fairanswer SET choice = 'none'",
        "DELETE FROM frontdoor_fairanswer",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run(statement)
    assert OWN in show(signed_in(sam.user))
    answer(sam, "age", "25_34")
    assert fair_counts(viewer=jo.user, now=NOW).questions
    mix_fair_answers(now=NOW)
    forget_fair_answers(questions=["religion"], by=sam.user, now=NOW)
    assert OWN not in show(signed_in(sam.user))


def test_no_log_holds_what_somebody_answered(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client = signed_in(make_person().user)
        client.post("/about-me/religion/", {"own_words": OWN})
        client.post("/about-me/nothing/", {"own_words": OWN})
        show(client)
    said = [record for record in caplog.records if not record.name.startswith("django.db.backends")]
    assert OWN not in str([record.getMessage() for record in said])


# -- Counts


def count(words: str, question: str, now: datetime) -> str:
    page = fair_counts(viewer=make_member().user, now=now)
    asked = next(each for each in page.questions if str(each.asks) == str(fair.BY_ID[question].asks))
    return next(row.people for row in asked.rows if str(row.words) == words)


@pytest.mark.parametrize(("people", "shown"), [(0, "0"), (1, "*"), (7, "*"), (8, "10"), (12, "10"), (13, "15")])
def test_small_numbers_are_hidden_and_the_others_rounded(people: int, shown: str) -> None:
    for number in range(people):
        FairAnswer.objects.create(key=str(number), question="home", choice="no", month=date(2026, 2, 1))
    assert count("No", "home", NOW) == shown


def test_a_month_is_counted_once_it_is_over_so_that_no_number_moves_when_somebody_comes_in() -> None:
    for number in range(10):
        FairAnswer.objects.create(key=str(number), question="home", choice="no", month=date(2026, 3, 1))
    assert count("No", "home", NOW) == "0"
    assert count("No", "home", NOW + timedelta(days=31)) == "10"


def test_members_read_numbers_and_no_words_of_anybody() -> None:
    for number in range(9):
        answer(make_person(name=f"Sam {number}"), "religion", "other", OWN, now=NOW - timedelta(days=60))
    jo = make_member()
    client = signed_in(jo.user)
    page = client.get(reverse("fair_counts")).content.decode()
    assert "Are we fair?" in page
    assert "10" in page
    assert OWN not in page
    assert "Sam" not in page
    assert signed_in(make_person().user).get(reverse("fair_counts")).status_code == 404
    assert reverse("fair_counts") in client.get("/team/").content.decode()


def test_ids_are_one_of_a_kind_and_short_enough_to_be_kept() -> None:
    assert len(fair.BY_ID) == len(fair.QUESTIONS) == len(fair.BY_ADDRESS)
    for question in fair.QUESTIONS:
        choices = [choice.id for choice in question.choices]
        assert len(set(choices)) == len(choices)
        assert choices[-1] == fair.NOT_SAY
        assert all(len(each) <= 30 for each in (question.id, *choices))
        assert all(choice.then in fair.BY_ID for choice in question.choices if choice.then)
