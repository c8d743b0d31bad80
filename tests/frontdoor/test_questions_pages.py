"""The pages on which a team changes its questions: in plain words, with the way to what is to be mended, and a look first."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from frontdoor import actions, queries
from frontdoor.models import Answer, Conversation, ScriptChange
from teams.models import User
from tests.factories import make_member, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def ali() -> User:
    return make_member(name="Ali Rahman", sector="peer", role="peer worker").user


@pytest.fixture
def web(ali: User, client: Client) -> Client:
    """Ali's browser, with a draft begun."""
    client.force_login(ali)
    client.post(reverse("questions_begin"))
    return client


def see(web: Client, name: str, *names: Any, **asked: str) -> str:
    answer = web.get(reverse(name, args=names), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def send(web: Client, name: str, *names: Any, **body: Any) -> Any:
    return web.post(reverse(name, args=names), body)


def asked(ali: User, question: str) -> Any:
    return queries.questions(viewer=ali).asked(question)


def test_the_whole_is_said_in_plain_words(web: Client) -> None:
    page = see(web, "questions")
    assert "Only if they picked “Text me”, and “Maybe” or “Yes”" in page
    assert "Only if they would rather pick from a list" in page
    assert "Nothing to mend" in page
    for code in ("goes", "plan:", "lifts", "box"):
        assert f" {code}" not in page


def test_a_question_says_where_it_lands_and_who_sees_it(web: Client) -> None:
    assert "My plan, What helps me: Who and what helps me" in see(web, "question", "helps.who")
    life = see(web, "question", "mood.life")
    assert "Me and my main person" in life
    assert "any answer" in life
    assert "Kept apart, to keep them safe" in see(web, "question", "safe.hurt")
    assert "What becomes of the answer" not in see(web, "question", "say_it")


def test_with_no_draft_every_page_leads_to_where_one_is_begun(ali: User, client: Client) -> None:
    client.force_login(ali)
    assert "Begin a draft" in see(client, "questions")
    for name, names in (
        ("question", ["know"]), ("question_words", ["know:asks"]), ("questions_problems", []), ("questions_publish", []),
        ("questions_preview", []), ("preview_page", [1]), ("question_add", ["matters"]), ("questions_drop", []),
    ):  # fmt: skip
        assert client.get(reverse(name, args=names)).headers["Location"] == reverse("questions")
    assert "Nobody has come in yet" in see(client, "questions_history")


def test_a_draft_that_was_published_meanwhile_is_no_error(
    web: Client, ali: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def published(**given: Any) -> None:
        raise actions.NoDraft

    monkeypatch.setattr(actions, "change_text", published)
    answer = send(web, "question_words", "know:asks", words="Hello", version="1")
    assert answer.headers["Location"] == reverse("questions")


def test_a_word_that_hurts_is_named_with_the_way_there_and_what_says_it(web: Client) -> None:
    send(web, "question_words", "know:hint", words="Who gave you a referral?", version="1")
    page = see(web, "questions_problems")
    assert "Say this without “referral”" in page
    assert "Who gave you a referral?" in page
    assert reverse("question_words", args=["know:hint"]) in page
    assert "Something to mend" in see(web, "questions")
    assert "Something has to be mended first" in see(web, "questions_publish")
    assert send(web, "questions_publish", why="Shorter").status_code == 422


def test_two_who_write_the_same_text_see_both(web: Client, ali: User) -> None:
    send(web, "question_words", "know:asks", words="What is going on?", version="1")
    answer = send(web, "question_words", "know:asks", words="What can we do?", version="1")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "What is going on?" in page
    assert "What can we do?" in page
    version = answer.context["form"]["version"].value()
    send(web, "question_words", "know:asks", words="What can we do?", version=version)
    assert asked(ali, "know").asks == "What can we do?"


def test_two_who_set_the_same_thing_see_both(web: Client, ali: User) -> None:
    seen = {"version": "1", "limit": "100"}
    send(web, "question", "helps.who", circle="me", **seen)
    answer = send(web, "question", "helps.who", circle="team", **seen)
    assert answer.status_code == 422
    assert "Who sees it at first: Only me" in answer.content.decode()
    send(web, "question_branch", "avoid", version="1")
    answer = send(web, "question_branch", "avoid", version="1", q0=["mood"])
    assert answer.status_code == 422
    assert "Everybody" in answer.content.decode()


def test_new_english_words_say_which_languages_went(web: Client) -> None:
    send(web, "question_translation", "know:asks", "cy", words="Beth sy'n digwydd?", version="1")
    assert "It is said in Cymraeg too" in see(web, "question_words", "know:asks")
    page = send(web, "question_words", "know:asks", words="What is going on?", version="9").content.decode()
    assert "Cymraeg" in page
    assert "until somebody writes them again" in page.lower()


@pytest.mark.parametrize("words", ["", "   "])
def test_a_question_is_never_left_without_words(web: Client, words: str) -> None:
    for text in ("know:asks", "soon:choice.today", "matters:title"):
        answer = send(web, "question_words", text, words=words, version="1")
        assert answer.status_code == 422
        assert "Write one word, or go back." in answer.content.decode()
    emptied = send(web, "question_words", "know:hint", words="", version="1")
    assert "until somebody writes them again" in emptied.content.decode().lower(), (
        "a hint may go, and its Welsh with it"
    )


def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(web: Client) -> None:
    fine = {"asks": "Do you sing?", "kind": "one", "choices": "Yes\nNo", "goes": "plan:helps.helps"}
    for wrong in (
        {"asks": ""}, {"kind": "score"}, {"choices": ""}, {"kind": "line"}, {"goes": ""}, {"goes": "ways"},
        {"choices": "\n".join(map(str, range(40)))}, {"circle": "all"}, {"asks": "a" * 200},
    ):  # fmt: skip
        answer = send(web, "question_add", "matters", **{**fine, **wrong})
        assert answer.status_code == 422, wrong
        assert ("Do you sing?" in answer.content.decode()) or "asks" in wrong
    made = send(web, "question_add", "matters", **fine)
    assert made.headers["Location"] == reverse("question", args=["do_you_sing"])


def test_what_can_be_set_is_what_makes_sense(web: Client, ali: User) -> None:
    send(web, "question_add", "matters", asks="Do you sing?", kind="one", choices="Yes\nNo", goes="plan:helps.helps")
    page = see(web, "question", "do_you_sing")
    assert "Which answers bring help for right now?" in page
    assert "How many letters we keep" not in page
    assert "Where the answer lands" in page  # nobody was asked it yet
    send(web, "question", "do_you_sing", version="9", goes="plan:now.words", circle="me", lifts=["yes"])
    assert asked(ali, "do_you_sing").set_to == {
        "goes": "plan:now.words",
        "circle": "me",
        "limit": 300,
        "lifts": ["yes"],
    }
    assert (
        send(web, "question", "do_you_sing", version="9", goes="plan:now.words", lifts=["no_such"]).status_code == 422
    )
    assert send(web, "question", "helps.who", version="9", limit="9000").status_code == 422
    assert web.get(reverse("choice_add", args=["helps.who"])).status_code == 404
    assert web.get(reverse("question_branch", args=["matters"])).status_code == 404
    assert web.get(reverse("question_translation", args=["know:asks", "xx"])).status_code == 404


def test_nobody_publishes_alone_what_they_alone_have_written(web: Client, ali: User) -> None:
    assert "Nothing yet." in see(web, "questions_publish")
    send(web, "question_words", "know:asks", words="What is going on?", version="1")
    assert "Somebody else looks first" in see(web, "questions_publish")
    answer = send(web, "questions_publish", why="Shorter")
    assert answer.status_code == 422
    assert "Let somebody else look" in answer.content.decode()
    lee = make_member(name="Lee Orme", leads=True).user
    web.force_login(lee)
    page = see(web, "questions_publish")
    assert "What would you like us to know?" in page
    assert "What is going on?" in page
    assert "Ali Rahman" in page
    assert send(web, "questions_publish", why="Shorter").status_code == 303
    page = see(web, "questions")
    assert "Lee Orme published it." in page
    assert "Shorter" in page
    assert "Begin a draft" in page
    page = see(web, "questions_history")
    assert page.index("Lee Orme published it") < page.index("It came with Front Door")


def test_a_draft_is_let_go_after_it_was_asked_once_more(web: Client, ali: User) -> None:
    assert "Let this draft go?" in see(web, "questions_drop")
    send(web, "questions_drop")
    assert queries.questions(viewer=ali).draft is None
    assert "A draft that was let go" in see(web, "questions_history")


# -- As a person would see it


def test_the_draft_can_be_walked_as_a_person_would_and_nothing_is_kept(web: Client) -> None:
    send(web, "question_words", "know:asks", words="What is going on?", version="1")
    before = ScriptChange.objects.count()
    address, seen = reverse("preview_page", args=[1]), []
    say = {"name": "Sam", "know": "canary", "soon": "not_safe", "ways": ["text"], "text.others": "maybe"}
    while "/preview/" in address and address != reverse("questions_preview"):
        page = web.get(address)
        assert "Nothing you write here is kept." in page.content.decode()
        assert "canary" not in address
        seen.append(page.context["page"].name)
        answer = web.post(address, say)
        assert answer.status_code == 303
        address = answer.headers["Location"]
        if seen[-1] == "soon":
            assert "Here a person would first see help for right now." in web.get(address).content.decode()
    assert seen == ["name", "know", "soon", "hello", "text", "text_words", "avoid", "see"]
    assert not Conversation.objects.exists()
    assert not Answer.objects.exists()
    assert ScriptChange.objects.count() == before


def test_every_page_and_topic_can_be_seen_in_every_language(web: Client, ali: User) -> None:
    send(web, "question_translation", "know:asks", "ur", words="آپ کیا بتانا چاہیں گے؟", version="1")
    send(web, "question_translation", "know:asks", "easy", words="Tell us", version="2")
    draft = queries.preview(viewer=ali, language="")
    assert draft
    for language in ("", "easy", "cy", "ur"):
        index = see(web, "questions_preview", **{"in": language})
        for page in draft.pages:
            assert reverse("preview_page", args=[page.number]) in index
            assert page.questions[0].id in see(web, "preview_page", page.number, **{"in": language})
    assert "آپ کیا بتانا" in see(web, "preview_page", 2, **{"in": "ur"})
    assert "Tell us" in see(web, "preview_page", 2, **{"in": "easy"})
    assert "What would you like us to know?" in see(web, "preview_page", 2, **{"in": "xx"})
    assert web.get(reverse("preview_page", args=[99])).status_code == 404


def test_a_draft_that_is_taken_apart_is_no_error(web: Client, ali: User) -> None:
    """Everything can be taken out by hand, one by one; what is missing is named, and every page still opens."""
    send(web, "topic_add", title="My pets")
    for leaf in queries.questions(viewer=ali).hello:
        for one in leaf.questions:
            send(web, "question_out", one.id)
    for name in ("questions", "questions_problems", "questions_publish", "questions_preview", "questions_history"):
        see(web, name)
    see(web, "question_page", "my_pets")
    see(web, "question_page", "see")
    assert web.get(reverse("preview_page", args=[1])).status_code == 404
    assert web.get(reverse("preview_page", args=[117])).status_code == 404
    for leaf in queries.questions(viewer=ali).hello:
        send(web, "page_out", leaf.name)
    see(web, "questions_preview")
    assert "is needed. Put it back." in see(web, "questions_problems")


def test_without_its_list_the_link_to_it_leads_to_where_one_begins(web: Client) -> None:
    send(web, "page_out", "topics")
    assert send(web, "preview_page", 2, list="1").headers["Location"] == reverse("questions_preview")


def test_the_other_buttons_of_a_page_do_what_they_say(web: Client) -> None:
    def pressed(number: int, **body: Any) -> Any:
        return send(web, "preview_page", number, **body)

    assert pressed(2, list="1").headers["Location"] == reverse("preview_page", args=[3])
    assert pressed(2, stop="1").headers["Location"] == reverse("questions_preview")
    assert pressed(4, skip="1", soon="not_safe").headers["Location"] == reverse("preview_page", args=[5])
    assert pressed(103, **{"week.easier": "Sleep"}).headers["Location"] == reverse("questions_preview")
    assert pressed(2, autosave="1", know="canary").status_code == 403
    wrong = pressed(6, **{"call.number": "ring me"})
    assert wrong.status_code == 422
    assert "ring me" in wrong.content.decode()


def test_a_team_that_is_not_at_the_front_door_is_not_shown_the_way() -> None:
    make_team()
    olu = make_member(name="Olu", team=make_team(name="Northmoor", is_front_door=False)).user
    web = Client()
    web.force_login(olu)
    assert reverse("questions") not in see(web, "team")
    assert web.get(reverse("questions")).status_code == 404
    ali = make_member(name="Ali").user
    web.force_login(ali)
    assert reverse("questions") in see(web, "team")
