"""The pages of the longer conversation: two ways in, nothing chased and nothing lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Case, Entry
from cases.queries.plan import plan_page
from frontdoor import script
from frontdoor.models import ScriptVersion
from frontdoor.script import Question
from tests.factories import NOW, make_member, make_person, signed_in, walk
from tests.frontdoor.coming_in import on_a_shared_phone, press_send
from tests.frontdoor.topics import MORE, SCRIPT, SECRET, address, filled, said, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]


# -- Two ways in


def test_a_visit_that_has_just_sent_adds_and_reads_nothing_back() -> None:
    client, sam = on_a_shared_phone(topics=["money"])
    save(client, "matters", {"matters.words": SECRET})
    save(client, "money", {"money.owed": "yes", "importance": "lot"})
    for page in ("/more/", *(address(each.name) for each in SCRIPT.more)):
        shown = client.get(page).content.decode()
        assert SECRET not in shown
        assert "You wrote something" not in shown
        assert page == "/more/" or client.get(page).context["form"].initial.keys() == {"visit", "seen", "script"}
    assert client.get("/more/").context["hub"].picked == ()
    save(client, "matters", {"matters.words": "And my brother"})
    save(client, "matters", {"matters.words": "And my brother"})
    save(client, "matters", {"matters.words": ""})
    assert said(sam)["matters.words"][2] == f"{SECRET}\n\nAnd my brother"
    assert len(Entry.objects.get(asked="matters.words").history.all()) == 2


def test_with_the_code_the_person_sees_what_they_said_on_the_shared_phone() -> None:
    client, sam = on_a_shared_phone()
    save(client, "helps", {"helps.who": SECRET})
    assert filled(signed_in(sam.user), "helps")["helps.who"] == SECRET
    assert "You wrote something" in signed_in(sam.user).get("/more/").content.decode()


def test_a_member_who_types_for_somebody_writes_in_their_plan_as_their_words() -> None:
    jo = make_member(name="Jo Bevan")
    client = signed_in(jo.user)
    client.post("/team/hello/", {"who": "here"})
    client.post("/talk/1/", {"name": "Sam"})
    press_send(client, read_back="yes")
    assert "/more/" in client.get("/talk/thanks/").content.decode()
    sam = Case.objects.latest("came_at").person
    save(client, "helps", {"helps.who": "My dog"})
    entry = Entry.objects.get(asked="helps.who")
    assert entry.author == sam.user
    assert entry.history.get().history_user == jo.user


def test_nobody_else_says_more_and_what_was_opened_for_somebody_stays_theirs(sam: Any) -> None:
    assert Client().get("/more/")["Location"] == "/talk/"
    assert Client().get(address("matters"))["Location"] == "/talk/"
    assert signed_in(make_member().user).get(address("matters"))["Location"] == "/talk/"
    other = make_person(name="Robin")
    sent = {**filled(signed_in(sam.user), "matters"), "matters.words": SECRET}
    answer = signed_in(other.user).post(address("matters"), sent)
    assert "What you wrote is kept" in answer.content.decode()
    assert SECRET not in answer.content.decode()
    assert said(other) == {}
    assert said(sam)["matters.words"][2] == SECRET


def test_when_the_visit_has_ended_the_words_are_kept_beside_what_was_said(sam: Any) -> None:
    client = signed_in(sam.user)
    save(client, "matters", {"matters.words": "My dog"})
    sent = {**filled(client, "matters"), "matters.words": "My cat"}
    client.get("/leave/")
    answer = client.post(address("matters"), sent)
    assert answer.status_code == 200
    assert "This page closed to keep you safe" in answer.content.decode()
    assert "My dog" not in answer.content.decode()
    assert said(sam)["matters.words"][2] == "My dog\n\nMy cat"


def test_without_a_cookie_what_was_typed_comes_back_under_the_same_button(sam: Any) -> None:
    sent = {**filled(signed_in(sam.user), "matters"), "matters.words": "My dog"}
    answer = Client(enforce_csrf_checks=True).post(address("matters"), sent)
    assert answer.status_code == 403
    assert "My dog" in answer.content.decode()
    assert "Press Save again" in answer.content.decode()
    assert sent["visit"] in answer.content.decode()


def test_a_page_that_the_team_has_taken_away_meanwhile_still_keeps_what_was_typed(sam: Any) -> None:
    client = signed_in(sam.user)
    client.post("/", {"phone": "own"})
    Client().post("/", {"phone": "own"})  # the questions are taken in when somebody begins
    sent = {**filled(client, "ask"), "ask.words": "Who are you?"}
    document = {**script.shipped(), "pages": [page for page in script.shipped()["pages"] if page["name"] != "ask"]}
    ScriptVersion.objects.create(
        document=document,
        begun_at=NOW,
        begun_by=make_member().user,
        published_at=NOW + timedelta(minutes=1),
        published_by=make_member().user,
    )
    assert client.get(address("ask")).status_code == 404
    assert client.post(address("ask"), sent).status_code == 303
    assert said(sam)["ask.words"][2] == "Who are you?"


# -- Nothing chases, and nothing is lost


def test_nothing_is_ever_called_unfinished_and_nothing_is_sent(sam: Any) -> None:
    client = signed_in(sam.user)
    save(client, "matters", {"matters.words": "My dog"})
    page = client.get("/more/").content.decode()
    assert page.count("You wrote something") == 1
    assert not re.search(r"incomplete|unfinished|\d+ ?%|not answered|to do", page, re.I)
    answer = save(client, "helps", {"helps.who": "Ann"}, stop="1")
    assert answer["Location"] == "/more/saved/"
    assert "Saved. Nothing is lost." in client.get("/more/saved/").content.decode()
    assert said(sam)["helps.who"][2] == "Ann"
    assert save(client, "helps", {"helps.good_at": "Songs"}, skip="1")["Location"] == "/more/"


def test_save_and_stop_shows_the_code_that_goes_on() -> None:
    client, _sam = on_a_shared_phone()
    page = client.get("/more/saved/").content.decode()
    assert re.search(r"[A-Z]+-[A-Z]+-\d{3}", page)
    assert "This page closes after 15 minutes" in page


@pytest.mark.parametrize(
    "question", [each for each in MORE if not each.kind.is_picked and each.field], ids=lambda q: q.id
)
def test_what_is_too_long_is_kept_to_the_last_letter_in_boxes(sam: Any, question: Question) -> None:
    page = next(page.name for page in SCRIPT.more if question in page.questions)
    words = ("word " * 2400).strip()
    client = signed_in(sam.user)
    answer = save(client, page, {question.id: words})
    assert answer.status_code == 422
    assert "You have used 11,999" in answer.content.decode()
    for _press in range(3):
        form = answer.context["form"]
        answer = client.post(address(page), {name: form[name].value() for name in form.fields if form[name].value()})
        if answer.status_code == 303:
            break
    rows = Entry.objects.filter(plan=sam.plan, asked__startswith=question.id, removed_at=None).order_by("position")
    assert "".join(row.words for row in rows) == words
    assert all(len(row.words) <= 5000 for row in rows)
    assert save(client, page).status_code == 303
    assert "".join(row.words for row in rows.all()) == words


def test_whoever_stops_is_asked_nothing_and_keeps_all_of_it(sam: Any) -> None:
    words = "word " * 2000
    assert save(signed_in(sam.user), "week", {"week.easier": words}, stop="1").status_code == 303
    rows = Entry.objects.filter(plan=sam.plan, asked__startswith="week.easier").order_by("position")
    assert "".join(row.words for row in rows) == words


JUNK = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["\x00", "yes", "no", "me", "lot", "1", "-1", "9" * 40, "x" * 6000, "²", "mood.life=1=me", "a=b", " "]
)
NAMES = st.sampled_from(
    [
        *(question.id for question in MORE),
        *(f"{question.id}_2" for question in MORE if not question.kind.is_picked),
        *("seen", "script", "visit", "tries", "skip", "stop", "autosave", "importance", "help_wanted", "circle"),
    ]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    number=st.sampled_from([*(page.number for page in SCRIPT.more), 1, 117, 999_999_999]),
    data=st.dictionaries(NAMES, JUNK | st.lists(JUNK, max_size=3), max_size=6),
    signed=st.booleans(),
)
def test_nothing_that_can_be_sent_breaks_a_topic(number: int, data: dict, signed: bool) -> None:
    sam = make_person(name="Sam")
    client = signed_in(sam.user) if signed else Client()
    where = reverse("more_page", args=[number])
    for answer in (client.get(where), client.post(where, data), client.get("/more/"), client.get("/more/saved/")):
        assert answer.status_code < 500


def test_the_plan_page_is_for_the_person_to_say_more_from_and_for_nobody_else(sam: Any) -> None:
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    plan = reverse("plan", args=[sam.plan.pk])
    assert 'href="/more/"' in signed_in(sam.user).get(plan).content.decode()
    assert 'href="/more/"' in signed_in(sam.user).get("/me/").content.decode()
    assert 'href="/more/"' not in signed_in(jo.user).get(plan).content.decode()
    assert plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW)
