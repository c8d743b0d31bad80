"""Whoever opens a plan is kept, and the person alone reads who it was."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cases import actions
from cases.models import HuddleItem, Look
from cases.permissions import NotAllowed, NotKnown
from cases.queries.history import history
from cases.queries.looks import looks_page
from tests.factories import NOW, make_member, make_person, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    sam, jo, ali = (
        make_person(name="Sam", pace="i_will"),
        make_member(name="Jo Bevan"),
        make_member(name="Ali Rahman", sector="peer"),
    )
    HuddleItem.objects.all().delete()
    walk(sam, jo)
    walk(sam, ali, main=False)
    return sam, jo, ali


def looks(sam, who=""):
    return looks_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW, who=str(who)).looks


def test_a_look_is_kept_once_a_day_with_the_parts_that_were_shown(world, client):
    sam, jo, _ali = world
    actions.shut_out(plan_id=sam.plan.pk, section="hard", user_id=jo.user_id, by=sam.user, now=NOW)
    client.force_login(jo.user)
    for _time in range(3):
        assert client.get(f"/plans/{sam.plan.pk}/").status_code == 200
    (look,) = looks(sam)
    assert (look.who, look.organisation, look.what) == ("Jo Bevan", jo.organisation.name, "your plan")
    assert "What matters to me" in look.parts
    assert "If things get hard" not in look.parts
    actions.open_again(plan_id=sam.plan.pk, section="hard", user_id=jo.user_id, by=sam.user, now=NOW)
    client.get(f"/plans/{sam.plan.pk}/")
    assert "If things get hard" in looks(sam)[0].parts
    assert len(looks(sam)) == 2


def test_the_history_and_a_copy_are_looks_too(world, client):
    sam, jo, _ali = world
    client.force_login(jo.user)
    for page in ("history", "pdf"):
        client.get(f"/plans/{sam.plan.pk}/{page}/")
    assert {look.what for look in looks(sam)} == {"what has changed", "a copy of your plan"}


def test_what_is_shown_elsewhere_than_on_the_plan_is_a_look_too(world, client):
    """What they have told, before a member asks it; and what stands on the card that the huddle reads."""
    sam, _jo, ali = world
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": NOW}
    told = actions.Told(asked="week.easier", section="steps", field="step", words=("A lift",))
    actions.tell(telling=actions.Telling(told=(told,)), **given)
    actions.add_entry(section="helps", field="helps", words="My dog", **given)
    actions.bring(plan_id=sam.plan.pk, why="Good news", by=ali.user, now=NOW)
    item = HuddleItem.objects.get()
    client.force_login(ali.user)
    shown = []
    for address in ("ask/", "ask/week.easier/", "ask/name.what/", "contact/"):
        client.get(f"/plans/{sam.plan.pk}/{address}")
        shown.append([look.parts for look in looks(sam)])
    assert shown == [[("Next small steps",)]] * 4
    assert client.get(f"/huddle/{item.pk}/").status_code == 200
    assert ("What helps me",) in [look.parts for look in looks(sam)]
    assert {look.who for look in looks(sam)} == {"Ali Rahman"}


def test_the_persons_own_looks_are_not_kept_and_cost_nothing(world, client, django_assert_max_num_queries):
    sam, jo, _ali = world
    client.force_login(sam.user)
    with django_assert_max_num_queries(9):
        client.get(f"/plans/{sam.plan.pk}/")
    assert not Look.objects.exists()
    client.force_login(jo.user)
    with django_assert_max_num_queries(10):
        client.get(f"/plans/{sam.plan.pk}/")


def test_the_person_reads_who_looked_one_by_one_and_nobody_else_does(world, client):
    sam, jo, ali = world
    for member in (jo, ali):
        client.force_login(member.user)
        client.get(f"/plans/{sam.plan.pk}/")
    assert len(looks(sam)) == 2
    assert [look.who for look in looks(sam, ali.user_id)] == ["Ali Rahman"]
    assert looks(sam, "nobody") == ()
    for member in (jo, ali):
        client.force_login(member.user)
        assert client.get(f"/plans/{sam.plan.pk}/looks/").status_code == 403
        assert "your plan" not in repr(history(plan_id=sam.plan.pk, viewer=member.user, now=NOW))
    client.force_login(make_member(name="Olu").user)
    assert client.get(f"/plans/{sam.plan.pk}/looks/").status_code == 404
    client.force_login(sam.user)
    page = client.get(f"/plans/{sam.plan.pk}/looks/?who={jo.user_id}").content.decode()
    assert "Jo Bevan</strong>" in page
    assert "Ali Rahman</strong>" not in page


def test_the_person_turns_the_page_to_older_looks_of_everybody_or_of_one_and_none_is_left_out(world, client):
    """Jo has looked on each of 120 days, and Ali once before all of them."""
    sam, jo, ali = world
    for days, member in ((121, ali), *((days, jo) for days in range(120))):
        then = NOW - timedelta(days=days)
        actions.look_at_plan(plan_id=sam.plan.pk, what="plan", sections=["helps"], by=member.user, now=then)
    client.force_login(sam.user)
    seen, address = [], "?"
    while address:
        page = client.get(f"/plans/{sam.plan.pk}/looks/{address}").content.decode()
        seen += re.findall(r"(Jo Bevan|Ali Rahman)</strong>", page)
        older = re.search(r'href="([^"]*)">Older<', page)
        address = html.unescape(older[1]) if older else ""
    assert seen == ["Jo Bevan"] * 120 + ["Ali Rahman"]
    assert "Newer" in page
    second = looks_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW, who=str(jo.user_id), number="2")
    assert (second.newer, second.older, {look.who for look in second.looks}) == (1, 3, {"Jo Bevan"})
    for number, expected in (("9" * 5, 20), ("9" * 50, 50), ("no number", 50), ("0", 50)):
        page = looks_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW, who=str(jo.user_id), number=number)
        assert len(page.looks) == expected, number
    page = client.get(f"/plans/{sam.plan.pk}/looks/?who={jo.user_id}&page=2").content.decode()
    assert f"?who={jo.user_id}&amp;page=3" in page


def test_back_goes_to_the_page_that_it_was_opened_from(world, client):
    sam, jo, _ali = world
    for days in range(60):
        then = NOW - timedelta(days=days)
        actions.look_at_plan(plan_id=sam.plan.pk, what="plan", sections=["helps"], by=jo.user, now=then)
    client.force_login(sam.user)
    looks = f"/plans/{sam.plan.pk}/looks/"
    for opened_from in ("/me/", f"/plans/{sam.plan.pk}/sharing/"):
        address = re.search(f'href="({looks}[^"]*)"', client.get(opened_from).content.decode())[1]
        page = client.get(address).content.decode()
        older = html.unescape(re.search(r'href="([^"]*)">Older<', page)[1])
        for shown in (page, client.get(looks + older).content.decode()):
            assert f'class="nhsuk-back-link" href="{opened_from}"' in shown


def test_the_person_asks_about_a_look_and_the_team_reads_it_today(world, client):
    sam, jo, ali = world
    client.force_login(ali.user)
    client.get(f"/plans/{sam.plan.pk}/")
    client.force_login(sam.user)
    address = re.search(r"/plans/[^/]+/looks/[0-9]+/", client.get(f"/plans/{sam.plan.pk}/looks/").content.decode())[0]
    assert client.get(address).status_code == 200
    assert client.post(address, {"words": ""}).status_code == 422
    assert client.post(address, {"words": "Why on a Sunday?"}).status_code == 303
    item = HuddleItem.objects.get()
    assert (item.kind, item.brought_by) == ("question", sam.user)
    assert "Why on a Sunday?" in client.get(f"/plans/{sam.plan.pk}/looks/").content.decode()
    client.force_login(jo.user)
    today = client.get("/today/").content.decode()
    assert "A question about a look" in today
    assert "Why on a Sunday?" in today
    assert "Why on a Sunday?" in client.get(f"/huddle/{item.pk}/").content.decode()


def test_a_look_of_another_plan_cannot_be_asked_about(world):
    sam, jo, _ali = world
    kim = make_person(name="Kim")
    actions.look_at_plan(plan_id=sam.plan.pk, what="plan", sections=["now"], by=jo.user, now=NOW)
    look = Look.objects.get()
    given = {"look_id": look.pk, "words": "Why?", "now": NOW}
    with pytest.raises(NotKnown):
        actions.ask_about_look(plan_id=kim.plan.pk, by=kim.user, **given)
    with pytest.raises(NotAllowed):
        actions.ask_about_look(plan_id=sam.plan.pk, by=jo.user, **given)
    actions.step_out(plan_id=sam.plan.pk, by=sam.user, now=timezone.now())
    with pytest.raises(NotAllowed):
        actions.ask_about_look(plan_id=sam.plan.pk, by=sam.user, **given)
