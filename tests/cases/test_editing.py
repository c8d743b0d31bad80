"""Beside the words: others that are suggested, agreement, numbers from 0 to 10, the order, earlier words, who is here."""

import re
from base64 import b64decode
from datetime import timedelta

import page as page_validation
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import actions, pdf
from cases.models import Entry, Rating, Suggestion, Walk
from cases.permissions import NotAllowed, NotKnown
from cases.queries.history import history, history_page
from cases.queries.plan import plan_page
from teams.history import record
from tests.factories import NOW, make_member, make_person, walk
from tests.printed import text_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sam():
    return make_person(name="Sam", told=(("know", "I cannot sleep."),))


@pytest.fixture
def jo(sam):
    member = make_member(name="Jo Bevan")
    walk(sam, member)
    return member


@pytest.fixture
def ali(sam):
    member = make_member(name="Ali Rahman", sector="peer", role="peer worker")
    walk(sam, member, main=False)
    return member


@pytest.fixture
def theirs(sam):
    return add(sam, section="now", words="Stuck")


def add(person, *, by=None, section="now", field="words", words="Stuck", **more):
    by = by or person.user
    return actions.add_entry(plan_id=person.plan.pk, section=section, field=field, words=words, by=by, now=NOW, **more)


def suggest(entry, member, words="Having a hard time", **more):
    more.setdefault("now", NOW + MINUTE)
    return actions.suggest_words(plan_id=entry.plan_id, entry_id=entry.pk, words=words, by=member.user, **more)


def answer(suggestion, person, given, their_words="", version=1):
    return actions.answer_suggestion(
        plan_id=person.plan.pk,
        suggestion_id=suggestion.pk,
        answer=given,
        their_words=their_words,
        version=version,
        by=person.user,
        now=NOW + 2 * MINUTE,
    )


def shown(person, viewer, entry, now=NOW + 3 * MINUTE):
    page = plan_page(plan_id=person.plan.pk, viewer=viewer, now=now)
    return next(one for section in page.sections for one in section.entries if one.id == entry.pk)


# ---- other words


def test_a_suggestion_changes_nothing_and_is_seen_beside_the_persons_own_words(sam, jo, ali, theirs):
    suggest(theirs, jo, why="You said so on Monday")
    for viewer in (sam.user, jo.user, ali.user):
        entry = shown(sam, viewer, theirs)
        assert entry.words == "Stuck"
        (one,) = entry.suggestions
        assert (one.words, one.why, one.author, one.mine) == (
            "Having a hard time",
            "You said so on Monday",
            "Jo Bevan",
            viewer == jo.user,
        )


def test_words_that_are_accepted_are_the_persons_own_and_say_whose_they_were(sam, jo, theirs):
    answer(suggest(theirs, jo), sam, "accepted")
    entry = shown(sam, jo.user, theirs)
    assert (entry.words, entry.theirs, entry.suggestions) == ("Having a hard time", True, ())
    row = Entry.history.filter(id=theirs.pk).first()
    assert (row.history_user, row.history_change_reason) == (sam.user, "accepted what Jo suggested")


def test_it_can_be_said_in_another_way(sam, jo, theirs):
    suggestion = suggest(theirs, jo)
    with pytest.raises(actions.NothingWritten):
        answer(suggestion, sam, "reworded", " ")
    answer(suggestion, sam, "reworded", "Stuck, some days")
    assert shown(sam, jo.user, theirs).words == "Stuck, some days"


def test_words_that_are_declined_are_gone_from_the_plan_and_stay_in_the_history(sam, jo, theirs):
    answer(suggest(theirs, jo), sam, "declined")
    assert (shown(sam, jo.user, theirs).words, shown(sam, jo.user, theirs).suggestions) == ("Stuck", ())
    told = [(change.who, change.what, change.new) for change in history(plan_id=sam.plan.pk, viewer=jo.user, now=NOW)]
    assert ("Jo Bevan", "suggested other words for something", "Having a hard time") in told
    assert ("Sam", "answered what Jo Bevan suggested", "kept their own words") in told


def test_another_view_keeps_both_in_view_and_can_be_answered_again(sam, jo, theirs):
    suggestion = suggest(theirs, jo)
    answer(suggestion, sam, "other_view", "It is the flat, not me.")
    for viewer in (sam.user, jo.user):
        entry = shown(sam, viewer, theirs)
        assert (entry.words, entry.suggestions[0].words, entry.suggestions[0].other_view) == (
            "Stuck",
            "Having a hard time",
            "It is the flat, not me.",
        )
    answer(suggestion, sam, "declined")
    assert shown(sam, sam.user, theirs).suggestions == ()
    assert Suggestion.history.filter(id=suggestion.pk, their_words="It is the flat, not me.").exists()


