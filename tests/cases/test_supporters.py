"""Somebody whom the person asked sees what was ticked, for as long as they say, and nothing of anybody else."""

import re
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection
from django.utils import timezone

from cases import actions
from cases.actions import WayToReach
from cases.models import HuddleItem, Look, SectionGrant, Supporter
from cases.permissions import NotAllowed, NotKnown, hand_over, standing
from cases.queries.history import history
from cases.queries.plan import plan_page
from cases.queries.sharing import as_they_see_it, sharing_page
from cases.sections import Group, Level
from teams.models import Message, User
from tests.factories import make_member, make_person, walk

pytestmark = pytest.mark.django_db
WAIT = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def world(now):
    sam, jo = make_person(name="Sam", now=now), make_member(name="Jo Bevan")
    HuddleItem.objects.all().delete()
    walk(sam, jo, now=now)
    words = {"plan_id": sam.plan.pk, "now": now}
    actions.add_entry(section="helps", field="helps", words="the allotment", by=sam.user, **words)
    actions.add_entry(section="helps", field="helps", words="the choir", by=jo.user, **words)
    actions.add_entry(section="helps", field="helps", words="for few", circle="named", by=sam.user, **words)
    actions.add_entry(section="hard", field="signs", words="no sleep", by=sam.user, **words)
    return sam, jo


def asked(sam, now, to="ann@example.org", sees=("helps",), **more):
    """Ann, who said yes to the link, a day ago: it is open to her by now."""
    link = actions.invite_supporter(plan_id=sam.plan.pk, name="Ann", sees=sees, by=sam.user, now=now - WAIT, **more)
    token = re.search("/shared/([^/]+)/", link)[1]
    actions.accept_support(token=token, channel="email", to=to, now=now - WAIT)
    return signs_in(to, now)


def signs_in(to, now):
    """Whoever has this address has got the code that was sent there."""
    user = User.objects.get(email=to)
    actions.join_supports(by=user, now=now)
    return user


