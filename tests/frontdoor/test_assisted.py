"""Told through somebody else: a worker at a table, on the telephone, from paper, or a friend; and whose it stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Case, Entry, Person, Story
from cases.queries.history import history
from cases.queries.plan import plan_page
from frontdoor import actions, codes, queries
from frontdoor.models import Conversation
from teams.models import User
from teams.permissions import NotKnown
from tests.factories import NOW, make_member, make_person
from tests.frontdoor.coming_in import press_send

pytestmark = pytest.mark.django_db


@pytest.fixture
def ravi() -> Any:
    return make_member(name="Ravi Patel")


@pytest.fixture
def desk(client: Client, ravi: Any) -> Client:
    """Ravi's browser, where he is signed in."""
    client.force_login(ravi.user)
    return client


def begin(client: Client, who: str, **more: str) -> str:
    answer = client.post("/team/hello/", {"who": who, **more})
    assert answer.status_code == 303, answer.content.decode()
    return client.get(answer["Location"])["Location"]


def who_is_here(client: Client) -> User:
    return client.get("/help-now/").wsgi_request.user


# -- D1 and D2: through a worker


def test_a_worker_types_what_somebody_at_the_table_says(desk: Client, ravi: Any) -> None:
    assert "Turn the screen so you can both see" in desk.get("/team/hello/", {"who": "here"}).content.decode()
    assert begin(desk, "here") == "/talk/1/"
    desk.post("/talk/1/", {"name": "Sam"})
    page = desk.get("/talk/2/").content.decode()
    assert "Ravi is typing for Sam" in page
    assert "In Sam’s words" in page
    desk.post("/talk/2/", {"know": "I cannot sleep", "whose.know": "own"})
    assert press_send(desk, read_back="yes")["Location"] == "/talk/thanks/"
    story, entry, case = Story.objects.get(), Entry.objects.get(), Case.objects.get()
    assert (story.words, story.whose, story.typed_by, story.via) == ("I cannot sleep", "own", ravi.user, "drop_in")
    assert entry.author == story.person.user, "their own words stand in their own name"
    assert (case.came_via, case.read_back) == ("drop_in", "yes")
    assert who_is_here(desk) == ravi.user


def test_a_summary_that_somebody_agreed_is_never_shown_as_their_own_words(desk: Client, ravi: Any) -> None:
    begin(desk, "telephone")
    desk.post("/talk/1/", {"name": "Sam"})
    desk.post("/talk/2/", {"know": "Sam has not slept", "whose.know": "summary"})
    assert 'value="summary" checked' in " ".join(desk.get("/talk/2/").content.decode().split()).replace(
        ' id="id_whose.know_1"', ""
    ).replace('id="id_whose.know_1" ', "")
    press_send(desk, read_back="changed")
    story, entry = Story.objects.get(), Entry.objects.get()
    assert (story.whose, story.via) == ("summary", "telephone")
    assert (entry.author, entry.agreed) == (ravi.user, "yes")
    page = plan_page(plan_id=entry.plan_id, viewer=story.person.user, now=NOW)
    assert page.opening == ""
    assert "Sam has not slept" in repr(page.sections)


def test_before_sending_it_is_read_back_and_what_came_of_it_is_there_for_the_person_to_read(desk: Client) -> None:
    begin(desk, "here")
    desk.post("/talk/2/", {"know": "words"})
    answer = press_send(desk)
    assert answer.status_code == 422
    assert "Say if it is right" in answer.content.decode()
    answer = press_send(desk, read_back="could_not")
    assert answer.status_code == 422
    assert "Say why in one line" in answer.content.decode()
    assert press_send(desk, read_back="could_not", why="x" * 301).status_code == 422
    assert not Person.objects.exists()
    assert press_send(desk, read_back="could_not", why="She fell asleep.").status_code == 303
    sam = Person.objects.get()
    (came,) = [change for change in history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW) if change.what == "came in"]
    assert came.new == "Ravi Patel typed it. At the drop-in.\nIt could not be read back. She fell asleep."


