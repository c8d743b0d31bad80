"""What the person hides is gone: at once, on the page, in the history and in the PDF."""

import re
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection
from django.utils import timezone

from cases import actions, pdf, sections
from cases.models import Copy, Entry, HuddleItem, PlanSection, Suggestion
from cases.permissions import NotAllowed, NotKnown, standing
from cases.queries import flags
from cases.queries.asking import bank
from cases.queries.history import history
from cases.queries.huddle import huddle_item
from cases.queries.plan import plan_page
from cases.queries.sharing import as_they_see_it, sharing_page
from cases.sections import Level
from teams.models import User
from tests.factories import NOW, make_member, make_person, make_team, walk
from tests.printed import text_of

pytestmark = pytest.mark.django_db
SECRET = "a heron in the reeds"


@pytest.fixture
def world():
    sam = make_person(name="Sam", told=(("know", "Hello"),))
    jo, ali, ruth = (
        make_member(name="Jo Bevan"),
        make_member(name="Ali Rahman", sector="peer", role="peer worker"),
        make_member(name="Ruth Adeyemi", sector="council", role="social worker"),
    )
    walk(sam, jo)
    walk(sam, ali, main=False)
    entry = actions.add_entry(plan_id=sam.plan.pk, section="now", field="words", words=SECRET, by=sam.user, now=NOW)
    actions.change_words(
        plan_id=sam.plan.pk, entry_id=entry.pk, words=f"{SECRET}, twice", version=1, by=sam.user, now=NOW
    )
    return sam, jo, ali, ruth


def everything_shown(person, viewer):
    """All the text of every kind of output this viewer gets."""
    page = plan_page(plan_id=person.plan.pk, viewer=viewer, now=NOW)
    changes = history(plan_id=person.plan.pk, viewer=viewer, now=NOW)
    return repr(page) + repr(changes) + pdf_text(page)


def pdf_text(page):
    return text_of(pdf.plan_pdf(page, timezone.localtime(NOW)))


def test_somebody_shut_out_of_a_section_sees_no_trace_of_it(world):
    sam, jo, ali, _ruth = world
    assert SECRET in everything_shown(sam, ali.user)
    actions.shut_out(plan_id=sam.plan.pk, section="now", user_id=ali.user_id, by=sam.user, now=NOW)
    assert SECRET not in everything_shown(sam, ali.user)
    assert "How things are" not in everything_shown(sam, ali.user)
    assert SECRET in everything_shown(sam, jo.user)
    assert SECRET in everything_shown(sam, sam.user)


CLOSES = {
    "taken out": lambda act, entry: act(actions.take_out, entry_id=entry.pk),
    "only me": lambda act, entry: act(actions.set_entry_circle, entry_id=entry.pk, circle="me"),
    "put in another way": lambda act, entry: act(
        actions.change_words, entry_id=entry.pk, words="It is hard", version=1
    ),
    "kept from them by name": lambda act, entry: act(
        actions.set_entry_circle,
        entry_id=entry.pk,
        circle="",
        by_name={User.objects.get(name="Jo Bevan").pk: ("shut", None)},
    ),
}


@pytest.mark.parametrize("closes", CLOSES)
def test_what_was_told_first_is_closed_with_the_entry_that_it_began(closes, client):
    """The first words stand at the top of the plan and on its copies, in the room, and before anybody asks again."""
    told = {"told": (("know", SECRET),), "entries": (("now", "words", SECRET, ""),)}
    kim, jo = make_person(name="Kim", pace="days", now=NOW, **told), make_member(name="Jo Bevan")
    walk(kim, jo)
    item = HuddleItem.objects.get(case__person=kim)

    def shown():
        given = {"viewer": jo.user, "now": NOW}
        page = plan_page(plan_id=kim.plan.pk, **given)
        others = [bank(plan_id=kim.plan.pk, **given), huddle_item(item_id=item.pk, **given)]
        return [SECRET in words for words in (repr(page), pdf_text(page), *map(repr, others))]

    def act(action, **given):
        return action(plan_id=kim.plan.pk, by=kim.user, now=NOW + timedelta(hours=1), **given)

    assert shown() == [True] * 4
    CLOSES[closes](act, Entry.objects.get(plan=kim.plan))
    assert shown() == [False] * 4
    own = plan_page(plan_id=kim.plan.pk, viewer=kim.user, now=NOW)
    assert own.opening == SECRET, "nobody takes their own first words from them"
    stands = closes == "put in another way"
    assert ("It is hard" in repr(bank(plan_id=kim.plan.pk, viewer=jo.user, now=NOW))) == stands


