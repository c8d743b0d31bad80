"""The pages on which a team changes its questions: in plain words, with the way to what is to be mended, and a look first."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
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
        ("questions_preview", []), ("preview_page", [1]), ("preview_check", []), ("question_add", ["matters"]),
        ("questions_drop", []),
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


def follow(web: Client, name: str, *names: Any, **body: Any) -> str:
    """What a press leads to, by GET: it can be looked at again, and nothing is sent a second time."""
    answer = send(web, name, *names, **body)
    assert answer.status_code in {302, 303}
    page = web.get(answer.headers["Location"])
    assert page.status_code == 200
    return page.content.decode()


def test_new_words_lead_to_their_place_where_it_says_what_changed(web: Client) -> None:
    page = follow(web, "question_words", "know:asks", words="What is going on?", version="1")
    kept = notice(page)
    assert "Your new words are kept" in kept
    assert "What would you like us to know?" in kept, "what was there before"
    assert "What is going on?" in kept
    changes = ScriptChange.objects.count()
    again = send(web, "question_words", "know:asks", words="What is going on?", version="1")
    assert "kept=" not in again.headers["Location"], "the same words are no change, and none is said"
    assert ScriptChange.objects.count() == changes
    assert "Your new words are kept" not in see(web, "question", "know")


def test_new_words_of_a_page_in_a_language_and_of_an_answer_say_so_too(web: Client) -> None:
    assert "Eich bywyd" in notice(
        follow(web, "question_translation", "matters:title", "cy", words="Eich bywyd", version="1")
    )
    assert "Call me up" in notice(follow(web, "question_words", "ways:choice.call", words="Call me up", version="2"))
    assert "These words are taken out" in notice(follow(web, "question_words", "know:hint", words="", version="3"))


def test_what_an_address_says_of_a_change_is_true_or_nothing(web: Client) -> None:
    send(web, "question_words", "know:asks", words="What is going on?", version="1")
    for kept in ("1", "99", "-1", "x", "9" * 30, "²"):
        assert "Your new words are kept" not in see(web, "question", "know", kept=kept)
    last = ScriptChange.objects.latest("number").number
    assert "Your new words are kept" in see(web, "question", "know", kept=str(last))
    assert "Your new words are kept" not in see(web, "question", "soon", kept=str(last)), "it is about another text"


def notice(page: str) -> str:
    return page.partition('<div class="notice" role="status"')[2].partition('<div class="text"')[0]


def test_new_english_words_say_which_languages_went(web: Client) -> None:
    send(web, "question_translation", "know:asks", "cy", words="Beth sy'n digwydd?", version="1")
    assert "It is said in Cymraeg too" in see(web, "question_words", "know:asks")
    kept = notice(follow(web, "question_words", "know:asks", words="What is going on?", version="9"))
    assert "Cymraeg" in kept
    assert "Until somebody writes them again" in kept


@pytest.mark.parametrize("words", ["", "   "])
def test_a_question_is_never_left_without_words(web: Client, words: str) -> None:
    for text in ("know:asks", "soon:choice.today", "matters:title"):
        answer = send(web, "question_words", text, words=words, version="1")
        assert answer.status_code == 422
        assert "Write one word, or go back." in answer.content.decode()
    emptied = follow(web, "question_words", "know:hint", words="", version="1")
    assert "Cymraeg" in notice(emptied), "a hint may go, and its Welsh with it"


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


def test_a_topic_is_tied_to_a_part_of_life_and_to_picks(web: Client) -> None:
    send(web, "topic_add", title="My pets", area="people", topics=["alone", "days"])
    page = see(web, "question_page", "my_pets")
    assert "Part of life: People" in page
    assert "Comes up first for: “Feeling alone”, “Work, study or how I spend my day”" in page
    problems = see(web, "questions_problems")
    assert "“Work, study or how I spend my day” hangs from two parts of life" in problems
    answer = send(web, "topic_ties", "my_pets", version="9", area="people", topics=["alone"])
    assert answer.headers["Location"] == reverse("question_page", args=["my_pets"])
    assert "hangs from two parts of life" not in see(web, "questions_problems")


def test_what_a_topic_of_the_team_lacks_is_named_with_the_way_there(web: Client) -> None:
    send(web, "topic_add", title="My pets")
    assert "It is no part of life yet, and comes up first for nobody." in see(web, "question_page", "my_pets")
    problems = see(web, "questions_problems").partition("What could be better")[2]
    assert "This topic is no part of life yet." in problems
    assert "No pick brings this topic up." in problems
    assert reverse("question_page", args=["my_pets"]) in problems


def test_what_is_wrong_with_a_tie_is_said_and_nothing_is_lost(web: Client) -> None:
    for wrong in ({"area": "risk"}, {"topics": ["my_bike"]}, {"title": ""}):
        answer = send(web, "topic_add", **{"title": "My pets", "area": "body", "topics": ["days"], **wrong})
        assert answer.status_code == 422, wrong
        assert 'value="days"' in answer.content.decode()
        assert "My pets" in answer.content.decode() or "title" in wrong
    assert send(web, "topic_ties", "home", version="1", area="risk").status_code == 422
    assert web.get(reverse("topic_ties", args=["know"])).status_code == 404
    send(web, "topic_ties", "home", version="1", area="money", topics=["home"])
    met = send(web, "topic_ties", "home", version="1", area="body", topics=["home"])
    assert met.status_code == 422
    assert "Part of life: Money, food and bills" in met.content.decode()
    version = met.context["form"]["version"].value()
    assert send(web, "topic_ties", "home", version=version, area="body", topics=["home"]).status_code == 303


# -- As a person would see it


def test_the_draft_can_be_walked_as_a_person_would_and_nothing_is_kept(web: Client) -> None:
    send(web, "question_words", "know:asks", words="What is going on?", version="1")
    before = ScriptChange.objects.count()
    address, seen = reverse("preview_page", args=[1]), []
    say = {"name": "Sam", "know": "canary", "soon": "not_safe", "ways": ["text"], "text.others": "maybe"}
    while not address.startswith(reverse("preview_check")):
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


def rows_of_everything() -> dict[str, int]:
    """How many rows each table has, but for the visits of those who are signed in."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if model is not Session}


