"""The words of a plan: whose they are, who may change them, and that none is lost."""

from datetime import timedelta

import pytest

from cases import actions
from cases.models import Entry
from cases.permissions import NotAllowed, NotKnown
from cases.queries.plan import plan_page
from tests.factories import NOW, make_member, make_person, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return make_person(name="Sam", told=(("know", "I cannot sleep.\n\nHelp 🙏"),))


@pytest.fixture
def jo():
    return make_member(name="Jo Bevan")


@pytest.fixture
def ruth():
    return make_member(name="Ruth Adeyemi", sector="council", role="social worker")


@pytest.fixture
def together(sam, jo):
    walk(sam, jo)
    return sam, jo


def add(person, *, by, section="matters", field="words", words="My dog", **more):
    return actions.add_entry(plan_id=person.plan.pk, section=section, field=field, words=words, by=by, now=NOW, **more)


def texts(person, viewer):
    page = plan_page(plan_id=person.plan.pk, viewer=viewer, now=NOW)
    return [entry.words for section in page.sections for entry in section.entries]


def test_own_words_are_kept_exactly_as_they_were_typed(sam):
    words = "  Fy nghi 🐕, میرا کتا\n\n\nand a <b>walk</b>  "
    add(sam, by=sam.user, words=words)
    assert texts(sam, sam.user) == [words]


def test_a_member_who_walks_with_somebody_adds_something_under_their_own_name_and_organisation(together):
    sam, jo = together
    add(sam, by=jo.user, section="helps", field="helps", words="You said the choir helps.", why="We talked")
    entry = plan_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW).sections[1].entries[0]
    assert (entry.author, entry.author_from, entry.theirs) == ("Jo Bevan", jo.organisation.name, False)
    row = Entry.history.get(id=entry.id)
    assert (row.history_user, row.organisation, row.history_change_reason) == (jo.user, jo.organisation, "We talked")


def test_nobody_overwrites_the_persons_own_words(together):
    sam, jo = together
    entry = add(sam, by=sam.user, section="now", words="All right")
    with pytest.raises(NotAllowed):
        actions.change_words(
            plan_id=sam.plan.pk, entry_id=entry.pk, words="Not all right", version=1, by=jo.user, now=NOW
        )
    assert texts(sam, sam.user) == ["All right"]


def test_the_person_does_not_overwrite_a_members_words_either_but_answers_beside_them(together):
    sam, jo = together
    entry = add(sam, by=jo.user, section="now", words="Sleep has been hard.")
    with pytest.raises(NotAllowed):
        actions.change_words(plan_id=sam.plan.pk, entry_id=entry.pk, words="Fine", version=1, by=sam.user, now=NOW)
    actions.answer_entry(
        plan_id=sam.plan.pk,
        entry_id=entry.pk,
        answer="other_view",
        other_view="It is the neighbours.",
        version=1,
        by=sam.user,
        now=NOW,
    )
    for viewer in (sam.user, jo.user):
        page = plan_page(plan_id=sam.plan.pk, viewer=viewer, now=NOW)
        shown = next(entry for section in page.sections for entry in section.entries)
        assert (shown.words, shown.other_view) == ("Sleep has been hard.", "It is the neighbours.")


def test_a_change_clash_shows_both_texts_and_loses_neither(together):
    sam, _jo = together
    entry = add(sam, by=sam.user, words="first")
    change = {"plan_id": sam.plan.pk, "entry_id": entry.pk, "by": sam.user, "now": NOW}
    actions.change_words(words="from my phone", version=1, **change)
    with pytest.raises(actions.ChangedMeanwhile) as clash:
        actions.change_words(words="from the library", version=1, **change)
    assert (clash.value.theirs, clash.value.version) == ({"words": "from my phone"}, 2)
    actions.change_words(words="from both", version=2, **change)
    assert texts(sam, sam.user) == ["from both"]


def of_step(entry):
    entry.refresh_from_db()
    return entry.words, entry.who, entry.when, entry.progress


