"""Opening a plan asks the database the same few things, whoever looks, however much there is. Bench measures the rest."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions
from cases.models import Entry
from cases.queries.plan import plan_page
from teams.history import record
from tests.factories import NOW, make_member, make_person, walk
from tests.matrix.world import BEFORE, build_for, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]
MOST = 10
COLUMNS = ["person", "main", "walks", "shut", "agenda", "hello", "supporter", "opener"]


def asked(client, address):
    """How many statements a page takes, its session and account included."""
    client.get(address)  # the first look of a day keeps more
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_plan_takes_ten_statements_at_the_most_and_no_more_when_it_grows(column):
    world = build_for(column)
    client, address = client_of(world.users[column]), reverse("plan", args=[world.plan_id])
    changed = world.write("helps", "something", field="helps")
    world.act(actions.change_words, entry_id=changed.pk, words="something else", version=1)
    few = asked(client, address)
    assert few <= MOST
    for number in range(40):
        world.write("helps", f"thing {number}", field="helps")
    for number in range(20):
        member = make_member(name=f"Walker {number}")
        walk(world.person, member, main=False, now=BEFORE)
        world.act(actions.let_somebody_in, section="helps", user_id=member.user_id, level=2)
    entry = Entry.objects.filter(plan=world.plan_id, section="helps").first()
    for number in range(200):
        entry.words, entry.version, entry.changed_at = f"words {number}", entry.version + 1, NOW
        record(entry, by=world.person.user, why="", now=NOW)
    assert asked(client, address) == few


@pytest.mark.parametrize("column", COLUMNS)
def test_the_history_takes_no_more_statements_when_it_grows(column):
    world = build_for(column)
    client, address = client_of(world.users[column]), reverse("plan_history", args=[world.plan_id])
    if column == "supporter":
        assert client.get(address).status_code == 404
        return
    few = asked(client, address)
    assert few <= MOST + 4  # it is the plan's page, and reads the rights again
    for number in range(70):
        world.write("helps", f"thing {number}", field="helps")
    assert asked(client, address) == few


# -- Who changed it last


@pytest.fixture
def sam():
    return make_person(name="Sam", now=BEFORE)


@pytest.fixture
def jo(sam):
    member = make_member(name="Jo Bevan")
    walk(sam, member, now=BEFORE)
    return member.user


def entry_for(viewer, sam):
    (entry,) = [e for s in plan_page(plan_id=sam.plan.pk, viewer=viewer, now=NOW).sections for e in s.entries]
    return entry


def add(sam, by, words="The choir"):
    return actions.add_entry(plan_id=sam.plan.pk, section="helps", field="helps", words=words, by=by, now=BEFORE)


def test_an_entry_says_who_changed_it_last_and_when(client, sam, jo):
    entry = add(sam, jo)
    assert (entry_for(sam.user, sam).changed_by, entry_for(sam.user, sam).changed_on) == ("", "")
    actions.change_words(
        plan_id=sam.plan.pk, entry_id=entry.pk, words="The Tuesday choir", version=1, by=jo, now=BEFORE
    )
    later = BEFORE + timedelta(days=2)
    actions.answer_entry(plan_id=sam.plan.pk, entry_id=entry.pk, answer="yes", version=2, by=sam.user, now=later)
    assert (entry_for(jo, sam).changed_by, entry_for(jo, sam).changed_on) == ("Sam", "5 March 2026")
    client.force_login(jo)
    page = client.get(reverse("plan", args=[sam.plan.pk])).content.decode()
    assert "Changed by Sam, 5 March 2026" in page


def test_a_change_of_who_can_see_it_is_nobody_elses_to_know_of(sam, jo):
    entry = add(sam, sam.user)
    actions.change_words(plan_id=sam.plan.pk, entry_id=entry.pk, words="The band", version=1, by=sam.user, now=BEFORE)
    before = entry_for(jo, sam)
    actions.set_entry_circle(
        plan_id=sam.plan.pk, entry_id=entry.pk, circle="walking", by=sam.user, now=BEFORE + timedelta(days=2)
    )
    assert (entry_for(jo, sam).changed_by, entry_for(jo, sam).changed_on) == ("Sam", before.changed_on)


def test_somebody_who_was_asked_to_read_is_not_told_who_helps():
    world = build_for("supporter")
    add = world.write("now", "From Jo", by=world.users["main"])
    world.act(actions.change_words, entry_id=add.pk, words="Anew", version=1, by=world.users["main"], now=NOW)
    page = plan_page(plan_id=world.plan_id, viewer=world.users["supporter"], now=NOW)
    (entry,) = [e for s in page.sections for e in s.entries if e.words == "Anew"]
    assert entry.changed_by == "Somebody who helps"
    assert "Jo Bevan" not in repr(page)


def test_the_addresses_of_an_entry_are_those_of_its_pages(sam):
    entry = add(sam, sam.user)
    seen, ids = entry_for(sam.user, sam), [sam.plan.pk, entry.pk]
    assert seen.address == reverse("entry_change", args=ids)
    for name, below in {
        "entry_sharing": "sharing",
        "entry_answer": "answer",
        "rate_goal": "rate",
        "suggest": "suggest",
    }.items():
        assert reverse(name, args=ids) == f"{seen.address}{below}/"
    plan = reverse("plan", args=[sam.plan.pk])
    assert reverse("entry_add", args=[sam.plan.pk, "now"]) == f"{plan}add/now/"
    assert reverse("sharing_section", args=[sam.plan.pk, "now"]) == f"{plan}sharing/now/"
