"""Writing down a contact or a try, and stepping out that somebody told of."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions import keep_contact, notice_quiet, step_out
from cases.kind_words import INSTEAD, unkind
from cases.models import Case, Contact, HuddleItem, ReachingOut
from cases.permissions import NotAllowed, NotKnown
from tests.factories import make_member, make_person, make_team, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def jo():
    return make_member(name="Jo Bevan")


@pytest.fixture
def sam(jo, now):
    person = make_person(name="Sam", now=now - timedelta(days=30))
    walk(person, jo, now=now - timedelta(days=29))
    return person


@pytest.fixture
def signed_in(jo, client: Client):
    client.force_login(jo.user)
    return client


def write(client, person, **given):
    fields = {"way": "call", "went": "both", "from_them": "us", "on": "", "time": "", "words": "", **given}
    return client.post(reverse("contact", args=[person.plan.pk]), fields)


def test_a_contact_is_kept_and_the_promise_with_it(signed_in, sam):
    answer = write(signed_in, sam, words="We talked about the allotment.")
    contact = Contact.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == reverse("contact_kept", args=[sam.plan.pk, contact.pk])
    assert (contact.way, contact.went, contact.from_them) == ("call", "both", False)
    assert Case.objects.get().state == Case.State.WALKING
    page = signed_in.get(answer["Location"]).content.decode()
    assert "We talked about the allotment." in page
    assert "They told me they would like to step out" in page


def test_after_a_try_the_page_says_what_comes_next(signed_in, sam, now):
    notice_quiet(now=now)
    answer = write(signed_in, sam, went="no_answer")
    page = signed_in.get(answer["Location"]).content.decode()
    assert "What comes next" in page
    assert "Try another way" in page
    assert "They told me" not in page


def test_a_day_before_is_kept_as_that_day(signed_in, sam, now):
    day = timezone.localdate(now) - timedelta(days=3)
    write(signed_in, sam, on=day.isoformat(), time="14:30")
    assert timezone.localtime(Contact.objects.get().at).strftime("%H:%M") == "14:30"
    assert timezone.localdate(Contact.objects.get().at) == day


def test_a_day_to_come_is_written_down_as_now(signed_in, sam, now):
    write(signed_in, sam, on=(timezone.localdate(now) + timedelta(days=3)).isoformat())
    assert Contact.objects.get().at <= timezone.now()


@pytest.mark.parametrize(
    "given",
    [
        {"way": ""},
        {"way": "pigeon"},
        {"way": "online"},
        {"went": "beautifully"},
        {"from_them": "nobody"},
        {"on": "the 3rd"},
        {"time": "noonish"},
        {"words": "x" * 5_001},
    ],
)
def test_what_does_not_fit_is_asked_again_and_nothing_typed_is_lost(signed_in, sam, given):
    answer = write(signed_in, sam, **{"words": "Kept words", **given})
    assert answer.status_code == 422
    assert not Contact.objects.exists()
    assert given.get("words", "Kept words") in answer.content.decode()


def test_an_unkind_word_is_asked_about_once(signed_in, sam):
    asked = write(signed_in, sam, words="Sam refused to engage, non-compliant.")
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "Sam can read this. Would Sam say it this way?" in page
    assert "Sam refused to engage, non-compliant." in page
    assert not Contact.objects.exists()
    write(signed_in, sam, words="Sam refused to engage, non-compliant.", keep="1")
    assert Contact.objects.count() == 1


def test_only_the_kind_list_is_looked_for_and_only_whole_words():
    assert unkind("She is patiently growing clementines, just in case.") == ()
    assert unkind("A DNA. Discharged. Service users!") == (
        ("discharged", INSTEAD["discharged"]),
        ("dna", INSTEAD["dna"]),
        ("service user", INSTEAD["service user"]),
    )


def test_whoever_does_not_walk_with_them_finds_no_such_page(sam, client: Client):
    HuddleItem.objects.all().delete()
    client.force_login(make_member(name="Ruth").user)
    assert write(client, sam).status_code == 404
    assert client.get(reverse("contact", args=[uuid.uuid4()])).status_code == 404
    assert not Contact.objects.exists()


def test_a_contact_of_somebody_else_is_not_shown_under_this_plan(signed_in, sam, jo, now):
    ben = make_person(name="Ben", now=now)
    walk(ben, jo, now=now)
    other = keep_contact(plan_id=ben.plan.pk, at=now, way="call", went="both", by=jo.user, now=now)
    assert signed_in.get(reverse("contact_kept", args=[sam.plan.pk, other.pk])).status_code == 404


def test_the_person_does_not_write_down_contacts(sam, now):
    with pytest.raises(NotAllowed):
        keep_contact(plan_id=sam.plan.pk, at=now, way="call", went="both", by=sam.user, now=now)


def test_a_member_of_another_team_writes_nothing_down(sam, now):
    other = make_member(name="Nia", team=make_team(name="Northmoor team", is_front_door=False))
    with pytest.raises(NotKnown):
        keep_contact(plan_id=sam.plan.pk, at=now, way="call", went="both", by=other.user, now=now)


# -- stepping out, told in a contact


def test_a_member_writes_down_that_they_were_told(signed_in, sam, jo, now):
    contact = keep_contact(plan_id=sam.plan.pk, at=now, way="call", went="both", by=jo.user, now=now)
    url = reverse("contact_kept", args=[sam.plan.pk, contact.pk])
    answer = signed_in.post(url, {"words": "I am all right now, thank you", "keep_hello": "on"}, follow=True)
    case = Case.objects.get()
    assert (case.state, case.ended_how, case.said_in, case.keep_hello) == ("open_door", "told", contact, True)
    assert "They can come back at any time" in answer.content.decode()


def test_it_takes_a_talk_in_which_both_spoke(signed_in, sam, jo, now):
    contact = keep_contact(plan_id=sam.plan.pk, at=now, way="call", went="no_answer", by=jo.user, now=now)
    url = reverse("contact_kept", args=[sam.plan.pk, contact.pk])
    assert signed_in.post(url, {"words": "They did not answer"}).status_code == 403
    with pytest.raises(NotAllowed):
        step_out(plan_id=sam.plan.pk, by=jo.user, now=now)
    assert Case.objects.get().state != Case.State.OPEN_DOOR


@pytest.mark.parametrize(
    "change",
    [
        "state = 'open_door', quiet_at = NULL",
        "state = 'open_door', quiet_at = NULL, ended_at = now()",
        "state = 'open_door', quiet_at = NULL, ended_at = now(), ended_by_id = (SELECT id FROM teams_user LIMIT 1)",
        "state = 'open_door', quiet_at = NULL, ended_at = now(), ended_how = 'told', "
        "ended_by_id = (SELECT id FROM teams_user LIMIT 1)",
        "state = 'open_door', ended_at = now(), ended_how = 'own', ended_by_id = (SELECT id FROM teams_user LIMIT 1)",
        "state = 'walking', ended_at = now(), ended_by_id = (SELECT id FROM teams_user LIMIT 1)",
    ],
)
def test_the_database_itself_refuses_an_ending_that_nobody_chose(sam, change):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_case SET {change}")  # noqa: S608 -- our own words


def test_being_in_touch_ends_the_reaching_out(sam, jo, now):
    notice_quiet(now=now)
    assert ReachingOut.objects.filter(found_at=None).count() == 1
    contact = keep_contact(plan_id=sam.plan.pk, at=now, way="text", went="both", by=jo.user, now=now)
    assert ReachingOut.objects.get().found_in == contact


# -- the rhythm, and bringing somebody to the huddle


@pytest.mark.parametrize(("days", "kept"), [("7", 7), ("28", 28), ("0", None)])
def test_a_rhythm_is_agreed(signed_in, sam, days, kept):
    url = reverse("rhythm", args=[sam.plan.pk])
    assert signed_in.get(url).status_code == 200
    assert signed_in.post(url, {"days": days}).status_code == 303
    case = Case.objects.get()
    assert case.rhythm_days == kept
    assert case.rhythm_agreed_at


@pytest.mark.parametrize("days", ["", "5", "x", "-1"])
def test_no_other_rhythm_can_be_sent(signed_in, sam, days):
    assert signed_in.post(reverse("rhythm", args=[sam.plan.pk]), {"days": days}).status_code == 422
    assert Case.objects.get().rhythm_agreed_at is None


def test_one_line_brings_somebody_to_the_huddle(signed_in, sam):
    HuddleItem.objects.all().delete()
    url = reverse("bring", args=[sam.plan.pk])
    assert signed_in.get(url).status_code == 200
    assert signed_in.post(url, {"why": "  "}).status_code == 422
    signed_in.post(url, {"why": "Good news: Sam has a job."})
    signed_in.post(url, {"why": "And a cat."})
    item = HuddleItem.objects.get()
    assert (item.kind, item.why) == ("brought", "Good news: Sam has a job.\nAnd a cat.")


@pytest.mark.parametrize(("page", "asked"), [("contact", 2), ("safety", 2)])
def test_what_is_still_to_pick_or_to_write_is_said_each_in_words_of_its_own(signed_in, sam, page, asked):
    answer = signed_in.post(reverse(page, args=[sam.plan.pk]), {"from_them": "us"})
    said = [sentence for sentences in answer.context["form"].errors.values() for sentence in sentences]
    assert len(set(said)) == len(said) == asked, said
    for sentence in said:
        assert answer.content.decode().count(sentence) == 2, "at the top, and at the field"