def test_an_answer_pressed_twice_happens_once(sam, jo, theirs):
    suggestion = suggest(theirs, jo)
    answer(suggestion, sam, "accepted")
    answer(suggestion, sam, "accepted")
    assert Entry.history.filter(id=theirs.pk).count() == 2


def test_accepting_what_was_read_before_the_words_changed_asks_again(sam, jo, theirs):
    suggestion = suggest(theirs, jo)
    actions.change_words(plan_id=sam.plan.pk, entry_id=theirs.pk, words="Newer", version=1, by=sam.user, now=NOW)
    with pytest.raises(actions.ChangedMeanwhile):
        answer(suggestion, sam, "accepted", version=1)
    entry = shown(sam, sam.user, theirs)
    assert (entry.words, len(entry.suggestions)) == ("Newer", 1)


def test_a_member_has_one_open_suggestion_for_an_entry(sam, jo, ali, theirs):
    suggest(theirs, jo, "one")
    suggest(theirs, jo, "two")
    suggest(theirs, ali, "three", now=NOW + 2 * MINUTE)
    assert [one.words for one in shown(sam, sam.user, theirs).suggestions] == ["two", "three"]
    with pytest.raises(IntegrityError), transaction.atomic():
        record(Suggestion(entry=theirs, author=jo.user, words="x", made_at=NOW), by=jo.user, why="", now=NOW)


def test_only_the_person_answers_and_only_their_own_words_are_suggested_for(sam, jo, ali, theirs):
    suggestion = suggest(theirs, jo)
    with pytest.raises(NotAllowed):
        actions.answer_suggestion(
            plan_id=sam.plan.pk, suggestion_id=suggestion.pk, answer="accepted", version=1, by=jo.user, now=NOW
        )
    with pytest.raises(NotAllowed):
        actions.suggest_words(plan_id=sam.plan.pk, entry_id=theirs.pk, words="x", by=sam.user, now=NOW)
    with pytest.raises(NotAllowed):
        suggest(add(sam, by=jo.user, words="Jo's own"), ali)
    with pytest.raises(NotAllowed):
        suggest(add(sam, section="matters", words="My dog"), jo)
    with pytest.raises(actions.NothingWritten):
        suggest(theirs, jo, "Stuck")


def test_a_suggestion_is_hidden_where_its_entry_is(sam, jo, ali):
    secret = add(sam, section="change", field="goal", words="Fewer cans", area="drink")
    suggest(secret, jo, "Drink less at night")
    with pytest.raises(NotKnown):
        suggest(secret, ali)
    assert "Drink less at night" in repr(plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW))
    assert "Drink less at night" not in repr(plan_page(plan_id=sam.plan.pk, viewer=ali.user, now=NOW))
    assert "Drink less at night" not in repr(history(plan_id=sam.plan.pk, viewer=ali.user, now=NOW))


def test_a_suggestion_of_another_plan_is_not_known(sam, jo, theirs):
    other = make_person(name="Ann")
    with pytest.raises(NotKnown):
        answer(suggest(theirs, jo), other, "accepted")


# ---- agreement


def test_a_member_says_whether_a_step_was_agreed_and_why_somebody_could_not_be_asked(sam, jo):
    step = add(sam, by=jo.user, section="steps", field="step", words="Ring the library", agreed="yes")
    assert shown(sam, sam.user, step).agreed_words == "We agreed this"
    with pytest.raises(actions.NothingWritten):
        add(sam, by=jo.user, section="hard", field="signs", words="Not sleeping", agreed="could_not")
    sign = add(
        sam, by=jo.user, section="hard", field="signs", words="x", agreed="could_not", agreed_why="You were asleep"
    )
    assert shown(sam, sam.user, sign).agreed_words == "They could not be asked: You were asleep"
    actions.change_words(
        plan_id=sam.plan.pk, entry_id=step.pk, words=step.words, version=1, by=jo.user, now=NOW, agreed="not_yet"
    )
    assert shown(sam, sam.user, step).agreed_words == "We have not agreed this yet"
    assert "said whether it was agreed" in repr(history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW))


def test_what_a_member_says_of_agreement_never_becomes_the_persons_answer(sam, jo):
    step = add(sam, by=jo.user, section="steps", field="step", words="Ring", agreed="yes")
    entry = shown(sam, sam.user, step)
    assert (entry.answer, entry.answer_words) == ("", "You have not said")
    assert add(sam, section="steps", field="step", agreed="yes").agreed == ""
    assert add(sam, by=jo.user, section="now", agreed="yes").agreed == ""


# ---- numbers


