"""The person keeps one member of their team away from everything, by name: at once, and wherever the team looks.

Somebody's partner may work for the team. Kit is in it; Ali walks with Sam.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import HuddleItem, NeededNow, ShutOut, Supporter, Walk
from cases.permissions import NotAllowed, NotKnown, first_hello_rota, standing
from cases.queries.history import history
from cases.queries.huddle import huddle_item
from cases.queries.me import my_page
from cases.queries.plan import plan_page
from cases.queries.sharing import sharing_page
from cases.sections import Group, Level
from teams.models import Message
from tests.factories import make_member, make_person, make_team, signed_in, walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]
SECRET = "a heron in the reeds"
NAME = "Samphire"


class World:
    """Samphire asked for today, and may be in danger: the team is to talk about her, and all of it can read her words."""

    def __init__(self):
        self.now = timezone.now()
        told = {"told": (("know", SECRET),), "entries": (("now", "words", SECRET, ""),)}
        self.sam = make_person(name=NAME, pace="not_safe", now=self.now, **told)
        self.jo = make_member(name="Jo Bevan", says_hello=False)
        self.ali = make_member(name="Ali Rahman", sector="peer", role="peer worker", says_hello=False)
        self.kit = make_member(name="Kit Moss", sector="council", role="social worker")
        for member in (self.ali, self.kit):
            member.may_open, member.duty_days = True, list(range(5))
            member.save()
        walk(self.sam, self.jo, now=self.now)
        walk(self.sam, self.ali, main=False, now=self.now)
        self.item = HuddleItem.objects.get(case__person=self.sam)
        self.act(actions.keep_safety_note, words="he hurts me", via="own_phone")
        told = {"who": "Somebody", "why": "Low", "seen": "", "teller": "", "reach": "", "may_say": "no"}
        self.worry, self.linked = (
            actions.tell_worry(**told, lifted=False, by=None, now=self.now) for _each in range(2)
        )
        given = {"worry_id": self.linked.pk, "plan_id": self.sam.plan.pk, "now": self.now}
        actions.link_worry(by=self.jo.user, **given)

    @property
    def plan_id(self):
        return self.sam.plan.pk

    def act(self, action, *, now=None, by=None, **given):
        return action(plan_id=self.plan_id, by=by or self.sam.user, now=now or self.now, **given)

    def keep_away(self, member, **given):
        self.act(actions.shut_out, user_id=member.user_id, **given)

    def let_back(self, member, **given):
        self.act(actions.open_again, user_id=member.user_id, **given)

    def decided(self):
        """The team talks about her, and Jo says hello."""
        if self.item.decided_at is None:
            actions.decide(
                item_id=self.item.pk, decision="hello", we_heard="", first_step="Tea", because="You asked",
                who=self.jo.pk, by_when=timezone.localdate(), by=self.jo.user, now=self.now,
            )  # fmt: skip
            self.item.refresh_from_db()

    def opens(self, member, name, **ids):
        return signed_in(member.user).get(reverse(name, kwargs={"plan_id": self.plan_id, **ids})).status_code == 200


@pytest.fixture
def world():
    return World()


def says(member, address):
    return signed_in(member.user).get(address).content.decode()


def on_the_rota(world, member):
    return member in first_hello_rota(member.team, world.sam)


def opens_in_an_emergency(world, member):
    world.decided()
    return world.opens(member, "emergency")


def has_opened_in_an_emergency(world, member):
    world.decided()
    if not standing_of(world, member):
        return False
    return SECRET in says(member, reverse("plan", args=[world.plan_id]))


def standing_of(world, member):
    try:
        if not world.sam.plan.openings.exists():
            world.act(actions.open_in_emergency, why="Her brother rang us", by=member.user)
        return standing(member.user, world.plan_id, world.now)
    except NotKnown:
        return None


def says_that_they_have_it(world, member):
    needed = NeededNow.objects.get()
    NeededNow.objects.update(taken_at=None, taken_by=None)
    try:
        return actions.take_needed(needed_id=needed.pk, by=member.user, now=world.now).taken_by == member
    except NotKnown:
        return False


def reads_what_was_decided(world, member):
    world.decided()
    return "Tea" in says(member, reverse("huddle_item", args=[world.item.pk]))


def is_told_who_was_decided_about(world, member):
    world.decided()
    return NAME in says(member, reverse("huddle"))


def may_be_named_to_say_hello(world, member):
    card = huddle_item(item_id=world.item.pk, viewer=world.jo.user, now=world.now)
    return member.pk in dict(card.members)


def acts_first(world, member):
    return f"{member.user.first_name}" in says(world.jo, reverse("today")).split("acts first")[0][-60:]


def suggests_other_words(world, member):
    entry = world.sam.plan.entries.get(section="now")
    data = {"words": "as I would say", "why": "So"}
    address = reverse("suggest", args=[world.plan_id, entry.pk])
    return signed_in(member.user).post(address, data).status_code == 303


def adds_to_the_plan(world, member):
    data = {"field": "helps", "words": "A dog", "why": "We talked"}
    return signed_in(member.user).post(reverse("entry_add", args=[world.plan_id, "helps"]), data).status_code == 303


def brings_them_to_the_huddle(world, member):
    return signed_in(member.user).post(reverse("bring", args=[world.plan_id]), {"why": "News"}).status_code == 303


def hears_in_the_room(world, member):
    data = {"part": "hear", "strong": "A lot", "not_known": ""}
    return signed_in(member.user).post(reverse("huddle_item", args=[world.item.pk]), data).status_code == 303


def page_of(name):
    return lambda world, member: world.opens(member, name)


def name_on(address):
    return lambda world, member: NAME in says(member, address)


# Where one of the team finds her, does something with her, or is named to her.
IN_THE_TEAM = {
    "the plan": page_of("plan"),
    "what has changed": page_of("plan_history"),
    "a copy": page_of("copy"),
    "the quick copy": page_of("plan_pdf"),
    "asking something": page_of("ask"),
    "a contact": page_of("contact"),
    "how to reach her": page_of("reach"),
    "bringing her": page_of("bring"),
    "what is kept apart": page_of("safety"),
    "kept apart: the list": name_on("/apart/"),
    "today": name_on("/today/"),
    "a search by name": lambda world, member: str(world.plan_id) in says(member, f"/today/?name={NAME}"),
    "the huddle's agenda": name_on("/huddle/"),
    "the room": lambda world, member: SECRET in says(member, reverse("huddle_item", args=[world.item.pk])),
    "hearing her words there": hears_in_the_room,
    "to be named there": may_be_named_to_say_hello,
    "the rota of first hellos": on_the_rota,
    "acting first": acts_first,
    "having it": says_that_they_have_it,
    "bringing her to the huddle": brings_them_to_the_huddle,
    "what was decided": reads_what_was_decided,
    "about whom it was decided": is_told_who_was_decided_about,
    "an emergency": opens_in_an_emergency,
    "an emergency that goes on": has_opened_in_an_emergency,
}
WALKING = {
    "the plan": page_of("plan"),
    "what has changed": page_of("plan_history"),
    "a copy": page_of("copy"),
    "a contact": page_of("contact"),
    "how to reach her": page_of("reach"),
    "how often": page_of("rhythm"),
    "a new code": page_of("new_code"),
    "what is kept apart": page_of("safety"),
    "today": name_on("/today/"),
    "mine, today": name_on("/today/?mine=on"),
    "the huddle's agenda": name_on("/huddle/"),
    "the room": lambda world, member: SECRET in says(member, reverse("huddle_item", args=[world.item.pk])),
    "to be named there": may_be_named_to_say_hello,
    "other words": suggests_other_words,
    "adding": adds_to_the_plan,
    "bringing her to the huddle": brings_them_to_the_huddle,
    "a worry about her": lambda world, member: "Low" in says(member, reverse("worry_seen", args=[world.linked.pk])),
    "whom a worry is about": lambda world, member: NAME in says(member, reverse("worry_seen", args=[world.worry.pk])),
    "what was decided": reads_what_was_decided,
    "about whom it was decided": is_told_who_was_decided_about,
}


@pytest.mark.parametrize("place", IN_THE_TEAM)
def test_one_of_the_team_who_is_kept_away_finds_her_nowhere(world, place):
    assert IN_THE_TEAM[place](world, world.kit), "it was there"
    world.keep_away(world.kit)
    assert not IN_THE_TEAM[place](world, world.kit)
    world.let_back(world.kit)
    assert IN_THE_TEAM[place](world, world.kit)


@pytest.mark.parametrize("place", WALKING)
def test_one_who_walks_with_her_and_is_kept_away_finds_her_nowhere(world, place):
    assert WALKING[place](world, world.ali), "it was there"
    world.keep_away(world.ali)
    assert not WALKING[place](world, world.ali)
    assert WALKING[place](world, world.jo), "for the others nothing changes"
    world.let_back(world.ali)
    assert WALKING[place](world, world.ali)


# -- The page


def test_the_person_picks_one_of_the_team_and_lets_them_back_with_one_press_each(world):
    client, page = signed_in(world.sam.user), reverse("sharing", args=[world.plan_id])
    shown = client.get(page).content.decode()
    for words in ("Kit Moss", "social worker, Somewhere council", "peer worker, Somewhere peer. Walks with you."):
        assert words in shown
    press = reverse("sharing_member", args=[world.plan_id, world.kit.user_id])
    assert press in shown
    assert world.opens(world.kit, "plan")
    answer = client.post(press)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page}#away")
    assert not world.opens(world.kit, "plan")
    view = sharing_page(plan_id=world.plan_id, viewer=world.sam.user, now=world.now)
    assert [one.name for one in view.kept_away] == ["Kit Moss"]
    assert "Kit Moss" not in [one.name for one in view.members]
    client.post(press)  # pressed twice
    assert ShutOut.objects.count() == 1
    client.post(press, {"open": "1"})
    assert world.opens(world.kit, "plan")
    assert ShutOut.objects.get().ended_at


def test_the_list_is_the_team_as_it_is_without_herself(world):
    herself, left, elsewhere = (
        make_member(name="Samphire Reed"),
        make_member(name="Edie Past"),
        make_member(name="Olu Cole", team=make_team(name="Northmoor", is_front_door=False)),
    )
    herself.user = world.sam.user
    herself.save()
    left.ended_at, left.ended_by = world.now, left.user
    left.save()
    view = sharing_page(plan_id=world.plan_id, viewer=world.sam.user, now=world.now)
    assert [one.name for one in view.members] == ["Ali Rahman", "Jo Bevan", "Kit Moss"]
    for nobody in (herself.user_id, left.user_id, elsewhere.user_id, make_person(name="Kim").user.pk):
        with pytest.raises(NotKnown):
            world.act(actions.shut_out, user_id=nobody)
    press = reverse("sharing_member", args=[world.plan_id, elsewhere.user_id])
    assert signed_in(world.sam.user).post(press).status_code == 404


def test_whoever_has_left_the_team_is_still_there_to_be_let_back_and_is_away_when_they_return(world):
    world.keep_away(world.kit)
    world.kit.ended_at, world.kit.ended_by = world.now, world.kit.user
    world.kit.save()
    back = make_member(name="Somebody else")
    back.user = world.kit.user
    back.save()
    assert not world.opens(back, "plan")
    back.ended_at, back.ended_by = world.now, back.user
    back.save()
    view = sharing_page(plan_id=world.plan_id, viewer=world.sam.user, now=world.now)
    assert [(one.name, one.does) for one in view.kept_away] == [("Kit Moss", "")]
    assert "Kit Moss" not in [one.name for one in view.members]
    world.let_back(world.kit)
    assert not sharing_page(plan_id=world.plan_id, viewer=world.sam.user, now=world.now).kept_away


def test_of_one_part_only_somebody_who_walks_with_her_can_be_shut_out_by_name(world):
    world.keep_away(world.ali, section="now")
    for action in (actions.shut_out, actions.open_again):
        with pytest.raises(NotKnown):
            world.act(action, section="now", user_id=world.kit.user_id)


@pytest.mark.parametrize("who", ["jo", "ali", "kit"])
def test_nobody_but_the_person_keeps_anybody_away(world, who):
    by = getattr(world, who).user
    with pytest.raises(NotAllowed):
        world.act(actions.shut_out, user_id=world.jo.user_id, by=by)
    press = reverse("sharing_member", args=[world.plan_id, world.jo.user_id])
    assert signed_in(by).post(press).status_code == 403
    world.keep_away(getattr(world, who))
    assert signed_in(by).post(press, {"open": "1"}).status_code == 404, "not whoever is kept away"


def test_it_beats_every_let_in(world):
    world.decided()
    for member in (world.kit, world.ali):
        world.act(actions.let_group_in, section="now", group=Group(sector=member.organisation.sector), level=Level.SEE)
    world.act(actions.let_somebody_in, section="now", user_id=world.ali.user_id, level=Level.WRITE)
    entry = world.sam.plan.entries.get(section="now")
    by_name = {world.ali.user_id: ("see", None)}
    world.act(actions.set_entry_circle, entry_id=entry.pk, circle="me", by_name=by_name)
    for member in (world.kit, world.ali):
        assert world.opens(member, "plan")
        world.keep_away(member)
        assert not world.opens(member, "plan")


def test_it_holds_for_one_of_the_team_whom_she_had_asked_to_stand_beside_her_too(world):
    world.act(actions.invite_supporter, name="Kit", sees=["now"])
    Supporter.objects.update(user=world.kit.user, accepted_at=world.now, opens_at=world.now)
    world.decided()
    world.act(actions.let_group_in, section="now", group=Group(), level=Level.SEE)
    world.kit.ended_at, world.kit.ended_by = world.now, world.kit.user
    world.keep_away(world.kit)
    world.kit.save()  # not even once they are in the team no more
    assert not world.opens(world.kit, "plan")


# -- Who is told


def test_those_who_decide_who_says_hello_read_it_and_nobody_else(world):
    card = reverse("huddle_item", args=[world.item.pk])
    ruth = make_member(name="Ruth Adeyemi", sector="council", says_hello=False)

    def seen():
        given = {"plan_id": world.plan_id, "now": world.now}
        members = (world.jo.user, world.ali.user)
        return [[plan_page(viewer=user, **given), history(viewer=user, **given)] for user in members]

    before = seen()
    world.keep_away(world.kit)
    assert seen() == before
    for member in (world.jo, ruth):
        shown = says(member, card)
        assert "They would rather not be seen by" in shown
        assert "<li>Kit Moss</li>" in shown
    world.keep_away(ruth)
    assert "Ruth Adeyemi" in says(world.jo, card)
    assert signed_in(ruth.user).get(card).status_code == 404


def test_it_is_in_the_persons_history_and_in_nobody_elses(world):
    world.keep_away(world.kit)
    world.let_back(world.kit, now=world.now + timedelta(minutes=1))
    later = world.now + timedelta(minutes=2)
    mine = [change.new for change in history(plan_id=world.plan_id, viewer=world.sam.user, now=later)]
    told = [words for words in mine if "Kit" in words]
    assert told == ["Kit Moss: no longer kept away.", "Kit Moss can no longer see any of your plan."]
    assert "Kit" not in repr(history(plan_id=world.plan_id, viewer=world.jo.user, now=later))
    assert "Kit" in signed_in(world.sam.user).get(reverse("record", args=[world.plan_id])).content.decode()


def test_whoever_is_let_back_reads_on_from_then(world):
    entry = world.sam.plan.entries.get(section="now")

    def change(words, version, now):
        world.act(actions.change_words, entry_id=entry.pk, words=words, version=version, now=now)

    moments = [world.now + timedelta(hours=hours) for hours in range(1, 6)]
    world.keep_away(world.ali, now=moments[0])
    change("while away", 1, moments[1])
    change("afterwards", 2, moments[2])
    world.let_back(world.ali, now=moments[3])
    read = repr(history(plan_id=world.plan_id, viewer=world.ali.user, now=moments[4], section="now"))
    assert [words in read for words in (SECRET, "while away", "afterwards")] == [False, False, True]


# -- Nothing that we say to the person names whoever they keep away


def test_nobody_who_is_kept_away_signs_a_message_or_a_promise(world):
    def says_hello():
        page = my_page(viewer=world.sam.user, now=world.now)
        return page.next_words + (page.main.name if page.main else "")

    world.decided()
    assert "Jo" in says_hello()
    world.act(actions.set_way, kind="text", to="07700 900902", others="no")
    Message.objects.all().delete()
    world.keep_away(world.jo)
    assert "Jo" not in says_hello()
    token = world.act(actions.invite_supporter, name="Ann", sees=["now"]).split("/shared/")[1].strip("/")
    actions.accept_support(token=token, channel="email", to="ann@example.org", now=world.now)
    (message,) = Message.objects.filter(recipient=world.sam.user)
    assert (message.subject, "Jo" in message.body) == ("Hello from Kit", False)


def test_nobody_who_is_kept_away_walks_with_her_again_when_she_comes_back(world):
    world.keep_away(world.jo)
    world.act(actions.step_out)
    world.act(actions.come_back, now=world.now + timedelta(seconds=1))
    assert [row.member for row in Walk.objects.filter(ended_at=None)] == [world.ali]
