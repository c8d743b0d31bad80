"""Somebody else to walk with: asked for without saying why, and never left with nobody who can say hello."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import (
    ask_for_someone_else,
    ask_the_team,
    bring,
    decide,
    keep_contact,
    let_somebody_in,
    notice_quiet,
    set_circle,
    set_entry_circle,
    shut_out,
    step_out,
)
from cases.models import HuddleItem, SectionGrant, Walk
from cases.permissions import NotAllowed, NotKnown
from cases.queries.huddle import huddle, huddle_item
from cases.queries.plan import plan_page
from cases.sections import Level
from teams.models import Sector
from tests.factories import make_member, make_person, signed_in, walk

pytestmark = pytest.mark.django_db
SECRET = "The secret of the lighthouse"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def jo():
    return make_member(name="Jo Bevan")


@pytest.fixture
def ali():
    return make_member(name="Ali Rahman", sector=Sector.PEER, role="peer worker")


@pytest.fixture
def sam(jo, now):
    """Sam, with whom Jo walks, and about whom nothing waits to be talked about."""
    person = make_person(name="Sam", now=now, entries=(("now", "words", SECRET, ""),))
    HuddleItem.objects.all().delete()
    walk(person, jo, now=now)
    return person


def ask(sam, jo=None, words=""):
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": timezone.now()}
    return ask_for_someone_else(instead_of=jo.user_id if jo else None, words=words, **given)


def decided(item, whom, by):
    now = timezone.now()
    return decide(
        item_id=item.pk, decision="hello", we_heard="", first_step="A cup of tea", because="You asked", who=whom.pk,
        by_when=timezone.localdate(now), by=by.user, now=now,
    )  # fmt: skip


def walking(sam):
    return {walk.member.user.name for walk in Walk.objects.filter(case__person=sam, ended_at=None)}


def test_the_person_asks_from_their_plan_and_reads_there_that_the_team_has_it(sam, jo):
    browser, page = signed_in(sam.user), reverse("plan", args=[sam.plan.pk])
    address = reverse("someone_else", args=[sam.plan.pk])
    assert address in browser.get(page).content.decode()
    assert "Jo Bevan" in browser.get(address).content.decode()
    answer = browser.post(address, {"who": str(jo.user_id), "words": "Somebody older"}, follow=True)
    assert answer.redirect_chain == [(f"{page}#people", 303)]
    words = answer.content.decode()
    assert "You asked for someone else" in words
    assert address not in words
    item = HuddleItem.objects.get()
    assert (item.kind, item.instead_of) == ("someone", jo)
    assert item.why == "Would like someone else in place of Jo Bevan. Somebody older"


def test_what_they_typed_stays_when_they_picked_nobody(sam):
    answer = signed_in(sam.user).post(reverse("someone_else", args=[sam.plan.pk]), {"words": "Somebody older"})
    assert answer.status_code == 422
    assert "Somebody older" in answer.content.decode()
    assert answer.content.decode().count("Pick one, or go back.") == 2
    assert not HuddleItem.objects.exists()


def test_to_ask_opens_none_of_the_plan(sam, jo, ali):
    item = ask(sam, jo)
    card = huddle_item(item_id=item.pk, viewer=ali.user, now=timezone.now())
    assert "in place of Jo Bevan" in card.why
    assert SECRET in repr(plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=timezone.now()))
    assert SECRET not in repr(card)
    with pytest.raises(NotKnown):
        plan_page(plan_id=sam.plan.pk, viewer=ali.user, now=timezone.now())


def test_whom_the_team_names_walks_with_them_in_that_place(sam, jo, ali):
    decided(ask(sam, jo), ali, by=ali)
    assert walking(sam) == {"Ali Rahman"}
    assert Walk.objects.get(ended_at=None).main


def test_one_more_takes_nobodys_place(sam, ali):
    decided(ask(sam), ali, by=ali)
    assert walking(sam) == {"Jo Bevan", "Ali Rahman"}


def test_whoever_was_to_be_changed_stays_when_the_team_names_them_again(sam, jo, ali):
    decided(ask(sam, jo), jo, by=ali)
    assert walking(sam) == {"Jo Bevan"}


def test_what_they_gave_by_name_to_whoever_was_changed_does_not_come_back(sam, jo, ali, now):
    entry = sam.plan.entries.get()
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": now}
    set_circle(section="now", circle="me", **given)
    let_somebody_in(section="now", user_id=jo.user_id, level=Level.SEE, **given)
    set_entry_circle(entry_id=entry.pk, circle="me", by_name={jo.user_id: ("see", None)}, **given)
    assert SECRET in repr(plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=now))
    decided(ask(sam, jo), ali, by=ali)
    entry.refresh_from_db()
    assert (SectionGrant.objects.count(), entry.let_in) == (0, [])
    decided(bring(plan_id=sam.plan.pk, why="Cover", by=ali.user, now=now), jo, by=ali)
    assert SECRET not in repr(plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=timezone.now()))


def test_a_member_who_left_and_walks_with_them_anew_has_no_name_from_before(sam, jo, ali, now):
    let_somebody_in(plan_id=sam.plan.pk, section="mine", user_id=jo.user_id, level=Level.SEE, by=sam.user, now=now)
    walk(sam, ali, main=False, now=now)
    Walk.objects.filter(member=jo).update(ended_at=now)
    decided(bring(plan_id=sam.plan.pk, why="Cover", by=ali.user, now=now), jo, by=ali)
    assert not SectionGrant.objects.exists()


def test_it_goes_before_what_lets_nobody_in_and_gives_way_to_what_needs_their_words(sam, jo, now):
    HuddleItem.objects.filter(pk=ask(sam).pk).update(kind="opened")
    assert ask(sam, jo).kind == "someone"
    assert bring(plan_id=sam.plan.pk, why="Good news", by=jo.user, now=now).kind == "brought"
    assert ask(sam, jo).kind == "brought"


def test_only_the_person_asks_and_only_about_who_walks_with_them(sam, jo, ali, now):
    with pytest.raises(NotAllowed):
        ask_for_someone_else(plan_id=sam.plan.pk, instead_of=None, words="", by=jo.user, now=now)
    with pytest.raises(NotKnown):
        ask_for_someone_else(plan_id=sam.plan.pk, instead_of=None, words="", by=ali.user, now=now)
    with pytest.raises(NotKnown):
        ask(sam, ali)
    assert not HuddleItem.objects.exists()


def test_once_they_have_stepped_out_there_is_nobody_to_change(sam, now):
    step_out(plan_id=sam.plan.pk, by=sam.user, now=now)
    address = reverse("someone_else", args=[sam.plan.pk])
    assert address not in signed_in(sam.user).get(reverse("plan", args=[sam.plan.pk])).content.decode()
    with pytest.raises(NotAllowed):
        ask(sam)


def test_whoever_keeps_away_the_last_one_reads_that_nobody_can_say_hello(sam, jo):
    browser, sharing = signed_in(sam.user), reverse("sharing", args=[sam.plan.pk])
    assert "so no one can say hello" not in browser.get(sharing).content.decode()
    browser.post(reverse("sharing_member", args=[sam.plan.pk, jo.user_id]))
    words = browser.get(sharing).content.decode()
    assert "so no one can say hello" in words
    assert reverse("someone_else", args=[sam.plan.pk]) in words


@pytest.mark.parametrize("how", ["name", "sector", "organisation", "left"])
def test_who_has_gone_quiet_with_nobody_to_try_comes_to_the_team_at_once(sam, jo, ali, now, how):
    keep_contact(plan_id=sam.plan.pk, at=now, way="call", went="both", by=jo.user, now=now)
    later = now + timedelta(days=12)
    notice_quiet(now=later)
    assert huddle(viewer=ali.user, now=later).unheard == ()
    with pytest.raises(NotKnown):
        ask_the_team(plan_id=sam.plan.pk, by=ali.user, now=later)
    if how == "left":
        jo.ended_at, jo.ended_by = later, ali.user
        jo.save()
    else:
        whom = {"name": {"user_id": jo.user_id}, "sector": {"sector": Sector.SECONDARY}}
        whom["organisation"] = {"organisation_id": jo.organisation_id}
        shut_out(plan_id=sam.plan.pk, by=sam.user, now=later, **whom[how])
    assert [row.name for row in huddle(viewer=ali.user, now=later).unheard] == ["Sam"]
    assert ask_the_team(plan_id=sam.plan.pk, by=ali.user, now=later).kind == "quiet"
    assert huddle(viewer=ali.user, now=later).unheard == ()


def test_what_was_said_after_the_press_goes_with_the_visit(sam, jo):
    """Whoever holds the phone next would read that the person asked for somebody else."""
    phone, address = signed_in(sam.user), reverse("someone_else", args=[sam.plan.pk])
    words = "The team has it."
    phone.post(address, {"who": str(jo.user_id)})
    assert words in phone.get(reverse("sharing", args=[sam.plan.pk])).content.decode()
    phone.post(address, {"who": str(jo.user_id)})
    assert "messages" not in phone.cookies
    phone.get(reverse("leave"))
    phone.force_login(jo.user)
    for page in ("account_login", "today"):
        assert words not in phone.get(reverse(page), follow=True).content.decode()
