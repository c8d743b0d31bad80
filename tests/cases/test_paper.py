"""A copy to take away: what its reader may see and nothing else, made once, and gone within the hour."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from cases import actions, pdf, tasks
from cases.models import Copy, HuddleItem, Look
from cases.queries import paper
from cases.queries.record import my_record
from cases.sections import Circle, Level
from teams.permissions import NotAllowed, NotKnown
from tests.factories import make_member, make_person, walk

pytestmark = pytest.mark.django_db
SECRET = "The box under the stairs"
SHARED = "A walk by the sea"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def sam(now):
    sam = make_person(name="Sam Okoro", now=now, told=(("know", "I do not sleep."),))
    for section, field, words in (
        ("matters", "words", SHARED),
        ("mine", "words", SECRET),
        ("hard", "signs", "Shaking"),
    ):
        actions.add_entry(plan_id=sam.plan.pk, section=section, field=field, words=words, by=sam.user, now=now)
    return sam


@pytest.fixture
def jo(sam, now):
    jo = make_member(name="Jo Bevan", now=now)
    walk(sam, jo, now=now)
    return jo.user


@pytest.fixture
def worker(monkeypatch):
    """What was handed to the worker, in order; the test does its work."""
    handed = []
    monkeypatch.setattr(tasks.make_copy, "apply_async", lambda args, **_options: handed.extend(args))
    return handed


@pytest.fixture
def quick(monkeypatch):
    """Drawing is tested in test_pdf.py; here the words themselves are what was drawn."""
    drawn = []
    monkeypatch.setattr(pdf, "draw_apart", lambda words: drawn.append(words) or words.encode())
    return drawn


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(client, sam, **given):
    """Ask for a copy on its page; the address of the page that says whether it is ready."""
    page = reverse("copy", args=[sam.plan.pk])
    answer = client.post(page, {"layout": "normal", "sections": ["matters", "hard"], **given})
    assert answer.status_code == 303, answer.content.decode()
    return answer.headers["Location"]


def test_asked_for_made_and_downloaded(sam, worker, quick):
    client = signed_in(sam.user)
    made = ask(client, sam)
    waiting = client.get(made)
    assert "being made" in waiting.content.decode()
    assert waiting.headers["Refresh"] == "2"
    tasks.make_copy(*worker)
    ready = client.get(made)
    assert "Your copy is ready" in ready.content.decode()
    assert "Refresh" not in ready.headers
    file = client.get(made + "my-copy.pdf")
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"] == 'attachment; filename="my-copy.pdf"'
    assert SHARED in file.content.decode()
    assert SECRET not in file.content.decode(), "its part was not ticked"


def test_the_real_worker_draws_a_real_copy(sam, worker):
    client = signed_in(sam.user)
    made = ask(client, sam, layout="pocket")
    tasks.make_copy(*worker)
    assert client.get(made + "my-copy.pdf").content.startswith(b"%PDF-")


def test_every_part_that_the_reader_may_see_is_ticked_and_no_other_is_offered(sam, jo):
    def ticked(user):
        page = signed_in(user).get(reverse("copy", args=[sam.plan.pk])).content.decode()
        return set(re.findall(r'name="sections"\s+value="(\w+)"[^>]*checked', page))

    assert ticked(sam.user) == {"matters", "hard", "now", "people", "mine"}
    assert ticked(jo) == {"matters", "hard", "now", "people"}


@pytest.mark.parametrize(
    "given",
    [
        {"sections": []},
        {"layout": ""},
        {"layout": "poster"},
        {"sections": ["matters", "nothing"]},
        {"sections": ["happened"]},
    ],
)
def test_what_cannot_be_made_is_said_kindly(sam, given):
    answer = signed_in(sam.user).post(
        reverse("copy", args=[sam.plan.pk]), {"layout": "normal", "sections": ["matters"], **given}
    )
    assert answer.status_code == 422
    assert not Copy.objects.exists()


def test_an_empty_post_is_asked_again(sam):
    assert signed_in(sam.user).post(reverse("copy", args=[sam.plan.pk])).status_code == 422


def test_a_worker_cannot_ask_for_a_part_that_they_cannot_see(sam, jo, now):
    answer = signed_in(jo).post(reverse("copy", args=[sam.plan.pk]), {"layout": "normal", "sections": ["mine"]})
    assert answer.status_code == 422
    with pytest.raises(NotAllowed):
        actions.ask_for_copy(
            plan_id=sam.plan.pk, layout="normal", sections=["mine"], language="en-gb", fingerprint="x", by=jo, now=now
        )


def test_there_is_no_card_for_a_worker_who_may_not_see_what_is_on_it(sam, jo, now):
    actions.set_circle(plan_id=sam.plan.pk, section="hard", circle=Circle.ME, by=sam.user, now=now)
    page = reverse("copy", args=[sam.plan.pk])
    assert b"pocket" not in signed_in(jo).get(page).content
    assert signed_in(jo).post(page, {"layout": "pocket"}).status_code == 422


def test_permission_is_asked_again_when_it_is_drawn(sam, jo, now, worker, quick):
    made = ask(signed_in(jo), sam)
    actions.set_circle(plan_id=sam.plan.pk, section="matters", circle=Circle.ME, by=sam.user, now=now)
    tasks.make_copy(*worker)
    assert quick
    assert SHARED not in quick[0]
    assert SHARED not in signed_in(jo).get(made + "my-copy.pdf").content.decode()


def test_permission_is_asked_again_when_it_is_handed_out(sam, jo, now, worker, quick):
    client = signed_in(jo)
    made = ask(client, sam)
    tasks.make_copy(*worker)
    assert SHARED in client.get(made + "my-copy.pdf").content.decode()
    actions.set_circle(plan_id=sam.plan.pk, section="matters", circle=Circle.ME, by=sam.user, now=now)
    assert client.get(made + "my-copy.pdf").status_code == 302
    assert "The plan has changed" in client.get(made).content.decode()
    actions.shut_out(plan_id=sam.plan.pk, user_id=jo.pk, by=sam.user, now=now)
    for address in (made, made + "my-copy.pdf"):
        assert client.get(address).status_code == 404


def test_who_may_see_nothing_any_more_gets_nothing_drawn(sam, jo, now, worker, quick):
    ask(signed_in(jo), sam)
    actions.shut_out(plan_id=sam.plan.pk, user_id=jo.pk, by=sam.user, now=now)
    tasks.make_copy(*worker)
    assert not quick
    assert Copy.objects.get().state == Copy.State.COULD_NOT


def test_nobody_else_gets_a_copy_that_somebody_asked_for(sam, jo, now, worker, quick):
    made = ask(signed_in(sam.user), sam)
    tasks.make_copy(*worker)
    other = make_person(name="Kim", now=now)
    for user in (jo, other.user, make_member(name="Ann", now=now).user):
        for address in (made, made + "my-copy.pdf"):
            assert signed_in(user).get(address).status_code == 404
    swapped = made.replace(str(sam.plan.pk), str(other.plan.pk))
    for user in (sam.user, other.user):
        assert signed_in(user).get(swapped).status_code == 404


def test_the_person_sees_who_took_a_copy_and_of_what(sam, jo, worker, quick):
    for user in (jo, sam.user):
        client = signed_in(user)
        made = ask(client, sam, sections=["matters"])
        tasks.make_copy(worker.pop())
        assert client.get(made + "my-copy.pdf").status_code == 200
    look = Look.objects.get()
    assert (look.viewer, look.what, look.sections) == (jo, Look.What.COPY, ["matters"])


def test_an_unchanged_plan_asked_for_again_gives_the_same_bytes_at_once(sam, worker, quick):
    client = signed_in(sam.user)
    made = ask(client, sam)
    tasks.make_copy(*worker)
    first = client.get(made + "my-copy.pdf").content
    assert ask(client, sam, sections=["hard", "matters"]) == made
    assert len(worker) == len(quick) == 1
    assert client.get(made + "my-copy.pdf").content == first


@pytest.mark.parametrize("given", [{"layout": "large"}, {"sections": ["matters"]}])
def test_other_choices_are_another_copy(sam, worker, quick, given):
    client = signed_in(sam.user)
    made = ask(client, sam)
    tasks.make_copy(*worker)
    assert ask(client, sam, **given) != made


def test_a_changed_plan_is_another_copy(sam, now, worker, quick):
    client = signed_in(sam.user)
    made = ask(client, sam)
    tasks.make_copy(*worker)
    actions.add_entry(plan_id=sam.plan.pk, section="matters", field="hopes", words="Rest", by=sam.user, now=now)
    assert "The plan has changed" in client.get(made).content.decode()
    assert ask(client, sam) != made


def test_one_copy_waits_for_each_reader(sam, worker, quick):
    client = signed_in(sam.user)
    first = ask(client, sam)
    second = ask(client, sam, layout="easy")
    third = ask(client, sam, layout="easy")
    assert second == third
    assert client.get(first).status_code == 404
    for copy_id in worker:
        tasks.make_copy(copy_id)
    assert len(quick) == 1
    assert Copy.objects.get().state == Copy.State.MADE


def test_after_an_hour_it_is_gone(sam, now, worker, quick):
    client = signed_in(sam.user)
    made = ask(client, sam)
    tasks.make_copy(*worker)
    Copy.objects.update(until=now)
    assert client.get(made).status_code == 404
    tasks.tend_copies()
    assert not Copy.objects.exists()


def test_one_that_a_worker_lost_is_handed_to_another(sam, now, worker, monkeypatch):
    ask(signed_in(sam.user), sam)
    again = []
    monkeypatch.setattr(tasks.make_copy, "delay", again.append)
    tasks.tend_copies()
    assert not again, "it has not waited long"
    Copy.objects.update(asked_at=now - timedelta(minutes=1))
    tasks.tend_copies()
    assert again == worker


def test_when_it_cannot_be_drawn_it_says_so_kindly(sam, worker, monkeypatch):
    def broken(words):
        raise pdf.CannotMake

    client = signed_in(sam.user)
    made = ask(client, sam)
    monkeypatch.setattr(pdf, "draw_apart", broken)
    tasks.make_copy(*worker)
    page = client.get(made)
    assert page.status_code == 200
    assert "We could not make this copy" in page.content.decode()
    assert client.get(made + "my-copy.pdf").status_code == 302
    assert ask(client, sam) != made, "they can try again"


def test_when_the_queue_is_away_the_copy_waits_for_it(sam, monkeypatch):
    def away(args, **options):
        raise OperationalError

    monkeypatch.setattr(tasks.make_copy, "apply_async", away)
    client = signed_in(sam.user)
    assert client.get(ask(client, sam)).status_code == 200
    assert Copy.objects.get().state == Copy.State.WAITING


def test_the_page_stops_looking_by_itself_after_a_while(sam, now, worker):
    client = signed_in(sam.user)
    made = ask(client, sam)
    Copy.objects.update(asked_at=now - timedelta(minutes=2))
    page = client.get(made)
    assert "Refresh" not in page.headers
    assert "Look again" in page.content.decode()


def test_a_copy_is_in_the_language_in_which_it_was_asked_for(sam, worker, quick):
    client = signed_in(sam.user)
    client.cookies["language"] = "ur"
    made = ask(client, sam)
    tasks.make_copy(*worker)
    assert 'lang="ur" dir="rtl"' in quick[0]
    client.cookies["language"] = "en-gb"
    assert client.get(made + "my-copy.pdf").status_code == 200


def test_somebody_with_an_empty_plan_can_take_a_card_to_write_on(now, worker, quick):
    kim = make_person(name="Kim", now=now)
    ask(signed_in(kim.user), kim, layout="pocket", sections=[])
    tasks.make_copy(*worker)
    assert 'class="rule"' in quick[0]


def test_the_parts_are_those_that_there_is_something_of(sam, now):
    page = paper.plan_page(plan_id=sam.plan.pk, viewer=sam.user, now=now)
    assert [key for key, _title in paper.parts(page)] == ["matters", "now", "hard", "mine"]
    assert paper.chosen(page, ["matters"]).opening == ""
    assert paper.chosen(page, ["now"]).opening == "I do not sleep."


# -- The whole record, as data


AVOID = "Not my cousin Dean"


@pytest.fixture
def long_known(now):
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
    jo = make_member(name="Jo Bevan", now=now)
    walk(kim, jo, now=now)
    place = {"plan_id": kim.plan.pk, "now": now}
    entry = actions.add_entry(section="change", field="goal", words="Sleep", area="mood", by=kim.user, **place)
    actions.change_words(entry_id=entry.pk, words="Sleep more", version=entry.version, by=kim.user, **place)
    actions.add_entry(section="mine", field="words", words=SECRET, by=kim.user, **place)
    actions.let_somebody_in(section="hard", user_id=jo.user_id, level=Level.SEE, by=kim.user, **place)
    actions.keep_contact(at=now, way="text", went="both", words="Hello Kim", by=jo.user, **place)
    actions.look_at_reach(by=jo.user, **place)
    actions.decide(
        item_id=HuddleItem.objects.get(case__person=kim).pk,
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
    return kim


def test_the_whole_record_is_a_file_for_the_person(long_known):
    answer = signed_in(long_known.user).get(reverse("record", args=[long_known.plan.pk]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-record.json"'
    record = json.loads(answer.content)
    assert (record["format"], record["version"]) == ("front-door/my-record", 1)
    assert record["told"][0]["words"] == "I came on my own."
    sections = {section["key"]: section for section in record["plan"]["sections"]}
    (goal,) = sections["change"]["entries"]
    assert goal["prsb"] == "Care and support plan: goals and hopes"
    assert [state["words"] for state in goal["changes"]] == ["Sleep", "Sleep more"]
    assert sections["mine"]["entries"][0]["words"] == SECRET
    assert record["sharing"]["let_in"][0] | {"since": None, "until": None} == {
        "section": "hard", "name": "Jo Bevan", "may": "see", "since": None, "until": None,
    }  # fmt: skip
    assert record["sharing"]["shut_out"][0]["sector"] == "council"
    assert record["ways"][0]["word"] == "kite"
    (stay,) = record["stays"]
    assert stay["walked_with"][0]["name"] == "Jo Bevan"
    assert stay["contacts"][0]["words"] == "Hello Kim"
    assert stay["decisions"][0]["because"] == "You asked for a text."
    assert record["looks"][0]["who"] == "Jo Bevan"


def test_what_is_kept_for_their_safety_and_never_shown_again_is_not_in_it(long_known):
    answer = signed_in(long_known.user).get(reverse("record", args=[long_known.plan.pk])).content.decode()
    assert AVOID not in answer
    assert "Dean" not in answer


def test_nobody_else_gets_the_record(long_known, sam, now):
    for user in (sam.user, make_member(name="Lead", leads=True, now=now).user):
        assert signed_in(user).get(reverse("record", args=[long_known.plan.pk])).status_code == 404
    walker = make_member(name="Ann", now=now)
    walk(long_known, walker, main=False, now=now)
    with pytest.raises(NotKnown):
        my_record(plan_id=long_known.plan.pk, viewer=walker.user, now=now)


def test_every_key_of_the_record_is_documented(long_known, now):
    written = set(re.findall(r"`([a-z_]+)`", (Path(__file__).parents[2] / "docs" / "my-record.md").read_text()))

    def keys(thing):
        if isinstance(thing, dict):
            for key, value in thing.items():
                yield key
                yield from keys(value)
        elif isinstance(thing, list):
            for each in thing:
                yield from keys(each)

    missing = set(keys(my_record(plan_id=long_known.plan.pk, viewer=long_known.user, now=now))) - written
    assert not missing, f"docs/my-record.md does not say what these hold: {missing}"


def test_the_quick_copy_is_drawn_once_while_it_says_the_same(client, sam, jo, monkeypatch, now):
    drawn = []
    monkeypatch.setattr(pdf, "draw", lambda words: drawn.append(words) or words.encode())
    address = reverse("plan_pdf", args=[sam.plan.pk])

    def read(user):
        client.force_login(user)
        return client.get(address).content

    first = read(jo)
    assert SHARED.encode() in first
    assert read(jo) == first
    assert len(drawn) == 1
    # Somebody else's is never theirs, however alike.
    assert SECRET.encode() in read(sam.user)
    assert read(sam.user) != first
    assert len(drawn) == 2
    assert read(jo) == first
    assert len(drawn) == 2
    # What is hidden from them is gone from the next one, at once; and what was hidden does not bring it back.
    actions.set_circle(plan_id=sam.plan.pk, section="matters", circle=Circle.ME, by=sam.user, now=now)
    assert SHARED.encode() not in read(jo)
    assert len(drawn) == 3
    actions.shut_out(plan_id=sam.plan.pk, user_id=jo.pk, by=sam.user, now=now)
    client.force_login(jo)
    assert client.get(address).status_code == 404


def test_a_quick_copy_is_forgotten_within_the_hour(client, sam, jo, monkeypatch, now):
    drawn = []
    monkeypatch.setattr(pdf, "draw", lambda words: drawn.append(words) or words.encode())
    client.force_login(jo)
    client.get(reverse("plan_pdf", args=[sam.plan.pk]))
    Copy.objects.update(until=now)
    client.get(reverse("plan_pdf", args=[sam.plan.pk]))
    assert len(drawn) == 2
    actions.forget_copies(now=now + timedelta(hours=2))
    assert not Copy.objects.exists()