@pytest.mark.parametrize(
    ("circle", "jo_may", "ali_may"),
    [("walking", "", ""), ("me", "see", ""), ("", "", "shut")],
    ids=["those who walk along", "one by name", "everybody but one by name"],
)
def test_first_words_that_are_not_for_everybody_are_not_read_out_to_the_room(circle, jo_may, ali_may):
    told = {"told": (("know", SECRET),), "entries": (("now", "words", SECRET, ""),)}
    kim, jo, ali = (
        make_person(name="Kim", now=NOW, **told),
        make_member(name="Jo Bevan"),
        make_member(name="Ali Rahman"),
    )
    walk(kim, jo)
    walk(kim, ali, main=False)
    item = HuddleItem.objects.get(case__person=kim)
    assert SECRET in repr(huddle_item(item_id=item.pk, viewer=jo.user, now=NOW))
    entry = Entry.objects.get(plan=kim.plan)
    by_name = {jo.user_id: (jo_may, None), ali.user_id: (ali_may, None)}
    given = {"entry_id": entry.pk, "circle": circle, "by_name": by_name, "by": kim.user, "now": NOW}
    actions.set_entry_circle(plan_id=kim.plan.pk, **given)
    assert plan_page(plan_id=kim.plan.pk, viewer=jo.user, now=NOW).opening == SECRET
    assert SECRET not in repr(huddle_item(item_id=item.pk, viewer=jo.user, now=NOW))


def test_what_was_hidden_can_be_opened_again(world):
    sam, _jo, ali, _ruth = world
    place = {"plan_id": sam.plan.pk, "section": "now", "user_id": ali.user_id, "by": sam.user, "now": NOW}
    actions.shut_out(**place)
    actions.open_again(**place)
    assert SECRET in everything_shown(sam, ali.user)


@pytest.mark.parametrize(
    ("circle", "jo_sees", "ali_sees"),
    [("me", False, False), ("named", True, False), ("walking", True, True), ("team", True, True)],
)
def test_each_circle_is_seen_by_those_it_names(world, circle, jo_sees, ali_sees):
    sam, jo, ali, _ruth = world
    actions.set_circle(plan_id=sam.plan.pk, section="now", circle=circle, by=sam.user, now=NOW)
    assert (SECRET in everything_shown(sam, jo.user)) is jo_sees
    assert (SECRET in everything_shown(sam, ali.user)) is ali_sees


def test_only_me_is_closed_to_a_superuser_too(world):
    sam, jo, _ali, ruth = world
    actions.set_circle(plan_id=sam.plan.pk, section="now", circle="me", by=sam.user, now=NOW)
    for member in (jo, ruth):
        member.user.is_superuser = member.user.is_staff = True
        member.user.save()
    assert SECRET not in everything_shown(sam, jo.user)


def test_a_superuser_who_does_not_walk_with_somebody_does_not_know_of_their_plan(world):
    sam, _jo, _ali, _ruth = world
    stranger = make_member(name="Sue Per")
    stranger.user.is_superuser = True
    stranger.user.save()
    decide_everything(sam)
    with pytest.raises(NotKnown):
        plan_page(plan_id=sam.plan.pk, viewer=stranger.user, now=NOW)


def decide_everything(person):
    from cases.models import HuddleItem

    HuddleItem.objects.filter(case__person=person).delete()


def test_the_team_sees_a_new_person_until_the_huddle_has_decided(world):
    sam, _jo, _ali, ruth = world
    assert SECRET in everything_shown(sam, ruth.user)
    decide_everything(sam)
    with pytest.raises(NotKnown):
        plan_page(plan_id=sam.plan.pk, viewer=ruth.user, now=NOW)


def test_another_team_never_knows_of_the_plan(world):
    sam, *_ = world
    other = make_member(name="Olu Cole", team=make_team(name="Northmoor", is_front_door=False))
    with pytest.raises(NotKnown):
        plan_page(plan_id=sam.plan.pk, viewer=other.user, now=NOW)


