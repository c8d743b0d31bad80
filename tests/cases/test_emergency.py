"""A plan can be opened in an emergency: with a reason, for some hours, and never behind the person's back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import actions
from cases.models import EmergencyOpening, HuddleItem, Look
from cases.permissions import NotKnown, standing
from cases.queries.looks import looks_page
from cases.queries.plan import plan_page
from cases.sections import Level
from tests.factories import make_member, make_person, make_team, walk

pytestmark = pytest.mark.django_db
WHY = "Her brother rang and is afraid for her life"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def world(now):
    sam, jo, olu = (
        make_person(name="Sam", pace="i_will", now=now),
        make_member(name="Jo"),
        make_member(name="Olu Cole"),
    )
    HuddleItem.objects.all().delete()
    walk(sam, jo, now=now)
    olu.may_open = True
    olu.save()
    for circle in ("me", "named", "walking", "team"):
        words = f"words for {circle}"
        actions.add_entry(
            plan_id=sam.plan.pk, section="now", field="words", words=words, circle=circle, by=sam.user, now=now
        )
    actions.set_circle(plan_id=sam.plan.pk, section="now", circle="team", by=sam.user, now=now)
    return sam, jo, olu


def opened(sam, olu, now, why=WHY):
    return actions.open_in_emergency(plan_id=sam.plan.pk, why=why, by=olu.user, now=now)


def test_a_member_who_may_opens_a_plan_with_a_reason_and_reads_what_their_main_person_reads(world, client, now):
    sam, _jo, olu = world
    client.force_login(olu.user)
    assert client.get(f"/plans/{sam.plan.pk}/").status_code == 404
    assert f"/plans/{sam.plan.pk}/open/" in client.get("/today/?name=sam").content.decode()
    address = f"/plans/{sam.plan.pk}/open/"
    assert "Sam is told that you opened it" in client.get(address).content.decode()
    assert client.post(address, {"why": "worried"}).status_code == 422
    assert client.get(f"/plans/{sam.plan.pk}/").status_code == 404
    for _press in range(2):
        assert client.post(address, {"why": WHY}).status_code == 303
    assert EmergencyOpening.objects.count() == 1
    page = client.get(f"/plans/{sam.plan.pk}/").content.decode()
    until = timezone.localtime(EmergencyOpening.objects.get().until)
    assert f"You can read it until {until:%H:%M}. Sam is told" in page
    assert "words for walking" in page
    assert "words for team" in page
    assert "words for named" in page
    assert "words for me" not in page
    assert "Only for me" not in page


def test_it_is_to_read_and_it_ends(world, now):
    sam, _jo, olu = world
    opened(sam, olu, now)
    end = now + timedelta(hours=8)
    at = standing(olu.user, sam.plan.pk, end - timedelta.resolution)
    assert at.level("hard") == Level.SEE
    assert all(at.level(section) <= Level.SEE for section in at.sharing.circles)
    with pytest.raises(NotKnown):
        standing(olu.user, sam.plan.pk, end)


def test_it_ends_at_once_when_the_team_no_longer_lets_them(world, now):
    sam, _jo, olu = world
    opened(sam, olu, now)
    olu.may_open = False
    olu.save()
    with pytest.raises(NotKnown):
        standing(olu.user, sam.plan.pk, now)


def test_the_person_is_told_who_and_why_and_the_team_talks_about_it(world, client, now):
    sam, jo, olu = world
    opened(sam, olu, now)
    client.force_login(sam.user)
    for page in ("/me/", f"/plans/{sam.plan.pk}/history/"):
        shown = client.get(page).content.decode()
        assert "Olu Cole" in shown
        assert WHY in shown
    item = HuddleItem.objects.get()
    assert item.kind == "opened"
    assert WHY in item.why
    client.force_login(jo.user)
    assert WHY not in client.get(f"/plans/{sam.plan.pk}/history/").content.decode()


def test_who_has_looked_marks_what_was_looked_at_in_an_emergency_with_the_reason_and_no_other_look(world, client, now):
    sam, jo, olu = world
    look = {"plan_id": sam.plan.pk, "what": "plan"}
    actions.look_at_plan(**look, sections=["now"], by=olu.user, now=now - timedelta(days=1))
    opened(sam, olu, now)
    actions.look_at_plan(**look, sections=["now"], by=olu.user, now=now)
    actions.look_at_plan(**look, sections=["now"], by=jo.user, now=now)
    actions.look_at_plan(**look, sections=["helps"], by=olu.user, now=now + timedelta(hours=8))
    client.force_login(sam.user)
    assert f"/plans/{sam.plan.pk}/looks/" in client.get("/me/").content.decode().split(WHY)[1].split("</section>")[0]
    with CaptureQueriesContext(connection) as asked:
        found = looks_page(plan_id=sam.plan.pk, viewer=sam.user, now=now).looks
    assert str(asked.captured_queries).count('FROM "cases_emergencyopening"') == 1
    assert [(one.who, one.at - now) for one in found if one.emergency] == [("Olu Cole", timedelta())]
    page = client.get(f"/plans/{sam.plan.pk}/looks/").content.decode()
    assert page.count("opened in an emergency") == page.count(WHY) == 1


def test_it_never_beats_a_shut_out(world, now):
    sam, _jo, olu = world
    opened(sam, olu, now)
    organisation = olu.organisation
    actions.shut_out(plan_id=sam.plan.pk, section="now", sector=organisation.sector, by=sam.user, now=now)
    assert "words for team" not in repr(plan_page(plan_id=sam.plan.pk, viewer=olu.user, now=now))
    actions.shut_out(plan_id=sam.plan.pk, sector=organisation.sector, by=sam.user, now=now)
    with pytest.raises(NotKnown):
        standing(olu.user, sam.plan.pk, now)
    with pytest.raises(NotKnown):
        opened(sam, olu, now)


def test_nobody_else_has_the_door(world, client, now):
    sam, jo, olu = world
    stranger = make_member(name="Ann")
    other = make_member(name="Bo", team=make_team(name="Northmoor", is_front_door=False))
    other.may_open = True
    other.save()
    for member in (jo, stranger, other):
        with pytest.raises(NotKnown):
            opened(sam, member, now)
        client.force_login(member.user)
        assert client.get(f"/plans/{sam.plan.pk}/open/").status_code == 404
        assert "/open/" not in client.get("/today/?name=sam").content.decode()
    actions.step_out(plan_id=sam.plan.pk, by=sam.user, now=now)
    with pytest.raises(NotKnown):
        opened(sam, olu, now)


def test_those_who_lead_say_who_may_open(client, now):
    lead, ann = make_member(name="Lee", leads=True), make_member(name="Ann")
    address = f"/team/{ann.pk}/may-open/"
    client.force_login(ann.user)
    assert client.post(address, {"may_open": "1"}).status_code == 403
    client.force_login(lead.user)
    assert client.post(address, {"may_open": "1"}).status_code == 303
    ann.refresh_from_db()
    assert ann.may_open
    assert "Opens a plan in an emergency" in client.get("/team/").content.decode()
    client.post(address, {"may_open": "0"})
    ann.refresh_from_db()
    assert not ann.may_open


def test_to_be_on_the_agenda_for_an_opening_or_a_question_opens_nothing_to_the_team(world, client, now):
    sam, jo, olu = world
    kit = make_member(name="Kit Moss")
    opened(sam, olu, now)
    actions.look_at_plan(plan_id=sam.plan.pk, what="plan", sections=["now"], by=jo.user, now=now)
    look = Look.objects.get()
    actions.ask_about_look(plan_id=sam.plan.pk, look_id=look.pk, words="Why on a Sunday?", by=sam.user, now=now)
    item = HuddleItem.objects.get()
    with pytest.raises(NotKnown):
        standing(kit.user, sam.plan.pk, now)
    client.force_login(kit.user)
    assert client.get(f"/plans/{sam.plan.pk}/").status_code == 404
    assert client.get(f"/plans/{sam.plan.pk}/reach/").status_code == 404
    assert str(item.pk) in client.get("/huddle/").content.decode()
    card = client.get(f"/huddle/{item.pk}/").content.decode()
    assert WHY in card
    assert "Why on a Sunday?" in card
    assert "words for team" not in card
    client.force_login(jo.user)  # the room looks at the same screen, whoever brought it there
    assert "words for team" not in client.get(f"/huddle/{item.pk}/").content.decode()
    actions.shut_out(plan_id=sam.plan.pk, sector=kit.organisation.sector, by=sam.user, now=now)
    client.force_login(kit.user)
    assert client.get(f"/huddle/{item.pk}/").status_code == 404
    assert str(item.pk) not in client.get("/huddle/").content.decode()


def test_the_team_decides_about_it_without_their_words(world, client, now):
    sam, _jo, olu = world
    kit = make_member(name="Kit Moss")
    opened(sam, olu, now)
    item = HuddleItem.objects.get()
    actions.decide(
        item_id=item.pk, decision="leave", we_heard="", first_step="Jo asks you how it was.", because="We want to know.",
        who=None, stand_in=None, how="", by_when=None, other_view="", by=kit.user, now=now,
    )  # fmt: skip
    item.refresh_from_db()
    assert item.decided_by == kit.user


def test_whoever_only_looked_is_not_let_in_by_deciding_that_they_say_hello(world, client, now):
    """Or else an opening of some hours, read by one, would make them the main person: by their own press."""
    sam, jo, olu = world
    opened(sam, olu, now)
    item = HuddleItem.objects.get()
    given = {
        "item_id": item.pk, "decision": "two", "we_heard": "", "first_step": "Tea", "because": "We want to know.",
        "by_when": timezone.localdate(now), "by": olu.user, "now": now,
    }  # fmt: skip
    with pytest.raises(actions.NotDecided) as missing:
        actions.decide(who=olu.pk, **given)
    assert set(missing.value.missing) == {"who"}
    client.force_login(olu.user)
    card = client.get(f"/huddle/{item.pk}/").content.decode()
    assert str(jo.pk) in card
    assert str(olu.pk) not in card
    actions.decide(who=jo.pk, stand_in=olu.pk, **given)
    (walking,) = standing(sam.user, sam.plan.pk, now).sharing.walkers
    assert (walking.member_id, walking.main) == (jo.pk, True)


def test_what_needs_their_words_opens_them_and_an_opening_after_it_closes_nothing(world, now):
    sam, jo, olu = world
    kit = make_member(name="Kit Moss")
    opened(sam, olu, now)
    actions.bring(plan_id=sam.plan.pk, why="Good to talk", by=jo.user, now=now)
    assert standing(kit.user, sam.plan.pk, now).level("now") == Level.SEE
    assert HuddleItem.objects.get().kind == "brought"
    actions.open_in_emergency(plan_id=sam.plan.pk, why=WHY, by=olu.user, now=now + timedelta(days=1))
    assert standing(kit.user, sam.plan.pk, now).level("now") == Level.SEE
