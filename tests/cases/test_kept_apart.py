"""That somebody hurts them is kept apart: a few may read it, to act; whoever holds the person's phone never learns of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from cases.actions import NothingWritten, keep_safety_note, shut_out, step_out
from cases.models import Look, SafetyLook, SafetyNote
from cases.queries.safety import apart, first_of_today, safety_page
from teams.permissions import NotKnown
from tests.factories import NOW, make_member, make_person, signed_in, walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]
WORDS = "canary: he has hurt me"


@pytest.fixture
def world():
    """Sam, with Jo as main person, Ali walking along, Di on duty on Tuesdays, and Meg who leads on keeping people safe."""
    sam = make_person(name="Sam")
    people = {name: make_member(name=name, says_hello=False) for name in ("Jo", "Ali", "Di", "Tess")}
    people["Meg"] = make_member(name="Meg", sector="council", says_hello=False)
    walk(sam, people["Jo"], main=True)
    walk(sam, people["Ali"], main=False)
    people["Di"].duty_days = [1]
    people["Meg"].safeguards = True
    for member in people.values():
        member.save()
    sam.cases.get().huddle_items.all().delete()
    return sam, people


def keep(sam, *, by=None, words=WORDS, now=NOW):
    return keep_safety_note(plan_id=sam.plan.pk, words=words, via="own_phone", by=by or sam.user, now=now)


def address(sam) -> str:
    return f"/plans/{sam.plan.pk}/apart/"


def test_those_who_may_act_read_it_and_nobody_else(world):
    sam, people = world
    keep(sam)
    read = {name: signed_in(member.user).get(address(sam)) for name, member in people.items()}
    assert {name: (answer.status_code, WORDS in answer.content.decode()) for name, answer in read.items()} == {
        "Jo": (200, True),
        "Ali": (200, False),
        "Di": (200, True),
        "Tess": (404, False),
        "Meg": (200, True),
    }
    superuser = make_member(name="Sue")
    superuser.user.is_superuser = True
    superuser.user.save()
    for user in (sam.user, superuser.user, make_person(name="Robin").user):
        assert signed_in(user).get(address(sam)).status_code == 404


def test_duty_opens_it_on_that_day_alone(world):
    sam, people = world
    keep(sam)
    for days, there in ((0, True), (1, False), (7, True)):
        viewer, now = people["Di"].user, NOW + timedelta(days=days)
        if there:
            assert safety_page(plan_id=sam.plan.pk, viewer=viewer, now=now).notes
        else:
            with pytest.raises(NotKnown):
                safety_page(plan_id=sam.plan.pk, viewer=viewer, now=now)


def test_whom_the_person_keeps_away_reads_nothing_whatever_their_duty(world):
    sam, people = world
    keep(sam)
    shut_out(plan_id=sam.plan.pk, sector="council", by=sam.user, now=NOW)
    assert signed_in(people["Meg"].user).get(address(sam)).status_code == 404


def test_who_leads_on_keeping_people_safe_reads_it_after_the_person_stepped_out_and_the_others_do_not(world):
    sam, people = world
    keep(sam)
    step_out(plan_id=sam.plan.pk, by=sam.user, now=NOW)
    answers = {name: signed_in(member.user).get(address(sam)).status_code for name, member in people.items()}
    assert answers == {"Jo": 404, "Ali": 404, "Di": 404, "Meg": 200, "Tess": 404}


def test_a_member_keeps_it_apart_after_a_talk_and_does_not_read_it_back(world):
    sam, people = world
    client = signed_in(people["Ali"].user)
    assert "Keep something apart" in client.get(f"/plans/{sam.plan.pk}/").content.decode()
    before = client.get(address(sam)).content
    assert client.post(address(sam), {"words": WORDS, "via": "telephone"})["Location"] == address(sam)
    note = SafetyNote.objects.get()
    assert (note.words, note.via, note.written_by, note.plan) == (WORDS, "telephone", people["Ali"].user, sam.plan)
    client.get(address(sam))  # what was said of the press is said once
    strip = lambda page: page.split(b"<main")[1].split(b"csrf")[0]  # noqa: E731 - the token differs
    assert strip(client.get(address(sam)).content) == strip(before)
    empty = client.post(address(sam), {"words": "  ", "via": "telephone"})
    assert empty.status_code == 422
    kept = client.post(address(sam), {"words": "My words", "via": "by crow"})
    assert (kept.status_code, "My words" in kept.content.decode()) == (422, True)


def test_the_person_adds_to_it_and_nothing_comes_back(world):
    """As the page “Feeling safe” does: whoever it returns to learns nothing."""
    sam, _people = world
    assert keep(sam).plan == sam.plan
    with pytest.raises(NothingWritten):
        keep(sam, words=" \n")
    with pytest.raises(NotKnown):
        keep(sam, by=make_person(name="Robin").user)
    with pytest.raises(NotKnown):
        keep(sam, by=make_member(name="Olu").user)


def test_pressed_twice_it_is_one_note_and_told_again_another_day_it_is_two(world):
    sam, _people = world
    assert keep(sam) == keep(sam, now=NOW + timedelta(minutes=5))
    keep(sam, now=NOW + timedelta(days=1))
    assert SafetyNote.objects.count() == 2


def test_reading_is_kept_where_those_who_read_see_it_and_the_person_does_not(world):
    sam, people = world
    keep(sam)
    mine = signed_in(sam.user)
    before = mine.get(f"/plans/{sam.plan.pk}/looks/").content.split(b"csrf")[0]
    jo = signed_in(people["Jo"].user)
    jo.get(address(sam))
    jo.get(address(sam))
    signed_in(people["Ali"].user).get(address(sam))
    assert not Look.objects.exists()
    assert [look.viewer for look in SafetyLook.objects.all()] == [people["Jo"].user] * 2
    assert "Who has read it" in jo.get(address(sam)).content.decode()
    assert mine.get(f"/plans/{sam.plan.pk}/looks/").content.split(b"csrf")[0] == before


def test_it_waits_on_today_of_those_who_may_read_it_until_one_of_them_has(world):
    sam, people = world
    keep(sam)

    def waiting() -> dict[str, int]:
        return {name: first_of_today(viewer=member.user, now=NOW).unread for name, member in people.items()}

    assert waiting() == {"Jo": 1, "Ali": 0, "Di": 1, "Meg": 1, "Tess": 0}
    assert "nobody has read it yet" in signed_in(people["Di"].user).get("/today/").content.decode()
    assert "Sam" in signed_in(people["Di"].user).get("/apart/").content.decode()
    assert "Sam" not in signed_in(people["Ali"].user).get("/apart/").content.decode()
    signed_in(people["Meg"].user).get(address(sam))
    assert waiting() == dict.fromkeys(people, 0)
    keep(sam, by=people["Jo"].user, now=NOW + timedelta(minutes=1))
    assert waiting()["Di"] == 1, "something new is read anew"
    assert [row.name for row in apart(viewer=people["Meg"].user, now=NOW)] == ["Sam"]


def test_it_is_written_once_and_the_chain_watches_it(world):
    sam, _people = world
    keep(sam)
    for attempt in (lambda: SafetyNote.objects.update(words="x"), lambda: SafetyNote.objects.all().delete()):
        with pytest.raises(IntegrityError, match="History stays"), transaction.atomic():
            attempt()
    call_command("verify_history")