def test_a_sector_that_was_kept_away_does_not_know_of_the_plan_and_nobody_else_notices(world):
    sam, jo, ali, _ruth = world
    before = everything_shown(sam, jo.user)
    actions.shut_out(plan_id=sam.plan.pk, sector="peer", by=sam.user, now=NOW)
    with pytest.raises(NotKnown):
        plan_page(plan_id=sam.plan.pk, viewer=ali.user, now=NOW)
    assert everything_shown(sam, jo.user) == before


def test_being_shut_out_beats_being_let_in_by_name(world):
    sam, _jo, ali, _ruth = world
    place = {"plan_id": sam.plan.pk, "section": "now", "user_id": ali.user_id, "by": sam.user, "now": NOW}
    actions.let_somebody_in(level=Level.WRITE, **place)
    actions.shut_out(**place)
    assert SECRET not in everything_shown(sam, ali.user)


def test_somebody_let_in_by_name_sees_what_their_circle_does_not_until_the_moment_it_ends(world):
    sam, _jo, ali, _ruth = world
    actions.set_circle(plan_id=sam.plan.pk, section="now", circle="named", by=sam.user, now=NOW)
    actions.let_somebody_in(
        plan_id=sam.plan.pk,
        section="now",
        user_id=ali.user_id,
        level=Level.SEE,
        until=NOW + timedelta(days=1),
        by=sam.user,
        now=NOW,
    )
    assert standing(ali.user, sam.plan.pk, NOW).level("now") == Level.SEE
    end = NOW + timedelta(days=1)
    assert standing(ali.user, sam.plan.pk, end - timedelta.resolution).level("now") == Level.SEE
    assert standing(ali.user, sam.plan.pk, end).level("now") == Level.NOTHING, "not a moment longer"


def test_whoever_was_let_in_by_name_and_walks_with_them_no_more_sees_nothing_by_it(world):
    """Sam came back to meet somebody new. No page tells Sam that Jo would still be let in, so Jo is not."""
    sam, jo, _ali, _ruth = world
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": NOW}
    actions.set_circle(section="hard", circle="me", **given)
    actions.add_entry(section="hard", field="signs", words="a fox at the gate", **given)
    actions.let_somebody_in(section="hard", user_id=jo.user_id, level=Level.SEE, **given)
    assert "a fox at the gate" in everything_shown(sam, jo.user)
    actions.step_out(**given)
    actions.come_back(someone_new=True, **{**given, "now": NOW + timedelta(seconds=1)})
    assert "Only you can see this." in repr(plan_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW))
    assert "a fox at the gate" not in everything_shown(sam, jo.user)


def test_nobody_but_the_person_sets_who_sees_what(world):
    sam, jo, ali, _ruth = world
    with pytest.raises(NotAllowed):
        actions.set_circle(plan_id=sam.plan.pk, section="now", circle="team", by=jo.user, now=NOW)
    with pytest.raises(NotAllowed):
        actions.shut_out(plan_id=sam.plan.pk, section="now", user_id=ali.user_id, by=jo.user, now=NOW)
    with pytest.raises(NotAllowed):
        sharing_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW)


@pytest.mark.parametrize("hidden", [0, 5])
def test_what_is_hidden_does_not_move_what_is_seen(world, hidden):
    sam, jo, _ali, _ruth = world
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": NOW}
    told = actions.Told(asked="helps.who", section="helps", field="helps", words=("told first",))
    for number in range(3):
        actions.add_entry(section="matters", field="words", words=f"one {number}", **given)
    actions.tell(telling=actions.Telling(told=(told,)), **given)
    for number in range(hidden):
        actions.add_entry(section="helps", field="helps", words=f"hidden {number}", circle="me", **given)
    actions.add_entry(section="helps", field="helps", words="added after it", **given)
    page = plan_page(plan_id=sam.plan.pk, viewer=jo.user, now=NOW)
    (helps,) = [section for section in page.sections if section.key == "helps"]
    assert [entry.words for entry in helps.entries] == ["told first", "added after it"]