def test_changes_to_different_things_at_once_all_land(together):
    sam, jo = together
    step = add(sam, by=jo.user, section="steps", field="step", words="Ring the choir", who="Jo", when="soon")
    read = {"plan_id": sam.plan.pk, "entry_id": step.pk, "by": jo.user, "now": NOW, "version": 1}
    actions.change_progress(plan_id=sam.plan.pk, entry_id=step.pk, progress="done", by=sam.user, now=NOW)
    actions.change_words(words="Ring the choir", who="Jo", when="Monday", **read)
    actions.change_words(words="Ring the choir and ask", who="Jo", when="soon", **read)
    actions.change_words(words="Ring the choir", who="Jo, and Sam listens", when="soon", **read)
    assert of_step(step) == ("Ring the choir and ask", "Jo, and Sam listens", "Monday", "done")


def test_the_same_thing_changed_at_once_is_asked_about_and_only_that(together):
    sam, jo = together
    step = add(sam, by=jo.user, section="steps", field="step", words="Ring the choir", who="Jo", when="soon")
    read = {"plan_id": sam.plan.pk, "entry_id": step.pk, "by": jo.user, "now": NOW, "version": 1}
    actions.change_words(words="Ring the choir", who="Jo", when="Monday", **read)
    with pytest.raises(actions.ChangedMeanwhile) as clash:
        actions.change_words(words="Write to the choir", who="Jo", when="Friday", **read)
    assert (clash.value.theirs, clash.value.version) == ({"when": "Monday"}, 2)
    assert of_step(step) == ("Ring the choir", "Jo", "Monday", "open"), "nothing is half-saved"
    actions.change_words(words="Ring the choir", who="Jo", when="Monday", **read)  # both came to the same
    assert Entry.history.filter(id=step.pk).count() == 2


def test_a_version_that_never_was_is_asked_about(together):
    sam, _jo = together
    entry = add(sam, by=sam.user, words="first")
    with pytest.raises(actions.ChangedMeanwhile):
        actions.change_words(plan_id=sam.plan.pk, entry_id=entry.pk, words="x", version=77, by=sam.user, now=NOW)


def test_a_yes_is_to_the_words_that_were_read(together):
    sam, jo = together
    entry = add(sam, by=jo.user, section="now", words="Sleep has been hard.")
    change = {"plan_id": sam.plan.pk, "entry_id": entry.pk, "now": NOW}
    actions.change_words(words="You never sleep.", version=1, by=jo.user, **change)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.answer_entry(answer="yes", version=1, by=sam.user, **change)
    actions.answer_entry(answer="yes", version=2, by=sam.user, **change)
    # ... and is not a yes to words that are written after it; another view stays beside them
    actions.change_words(words="You cannot sleep.", version=3, by=jo.user, **change)
    entry.refresh_from_db()
    assert entry.answer == Entry.Answer.NOT_SAID
    actions.answer_entry(answer="other_view", other_view="I can.", version=4, by=sam.user, **change)
    actions.change_words(words="You sleep badly.", version=5, by=jo.user, **change)
    entry.refresh_from_db()
    assert (entry.answer, entry.other_view) == (Entry.Answer.OTHER_VIEW, "I can.")


def test_words_that_did_not_change_leave_no_history(together):
    sam, _jo = together
    entry = add(sam, by=sam.user, words="same")
    actions.change_words(plan_id=sam.plan.pk, entry_id=entry.pk, words="same", version=1, by=sam.user, now=NOW)
    assert Entry.history.filter(id=entry.pk).count() == 1


def test_something_taken_out_is_gone_for_others_and_can_be_put_back_by_the_person(together):
    sam, jo = together
    entry = add(sam, by=jo.user, section="now", words="Drinks a lot of tea.")
    actions.take_out(plan_id=sam.plan.pk, entry_id=entry.pk, by=sam.user, now=NOW)
    assert texts(sam, jo.user) == texts(sam, sam.user) == []
    with pytest.raises(NotKnown):
        actions.put_back(plan_id=sam.plan.pk, entry_id=entry.pk, by=jo.user, now=NOW)
    actions.put_back(plan_id=sam.plan.pk, entry_id=entry.pk, by=sam.user, now=NOW)
    assert texts(sam, jo.user) == ["Drinks a lot of tea."]


