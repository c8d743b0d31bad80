"""The conversation, page by page, as a browser without scripts walks it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions import claim_due
from cases.models import Avoid, Case, Entry, HuddleItem, Person, ShutOut, Story, Way
from frontdoor import script
from frontdoor.models import Answer, Conversation
from teams.models import Message, User
from tests.factories import make_member, make_person, make_team
from tests.frontdoor.coming_in import press_send

pytestmark = pytest.mark.django_db


def begin(client: Client, phone: str = "own") -> None:
    answer = client.post("/", {"phone": phone})
    assert (answer.status_code, answer["Location"]) == (303, "/talk/1/")


def say(client: Client, page: str, **answers: object) -> str:
    """Answer one page and press Continue (or what ``answers`` presses); where it leads."""
    data = {key.replace("__", "."): value for key, value in answers.items()}
    answer = client.post(reverse("talk", args=[script.read(script.shipped(), 1).by_name[page].number]), data)
    assert answer.status_code == 303, answer.content.decode()
    return answer["Location"]


def number(page: str) -> str:
    return reverse("talk", args=[script.read(script.shipped(), 1).by_name[page].number])


def test_the_shortest_path_is_eight_screens_at_most(client: Client) -> None:
    make_team()
    screens = ["/"]
    assert client.get("/").status_code == 200
    begin(client)
    at = "/talk/1/"
    while at != "/talk/check/":
        screens.append(at)
        assert client.get(at).status_code == 200
        answer = client.post(at, {"name": "Sam"} if at == "/talk/1/" else {"skip": "1"})
        at = answer["Location"]
    screens.append(at)
    answer = press_send(client)
    screens.append(answer["Location"])
    assert answer["Location"] == "/talk/thanks/"
    assert client.get("/talk/thanks/").status_code == 200
    assert len(screens) <= 8


def test_a_whole_conversation_becomes_a_person_a_story_a_plan_and_a_place_on_the_agenda(client: Client) -> None:
    make_member(name="Jo Bevan")
    begin(client)
    assert say(client, "name", name="Sam", say_it="Sam, like ham") == number("know")
    assert say(client, "know", know="I need\r\nsomewhere to live", list="1") == number("topics")
    assert say(client, "topics", topics=["home", "drink", "safe"]) == number("soon")
    assert say(client, "soon", soon="week") == number("hello")
    assert say(client, "hello", ways=["call", "text"]) == number("call")
    assert say(
        client,
        "call",
        call__number="07700 900001",
        call__times=["mornings"],
        call__message="no",
        call__say_who="no",
        call__picks_up="hang_up",
        call__hide="hide",
    ) == number("text")
    assert say(client, "text", text__number="07700 900001", text__others="maybe", text__word="robin") == number(
        "text_words"
    )
    assert say(client, "text_words", text__send="mine", text__words="Bins out Tuesday") == number("avoid")
    assert say(client, "avoid", avoid="My ex, at 4 Hill Road") == number("see")
    assert say(client, "see", exclude=["council"], exclude_name="Ann Smith") == "/talk/check/"
    assert press_send(client)["Location"] == "/talk/thanks/"

    person = Person.objects.get()
    case = Case.objects.get()
    assert (person.name_used, person.say_it) == ("Sam", "Sam, like ham")
    assert [(story.question, story.words) for story in Story.objects.all()] == [("know", "I need\nsomewhere to live")]
    assert (case.pace, case.topics, case.came_via) == ("week", ["safe", "home", "drink"], "own_phone")
    entries = [(each.section, each.field, each.words, each.area, each.circle) for each in Entry.objects.all()]
    assert entries == [
        ("now", "words", "I need\nsomewhere to live", "", ""),
        ("change", "goal", "Somewhere to live", "home", ""),
        ("change", "goal", "Drink or drugs", "drink", "named"),
    ]
    call, text = Way.objects.all()
    assert (call.kind, call.to, call.times, call.say_who, call.leave_message) == (
        "call",
        "07700 900001",
        ["mornings"],
        False,
        False,
    )
    assert "Hang up and try later" in call.note
    assert "Hide your number" in call.note
    assert (text.others, text.only_words, text.word) == ("maybe", "Bins out Tuesday", "robin")
    assert Avoid.objects.get().words == "My ex, at 4 Hill Road"
    assert ShutOut.objects.get().sector == "council"
    assert "Ann Smith" in HuddleItem.objects.get().why
    assert Conversation.objects.get().person == person
    assert not Answer.objects.exists(), "it is told once and kept once"


def test_on_their_own_phone_the_new_person_can_open_their_page_at_once(client: Client) -> None:
    make_team()
    begin(client)
    say(client, "name", name="Sam")
    press_send(client)
    assert client.get("/talk/thanks/").context["user"] == Person.objects.get().user
    assert client.get("/me/").status_code == 200


def test_on_a_shared_phone_nobody_is_signed_in_and_the_code_is_the_way(client: Client) -> None:
    make_team()
    begin(client, "shared")
    say(client, "name", name="Sam")
    press_send(client)
    assert client.get("/me/").status_code == 302
    assert "Open my page with my code" in client.get("/talk/thanks/").content.decode()


def test_pressing_send_twice_makes_one_person(client: Client) -> None:
    make_team()
    begin(client)
    say(client, "name", name="Sam")
    form = client.get("/talk/check/").context["form"]
    for _press in range(3):
        answer = client.post("/talk/check/", {"visit": form["visit"].value()})
        assert (answer.status_code, answer["Location"]) == (303, "/talk/thanks/")
    assert Person.objects.count() == User.objects.count() == 1


def test_another_tab_that_still_holds_a_page_cannot_change_what_was_sent(client: Client) -> None:
    make_team()
    begin(client)
    say(client, "name", name="Sam")
    press_send(client)
    assert say(client, "know", know="something else") == "/talk/thanks/"
    assert client.get("/talk/2/")["Location"] == "/talk/thanks/"
    assert not Answer.objects.exists()


def test_a_wholly_empty_conversation_is_met_kindly_and_then_can_just_say_hello(client: Client) -> None:
    make_team()
    begin(client)
    first = press_send(client)
    assert first.status_code == 422
    assert "Write one word, or pick one thing" in first.content.decode()
    assert 'name="hello"' not in first.content.decode()
    second = press_send(client, tries="1")
    assert "You can also just press Say hello" in second.content.decode()
    assert 'name="hello"' in second.content.decode()
    assert not Person.objects.exists()
    assert press_send(client, hello="1", tries="2")["Location"] == "/talk/thanks/"
    assert Person.objects.count() == 1


def test_skip_keeps_what_was_said_before(client: Client) -> None:
    begin(client)
    say(client, "know", know="first words")
    say(client, "know", know="", skip="1")
    assert Answer.objects.get(question="know").value == "first words"


def test_save_and_stop_keeps_even_what_cannot_be_read_yet_and_shows_the_code(client: Client) -> None:
    begin(client)
    say(client, "hello", ways=["call"])
    assert say(client, "call", call__number="ask my mum", stop="1") == "/talk/saved/"
    assert Answer.objects.get(question="call.number").value == "ask my mum"
    page = client.get("/talk/saved/")
    assert page.context["draft"].code in page.content.decode()


def test_change_from_the_check_page_leads_back_to_it_through_what_it_opened(client: Client) -> None:
    begin(client)
    for page in ("name", "know", "soon", "hello", "see"):
        say(client, page, skip="1")
    change = number("hello") + "?then=check"
    assert client.post(change, {"ways": ["text"]})["Location"] == number("text") + "?then=check"
    assert client.post(number("text") + "?then=check", {"text.number": "07700 900002"})["Location"] == (
        number("avoid") + "?then=check"
    )
    assert client.post(number("avoid") + "?then=check", {})["Location"] == "/talk/check/"


def test_not_safe_right_now_brings_help_next_and_then_goes_on(client: Client) -> None:
    make_team()
    begin(client)
    to = say(client, "soon", soon="not_safe")
    assert to == "/help-now/?to=5/"
    assert f'href="{number("hello")}"' in client.get(to).content.decode()
    press_send(client, hello="1")
    assert HuddleItem.objects.get().kind == "today"


def test_worrying_words_bring_help_next_and_lift_the_person_and_block_nothing(client: Client) -> None:
    make_team()
    begin(client)
    assert say(client, "know", know="I don’t want to be here any more") == "/help-now/?to=4/"
    assert say(client, "know", know="I don't want to be here", list="1") == "/help-now/?to=3/"
    press_send(client)
    assert HuddleItem.objects.get().kind == "today"


def test_words_that_come_in_after_the_visit_ended_are_kept_and_shown_to_nobody(client: Client) -> None:
    begin(client, "shared")
    form = client.get("/talk/2/").context["form"]
    client.cookies.clear()
    answer = client.post("/talk/2/", {"know": "my words", "visit": form["visit"].value()})
    assert "closed to keep you safe" in answer.content.decode()
    assert "my words" not in answer.content.decode()
    assert Answer.objects.get(question="know").value == "my words"


def test_a_page_of_an_earlier_visit_does_not_write_into_the_next_persons(client: Client) -> None:
    begin(client, "shared")
    mark = client.get("/talk/2/").context["form"]["visit"].value()
    begin(client, "shared")
    answer = client.post("/talk/2/", {"know": "the first person's", "visit": mark})
    assert "closed to keep you safe" in answer.content.decode()
    first, second = Conversation.objects.order_by("began_at")
    assert first.answers.get().value == "the first person's"
    assert not second.answers.exists()


def test_start_on_a_shared_phone_never_shows_what_somebody_else_began(client: Client) -> None:
    begin(client, "shared")
    say(client, "know", know="private words")
    begin(client, "shared")
    assert "private words" not in client.get("/talk/2/").content.decode()


def test_start_again_on_their_own_phone_goes_on_where_they_were(client: Client) -> None:
    begin(client)
    say(client, "name", name="Sam")
    client.get("/talk/2/")
    assert client.post("/", {"phone": "own"})["Location"] == "/talk/"
    assert client.get("/talk/")["Location"] == "/talk/2/"
    assert Conversation.objects.count() == 1


def test_somebody_who_is_here_already_goes_to_their_own_page(client: Client) -> None:
    client.force_login(make_person().user)
    assert client.post("/", {"phone": "own"})["Location"] == "/me/"


def test_the_box_saves_itself_and_says_nothing(client: Client) -> None:
    begin(client)
    answer = client.post("/talk/2/", {"know": "half a sent", "autosave": "1"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert Answer.objects.get().value == "half a sent"
    client.cookies.clear()
    assert client.post("/talk/2/", {"know": "more", "autosave": "1"}).status_code == 403


def test_more_than_a_box_holds_is_kept_whole_and_split_the_second_time(client: Client) -> None:
    make_team()
    begin(client)
    words = "one two " * 652
    answer = client.post("/talk/2/", {"know": words})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "You have used 5,216. The rest can go in the next box" in page
    assert 'name="know_2"' in page
    assert Answer.objects.get(question="know").value == words
    answer = client.post("/talk/2/", {"know": words, "know_2": "and more", "tries": "1"})
    assert "We have split it up for you" in answer.content.decode()
    form = answer.context["form"]
    boxes = {name: form[name].value() for name in ("know", "know_2", "know_3")}
    assert boxes["know"] + boxes["know_2"] == words
    assert boxes["know_3"] == "and more"
    assert all(len(box) <= 5000 for box in boxes.values())
    assert say(client, "know", tries="2", **boxes) == "/talk/4/"
    press_send(client)
    assert [story.question for story in Story.objects.all()] == ["know", "know_2", "know_3"]
    assert "".join(story.words for story in Story.objects.all()) == words + "and more"


def test_a_number_we_cannot_read_is_asked_twice_in_other_words_and_then_taken_as_it_is(client: Client) -> None:
    begin(client)
    say(client, "hello", ways=["call", "email"])
    wrong = {"call.number": "mum's one", "email.address": "sam at home"}
    assert "We could not read that number" in client.post(number("call"), wrong).content.decode()
    assert "Leave it as it is" in client.post(number("call"), {**wrong, "tries": "1"}).content.decode()
    assert client.post(number("call"), {**wrong, "tries": "2"}).status_code == 303
    assert "That email needs an @ sign" in client.post(number("email"), wrong).content.decode()
    assert "Leave it out" in client.post(number("email"), {**wrong, "tries": "1"}).content.decode()
    assert client.post(number("email"), {**wrong, "tries": "2"}).status_code == 303
    assert Answer.objects.get(question="call.number").value == "mum's one"


def test_a_line_longer_than_its_place_is_said_and_kept(client: Client) -> None:
    begin(client)
    answer = client.post("/talk/1/", {"name": "Sam " * 100})
    assert "We can keep 300 letters here. You have used 400." in answer.content.decode()
    assert "Write the main part here" in client.post("/talk/1/", {"name": "Sam " * 100, "tries": "1"}).content.decode()
    assert Answer.objects.get(question="name").value == "Sam " * 100


def test_somebody_who_will_get_in_touch_is_sent_nothing(client: Client) -> None:
    make_member()
    begin(client)
    say(client, "soon", soon="i_will")
    say(client, "hello", ways=["text"])
    say(client, "text", text__number="07700 900001", text__others="no")
    press_send(client)
    assert Person.objects.exists()
    assert not Message.objects.exists()


def test_a_form_that_went_stale_comes_back_with_the_words_and_then_works() -> None:
    client = Client(enforce_csrf_checks=True)
    token = client.get("/").context["csrf_token"]
    client.post("/", {"phone": "own", "csrfmiddlewaretoken": token})
    answer = client.post("/talk/2/", {"know": "<b>my words</b>", "csrfmiddlewaretoken": "x" * 64})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This page was open a long time" in page
    assert "&lt;b&gt;my words&lt;/b&gt;" in page
    token = client.get("/talk/2/").context["csrf_token"]
    again = client.post("/talk/2/", {"know": "<b>my words</b>", "csrfmiddlewaretoken": token})
    assert again.status_code == 303


def test_another_site_cannot_put_words_under_a_button_of_ours() -> None:
    client = Client(enforce_csrf_checks=True)
    ours = client.post("/me/step-out/", {"words": "kept"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (ours.status_code, "kept" in ours.content.decode()) == (403, True)
    theirs = client.post("/me/step-out/", {"words": "planted"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (theirs.status_code, "planted" in theirs.content.decode()) == (403, False)


def test_delete_asks_once_and_leaves_nothing(client: Client) -> None:
    begin(client)
    say(client, "know", know="gone soon")
    assert client.get("/talk/delete/").status_code == 200
    assert Conversation.objects.exists()
    assert client.post("/talk/delete/")["Location"] == "/"
    assert not Conversation.objects.exists()
    assert not Answer.objects.exists()


def test_a_robot_that_fills_in_what_nobody_sees_begins_nothing(client: Client) -> None:
    assert client.post("/", {"phone": "own", "website": "x"})["Location"] == "/"
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    "others",
    [
        {"text.others": "no"},
        {"text.others": "no", "text.word": "bluebell"},
        {"text.others": "maybe", "text.send": "mine", "text.words": "Kettle is on"},
        {"text.others": "yes", "text.send": "hello"},
    ],
)
def test_the_first_message_is_shown_word_for_word_before_anything_is_sent(
    client: Client, others: dict[str, str]
) -> None:
    make_member(name="Jo Bevan")
    make_member(name="Ann Council", sector="council")
    begin(client)
    say(client, "name", name="Sam")
    say(client, "hello", ways=["text"])
    say(client, "text", **{"text.number": "07700 900001", **others})
    say(client, "text_words", **others)
    say(client, "see", exclude=["council"])
    shown = client.get("/talk/check/").context["first_message"]
    press_send(client)
    now = timezone.now()
    Message.objects.update(due_at=now)
    claim_due(now=now, hours=range(24))
    assert Message.objects.get().body == shown != ""


def test_no_message_is_shown_where_none_would_be_sent(client: Client) -> None:
    make_member(name="Jo Bevan")
    begin(client)
    say(client, "hello", ways=["text"])
    say(client, "text", **{"text.number": "07700 900001"})
    assert client.get("/talk/check/").context["first_message"] == "", "they have not said that nobody else reads it"
    say(client, "text", **{"text.number": "07700 900001", "text.others": "no"})
    assert client.get("/talk/check/").context["first_message"].startswith("Hi there, it's Jo.")
    say(client, "soon", soon="i_will")
    assert client.get("/talk/check/").context["first_message"] == ""