def test_the_telephone_begins_with_whether_it_is_safe_to_talk(desk: Client) -> None:
    page = desk.get("/team/hello/", {"who": "telephone"}).content.decode()
    assert "Are you safe to talk?" in page
    assert "If I lose you, shall I ring back?" in page
    begin(desk, "telephone")
    assert Conversation.objects.get().via == "telephone"


def test_the_code_is_theirs_and_the_worker_keeps_nothing(desk: Client, ravi: Any) -> None:
    begin(desk, "here")
    desk.post("/talk/1/", {"name": "Sam"})
    press_send(desk, read_back="yes")
    page = desk.get("/talk/thanks/").content.decode()
    code = queries.draft(conversation_id=Conversation.objects.get().pk).code
    assert code in page
    assert "Do not keep a copy" in page
    assert desk.post("/talk/thanks/")["Location"] == "/today/"
    assert desk.get("/talk/thanks/")["Location"] == "/talk/"
    assert who_is_here(desk) == ravi.user
    # The code opens Sam's page for Sam, and for nobody who is signed in as a member.
    answer = desk.post("/back/", {"code": code, "name": "Sam", "phone": "own"})
    assert answer.status_code == 200
    assert "Their page is theirs" in answer.content.decode()
    assert who_is_here(desk) == ravi.user
    assert Client().post("/back/", {"code": code, "name": "Sam", "phone": "own"})["Location"] == "/me/"


def test_everything_on_one_page_has_the_same_words_and_keeps_the_same(desk: Client) -> None:
    assert begin(desk, "telephone", whole="1") == "/talk/all/"
    page = desk.get("/talk/all/").content.decode()
    for question in [each for page in queries.script_in_force().hello for each in page.questions]:
        assert question.asks.replace("'", "&#x27;") in page
    answer = desk.post(
        "/talk/all/",
        {"name": "Sam", "know": "words", "soon": "week", "ways": ["call"], "call.number": "07700 900001"},
    )
    assert answer["Location"] == "/talk/check/"
    assert "/talk/all/#part-1" in desk.get("/talk/check/").content.decode()
    press_send(desk, read_back="yes")
    assert (Case.objects.get().pace, Person.objects.get().ways.get().to) == ("week", "07700 900001")


def test_a_number_that_cannot_be_read_loses_nothing_of_the_page(desk: Client) -> None:
    begin(desk, "here", whole="1")
    answer = desk.post("/talk/all/", {"name": "S" * 300, "know": "words", "ways": ["call"], "call.number": "soon"})
    assert answer.status_code == 422
    assert "S" * 300 in answer.content.decode()
    assert desk.post("/talk/all/", {"name": "Sam", "call.number": "soon", "tries": "2"}).status_code == 303


def test_not_safe_right_now_brings_help_first_on_one_page_too(desk: Client) -> None:
    begin(desk, "telephone", whole="1")
    assert desk.post("/talk/all/", {"soon": "not_safe"})["Location"] == "/help-now/?to=check/"


def test_what_was_open_when_the_visit_ended_is_kept(desk: Client, ravi: Any) -> None:
    begin(desk, "here", whole="1")
    mark = desk.get("/talk/all/").context["form"]["visit"].value()
    answer = Client().post("/talk/all/", {"visit": mark, "name": "Sam", "know": "late words"})
    assert "What you wrote is kept" in answer.content.decode()
    assert desk.get("/talk/all/").context["form"]["know"].value() == "late words"


# -- A1: a friend, without an account


