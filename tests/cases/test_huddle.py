"""The huddle: who is there, what is heard, and what the team decides together."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import (
    NotDecided,
    WayToReach,
    add_entry,
    ask_the_team,
    come_back,
    decide,
    end_huddle,
    keep_contact,
    notice_quiet,
    set_circle,
    shut_out,
    step_out,
    take_seat,
    talk_soon,
)
from cases.models import Case, HuddleItem, Voice, Walk
from cases.permissions import NotAllowed, NotKnown
from cases.queries.huddle import MEANINGS, huddle, huddle_item, room_name
from cases.queries.plan import plan_page
from teams.history import record
from teams.models import Huddle, Message, Sector
from teams.permissions import NotAMember
from tests.factories import NOW, make_member, make_person, make_team, walk

pytestmark = pytest.mark.django_db
SECRET = "The secret of the lighthouse"


@pytest.fixture
def jo():
    return make_member(name="Jo Bevan")


@pytest.fixture
def ali():
    return make_member(name="Ali Rahman", sector=Sector.PEER, role="peer worker")


@pytest.fixture
def signed_in(jo, client: Client):
    client.force_login(jo.user)
    return client


def arrive(name="Sam", now=None, **more):
    return make_person(
        name=name,
        now=now or timezone.now(),
        pace="days",
        topics=("home", "mood"),
        told=(("know", "Not right since spring."),),
        entries=(("now", "words", "Not right since spring.", ""), ("helps", "helps", "My dog Biscuit", "")),
        ways=(WayToReach(kind="text", to="07700 900123", others="no"),),
        **more,
    )


def item_of(person):
    return HuddleItem.objects.get(case__person=person, decided_at=None)


def the_decision(whom, **given):
    return {
        "part": "decide",
        "decision": "hello",
        "we_heard": "Not right since spring.",
        "first_step": "A cup of tea",
        "because": "You said mornings are hard",
        "who": str(whom.pk),
        "stand_in": "",
        "how": "text",
        "by_when": timezone.localdate().isoformat(),
        "later_because": "",
        "other_view": "",
        **given,
    }


# -- the agenda and the seats


def test_the_agenda_goes_in_its_own_order(jo):
    for name, kind in [("Ann", "good_news"), ("Ben", "new"), ("Cat", "today"), ("Dee", "quiet"), ("Eve", "back")]:
        HuddleItem.objects.filter(case__person=make_person(name=name)).update(kind=kind)
    page = huddle(viewer=jo.user, now=NOW)
    assert [row.name for group in page.groups for row in group.rows] == ["Cat", "Eve", "Ben", "Dee", "Ann"]
    assert page.waiting == 5


def test_those_who_came_at_the_same_moment_keep_their_places(jo):
    """Else a row that was written again, for a reason that is hidden from the reader, would be told by them."""
    for name in ("Ann", "Ben", "Cat", "Dee"):
        HuddleItem.objects.filter(case__person=make_person(name=name)).update(put_on_at=NOW)

    def names():
        return [row.name for group in huddle(viewer=jo.user, now=NOW).groups for row in group.rows]

    before = names()
    for name in (before[0], before[2]):  # the database puts what is written again at the end
        HuddleItem.objects.filter(case__person__name_used=name).update(why="something")
        record(Case.objects.get(person__name_used=name), by=jo.user, why="", now=NOW)
    for way in ("nestloop", "hashjoin", "mergejoin", "seqscan"):  # and finds them in whatever way it thinks best
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        assert names() == before, way


def test_the_huddle_begins_today_with_everybody_who_waits_for_any(jo, ali):
    person = make_person(name="Sam", now=NOW)  # after nine: for tomorrow's
    assert item_of(person).huddle.on == NOW.date() + timedelta(days=1)
    held = take_seat(team_id=jo.team_id, by=jo.user, now=NOW, present={"secondary": [jo.pk]})
    assert (held.on, held.chair) == (NOW.date(), jo)
    assert item_of(person).huddle == held
    page = huddle(viewer=ali.user, now=NOW)
    assert page.held
    here = {seats.sector: [member.name for member in seats.here] for seats in page.seats}
    assert here == {"peer": [], "voluntary": [], "primary": [], "secondary": ["Jo Bevan"], "council": []}


def test_the_page_begins_changes_and_ends_it(signed_in, jo, ali):
    arrive()
    before = signed_in.get(reverse("huddle")).content.decode()
    assert "Begin" in before
    assert "Jo Bevan" in before
    signed_in.post(reverse("huddle_seats"), {"peer": [str(ali.pk)], "secondary": [str(jo.pk)]})
    during = signed_in.get(reverse("huddle")).content.decode()
    assert "Chair: Jo Bevan" in during
    assert "Not here today: ask after" in during
    signed_in.post(reverse("huddle_seats"), {"secondary": [str(jo.pk)]})
    assert signed_in.get(reverse("huddle_seats")).status_code == 200
    ended = signed_in.post(reverse("huddle_end"), follow=True).content.decode()
    assert "Who is left comes first in the next one" in ended
    assert Huddle.objects.get(ended_at__isnull=False).seats.filter(member=None).count() == 4
    assert item_of(Case.objects.get().person).huddle.ended_at is None


def test_one_that_nobody_ended_is_over_the_next_day(jo):
    take_seat(team_id=jo.team_id, by=jo.user, now=NOW, present={})
    assert not huddle(viewer=jo.user, now=NOW + timedelta(days=1)).held
    take_seat(team_id=jo.team_id, by=jo.user, now=NOW + timedelta(days=1), present={})
    assert Huddle.objects.filter(began_at__isnull=False, ended_at=None).count() == 1


def test_one_that_ended_can_go_on(jo):
    take_seat(team_id=jo.team_id, by=jo.user, now=NOW, present={})
    end_huddle(team_id=jo.team_id, by=jo.user, now=NOW)
    take_seat(team_id=jo.team_id, by=jo.user, now=NOW, present={})
    assert huddle(viewer=jo.user, now=NOW).held


@pytest.mark.parametrize("junk", ["x", "edd8aeb2-512c-4f19-910f-51f6f3339ab9", ""])
def test_a_seat_is_for_members_alone(signed_in, junk):
    assert signed_in.post(reverse("huddle_seats"), {"secondary": [junk]}).status_code == 422
    assert not Huddle.objects.filter(began_at__isnull=False).exists()


def test_only_members_hold_a_huddle(client: Client):
    person = make_person()
    client.force_login(person.user)
    for name in ["huddle", "huddle_seats"]:
        assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse("huddle_end")).status_code == 404
    with pytest.raises(NotAMember):
        huddle(viewer=person.user, now=NOW)


def test_thirty_people_take_as_many_questions_as_three(jo):
    def ask():
        with CaptureQueriesContext(connection) as asked:
            huddle(viewer=jo.user, now=NOW)
        return len(asked)

    for n in range(3):
        make_person(name=f"Sam {n}")
    few = ask()
    for n in range(27):
        make_person(name=f"Sam {n}")
    assert ask() == few <= 20


# -- what the room sees


def test_the_room_hears_their_words_and_nothing_that_is_kept_apart(signed_in, jo):
    sam = arrive(
        name="Sam Okafor",
        avoid=SECRET,
        shut_sectors=("council",),
    )
    walk(sam, jo)
    card = huddle_item(item_id=item_of(sam).pk, viewer=jo.user, now=timezone.now())
    assert (card.name, card.opening) == ("Sam O", "Not right since spring.")
    assert card.topics == ("My mood or my thoughts", "Somewhere to live")
    assert card.helps == ("My dog Biscuit",)
    assert card.not_seen_by == ("The council",)
    page = signed_in.get(reverse("huddle_item", args=[item_of(sam).pk])).content.decode()
    assert not any(hidden in page for hidden in ["07700", SECRET, "Okafor"])


def test_what_only_the_main_person_may_see_is_not_on_the_rooms_screen(signed_in, jo):
    sam = arrive()
    walk(sam, jo)
    set_circle(plan_id=sam.plan.pk, section="now", circle="named", by=sam.user, now=timezone.now())
    set_circle(plan_id=sam.plan.pk, section="helps", circle="walking", by=sam.user, now=timezone.now())
    page = signed_in.get(reverse("huddle_item", args=[item_of(sam).pk])).content.decode()
    assert "Not right since spring." not in page
    assert "Biscuit" not in page


def test_a_word_for_the_whole_team_in_a_part_that_was_closed_since_is_not_on_the_rooms_screen(jo):
    """Its own circle only ever narrows; the main person reads it on the plan, and the room does not."""
    sam = arrive()
    walk(sam, jo)
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": timezone.now()}
    for section, field in (("helps", "helps"), ("talk", "needs")):
        add_entry(section=section, field=field, words=SECRET, circle="team", **given)
        set_circle(section=section, circle="named", **given)
    assert SECRET in repr(plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=timezone.now()))
    assert SECRET not in repr(huddle_item(item_id=item_of(sam).pk, viewer=jo.user, now=timezone.now()))
    assert SECRET not in repr(huddle(viewer=jo.user, now=timezone.now()))


@pytest.mark.parametrize("whom", ["sector", "organisation", "name"])
def test_a_part_out_of_which_somebody_is_shut_is_not_on_a_screen_that_they_may_see(jo, ali, whom):
    sam = arrive()
    walk(sam, ali)
    out = {
        "sector": {"sector": "peer"},
        "organisation": {"organisation_id": ali.organisation_id},
        "name": {"user_id": ali.user_id},
    }
    card = huddle_item(item_id=item_of(sam).pk, viewer=jo.user, now=timezone.now())
    assert card.helps == ("My dog Biscuit",)
    shut_out(plan_id=sam.plan.pk, section="helps", by=sam.user, now=timezone.now(), **out[whom])
    card = huddle_item(item_id=item_of(sam).pk, viewer=jo.user, now=timezone.now())
    assert card.helps == ()
    assert "Biscuit" in repr(plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=timezone.now()))


def test_the_room_hears_what_was_picked_but_never_of_safety_nor_what_few_see_to_begin_with(jo):
    sam = make_person(name="Sam", topics=("safe", "drink", "past", "home"))
    assert huddle_item(item_id=item_of(sam).pk, viewer=jo.user, now=NOW).topics == ("Somewhere to live",)
    set_circle(plan_id=sam.plan.pk, section="change", circle="walking", by=sam.user, now=NOW)
    assert huddle_item(item_id=item_of(sam).pk, viewer=jo.user, now=NOW).topics == ()


def test_words_that_are_read_in_private_stay_off_the_screen_when_they_then_ask_for_today(jo):
    sam = arrive()
    case = Case.objects.get()
    case.at_huddle = Case.AtHuddle.PRIVATE
    record(case, by=sam.user, why="", now=timezone.now())
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": timezone.now()}
    step_out(**given)
    come_back(words=SECRET, **given)
    assert SECRET not in repr(huddle_item(item_id=item_of(sam).pk, viewer=jo.user, now=timezone.now()))
    talk_soon(pace="today", **given)
    assert item_of(sam).kind == "today"
    assert SECRET not in repr(huddle_item(item_id=item_of(sam).pk, viewer=jo.user, now=timezone.now()))


@pytest.mark.parametrize(
    ("name", "short"), [("", "Somebody"), ("DJ", "DJ"), ("Sam Okafor", "Sam O"), ("Mrs Okafor", "Mrs Okafor")]
)
def test_a_name_in_the_room_is_short(name, short):
    assert room_name(name) == short


def test_whoever_is_shut_out_does_not_see_them_on_the_agenda(signed_in, jo, ali):
    sam = arrive()
    shut_out(plan_id=sam.plan.pk, sector=Sector.SECONDARY, by=sam.user, now=timezone.now())
    assert "Sam" not in signed_in.get(reverse("huddle")).content.decode()
    assert signed_in.get(reverse("huddle_item", args=[item_of(sam).pk])).status_code == 404
    assert huddle(viewer=ali.user, now=timezone.now()).waiting == 1


def test_a_card_is_not_there_for_another_team_or_the_person(client: Client):
    sam = arrive()
    other = make_member(name="Nia", team=make_team(name="Northmoor team", is_front_door=False))
    for user in [other.user, sam.user]:
        client.force_login(user)
        assert client.get(reverse("huddle_item", args=[item_of(sam).pk])).status_code == 404
    assert client.get(reverse("huddle_item", args=[uuid.uuid4()])).status_code == 404


# -- hear, voices, decide


def test_each_part_leads_to_the_next(signed_in, jo):
    sam = arrive()
    take_seat(team_id=jo.team_id, by=jo.user, now=timezone.now(), present={"secondary": [jo.pk]})
    item = item_of(sam)
    url = reverse("huddle_item", args=[item.pk])
    first = signed_in.get(url)
    assert first.context["next"] == "hear"
    signed_in.post(url, {"part": "hear", "strong": "He wrote to us.", "not_known": "Where he sleeps."})
    assert signed_in.get(url).context["next"] == "voices"
    signed_in.post(
        url,
        {
            "part": "voices",
            "secondary": "spoke",
            "secondary_words": "",
            "peer_words": "Tea first",
            "council": "ask_after",
        },
    )
    assert signed_in.get(url).context["next"] == "decide"
    said = {voice.sector: (voice.state, voice.words) for voice in Voice.objects.all()}
    assert said == {"secondary": ("spoke", ""), "peer": ("typed", "Tea first"), "council": ("ask_after", "")}
    item.refresh_from_db()
    assert (item.strong, item.not_known) == ("He wrote to us.", "Where he sleeps.")


def test_a_sector_that_is_not_here_is_to_be_asked_after(jo):
    sam = arrive()
    take_seat(team_id=jo.team_id, by=jo.user, now=timezone.now(), present={"secondary": [jo.pk]})
    card = huddle_item(item_id=item_of(sam).pk, viewer=jo.user, now=timezone.now())
    assert {voice.sector: voice.state for voice in card.voices}["peer"] == "ask_after"
    assert {voice.sector: voice.state for voice in card.voices}["secondary"] == ""


def test_what_is_saved_is_what_they_get(signed_in, jo, ali):
    sam = arrive()
    item = item_of(sam)
    url = reverse("huddle_item", args=[item.pk])
    answer = signed_in.post(
        url, the_decision(ali, other_view="One of us thought of the choir.", stand_in=str(jo.pk)), follow=True
    )
    page = answer.content.decode()
    for words in [
        "A cup of tea",
        "You said mornings are hard",
        "the choir",
        "Ali says hello by",
        "If Ali is away, Jo",
    ]:
        assert words in page
    assert Walk.objects.get(main=True).member == ali
    assert Message.objects.filter(key=f"decided:{item.pk}").exists()
    assert "Decided today" in signed_in.get(reverse("huddle")).content.decode()
    assert signed_in.get(url).status_code == 200


def test_the_note_is_for_the_team_on_the_day_and_for_those_who_walk_with_them_after(jo, ali):
    sam = arrive(now=NOW)
    item = item_of(sam)
    decide(
        item_id=item.pk,
        decision="hello",
        we_heard="",
        first_step="Tea",
        because="You asked",
        who=ali.pk,
        by_when=NOW.date(),
        by=jo.user,
        now=NOW,
    )
    assert huddle_item(item_id=item.pk, viewer=jo.user, now=NOW).note.first_step == "Tea"
    later = NOW + timedelta(days=1)
    assert huddle_item(item_id=item.pk, viewer=ali.user, now=later).note
    with pytest.raises(NotKnown):
        huddle_item(item_id=item.pk, viewer=jo.user, now=later)


def test_what_is_missing_is_said_at_the_top_and_at_the_field_and_nothing_is_lost(signed_in, ali):
    sam = arrive()
    url = reverse("huddle_item", args=[item_of(sam).pk])
    answer = signed_in.post(url, the_decision(ali, because="", who="", by_when="", decision=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in [
        "Say why in one line. They will see it.",
        "Pick who will say hello.",
        "Pick the day by which they hear from us.",
        "Pick what the team decided.",
    ]:
        assert page.count(sentence) == 2
    assert "A cup of tea" in page
    assert not HuddleItem.objects.filter(decided_at__isnull=False).exists()


def test_a_later_day_than_we_promised_needs_its_reason(signed_in, ali):
    sam = arrive()
    url = reverse("huddle_item", args=[item_of(sam).pk])
    later = (timezone.localdate() + timedelta(days=20)).isoformat()
    answer = signed_in.post(url, the_decision(ali, by_when=later))
    assert answer.status_code == 422
    assert "This is later than we promised." in answer.content.decode()
    signed_in.post(url, the_decision(ali, by_when=later, later_because="Ali is away until then."))
    assert HuddleItem.objects.get().because == "You said mornings are hard\nAli is away until then."


@pytest.mark.parametrize(
    "given",
    [
        {"decision": "reject"},
        {"decision": "waitlist"},
        {"who": str(uuid.uuid4())},
        {"who": "x"},
        {"how": "pigeon"},
        {"by_when": "soon"},
        {"by_when": "2020-01-01"},
        {"first_step": "   "},
        {"because": "x" * 5_001},
    ],
)
def test_what_cannot_be_decided_is_asked_again(signed_in, ali, given):
    sam = arrive()
    answer = signed_in.post(reverse("huddle_item", args=[item_of(sam).pk]), the_decision(ali, **given))
    assert answer.status_code == 422
    assert item_of(sam).decided_at is None


def test_no_kind_of_decision_means_no():
    assert set(MEANINGS) == set(HuddleItem.Decision)
    for word in ["reject", "refuse", "not eligible", "waiting list", "inappropriate"]:
        assert not any(word in str(meaning).lower() for meaning in MEANINGS.values())


def test_an_unkind_word_is_asked_about_once(signed_in, ali):
    sam = arrive()
    url = reverse("huddle_item", args=[item_of(sam).pk])
    asked = signed_in.post(url, the_decision(ali, because="You disengaged"))
    assert asked.status_code == 422
    assert "Would Sam say it this way?" in asked.content.decode()
    signed_in.post(url, the_decision(ali, because="You disengaged", keep="1"))
    assert HuddleItem.objects.get().decided_at


def test_the_second_laptop_sees_what_was_decided_and_keeps_what_it_typed(signed_in, jo, ali):
    sam = arrive()
    item = item_of(sam)
    url = reverse("huddle_item", args=[item.pk])
    signed_in.post(url, the_decision(ali))
    answer = signed_in.post(url, the_decision(jo, first_step="A walk by the sea"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The team has decided this already" in page
    assert "A cup of tea" in page
    assert "A walk by the sea" in page
    item.refresh_from_db()
    assert item.first_step == "A cup of tea"
    walk(sam, jo, main=False, now=timezone.now())
    with pytest.raises(NotAllowed):
        decide(
            item_id=item.pk, decision="hello", we_heard="", first_step="x", because="x", by=jo.user, now=timezone.now()
        )


def test_somebody_they_would_rather_not_be_seen_by_does_not_say_hello(signed_in, jo, ali):
    sam = arrive()
    shut_out(plan_id=sam.plan.pk, sector=Sector.PEER, by=sam.user, now=timezone.now())
    url = reverse("huddle_item", args=[item_of(sam).pk])
    assert "Ali Rahman" not in signed_in.get(url).content.decode()
    assert signed_in.post(url, the_decision(ali)).status_code == 422
    with pytest.raises(NotDecided) as missing:
        decide(
            item_id=item_of(sam).pk,
            decision="hello",
            we_heard="",
            first_step="Tea",
            because="You asked",
            who=ali.pk,
            by_when=timezone.localdate(),
            by=jo.user,
            now=timezone.now(),
        )
    assert set(missing.value.missing) == {"who"}


@pytest.mark.parametrize("part", ["", "nothing", "hear\x00"])
def test_a_part_that_is_none_shows_the_card(signed_in, part):
    sam = arrive()
    assert signed_in.post(reverse("huddle_item", args=[item_of(sam).pk]), {"part": part}).status_code in {200, 400}


# -- those from whom we have not heard


def quiet_for(person, member, *, tries):
    """They met, went quiet, and we tried on as many days."""
    walk(person, member, now=NOW)
    keep_contact(plan_id=person.plan.pk, at=NOW, way="call", went="both", by=member.user, now=NOW)
    HuddleItem.objects.filter(case__person=person).delete()
    notice_quiet(now=NOW + timedelta(days=9))
    last = NOW + timedelta(days=9)
    for n in range(tries):
        last = NOW + timedelta(days=9 + n)
        keep_contact(plan_id=person.plan.pk, at=last, way="text", went="no_answer", by=member.user, now=last)
    return last + timedelta(days=7)  # by now the step at which the whole team talks is due


def test_after_four_tries_anybody_may_put_them_on_the_agenda(jo, ali, client: Client):
    sam = make_person(name="Sam")
    later = quiet_for(sam, jo, tries=4)
    assert [row.name for row in huddle(viewer=ali.user, now=later).unheard] == ["Sam"]
    item = ask_the_team(plan_id=sam.plan.pk, by=ali.user, now=later)
    assert item.kind == "quiet"
    assert huddle(viewer=ali.user, now=later).unheard == ()
    client.force_login(ali.user)
    assert client.post(reverse("huddle_ask", args=[sam.plan.pk])).status_code == 303
    assert HuddleItem.objects.count() == 1


def test_once_talked_about_they_wait_for_the_next_try(jo, ali):
    sam = make_person(name="Sam")
    later = quiet_for(sam, jo, tries=4)
    assert huddle(viewer=ali.user, now=later).unheard
    item = ask_the_team(plan_id=sam.plan.pk, by=ali.user, now=later)
    decide(
        item_id=item.pk,
        decision="hello",
        we_heard="",
        first_step="Two of us go and look",
        because="We miss you",
        who=jo.pk,
        by_when=later.date() + timedelta(days=3),
        by=ali.user,
        now=later,
    )
    assert huddle(viewer=ali.user, now=later).unheard == ()


def test_a_wish_to_look_at_a_plan_puts_nobody_on_the_agenda(jo, ali):
    sam = make_person(name="Sam")
    later = quiet_for(sam, jo, tries=3)
    assert huddle(viewer=ali.user, now=later).unheard == ()
    with pytest.raises(NotKnown):
        ask_the_team(plan_id=sam.plan.pk, by=ali.user, now=later)
    with pytest.raises(NotKnown):
        ask_the_team(plan_id=uuid.uuid4(), by=ali.user, now=later)


def test_whoever_is_shut_out_cannot_ask_either(jo, ali):
    sam = make_person(name="Sam")
    later = quiet_for(sam, jo, tries=4)
    assert huddle(viewer=ali.user, now=later).unheard
    shut_out(plan_id=sam.plan.pk, sector=Sector.PEER, by=sam.user, now=later)
    assert huddle(viewer=ali.user, now=later).unheard == ()
    with pytest.raises(NotKnown):
        ask_the_team(plan_id=sam.plan.pk, by=ali.user, now=later)
