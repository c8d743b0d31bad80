"""Somebody is let into one entry by name until a day; after it, it is as if their name were not there. Everywhere."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases import actions, pdf
from cases.models import Entry, HuddleItem, Supporter
from cases.permissions import NotAllowed, NotKnown, standing
from cases.queries.asking import bank
from cases.queries.history import history
from cases.queries.plan import plan_page
from cases.queries.sharing import as_they_see_it, sharing_page
from cases.sections import Level
from teams.history import record
from tests.factories import NOW, make_member, make_person, signed_in, walk
from tests.printed import text_of

pytestmark = pytest.mark.django_db
SECRET = "a heron in the reeds"
END = NOW + timedelta(days=54)
JUST_BEFORE = END - timedelta.resolution


class World:
    """Sam told something first, and keeps it for the main person. Ali walks with Sam too, and is named on it."""

    def __init__(self):
        told = {"told": (("know", SECRET),), "entries": (("now", "words", SECRET, ""),)}
        self.sam = make_person(name="Sam", now=NOW, **told)
        self.jo, self.ali = make_member(name="Jo Bevan"), make_member(name="Ali Rahman", sector="peer")
        walk(self.sam, self.jo)
        walk(self.sam, self.ali, main=False)
        HuddleItem.objects.all().delete()
        self.entry = Entry.objects.get(plan=self.sam.plan)
        self.address = reverse("entry_sharing", args=[self.sam.plan.pk, self.entry.pk])

    def act(self, action, *, now=NOW, **given):
        return action(plan_id=self.sam.plan.pk, by=self.sam.user, now=now, **given)

    def name(self, until, *, picked="see", circle="named", now=NOW, whom=None):
        by_name = {(whom or self.ali).user_id: (picked, until)}
        self.act(actions.set_entry_circle, entry_id=self.entry.pk, circle=circle, by_name=by_name, now=now)

    def says(self, now=NOW):
        page = plan_page(plan_id=self.sam.plan.pk, viewer=self.sam.user, now=now)
        return next(entry.sees_words for section in page.sections for entry in section.entries)

    def reads(self, member, now):
        """Where somebody finds the words: on no page, on some, or on all that there are."""
        given = {"plan_id": self.sam.plan.pk, "now": now}
        page = plan_page(viewer=member.user, **given)
        shown = {
            "first words": page.opening,
            "plan": repr(page.sections),
            "history": repr(history(viewer=member.user, **given)),
            "copy": text_of(pdf.plan_pdf(page, timezone.localtime(now))),
            "before it is asked again": repr(bank(viewer=member.user, **given)),
            "as they see it": repr(as_they_see_it(viewer=self.sam.user, user_id=member.user_id, **given)),
        }
        return {place for place, words in shown.items() if SECRET in words}


EVERYWHERE = {"first words", "plan", "history", "copy", "before it is asked again", "as they see it"}


@pytest.fixture
def world():
    return World()


def test_a_name_on_an_entry_lets_in_until_its_end_and_not_a_moment_longer(world):
    assert world.reads(world.ali, NOW) == EVERYWHERE
    world.name(END)
    assert world.reads(world.ali, JUST_BEFORE) == EVERYWHERE
    assert world.reads(world.ali, END) == set()
    assert world.reads(world.jo, END) == EVERYWHERE, "for the others nothing changes"
    with pytest.raises(NotKnown):
        actions.suggest_words(
            plan_id=world.sam.plan.pk, entry_id=world.entry.pk, words="Other", by=world.ali.user, now=END
        )


def test_the_page_says_until_when_in_words_and_then_that_it_is_over(world):
    world.name(END)
    assert world.says() == "Jo can see this. Ali can see this until 3 May."
    assert world.says(JUST_BEFORE) == "Jo can see this. Ali can see this until 3 May."
    assert world.says(END) == "Jo can see this. Ali cannot."
    world.name(None)
    assert world.says(END) == "Jo and Ali can see this."


def test_the_sooner_of_two_ends_counts_and_a_name_that_opens_nothing_more_says_none(world):
    world.act(actions.set_circle, section="now", circle="named")
    sooner = END - timedelta(days=2)
    world.act(actions.let_somebody_in, section="now", user_id=world.ali.user_id, level=Level.SUGGEST, until=sooner)
    world.name(END, circle="me")
    assert world.says() == "Ali can see this until 1 May."
    assert world.reads(world.ali, sooner) == set()
    world.name(END, circle="me", whom=world.jo)
    assert "Jo can see this until 3 May." in world.says()
    world.name(END, circle="")
    assert "Jo can see this." in world.says(), "it is seen as its section is, and that has no end"
    assert "Jo can see this." in world.says(END)


def test_one_of_their_own_people_is_let_into_one_thing_until_a_day_too(world):
    world.act(actions.invite_supporter, name="Ann", sees=["now"])
    Supporter.objects.update(accepted_at=NOW, opens_at=NOW)
    ann = Supporter.objects.get().user
    by_name = {ann.pk: ("see", END)}
    world.act(actions.set_entry_circle, entry_id=world.entry.pk, circle="me", by_name=by_name)
    assert world.says().startswith("Ann can see this until 3 May.")

    def reads(now):
        return SECRET in repr(plan_page(plan_id=world.sam.plan.pk, viewer=ann, now=now))

    assert [reads(JUST_BEFORE), reads(END)] == [True, False]


def test_whoever_is_kept_from_it_stays_so_until_the_person_says(world):
    """A day beside “Must not see it” opens nothing again: only what lets somebody in ends."""
    world.name(NOW + timedelta(days=1), picked="shut", circle="")
    for now in (NOW, NOW + timedelta(days=2), END):
        assert world.reads(world.ali, now) == set()
    assert Entry.objects.get().let_in_until is None


def test_the_person_sets_it_on_the_entry_and_keeps_what_was_set(world):
    client, name = signed_in(world.sam.user), f"by_name_{world.ali.user_id}"
    assert SECRET in client.get(world.address).content.decode()
    given = {"circle": "named", name: "see", f"until_{name}": "month"}
    assert client.post(world.address, given).status_code == 303
    end = timezone.now() + timedelta(days=30)
    day = f"{timezone.localtime(end):%-d %B}"
    page = client.get(world.address).content.decode()
    assert f"Ali can see this until {day}." in page
    assert f"Until {day}" in page
    kept = Entry.objects.get().let_in_until
    client.post(world.address, given | {f"until_{name}": "as_it_is"})
    assert Entry.objects.get().let_in_until == kept
    assert world.reads(world.ali, end - timedelta(hours=1)) == EVERYWHERE
    assert world.reads(world.ali, end + timedelta(hours=1)) == set()
    client.post(world.address, given | {f"until_{name}": ""})
    assert "Jo and Ali can see this." in client.get(world.address).content.decode()
    bad = client.post(world.address, given | {f"until_{name}": "for ever"})
    assert bad.status_code == 422
    assert bad.content.decode().count("Pick one of these.") == 2, "at the top and at the field"


def test_the_change_and_its_end_are_in_the_persons_history_and_in_nobody_elses(world):
    world.name(END)
    told = history(plan_id=world.sam.plan.pk, viewer=world.sam.user, now=NOW)[0]
    assert told.old == "as the section"
    assert told.new == "Me and my main person\nAli Rahman can see this until 3 May."
    world.name(END + timedelta(days=1))
    told = history(plan_id=world.sam.plan.pk, viewer=world.sam.user, now=NOW)[0]
    assert (told.old[-6:], told.new[-6:]) == ("3 May.", "4 May."), "another end is a change as well"
    for member in (world.jo, world.ali):
        assert "May." not in repr(history(plan_id=world.sam.plan.pk, viewer=member.user, now=NOW))


def test_to_keep_a_form_as_it_is_once_a_name_is_over_changes_nothing_and_brings_nobody_back(world):
    world.name(END)
    rows = Entry.history.count()
    world.name(None, picked="", now=END)
    assert Entry.history.count() == rows
    world.act(actions.set_entry_circle, entry_id=world.entry.pk, circle="me", now=END)
    assert Entry.objects.get().let_in == []


def test_let_in_again_after_an_end_they_read_what_stands_there_then(world):
    def reads(member, now):
        changes = history(plan_id=world.sam.plan.pk, viewer=member.user, now=now, section="now")
        return [words in repr(changes) for words in (SECRET, "between", "afterwards")]

    def change(words, days):
        entry = Entry.objects.get()
        now = NOW + timedelta(days=days)
        world.act(actions.change_words, entry_id=entry.pk, words=words, version=entry.version, now=now)

    world.name(NOW + timedelta(days=2))
    change("between", 3)
    change("afterwards", 4)
    assert reads(world.ali, NOW + timedelta(days=5)) == [False, False, False]
    world.name(END, now=NOW + timedelta(days=6))
    assert reads(world.ali, NOW + timedelta(days=7)) == [False, False, True]
    assert reads(world.jo, NOW + timedelta(days=7)) == [True, True, True]


def test_an_end_that_is_put_off_in_time_breaks_nothing(world):
    world.name(NOW + timedelta(days=2))
    soon, later = NOW + timedelta(hours=1), NOW + timedelta(days=3)
    world.act(actions.change_words, entry_id=world.entry.pk, words="between", version=1, now=soon)
    world.name(END, now=NOW + timedelta(days=1))
    changes = repr(history(plan_id=world.sam.plan.pk, viewer=world.ali.user, now=later, section="now"))
    assert SECRET in changes
    assert "between" in changes


def test_a_copy_within_the_hour_is_not_the_one_from_before_the_end(world, monkeypatch):
    """Theirs, and the person's own: what only they can see is on no copy of theirs unless they say so."""
    monkeypatch.setattr(pdf, "draw", lambda words: words.encode())
    now = NOW
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    helps = world.act(actions.add_entry, section="helps", field="helps", words="Biscuit")
    by_name = {world.ali.user_id: ("see", END)}
    for entry in (helps, world.entry):
        world.act(actions.set_entry_circle, entry_id=entry.pk, circle="me", by_name=by_name)
    clients = [signed_in(user) for user in (world.ali.user, world.sam.user)]
    address = reverse("plan_pdf", args=[world.sam.plan.pk])

    def copies():
        found = [client.get(address).content.decode() for client in clients]
        return [[words in copy for words in ("Biscuit", SECRET)] for copy in found]

    now = JUST_BEFORE
    assert copies() == [[True, True], [True, True]]
    now = END
    assert copies() == [[False, False], [False, False]]


