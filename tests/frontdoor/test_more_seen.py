"""Who sees what somebody says in the longer conversation, and what is kept apart from everybody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from cases import actions as cases_actions
from cases.models import Entry, HuddleItem, SafetyNote, Story
from frontdoor import helplines, telling
from frontdoor.script import Page
from tests.factories import NOW, make_member, make_person, signed_in, walk
from tests.frontdoor.coming_in import on_a_shared_phone
from tests.frontdoor.topics import SCRIPT, SECRET, address, an_answer, filled, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]


# -- Who can see this?


def everything_shown(viewer: Any, person: Any) -> str:
    """Every page that a member could read words on."""
    client = signed_in(viewer)
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
    client = signed_in(sam.user)
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
    page = signed_in(sam.user).get(address("mood")).content.decode()
    assert "No one here will read it. If you want help with it, let one of us see it." in page
    assert "Me and my main person: Thoughts of ending my life" in page


def test_a_page_that_was_opened_before_shows_nobody_what_was_narrowed_since(sam: Any) -> None:
    client = signed_in(sam.user)
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
    mine = signed_in(sam.user)
    assert filled(mine, "matters")["matters.words_2"] == SECRET
    save(mine, "matters", {"matters.words": ""})
    (left,) = Entry.objects.filter(asked__startswith="matters.words", removed_at=None)
    assert (left.words, left.circle) == (SECRET, "me")


# -- What is kept apart


def test_that_somebody_hurts_them_is_kept_and_shown_on_no_page_of_theirs(sam: Any) -> None:
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    client = signed_in(sam.user)
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
        not in signed_in(make_member(name="Ali").user).get(reverse("huddle_item", args=[item.pk])).content.decode()
    )


def _steady(page: bytes) -> bytes:
    return re.sub(rb'name="(csrfmiddlewaretoken|whose)" value="[^"]*"', b"", page)


def test_where_feeling_safe_stands_does_not_tell_that_it_was_picked(sam: Any) -> None:
    hub = signed_in(sam.user).get("/more/").context["hub"]
    assert [row.title for row in hub.first] == ["What matters to you", "Who and what helps", "This week"]
    assert [row.title for row in hub.picked] == ["Money, food and bills"]
    assert "Feeling safe" in [row.title for row in hub.others]
