"""A plan can be opened in an emergency: with a reason, for some hours, and never behind the person's back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import actions
from cases.models import EmergencyOpening, HuddleItem
from cases.permissions import NotKnown, standing
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


def test_a_member_who_may_opens_a_plan_with_a_reason_and_reads_what_those_who_walk_with_them_read(world, client, now):
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
    assert "words for walking" in page
    assert "words for team" in page
    assert "words for named" not in page
    assert "words for me" not in page
    assert "Only for me" not in page


def test_it_is_to_read_and_it_ends(world, now):
    sam, _jo, olu = world
    opened(sam, olu, now)
    HuddleItem.objects.all().delete()  # being on the agenda opens what the person lets the whole team see
    at = standing(olu.user, sam.plan.pk, now + timedelta(hours=7))
    assert at.level("hard") == Level.SEE
    assert all(at.level(section) <= Level.SEE for section in at.sharing.circles)
    with pytest.raises(NotKnown):
        standing(olu.user, sam.plan.pk, now + timedelta(hours=9))


def test_it_ends_at_once_when_the_team_no_longer_lets_them(world, now):
    sam, _jo, olu = world
    opened(sam, olu, now)
    HuddleItem.objects.all().delete()
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
    assert item.kind == "brought"
    assert WHY in item.why
    client.force_login(jo.user)
    assert WHY not in client.get(f"/plans/{sam.plan.pk}/history/").content.decode()


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
