"""The team changes its questions: together, each change kept, and nobody asked them until they are published."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases.models import Entry, Person
from frontdoor import actions, changing, queries, script
from frontdoor.models import Conversation, ScriptChange, ScriptVersion
from teams import chain
from teams.models import User
from teams.permissions import NotKnown
from tests.factories import NOW, make_member, make_person, make_team
from tests.frontdoor.coming_in import press_send

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ali() -> User:
    return make_member(name="Ali Rahman", sector="peer", role="peer worker").user


@pytest.fixture
def jo() -> User:
    return make_member(name="Jo Bevan").user


@pytest.fixture
def lee() -> User:
    return make_member(name="Lee Orme", leads=True).user


def begin(by: User) -> None:
    actions.begin_draft(by=by, now=NOW)


def mark() -> int:
    return ScriptChange.objects.filter(version=the_draft()).order_by("-number").values_list("number", flat=True)[0]


def the_draft() -> ScriptVersion:
    return ScriptVersion.objects.get(shipped=False, published_at=None, dropped_at=None)


def say(text: str, words: str, *, by: User, version: int | None = None) -> int:
    seen = mark() if version is None else version
    return actions.change_text(text=text, words=words, version=seen, by=by, now=LATER)


def publish(by: User, why: str = "Shorter") -> int:
    return actions.publish(why=why, by=by, now=LATER)


# -- Drafts


def test_a_draft_is_a_copy_of_what_is_asked_and_there_is_one(ali: User, jo: User) -> None:
    numbers = {actions.begin_draft(by=each, now=NOW) for each in (ali, jo, ali)}
    assert len(numbers) == 1
    assert the_draft().document == script.shipped()
    assert the_draft().begun_by == ali
    assert queries.script_in_force().questions["know"].asks == "What would you like us to know?"


def test_those_who_are_not_at_the_front_door_know_of_no_draft(ali: User) -> None:
    begin(ali)
    others = [
        make_member(name="Olu Cole", leads=True, team=make_team(name="Northmoor", is_front_door=False)).user,
        make_person(name="Sam").user,
        User.objects.create_user(name="Sue Per"),
    ]
    others[-1].is_superuser = True
    others[-1].save()
    for somebody in others:
        for attempt in (
            lambda by: actions.begin_draft(by=by, now=NOW),
            lambda by: say("know:asks", "Hello", by=by),
            lambda by: actions.drop_draft(by=by, now=NOW),
            lambda by: publish(by),
            lambda by: queries.questions(viewer=by),
            lambda by: queries.preview(viewer=by, language=""),
            lambda by: queries.question_versions(viewer=by),
            lambda by: queries.since_in_force(viewer=by),
        ):
            with pytest.raises(NotKnown):
                attempt(somebody)
    assert the_draft().document == script.shipped()


def test_with_no_draft_there_is_nothing_to_change(ali: User) -> None:
    for attempt in (lambda: say("know:asks", "Hi", by=ali, version=1), lambda: publish(ali)):
        with pytest.raises(actions.NoDraft):
            attempt()


def test_what_is_not_there_cannot_be_changed(ali: User) -> None:
    begin(ali)
    for attempt in (
        lambda: say("nothing:asks", "Hi", by=ali),
        lambda: say("know:when", "Hi", by=ali),
        lambda: say("see:lead.9", "Hi", by=ali),
        lambda: actions.change_translation(text="name:row", language="xx", words="Hi", version=1, by=ali, now=NOW),
        lambda: actions.change_translation(text="soon:row", language="cy", words="Hi", version=1, by=ali, now=NOW),
        lambda: actions.add_choice(question="nothing", words="Hi", by=ali, now=NOW),
        lambda: actions.take_out_choice(question="soon", key="never", by=ali, now=NOW),
        lambda: actions.take_out_question(question="nothing", by=ali, now=NOW),
        lambda: actions.take_out_page(page="nothing", by=ali, now=NOW),
        lambda: actions.move_page(page="nothing", up=True, by=ali, now=NOW),
        lambda: actions.add_question(page="nothing", asks="Hi", kind="line", goes="plan:helps.helps", by=ali, now=NOW),
    ):
        with pytest.raises(NotKnown):
            attempt()


def test_a_draft_that_is_let_go_is_kept_and_asked_of_nobody(ali: User, jo: User) -> None:
    begin(ali)
    say("know:asks", "What is going on?", by=ali)
    actions.drop_draft(by=jo, now=LATER)
    assert queries.questions(viewer=ali).draft is None
    assert queries.script_in_force().questions["know"].asks == "What would you like us to know?"
    dropped = queries.question_versions(viewer=ali)[0]
    changes = [each for each in dropped.changes if each.what != "changed the words in another language"]
    assert [(each.what, each.who) for each in changes] == [
        ("let the draft go", "Jo Bevan"),
        ("changed the words", "Ali Rahman"),
        ("began a draft", "Ali Rahman"),
    ]
    begin(jo)
    assert the_draft().document == script.shipped()


# -- Changes


def test_every_change_says_who_what_from_what_to_what_and_when(ali: User) -> None:
    begin(ali)
    say("know:asks", "What is going on?", by=ali)
    row = ScriptChange.objects.get(about="know:asks", what="words")
    assert (row.by, row.at, row.what) == (ali, LATER, "words")
    assert (row.before, row.after) == ("What would you like us to know?", "What is going on?")


def test_words_that_are_there_already_are_no_change(ali: User) -> None:
    begin(ali)
    before = mark()
    say("know:asks", "What would you like us to know?", by=ali)
    actions.change_branch(page="call", when={"ways": ["call"]}, version=before, by=ali, now=LATER)
    actions.change_settings(
        question="helps.who", settings={"limit": 5000, "circle": ""}, version=before, by=ali, now=LATER
    )
    actions.move_page(page="name", up=True, by=ali, now=LATER)
    actions.move_question(question="matters.words", up=True, by=ali, now=LATER)
    assert mark() == before


def test_new_english_words_take_their_translations_away_and_say_so(ali: User) -> None:
    begin(ali)
    for language, words in (("cy", "Beth sy'n digwydd?"), ("easy", "Tell us")):
        actions.change_translation(text="know:asks", language=language, words=words, version=mark(), by=ali, now=NOW)
    actions.change_translation(text="know:hint", language="cy", words="Un gair", version=mark(), by=ali, now=NOW)
    shipped = script.shipped()["words"]["ur"]["know:asks"]
    kept = queries.kept(viewer=ali, number=say("know:asks", "What is going on?", by=ali))
    assert kept
    assert kept.went == ("Easy read", "Cymraeg", "اردو")
    assert (kept.text, kept.before, kept.after) == (
        "know:asks",
        "What would you like us to know?",
        "What is going on?",
    )
    assert "know:asks" not in the_draft().document["words"]["cy"]
    assert the_draft().document["words"]["cy"]["know:hint"] == "Un gair"
    gone = ScriptChange.objects.filter(what="translation", after="")
    before = {"cy": "Beth sy'n digwydd?", "ur": shipped, "easy": "Tell us"}
    assert {each.language: each.before for each in gone} == before


def test_what_leaves_takes_its_translations_along_and_no_others() -> None:
    document: Any = copy.deepcopy(dict(script.shipped()))
    texts = [text for text, _words in script.texts(document)]
    document["words"] = {"cy": dict.fromkeys(texts, "Helo")}
    changing.take_out_choice(document, "soon", "no_rush")
    changing.take_out_question(document, "name")
    changing.set_text(document, "see:lead.2", "")
    left = document["words"]["cy"]
    assert set(left) == {text for text, _words in script.texts(document)}
    assert "soon:choice.not_safe" in left
    assert "see:lead.3" in left
    assert "see:lead.4" not in left


def test_two_who_change_the_same_thing_lose_neither_text(ali: User, jo: User) -> None:
    begin(ali)
    seen = mark()
    say("know:asks", "What is going on?", by=ali)
    say("know:hint", "One word is fine.", by=jo, version=seen)  # another text is no clash
    with pytest.raises(actions.ChangedMeanwhile) as clash:
        say("know:asks", "What can we do?", by=jo, version=seen)
    assert clash.value.theirs == "What is going on?"
    say("know:asks", "What can we do?", by=jo, version=clash.value.version)
    assert changing.text_of(the_draft().document, "know:asks") == "What can we do?"


def test_two_who_change_the_same_settings_or_branch_meet_too(ali: User, jo: User) -> None:
    begin(ali)
    seen = mark()
    actions.change_settings(question="helps.who", settings={"circle": "me"}, version=seen, by=ali, now=LATER)
    actions.change_branch(page="avoid", when={}, version=seen, by=ali, now=LATER)
    with pytest.raises(actions.ChangedMeanwhile) as clash:
        actions.change_settings(question="helps.who", settings={"circle": "team"}, version=seen, by=jo, now=LATER)
    assert "Only me" in clash.value.theirs
    with pytest.raises(actions.ChangedMeanwhile) as clash:
        actions.change_branch(page="avoid", when={"ways": ["call"]}, version=seen, by=jo, now=LATER)
    assert clash.value.theirs == "Everybody"


def test_ids_and_numbers_are_never_given_twice(ali: User) -> None:
    begin(ali)
    first = actions.add_topic(title="My pets", by=ali, now=NOW)
    number = changing.page_of(the_draft().document, first)["number"]
    asked = actions.add_question(
        page=first, asks="Who looks after them?", kind="line", goes="plan:helps.helps", hint="A name.", by=ali, now=NOW
    )
    actions.drop_draft(by=ali, now=NOW)
    begin(ali)
    second = actions.add_topic(title="My pets", by=ali, now=NOW)
    again = actions.add_question(
        page=second, asks="Who looks after them?", kind="line", goes="plan:helps.helps", by=ali, now=NOW
    )
    assert first != second
    assert asked != again
    assert changing.page_of(the_draft().document, second)["number"] > number


def test_a_page_and_a_question_are_moved_and_taken_out(ali: User) -> None:
    begin(ali)
    actions.move_page(page="helps", up=True, by=ali, now=NOW)
    actions.move_question(question="matters.hopes", up=True, by=ali, now=NOW)
    actions.take_out_question(question="matters.words", by=ali, now=NOW)
    actions.take_out_page(page="past", by=ali, now=NOW)
    actions.take_out_choice(question="talk.needs", key="bsl", by=ali, now=NOW)
    read = script.read(the_draft().document, 0)
    assert [page.name for page in read.more][:2] == ["helps", "matters"]
    assert [each.id for each in read.by_name["matters"].questions] == ["matters.hopes", "matters.good_day"]
    assert "past" not in read.by_name
    assert "bsl" not in {choice.key for choice in read.questions["talk.needs"].choices}
    moved = ScriptChange.objects.filter(what="moved").first()
    assert moved
    assert (moved.before, moved.after) == ("18", "17")


# -- Publishing


def test_a_newcomer_is_asked_the_new_words_and_whoever_began_before_still_sees_the_old(
    ali: User, lee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    before = Client()
    before.post(reverse("door"), {"phone": "own"})
    begin(ali)
    say("name:asks", "What is your name?", by=ali)
    number = publish(lee)
    assert actions.take_in_questions(now=LATER) == number
    newcomer = Client()
    newcomer.post(reverse("door"), {"phone": "own"})
    assert b"What is your name?" in newcomer.get(reverse("talk", args=[1])).content
    assert b"What would you like us to call you?" in before.get(reverse("talk", args=[1])).content
    version = ScriptVersion.objects.get(pk=number)
    assert (version.why, version.published_at) == ("Shorter", LATER)
    assert Conversation.objects.values("script_version").distinct().count() == 2


def test_a_draft_with_something_to_mend_is_not_published(ali: User, lee: User) -> None:
    begin(ali)
    say("name:asks", "Which client are you?", by=ali)
    with pytest.raises(actions.NotReady):
        publish(lee)
    say("name:asks", "Who are you?", by=ali)
    publish(lee)


def test_a_draft_that_changes_nothing_is_not_published(ali: User, lee: User) -> None:
    begin(ali)
    with pytest.raises(actions.NothingChanged):
        publish(lee)
    for circle in ("me", ""):
        actions.change_settings(question="helps.who", settings={"circle": circle}, version=mark(), by=ali, now=LATER)
    with pytest.raises(actions.NothingChanged):
        publish(lee)


def test_somebody_else_has_looked_or_a_lead_has(ali: User, jo: User, lee: User) -> None:
    begin(jo)
    say("name:asks", "Who are you?", by=ali)
    assert not queries.questions(viewer=ali).may_publish
    with pytest.raises(actions.OneMorePair):
        publish(ali)  # that Jo began it is no look at what Ali wrote
    assert queries.questions(viewer=jo).may_publish
    publish(jo)
    begin(lee)
    say("name:asks", "And who are you?", by=lee)
    publish(lee)


def test_a_question_that_was_asked_is_not_made_into_another(ali: User, lee: User) -> None:
    begin(ali)
    settings = {"goes": "plan:notes.note"}
    actions.change_settings(question="matters.hopes", settings=settings, version=mark(), by=ali, now=NOW)
    with pytest.raises(actions.NotReady):
        publish(lee)
    assert [each.question for each in queries.questions(viewer=ali).problems] == ["matters.hopes"]


def test_the_database_refuses_to_change_what_is_published_and_what_was_done(ali: User, lee: User) -> None:
    begin(ali)
    say("name:asks", "Who are you?", by=ali)
    version = ScriptVersion.objects.get(pk=publish(lee))
    for row in (version, ScriptVersion.objects.get(shipped=True), ScriptChange.objects.all()[0]):
        one = type(row)._base_manager.filter(pk=row.pk)
        for attempt in (row.save, lambda one=one: one._raw_delete(one.db)):
            with pytest.raises(IntegrityError, match="stays as it"), transaction.atomic():
                attempt()
    with pytest.raises(IntegrityError), transaction.atomic():
        ScriptVersion.objects.filter(pk=version.pk).update(document={"pages": []})
    assert list(chain.findings()) == []


def test_a_question_and_an_answer_to_pick_that_a_team_added_land_in_the_plan(ali: User, lee: User) -> None:
    begin(ali)
    asked = [
        actions.add_question(
            page="see", asks=asks, kind=kind, goes=goes, choices=picks, circle=circle, by=ali, now=NOW
        )
        for asks, kind, goes, picks, circle in (
            ("Who feeds your cat?", "line", "plan:helps.helps", (), "me"),
            ("Do you live by the sea?", "one", "plan:now.words", ("Yes", "No"), ""),
            ("What makes you laugh?", "story", "plan:matters.words", (), ""),
            ("What do you cook?", "box", "plan:helps.good_at", (), ""),
        )
    ]
    cat, sea, laugh, cook = asked
    actions.add_choice(question=sea, words="Now and then", by=ali, now=NOW)
    publish(lee)
    client = Client()
    client.post(reverse("door"), {"phone": "own"})
    page = client.get(reverse("talk", args=[16]))
    assert b"Now and then" in page.content
    long = "soup " * 100
    client.post(reverse("talk", args=[16]), {cat: "Dev " * 100, sea: "now_and_then", laugh: "Puns", cook: long})
    assert b"Who feeds your cat?" in client.get(reverse("check")).content
    client.post(reverse("talk", args=[1]), {"name": "Sam"})
    visit = Conversation.objects.get()
    person = actions.send(conversation_id=visit.pk, by=None, now=LATER)
    assert isinstance(person, Person)
    kept = {(each.section, each.field): (each.words, each.circle) for each in Entry.objects.filter(plan=person.plan)}
    assert kept == {
        ("helps", "helps"): ("Dev " * 100, "me"),
        ("now", "words"): ("Do you live by the sea? Now and then", ""),
        ("matters", "words"): ("Puns", ""),
        ("helps", "good_at"): (long, ""),
    }


def test_a_topic_that_a_team_added_is_offered_with_the_others(ali: User, lee: User) -> None:
    begin(ali)
    topic = actions.add_topic(title="My pets", by=ali, now=NOW)
    asked = actions.add_question(
        page=topic, asks="Who feeds your cat?", kind="line", goes="plan:helps.helps", by=ali, now=NOW
    )
    publish(lee)
    read = queries.script_in_force()
    assert read.more[-1].title == "My pets"
    assert read.questions[asked].field == ("helps", "helps")


def test_a_topic_that_hangs_from_a_pick_comes_up_first_for_whoever_picked_it(ali: User, lee: User) -> None:
    begin(ali)
    topic = actions.add_topic(title="My pets", area="people", topics=["alone"], by=ali, now=NOW)
    actions.add_question(page=topic, asks="Who feeds your cat?", kind="line", goes="plan:now.words", by=ali, now=NOW)
    publish(lee)
    number = queries.script_in_force().by_name[topic].number
    seen = {}
    for pick in ("alone", "body"):
        client = Client()
        client.post(reverse("door"), {"phone": "own"})
        client.post(reverse("talk", args=[3]), {"topics": [pick]})
        press_send(client)
        hub = client.get(reverse("more")).context["hub"]
        seen[pick] = [row.title for row in hub.picked]
    assert "My pets" in seen["alone"]
    assert "My pets" not in seen["body"]
    page = client.get(reverse("more_page", args=[number])).content.decode()
    assert "How much does this matter to you right now?" in page, "as of every part of life"


def test_what_a_topic_hangs_from_is_changed_and_the_change_is_kept(ali: User, jo: User) -> None:
    begin(ali)
    seen = mark()
    actions.change_ties(page="days", area="", topics=["days", "alone"], version=seen, by=ali, now=LATER)
    change = ScriptChange.objects.latest("number")
    assert change.what == "ties"
    assert change.before.splitlines() == [
        "Part of life: My days",
        "Who sees a goal of it at first: My team",
        "Comes up first for: “Work, study or how I spend my day”",
    ]
    assert change.after == "Comes up first for: “Work, study or how I spend my day”, “Feeling alone”"
    with pytest.raises(actions.ChangedMeanwhile) as clash:
        actions.change_ties(page="days", area="body", topics=[], version=seen, by=jo, now=LATER)
    assert clash.value.theirs == change.after
    actions.change_ties(page="days", area="", topics=["days", "alone"], version=seen, by=jo, now=LATER)
    assert mark() == change.number, "what hangs so already is no change"
    for name in ("know", "nothing"):
        with pytest.raises(NotKnown):
            actions.change_ties(page=name, area="home", topics=[], version=seen, by=ali, now=LATER)