def test_the_person_reads_who_can_see_each_part_by_name(world):
    sam, *_ = world
    actions.set_circle(plan_id=sam.plan.pk, section="now", circle="named", by=sam.user, now=NOW)
    shared = {
        item.key: item.sees_words for item in sharing_page(plan_id=sam.plan.pk, viewer=sam.user, now=NOW).sections
    }
    assert shared["now"] == "Jo can see this. Ali cannot."
    assert shared["mine"] == "Only you can see this."
    assert shared["matters"] == "Jo and Ali can see this. The team can see this when it meets about you."


def test_seeing_it_as_they_see_it_is_what_they_see(world):
    sam, _jo, ali, _ruth = world
    actions.set_circle(plan_id=sam.plan.pk, section="now", circle="named", by=sam.user, now=NOW)
    _sees, seen = as_they_see_it(plan_id=sam.plan.pk, user_id=ali.user_id, viewer=sam.user, now=NOW)
    assert seen == plan_page(plan_id=sam.plan.pk, viewer=ali.user, now=NOW)


def test_changes_of_sharing_are_in_the_persons_history_and_in_nobody_elses(world):
    sam, jo, ali, _ruth = world
    actions.shut_out(plan_id=sam.plan.pk, section="now", user_id=ali.user_id, by=sam.user, now=NOW)
    mine = [change.new for change in history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)]
    assert "Ali Rahman can no longer see this." in mine
    assert "Ali Rahman" not in repr(
        [change for change in history(plan_id=sam.plan.pk, viewer=jo.user, now=NOW) if change.who != "Ali Rahman"]
    )


def test_a_membership_that_ended_sees_nothing_at_once(world):
    sam, jo, _ali, _ruth = world
    assert standing(jo.user, sam.plan.pk, NOW).walker
    jo.ended_at, jo.ended_by = NOW, jo.user
    jo.save()
    with pytest.raises(NotKnown):
        standing(jo.user, sam.plan.pk, NOW)


def test_stepping_out_ends_the_teams_way_in_and_the_person_keeps_theirs(world):
    sam, jo, _ali, _ruth = world
    actions.step_out(plan_id=sam.plan.pk, by=sam.user, now=NOW)
    with pytest.raises(NotKnown):
        standing(jo.user, sam.plan.pk, NOW)
    assert SECRET in everything_shown(sam, sam.user)
    actions.come_back(plan_id=sam.plan.pk, by=sam.user, now=NOW + timedelta(days=90))
    assert SECRET in everything_shown(sam, jo.user)


def test_a_new_plan_has_every_section_with_its_own_circle(world):
    sam, *_ = world
    assert dict(PlanSection.objects.filter(plan=sam.plan).values_list("key", "circle")) == {
        section.key: section.circle for section in sections.SECTIONS
    }


def test_a_section_is_set_for_everybody_at_once(world):
    sam, jo, ali, _ruth = world
    actions.share_section(
        plan_id=sam.plan.pk,
        section="now",
        circle="named",
        by_name={jo.user_id: ("shut", None), ali.user_id: ("see", None)},
        by=sam.user,
        now=NOW,
    )
    assert SECRET not in everything_shown(sam, jo.user)
    assert SECRET in everything_shown(sam, ali.user)
    assert standing(ali.user, sam.plan.pk, NOW).level("now") == Level.SEE
    actions.share_section(
        plan_id=sam.plan.pk,
        section="now",
        circle="named",
        by_name={jo.user_id: ("", None), ali.user_id: ("", None)},
        by=sam.user,
        now=NOW,
    )
    assert SECRET in everything_shown(sam, jo.user)
    assert SECRET not in everything_shown(sam, ali.user)


def test_an_entry_the_person_keeps_to_themselves_is_closed_to_somebody_let_into_its_section(world):
    sam, _jo, ali, _ruth = world
    actions.add_entry(
        plan_id=sam.plan.pk, section="now", field="words", words="only mine", circle="me", by=sam.user, now=NOW
    )
    actions.let_somebody_in(
        plan_id=sam.plan.pk, section="now", user_id=ali.user_id, level=Level.SUGGEST, by=sam.user, now=NOW
    )
    assert "only mine" not in everything_shown(sam, ali.user)
    assert "only mine" in everything_shown(sam, sam.user)


def entry_of(sam):
    return next(entry for entry in sam.plan.entries.all() if SECRET in entry.words)


