"""In the demo, and only there, anybody can be anybody and read what would be sent."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import WayToReach, come_back, keep_contact, leave_me_be, step_out
from frontdoor import codes, demo_queries
from frontdoor.actions import take_in_questions
from frontdoor.models import Conversation
from teams.models import Message, Sector
from tests.factories import make_member, make_person, make_team, walk

pytestmark = pytest.mark.django_db


def groups(now):
    return {str(group.title): group.people for group in demo_queries.town(now=now).people}


def test_it_is_calm_when_the_town_is_empty(client):
    assert "Nobody has come in yet." in client.get("/demo/").content.decode()
    assert "No messages here." in client.get("/demo/messages/").content.decode()


def test_one_press_signs_in_as_a_member(client):
    jo = make_member()
    page = client.get("/demo/").content.decode()
    assert "Nurse, Somewhere secondary" in page
    answer = client.post(reverse("demo_be", args=[jo.user_id]))
    assert (answer.status_code, answer.url) == (303, "/today/")
    assert client.get("/today/").status_code == 200


def test_one_press_signs_in_as_a_person(client):
    person = make_person(now=timezone.now())
    answer = client.post(reverse("demo_be", args=[person.user_id]))
    assert (answer.status_code, answer.url) == (303, "/me/")
    assert client.get("/me/").status_code == 200


def test_the_next_press_signs_in_as_somebody_else(client):
    person, jo = make_person(now=timezone.now()), make_member()
    client.post(reverse("demo_be", args=[jo.user_id]))
    client.post(reverse("demo_be", args=[person.user_id]))
    assert client.get("/today/").status_code == 404
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("user_id", ["00000000-0000-0000-0000-000000000000", "nobody", "%00"])
def test_nobody_can_be_somebody_who_is_not_there(client, user_id):
    assert client.post(f"/demo/be/{user_id}/").status_code == 404


def test_signing_in_needs_a_press(client):
    jo = make_member()
    assert client.get(reverse("demo_be", args=[jo.user_id])).status_code == 405


def test_somebody_whose_account_is_shut_cannot_be_been(client):
    jo = make_member()
    jo.user.is_active = False
    jo.user.save()
    assert client.post(reverse("demo_be", args=[jo.user_id])).status_code == 404
    assert "Jo Bevan" not in client.get("/demo/").content.decode()


def test_people_are_grouped_by_how_things_are():
    now = timezone.now()
    jo = make_member(says_hello=False)
    new = make_person(name="New", pace="i_will", now=now)
    quiet, peace, walking, out, back = (
        make_person(name=name, now=now - timedelta(days=40)) for name in ("Quiet", "Peace", "Walking", "Out", "Back")
    )
    for person in (quiet, peace, walking, out, back):
        walk(person, jo)
        before = now - timedelta(days=30 if person in {quiet, peace} else 3)
        keep_contact(plan_id=person.plan.pk, at=before, way="call", went="both", by=jo.user, now=before)
    soon = now.date() + timedelta(days=30)
    leave_me_be(plan_id=peace.plan.pk, until=soon, by=peace.user, now=now - timedelta(days=20))
    step_out(plan_id=out.plan.pk, by=out.user, now=now)
    step_out(plan_id=back.plan.pk, by=back.user, now=now - timedelta(days=2))
    come_back(plan_id=back.plan.pk, by=back.user, now=now - timedelta(days=1))

    found = groups(now)
    assert {title: [person.name for person in people] for title, people in found.items()} == {
        "Just come in": ["New"],
        "Coming back": ["Back"],
        "Gone quiet": ["Quiet"],
        "Quiet, and said so": ["Peace"],
        "Walking together": ["Walking"],
        "Stepped out: the door is open": ["Out"],
    }
    assert found["Just come in"][0].line.endswith("They will get in touch themselves.")
    assert found["Walking together"][0].line.startswith("With Jo. Last in touch")
    assert found["Stepped out: the door is open"][0].line.endswith("Pressed it themselves.")
    assert "Asked for peace until" in found["Quiet, and said so"][0].line
    assert new.user_id == found["Just come in"][0].user_id


def test_somebody_nobody_has_met_is_quiet_and_said_to_be(client):
    now = timezone.now()
    make_person(now=now - timedelta(days=12))
    (person,) = groups(now)["Gone quiet"]
    assert person.line.endswith("Nobody has met them yet.")


def test_the_next_town_is_there_to_be_looked_from():
    now = timezone.now()
    make_member()
    make_member(name="Wyn Talbot", team=make_team(name="Northmoor team", is_front_door=False))
    last = demo_queries.town(now=now).members[-1]
    assert [person.name for person in last.people] == ["Wyn Talbot"]
    assert "unknown" in last.people[0].line or "nobody of this town" in last.people[0].line


def test_looking_asks_the_database_as_often_for_many_people_as_for_one(client, django_assert_max_num_queries):
    for number in range(12):
        make_member(name=f"M {number}", sector=Sector.PEER)
        make_person(name=f"P {number}", now=timezone.now())
    with django_assert_max_num_queries(14):
        client.get("/demo/")


def make_message(**given):
    now = timezone.now()
    return Message.objects.create(
        **{
            "key": f"k:{Message.objects.count()}",
            "channel": "text",
            "to": "07700 900123",
            "body": "Hi Sam, it's Jo.",
            "written_at": now,
            "due_at": now,
            **given,
        }
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"state": "sent", "sent_at": timezone.now()}, "Sent "),
        ({"due_at": timezone.now() + timedelta(hours=9)}, "Waits until "),
        ({}, "On its way."),
        ({"state": "held", "held_because": "Others may read this."}, "Not sent. Others may read this."),
        ({"state": "unknown"}, "We do not know whether it went."),
    ],
)
def test_each_message_says_what_has_become_of_it(client, given, says):
    make_message(**given)
    assert says in client.get("/demo/messages/").content.decode()


def test_an_email_has_its_subject_and_a_text_has_none(client):
    make_message(channel="email", to="sam@example.org", subject="Hello from Jo")
    make_message(subject="Nobody sees this")
    page = client.get("/demo/messages/").content.decode()
    assert "Hello from Jo" in page
    assert "Nobody sees this" not in page


def test_what_waits_is_shown_with_the_words_they_chose():
    now = timezone.now()
    make_member(says_hello=True)
    way = WayToReach(kind="text", to="07700 900123", others="yes", only_words="Are you coming out on the bike?")
    make_person(now=now, ways=(way,))
    (seen,), more = demo_queries.messages(page=1, now=now)
    assert seen.body == "Are you coming out on the bike?"
    assert not more


def test_messages_come_fifty_at_a_time_newest_first(client):
    now = timezone.now()
    for number in range(51):
        make_message(body=f"Number {number}.", written_at=now - timedelta(minutes=number))
    first, second = (client.get(f"/demo/messages/?page={page}").content.decode() for page in (1, 2))
    assert first.index("Number 0.") < first.index("Number 49.")
    assert "Number 50." not in first
    assert "Number 50." in second
    assert "Newer" in second
    assert "Older" not in second


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "²", "9" * 40, "999999999"])
def test_a_page_that_is_not_there_is_no_trouble(client, page):
    assert client.get(f"/demo/messages/?page={page}").status_code == 200


def test_each_person_has_their_code_beside_them(client):
    person = make_person(now=timezone.now())
    conversation = Conversation(
        script_version_id=take_in_questions(now=timezone.now()),
        via="own_phone",
        person=person,
        **dict.fromkeys(["began_at", "touched_at", "sent_at"], timezone.now()),
    )
    code = codes.code(conversation.pk, 0)
    conversation.code_digest = codes.digest(code)
    conversation.save()
    assert code in client.get("/demo/").content.decode()


def test_outside_the_demo_these_pages_are_not_there():
    code = (
        "import django; django.setup()\n"
        "from django.urls import NoReverseMatch, reverse\n"
        "try: reverse('demo')\n"
        "except NoReverseMatch: print('not there')\n"
    )
    env = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SITE_URL": "https://hello.example.org",
        "TEAM_PHONE": "01632 960 100",
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_FROM": "hello@example.org",
        "SECRET_KEY": "".join(chr(48 + number) for number in range(60)),
        "CODE_KEY": "".join(chr(50 + number) for number in range(60)),
        "FAIR_KEY": "".join(chr(55 + number) for number in range(60)),
        "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/none?sslmode=require",
        "REDIS_URL": "rediss://:secret@127.0.0.1:1/0",
    }
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.stdout == "not there\n", done.stderr
