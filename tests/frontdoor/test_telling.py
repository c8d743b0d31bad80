"""Each answer of the longer conversation in its place, asked once and kept once."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases import actions as cases_actions
from cases.models import Case, Entry, HuddleItem, SafetyNote, Story
from cases.permissions.sharing import sharing_of
from cases.sections import BY_KEY, Circle, narrowest
from frontdoor import script, telling
from frontdoor.script import Goes, Page
from frontdoor.telling import Beside, Shown
from tests.factories import NOW, signed_in
from tests.frontdoor.topics import MORE, SCRIPT, address, an_answer, filled, said, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]


# -- Where each answer goes, and who sees it (4-screens.md, 6.4)

# By question: section, and who sees it when nobody chooses.
NAMED = {"mood.life", "home.safe", "drink.words", "drink.want", "people.children", "past.hurts"}


def test_every_answer_is_in_its_place_word_for_word_and_seen_by_whom_it_should_be(sam: Any) -> None:
    client = signed_in(sam.user)
    for page in SCRIPT.more:
        answer = save(client, page.name, {question.id: an_answer(question) for question in page.questions})
        assert answer.status_code == 303, (page.name, answer.content.decode())
    entries = {entry.asked: entry for entry in Entry.objects.filter(plan=sam.plan).exclude(asked="")}
    sharing = sharing_of(sam.plan, NOW)
    for question in MORE:
        if question.field is None:
            assert question.id not in entries
            continue
        entry = entries[question.id]
        assert (entry.section, entry.field) == question.field
        given = an_answer(question)
        if question.kind.is_picked:
            words = script.in_words(question, given)
            assert entry.words == (f"{question.row}: {words}" if question.row else words)
            assert entry.picked == script.picked(given)
        else:
            assert entry.words == given
        assert entry.author == sam.user
        of_section = sharing.circles[entry.section]
        wanted = Circle.NAMED if question.id in NAMED else Circle(of_section)
        assert narrowest(entry.circle, of_section) == wanted, question.id
    assert {BY_KEY[entry.section].key for entry in entries.values()} >= {"matters", "helps", "steps", "now", "hard"}
    assert not Story.objects.filter(person=sam).exists(), "it is told once and kept once"
    assert SafetyNote.objects.get().words.count("canary: said to safe.talk") == 1
    case = Case.objects.get(person=sam)
    assert (case.at_huddle, case.pace) == ("read", "today")


def test_a_parts_area_how_much_it_matters_and_whether_help_is_wanted_stand_on_its_entries(sam: Any) -> None:
    client = signed_in(sam.user)
    save(client, "money", {"money.owed": "yes", "importance": "lot", "help_wanted": "not_yet"})
    entry = Entry.objects.get(asked="money.owed")
    assert (entry.words, entry.area) == ("Somebody asks me for money I owe: Yes", "money")
    assert (entry.importance, entry.help_wanted) == ("lot", "not_yet")
    page = client.get(reverse("plan", args=[sam.plan.pk])).content.decode()
    assert "It matters a lot" in page
    assert "Somebody asks me for money I owe: Yes" in page
    assert filled(client, "money")["importance"] == "lot"


def test_that_it_matters_is_kept_even_where_nothing_else_is_said(sam: Any) -> None:
    client = signed_in(sam.user)
    save(client, "days", {"importance": "lot", "help_wanted": "yes"})
    (entry,) = Entry.objects.filter(plan=sam.plan, asked="days:topic")
    assert (entry.section, entry.words, entry.importance, entry.help_wanted) == ("change", "My days", "lot", "yes")
    save(client, "days", {"importance": "bit"})
    save(client, "days", {"days.spend": "I walk"})
    assert set(said(sam)) == {"days:topic", "days.spend"}


def test_a_question_stands_over_the_answer_where_the_plan_would_not_say_what_was_asked(sam: Any) -> None:
    client = signed_in(sam.user)
    save(client, "mood", {"mood.sleep": "badly"})
    save(client, "matters", {"matters.words": "My dog"})
    page = client.get(reverse("plan", args=[sam.plan.pk])).content.decode()
    assert "<h3>How I sleep</h3>" in page
    assert Entry.objects.get(asked="matters.words").asked_as == ""


# -- Asked once


def test_to_answer_again_changes_what_was_said_and_its_history_keeps_both(sam: Any) -> None:
    client = signed_in(sam.user)
    save(client, "helps", {"helps.who": "My dog"})
    save(client, "helps", {"helps.who": "My dog and my brother"})
    entry = Entry.objects.get(asked="helps.who")
    assert (entry.words, entry.version) == ("My dog and my brother", 2)
    assert [row.words for row in entry.history.order_by("history_id")] == ["My dog", "My dog and my brother"]
    save(client, "helps")
    assert Entry.objects.get(asked="helps.who").version == 2, "the same again is no change"


def test_the_page_shows_what_was_later_changed_in_the_plan_and_what_was_taken_out_is_gone(sam: Any) -> None:
    client = signed_in(sam.user)
    save(client, "home", {"home.tonight": "no", "home.help": "A key"})
    assert filled(client, "home")["home.tonight"] == "no"
    entry = Entry.objects.get(asked="home.tonight")
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": NOW}
    cases_actions.change_words(entry_id=entry.pk, words="My brother's sofa", version=1, **given)
    assert "home.tonight" not in filled(client, "home")
    assert "Your plan says: My brother" in client.get(address("home")).content.decode()
    save(client, "home")
    assert said(sam)["home.tonight"][2] == "My brother's sofa", "a list that nothing was ticked in says nothing"
    cases_actions.take_out(entry_id=Entry.objects.get(asked="home.help").pk, **given)
    assert "home.help" not in filled(client, "home")
    save(client, "home", {"home.help": "Two keys"})
    assert said(sam)["home.help"][2] == "Two keys"
    assert Entry.objects.filter(asked="home.help").count() == 1


def test_what_is_emptied_or_unticked_is_taken_out_and_stays_in_the_history(sam: Any) -> None:
    client = signed_in(sam.user)
    save(client, "quiet", {"quiet.do": ["time", "find"], "quiet.worry": "After a week"})
    save(client, "quiet", {"quiet.do": [], "quiet.worry": ""})
    assert said(sam) == {}
    history = client.get(reverse("plan_history", args=[sam.plan.pk])).content.decode()
    assert "After a week" in history


def test_a_page_that_was_opened_before_another_screen_saved_loses_neither_text(sam: Any) -> None:
    client = signed_in(sam.user)
    old = filled(client, "matters")
    save(client, "matters", {"matters.words": "From the other phone"})
    answer = client.post(address("matters"), {**old, "matters.words": "From this one", "matters.hopes": "A job"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "From the other phone" in page
    assert "From this one" in page
    assert said(sam)["matters.words"][2] == "From the other phone"
    assert said(sam)["matters.hopes"][2] == "A job"
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields if form[name].value()}
    assert client.post(address("matters"), again).status_code == 303
    entry = Entry.objects.get(asked="matters.words")
    assert entry.words == "From this one"
    assert "From the other phone" in [row.words for row in entry.history.all()]


def test_the_same_press_twice_is_kept_once_and_an_empty_old_page_takes_nothing_out(sam: Any) -> None:
    client = signed_in(sam.user)
    old = filled(client, "mood")
    sent = {**old, "mood.feeling": "Low", "mood.call": "yes"}
    assert client.post(address("mood"), sent).status_code == 303
    assert client.post(address("mood"), sent).status_code == 303
    assert client.post(address("mood"), old).status_code == 303
    assert Entry.objects.get(asked="mood.feeling").version == 1
    assert HuddleItem.objects.get(case__person=sam).why.count("Would like to talk") == 1


# -- The telling itself


@given(
    page=st.sampled_from(SCRIPT.more),
    words=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200),
    adds=st.booleans(),
)
def test_whatever_is_written_at_any_question_is_kept_as_it_is(page: Page, words: str, adds: bool) -> None:
    answers = {question.id: words for question in page.questions if not question.kind.is_picked}
    made = telling.telling(page, answers, Beside(), None if adds else Shown())
    for told in made.told:
        if told.asked in answers:
            assert "".join(told.words or ()) == (words if words.strip() else "")
    if words.strip() and page.name == "safe":
        assert words.strip() in telling.kept_apart(page, answers)


def test_every_question_of_the_longer_conversation_has_a_place() -> None:
    for question in MORE:
        assert telling.place_of(question) or question.goes in {Goes.SAFETY, Goes.CALL_TODAY, Goes.HUDDLE}


def test_to_narrow_what_was_said_changes_none_of_its_words(sam: Any) -> None:
    """Or else whoever is named on it would read that it was changed, by whom and when, with the same words as before."""
    client = signed_in(sam.user)
    page = next(page for page in SCRIPT.more if any(question.field for question in page.questions))
    given = {question.id: an_answer(question) for question in page.questions}
    save(client, page.name, given)
    entry = Entry.objects.filter(plan=sam.plan).exclude(asked="").first()
    before = (entry.version, entry.changed_at, entry.circle)
    save(client, page.name, {**given, "circle": Circle.ME})
    entry.refresh_from_db()
    assert (entry.version, entry.changed_at) == before[:2]
    assert entry.circle == Circle.ME != before[2]