def test_the_walk_ends_with_the_check_page_of_made_up_words_and_no_row_is_written(web: Client) -> None:
    before = rows_of_everything()
    picks = {"soon": "days", "ways": ["text"], "text.others": "maybe", "text.send": "mine"}
    address = reverse("preview_page", args=[1])
    while not address.startswith(reverse("preview_check")):
        answer = web.post(address, {**picks, "name": "canary", "know": "canary", "text.number": "07700 900123"})
        assert answer.status_code == 303
        address = answer.headers["Location"]
    page = web.get(address).content.decode()
    assert "The words here are made up." in page
    assert "canary" not in page
    assert "Sam" in page
    assert "Here are their own words" in page
    assert "In the next day or two" in page, "what was picked on the way"
    assert "07700 900982" in page
    assert "The first thing we send you says just this" in page
    assert "How can we call you?" not in page, "nobody picked it"
    for real in ("saved", "delete_draft", "check"):
        assert f'href="{reverse(real)}"' not in page
    assert f"{reverse('preview_page', args=[5])}?soon=days" in page, "Change leads to the page of the preview"
    sent = web.post(address, {"visit": "", "hello": "1"})
    assert sent.headers["Location"] == reverse("questions_preview")
    assert rows_of_everything() == before


def test_the_check_page_is_seen_in_every_language_and_by_itself(web: Client) -> None:
    for language, words in (("", "Is this right?"), ("easy", "Is this right?"), ("cy", "Ydy hyn yn iawn?")):
        page = see(web, "preview_check", **{"in": language})
        assert words in page, language
    assert reverse("preview_check") in see(web, "questions_preview")
    see(web, "preview_check", ways="zzz", topics="zzz", soon="zzz")


def test_a_draft_without_what_we_need_has_no_check_page_yet(web: Client) -> None:
    send(web, "page_out", "topics")
    assert web.get(reverse("preview_check")).headers["Location"] == reverse("questions_problems")
    assert web.get(reverse("preview_page", args=[7])).status_code == 200


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