def test_the_person_asks_somebody_and_hands_over_a_link_that_works_once(world, client, now):
    sam, _jo = world
    client.force_login(sam.user)
    people = f"/plans/{sam.plan.pk}/people/"
    assert client.post(f"{people}add/", {"name": "", "may_call": "no"}).status_code == 422
    answer = client.post(f"{people}add/", {"name": "Ann", "sees": ["helps"], "may_call": "no"})
    assert (answer.status_code, answer.headers["Location"]) == (303, people)
    page = client.get(people).content.decode()
    assert "Give this link to Ann" in page
    address = re.search("/shared/[A-Za-z0-9_-]+/", page)[0]
    again = client.get(people).content.decode()
    assert "/shared/" not in again, "it is shown once"
    assert again.count("not opened the link yet") == Supporter.objects.count() == 1
    client.logout()
    assert "Sam would like to share a page with you" in client.get(address).content.decode()
    assert client.post(address, {"to": "nothing"}).status_code == 422
    answer = client.post(address, {"to": "Ann@example.org"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/accounts/login/")
    asked_once = client.get("/accounts/login/").content.decode()
    assert 'value="Ann@example.org"' in asked_once
    assert "Your yes is kept. Press the button to get your code." in asked_once
    assert not Message.objects.exists(), "and nothing is sent before that"
    assert "Ann@" not in client.get("/accounts/login/").content.decode()
    assert "_auth_user_id" not in client.session, "the link signs nobody in: a code does"
    assert client.post(address, {"to": "bo@example.org"}).status_code == 404
    ann = User.objects.get(email="ann@example.org")
    Supporter.objects.update(accepted_at=now - WAIT, opens_at=now)
    SectionGrant.objects.update(since=now)
    client.force_login(ann)
    assert client.get("/me/").headers["Location"] == "/shared/"
    assert "Sam chose what you see here." in client.get("/shared/").content.decode()
    page = client.get(f"/plans/{sam.plan.pk}/").content.decode()
    assert "the allotment" in page
    assert "no sleep" not in page


def test_nobody_is_asked_to_see_nothing_and_what_was_typed_stays(world, client):
    sam, _jo = world
    client.force_login(sam.user)
    given = {"name": "Ann Lee", "knows": "my sister", "may_call": "yes"}
    answer = client.post(f"/plans/{sam.plan.pk}/people/add/", given)
    page = answer.content.decode()
    assert (answer.status_code, Supporter.objects.count()) == (422, 0)
    assert page.count("Pick at least one part that they can see.") == 2, "at the top, and at the question"
    assert 'value="Ann Lee"' in page
    assert 'value="my sister"' in page
    assert client.post(f"/plans/{sam.plan.pk}/people/add/", {**given, "adds": ["helps"]}).status_code == 303


def test_the_link_goes_out_by_email_with_words_that_say_nothing(world, client):
    sam, _jo = world
    client.force_login(sam.user)
    given = {"name": "Ann", "sees": ["helps"], "may_call": "no", "email": "ann@example.org"}
    page = client.post(f"/plans/{sam.plan.pk}/people/add/", given)
    assert page.status_code == 303
    message = Message.objects.get(to="ann@example.org")
    assert "/shared/" in message.body
    assert not re.search("health|plan|team|help", f"{message.subject} {message.body}".split("http")[0], re.IGNORECASE)


def test_a_supporter_sees_nothing_of_anybody_else(world, client, now):
    sam, jo = world
    ann = asked(sam, now)
    mine = sam.plan.entries.get(words="the allotment")
    actions.suggest_words(plan_id=sam.plan.pk, entry_id=mine.pk, words="our plot", by=jo.user, now=now)
    seen = repr(plan_page(plan_id=sam.plan.pk, viewer=ann, now=now))
    assert "the choir" in seen
    assert "our plot" in seen
    assert "Jo" not in seen
    assert "for few" not in seen
    client.force_login(ann)
    page = client.get(f"/plans/{sam.plan.pk}/").content.decode()
    for telling in ("Jo", jo.organisation.name, "My team", "walk with me", "Today", "huddle", "/copy/"):
        assert telling not in page, telling
    for closed in ("sharing", "looks", "people", "people/add", "contact", "reach", "rhythm", "bring"):
        assert client.get(f"/plans/{sam.plan.pk}/{closed}/").status_code in {403, 404}, closed
    assert client.get(f"/plans/{sam.plan.pk}/history/").status_code in {403, 404}
    assert client.get("/today/").status_code == 404
    assert Look.objects.filter(viewer=ann, what="plan").exists()


def test_a_supporter_adds_only_where_the_person_lets_them(world, now):
    sam, _jo = world
    ann = asked(sam, now, sees=("hard",), adds=("helps",))
    add = {"plan_id": sam.plan.pk, "words": "our walks", "by": ann, "now": now}
    actions.add_entry(section="helps", field="helps", **add)
    with pytest.raises(NotAllowed):
        actions.add_entry(section="hard", field="signs", **add)
    with pytest.raises(NotAllowed):
        actions.add_entry(section="now", field="words", **add)
    assert "Ann" in repr(plan_page(plan_id=sam.plan.pk, viewer=sam.user, now=now))


def test_ending_is_one_press_and_takes_everything_back_at_once(world, client, now):
    sam, _jo = world
    ann = asked(sam, now, sees=("helps", "hard"))
    client.force_login(sam.user)
    supporter = Supporter.objects.get()
    assert client.post(f"/plans/{sam.plan.pk}/people/{supporter.pk}/end/").status_code == 303
    assert not SectionGrant.objects.exists()
    assert client.post(f"/plans/{sam.plan.pk}/people/{supporter.pk}/end/").status_code == 404
    client.force_login(ann)
    for address, status in ((f"/plans/{sam.plan.pk}/", 404), ("/shared/", 200)):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == status
        assert "This page is closed." in page
        assert "You can still tell us if you are worried." in page
        assert "Sam" not in page


def test_it_ends_by_itself_when_the_person_said_until_when(world, now):
    sam, _jo = world
    ann = asked(sam, now, until=now + timedelta(days=30))
    end = now + timedelta(days=30)
    assert standing(ann, sam.plan.pk, end - timedelta.resolution).level("helps") == Level.SEE
    with pytest.raises(NotKnown):
        standing(ann, sam.plan.pk, end)
    # What was let in by a group they are of ends with them, and not when the group does.
    SectionGrant.objects.all().delete()
    everybody = {"section": "helps", "group": Group(), "level": Level.SEE}
    actions.let_group_in(plan_id=sam.plan.pk, by=sam.user, now=now, **everybody)
    assert standing(ann, sam.plan.pk, end - timedelta.resolution).level("helps") == Level.SEE
    with pytest.raises(NotKnown):
        standing(ann, sam.plan.pk, end)


def test_the_person_changes_what_they_see_and_reads_their_name(world, client, now):
    sam, _jo = world
    ann = asked(sam, now)
    client.force_login(sam.user)
    address = f"/plans/{sam.plan.pk}/people/{Supporter.objects.get().pk}/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"sees": ["people"], "may_call": "no"}).status_code == 422
    assert client.post(address, {"sees": ["hard"], "may_call": "only"}).status_code == 422
    given = {"sees": ["hard"], "may_call": "only", "only_if": "I miss two weeks"}
    assert client.post(address, given).status_code == 303
    at = standing(ann, sam.plan.pk, timezone.now())
    assert (at.level("helps"), at.level("hard")) == (Level.NOTHING, Level.SEE)
    shared = sharing_page(plan_id=sam.plan.pk, viewer=sam.user, now=timezone.now()).sections
    assert {item.key: item.sees_words for item in shared}["hard"] == "Jo and Ann can see this."


def test_those_who_may_say_hello_read_whom_they_may_call(world, client, now):
    sam, jo = world
    asked(sam, now, may_call="only", only_if="I miss two weeks", knows="my sister")
    client.force_login(jo.user)
    page = client.post(f"/plans/{sam.plan.pk}/reach/").content.decode()
    assert "Ann (my sister)" in page
    assert "I miss two weeks" in page
    assert "ann@example.org" in page


def test_somebody_who_has_an_account_already_keeps_the_one_they_have(world, now):
    sam, _jo = world
    kim = make_person(name="Kim", now=now)
    User.objects.filter(pk=kim.user_id).update(email="kim@example.org")
    assert asked(sam, now, to="kim@example.org").pk == kim.user_id
    assert not User.objects.get(name="Ann").is_active
    assert standing(kim.user, sam.plan.pk, now).level("helps") == Level.SEE
    assert asked(sam, now, to="kim@example.org", sees=("hard",)).pk == kim.user_id
    assert Supporter.objects.filter(ended_at=None).count() == 1
    assert standing(kim.user, sam.plan.pk, now).level("helps") == Level.NOTHING


def test_an_address_that_was_only_typed_changes_nothing_for_whoever_has_it(world, now):
    """Whoever holds a link may type any address: of somebody who stands beside the person, or who walks with them."""
    sam, jo = world
    mum = asked(sam, now, to="mum@example.org")
    actions.let_somebody_in(
        plan_id=sam.plan.pk, section="mine", user_id=jo.user_id, level=Level.SEE, by=sam.user, now=now
    )
    for to in ("mum@example.org", jo.user.email):
        link = actions.invite_supporter(plan_id=sam.plan.pk, name="Ex", sees=("quiet",), by=sam.user, now=now)
        actions.accept_support(token=re.search("/shared/([^/]+)/", link)[1], channel="email", to=to, now=now)
    later = now + WAIT
    assert standing(mum, sam.plan.pk, later).level("helps") == Level.SEE
    assert standing(mum, sam.plan.pk, later).level("quiet") == Level.NOTHING
    assert standing(jo.user, sam.plan.pk, later).level("mine") == Level.SEE
    assert repr(history(plan_id=sam.plan.pk, viewer=sam.user, now=later)).count("Ex said yes.") == 2
    # Once they have signed in it was them: what the person gave a member by name stays beside it.
    signs_in(jo.user.email, later)
    assert standing(jo.user, sam.plan.pk, later).level("mine") == Level.SEE
    assert Supporter.objects.filter(user=jo.user, ended_at=None).exists()


def test_it_is_theirs_when_they_sign_in_or_are_in_already(world, client, now):
    sam, _jo = world
    kim = make_person(name="Kim", now=now)
    User.objects.filter(pk=kim.user_id).update(email="kim@example.org")
    kim.user.refresh_from_db()
    for is_in in (False, True):
        link = actions.invite_supporter(plan_id=sam.plan.pk, name="Ann", sees=("helps",), by=sam.user, now=now)
        if is_in:
            client.force_login(kim.user)
        client.post(re.search("/shared/[^/]+/", link)[0], {"to": "kim@example.org"})
        assert Supporter.objects.filter(user=kim.user, ended_at=None).exists() is is_in
        client.force_login(kim.user)
        assert Supporter.objects.filter(user=kim.user, ended_at=None).count() == 1
        actions.stop_everybody(plan_id=sam.plan.pk, by=sam.user, now=now)
        client.logout()


def test_the_team_reads_the_address_that_was_given_and_no_other(world, client, now):
    sam, jo = world
    User.objects.create_user(name="Zoe", email="zoe@example.org", phone="+447700900555")
    asked(sam, now, to="zoe@example.org", may_call="yes")
    client.force_login(jo.user)
    page = client.post(f"/plans/{sam.plan.pk}/reach/").content.decode()
    assert "zoe@example.org" in page
    assert "900555" not in page


def test_a_name_on_an_entry_ends_with_them_and_does_not_come_back_with_them(world, now):
    sam, _jo = world
    ann = asked(sam, now)
    entry = sam.plan.entries.get(words="for few")
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": now}
    actions.set_entry_circle(entry_id=entry.pk, circle="me", by_name={ann.pk: ("see", None)}, **given)
    assert "for few" in repr(plan_page(plan_id=sam.plan.pk, viewer=ann, now=now))
    actions.end_supporter(supporter_id=Supporter.objects.get(ended_at=None).pk, **given)
    assert asked(sam, now) == ann
    seen = repr(plan_page(plan_id=sam.plan.pk, viewer=ann, now=now))
    assert "the allotment" in seen
    assert "for few" not in seen


def test_a_part_that_is_chosen_later_is_open_from_then_on(world, now):
    sam, jo = world
    ann = asked(sam, now - 3 * WAIT)
    given = {"plan_id": sam.plan.pk, "by": sam.user}
    signs = sam.plan.entries.get(words="no sleep")
    actions.suggest_words(plan_id=sam.plan.pk, entry_id=signs.pk, words="hardly any sleep", by=jo.user, now=now - WAIT)
    chosen = {"adds": (), "may_call": "no", "only_if": "", "until": None}
    actions.choose_for_supporter(
        supporter_id=Supporter.objects.get().pk, sees=("helps", "hard"), now=now, **chosen, **given
    )
    seen = repr(plan_page(plan_id=sam.plan.pk, viewer=ann, now=now))
    assert "no sleep" in seen
    assert "hardly any sleep" not in seen
    since = dict(SectionGrant.objects.values_list("content_object__key", "since"))
    assert since["helps"] < now - WAIT
    assert since["hard"] == now


def test_whoever_picks_only_me_reads_whom_they_asked_and_who_sees_it_all_the_same(world, client, now):
    sam, _jo = world
    asked(sam, now)
    client.force_login(sam.user)
    for part, told in (("helps", True), ("hard", False)):
        page = client.get(f"/plans/{sam.plan.pk}/sharing/{part}/").content.decode()
        assert ("You asked Ann, so they see this part" in page) is told
        assert (f'href="/plans/{sam.plan.pk}/people/"' in page) is told


def test_what_was_told_first_is_named_where_it_goes_with_a_part(world, client):
    sam, _jo = world
    client.force_login(sam.user)
    page = client.get(f"/plans/{sam.plan.pk}/people/add/").content.decode()
    assert "How things are, and what you told us first" in page


def test_an_account_that_nobody_came_in_by_cannot_be_signed_in_to(world, now):
    sam, _jo = world
    actions.invite_supporter(plan_id=sam.plan.pk, name="Ann", sees=("helps",), by=sam.user, now=now)
    ann = User.objects.get(name="Ann")
    assert (ann.email, ann.phone, ann.has_usable_password()) == (None, None, False)
    with pytest.raises(NotKnown):
        standing(ann, sam.plan.pk, now)


def test_nobody_but_the_person_asks_or_ends(world, client, now):
    sam, jo = world
    asked(sam, now)
    supporter = Supporter.objects.get()
    with pytest.raises(NotAllowed):
        actions.invite_supporter(plan_id=sam.plan.pk, name="Bo", sees=("helps",), by=jo.user, now=now)
    with pytest.raises(NotAllowed):
        actions.end_supporter(plan_id=sam.plan.pk, supporter_id=supporter.pk, by=jo.user, now=now)
    kim = make_person(name="Kim", now=now)
    with pytest.raises(NotKnown):
        actions.end_supporter(plan_id=kim.plan.pk, supporter_id=supporter.pk, by=kim.user, now=now)
    client.force_login(jo.user)
    assert client.get(f"/plans/{sam.plan.pk}/people/").status_code == 403


def test_a_link_is_over_after_two_weeks_and_when_the_person_changed_their_mind(world, client, now):
    sam, _jo = world
    link = actions.invite_supporter(plan_id=sam.plan.pk, name="Ann", sees=("helps",), by=sam.user, now=now)
    token = re.search("/shared/([^/]+)/", link)[1]
    given = {"token": token, "channel": "email", "to": "ann@example.org"}
    with pytest.raises(actions.LinkOver):
        actions.accept_support(now=now + timedelta(days=15), **given)
    actions.end_supporter(plan_id=sam.plan.pk, supporter_id=Supporter.objects.get().pk, by=sam.user, now=now)
    with pytest.raises(actions.LinkOver):
        actions.accept_support(now=now, **given)
    assert client.get(f"/shared/{token}/").status_code == 404


def test_a_member_who_left_the_team_is_not_let_in_by_a_name_they_had(world, now):
    sam, jo = world
    actions.let_somebody_in(
        plan_id=sam.plan.pk, section="hard", user_id=jo.user_id, level=Level.SEE, by=sam.user, now=now
    )
    jo.ended_at, jo.ended_by = now, jo.user
    jo.save()
    with pytest.raises(NotKnown):
        standing(jo.user, sam.plan.pk, now)


def said_yes(sam, now, *, to="ann@example.org"):
    link = actions.invite_supporter(
        plan_id=sam.plan.pk, name="Ann", sees=("helps",), adds=("hard",), by=sam.user, now=now
    )
    actions.accept_support(token=re.search("/shared/([^/]+)/", link)[1], channel="email", to=to, now=now)
    return signs_in(to, now)


def test_whoever_said_yes_sees_nothing_for_a_day_and_is_told_only_when_it_opens(world, client, now):
    sam, _jo = world
    ann = said_yes(sam, now)
    with pytest.raises(NotKnown):
        standing(ann, sam.plan.pk, now + WAIT - timedelta(minutes=1))
    assert standing(ann, sam.plan.pk, now + WAIT).level("helps") == Level.SEE
    client.force_login(ann)
    for address, status in ((f"/plans/{sam.plan.pk}/", 404), ("/shared/", 200)):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == status
        assert "It opens tomorrow." in page
        assert "Sam" not in page
    for closed in ("history", "copy", "pdf", "add/hard"):
        assert client.get(f"/plans/{sam.plan.pk}/{closed}/").status_code == 404, closed


def test_the_person_reads_who_said_yes_and_stops_it_in_one_press_before_anything_was_seen(world, client, now):
    sam, _jo = world
    ann = said_yes(sam, now)
    client.force_login(sam.user)
    page = client.get("/me/").content.decode()
    assert "Ann said yes" in page
    assert "It opens tomorrow." in page
    stop = re.search('action="(/plans/[^"]+/end/)"', page)[1]
    assert "said yes. It opens tomorrow." in client.get(f"/plans/{sam.plan.pk}/people/").content.decode()
    assert client.post(stop).status_code == 303
    assert "Ann said yes" not in client.get("/me/").content.decode()
    with pytest.raises(NotKnown):
        standing(ann, sam.plan.pk, now + WAIT)


def test_the_person_gets_words_that_say_nothing_by_a_way_that_is_safe(now):
    sam = make_person(name="Sam", ways=(WayToReach("text", to="07700 900123", others="no"),), now=now)
    make_member(name="Jo Bevan")
    said_yes(sam, now)
    (message,) = Message.objects.filter(key__startswith="note:")
    assert message.recipient == sam.user
    assert message.body == "Hi Sam, it's Jo. I've left you a note. Have a look when you like."


def test_nothing_is_sent_to_somebody_who_has_stepped_out(now):
    sam = make_person(name="Sam", ways=(WayToReach("text", to="07700 900123", others="no"),), now=now)
    make_member(name="Jo Bevan")
    actions.step_out(plan_id=sam.plan.pk, by=sam.user, now=now)
    said_yes(sam, now)
    assert not Message.objects.filter(key__startswith="note:").exists()


def test_what_is_chosen_anew_while_they_wait_waits_too(world, now):
    sam, _jo = world
    ann = said_yes(sam, now)
    given = {"sees": ("now",), "adds": (), "may_call": "no", "only_if": "", "until": None}
    actions.choose_for_supporter(
        plan_id=sam.plan.pk, supporter_id=Supporter.objects.get().pk, by=sam.user, now=now, **given
    )
    with pytest.raises(NotKnown):
        standing(ann, sam.plan.pk, now + timedelta(hours=23))
    assert standing(ann, sam.plan.pk, now + WAIT).level("now") == Level.SEE


def test_a_member_of_the_team_who_takes_the_link_waits_too(world, now):
    sam, _jo = world
    kit = make_member(name="Kit")
    assert said_yes(sam, now, to=kit.user.email) == kit.user
    with pytest.raises(NotKnown):
        standing(kit.user, sam.plan.pk, now)


def test_how_long_they_wait_is_a_setting(world, now, settings):
    settings.SUPPORTERS_WAIT = timedelta(0)
    sam, _jo = world
    assert standing(said_yes(sam, now), sam.plan.pk, now).level("helps") == Level.SEE


def test_the_person_sees_it_as_they_see_it_and_before_it_opens_as_they_will(world, client, now):
    sam, jo = world
    ann = said_yes(sam, now)
    client.force_login(sam.user)
    page = client.get(f"/plans/{sam.plan.pk}/people/").content.decode()
    address = f"/plans/{sam.plan.pk}/seen-by/{ann.pk}/"
    assert address in page
    seen = client.get(address).content.decode()
    assert "Ann sees nothing yet. This is all that opens tomorrow." in seen
    assert "the allotment" in seen
    assert "for few" not in seen
    _sees, shown = as_they_see_it(plan_id=sam.plan.pk, user_id=ann.pk, viewer=sam.user, now=now + WAIT)
    assert shown == plan_page(plan_id=sam.plan.pk, viewer=ann, now=now + WAIT)
    assert "Jo" not in repr(shown)
    actions.end_supporter(plan_id=sam.plan.pk, supporter_id=Supporter.objects.get().pk, by=sam.user, now=now)
    assert client.get(address).status_code == 404
    client.force_login(jo.user)
    assert client.get(address).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_stopping_everybody_while_somebody_comes_in_stops_them_too(monkeypatch):
    """Whoever said yes signs in at the same moment as the person presses: the person's press holds, and never fails."""
    sam = make_person(name="Sam", now=timezone.now())
    User.objects.create_user(name="Bo", email="bo@example.org")
    link = actions.invite_supporter(plan_id=sam.plan.pk, name="Bo", sees=["now"], by=sam.user, now=timezone.now())
    token = re.search("/shared/([^/]+)/", link)[1]
    bo = User.objects.get(email="bo@example.org")
    actions.accept_support(token=token, channel="email", to=bo.email, now=timezone.now())
    half_way, go_on, wrong = Event(), Event(), []

    def wait(*given, **more):
        half_way.set()
        go_on.wait(10)
        return hand_over(*given, **more)

    def press(action, **given):
        try:
            action(now=timezone.now(), **given)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(actions.supporters, "hand_over", wait)
    yes = Thread(target=press, args=[actions.join_supports], kwargs={"by": bo})
    stop = Thread(target=press, args=[actions.stop_everybody], kwargs={"plan_id": sam.plan.pk, "by": sam.user})
    yes.start()
    assert half_way.wait(10)
    stop.start()
    stop.join(0.5)  # it waits, or it is half-way too
    go_on.set()
    yes.join()
    stop.join()
    assert not wrong
    assert Supporter.objects.get().ended_at
    assert not SectionGrant.objects.exists()
