"""The history a person can read: what, from what to what, who, for whom, when and why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions, sections
from cases.forms.person.entries import AnswerForm
from cases.permissions import standing
from cases.queries.history import PAGE, history, history_page
from tests.factories import NOW, make_member, make_person, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return make_person(name="Sam", told=(("know", "Hello"),))


@pytest.fixture
def jo(sam):
    member = make_member(name="Jo Bevan")
    walk(sam, member)
    return member


def of(person, viewer, **more):
    return history(plan_id=person.plan.pk, viewer=viewer, now=NOW, **more)


def test_a_change_says_who_for_whom_when_why_and_both_texts(sam, jo):
    entry = actions.add_entry(
        plan_id=sam.plan.pk, section="helps", field="helps", words="The choir", by=jo.user, now=NOW
    )
    later = NOW + timedelta(days=3)
    actions.change_words(
        plan_id=sam.plan.pk,
        entry_id=entry.pk,
        words="The Tuesday choir",
        version=1,
        by=jo.user,
        now=later,
        why="You told me the day",
    )
    newest = of(sam, sam.user)[0]
    assert (newest.who, newest.organisation, newest.at) == ("Jo Bevan", jo.organisation.name, later)
    assert (newest.old, newest.new, newest.why) == ("The choir", "The Tuesday choir", "You told me the day")


def test_what_was_written_down_later_says_both_when_it_happened_and_when_it_was_written_down(client, sam, jo):
    at_once, evening = NOW + timedelta(minutes=5), NOW + timedelta(hours=6)
    place = {"plan_id": sam.plan.pk, "at": NOW, "way": "call", "went": "both", "by": jo.user}
    actions.keep_contact(**place, words="Written at once", now=at_once)
    actions.keep_contact(**place, words="Written that evening", now=evening)
    told = {change.new: (change.at, change.written_at) for change in of(sam, sam.user)}
    assert told["Written at once"] == (NOW, None)
    assert told["Written that evening"] == (NOW, evening)
    client.force_login(sam.user)
    page = client.get(f"/plans/{sam.plan.pk}/history/").content.decode()
    assert page.count("Written down ") == 1


def test_the_newest_comes_first_and_everything_that_happened_is_there(sam, jo):
    actions.keep_contact(
        plan_id=sam.plan.pk, at=NOW, way="call", went="both", words="We laughed.", by=jo.user, now=NOW
    )
    actions.step_out(plan_id=sam.plan.pk, by=sam.user, now=NOW + timedelta(days=1), words="Thank you")
    actions.come_back(plan_id=sam.plan.pk, by=sam.user, now=NOW + timedelta(days=2))
    changes = of(sam, sam.user)
    assert [change.at for change in changes] == sorted((change.at for change in changes), reverse=True)
    told = " / ".join(f"{change.what} {change.new}".strip() for change in changes)
    for part in ("came back", "stepped out Thank you", "Call We laughed.", "came in"):
        assert part in told


def test_it_can_be_read_by_part_and_without_ones_own_changes(sam, jo):
    actions.add_entry(plan_id=sam.plan.pk, section="now", field="words", words="mine", by=sam.user, now=NOW)
    actions.add_entry(plan_id=sam.plan.pk, section="helps", field="helps", words="Jo's", by=jo.user, now=NOW)
    assert {change.section for change in of(sam, sam.user, section="helps")} == {"helps"}
    assert "mine" not in repr(of(sam, sam.user, others_only=True))


def test_what_was_taken_out_stays_in_the_persons_history_and_leaves_everybody_elses(sam, jo):
    entry = actions.add_entry(
        plan_id=sam.plan.pk, section="now", field="words", words="taken back", by=sam.user, now=NOW
    )
    assert "taken back" in repr(of(sam, jo.user))
    actions.take_out(plan_id=sam.plan.pk, entry_id=entry.pk, by=sam.user, now=NOW)
    assert "taken back" in repr(of(sam, sam.user))
    assert "taken back" not in repr(of(sam, jo.user))


def test_what_the_person_takes_out_of_what_a_member_wrote_stays_in_that_members_history_and_in_no_other(
    sam, jo, client
):
    ali = make_member(name="Ali Rahman", sector="peer")
    walk(sam, ali, main=False)
    given = {"plan_id": sam.plan.pk, "now": NOW}
    entry = actions.add_entry(section="helps", field="helps", words="a walk each day", by=jo.user, **given)
    later = {"plan_id": sam.plan.pk, "by": sam.user, "now": NOW + timedelta(minutes=1)}
    actions.answer_entry(entry_id=entry.pk, answer="out", version=1, **later)
    assert [(change.what, change.old or change.new) for change in of(sam, jo.user, section="helps")] == [
        ("took out", "a walk each day"),
        ("added", "a walk each day"),
    ]
    assert "a walk each day" not in repr(of(sam, ali.user))
    assert "only you and whoever wrote it" in AnswerForm().as_div()
    client.force_login(jo.user)
    assert "a walk each day" not in client.get(f"/plans/{sam.plan.pk}/").content.decode()
    page = client.get(f"/plans/{sam.plan.pk}/history/").content.decode()
    assert page.count("a walk each day") == 2
    assert "Put these words back" not in page
    actions.shut_out(plan_id=sam.plan.pk, section="helps", user_id=jo.user_id, by=sam.user, now=NOW)
    assert "a walk each day" not in repr(of(sam, jo.user))


def test_an_answer_reads_as_an_answer(sam, jo):
    entry = actions.add_entry(plan_id=sam.plan.pk, section="now", field="words", words="Tired.", by=jo.user, now=NOW)
    actions.answer_entry(
        plan_id=sam.plan.pk, entry_id=entry.pk, answer="yes", version=1, by=sam.user, now=NOW + timedelta(minutes=1)
    )
    newest = of(sam, jo.user)[0]
    assert (newest.what, newest.new, newest.theirs) == ("answered", "agrees", True)


def test_what_is_done_beside_the_words_says_beside_which_and_not_on_the_first_page(client, sam, jo):
    place = {"plan_id": sam.plan.pk}
    later = NOW + timedelta(minutes=1)
    told = [
        ("change", "goal", "See my son\nmore often"),
        ("change", "goal", "Sleep"),
        ("steps", "step", "Ring the bank"),
    ]
    son, _sleep, bank = (
        actions.add_entry(section=section, field=field, words=words, by=sam.user, now=NOW, **place)
        for section, field, words in told
    )
    actions.rate(value=7, entry_id=son.pk, by=sam.user, now=later, **place)
    actions.change_progress(entry_id=bank.pk, progress="done", by=jo.user, now=later, **place)
    given = {"entry_id": son.pk, "words": "See him each week", "by": jo.user, "now": later}
    suggestion = actions.suggest_words(**given, **place)
    actions.answer_suggestion(
        suggestion_id=suggestion.pk,
        answer="accepted",
        version=1,
        by=sam.user,
        now=later + timedelta(minutes=1),
        **place,
    )
    about = {change.what: change.about for change in of(sam, jo.user)}
    assert about["gave it 7 of 10"] == "See him each week", "as it reads now"
    assert about["changed how it is going"] == "Ring the bank"
    for what in ("suggested other words for something", "answered what Jo Bevan suggested"):
        assert about[what] == "See my son\nmore often", "as it read then"
    assert about["added"] == about["changed"] == ""
    client.force_login(sam.user)
    page = client.get(f"/plans/{sam.plan.pk}/history/").content.decode()
    assert "changed how it is going: Next small steps, “<bdi>Ring the bank</bdi>”" in page
    first = client.get("/me/").content.decode()
    assert "changed how it is going: Next small steps" in first
    assert "Ring the bank" not in first


def test_a_contact_that_reached_somebody_is_said_by_its_way_and_another_says_how_it_went_too(sam, jo):
    kept = {"plan_id": sam.plan.pk, "at": NOW, "words": "", "by": jo.user, "now": NOW}
    for way, went in (("meeting", "both"), ("call", "left_message")):
        actions.keep_contact(way=way, went=went, **kept)
    told = {change.what for change in of(sam, sam.user)}
    assert {"We met", "Call. Left a message"} <= told


def pages_of(person, viewer, **more):
    number: int | None = 1
    while number:
        page = history_page(plan_id=person.plan.pk, viewer=viewer, now=NOW, number=str(number), **more)
        yield page.changes
        number = page.older


def test_pages_hold_every_change_once_and_what_is_hidden_leaves_no_gap(sam, jo):
    for number in range(70):  # all at the same moment, the hidden ones between the others
        for section in ("helps", "mine"):
            field = sections.BY_KEY[section].fields[0].key
            words = f"{section} {number}"
            actions.add_entry(plan_id=sam.plan.pk, section=section, field=field, words=words, by=sam.user, now=NOW)
    assert "mine 3" in repr(of(sam, sam.user))
    pages = list(pages_of(sam, jo.user))
    assert [len(page) for page in pages[:-1]] == [PAGE] * (len(pages) - 1)
    told = [change for page in pages for change in page]
    assert told == of(sam, jo.user)
    words = [change.new for change in told if change.section == "helps"]
    assert sorted(words) == sorted(f"helps {number}" for number in range(70))
    assert "mine" not in repr(told)
    assert history_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW, number="1" * 5_000).number == 1
    assert history_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW, number="9999999").number == len(pages)


def test_only_somebody_whose_changes_can_be_seen_can_be_picked(sam, jo):
    ruth = make_member(name="Ruth", sector="council")
    walk(sam, ruth, main=False)
    for member, section in ((jo, "helps"), (ruth, "notes")):
        field = sections.BY_KEY[section].fields[0].key
        actions.add_entry(plan_id=sam.plan.pk, section=section, field=field, words="w", by=member.user, now=NOW)
    given = {"plan_id": sam.plan.pk, "now": NOW}
    assert [name for _id, name in history_page(viewer=sam.user, **given).people] == ["Jo Bevan", "Ruth"]
    actions.set_circle(plan_id=sam.plan.pk, section="notes", circle="me", by=sam.user, now=NOW)
    actions.shut_out(plan_id=sam.plan.pk, section="people", user_id=jo.user.pk, by=sam.user, now=NOW)
    assert [name for _id, name in history_page(viewer=jo.user, **given).people] == ["Jo Bevan"]
    page = history_page(viewer=jo.user, who=str(ruth.user.pk), **given)
    assert "Ruth" not in repr(page)


def test_the_history_takes_the_same_queries_whatever_its_length(sam, jo):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            of(sam, jo.user, newest=50)
        return len(queries)

    before = asked()
    for number in range(60):
        actions.add_entry(
            plan_id=sam.plan.pk, section="helps", field="helps", words=f"thing {number}", by=jo.user, now=NOW
        )
    with CaptureQueriesContext(connection) as rights:
        standing(jo.user, sam.plan.pk, NOW)
    assert asked() == before == len(rights) + 1
