"""The longer conversation: each answer where it belongs, seen by whom it says, told once and never chased."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import actions as cases_actions
from cases.actions import WayToReach
from cases.models import Case, Entry, HuddleItem, NeededNow, ReachingOut, SafetyNote, Story
from cases.permissions import sharing_of
from cases.queries.contact import contact_page
from cases.queries.plan import plan_page
from cases.rhythm import WORDS, Rung
from cases.sections import BY_KEY, Circle, narrowest
from frontdoor import helplines, script, telling
from frontdoor.script import Goes, Kind, Page, Question
from frontdoor.telling import Beside, Shown
from tests.factories import NOW, make_member, make_person, make_team, walk

pytestmark = pytest.mark.django_db
SCRIPT = script.read(script.shipped(), 1)
MORE = [question for page in SCRIPT.more for question in page.questions]
SECRET = "canary: the heron in my coat"


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def sam() -> Any:
    return make_person(
        name="Sam",
        now=NOW - timedelta(days=7),
        topics=("money", "safe"),
        ways=(WayToReach("text", to="07700 900123"),),
    )


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(page: str) -> str:
    return reverse("more_page", args=[SCRIPT.by_name[page].number])


def filled(client: Client, page: str) -> dict[str, Any]:
    """What a browser would send of this page as it is."""
    form = client.get(address(page)).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, "", [])}


def save(client: Client, page: str, given: dict[str, Any] | None = None, **press: str) -> Any:
    """Open a page, answer it and press Save (or what ``press`` presses)."""
    return client.post(address(page), {**filled(client, page), **(given or {}), **press})


def said(person: Any) -> dict[str, tuple[str, ...]]:
    """What the plan holds of the answers, by question."""
    return {
        entry.asked: (entry.section, entry.field, entry.words)
        for entry in Entry.objects.filter(plan=person.plan, removed_at=None).exclude(asked="")
    }


def on_a_shared_phone(**answers: Any) -> tuple[Client, Any]:
    """A visit that has just sent, on a phone that others use, and whose it is: nobody is signed in."""
    make_team()
    client = Client()
    client.post("/", {"phone": "shared"})
    client.post("/talk/1/", {"name": "Sam"})
    if answers:
        client.post("/talk/3/", answers)
    form = client.get("/talk/check/").context["form"]
    client.post("/talk/check/", {"visit": form["visit"].value()})
    return client, Case.objects.latest("came_at").person


def an_answer(question: Question) -> Any:
    if question.kind is Kind.ONE:
        return question.choices[0].key
    if question.kind is Kind.MANY:
        return [question.choices[0].key, question.choices[1].key]
    return f"canary: said to {question.id}\n and on"


# -- Where each answer goes, and who sees it (4-screens.md, 6.4)

# By question: section, and who sees it when nobody chooses.
NAMED = {"mood.life", "home.safe", "drink.words", "drink.want", "people.children", "past.hurts"}


def test_every_answer_is_in_its_place_word_for_word_and_seen_by_whom_it_should_be(sam: Any) -> None:
    client = client_of(sam.user)
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
    client = client_of(sam.user)
    save(client, "money", {"money.owed": "yes", "importance": "lot", "help_wanted": "not_yet"})
    entry = Entry.objects.get(asked="money.owed")
    assert (entry.words, entry.area) == ("Somebody asks me for money I owe: Yes", "money")
    assert (entry.importance, entry.help_wanted) == ("lot", "not_yet")
    page = client.get(reverse("plan", args=[sam.plan.pk])).content.decode()
    assert "It matters a lot" in page
    assert "Somebody asks me for money I owe: Yes" in page
    assert filled(client, "money")["importance"] == "lot"


def test_that_it_matters_is_kept_even_where_nothing_else_is_said(sam: Any) -> None:
    client = client_of(sam.user)
    save(client, "days", {"importance": "lot", "help_wanted": "yes"})
    (entry,) = Entry.objects.filter(plan=sam.plan, asked="days:topic")
    assert (entry.section, entry.words, entry.importance, entry.help_wanted) == ("change", "My days", "lot", "yes")
    save(client, "days", {"importance": "bit"})
    save(client, "days", {"days.spend": "I walk"})
    assert set(said(sam)) == {"days:topic", "days.spend"}


def test_a_question_stands_over_the_answer_where_the_plan_would_not_say_what_was_asked(sam: Any) -> None:
    client = client_of(sam.user)
    save(client, "mood", {"mood.sleep": "badly"})
    save(client, "matters", {"matters.words": "My dog"})
    page = client.get(reverse("plan", args=[sam.plan.pk])).content.decode()
    assert "<h3>How I sleep</h3>" in page
    assert Entry.objects.get(asked="matters.words").asked_as == ""


# -- Asked once


def test_to_answer_again_changes_what_was_said_and_its_history_keeps_both(sam: Any) -> None:
    client = client_of(sam.user)
    save(client, "helps", {"helps.who": "My dog"})
    save(client, "helps", {"helps.who": "My dog and my brother"})
    entry = Entry.objects.get(asked="helps.who")
    assert (entry.words, entry.version) == ("My dog and my brother", 2)
    assert [row.words for row in entry.history.order_by("history_id")] == ["My dog", "My dog and my brother"]
    save(client, "helps")
    assert Entry.objects.get(asked="helps.who").version == 2, "the same again is no change"


def test_the_page_shows_what_was_later_changed_in_the_plan_and_what_was_taken_out_is_gone(sam: Any) -> None:
    client = client_of(sam.user)
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
    client = client_of(sam.user)
    save(client, "quiet", {"quiet.do": ["time", "find"], "quiet.worry": "After a week"})
    save(client, "quiet", {"quiet.do": [], "quiet.worry": ""})
    assert said(sam) == {}
    history = client.get(reverse("plan_history", args=[sam.plan.pk])).content.decode()
    assert "After a week" in history


def test_a_page_that_was_opened_before_another_screen_saved_loses_neither_text(sam: Any) -> None:
    client = client_of(sam.user)
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
    client = client_of(sam.user)
    old = filled(client, "mood")
    sent = {**old, "mood.feeling": "Low", "mood.call": "yes"}
    assert client.post(address("mood"), sent).status_code == 303
    assert client.post(address("mood"), sent).status_code == 303
    assert client.post(address("mood"), old).status_code == 303
    assert Entry.objects.get(asked="mood.feeling").version == 1
    assert HuddleItem.objects.get(case__person=sam).why.count("Would like to talk") == 1


# -- Who can see this?


def everything_shown(viewer: Any, person: Any) -> str:
    """Every page that a member could read words on."""
    client = client_of(viewer)
    item = HuddleItem.objects.filter(case__person=person).first()
    plan = person.plan.pk
    pages = [
        reverse("plan", args=[plan]),
        reverse("plan_history", args=[plan]),
        reverse("contact", args=[plan]),
        reverse("today"),
        reverse("huddle"),
        reverse("huddle_item", args=[item.pk]) if item else reverse("huddle"),
        reverse("more"),
        *(address(page.name) for page in SCRIPT.more),
    ]
    return "".join(client.get(page).content.decode() for page in pages)


@pytest.mark.parametrize(
    "page", [page for page in SCRIPT.more if telling.has_entries(page)], ids=lambda page: page.name
)
def test_what_is_only_for_me_is_read_by_nobody_else_anywhere(page: Page) -> None:
    sam = make_person(name="Sam")
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    client = client_of(sam.user)
    question = next(each for each in page.questions if telling.place_of(each))
    words = an_answer(question)
    save(client, page.name, {question.id: words, "circle": "named"})
    seen = "canary" if not question.kind.is_picked else question.row or question.choices[0].words
    assert seen in everything_shown(jo.user, sam), "first it is there"
    save(client, page.name, {"circle": "me"})
    assert seen not in everything_shown(jo.user, sam)
    assert not Story.objects.filter(person=sam).exists()
    assert seen in client.get(reverse("plan", args=[sam.plan.pk])).content.decode()
    assert filled(client, page.name)["circle"] == "me"


def test_only_me_says_what_that_means_and_what_is_seen_by_fewer_is_named(sam: Any) -> None:
    page = client_of(sam.user).get(address("mood")).content.decode()
    assert "No one here will read it. If you want help with it, let one of us see it." in page
    assert "Me and my main person: Thoughts of ending my life" in page


def test_a_page_that_was_opened_before_shows_nobody_what_was_narrowed_since(sam: Any) -> None:
    client = client_of(sam.user)
    save(client, "matters", {"matters.words": SECRET})
    old = filled(client, "matters")
    entry = Entry.objects.get(asked="matters.words")
    cases_actions.set_entry_circle(plan_id=sam.plan.pk, entry_id=entry.pk, circle="me", by=sam.user, now=NOW)
    client.post(address("matters"), {**old, "matters.hopes": "A job"})
    assert Entry.objects.get(asked="matters.words").circle == "me"


def test_emptying_one_box_shows_nobody_the_words_of_another() -> None:
    client, sam = on_a_shared_phone()
    save(client, "matters", {"matters.words": "For the team"})
    save(client, "matters", {"matters.words": SECRET, "circle": "me"})
    circles = {entry.words: entry.circle for entry in Entry.objects.filter(asked__startswith="matters.words")}
    assert circles == {"For the team": "", SECRET: "me"}
    mine = client_of(sam.user)
    assert filled(mine, "matters")["matters.words_2"] == SECRET
    save(mine, "matters", {"matters.words": ""})
    (left,) = Entry.objects.filter(asked__startswith="matters.words", removed_at=None)
    assert (left.words, left.circle) == (SECRET, "me")


# -- What is kept apart


def test_that_somebody_hurts_them_is_kept_and_shown_on_no_page_of_theirs(sam: Any) -> None:
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    client = client_of(sam.user)
    before = {page: client.get(page).content for page in ("/me/", "/more/")}
    answer = save(client, "safe", {"safe.hurt": "yes", "safe.talk": SECRET})
    assert answer["Location"] == "/help-now/?to=more"
    note = SafetyNote.objects.get()
    assert SECRET in note.words
    assert "Is anyone hurting you or scaring you? Yes" in note.words
    notice = client.get("/more/").content.decode()
    assert "We will not show this on your page." in notice
    assert str(helplines.lines_for("abuse").lines[0].press) in notice  # type: ignore[union-attr]
    plan = sam.plan.pk
    pages = [
        "/me/",
        "/more/",
        address("safe"),
        *(reverse(name, args=[plan]) for name in ("plan", "plan_history", "record")),
    ]
    shown = {page: client.get(page) for page in pages}
    for page, found in shown.items():
        assert SECRET not in found.content.decode(), page
        assert "You wrote something" not in found.content.decode(), page
    assert _steady(shown["/me/"].content) == _steady(before["/me/"])
    assert _steady(shown["/more/"].content) == _steady(before["/more/"])
    assert filled(client, "safe").keys() <= {"visit", "script", "seen"}
    item = HuddleItem.objects.get(case__person=sam)
    assert item.kind == "today"
    assert (
        SECRET
        not in client_of(make_member(name="Ali").user).get(reverse("huddle_item", args=[item.pk])).content.decode()
    )


def _steady(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", page)


def test_where_feeling_safe_stands_does_not_tell_that_it_was_picked(sam: Any) -> None:
    hub = client_of(sam.user).get("/more/").context["hub"]
    assert [row.title for row in hub.first] == ["What matters to you", "Who and what helps", "This week"]
    assert [row.title for row in hub.picked] == ["Money, food and bills"]
    assert "Feeling safe" in [row.title for row in hub.others]


# -- What is asked of us today


def test_call_me_today_is_the_same_as_asking_to_talk_today(sam: Any) -> None:
    client = client_of(sam.user)
    assert save(client, "mood", {"mood.call": "yes"})["Location"] == "/help-now/?to=more"
    case = Case.objects.get(person=sam)
    assert (case.pace, case.hello_by) == ("today", NOW.date())
    assert HuddleItem.objects.get(case=case).kind == "today"
    assert "mood.call" not in filled(client, "mood")


def test_whoever_had_stepped_out_and_asks_to_be_called_today_has_come_back(sam: Any) -> None:
    cases_actions.step_out(plan_id=sam.plan.pk, by=sam.user, now=NOW)
    client = client_of(sam.user)
    assert "no one here reads this until you come back" in client.get("/more/").content.decode()
    save(client, "mood", {"mood.feeling": "Low"})
    assert said(sam)["mood.feeling"][2] == "Low"
    save(client, "mood", {"mood.call": "yes"})
    assert Case.objects.get(person=sam, ended_at=None).pace == "today"


@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("mood", {"mood.life": "I think of it"}),
        ("mood", {"mood.feeling": "I want to end it all"}),
        ("safe", {"safe.hurt": "yes"}),
    ],
)
def test_what_may_mean_danger_brings_help_first_and_the_person_to_the_top(
    sam: Any, page: str, given: dict[str, str]
) -> None:
    answer = save(client_of(sam.user), page, given)
    assert answer["Location"] == "/help-now/?to=more"
    assert 'href="/more/"' in client_of(sam.user).get(answer["Location"]).content.decode()
    assert HuddleItem.objects.get(case__person=sam).kind == "today"
    assert NeededNow.objects.filter(case__person=sam, taken_at=None).exists()


def test_what_only_the_person_reads_brings_help_to_them_and_tells_nobody(sam: Any) -> None:
    answer = save(client_of(sam.user), "mood", {"mood.life": "I think of it", "circle": "me"})
    assert answer["Location"] == "/help-now/?to=more"
    assert HuddleItem.objects.get(case__person=sam).kind == "new"
    assert not NeededNow.objects.exists()


@pytest.mark.parametrize(
    ("page", "question", "key", "group"),
    [
        (page.name, question.id, key, question.lines)
        for page in SCRIPT.more
        for question in page.questions
        for key in question.lines_for
    ],
)
def test_a_pick_that_asks_for_it_shows_its_help_lines_once(
    sam: Any, page: str, question: str, key: str, group: str
) -> None:
    lines = helplines.lines_for(group)
    assert lines, group
    client = client_of(sam.user)
    save(client, page, {question: key})
    assert str(lines.title) in client.get("/more/").content.decode()
    assert str(lines.title) not in client.get("/more/").content.decode()


# -- How we do this together


def on_the_card(person: Any, viewer: Any) -> str:
    item = HuddleItem.objects.get(case__person=person)
    return client_of(viewer).get(reverse("huddle_item", args=[item.pk])).content.decode()


def test_words_to_be_read_in_private_are_not_on_the_rooms_screen_and_the_card_says_so(sam: Any) -> None:
    ali = make_member(name="Ali Rahman").user
    client = client_of(sam.user)
    save(client, "mood", {"mood.feeling": SECRET})
    save(client, "helps", {"helps.who": "canary: my dog"})
    save(client, "talk", {"talk.needs": ["big_print"]})
    assert SECRET in on_the_card(sam, ali), "first it is there"
    save(client, "there", {"there.how": "private"})
    card = on_the_card(sam, ali)
    assert "canary" not in card
    assert "Money, debt or benefits" not in card
    assert "Read in private" in card
    assert "I need big print" in card
    assert SECRET in client_of(ali).get(reverse("plan", args=[sam.plan.pk])).content.decode()
    assert filled(client, "there")["there.how"] == "private"
    save(client, "there", {"there.how": "there"})
    card = on_the_card(sam, ali)
    assert "They would like to be there" in card
    assert SECRET in card
    assert "They would like to be there" in client_of(ali).get("/huddle/").content.decode()


def test_what_helps_us_talk_is_shown_wherever_somebody_writes_to_them(sam: Any) -> None:
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    save(client_of(sam.user), "talk", {"talk.needs": ["interpreter"], "talk.language": "Welsh"})
    for page in (reverse("contact", args=[sam.plan.pk]), reverse("plan", args=[sam.plan.pk]), "/today/"):
        assert "I need an interpreter" in client_of(jo.user).get(page).content.decode(), page
    assert "I need an interpreter" in on_the_card(sam, jo.user)


def test_what_they_picked_for_when_they_go_quiet_is_what_the_next_step_follows(sam: Any) -> None:
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    given = {"plan_id": sam.plan.pk, "by": jo.user}
    cases_actions.keep_contact(at=NOW - timedelta(days=1), way="call", went="no_answer", now=NOW, **given)
    case = Case.objects.get(person=sam)
    ReachingOut.objects.create(case=case, since=NOW - timedelta(days=2), noticed_at=NOW - timedelta(days=2))

    def step() -> str:
        page = contact_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW)
        assert page.step
        return str(page.step.words)

    assert step() == WORDS[Rung.ANOTHER_WAY]
    client = client_of(sam.user)
    save(client, "quiet", {"quiet.do": ["find"]})
    assert step() == WORDS[Rung.GO_AND_FIND]
    assert str(WORDS[Rung.GO_AND_FIND]) in client_of(jo.user).get("/today/").content.decode()
    save(client, "quiet", {"quiet.do": ["find"], "circle": "me"})
    assert step() == WORDS[Rung.ANOTHER_WAY], "what is only for them is followed by nobody"
    save(client, "quiet", {"quiet.do": ["find"], "circle": ""})
    entry = Entry.objects.get(asked="quiet.do")
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": NOW}
    cases_actions.change_words(entry_id=entry.pk, words="Not at my home", version=entry.version, **given)
    assert step() == WORDS[Rung.ANOTHER_WAY], "words of their own are for people to read"


def test_help_lines_are_shown_to_whoever_stops_and_not_to_whoever_holds_the_phone_later(
    sam: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = helplines.lines_for("abuse")
    assert lines
    client = client_of(sam.user)
    save(client, "past", {"past.hurts": "yes"}, stop="1")
    assert str(lines.title) in client.get("/more/saved/").content.decode()
    save(client, "past", {"past.hurts": "yes"})
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=11))
    assert str(lines.title) not in client.get("/more/").content.decode()


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
    assert filled(client_of(sam.user), "helps")["helps.who"] == SECRET
    assert "You wrote something" in client_of(sam.user).get("/more/").content.decode()


def test_a_member_who_types_for_somebody_writes_in_their_plan_as_their_words() -> None:
    jo = make_member(name="Jo Bevan")
    client = client_of(jo.user)
    client.post("/", {"phone": "shared"})
    client.post("/talk/1/", {"name": "Sam"})
    form = client.get("/talk/check/").context["form"]
    client.post("/talk/check/", {"visit": form["visit"].value()})
    sam = Case.objects.latest("came_at").person
    save(client, "helps", {"helps.who": "My dog"})
    entry = Entry.objects.get(asked="helps.who")
    assert entry.author == sam.user
    assert entry.history.get().history_user == jo.user


def test_nobody_else_says_more_and_what_was_opened_for_somebody_stays_theirs(sam: Any) -> None:
    assert Client().get("/more/")["Location"] == "/talk/"
    assert Client().get(address("matters"))["Location"] == "/talk/"
    assert client_of(make_member().user).get(address("matters"))["Location"] == "/talk/"
    other = make_person(name="Robin")
    sent = {**filled(client_of(sam.user), "matters"), "matters.words": SECRET}
    answer = client_of(other.user).post(address("matters"), sent)
    assert "What you wrote is kept" in answer.content.decode()
    assert SECRET not in answer.content.decode()
    assert said(other) == {}
    assert said(sam)["matters.words"][2] == SECRET


def test_when_the_visit_has_ended_the_words_are_kept_beside_what_was_said(sam: Any) -> None:
    client = client_of(sam.user)
    save(client, "matters", {"matters.words": "My dog"})
    sent = {**filled(client, "matters"), "matters.words": "My cat"}
    client.get("/leave/")
    answer = client.post(address("matters"), sent)
    assert answer.status_code == 200
    assert "This page closed to keep you safe" in answer.content.decode()
    assert "My dog" not in answer.content.decode()
    assert said(sam)["matters.words"][2] == "My dog\n\nMy cat"


def test_without_a_cookie_what_was_typed_comes_back_under_the_same_button(sam: Any) -> None:
    sent = {**filled(client_of(sam.user), "matters"), "matters.words": "My dog"}
    answer = Client(enforce_csrf_checks=True).post(address("matters"), sent)
    assert answer.status_code == 403
    assert "My dog" in answer.content.decode()
    assert "Press Save again" in answer.content.decode()
    assert sent["visit"] in answer.content.decode()


def test_a_page_that_the_team_has_taken_away_meanwhile_still_keeps_what_was_typed(sam: Any) -> None:
    from frontdoor.models import ScriptVersion

    client = client_of(sam.user)
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
    client = client_of(sam.user)
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
    client = client_of(sam.user)
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
    assert save(client_of(sam.user), "week", {"week.easier": words}, stop="1").status_code == 303
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
    client = client_of(sam.user) if signed else Client()
    where = reverse("more_page", args=[number])
    for answer in (client.get(where), client.post(where, data), client.get("/more/"), client.get("/more/saved/")):
        assert answer.status_code < 500


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


def test_the_plan_page_is_for_the_person_to_say_more_from_and_for_nobody_else(sam: Any) -> None:
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    plan = reverse("plan", args=[sam.plan.pk])
    assert 'href="/more/"' in client_of(sam.user).get(plan).content.decode()
    assert 'href="/more/"' in client_of(sam.user).get("/me/").content.decode()
    assert 'href="/more/"' not in client_of(jo.user).get(plan).content.decode()
    assert plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW)
