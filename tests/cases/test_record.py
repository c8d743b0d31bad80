"""The whole record, as data: all that is the person's to read, for them alone, and nothing that no page of theirs shows."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import actions, sections
from cases.models import Avoid, Entry, HuddleItem, Look, NeededNow, SafetyNote, Supporter, Voice, Worry
from cases.queries.record import my_record
from cases.sections import Group, Level
from frontdoor.actions import keep_fair_answer
from frontdoor.models import FairAnswer
from frontdoor.queries.record import whole_record
from teams.history import record as keep
from teams.models import User
from teams.permissions import NotKnown
from tests.factories import make_member, make_person, signed_in, walk

pytestmark = pytest.mark.django_db
SECRET = "The box under the stairs"
AVOID = "Not my cousin Dean"
APART = "He has hurt me"
FAITH = "the old way of the moor"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def jo(now):
    return make_member(name="Jo Bevan", now=now)


@pytest.fixture
def kim(jo, now):
    """Somebody about whom there is something under every key."""
    kim = make_person(
        name="Kim",
        now=now,
        told=(("know", "I came on my own."),),
        ways=(actions.WayToReach(kind="text", to="07700 900123", word="kite"),),
        avoid=AVOID,
        shut_sectors=("council",),
        shut_names="Dean's mum",
    )
    walk(kim, jo, now=now)
    by_kim = {"plan_id": kim.plan.pk, "now": now, "by": kim.user}
    by_jo = by_kim | {"by": jo.user}
    write_something(by_kim, by_jo, jo.user_id)
    actions.let_somebody_in(section="hard", user_id=jo.user_id, level=Level.SEE, **by_kim)
    actions.let_group_in(section="hard", group=Group(sector="peer"), level=Level.SEE, **by_kim)
    actions.keep_contact(at=now, way="text", went="both", words="Hello Kim", **by_jo)
    actions.look_at_reach(**by_jo)
    actions.ask_about_look(look_id=Look.objects.get().pk, words="Why at night?", **by_kim)
    actions.ask_for_someone_else(instead_of=jo.user_id, words="Somebody older", **by_kim)
    actions.ask(question="week.easier", asks="What would help this week?", **by_jo)
    ask_two_people(by_kim)
    keep_fair_answer(conversation_id=None, question="religion", choice="other", own_words=FAITH, by=kim.user, now=now)
    tell_us_of_worries(kim, by_jo)
    decide(kim, jo, now)
    oz = make_member(name="Oz Open", now=now)
    oz.may_open = True
    oz.save()
    actions.open_in_emergency(**by_kim | {"by": oz.user}, why="Their brother rang us")
    return kim


def write_something(by_kim, by_jo, jo_id):
    goal = actions.add_entry(section="change", field="goal", words="Sleep", area="mood", importance="lot", **by_kim)
    goal = actions.change_words(entry_id=goal.pk, words="Sleep more", version=goal.version, **by_kim)
    for words, answer, theirs in (
        ("Sleep eight hours", "accepted", ""),
        ("Sleep ten hours", "reworded", "Sleep nine hours"),
        ("Sleep when told", "declined", ""),
        ("Sleep without the phone", "other_view", "The phone is not it"),
        ("Sleep by ten", "", ""),
    ):
        made = actions.suggest_words(entry_id=goal.pk, words=words, why="You said so", **by_jo)
        if answer:
            version = Entry.objects.get(pk=goal.pk).version
            actions.answer_suggestion(
                suggestion_id=made.pk, answer=answer, their_words=theirs, version=version, **by_kim
            )
    actions.rate(value=3, words="Two nights", entry_id=goal.pk, **by_kim)
    actions.rate(value=6, words="Better than it was", **by_kim)
    actions.set_entry_circle(entry_id=goal.pk, circle="", by_name={jo_id: ("shut", None)}, **by_kim)
    actions.add_entry(section="mine", field="words", words=SECRET, **by_kim)
    step = {"section": "steps", "field": "step", "words": "Ring the surgery", "who": "Jo", "when": "before Friday"}
    step = actions.add_entry(agreed="could_not", agreed_why="Kim was asleep", **step, **by_jo)
    actions.answer_entry(
        entry_id=step.pk, answer="other_view", version=step.version, other_view="I will ring", **by_kim
    )
    actions.move_section(section="hard", up=True, **by_kim)


def ask_two_people(by_kim):
    """Ann, who has not opened the link; and Dot, who said yes with an account that is called something else, and is out."""
    actions.invite_supporter(
        name="Ann", sees=["helps"], adds=["steps"], knows="my sister", may_call="only", only_if="I am away", **by_kim
    )
    link = actions.invite_supporter(name="Dot", sees=["matters"], **by_kim)
    User.objects.create_user(name="Dorothea Hidden", email="dot@example.org")
    token = re.search("/shared/([^/]+)/", link)[1]
    actions.accept_support(token=token, channel="email", to="dot@example.org", now=by_kim["now"])


def tell_us_of_worries(kim, by_jo):
    """One that may be said to Kim, and one that may not."""
    for teller, may_say in (("Gran", "yes"), ("Dean's neighbour", "no")):
        told = {"who": "Kim", "why": f"{teller} is worried", "seen": "", "reach": "01632 960999", "lifted": False}
        worry = actions.tell_worry(teller=teller, may_say=may_say, by=None, now=by_jo["now"], **told)
        actions.link_worry(worry_id=worry.pk, plan_id=kim.plan.pk, by=by_jo["by"], now=by_jo["now"])


def decide(kim, jo, now):
    item = HuddleItem.objects.get(case__person=kim)
    Voice.objects.create(item=item, sector="peer", state="typed", words="A voice of the huddle")
    actions.decide(
        item_id=item.pk,
        decision="hello",
        we_heard="You cannot sleep.",
        first_step="Jo will text you.",
        because="You asked for a text.",
        who=jo.pk,
        how="text",
        by_when=timezone.localdate(now) + timedelta(days=2),
        by=jo.user,
        now=now,
    )


def file_of(person):
    answer = signed_in(person.user).get(reverse("record", args=[person.plan.pk]))
    assert answer.status_code == 200
    return answer


def entry_in(record, section):
    (entry,) = next(each["entries"] for each in record["plan"]["sections"] if each["key"] == section)
    return entry


def test_the_whole_record_is_a_file_for_the_person(kim):
    answer = file_of(kim)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-record.json"'
    record = json.loads(answer.content)
    assert (record["format"], record["version"]) == ("front-door/my-record", 1)
    assert record["told"][0]["words"] == "I came on my own."
    goal = entry_in(record, "change")
    assert goal["prsb"] == "Care and support plan: goals and hopes"
    assert [state["words"] for state in goal["changes"]][:2] == ["Sleep", "Sleep more"]
    assert entry_in(record, "mine")["words"] == SECRET
    assert {"section": "hard", "name": "Jo Bevan", "may": "see"}.items() <= record["sharing"]["let_in"][0].items()
    assert record["sharing"]["groups_let_in"][0]["sector"] == "peer"
    assert record["sharing"]["shut_out"][0]["sector"] == "council"
    assert record["ways"][0]["word"] == "kite"
    (stay,) = record["stays"]
    assert stay["walked_with"][0]["name"] == "Jo Bevan"
    assert stay["contacts"][0]["words"] == "Hello Kim"
    assert stay["decisions"][0]["because"] == "You asked for a text."


def test_it_holds_that_they_asked_for_somebody_else(kim):
    (stay,) = json.loads(file_of(kim).content)["stays"]
    (asked,) = stay["asked_for_someone_else"]
    assert (asked["instead_of"], asked["words"]) == ("Jo Bevan", "Somebody older")


def test_it_holds_what_was_suggested_and_what_the_person_said_to_it_with_who_and_when(kim):
    goal = entry_in(json.loads(file_of(kim).content), "change")
    suggested = {each["words"]: each for each in goal["suggestions"]}
    assert {words: (each["answer"], each["their_words"]) for words, each in suggested.items()} == {
        "Sleep eight hours": ("accepted", ""),
        "Sleep ten hours": ("reworded", "Sleep nine hours"),
        "Sleep when told": ("declined", ""),
        "Sleep without the phone": ("other_view", "The phone is not it"),
        "Sleep by ten": ("", ""),
    }
    first = suggested["Sleep eight hours"]
    assert (first["author"]["name"], first["why"]) == ("Jo Bevan", "You said so")
    assert first["answered_at"]
    assert [(each["by"]["name"], each["answer"]) for each in first["changes"]] == [
        ("Jo Bevan", ""),
        ("Kim", "accepted"),
    ]
    assert suggested["Sleep by ten"]["answered_at"] is None
    assert goal["words"] == "Sleep nine hours"


def test_it_holds_the_numbers_the_steps_and_what_was_agreed(kim, jo):
    record = json.loads(file_of(kim).content)
    goal, step = entry_in(record, "change"), entry_in(record, "steps")
    assert [(each["value"], each["words"]) for each in goal["ratings"]] == [(3, "Two nights")]
    assert [(each["value"], each["words"]) for each in record["plan"]["ratings"]] == [(6, "Better than it was")]
    assert goal["importance"] == "lot"
    assert (step["who"], step["when"]) == ("Jo", "before Friday")
    assert (step["agreed"], step["agreed_why"]) == ("could_not", "Kim was asleep")
    assert (step["answer"], step["other_view"]) == ("other_view", "I will ring")
    assert [each["by"]["name"] for each in step["changes"]] == ["Jo Bevan", "Kim"]
    order = record["plan"]["order"]
    assert order.index("hard") == sections.KEYS.index("hard") - 1
    assert goal["kept_from"] == [str(jo.user_id)]
    assert record["sharing"]["named"] == [{"account": str(jo.user_id), "name": "Jo Bevan"}]


def test_it_holds_whom_the_person_asked_and_since_when_until_it_is_over(kim, now):
    people = {each["name"]: each for each in json.loads(file_of(kim).content)["people"]}
    ann, dot = people["Ann"], people["Dot"]
    assert {"name": "Ann", "knows": "my sister", "may_call": "only", "only_if": "I am away"}.items() <= ann.items()
    assert ann["accepted_at"] is None
    assert {(part["section"], part["may"]) for part in ann["parts"]} == {("helps", "see"), ("steps", "suggest")}
    assert dot["opens_at"] > dot["accepted_at"]
    row = Supporter.objects.get(name="Dot")
    actions.end_supporter(plan_id=kim.plan.pk, supporter_id=row.pk, by=kim.user, now=now)
    Supporter.objects.filter(name="Ann").update(until=now)
    record = json.loads(file_of(kim).content)
    assert record["people"] == []
    before = {each["name"]: each for each in record["people_before"]}
    assert before["Dot"]["ended_at"]
    assert "knows" not in before["Ann"], "no page of theirs shows it any more"


def test_somebody_whom_the_person_asked_is_called_what_they_called_them(kim):
    answer = file_of(kim).content.decode()
    assert User.objects.filter(name="Dorothea Hidden", email="dot@example.org").exists()
    assert "Dot" in {each["name"] for each in json.loads(answer)["sharing"]["let_in"]}
    for hidden in ("Dorothea", "dot@example.org", "Dean"):
        assert hidden not in answer


def test_it_holds_who_looked_who_opened_it_and_who_asked_what(kim):
    record = json.loads(file_of(kim).content)
    (look,) = record["looks"]
    assert (look["who"], look["what"]) == ("Jo Bevan", "how to say hello safely")
    assert look["organisation"]
    assert [asked["words"] for asked in look["asked"]] == ["Why at night?"]
    (opened,) = record["opened"]
    assert (opened["by"]["name"], opened["why"]) == ("Oz Open", "Their brother rang us")
    assert opened["until"] > opened["at"]
    (asked,) = record["we_asked"]
    assert (asked["question"], asked["by"]["name"], asked["again"]) == ("week.easier", "Jo Bevan", False)


def test_it_holds_what_they_answered_about_themselves_and_what_somebody_let_us_tell_them(kim):
    record = json.loads(file_of(kim).content)
    (religion,) = record["about_me"]
    assert religion == {"question": "religion", "asks": "What is your religion?", "words": f"In my own words: {FAITH}"}
    assert [each["teller"] for each in record["worried"]] == ["Gran"]


def test_what_is_kept_for_their_safety_or_is_the_teams_own_is_not_in_it(kim, now):
    actions.keep_safety_note(plan_id=kim.plan.pk, words=APART, via="own_phone", by=kim.user, now=now)
    NeededNow.objects.create(case=kim.cases.get(), why="words", since=now)
    item = HuddleItem.objects.get(case__person=kim, decided_at__isnull=False)
    HuddleItem.objects.filter(pk=item.pk).update(strong="Strong in the huddle", not_known="Not known in the huddle")
    assert Avoid.objects.get().words == AVOID
    assert SafetyNote.objects.get().words == APART
    assert Worry.objects.filter(plan=kim.plan, may_say="no").exists()
    assert "Dean" in item.why
    answer = file_of(kim).content.decode()
    for hidden in (AVOID, APART, "Dean", "01632 960999", "in the huddle", "voice of", "may mean danger", "digest"):
        assert hidden not in answer


def test_nobody_else_gets_the_record(kim, jo, now):
    others = [make_person(name="Sam", now=now), make_member(name="Lead", leads=True, now=now), jo]
    dot = User.objects.get(email="dot@example.org")
    for user in (*(other.user for other in others), dot):
        assert signed_in(user).get(reverse("record", args=[kim.plan.pk])).status_code == 404
        for query in (my_record, whole_record):
            with pytest.raises(NotKnown):
                query(plan_id=kim.plan.pk, viewer=user, now=now)


def test_what_another_person_answered_is_never_in_it(kim, now):
    sam = make_person(name="Sam", now=now)
    keep_fair_answer(conversation_id=None, question="home", choice="no", own_words="", by=sam.user, now=now)
    assert FairAnswer.objects.count() == 2
    assert [each["question"] for each in json.loads(file_of(sam).content)["about_me"]] == ["home"]


def test_every_key_of_the_record_is_documented(kim, now):
    written = set(re.findall(r"`([a-z_]+)`", (Path(__file__).parents[2] / "docs" / "my-record.md").read_text()))

    def keys(thing):
        if isinstance(thing, dict):
            for key, value in thing.items():
                yield key
                yield from keys(value)
        elif isinstance(thing, list):
            for each in thing:
                yield from keys(each)

    found = set(keys(whole_record(plan_id=kim.plan.pk, viewer=kim.user, now=now)))
    assert not found - written, f"docs/my-record.md does not say what these hold: {found - written}"


def test_it_takes_as_many_statements_however_much_there_is(kim, jo, now):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            whole_record(plan_id=kim.plan.pk, viewer=kim.user, now=now)
        return len(queries)

    few = asked()
    by_kim = {"plan_id": kim.plan.pk, "by": kim.user, "now": now}
    for number in range(20):
        entry = actions.add_entry(section="change", field="goal", words=f"goal {number}", **by_kim)
        actions.suggest_words(**by_kim | {"by": jo.user}, entry_id=entry.pk, words="other words")
        actions.rate(entry_id=entry.pk, value=number % 10, **by_kim)
        actions.keep_contact(at=now, way="text", went="both", words="Hello", **by_kim | {"by": jo.user})
        actions.invite_supporter(name=f"Friend {number}", sees=["helps"], **by_kim)
        member = make_member(name=f"Walker {number}", now=now)
        walk(kim, member, main=False, now=now)
        actions.look_at_plan(plan_id=kim.plan.pk, what="plan", sections=["helps"], by=member.user, now=now)
        actions.ask_about_look(look_id=Look.objects.first().pk, words=f"why {number}", **by_kim)
    for number in range(60):
        entry.words = f"words {number}"
        keep(entry, by=kim.user, why="", now=now)
    for days in range(1, 4):
        then = by_kim | {"now": now + timedelta(days=days)}
        actions.step_out(**then)
        actions.come_back(**then)
    assert asked() == few