def test_the_persons_own_numbers_are_told_and_drawn(sam, jo):
    goal = add(sam, section="change", field="goal", words="Work again", importance="lot")
    for days, value in ((0, 3), (10, 6)):
        at = NOW + timedelta(days=days)
        actions.rate(plan_id=sam.plan.pk, entry_id=goal.pk, value=value, words=f"said {value}", by=sam.user, now=at)
        actions.rate(plan_id=sam.plan.pk, value=value + 1, words="<b>so so</b>", by=sam.user, now=at)
    entry = shown(sam, jo.user, goal, now=NOW + timedelta(days=11))
    assert entry.importance_words == "It matters a lot"
    assert [(said.value, said.words) for said in entry.ratings.said] == [(6, "said 6"), (3, "said 3")]
    page = plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW)
    assert [said.value for said in page.ratings.said] == [7, 4]
    for drawing in (entry.ratings.drawing, page.ratings.drawing):
        drawn = b64decode(drawing.removeprefix("data:image/svg+xml;base64,")).decode()
        assert drawn.startswith("<svg")
        assert not re.search("style|script|href", drawn)
    told = repr(history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW))
    assert "gave it 6 of 10" in told
    assert "said 6" in told


def test_the_copy_on_paper_has_the_drawing_and_the_same_in_words(sam, jo, theirs):
    goal = add(sam, section="change", field="goal", words="Work again", importance="lot")
    for days, value in ((0, 3), (10, 6), (31, 5)):
        at = NOW + timedelta(days=days)
        actions.rate(plan_id=sam.plan.pk, entry_id=goal.pk, value=value, words=f"said {value}", by=sam.user, now=at)
        actions.rate(plan_id=sam.plan.pk, value=value + 1, by=sam.user, now=at)
    answer(suggest(theirs, jo), sam, "other_view", "It is the flat, not me.")
    made = pdf.plan_pdf(plan_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW), timezone.localtime(NOW))
    report = page_validation.validate_pdf_bytes(made, profile=page_validation.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report
    text = text_of(made)
    for words in ("6 of 10, 20 March 2026", "said 3", "It matters a lot", "Having a hard time", "It is the flat"):
        assert words in text


def test_one_number_needs_no_drawing_and_the_last_of_a_day_is_drawn(sam):
    actions.rate(plan_id=sam.plan.pk, value=2, by=sam.user, now=NOW)
    actions.rate(plan_id=sam.plan.pk, value=5, by=sam.user, now=NOW + MINUTE)
    ratings = plan_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW).ratings
    assert ([said.value for said in ratings.said], ratings.drawing) == ([5, 2], "")


def test_nobody_else_gives_numbers_and_they_are_seen_as_their_goal_is(sam, jo, ali):
    goal = add(sam, section="change", field="goal", words="Fewer cans", area="drink")
    with pytest.raises(NotAllowed):
        actions.rate(plan_id=sam.plan.pk, value=2, by=jo.user, now=NOW)
    with pytest.raises(NotKnown):
        actions.rate(plan_id=sam.plan.pk, entry_id=add(sam).pk, value=2, by=sam.user, now=NOW)
    actions.rate(plan_id=sam.plan.pk, entry_id=goal.pk, value=2, words="a canary", by=sam.user, now=NOW)
    actions.rate(plan_id=sam.plan.pk, value=3, words="a heron", by=sam.user, now=NOW)
    actions.set_circle(plan_id=sam.plan.pk, section="now", circle="me", by=sam.user, now=NOW)
    for viewer, sees in ((sam.user, {"a canary", "a heron"}), (jo.user, {"a canary"}), (ali.user, set())):
        told = repr(plan_page(plan_id=sam.plan.pk, viewer=viewer, now=NOW))
        told_before = repr(history(plan_id=sam.plan.pk, viewer=viewer, now=NOW))
        for word in ("a canary", "a heron"):
            assert (word in told) == (word in told_before) == (word in sees), (viewer, word)


def test_a_number_is_from_0_to_10(sam):
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(plan=sam.plan, value=11, at=NOW)


# ---- order


def keys(person, viewer):
    return [section.key for section in plan_page(plan_id=person.plan.pk, viewer=viewer, now=NOW).sections]


def test_everybody_sees_the_parts_in_the_persons_order(sam, jo):
    move = {"plan_id": sam.plan.pk, "by": sam.user, "now": NOW}
    assert keys(sam, sam.user)[:3] == ["matters", "helps", "now"]
    actions.move_section(section="now", up=True, **move)
    actions.move_section(section="now", up=True, **move)
    actions.move_section(section="now", up=True, **move)
    for viewer in (sam.user, jo.user):
        assert keys(sam, viewer)[:3] == ["now", "matters", "helps"]
    actions.move_section(section="now", up=False, **move)
    assert keys(sam, jo.user)[:3] == ["matters", "now", "helps"]
    told = [change.what for change in history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)]
    assert told.count("changed the order") == 3