def test_the_person_changes_who_sees_one_entry_after_it_was_written(world, client):
    sam, jo, ali, _ruth = world
    entry = entry_of(sam)
    assert SECRET in everything_shown(sam, ali.user)
    client.force_login(sam.user)
    address = f"/plans/{sam.plan.pk}/entries/{entry.pk}/sharing/"
    assert (
        "Jo and Ali can see this. The team can see this when it meets about you."
        in client.get(address).content.decode()
    )
    assert client.post(address, {"circle": "named"}).status_code == 303
    assert SECRET not in everything_shown(sam, ali.user)
    assert SECRET in everything_shown(sam, jo.user)
    assert "Jo can see this. Ali cannot." in client.get(address).content.decode()
    client.post(address, {"circle": ""})
    assert SECRET in everything_shown(sam, ali.user)
    assert client.post(address, {"circle": "everybody"}).status_code == 422


def test_an_entry_can_be_kept_closer_than_its_section_and_never_further(world, client):
    sam, _jo, _ali, _ruth = world
    actions.set_circle(plan_id=sam.plan.pk, section="now", circle="named", by=sam.user, now=NOW)
    client.force_login(sam.user)
    address = f"/plans/{sam.plan.pk}/entries/{entry_of(sam).pk}/sharing/"
    assert client.post(address, {"circle": "team"}).status_code == 422
    assert client.post(address, {"circle": "me"}).status_code == 303


def test_before_the_team_has_met_nobody_is_told_that_only_they_can_see_what_the_team_can(client):
    kim = make_person(name="Kim", told=(("know", SECRET),))
    member = make_member(name="Una")
    assert SECRET in everything_shown(kim, member.user)

    def says(section):
        page = sharing_page(plan_id=kim.plan.pk, viewer=kim.user, now=NOW)
        return next(one.sees_words for one in page.sections if one.key == section)

    assert says("now") == "The team can see this when it meets about you."
    assert says("hard") == "No one can see this yet. Those who walk with you will."
    assert says("mine") == "Only you can see this."
    actions.set_circle(plan_id=kim.plan.pk, section="hard", circle="named", by=kim.user, now=NOW)
    assert says("hard") == "No one can see this yet. Your main person will."
    HuddleItem.objects.filter(case__person=kim).delete()
    walk(kim, member)
    assert says("now") == "Una can see this."
    actions.shut_out(plan_id=kim.plan.pk, section="now", user_id=member.user_id, by=kim.user, now=NOW)
    assert says("now") == "Only you can see this. Una cannot."
    actions.step_out(plan_id=kim.plan.pk, by=kim.user, now=NOW)
    assert says("quiet") == "Only you can see this."


def test_one_entry_is_kept_from_somebody_by_name_on_the_entry_itself(world, client):
    sam, jo, ali, _ruth = world
    entry = entry_of(sam)
    assert SECRET in everything_shown(sam, ali.user)
    client.force_login(sam.user)
    address = f"/plans/{sam.plan.pk}/entries/{entry.pk}/sharing/"
    assert f'name="by_name_{ali.user_id}"' in client.get(address).content.decode()
    assert client.post(address, {"circle": "", f"by_name_{ali.user_id}": "shut"}).status_code == 303
    assert SECRET not in everything_shown(sam, ali.user)
    assert SECRET in everything_shown(sam, jo.user)
    assert "The team can see this when it meets about you. Ali cannot." in client.get(address).content.decode()
    told = history(plan_id=sam.plan.pk, viewer=sam.user, now=timezone.now())[0]
    assert (told.old, told.new) == ("as the section", f"as the section\n{ali.user.name} cannot.")
    with pytest.raises(NotKnown):
        actions.suggest_words(plan_id=sam.plan.pk, entry_id=entry.pk, words="Other", by=ali.user, now=NOW)
    # Whoever is not picked stays as they are; and the room's screen, which they may be looking at, has it no more.
    actions.set_entry_circle(plan_id=sam.plan.pk, entry_id=entry.pk, circle="", by_name={}, by=sam.user, now=NOW)
    assert SECRET not in everything_shown(sam, ali.user)
    assert not flags.for_the_room(standing(jo.user, sam.plan.pk, NOW), "now", "", [ali.user_id])
    client.post(address, {"circle": "", f"by_name_{ali.user_id}": ""})
    assert SECRET in everything_shown(sam, ali.user)


