"""Whoever may be in danger stands at the top of today, with somebody to act, until one of the team has it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.actions import keep_contact, shut_out, step_out, take_needed, talk_soon
from cases.models import NeededNow
from cases.queries.safety import first_of_today
from teams.permissions import NotKnown
from tests.factories import NOW, make_member, make_person, make_team, walk

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
SUNDAY = datetime(2026, 3, 8, 14, 0, tzinfo=LONDON)


@pytest.fixture
def jo():
    return make_member(name="Jo Bevan", says_hello=False)


def top(member, now: datetime = NOW):
    return first_of_today(viewer=member.user, now=now).needed


def on_duty(member, *days: int):
    member.duty_days = list(days)
    member.save()
    return member


def met(person, member, at: datetime, went: str = "both"):
    keep_contact(plan_id=person.plan.pk, at=at, way="call", went=went, by=member.user, now=at)


def test_not_safe_right_now_comes_to_the_top_in_plain_words_with_who_is_on_duty(jo, client, monkeypatch):
    on_duty(make_member(name="Ali Rahman"), 1)
    make_person(name="Sam", pace="not_safe")
    (row,) = top(jo)
    assert (row.name, str(row.why), row.acts) == (
        "Sam",
        "They said: “I am not safe right now”.",
        "Ali acts first.",
    )
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(jo.user)
    page = client.get("/today/").content.decode()
    assert page.index("Somebody needs one of us now") < page.index("Asked for today")
    assert "Somebody needs one of us now" in client.get("/today/?name=nobody&mine=on").content.decode()


def test_words_that_may_mean_danger_come_to_the_top_too_and_other_words_do_not(jo):
    make_person(name="Sam", lifted=True)
    make_person(name="Robin")
    assert [(row.name, str(row.why)) for row in top(jo)] == [("Sam", "Their words may mean danger.")]


def test_where_nobody_is_on_duty_those_who_say_first_hellos_are_asked(jo):
    make_person(name="Sam", lifted=True)
    assert top(jo)[0].acts == "Nobody is on duty. Whoever is here acts now."
    make_member(name="Ravi Nair")
    make_member(name="Hana Lowe")
    assert top(jo)[0].acts == "Hana or Ravi acts first."
    on_duty(make_member(name="Ali Rahman", says_hello=False), 0)  # on Mondays, and this is a Tuesday
    assert top(jo)[0].acts == "Hana or Ravi acts first."


def test_on_a_sunday_it_says_when_somebody_is_here_and_who_acts_then(jo, client, monkeypatch):
    on_duty(make_member(name="Ali Rahman"), 0)
    sam = make_person(name="Sam", pace="not_safe", now=SUNDAY)
    assert top(jo, SUNDAY)[0].acts == "We are not open now. Ali acts first, tomorrow at 9."
    monkeypatch.setattr("django.utils.timezone.now", lambda: SUNDAY)
    client.force_login(sam.user)
    page = client.get(client.post("/me/soon/", {"pace": "not_safe"})["Location"]).content.decode()
    assert "We are not open now. We will read this tomorrow at 9." in " ".join(page.split())
    assert "Call 999" in page


def test_it_stays_until_somebody_has_it_and_then_says_who_since_when(jo, client, monkeypatch):
    ali = make_member(name="Ali Rahman")
    make_person(name="Sam", pace="not_safe")
    (row,) = top(jo, NOW + timedelta(days=30))
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(jo.user)
    assert client.post(f"/today/needed/{row.id}/")["Location"] == "/today/"
    assert "Jo has this, since 10:00." in client.get("/today/").content.decode()
    assert "I have this" not in client.get("/today/").content.decode()
    take_needed(needed_id=row.id, by=ali.user, now=NOW + timedelta(hours=1))
    needed = NeededNow.objects.get()
    assert (needed.taken_by, needed.taken_at) == (jo, NOW), "the first press counts"


def test_it_leaves_the_top_once_somebody_has_it_and_both_were_in_touch(jo):
    sam = make_person(name="Sam", pace="not_safe")
    walk(sam, jo)
    met(sam, jo, NOW + timedelta(minutes=5))
    (row,) = top(jo, NOW + timedelta(hours=1))
    assert not row.taken, "nobody said that they have it"
    take_needed(needed_id=row.id, by=jo.user, now=NOW + timedelta(hours=1))
    assert not top(jo, NOW + timedelta(hours=1))
    talk_soon(plan_id=sam.plan.pk, pace="not_safe", by=sam.user, now=NOW + timedelta(days=1))
    (row,) = top(jo, NOW + timedelta(days=1))
    take_needed(needed_id=row.id, by=jo.user, now=NOW + timedelta(days=1))
    met(sam, jo, NOW + timedelta(days=1, hours=1), went="no_answer")
    assert top(jo, NOW + timedelta(days=2)), "nobody answered"
    met(sam, jo, NOW + timedelta(days=2))
    assert not top(jo, NOW + timedelta(days=2))


def test_a_second_time_before_anybody_has_it_is_one_row_and_the_clearer_words(jo):
    sam = make_person(name="Sam", pace="not_safe")
    talk_soon(plan_id=sam.plan.pk, pace="not_safe", by=sam.user, now=NOW)
    (row,) = top(jo)
    assert str(row.why) == "They said: “I am not safe right now”."


def test_stepping_out_does_not_take_it_off_the_top(jo):
    sam = make_person(name="Sam", pace="not_safe")
    step_out(plan_id=sam.plan.pk, by=sam.user, now=NOW)
    (row,) = top(jo)
    assert (row.name, row.plan_id) == ("Sam", None)
    take_needed(needed_id=row.id, by=jo.user, now=NOW)
    assert not top(jo)


def test_an_organisation_that_was_shut_out_cannot_take_it(jo):
    sam = make_person(name="Sam", pace="not_safe")
    ali = make_member(name="Ali", sector="peer")
    (needed,) = NeededNow.objects.all()
    shut_out(plan_id=sam.plan.pk, organisation_id=ali.organisation_id, by=sam.user, now=NOW)
    with pytest.raises(NotKnown):
        take_needed(needed_id=needed.pk, by=ali.user, now=NOW)
    take_needed(needed_id=needed.pk, by=jo.user, now=NOW)


def test_somebody_whom_the_person_shut_out_neither_sees_it_nor_is_asked(jo):
    on_duty(make_member(name="Una Shah", sector="primary"), 1)
    una = on_duty(make_member(name="Kit Moss", sector="peer"), 1)
    sam = make_person(name="Sam", pace="not_safe")
    shut_out(plan_id=sam.plan.pk, sector="peer", by=sam.user, now=NOW)
    assert not top(una)
    assert top(jo)[0].acts == "Una acts first."
    with pytest.raises(NotKnown):
        take_needed(needed_id=NeededNow.objects.get().pk, by=una.user, now=NOW)
    stranger = make_member(team=make_team(name="Northmoor", is_front_door=False))
    assert not top(stranger)
    with pytest.raises(NotKnown):
        take_needed(needed_id=NeededNow.objects.get().pk, by=stranger.user, now=NOW)


def test_the_database_knows_who_has_it(jo):
    make_person(name="Sam", pace="not_safe")
    with pytest.raises(IntegrityError), transaction.atomic():
        NeededNow.objects.update(taken_at=NOW)


def test_as_many_queries_for_many_as_for_two(jo, client):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as kept:
            first_of_today(viewer=jo.user, now=NOW)
        return len(kept)

    for number in range(2):
        make_person(name=f"Sam {number}", pace="not_safe")
    few = queries()
    for number in range(8):
        make_person(name=f"Robin {number}", pace="not_safe")
    assert queries() == few


def test_the_person_reads_nothing_of_it(jo):
    sam = make_person(name="Sam", pace="not_safe")
    client = Client()
    client.force_login(sam.user)
    take_needed(needed_id=NeededNow.objects.get().pk, by=jo.user, now=NOW)
    for address in ("/me/", f"/plans/{sam.plan.pk}/", f"/plans/{sam.plan.pk}/history/"):
        assert "danger" not in client.get(address).content.decode()


# -- The rota


def test_those_who_lead_say_who_is_on_duty_and_who_keeps_people_safe(client):
    lee, ann = make_member(name="Lee Orme", leads=True), make_member(name="Ann Poe")
    client.force_login(ann.user)
    assert client.post(f"/team/{ann.pk}/duty/", {"days": ["1"]}).status_code == 403
    assert client.post(f"/team/{ann.pk}/safeguards/", {"safeguards": "1"}).status_code == 403
    client.force_login(lee.user)
    assert client.get(f"/team/{ann.pk}/duty/").status_code == 200
    assert client.post(f"/team/{ann.pk}/duty/", {"days": ["3", "1", "1"]}).status_code == 303
    client.post(f"/team/{ann.pk}/safeguards/", {"safeguards": "1"})
    ann.refresh_from_db()
    assert (ann.duty_days, ann.safeguards) == ([1, 3], True)
    page = client.get("/team/").content.decode()
    assert "On duty: Tuesday, Thursday" in " ".join(page.split())
    for days in (["7"], ["x"], ["6"]):
        assert client.post(f"/team/{ann.pk}/duty/", {"days": days}).status_code == 422
    client.post(f"/team/{ann.pk}/duty/", {})
    refused = client.post(f"/team/{ann.pk}/safeguards/", {"safeguards": "0"})
    assert refused.status_code == 403
    assert "Nobody else leads on keeping people safe." in refused.content.decode()
    assert client.post(f"/team/{ann.pk}/end/").status_code == 403
    client.post(f"/team/{lee.pk}/safeguards/", {"safeguards": "1"})
    client.post(f"/team/{ann.pk}/safeguards/", {"safeguards": "0"})
    ann.refresh_from_db()
    assert (ann.duty_days, ann.safeguards) == ([], False)