def test_a_friend_helps_without_an_account_and_is_not_signed_in_as_them(client: Client) -> None:
    make_member()
    assert 'value="telephone"' not in client.get("/helping/").content.decode()
    assert client.post("/helping/", {"who": "here"})["Location"] == "/talk/"
    client.post("/talk/1/", {"name": "Sam"})
    assert "Someone is typing for Sam" in client.get("/talk/2/").content.decode()
    client.post("/talk/2/", {"know": "Sam's words", "whose.know": "summary"})
    assert press_send(client, read_back="yes").status_code == 303
    story = Story.objects.get()
    assert (story.via, story.whose, story.typed_by) == ("helper", "summary", story.person.user)
    assert not who_is_here(client).is_authenticated
    assert client.post("/talk/thanks/")["Location"] == "/leave/"


@pytest.mark.parametrize("who", ["", "nobody", "x" * 300, "paper", "telephone"])
def test_who_is_with_you_is_asked_again_when_it_cannot_be(client: Client, who: str) -> None:
    assert client.get("/helping/", {"who": who}).status_code == 422
    assert client.post("/helping/", {"who": who}).status_code == 422
    assert not Conversation.objects.exists()


def test_somebody_worried_is_led_to_the_page_for_it(client: Client) -> None:
    assert client.get("/helping/", {"who": "worried"})["Location"] == "/worried/"


def test_only_members_begin_at_their_own_page(client: Client) -> None:
    for address in ("/team/hello/", "/team/paper/"):
        assert client.get(address).status_code == 302
    client.force_login(make_person().user)
    for address in ("/team/hello/", "/team/paper/"):
        assert client.get(address).status_code == client.post(address, {"who": "here"}).status_code == 404


def test_a_member_at_the_door_says_who_is_with_them_first(desk: Client) -> None:
    assert desk.post("/", {"phone": "own"})["Location"] == "/team/hello/"
    assert not Conversation.objects.exists()


# -- Carrying on for somebody


def paused(**answers: Any) -> str:
    now = timezone.now()
    conversation_id = actions.begin(via="own_phone", by=None, now=now)
    actions.answer(conversation_id=conversation_id, answers=answers, by=None, now=now)
    return codes.code(conversation_id, 0)


def test_a_worker_carries_on_for_somebody_who_reads_out_their_code_and_name(desk: Client, ravi: Any) -> None:
    code = paused(name="Sam", know="said at home")
    answer = desk.post("/back/", {"code": code, "name": "sam", "phone": "telephone"})
    assert answer["Location"] == "/talk/"
    assert desk.get("/talk/")["Location"] == "/talk/4/"
    assert who_is_here(desk) == ravi.user
    assert "Ravi is typing for Sam" in desk.get("/talk/4/").content.decode()
    press_send(desk, read_back="yes")
    story = Story.objects.get()
    assert story.typed_by == story.person.user, "Sam typed that at home"
    assert story.via == "own_phone"


def test_without_the_name_a_member_opens_nothing(desk: Client, ravi: Any) -> None:
    code = paused(name="Sam", know="said at home")
    assert desk.post("/back/", {"code": code, "name": "", "phone": "here"}).status_code == 422
    assert desk.post("/team/hello/", {"who": "paper", "code": code}).status_code == 422
    assert who_is_here(desk) == ravi.user


# -- A word beside the code of what is not sent yet


def test_a_found_card_is_not_enough_when_they_picked_a_word(client: Client) -> None:
    make_member()
    client.post("/", {"phone": "shared"})
    client.post("/talk/1/", {"name": "Sam"})
    assert "Pick a word only you know" in client.get("/talk/saved/").content.decode()
    assert client.post("/talk/saved/", {"word": " Blue  Kettle"})["Location"] == "/talk/saved/"
    assert "A word is kept" in client.get("/talk/saved/").content.decode()
    kept = Conversation.objects.get()
    assert "kettle" not in kept.word.casefold()
    code = codes.code(kept.pk, 0)
    assert queries.find(code=code, name="Sam") is None
    assert queries.find(code=code, name="Sam", word="red kettle") is None
    assert queries.find(code=code, name="Sam", word="blue kettle") is not None
    # It goes with them when they send.
    person = actions.send(conversation_id=kept.pk, by=None, now=NOW)
    assert queries.find(code=code, name="Sam") is None
    assert queries.find(code=code, name="Sam", word="Blue kettle").user == person.user