def test_only_the_person_orders_their_plan(sam, jo):
    with pytest.raises(NotAllowed):
        actions.move_section(plan_id=sam.plan.pk, section="now", up=True, by=jo.user, now=NOW)
    with pytest.raises(NotKnown):
        actions.move_section(plan_id=sam.plan.pk, section="nowhere", up=True, by=sam.user, now=NOW)


# ---- earlier words


def test_the_person_puts_earlier_words_back_as_a_new_version(sam, theirs):
    actions.change_words(plan_id=sam.plan.pk, entry_id=theirs.pk, words="Newer", version=1, by=sam.user, now=NOW)
    first = Entry.history.filter(id=theirs.pk).last()
    back = {"plan_id": sam.plan.pk, "entry_id": theirs.pk, "history_id": first.history_id, "by": sam.user, "now": NOW}
    actions.restore_words(**back)
    actions.restore_words(**back)
    rows = list(Entry.history.filter(id=theirs.pk).order_by("history_id").values_list("words", flat=True))
    assert rows == ["Stuck", "Newer", "Stuck"]
    assert Entry.history.filter(id=theirs.pk).latest("history_id").history_change_reason == "put earlier words back"


def test_what_was_taken_out_comes_back_with_its_words(sam, theirs):
    actions.take_out(plan_id=sam.plan.pk, entry_id=theirs.pk, by=sam.user, now=NOW)
    change = next(c for c in history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW) if c.version_id)
    actions.restore_words(
        plan_id=sam.plan.pk, entry_id=change.entry_id, history_id=change.version_id, by=sam.user, now=NOW
    )
    assert shown(sam, sam.user, theirs).words == "Stuck"


def test_nobody_puts_back_somebody_elses_words_or_the_words_of_another_entry(sam, jo, theirs):
    other = add(sam, words="Other")
    row = Entry.history.get(id=theirs.pk)
    for by, entry, error in ((jo.user, theirs, NotAllowed), (sam.user, other, NotKnown)):
        with pytest.raises(error):
            actions.restore_words(
                plan_id=sam.plan.pk, entry_id=entry.pk, history_id=row.history_id, by=by, now=NOW + MINUTE
            )
    assert not [c for c in history(plan_id=sam.plan.pk, viewer=jo.user, now=NOW) if c.version_id]


def test_the_history_is_read_by_who_and_by_page(sam, jo, ali):
    for number in range(60):
        add(sam, by=jo.user, section="helps", field="helps", words=f"thing {number}")
    add(sam, by=ali.user, section="helps", field="helps", words="the choir")
    given = {"plan_id": sam.plan.pk, "viewer": sam.user, "now": NOW}
    first = history_page(**given)
    assert (len(first.changes), first.newer, first.older) == (50, None, 2)
    assert (str(ali.user.pk), "Ali Rahman") in first.people
    of_ali = history_page(who=str(ali.user.pk), **given)
    assert {change.who for change in of_ali.changes} == {"Ali Rahman"}
    assert history_page(number="no number", **given).number == 1
    assert history_page(number="99", **given).older is None


# ---- who is here


def test_those_who_walk_with_somebody_see_each_other_be_here_and_the_person_is_never_told_of(client, sam, jo, ali):
    address = f"/plans/{sam.plan.pk}/"
    client.force_login(sam.user)
    client.get(address)
    client.force_login(jo.user)
    assert b"is here now" not in client.get(address).content
    client.force_login(ali.user)
    assert b"Jo is here now" in client.get(address).content
    assert b"Sam is here now" not in client.get(address).content
    client.force_login(sam.user)
    assert b"Jo is here now" in client.get(address).content
    Walk.objects.update(here_at=NOW)
    assert b"is here now" not in client.get(address).content


def test_who_is_here_is_not_told_to_the_team_around_the_table(client, sam, jo):
    client.force_login(jo.user)
    client.get(f"/plans/{sam.plan.pk}/")
    kit = make_member(name="Kit Larsen", sector="council")
    client.force_login(kit.user)
    answer = client.get(f"/plans/{sam.plan.pk}/")
    assert answer.status_code == 200
    assert b"is here now" not in answer.content


def test_opening_a_plan_takes_ten_statements_at_the_most(client, sam, jo, theirs, django_assert_max_num_queries):
    for number in range(5):
        goal = add(sam, section="change", field="goal", words=f"goal {number}")
        actions.rate(plan_id=sam.plan.pk, entry_id=goal.pk, value=number, by=sam.user, now=NOW)
        suggest(goal, jo)
    for viewer in (sam.user, jo.user):
        client.force_login(viewer)
        with django_assert_max_num_queries(10):
            client.get(f"/plans/{sam.plan.pk}/")
