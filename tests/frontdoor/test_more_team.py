"""What the team does with what somebody says in the longer conversation, today and each time they meet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases import actions as cases_actions
from cases.models import Case, Entry, HuddleItem, NeededNow, ReachingOut
from cases.queries.contact import contact_page
from cases.rhythm import WORDS, Rung
from frontdoor import helplines
from tests.factories import NOW, make_member, signed_in, walk
from tests.frontdoor.topics import SCRIPT, SECRET, filled, said, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]


# -- What is asked of us today


def test_call_me_today_is_the_same_as_asking_to_talk_today(sam: Any) -> None:
    client = signed_in(sam.user)
    assert save(client, "mood", {"mood.call": "yes"})["Location"] == "/help-now/?to=more"
    case = Case.objects.get(person=sam)
    assert (case.pace, case.hello_by) == ("today", NOW.date())
    assert HuddleItem.objects.get(case=case).kind == "today"
    assert "mood.call" not in filled(client, "mood")


def test_whoever_had_stepped_out_and_asks_to_be_called_today_has_come_back(sam: Any) -> None:
    cases_actions.step_out(plan_id=sam.plan.pk, by=sam.user, now=NOW)
    client = signed_in(sam.user)
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
    answer = save(signed_in(sam.user), page, given)
    assert answer["Location"] == "/help-now/?to=more"
    assert 'href="/more/"' in signed_in(sam.user).get(answer["Location"]).content.decode()
    assert HuddleItem.objects.get(case__person=sam).kind == "today"
    assert NeededNow.objects.filter(case__person=sam, taken_at=None).exists()


def test_what_only_the_person_reads_brings_help_to_them_and_tells_nobody(sam: Any) -> None:
    answer = save(signed_in(sam.user), "mood", {"mood.life": "I think of it", "circle": "me"})
    assert answer["Location"] == "/help-now/?to=more"
    assert HuddleItem.objects.get(case__person=sam).kind == "new"
    assert not NeededNow.objects.exists()


@pytest.mark.parametrize(
    ("page", "question", "key", "group"),
    [
        (page.name, question.id, key, question.lines)
        for page in SCRIPT.more
        for question in page.questions
        for key in sorted(question.lines_for)
    ],
)
def test_a_pick_that_asks_for_it_shows_its_help_lines_once(
    sam: Any, page: str, question: str, key: str, group: str
) -> None:
    lines = helplines.lines_for(group)
    assert lines, group
    client = signed_in(sam.user)
    save(client, page, {question: key})
    assert str(lines.title) in client.get("/more/").content.decode()
    assert str(lines.title) not in client.get("/more/").content.decode()


# -- How we do this together


def on_the_card(person: Any, viewer: Any) -> str:
    item = HuddleItem.objects.get(case__person=person)
    return signed_in(viewer).get(reverse("huddle_item", args=[item.pk])).content.decode()


def test_words_to_be_read_in_private_are_not_on_the_rooms_screen_and_the_card_says_so(sam: Any) -> None:
    ali = make_member(name="Ali Rahman").user
    client = signed_in(sam.user)
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
    assert SECRET in signed_in(ali).get(reverse("plan", args=[sam.plan.pk])).content.decode()
    assert filled(client, "there")["there.how"] == "private"
    save(client, "there", {"there.how": "there"})
    card = on_the_card(sam, ali)
    assert "They would like to be there" in card
    assert SECRET in card
    assert "They would like to be there" in signed_in(ali).get("/huddle/").content.decode()


def test_what_helps_us_talk_is_shown_wherever_somebody_writes_to_them(sam: Any) -> None:
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    save(signed_in(sam.user), "talk", {"talk.needs": ["interpreter"], "talk.language": "Welsh"})
    for page in (reverse("contact", args=[sam.plan.pk]), reverse("plan", args=[sam.plan.pk]), "/today/"):
        assert "I need an interpreter" in signed_in(jo.user).get(page).content.decode(), page
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
    client = signed_in(sam.user)
    save(client, "quiet", {"quiet.do": ["find"]})
    assert step() == WORDS[Rung.GO_AND_FIND]
    assert str(WORDS[Rung.GO_AND_FIND]) in signed_in(jo.user).get("/today/").content.decode()
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
    client = signed_in(sam.user)
    save(client, "past", {"past.hurts": "yes"}, stop="1")
    assert str(lines.title) in client.get("/more/saved/").content.decode()
    save(client, "past", {"past.hurts": "yes"})
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=11))
    assert str(lines.title) not in client.get("/more/").content.decode()
