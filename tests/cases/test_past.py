"""Older words are not for those who are let in later, unless the person says so (docs/decisions/0008)."""

from datetime import timedelta

import pytest

from cases import actions
from cases.models import HuddleItem
from cases.queries.history import PAGE, history, history_page
from cases.queries.plan import plan_page
from cases.sections import Group, Level
from tests.factories import NOW, make_member, make_person, walk

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = "the first words", "the second words", "the third words"


def at(days):
    return NOW + timedelta(days=days)


class World:
    """Sam wrote, and wrote anew, while "How things are" was for the main person alone. Ali walks with Sam too."""

    def __init__(self, *, section_circle="named", entry_circle=""):
        self.sam = make_person(name="Sam")
        self.jo, self.ali = make_member(name="Jo Bevan"), make_member(name="Ali Rahman", sector="peer")
        walk(self.sam, self.jo)
        walk(self.sam, self.ali, main=False)
        HuddleItem.objects.all().delete()
        self.circle(section_circle, at(0))
        given = {"circle": entry_circle} if entry_circle else {}
        self.entry = self.act(
            actions.add_entry, at(1), section="now", field="words", words=FIRST, why="at first", **given
        )
        self.change(SECOND, at(2))

    def act(self, action, now, **given):
        return action(plan_id=self.sam.plan.pk, by=self.sam.user, now=now, **given)

    def circle(self, circle, now):
        self.act(actions.set_circle, now, section="now", circle=circle)

    def change(self, words, now):
        self.entry.refresh_from_db()
        self.act(actions.change_words, now, entry_id=self.entry.pk, words=words, version=self.entry.version)

    def reads(self, member, now=None):
        user = getattr(member, "user", member)
        changes = history(plan_id=self.sam.plan.pk, viewer=user, now=now or at(30), section="now")
        return [(change.what, change.old, change.new) for change in reversed(changes) if change.section == "now"]


AS_IT_STOOD = [("added", "", SECOND), ("changed", SECOND, THIRD)]
ALL_OF_IT = [("added", "", FIRST), ("changed", FIRST, SECOND), ("changed", SECOND, THIRD)]