def test_the_word_can_be_taken_away_and_one_that_is_too_long_is_asked_again(client: Client) -> None:
    client.post("/", {"phone": "shared"})
    client.post("/talk/saved/", {"word": "kettle"})
    assert client.post("/talk/saved/", {"word": "x" * 201}).status_code == 422
    assert Conversation.objects.get().word
    client.post("/talk/saved/", {"word": ""})
    assert not Conversation.objects.get().word


def test_on_their_own_phone_no_word_is_offered(client: Client) -> None:
    client.post("/", {"phone": "own"})
    assert "Pick a word only you know" not in client.get("/talk/saved/").content.decode()


# -- Paper


def test_the_code_on_the_strip_opens_the_page_of_whoever_filled_in_the_paper(desk: Client, ravi: Any) -> None:
    (code,) = actions.print_forms(count=1, by=ravi.user, now=timezone.now())
    assert begin(desk, "paper", code=code.lower().replace("-", " ")) == "/talk/all/"
    page = desk.get("/talk/all/").content.decode()
    assert "[could not read]" in page
    assert "Whose words are these?" not in page, "on paper they wrote every word"
    desk.post(
        "/talk/all/",
        {
            "name": "Sam", "know": "It is [could not read] cold", "matters.words": "My dog",
            "week.easier": "A heater", "quiet.do": ["time", "trusted"], "topics": ["home"],
        },
    )  # fmt: skip
    rows = desk.get("/talk/check/").content.decode()
    assert "My dog" in rows
    assert press_send(desk)["Location"] == "/talk/thanks/"
    story = Story.objects.get()
    assert (story.words, story.whose, story.via, story.typed_by) == (
        "It is [could not read] cold",
        "own",
        "paper",
        ravi.user,
    )
    said = {(entry.section, entry.field): entry.words for entry in Entry.objects.all()}
    assert said["matters", "words"] == "My dog"
    assert said["steps", "step"] == "A heater"
    assert said["quiet", "do"] == "Give me some time, then text me\nAsk someone I trust"
    assert said["change", "goal"] == "Somewhere to live"
    assert Client().post("/back/", {"code": code, "name": "Sam", "phone": "own"})["Location"] == "/me/"


def test_a_form_is_typed_in_once_and_a_form_without_a_code_gets_one(desk: Client, ravi: Any) -> None:
    (code,) = actions.print_forms(count=1, by=ravi.user, now=timezone.now())
    begin(desk, "paper", code=code)
    begin(desk, "paper", code=code)  # the visit ended before a word was typed
    desk.post("/talk/all/", {"name": "Sam"})
    answer = desk.post("/team/hello/", {"who": "paper", "code": code})
    assert answer.status_code == 422
    assert "No form waits with that code" in answer.content.decode()
    for bad in ("OTTER", "OTTER-TEAPOT-407", "x" * 300):
        assert desk.post("/team/hello/", {"who": "paper", "code": bad}).status_code == 422
    begin(desk, "paper")
    assert Conversation.objects.filter(via="paper").count() == 2


def test_a_form_on_a_table_is_waited_for_longer_than_a_draft(ravi: Any) -> None:
    actions.print_forms(count=2, by=ravi.user, now=NOW)
    actions.begin(via="own_phone", by=None, now=NOW)
    actions.forget_unsent(now=NOW + timedelta(days=61))
    assert Conversation.objects.count() == 2
    actions.forget_unsent(now=NOW + timedelta(days=366))
    assert not Conversation.objects.exists()


def test_only_a_member_prints_codes() -> None:
    with pytest.raises(NotKnown):
        actions.print_forms(count=1, by=make_person().user, now=NOW)


# -- Easy read