def test_the_button_that_stops_everybody_is_there_for_as_long_as_a_name_lets_in(world):
    world.name(END)

    def is_there(now):
        return sharing_page(plan_id=world.sam.plan.pk, viewer=world.sam.user, now=now).lets_in

    assert [is_there(NOW), is_there(END)] == [True, False]
    world.act(actions.stop_everybody)
    assert not is_there(NOW)
    assert world.reads(world.ali, NOW) == set()
    assert Entry.objects.get().let_in_until is None


def test_the_record_as_data_holds_the_end(world):
    world.name(END)
    data = signed_in(world.sam.user).get(reverse("record", args=[world.sam.plan.pk])).json()
    (entry,) = [entry for section in data["plan"]["sections"] for entry in section["entries"]]
    assert entry["let_in"] == [str(world.ali.user_id)]
    assert [end[:10] for end in entry["let_in_until"]] == ["2026-05-03"]
    assert [state["let_in_until"] for state in entry["changes"]] == [None, entry["let_in_until"]]


def test_only_the_person_says_until_when(world):
    with pytest.raises(NotAllowed):
        actions.set_entry_circle(
            plan_id=world.sam.plan.pk,
            entry_id=world.entry.pk,
            circle="",
            by_name={world.ali.user_id: ("see", END)},
            by=world.jo.user,
            now=NOW,
        )


def test_the_database_refuses_ends_that_belong_to_nobody(world):
    world.entry.let_in_until = [END]
    with pytest.raises(IntegrityError), transaction.atomic():
        record(world.entry, by=world.sam.user, why="", now=NOW)


def test_some_by_name_with_an_end_and_some_without_are_each_their_own(world):
    moira = make_member(name="Moira Kelly", sector="voluntary")
    walk(world.sam, moira, main=False)
    by_name = {world.ali.user_id: ("see", END), moira.user_id: ("see", None), world.jo.user_id: ("see", JUST_BEFORE)}
    world.act(actions.set_entry_circle, entry_id=world.entry.pk, circle="me", by_name=by_name)
    ends = {JUST_BEFORE: {"ali", "moira"}, END: {"moira"}}
    for now, see in ends.items():
        members = {"ali": world.ali, "moira": moira, "jo": world.jo}
        assert {name for name, member in members.items() if world.reads(member, now)} == see
        places = {name: standing(member.user, world.sam.plan.pk, now) for name, member in members.items()}
        assert {name for name, place in places.items() if place.level_of(Entry.objects.get())} == see
