"""A whole sector, one organisation or all of their own people can be let in or shut out; a shut-out beats every let-in."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import actions
from cases.models import HuddleItem, LetIn, Supporter
from cases.permissions import NotAllowed, NotKnown, standing
from cases.queries.history import history
from cases.queries.plan import plan_page
from cases.queries.sharing import sharing_page
from cases.sections import Group, Level
from teams.models import Sector
from tests.factories import NOW, make_member, make_organisation, make_person, make_team, walk

pytestmark = pytest.mark.django_db
SECRET = "a heron in the reeds"


class World:
    """Sam keeps "How things are" to the main person; Moira and Dan come from two charities, and neither walks with Sam."""

    def __init__(self):
        self.sam, self.jo = make_person(name="Sam"), make_member(name="Jo Bevan")
        self.kettle = make_organisation(name="The Kettle", sector="voluntary")
        self.ledger = make_organisation(name="Open Ledger", sector="voluntary")
        self.moira = make_member(name="Moira Kelly", sector="voluntary", organisation=self.kettle)
        self.dan = make_member(name="Dan Hughes", sector="voluntary", organisation=self.ledger)
        self.ali = make_member(name="Ali Rahman", sector="peer")
        walk(self.sam, self.jo)
        walk(self.sam, self.ali, main=False)
        HuddleItem.objects.all().delete()
        self.act(actions.add_entry, section="now", field="words", words=SECRET)
        self.act(actions.set_circle, section="now", circle="named")

    def act(self, action, *, now=NOW, **given):
        return action(plan_id=self.sam.plan.pk, by=self.sam.user, now=now, **given)

    def let_in(self, group, *, level=Level.SEE, **given):
        self.act(actions.let_group_in, section="now", group=group, level=level, **given)

    def sees(self, member, now=NOW):
        try:
            return standing(member.user, self.sam.plan.pk, now).level("now")
        except NotKnown:
            return None

    def says(self, section="now"):
        page = sharing_page(plan_id=self.sam.plan.pk, viewer=self.sam.user, now=NOW)
        return next(item.sees_words for item in page.sections if item.key == section)


@pytest.fixture
def world():
    return World()


CHARITIES = Group(sector=Sector.VOLUNTARY)


def test_a_sector_let_in_is_everybody_of_it_in_the_persons_own_team_and_nobody_else(world):
    elsewhere = make_member(name="Olu Cole", sector="voluntary", team=make_team(name="Northmoor", is_front_door=False))
    assert [world.sees(member) for member in (world.moira, world.dan)] == [None, None]
    world.let_in(CHARITIES)
    assert [world.sees(member) for member in (world.moira, world.dan)] == [Level.SEE, Level.SEE]
    assert world.sees(world.ali) == Level.NOTHING
    assert world.sees(elsewhere) is None
    assert SECRET in repr(plan_page(plan_id=world.sam.plan.pk, viewer=world.moira.user, now=NOW))
    assert world.says() == "Jo and charities and community groups can see this. Ali cannot."


def test_the_name_of_a_group_begins_small_in_the_middle_of_a_sentence(world):
    world.act(actions.shut_out, section="now", user_id=world.jo.user_id)
    world.act(actions.shut_out, section="now", sector=Sector.COUNCIL)
    assert world.says().endswith("Jo, Ali and the council cannot.")
    world.let_in(CHARITIES)
    assert world.says().startswith("Charities and community groups can see this.")


def test_one_organisation_let_in_is_only_that_one_and_to_the_level_and_the_day_that_was_said(world):
    world.let_in(Group(organisation_id=world.kettle.pk), level=Level.SUGGEST, until=NOW + timedelta(days=54))
    assert world.sees(world.moira) == Level.SUGGEST
    assert world.sees(world.dan) is None
    assert world.says() == "Jo can see this. People from The Kettle can see this until 3 May. Ali cannot."
    end = NOW + timedelta(days=54)
    assert world.sees(world.moira, end - timedelta.resolution) == Level.SUGGEST
    assert world.sees(world.moira, end) is None, "not a moment longer"


def test_it_is_over_at_once_when_the_person_stops_it_or_the_member_leaves_or_the_person_steps_out(world):
    world.let_in(CHARITIES)
    world.let_in(CHARITIES, level=Level.NOTHING)
    assert world.sees(world.moira) is None
    world.let_in(CHARITIES)
    world.moira.ended_at, world.moira.ended_by = NOW, world.moira.user
    world.moira.save()
    assert world.sees(world.moira) is None
    world.act(actions.step_out)
    assert world.sees(world.dan) is None
    assert LetIn.objects.count() == 2, "each time it was let in is a row of its own"


@pytest.mark.parametrize("whole", [True, False], ids=["the whole plan", "the section"])
@pytest.mark.parametrize("by", ["organisation", "sector"])
def test_a_shut_out_beats_every_let_in(world, whole, by):
    moira, place = world.moira, "" if whole else "now"
    world.let_in(CHARITIES)
    world.let_in(Group(organisation_id=world.kettle.pk), level=Level.WRITE)
    out = {"organisation_id": world.kettle.pk} if by == "organisation" else {"sector": Sector.VOLUNTARY}
    world.act(actions.shut_out, section=place, **out)
    assert world.sees(moira) is None
    assert (world.sees(world.dan) is None) == (by == "sector")
    world.act(actions.open_again, section=place, **out)
    assert world.sees(moira) == Level.WRITE


def test_an_organisation_kept_away_does_not_know_of_the_plan_even_when_the_huddle_meets(world):
    actions.bring(plan_id=world.sam.plan.pk, why="Good to talk", by=world.jo.user, now=NOW)
    world.act(actions.set_circle, section="now", circle="team")
    assert world.sees(world.moira) == Level.SEE
    world.act(actions.shut_out, organisation_id=world.kettle.pk)
    assert world.sees(world.moira) is None
    assert world.sees(world.dan) == Level.SEE
    assert HuddleItem.objects.count() == 1


def test_whoever_was_let_into_one_part_cannot_open_the_others_by_bringing_them_to_the_huddle(world, client):
    """On the agenda, all of the team would see what the team may see: that takes somebody who walks with them."""
    world.let_in(CHARITIES)
    with pytest.raises(NotAllowed):
        actions.bring(plan_id=world.sam.plan.pk, why="I wonder", by=world.moira.user, now=NOW)
    client.force_login(world.moira.user)
    assert "Bring to the huddle" not in client.get(f"/plans/{world.sam.plan.pk}/").content.decode()
    assert not HuddleItem.objects.exists()
    actions.bring(plan_id=world.sam.plan.pk, why="Good news", by=world.ali.user, now=NOW)
    actions.bring(plan_id=world.sam.plan.pk, why="Me too", by=world.moira.user, now=NOW)


def test_words_with_a_circle_of_their_own_are_closed_to_a_group(world):
    world.act(actions.add_entry, section="now", field="words", words="for few", circle="named")
    world.let_in(CHARITIES, level=Level.WRITE)
    assert "for few" not in repr(plan_page(plan_id=world.sam.plan.pk, viewer=world.moira.user, now=NOW))


def test_all_of_their_own_people_are_one_choice_for_those_who_are_there_and_those_to_come(world):
    world.let_in(Group())
    actions.invite_supporter(plan_id=world.sam.plan.pk, name="Ann", sees=(), by=world.sam.user, now=NOW)
    ann = Supporter.objects.get()
    with pytest.raises(NotKnown):
        standing(ann.user, world.sam.plan.pk, NOW)
    Supporter.objects.update(accepted_at=NOW, opens_at=NOW)
    assert standing(ann.user, world.sam.plan.pk, NOW).level("now") == Level.SEE
    assert world.says() == "Jo and Ann can see this. Ali cannot."
    actions.end_supporter(plan_id=world.sam.plan.pk, supporter_id=ann.pk, by=world.sam.user, now=NOW)
    with pytest.raises(NotKnown):
        standing(ann.user, world.sam.plan.pk, NOW)


def test_nobody_is_let_into_what_is_only_for_the_person_and_their_people_not_into_what_names_others(world):
    for group, section in ((CHARITIES, "mine"), (Group(), "mine"), (Group(), "notes"), (Group(), "happened")):
        with pytest.raises(NotKnown):
            world.act(actions.let_group_in, section=section, group=group, level=Level.SEE)


def test_an_organisation_that_is_not_in_the_team_cannot_be_named(world):
    other = make_organisation(name="Elsewhere", sector="council")
    for act, given in (
        (actions.let_group_in, {"section": "now", "group": Group(organisation_id=other.pk), "level": Level.SEE}),
        (actions.shut_out, {"organisation_id": other.pk}),
    ):
        with pytest.raises(NotKnown):
            world.act(act, **given)
    with pytest.raises(NotAllowed):
        actions.let_group_in(
            plan_id=world.sam.plan.pk, section="now", group=CHARITIES, level=Level.SEE, by=world.jo.user, now=NOW
        )


def test_the_database_refuses_a_group_that_is_two(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        LetIn.objects.create(
            plan=world.sam.plan, section="now", sector="peer", organisation=world.kettle, level=1, since=NOW
        )


def test_each_change_is_in_the_persons_history_and_in_nobody_elses(world):
    world.let_in(Group(organisation_id=world.kettle.pk))
    mine = [change.new for change in history(plan_id=world.sam.plan.pk, viewer=world.sam.user, now=NOW)]
    assert "People from The Kettle can see this." in mine
    assert "The Kettle" not in repr(history(plan_id=world.sam.plan.pk, viewer=world.jo.user, now=NOW))


def test_the_person_sets_it_on_the_page_of_the_section_and_reads_until_when(world, client):
    client.force_login(world.sam.user)
    address = f"/plans/{world.sam.plan.pk}/sharing/now/"
    kettle = f"organisation_{world.kettle.pk}"
    assert "The Kettle" in client.get(address).content.decode()
    given = {"circle": "named", "more": kettle, "more_may": "see", "more_until": "month"}
    assert client.post(address, given).status_code == 303
    day = f"{timezone.localtime(timezone.now() + timedelta(days=30)):%-d %B}"
    assert f"People from The Kettle can see this until {day}." in client.get(address).content.decode()
    assert world.sees(world.moira, timezone.now()) == Level.SEE
    same = {"circle": "named", f"group_{kettle}": "see", f"until_group_{kettle}": "as_it_is"}
    client.post(address, same)
    assert f"until {day}." in client.get(address).content.decode()
    assert LetIn.objects.count() == 1
    client.post(address, same | {f"group_{kettle}": "shut"})
    assert "people from The Kettle cannot." in client.get(address).content.decode()
    assert world.sees(world.moira, timezone.now()) is None
    client.post(address, {"circle": "named", f"group_{kettle}": ""})
    assert "Kettle can" not in client.get(address).content.decode()
    for bad in ({"more": "organisation_0"}, {"more": "people", "more_may": "shut"}, {"more_until": "for ever"}):
        assert client.post(address, {"circle": "named", **bad}).status_code == 422
    assert client.get(f"/plans/{world.sam.plan.pk}/sharing/mine/").status_code == 200


def test_an_organisation_is_kept_away_and_let_back_in_with_one_press_each(world, client):
    client.force_login(world.sam.user)
    away = f"/plans/{world.sam.plan.pk}/sharing/organisation/{world.kettle.pk}/"
    world.let_in(CHARITIES)
    assert client.post(away).status_code == 303
    assert world.sees(world.moira, timezone.now()) is None
    assert "cannot see any of it" in client.get(f"/plans/{world.sam.plan.pk}/sharing/").content.decode()
    client.post(away, {"open": "1"})
    assert world.sees(world.moira, timezone.now()) == Level.SEE
    assert client.post(f"/plans/{world.sam.plan.pk}/sharing/organisation/987654/").status_code == 404


def test_everybody_who_was_let_in_is_stopped_in_one_press_and_the_circles_stay(world, client):
    client.force_login(world.sam.user)
    page = f"/plans/{world.sam.plan.pk}/sharing/"
    assert "Stop everyone" not in client.get(page).content.decode()
    world.let_in(CHARITIES)
    world.act(actions.let_somebody_in, section="now", user_id=world.ali.user_id, level=Level.SEE)
    world.act(actions.invite_supporter, name="Ann", sees=("now",))
    Supporter.objects.update(accepted_at=NOW, opens_at=NOW)
    ann = Supporter.objects.get().user
    world.act(actions.shut_out, section="helps", user_id=world.ali.user_id)
    assert "Stop everyone" in client.get(page).content.decode()
    assert client.post(f"{page}stop/").status_code == 303
    now = timezone.now()
    assert [world.sees(member, now) for member in (world.jo, world.ali, world.moira)] == [
        Level.SUGGEST,
        Level.NOTHING,
        None,
    ]
    with pytest.raises(NotKnown):
        standing(ann, world.sam.plan.pk, now)
    assert standing(world.ali.user, world.sam.plan.pk, now).level("helps") == Level.NOTHING
    assert "Stopped everyone who was let in." in repr(
        history(plan_id=world.sam.plan.pk, viewer=world.sam.user, now=now)
    )


def test_whoever_is_let_into_one_part_with_their_group_writes_down_no_contact():
    """A contact says that a promise was kept, and begins the clock anew: that is for those who walk with the person."""
    sam, kit = make_person(), make_member(name="Kit", sector="council", says_hello=False)
    HuddleItem.objects.all().delete()
    given = {"plan_id": sam.plan.pk, "now": NOW}
    actions.let_group_in(section="helps", group=Group("council"), level=Level.SEE, by=sam.user, **given)
    assert standing(kit.user, sam.plan.pk, NOW).level("helps") == Level.SEE
    with pytest.raises(NotAllowed):
        actions.keep_contact(at=NOW, way="call", went="both", by=kit.user, **given)