def test_one_entry_is_for_the_person_and_whom_they_name_of_those_who_see_its_part(world, client):
    sam, jo, ali, _ruth = world
    entry = entry_of(sam)
    client.force_login(sam.user)
    address = f"/plans/{sam.plan.pk}/entries/{entry.pk}/sharing/"
    assert client.post(address, {"circle": "me", f"by_name_{ali.user_id}": "see"}).status_code == 303
    assert SECRET in everything_shown(sam, ali.user)
    assert SECRET not in everything_shown(sam, jo.user)
    assert "Ali can see this." in client.get(address).content.decode()
    # They do with it what they do with its part: suggest other words.
    made = actions.suggest_words(plan_id=sam.plan.pk, entry_id=entry.pk, words="Other", by=ali.user, now=NOW)
    assert made.words == "Other"
    # A name opens no part that is closed to them.
    actions.shut_out(plan_id=sam.plan.pk, section="now", user_id=ali.user_id, by=sam.user, now=NOW)
    assert SECRET not in everything_shown(sam, ali.user)
    actions.open_again(plan_id=sam.plan.pk, section="now", user_id=ali.user_id, by=sam.user, now=NOW)
    assert SECRET in everything_shown(sam, ali.user)
    actions.stop_everybody(plan_id=sam.plan.pk, by=sam.user, now=NOW)
    assert SECRET not in everything_shown(sam, ali.user)


def test_only_somebody_of_the_persons_own_is_named_on_an_entry(world, client):
    sam, _jo, ali, _ruth = world
    entry, stranger = entry_of(sam), make_person(name="Kim").user
    for picked in ("see", "shut"):
        given = {"circle": "", "by_name": {stranger.pk: (picked, None)}, "by": sam.user, "now": NOW}
        with pytest.raises(NotKnown):
            actions.set_entry_circle(plan_id=sam.plan.pk, entry_id=entry.pk, **given)
    client.force_login(sam.user)
    address = f"/plans/{sam.plan.pk}/entries/{entry.pk}/sharing/"
    assert client.post(address, {"circle": "", f"by_name_{ali.user_id}": "write"}).status_code == 422


def test_nobody_but_the_person_sets_who_sees_an_entry(world, client):
    sam, jo, _ali, _ruth = world
    entry = entry_of(sam)
    with pytest.raises(NotAllowed):
        actions.set_entry_circle(plan_id=sam.plan.pk, entry_id=entry.pk, circle="me", by=jo.user, now=NOW)
    other = make_person(name="Kim")
    with pytest.raises(NotKnown):
        actions.set_entry_circle(plan_id=other.plan.pk, entry_id=entry.pk, circle="me", by=other.user, now=NOW)
    client.force_login(jo.user)
    address = f"/plans/{sam.plan.pk}/entries/{entry.pk}/sharing/"
    assert (client.get(address).status_code, client.post(address, {"circle": "me"}).status_code) == (403, 403)


def test_a_change_of_who_sees_an_entry_is_in_the_persons_history_alone(world):
    sam, jo, _ali, _ruth = world
    actions.set_entry_circle(plan_id=sam.plan.pk, entry_id=entry_of(sam).pk, circle="named", by=sam.user, now=NOW)
    assert "Me and my main person" in repr(history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW))
    assert "Me and my main person" not in repr(history(plan_id=sam.plan.pk, viewer=jo.user, now=NOW))


def test_the_person_lets_somebody_in_for_a_month_and_reads_until_when(world, client):
    sam, _jo, ali, _ruth = world
    client.force_login(sam.user)
    address = f"/plans/{sam.plan.pk}/sharing/now/"
    given = {"circle": "named", f"by_name_{ali.user_id}": "see", f"until_by_name_{ali.user_id}": "month"}
    assert client.post(address, given).status_code == 303
    end = timezone.now() + timedelta(days=30)
    day = f"{timezone.localtime(end):%-d %B}"
    assert f"Ali can see this until {day}." in client.get(address).content.decode()
    assert standing(ali.user, sam.plan.pk, end - timedelta(hours=1)).level("now") == Level.SEE
    assert standing(ali.user, sam.plan.pk, end + timedelta(hours=1)).level("now") == Level.NOTHING
    client.post(address, given | {f"until_by_name_{ali.user_id}": "as_it_is"})
    assert f"Ali can see this until {day}." in client.get(address).content.decode()
    client.post(address, given | {f"until_by_name_{ali.user_id}": ""})
    assert "Jo and Ali can see this." in client.get(address).content.decode()
    assert client.post(address, given | {f"until_by_name_{ali.user_id}": "for ever"}).status_code == 422


