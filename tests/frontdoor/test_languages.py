"""Reading in another language: picked on any page, for the visit and the account, and nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cases.actions import WayToReach, come_back, decide, step_out, talk_soon
from cases.models import Case, Entry, HuddleItem, SafetyNote, Way, Worry
from frontdoor import queries
from frontdoor.models import Answer
from teams.languages import of
from teams.models import Message, User
from tests.factories import NOW, make_member, make_person, make_team
from tests.frontdoor.coming_in import press_send

pytestmark = pytest.mark.django_db
LANGUAGES = ["en-gb", "cy", "ur"]
BY_TEXT = (WayToReach(kind="text", to="07700 900123", others="no"),)


def read_in(client: Client, language: str, on: str = "/") -> None:
    """Press the language on this page of ours."""
    here = f"http://testserver{on}"
    answer = client.post(reverse("language"), {"read_in": language}, headers={"referer": here})
    assert (answer.status_code, answer["Location"]) == (303, here)


def html(client: Client, address: str) -> str:
    found = re.search(r"<html [^>]*>", client.get(address).content.decode())
    assert found
    return found[0]


@pytest.fixture
def jo() -> object:
    return make_member(name="Jo Bevan")


def test_a_visit_is_read_in_the_language_that_was_picked(client: Client) -> None:
    assert html(client, "/") == '<html lang="en-gb" dir="ltr">'
    read_in(client, "cy", "/help-now/")
    assert html(client, "/help-now/") == '<html lang="cy" dir="ltr">'
    read_in(client, "ur", "/who-sees/")
    assert html(client, "/") == '<html lang="ur" dir="rtl">'
    assert client.cookies["language"]["httponly"]
    assert client.cookies["language"]["max-age"] == ""  # gone when the browser is


def test_leaving_leaves_no_language_behind(client: Client) -> None:
    read_in(client, "ur")
    client.get("/leave/")
    assert client.cookies["language"].value == ""


def test_the_browsers_own_language_comes_first_where_nobody_picked(client: Client) -> None:
    assert 'lang="cy"' in client.get("/", headers={"accept-language": "cy-GB,cy;q=0.9,en;q=0.8"}).content.decode()
    read_in(client, "en-gb")
    assert 'lang="en-gb"' in client.get("/", headers={"accept-language": "cy"}).content.decode()


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "https://testserver@evil.example/", "javascript:x()", "", "//evil"]
)
def test_picking_a_language_leads_to_pages_of_ours_only(client: Client, page: str) -> None:
    answer = client.post(reverse("language"), {"read_in": "cy"}, headers={"referer": page})
    assert answer["Location"] == "/talk/"


def test_what_is_no_language_of_ours_changes_nothing(client: Client) -> None:
    read_in(client, "xx")
    assert "language" not in client.cookies
    assert html(client, "/") == '<html lang="en-gb" dir="ltr">'


def test_every_page_offers_the_others_by_their_own_names(client: Client) -> None:
    for address in ["/", "/help-now/", "/staying-safe/", "/who-sees/", "/back/", "/accounts/login/"]:
        page = client.get(address).content.decode()
        assert re.search(r'<button [^>]*value="cy" lang="cy"[^>]*>Cymraeg</button>', page), address
        assert "اردو" in page, address


def test_in_the_conversation_the_words_are_kept_first(client: Client) -> None:
    make_team()
    client.post("/", {"phone": "own"})
    answer = client.post("/talk/2/?then=check", {"know": "I cannot sl", "read_in": "cy"})
    assert (answer.status_code, answer["Location"]) == (303, "/talk/2/?then=check")
    assert Answer.objects.get(question="know").value == "I cannot sl"
    page = client.get("/talk/2/").content.decode()
    assert 'lang="cy"' in page
    assert "I cannot sl" in page


def test_on_any_other_form_what_was_typed_is_shown_again_and_nothing_is_done(client: Client, jo: object) -> None:
    sam = make_person(name="Sam")
    client.force_login(sam.user)
    address = f"/plans/{sam.plan.pk}/add/matters/"
    before = Entry.objects.count()
    answer = client.post(address, {"field": "words", "words": "My dog", "read_in": "ur"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'dir="rtl"' in page
    assert "My dog" in page
    assert "nhsuk-error" not in page
    assert Entry.objects.count() == before
    assert client.post("/me/step-out/", {"words": "Bye", "keep_hello": "no", "read_in": "cy"}).status_code == 200
    assert Case.objects.get().state != Case.State.OPEN_DOOR
    assert "Bye" in client.post("/me/step-out/", {"words": "Bye", "read_in": "cy"}).content.decode()


def test_a_code_is_not_tried_by_it(client: Client) -> None:
    page = client.post("/back/", {"code": "HAZEL", "name": "Sam", "read_in": "cy"})
    assert page.status_code == 200
    assert "HAZEL" in page.content.decode()
    assert "nhsuk-error" not in page.content.decode()


def test_the_pages_for_when_something_is_wrong_are_in_it_too(client: Client) -> None:
    read_in(client, "ur")
    for answer in (client.get("/nowhere/"), client.post("/", {"phone": "\0"})):
        assert '<html lang="ur" dir="rtl">' in answer.content.decode()


def test_we_write_in_the_language_in_which_they_came(client: Client, jo: object) -> None:
    make_team()
    read_in(client, "cy")
    client.post("/", {"phone": "own"})
    client.post("/talk/1/", {"name": "Sam"})
    client.post("/talk/5/", {"ways": ["text"]})
    client.post("/talk/7/", {"text.number": "07700 900123", "text.others": "no"})
    press_send(client)
    assert User.objects.get(name="Sam").language == "cy"
    message = Message.objects.get()
    assert "Thanks for getting in touch" not in message.body
    assert not re.search("Monday|Tuesday|Wednesday|Thursday|Friday", message.body)


def test_whoever_does_it_the_message_is_in_the_persons_language(jo: object) -> None:
    sam = make_person(name="Sam", ways=BY_TEXT, pace="days")
    User.objects.filter(pk=sam.user.pk).update(language="ur")
    item = HuddleItem.objects.get()
    decide(
        item_id=item.pk, decision="together", we_heard="You", first_step="A walk", because="You said", by=jo.user,
        now=NOW, who=jo.pk, how="text", by_when=NOW.date(),
    )  # fmt: skip
    body = Message.objects.get(key__startswith="decided").body
    assert re.search("[\u0600-\u06ff]", body)
    assert "Tuesday" not in body
    assert "Sam" in body


def test_what_is_written_down_for_the_team_stays_in_the_teams_language(client: Client, jo: object) -> None:
    from django.utils import translation

    with translation.override("ur"):
        sam = make_person(name="Sam", shut_names="Dave")
        assert HuddleItem.objects.get().why == "They would rather not be seen by: Dave"
        talk_soon(plan_id=sam.plan.pk, pace="today", by=sam.user, now=NOW)
    assert "Would like to talk: Today" in {item.why for item in HuddleItem.objects.all()} | {
        line for item in HuddleItem.objects.all() for line in item.why.splitlines()
    }


def test_how_to_reach_them_is_noted_in_the_teams_language(client: Client, jo: object) -> None:
    make_team()
    read_in(client, "ur")
    client.post("/", {"phone": "own"})
    client.post("/talk/5/", {"ways": ["call"]})
    client.post("/talk/6/", {"call.number": "07700 900123", "call.picks_up": "hang_up"})
    press_send(client)
    assert "Hang up and try later" in Way.objects.get().note


def test_what_is_kept_apart_is_kept_in_the_teams_language(client: Client, jo: object) -> None:
    sam = make_person(name="Sam")
    client.force_login(sam.user)
    read_in(client, "ur")
    safe = queries.script_in_force().by_name["safe"]
    client.post(reverse("more_page", args=[safe.number]), {"safe.hurt": "yes"})
    assert SafetyNote.objects.get().words == "Is anyone hurting you or scaring you? Yes"


def test_saying_more_shows_again_what_was_typed_and_keeps_nothing_yet(client: Client, jo: object) -> None:
    sam = make_person(name="Sam")
    client.force_login(sam.user)
    matters = reverse("more_page", args=[queries.script_in_force().by_name["matters"].number])
    page = client.post(matters, {"matters.words": "My dog", "read_in": "cy"})
    assert page.status_code == 200
    assert 'lang="cy"' in page.content.decode()
    assert "My dog" in page.content.decode()
    assert not Entry.objects.filter(words="My dog").exists()


def test_telling_that_one_is_worried_is_not_sent_by_it(client: Client, jo: object) -> None:
    make_team()
    page = client.post("/worried/", {"who": "My brother", "read_in": "cy"})
    assert (page.status_code, Worry.objects.count()) == (200, 0)
    assert "My brother" in page.content.decode()
    assert "nhsuk-error" not in page.content.decode()


def test_what_is_read_back_is_not_sent_by_it(jo: object) -> None:
    make_team()
    friend = Client()
    friend.post("/helping/", {"who": "here"})
    friend.post("/talk/1/", {"name": "Sam"})
    page = press_send(friend, why="He is asleep", read_in="ur")
    assert page.status_code == 200
    assert "He is asleep" in page.content.decode()
    assert not Case.objects.exists()


def test_picking_while_signed_in_is_for_the_account(client: Client, jo: object) -> None:
    sam = make_person(name="Sam", ways=BY_TEXT)
    client.force_login(sam.user)
    read_in(client, "cy", "/me/")
    assert User.objects.get(pk=sam.user.pk).language == "cy"
    step_out(plan_id=sam.plan.pk, by=sam.user, now=NOW)
    come_back(plan_id=sam.plan.pk, by=sam.user, now=NOW)
    assert "Good to hear from you" not in Message.objects.get(key__startswith="back").body


def test_signing_in_brings_the_accounts_language(client: Client, jo: object) -> None:
    User.objects.filter(pk=jo.user.pk).update(language="ur")
    client.post(f"/demo/be/{jo.user.pk}/")
    assert client.cookies["language"].value == "ur"
    assert html(client, "/today/") == '<html lang="ur" dir="rtl">'


def test_signing_in_takes_along_what_was_picked_in_this_visit(client: Client, jo: object) -> None:
    User.objects.filter(pk=jo.user.pk).update(language="ur")
    read_in(client, "cy")
    client.post(f"/demo/be/{jo.user.pk}/")
    assert User.objects.get(pk=jo.user.pk).language == "cy"
    assert html(client, "/today/") == '<html lang="cy" dir="ltr">'


def test_a_code_to_sign_in_comes_in_the_accounts_language(client: Client, jo: object) -> None:
    User.objects.filter(pk=jo.user.pk).update(language="cy")
    client.post("/accounts/login/", {"to": jo.user.email})
    message = Message.objects.get()
    assert message.subject != "Your code"
    assert mail.outbox == []


def test_nobody_is_written_to_in_a_language_that_we_do_not_have() -> None:
    assert of(User(language="xx")) == "en-gb"
    assert of(User(language="ur")) == "ur"
    assert of(User()) == "en-gb"


def test_the_ids_of_every_question_and_choice_are_the_same_in_all(client: Client) -> None:
    make_team()
    client.post("/", {"phone": "own"})
    client.post("/talk/5/", {"ways": list(Way.Kind.values)})
    client.post("/talk/7/", {"text.others": "maybe"})
    for number in range(1, 17):
        asked = []
        for language in LANGUAGES:
            read_in(client, language)
            page = client.get(f"/talk/{number}/").content.decode()
            main = page[page.index("<main") : page.index("</main>")]
            main = re.sub(r'name="(csrfmiddlewaretoken|visit|whose)"\s+value="[^"]*"', "", main)
            asked.append(re.findall(r'name="[^"]*"(?:\s+value="[^"]*")?', main))
        assert asked[0] == asked[1] == asked[2], number
