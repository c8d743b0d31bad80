"""The contact rules, and the page that shows them to those who may see it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.actions import WayToReach, look_at_reach
from cases.models import Look
from cases.permissions import NotAllowed, NotKnown
from cases.queries.history import history
from cases.queries.reach import reach_page
from cases.reach import LONGEST_TEXT, Hold, Send, Wait, decide, words_for
from tests.factories import NOW, make_member, make_person, walk

LONDON = ZoneInfo("Europe/London")
TUESDAY = datetime(2026, 3, 10, 10, tzinfo=LONDON)
HOURS = range(9, 19)
HELLO = "Hi Sam, it's Jo."


@dataclass
class Rules:
    to: str = "07700 900123"
    others: str = "no"
    only_words: str = ""
    word: str = ""
    times: list[str] = field(default_factory=list)


def test_a_phone_that_nobody_else_reads_gets_the_words():
    assert decide(Rules(), HELLO, TUESDAY, hours=HOURS) == Send("07700 900123", HELLO)


def test_the_word_between_us_shows_that_it_is_us():
    assert decide(Rules(word="bluebell"), HELLO, TUESDAY, hours=HOURS) == Send("07700 900123", f"{HELLO} bluebell")
    chosen = Rules(others="yes", only_words="Kettle is on", word="bluebell")
    assert decide(chosen, HELLO, TUESDAY, hours=HOURS) == Send("07700 900123", "Kettle is on")


@pytest.mark.parametrize("way", [None, Rules(to="")])
def test_a_way_that_was_not_given_is_not_used(way):
    assert isinstance(decide(way, HELLO, TUESDAY, hours=HOURS), Hold)


@pytest.mark.parametrize("others", ["yes", "maybe", "", "something new"])
def test_where_others_may_read_only_their_own_chosen_words_go(others):
    assert isinstance(decide(Rules(others=others), HELLO, TUESDAY, hours=HOURS), Hold)
    chosen = Rules(others=others, only_words="Your parcel is here.")
    assert decide(chosen, HELLO, TUESDAY, hours=HOURS) == Send("07700 900123", "Your parcel is here.")


def test_nothing_goes_at_night():
    night = TUESDAY.replace(hour=22)
    assert decide(Rules(), HELLO, night, hours=HOURS) == Wait(datetime(2026, 3, 11, 9, tzinfo=LONDON))


def test_it_waits_for_an_hour_they_gave():
    assert decide(Rules(times=["evenings"]), HELLO, TUESDAY, hours=HOURS) == Wait(TUESDAY.replace(hour=17))


def test_weekends_alone_wait_for_saturday():
    assert decide(Rules(times=["weekends"]), HELLO, TUESDAY, hours=HOURS) == Wait(
        datetime(2026, 3, 14, 9, tzinfo=LONDON)
    )


@given(
    others=st.sampled_from(["no", "maybe", "yes", ""]),
    only=st.sampled_from(["", "Your parcel is here."]),
    times=st.lists(st.sampled_from(["mornings", "afternoons", "evenings", "weekends", "any", "gone"])),
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 -- localised below
)
def test_what_goes_is_never_more_than_they_agreed_to_and_never_outside_the_hours(others, only, times, moment):
    now = moment.replace(tzinfo=LONDON)
    outcome = decide(Rules(others=others, only_words=only, times=times), HELLO, now, hours=HOURS)
    if isinstance(outcome, Send):
        assert now.hour in HOURS
        assert outcome.body == (HELLO if others == "no" else only)
        assert outcome.body
    elif isinstance(outcome, Wait):
        assert now < outcome.until <= now + timedelta(days=9)


@pytest.mark.parametrize("about", ["thanks", "decided", "back"])
@pytest.mark.parametrize("day", ["", "Wednesday"])
def test_a_message_of_ours_fits_in_one_text_and_names_no_service(about, day):
    words = words_for(about, name="Bartholomew", worker="Alexandrina", day=day)
    assert len(words) <= LONGEST_TEXT
    assert not any(word in words.lower() for word in ["health", "team", "front door", "clinic", "http"])


# -- the page

SECRETS = ("07700 900123", "Not the corner shop", "BLUEBIRD")


@pytest.fixture
def sam(db):
    return make_person(
        name="Sam",
        ways=(
            WayToReach(kind="text", to=SECRETS[0], others="no", word=SECRETS[2], times=("evenings",)),
            WayToReach(kind="call", to="07700 900124", others="yes"),
            WayToReach(kind="email", to="sam@example.org", others="maybe"),
        ),
        avoid=SECRETS[1],
    )


def test_those_who_walk_with_somebody_see_every_rule_in_sentences(sam):
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    page = reach_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW)
    text, call, email = page.ways
    assert page.avoid == SECRETS[1]
    assert text.to == SECRETS[0]
    assert text.preview == "Hi Sam, it's Jo. I've left you a note. Have a look when you like. BLUEBIRD"
    assert "Good times: in the evening." in text.rules
    assert "Do not leave a message." in call.rules
    assert "Other people read or answer this." in call.rules
    assert email.held
    assert not email.preview


def test_the_page_shows_on_a_press_and_the_look_is_kept_for_the_person(sam):
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    client = Client()
    client.force_login(jo.user)
    url = reverse("reach", args=[sam.plan.pk])
    asked = client.get(url).content.decode()
    assert not any(secret in asked for secret in SECRETS)
    assert not Look.objects.exists()
    shown = client.post(url).content.decode()
    assert all(secret in shown for secret in SECRETS)
    assert Look.objects.get().viewer == jo.user
    theirs = history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)
    assert any(change.who == "Jo Bevan" and "say hello" in change.what for change in theirs)


def test_a_member_who_does_not_walk_with_them_and_says_no_hellos_may_not_look(sam):
    ruth = make_member(name="Ruth Adeyemi", says_hello=False)
    with pytest.raises(NotAllowed):
        look_at_reach(plan_id=sam.plan.pk, by=ruth.user, now=NOW)
    with pytest.raises(NotAllowed):
        reach_page(plan_id=sam.plan.pk, viewer=ruth.user, now=NOW)
    assert not Look.objects.exists()


def test_the_page_is_not_there_for_another_team_and_not_for_the_person_themselves(sam):
    from tests.factories import make_team

    other = make_member(name="Nia", team=make_team(name="Northmoor team", is_front_door=False))
    with pytest.raises(NotKnown):
        reach_page(plan_id=sam.plan.pk, viewer=other.user, now=NOW)
    with pytest.raises(NotAllowed):
        reach_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)