# -- At the same moment


def together(monkeypatch, first, then):
    """``first`` stops half-way, before it is kept; ``then`` begins; then ``first`` goes on. What each of them raised."""
    half_way, go_on, raised = Event(), Event(), {}

    def wait(*given, **more):
        half_way.set()
        go_on.wait(10)
        return set_down(*given, **more)

    def press(action):
        try:
            action()
        except Exception as error:
            raised[action] = type(error)
        finally:
            connection.close()

    set_down = actions.sharing.record
    monkeypatch.setattr(actions.sharing, "record", wait)
    one, other = Thread(target=press, args=[first]), Thread(target=press, args=[then])
    one.start()
    assert half_way.wait(10)
    other.start()
    other.join(0.5)  # it waits, or it is through
    go_on.set()
    one.join()
    other.join()
    return raised.get(first), raised.get(then)


PRESSES = {
    "adding": (actions.add_entry, {"section": "helps", "field": "helps", "words": "too late"}),
    "changing": (actions.change_words, {"words": "too late", "version": 1}),
    "suggesting": (actions.suggest_words, {"words": "too late"}),
    "taking out": (actions.take_out, {}),
    "a copy": (actions.ask_for_copy, {"layout": "normal", "sections": ["helps"], "language": "", "fingerprint": ""}),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("press", PRESSES)
def test_whoever_is_being_shut_out_at_this_moment_is_shut_out(monkeypatch, press):
    """Jo presses while the person's own press is not yet kept: hers waits for it, and then finds the part closed."""
    sam, jo = make_person(name="Sam"), make_member(name="Jo Bevan")
    walk(sam, jo)
    HuddleItem.objects.all().delete()
    by = {"plan_id": sam.plan.pk, "by": sam.user, "now": NOW}
    theirs = actions.add_entry(section="helps", field="helps", words="Biscuit", **by)
    jos = actions.add_entry(section="helps", field="helps", words="Tea", **{**by, "by": jo.user})
    action, given = PRESSES[press]
    if action in {actions.change_words, actions.take_out, actions.suggest_words}:
        given = given | {"entry_id": (theirs if action is actions.suggest_words else jos).pk}

    def shuts_out():
        actions.shut_out(section="helps", user_id=jo.user_id, **by)

    def presses():
        action(plan_id=sam.plan.pk, by=jo.user, now=NOW, **given)

    assert together(monkeypatch, shuts_out, presses) in {(None, NotKnown), (None, NotAllowed)}
    assert sorted(Entry.objects.values_list("words", flat=True)) == ["Biscuit", "Tea"]
    assert not Entry.objects.exclude(removed_at=None).exists()
    assert not Suggestion.objects.exists()
    assert not Copy.objects.exists()


def test_the_circle_of_an_entry_stays_its_own_when_its_part_is_seen_by_fewer_for_a_while(client):
    sam, jo = make_person(entries=(("now", "words", "a heron", ""),)), make_member()
    walk(sam, jo)
    entry, given = sam.plan.entries.get(), {"plan_id": sam.plan.pk, "by": sam.user, "now": NOW}
    actions.set_entry_circle(entry_id=entry.pk, circle="walking", **given)
    actions.set_circle(section="now", circle="walking", **given)
    client.force_login(sam.user)
    address = f"/plans/{sam.plan.pk}/entries/{entry.pk}/sharing/"
    page = client.get(address).content.decode()
    (picked,) = [field for field in re.findall('<input[^>]*name="circle"[^>]*>', page) if "checked" in field]
    assert 'value="walking"' in picked
    assert client.post(address, {"circle": "walking", f"by_name_{jo.user_id}": "see"}).status_code == 303
    entry.refresh_from_db()
    assert (entry.circle, entry.let_in) == ("walking", [jo.user_id])