def test_what_was_answered_by_taking_it_out_has_no_answer_when_it_is_back(together):
    sam, jo = together
    entry = add(sam, by=jo.user, section="now", words="Drinks a lot of tea.")
    change = {"plan_id": sam.plan.pk, "entry_id": entry.pk, "by": sam.user, "now": NOW}
    actions.answer_entry(answer="out", version=1, **change)
    assert texts(sam, jo.user) == []
    actions.put_back(**change)
    entry.refresh_from_db()
    assert (entry.answer, texts(sam, jo.user)) == (Entry.Answer.NOT_SAID, ["Drinks a lot of tea."])


def test_an_empty_entry_is_not_kept(sam):
    with pytest.raises(actions.NothingWritten):
        add(sam, by=sam.user, words=" \n ")


def test_a_member_cannot_add_to_what_matters_to_somebody(together):
    sam, jo = together
    with pytest.raises(NotAllowed):
        add(sam, by=jo.user, words="Compliance")


def test_an_entry_of_another_plan_is_not_known(together):
    sam, _jo = together
    other = make_person(name="Ann")
    entry = add(other, by=other.user)
    with pytest.raises(NotKnown):
        actions.take_out(plan_id=sam.plan.pk, entry_id=entry.pk, by=sam.user, now=NOW)


def test_a_goal_about_drink_is_seen_by_the_main_person_alone(together, ruth):
    sam, jo = together
    walk(sam, ruth, main=False)
    add(sam, by=sam.user, section="change", field="goal", words="Fewer cans", area="drink")
    assert texts(sam, jo.user) == ["Fewer cans"]
    assert texts(sam, ruth.user) == []


def test_a_step_can_be_moved_by_whoever_may_add_steps_and_a_goal_only_by_the_person(together):
    sam, jo = together
    step = add(sam, by=sam.user, section="steps", field="step", words="Ring the library")
    goal = add(sam, by=sam.user, section="change", field="goal", words="Work again")
    move = {"plan_id": sam.plan.pk, "progress": "done", "by": jo.user, "now": NOW}
    assert actions.change_progress(entry_id=step.pk, **move).progress == "done"
    with pytest.raises(NotAllowed):
        actions.change_progress(entry_id=goal.pk, **move)


def test_opening_a_plan_takes_the_same_queries_whatever_its_size(together, django_assert_max_num_queries):
    sam, jo = together
    for _round in range(3):
        for number in range(15):
            entry = add(sam, by=sam.user, section="helps", field="helps", words=f"friend {number}")
            actions.change_words(
                plan_id=sam.plan.pk, entry_id=entry.pk, words="x", version=1, by=sam.user, now=NOW + timedelta(1)
            )
        with django_assert_max_num_queries(8):
            plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW)
        with django_assert_max_num_queries(8):
            plan_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)


def test_who_can_see_what_was_told_first_is_said_beside_it_and_changed_there(client):
    sam = make_person(told=(("know", "The rent is due."),), entries=(("now", "words", "The rent is due.", ""),))
    walk(sam, make_member(name="Jo"))
    client.force_login(sam.user)
    card = client.get(f"/plans/{sam.plan.pk}/").content.decode().split('id="opening"')[1].split("</section>")[0]
    assert "The rent is due." in card
    assert "Jo can see this." in card
    assert f"/entries/{sam.plan.entries.get().pk}/sharing/" in card


def test_what_was_told_first_and_became_no_entry_is_seen_as_its_part(client):
    sam = make_person(told=(("know", "The rent is due."),))
    walk(sam, make_member(name="Jo"))
    client.force_login(sam.user)
    card = client.get(f"/plans/{sam.plan.pk}/").content.decode().split('id="opening"')[1].split("</section>")[0]
    assert "Jo can see this." in card
    assert "/sharing/now/?from=plan" in card