OPENINGS = {
    "a wider circle": lambda world: world.circle("walking", at(3)),
    "by name": lambda world: world.act(
        actions.let_somebody_in, at(3), section="now", user_id=world.ali.user_id, level=Level.SEE
    ),
    "with a sector": lambda world: world.act(
        actions.let_group_in, at(3), section="now", group=Group(sector="peer"), level=Level.SEE
    ),
    "with their organisation": lambda world: world.act(
        actions.let_group_in, at(3), section="now",
        group=Group(organisation_id=world.ali.organisation_id), level=Level.SEE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("opening", OPENINGS)
def test_whoever_is_let_in_reads_what_stands_there_then_and_what_comes_after(opening):
    world = World()
    OPENINGS[opening](world)
    world.change(THIRD, at(4))
    assert world.reads(world.ali) == AS_IT_STOOD
    assert world.reads(world.jo) == ALL_OF_IT, "for the others nothing changes"
    changes = history(plan_id=world.sam.plan.pk, viewer=world.ali.user, now=at(30), section="now")
    assert min(change.at for change in changes) == at(3), "to them it begins when it was opened"
    assert "at first" not in repr(changes)


def test_one_thing_that_is_opened_wider_keeps_its_older_words_too():
    world = World(section_circle="walking", entry_circle="named")
    world.act(actions.set_entry_circle, at(3), entry_id=world.entry.pk, circle="")
    world.change(THIRD, at(4))
    assert world.reads(world.ali) == AS_IT_STOOD
    assert [row for row in world.reads(world.jo) if row[0] != "changed who can see"] == ALL_OF_IT


def test_whoever_was_shut_out_and_let_back_reads_on_from_then():
    world = World(section_circle="walking")
    out = {"section": "now", "user_id": world.ali.user_id}
    world.act(actions.shut_out, at(1.5), **out)
    world.act(actions.open_again, at(3), **out)
    world.change(THIRD, at(4))
    assert world.reads(world.ali) == AS_IT_STOOD


def test_a_sector_that_was_kept_away_reads_on_from_the_day_it_was_let_back():
    world = World(section_circle="walking")
    world.act(actions.shut_out, at(1.5), sector="peer")
    world.act(actions.open_again, at(3), sector="peer")
    world.change(THIRD, at(4))
    assert world.reads(world.ali) == AS_IT_STOOD


def test_closed_and_opened_again_begins_anew_and_a_longer_end_does_not():
    world = World(section_circle="walking")
    assert world.reads(world.ali)[0] == ("added", "", FIRST)
    world.circle("me", at(3))
    world.circle("walking", at(5))
    assert world.reads(world.ali) == [("added", "", SECOND)]
    name = {"section": "helps", "user_id": world.ali.user_id, "level": Level.SEE}
    world.act(actions.let_somebody_in, at(6), until=at(9), **name)
    world.act(actions.let_somebody_in, at(7), until=at(20), **name)
    world.act(actions.set_circle, at(7), section="helps", circle="me")
    entry = world.act(actions.add_entry, at(6.5), section="helps", field="helps", words="between")
    assert entry.words in repr(history(plan_id=world.sam.plan.pk, viewer=world.ali.user, now=at(8)))


def test_the_person_can_say_that_older_words_are_open_too(client):
    world = World()
    OPENINGS["by name"](world)
    world.act(actions.open_past, at(4), section="now", opens=True)
    world.change(THIRD, at(4))
    assert world.reads(world.ali) == ALL_OF_IT
    world.act(actions.open_past, at(5), section="now", opens=False)
    assert world.reads(world.ali) == AS_IT_STOOD
    client.force_login(world.sam.user)
    address = f"/plans/{world.sam.plan.pk}/sharing/now/"
    assert client.post(address, {"circle": "walking", "opens_past": "on"}).status_code == 303
    assert world.reads(world.ali) == ALL_OF_IT
    assert "checked" in client.get(address).content.decode().split('name="opens_past"')[1].split(">")[0]


def test_words_that_had_been_taken_out_when_it_was_opened_are_not_read():
    world = World()
    world.act(actions.take_out, at(2.5), entry_id=world.entry.pk)
    OPENINGS["a wider circle"](world)
    version = world.entry.history.earliest("history_id").pk
    world.act(actions.restore_words, at(4), entry_id=world.entry.pk, history_id=version)
    assert world.reads(world.ali) == [("added", "", FIRST)]
    assert SECOND not in repr(history(plan_id=world.sam.plan.pk, viewer=world.ali.user, now=at(30)))


@pytest.mark.parametrize("taken_out_on", [2.5, 4])
def test_what_was_taken_out_is_told_to_its_author_unless_that_was_while_it_was_closed_to_them(taken_out_on):
    world = World(section_circle="walking")
    given = {"plan_id": world.sam.plan.pk, "by": world.ali.user, "now": at(1)}
    theirs = actions.add_entry(section="now", field="words", words="as Ali sees it", **given)
    out = {"section": "now", "user_id": world.ali.user_id}
    world.act(actions.shut_out, at(2), **out)
    if taken_out_on == 2.5:
        world.act(actions.answer_entry, at(2.5), entry_id=theirs.pk, answer="out", version=1)
    world.act(actions.open_again, at(3), **out)
    if taken_out_on == 4:
        world.act(actions.answer_entry, at(4), entry_id=theirs.pk, answer="out", version=1)
    told = [row for row in world.reads(world.ali) if "as Ali sees it" in row]
    both = [("added", "", "as Ali sees it"), ("took out", "as Ali sees it", "")]
    assert told == ([] if taken_out_on == 2.5 else both)
    assert "as Ali sees it" not in repr(world.reads(world.jo))


def test_what_was_suggested_before_is_not_read_either():
    world = World()
    given = {"entry_id": world.entry.pk, "by": world.jo.user, "now": at(2.5)}
    suggestion = actions.suggest_words(plan_id=world.sam.plan.pk, words="as Jo would say", **given)
    world.entry.refresh_from_db()
    version = world.entry.version
    world.act(actions.answer_suggestion, at(2.6), suggestion_id=suggestion.pk, answer="declined", version=version)
    OPENINGS["by name"](world)
    assert "as Jo would say" not in repr(history(plan_id=world.sam.plan.pk, viewer=world.ali.user, now=at(30)))
    assert "as Jo would say" in repr(history(plan_id=world.sam.plan.pk, viewer=world.jo.user, now=at(30)))


def test_what_a_suggestion_was_for_is_told_from_what_was_open_then():
    """The first words went milder at the moment at which they were opened, and Jo was at it that moment too."""
    world = World()
    world.change("milder", at(3))
    OPENINGS["a wider circle"](world)

    def suggests(words, now):
        given = {"entry_id": world.entry.pk, "by": world.jo.user, "now": now}
        actions.suggest_words(plan_id=world.sam.plan.pk, words=words, **given)

    def about(viewer):
        changes = history(plan_id=world.sam.plan.pk, viewer=viewer, now=at(30), section="now")
        return [change.about for change in reversed(changes) if change.what == "suggested other words for something"]

    suggests("as Jo would say", at(3))
    suggests("or like this", at(4))
    world.change(THIRD, at(5))
    suggests("or so", at(6))
    assert about(world.ali.user) == ["", "milder", THIRD]
    assert about(world.sam.user) == [SECOND, "milder", THIRD]


def test_other_words_that_still_wait_for_an_answer_tell_nobody_let_in_later_what_stood_there():
    """Jo put the first words another way, and the person then wrote milder ones and opened those."""
    world = World()
    given = {"entry_id": world.entry.pk, "by": world.jo.user, "now": at(2.5)}
    actions.suggest_words(plan_id=world.sam.plan.pk, words="as Jo would say", **given)
    world.change(THIRD, at(2.6))
    OPENINGS["a wider circle"](world)

    def reads(member):
        viewer = {"viewer": getattr(member, "user", member), "now": at(30)}
        page = plan_page(plan_id=world.sam.plan.pk, **viewer)
        return [words in repr(page) for words in (THIRD, "as Jo would say")]

    assert reads(world.ali) == [True, False]
    assert reads(world.jo) == reads(world.sam.user) == [True, True]
    actions.suggest_words(
        plan_id=world.sam.plan.pk, entry_id=world.entry.pk, words="as Jo would say", by=world.jo.user, now=at(5)
    )
    assert reads(world.ali) == [True, True]


def test_who_changed_it_before_it_was_opened_is_not_told_either():
    def changed_on(member):
        page = plan_page(plan_id=world.sam.plan.pk, viewer=member.user, now=at(30))
        (entry,) = [entry for section in page.sections for entry in section.entries if entry.id == world.entry.pk]
        return entry.changed_on

    world = World()
    OPENINGS["by name"](world)
    assert changed_on(world.jo)
    assert not changed_on(world.ali)
    world.change(THIRD, at(4))
    assert changed_on(world.ali) == changed_on(world.jo)


def test_what_stood_there_is_on_one_page_and_older_words_leave_no_gap():
    world = World()
    for number in range(PAGE + 20):
        entry = world.act(actions.add_entry, at(2), section="now", field="words", words=f"{number}, {FIRST}")
        world.act(actions.change_words, at(2), entry_id=entry.pk, words=f"{number}, {SECOND}", version=1)
    OPENINGS["by name"](world)
    world.change(THIRD, at(4))
    given = {"plan_id": world.sam.plan.pk, "now": at(30), "section": "now"}
    pages = [history_page(viewer=world.ali.user, number=str(number), **given) for number in (1, 2)]
    told = [change for page in pages for change in page.changes]
    assert len(pages[0].changes) == PAGE
    assert told == history(viewer=world.ali.user, **given)
    assert [change.new for change in told].count(THIRD) == 1
    assert len({change.new for change in told if SECOND in change.new}) == PAGE + 21
    assert FIRST not in repr(told)
    assert FIRST in repr(history(viewer=world.jo.user, **given))


def test_how_the_person_answered_what_was_suggested_before_it_was_opened_tells_nobody_let_in_later():
    world = World()
    given = {"plan_id": world.sam.plan.pk, "entry_id": world.entry.pk}
    made = actions.suggest_words(words="a suggestion", why="because", by=world.jo.user, now=at(2), **given)
    OPENINGS["by name"](world)
    said = {"suggestion_id": made.pk, "answer": "other_view", "their_words": "never say that"}
    world.act(actions.answer_suggestion, at(4), version=2, **said)
    for viewer, told in ((world.jo, True), (world.ali, False)):
        seen = repr(history(plan_id=world.sam.plan.pk, viewer=viewer.user, now=at(30)))
        assert ("never say that" in seen) is told, viewer
