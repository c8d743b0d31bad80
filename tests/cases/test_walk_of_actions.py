"""One person's whole way: in, decided, in touch, quiet, found, out, and back."""

from datetime import timedelta

import pytest

from cases.actions import (
    Arrival,
    NotDecided,
    WayToReach,
    add_entry,
    agree_rhythm,
    answer_entry,
    change_words,
    claim_due,
    come_back,
    decide,
    end_huddle,
    hear,
    keep_contact,
    leave_me_be,
    mark_sent,
    notice_quiet,
    set_circle,
    shut_out,
    speak,
    step_out,
    take_seat,
    talk_soon,
    welcome,
)
from cases.models import Case, Contact, HuddleItem, ReachingOut, Walk
from cases.permissions import NotAllowed, NotKnown, standing
from cases.queries.history import history
from cases.queries.me import my_page
from teams.models import Message, Sector
from tests.factories import NOW, make_member, make_team, walk

pytestmark = pytest.mark.django_db
HOURS = range(9, 19)


def arrive(**more):
    make_team()
    return welcome(
        arrival=Arrival(
            name="Sam",
            pace="days",
            topics=("home",),
            told=(("know", "Not right since spring."),),
            entries=(("now", "words", "Not right since spring.", ""),),
            ways=(WayToReach(kind="text", to="07700 900123", others="no"),),
            **more,
        ),
        by=None,
        now=NOW,
    )


def test_the_whole_way_from_the_door_out_and_back():
    jo = make_member(name="Jo Bevan")
    ali = make_member(name="Ali Rahman", sector=Sector.PEER, role="peer worker")
    person = arrive()
    sam, plan_id = person.user, person.plan.pk
    item = HuddleItem.objects.get()
    assert Message.objects.get().key.startswith("thanks:")

    take_seat(team_id=jo.team_id, by=jo.user, now=NOW + timedelta(hours=1), present={"secondary": [jo.pk]})
    hear(item_id=item.pk, strong="He wrote to us.", not_known="", by=jo.user, now=NOW + timedelta(hours=1))
    speak(item_id=item.pk, sector="secondary", state="spoke", by=jo.user, now=NOW + timedelta(hours=1))
    with pytest.raises(NotDecided):
        decide(
            item_id=item.pk,
            decision="together",
            we_heard="",
            first_step="",
            because="",
            by=jo.user,
            now=NOW + timedelta(hours=1),
        )
    decide(
        item_id=item.pk,
        decision="two",
        we_heard="You are not sleeping.",
        first_step="A cup of tea",
        because="You asked for company.",
        by=jo.user,
        now=NOW + timedelta(hours=1),
        who=jo.pk,
        stand_in=ali.pk,
        how="text",
        by_when=NOW.date() + timedelta(days=2),
    )
    end_huddle(team_id=jo.team_id, by=jo.user, now=NOW + timedelta(hours=2))
    assert my_page(viewer=sam, now=NOW + timedelta(hours=3)).next_words == "Jo will text you by Thursday."

    day2 = NOW + timedelta(days=1)
    talk = keep_contact(plan_id=plan_id, at=day2, way="text", went="both", by=jo.user, now=day2, words="Said hello.")
    item.refresh_from_db()
    assert item.kept_at == day2
    agree_rhythm(plan_id=plan_id, days=14, by=jo.user, now=day2)
    entry = add_entry(
        plan_id=plan_id, section="now", field="words", words="You sound flat.", by=jo.user, now=day2, why="To look."
    )
    answer_entry(
        plan_id=plan_id,
        entry_id=entry.pk,
        answer="other_view",
        version=1,
        other_view="Not flat. Tired.",
        by=sam,
        now=day2,
    )
    change_words(plan_id=plan_id, entry_id=entry.pk, words="You sound tired.", version=2, by=jo.user, now=day2)
    set_circle(plan_id=plan_id, section="now", circle="walking", by=sam, now=day2)
    shut_out(plan_id=plan_id, section="now", sector="peer", by=sam, now=day2)
    assert standing(ali.user, plan_id, day2).level("now") == 0
    assert [m.state for m in claim_due(now=day2, hours=HOURS)] == ["claimed", "claimed"]
    for message in Message.objects.all():
        mark_sent(message_id=message.pk, now=day2)

    quiet_day = day2 + timedelta(days=16)
    assert notice_quiet(now=quiet_day) == 1
    assert notice_quiet(now=quiet_day) == 0
    keep_contact(plan_id=plan_id, at=quiet_day, way="call", went="no_answer", by=ali.user, now=quiet_day)
    assert ReachingOut.objects.get().found_at is None
    found = quiet_day + timedelta(days=2)
    keep_contact(plan_id=plan_id, at=found, way="drop_in", went="both", from_them=True, by=ali.user, now=found)
    assert ReachingOut.objects.get().found_at == found

    talk_soon(plan_id=plan_id, pace="today", by=sam, now=found)
    leave_me_be(plan_id=plan_id, until=found.date() + timedelta(days=30), by=sam, now=found)
    with pytest.raises(NotAllowed):
        step_out(plan_id=plan_id, by=jo.user, now=found)
    case = step_out(plan_id=plan_id, by=jo.user, now=found, said_in=talk.pk, words="Enough for now.")
    assert (case.state, case.ended_how) == (Case.State.OPEN_DOOR, "told")
    assert not Walk.objects.filter(ended_at=None)
    with pytest.raises(NotKnown):
        standing(jo.user, plan_id, found)

    later = found + timedelta(days=60)
    case = come_back(plan_id=plan_id, by=sam, now=later, words="It's me again.")
    assert case.came_back_from.state == Case.State.OPEN_DOOR
    assert {w.member for w in case.walks.all()} == {jo, ali}
    assert HuddleItem.objects.get(decided_at=None).kind == "back"
    assert Contact.objects.count() == 5
    seen = history(plan_id=plan_id, viewer=sam, now=later)
    assert {"came in", "came back", "added", "answered", "changed"} <= {change.what for change in seen}
    assert my_page(viewer=sam, now=later).main.name == "Jo Bevan"


def test_a_member_who_was_let_in_by_the_huddle_walks_and_one_who_was_not_does_not():
    jo = make_member()
    person = arrive()
    walk(person, jo)
    assert standing(jo.user, person.plan.pk, NOW).walker.main