def test_easy_read_is_chosen_at_the_door_and_stays_with_the_visit(client: Client) -> None:
    assert client.post("/", {"read": "easy"})["Location"] == "/"
    assert "Easy read is on" in client.get("/").content.decode()
    client.post("/", {"phone": "shared"})
    page = client.get("/talk/4/").content.decode()
    easy = queries.script_in_force(easy=True).by_name["soon"].questions[0]
    assert easy.asks in page
    assert page.count('class="drawing"') == 1
    client.post("/language/", {"read_in": "cy"})
    assert 'class="drawing"' not in client.get("/talk/4/").content.decode()
    client.post("/language/", {"read_in": "en-gb"})
    assert easy.asks in client.get("/talk/4/").content.decode()
    client.post("/", {"read": "usual"})
    assert 'class="drawing"' not in client.get("/talk/4/").content.decode()


def test_easy_read_is_a_way_of_writing_english(client: Client) -> None:
    from django.utils import translation

    with translation.override("cy"):
        assert queries.script_in_force(easy=True) == queries.script_in_force()


# -- Whatever is sent, in whatever order

JUNK: list[dict[str, Any]] = [
    {"name": "S" * 300, "know": "w" * 20_000, "whose.know": "nobody's"},
    {"know": "a\0b", "read_back": "a\0b", "why": "a\0b", "word": "a\0b", "code": "a\0b", "who": "here"},
    {"read_back": "x" * 300, "why": "x" * 3000, "word": "x" * 3000, "who": ["here", "paper"], "tries": "9"},
    {"know_2": "alone", "call.number": "🦦", "email.address": "no", "skip": "1", "list": "1"},
    {"count": "9" * 400, "layout": "usual", "language": "xx", "code": "OTTER" * 99},
]


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
@pytest.mark.parametrize("who", ["here", "paper", "telephone"])
def test_nothing_that_can_be_sent_to_a_worker_s_pages_breaks_one(desk: Client, who: str, junk: dict[str, Any]) -> None:
    begin(desk, who, whole="1")
    mark = desk.get("/talk/all/").context["form"]["visit"].value()
    for address in (
        "/talk/all/",
        "/talk/2/",
        "/talk/check/",
        "/talk/saved/",
        "/team/hello/",
        "/team/paper/",
        "/back/",
    ):
        for body in (junk, {**junk, "visit": mark}):
            answer = desk.post(address, body)
            assert answer.status_code < 500, (address, answer.status_code)
            if answer.status_code >= 400:
                assert "<h1" in answer.content.decode()


def test_an_old_tab_leads_to_what_was_sent_and_changes_nothing(desk: Client) -> None:
    begin(desk, "here", whole="1")
    desk.post("/talk/all/", {"name": "Sam", "know": "words"})
    mark = desk.get("/talk/check/").context["form"]["visit"].value()
    for _press in range(2):
        assert desk.post("/talk/check/", {"visit": mark, "read_back": "yes"})["Location"] == "/talk/thanks/"
    assert desk.post("/talk/all/", {"visit": mark, "know": "later words"})["Location"] == "/talk/thanks/"
    assert desk.get("/talk/all/")["Location"] == "/talk/thanks/"
    assert Story.objects.get().words == "words"
    desk.post("/talk/thanks/")
    answer = desk.post("/talk/all/", {"visit": mark, "know": "later words"})
    assert "What you wrote is kept" in answer.content.decode()
    assert Person.objects.count() == Story.objects.count() == 1


def test_a_worker_who_stops_lets_go_of_what_was_said(desk: Client) -> None:
    begin(desk, "here")
    desk.post("/talk/1/", {"name": "Sam", "stop": "1"})
    assert "Do not keep a copy" in desk.get("/talk/saved/").content.decode()
    assert desk.post("/talk/thanks/")["Location"] == "/today/"
    assert "This page closed" in desk.get("/talk/1/").content.decode()
    assert Conversation.objects.get().answers.count() == 2
