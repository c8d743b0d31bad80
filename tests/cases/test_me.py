"""What the person sees first: what happens next, with a name and a day, and a broken promise said as ours."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import actions
from cases.models import Case, HuddleItem
from cases.queries.me import my_page
from teams.permissions import NotKnown
from tests.factories import NOW, make_member, make_person, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return make_person(name="Sam", pace="week", told=(("know", "Hello"),))


@pytest.fixture
def jo(sam):
    return make_member(name="Jo Bevan")


def decided(person, member, **more):
    item = HuddleItem.objects.get(case__person=person, decided_at=None)
    given = {
        "decision": "hello",
        "we_heard": "You cannot sleep.",
        "first_step": "Jo will text you, no forms.",
        "because": "You asked for a text.",
        "who": member.pk,
        "how": "text",
        "by_when": timezone.localdate(NOW) + timedelta(days=2),
    }
    return actions.decide(item_id=item.pk, by=member.user, now=NOW, **(given | more))


def test_before_the_team_has_met_it_says_by_when_somebody_says_hello(sam):
    assert my_page(viewer=sam.user, now=NOW).next_words == "Somebody from the team will say hello by Tuesday 17 March."


def test_after_the_huddle_it_says_who_how_and_by_when_and_shows_the_very_sentence_that_was_saved(sam, jo):
    decided(sam, jo)
    page = my_page(viewer=sam.user, now=NOW)
    assert page.next_words == "Jo will text you by Thursday."
    assert my_page(viewer=sam.user, now=NOW + timedelta(days=2)).next_words == "Jo will text you today."
    assert page.note is not None
    assert (page.note.first_step, page.note.because) == ("Jo will text you, no forms.", "You asked for a text.")


def test_a_promise_that_was_missed_is_said_as_ours(sam, jo):
    decided(sam, jo)
    page = my_page(viewer=sam.user, now=NOW + timedelta(days=4))
    assert page.missed_words.startswith("We said Thursday 12 March. We missed it.")


def test_a_promise_that_was_kept_is_not_shown_as_missed(sam, jo):
    decided(sam, jo)
    actions.keep_contact(
        plan_id=sam.plan.pk, at=NOW, way="text", went="both", by=jo.user, now=NOW + timedelta(minutes=5)
    )
    page = my_page(viewer=sam.user, now=NOW + timedelta(days=4))
    assert page.missed_words == ""
    assert page.next_words == "Jo walks with you. You can ask to talk at any time."


def test_ok_just_quiet_moves_the_moment_from_which_silence_is_late(sam, jo):
    decided(sam, jo)
    until = timezone.localdate(NOW) + timedelta(days=60)
    actions.leave_me_be(plan_id=sam.plan.pk, until=until, by=sam.user, now=NOW)
    assert Case.objects.get(person=sam).quiet_at.date() == until + timedelta(days=1)
    assert my_page(viewer=sam.user, now=NOW).leave_until == until


def test_wanting_to_talk_today_lifts_somebody_to_the_top_of_the_next_huddle(sam, jo):
    decided(sam, jo)
    actions.talk_soon(plan_id=sam.plan.pk, pace="today", by=sam.user, now=NOW)
    assert HuddleItem.objects.get(case__person=sam, decided_at=None).kind == "today"


def test_a_member_has_no_page_of_this_kind(jo):
    with pytest.raises(NotKnown):
        my_page(viewer=jo.user, now=NOW)


def test_other_words_wait_on_the_first_page_until_they_are_answered_and_it_shows_no_word_of_the_plan(client, sam, jo):
    decided(sam, jo)
    place = {"plan_id": sam.plan.pk, "now": NOW}
    entry = actions.add_entry(**place, section="helps", field="helps", words="The choir", by=sam.user)
    actions.add_entry(**place, section="helps", field="helps", words="A walk at noon", by=jo.user)
    one = actions.suggest_words(**place, entry_id=entry.pk, words="The Tuesday choir", by=jo.user)
    client.force_login(sam.user)
    page = client.get("/me/").content.decode()
    address = f"/plans/{sam.plan.pk}/entries/{entry.pk}/suggested/{one.pk}/"
    assert address in page
    assert "Jo Bevan suggests other words" in page
    assert not [words for words in ("choir", "A walk at noon") if words in page]
    assert "added: What helps me" in " ".join(page.split())
    assert client.post(address, {"answer": "declined", "version": "1"}).status_code == 303
    assert address not in client.get("/me/").content.decode()


def test_when_the_main_person_is_kept_away_it_says_who_else_walks_with_them(sam, jo):
    ali = make_member(name="Ali Rahman", sector="peer")
    decided(sam, jo)
    walk(sam, ali, main=False)
    actions.keep_contact(plan_id=sam.plan.pk, at=NOW, way="text", went="both", by=jo.user, now=NOW)
    assert my_page(viewer=sam.user, now=NOW).next_words.startswith("Jo walks with you.")
    away = {"plan_id": sam.plan.pk, "by": sam.user, "now": NOW}
    actions.shut_out(user_id=jo.user_id, **away)
    assert my_page(viewer=sam.user, now=NOW).next_words.startswith("Ali walks with you.")
    actions.shut_out(user_id=ali.user_id, **away)
    assert my_page(viewer=sam.user, now=NOW).next_words.startswith("We have your words.")
