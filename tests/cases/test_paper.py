"""A copy to take away: what its reader may see and nothing else, made once, and gone within the hour."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from cases import actions, pdf, tasks
from cases.models import Copy, Look
from cases.queries import paper
from cases.sections import Circle
from teams.permissions import NotAllowed
from tests.factories import make_member, make_person, signed_in, walk

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


def parts(user, sam, *, only=""):
    page = signed_in(user).get(reverse("copy", args=[sam.plan.pk])).content.decode()
    return set(re.findall(rf'name="sections"\s+value="(\w+)"[^>]*{only}', page))


def test_every_part_that_the_reader_may_see_is_offered_and_no_other(sam, jo):
    assert parts(sam.user, sam) == {"matters", "hard", "now", "people", "mine"}
    assert parts(jo, sam) == parts(jo, sam, only="checked") == {"matters", "hard", "now", "people"}


def test_what_only_the_person_can_see_is_on_a_copy_when_they_tick_it_and_not_before(sam, jo, now, worker, quick):
    mine = "What I tell nobody"
    actions.add_entry(
        plan_id=sam.plan.pk, section="matters", field="hopes", words=mine, circle="me", by=sam.user, now=now
    )
    actions.set_circle(plan_id=sam.plan.pk, section="hard", circle="me", by=sam.user, now=now)
    ticked = parts(sam.user, sam, only="checked")
    assert ticked == {"matters", "now", "people"}
    assert parts(sam.user, sam) == ticked | {"hard", "mine"}
    client = signed_in(sam.user)
    for sections in (ticked, {*ticked, "hard"}, {*ticked, "mine"}):
        ask(client, sam, sections=list(sections))
        tasks.make_copy(*worker[-1:])
    usual, with_hard, with_mine = quick
    assert SHARED in usual
    assert not [words for words in (mine, SECRET, "Shaking") if words in usual]
    assert "Shaking" in with_hard
    assert mine not in with_hard
    assert mine in with_mine
    assert SECRET in with_mine
    assert "Shaking" not in with_mine


def test_the_card_for_hard_days_holds_what_only_the_person_can_see_of_them(sam, now, worker, quick):
    mine = "Because of the cat"
    actions.add_entry(
        plan_id=sam.plan.pk, section="hard", field="reasons", words=mine, circle="me", by=sam.user, now=now
    )
    ask(signed_in(sam.user), sam, layout="pocket")
    tasks.make_copy(*worker)
    assert mine in quick[0]


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
    assert b"The pocket card needs no ticks." in signed_in(sam.user).get(page).content
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


@pytest.mark.parametrize("made_first", [True, False])
def test_the_pocket_card_is_gone_once_the_one_part_that_it_holds_is_closed(sam, jo, now, worker, quick, made_first):
    client = signed_in(jo)
    made = ask(client, sam, layout="pocket")
    if made_first:
        tasks.make_copy(*worker)
        assert "Shaking" in client.get(made + "my-copy.pdf").content.decode()
    quick.clear()
    actions.shut_out(plan_id=sam.plan.pk, section="hard", user_id=jo.pk, by=sam.user, now=now)
    tasks.make_copy(*worker)
    assert not quick
    for address in (made, made + "my-copy.pdf"):
        assert client.get(address).status_code == 404


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
    assert paper.chosen(page, ["matters"], layout="normal").opening == ""
    assert paper.chosen(page, ["now"], layout="normal").opening == "I do not sleep."


# -- The quick way


def test_the_quick_copy_is_drawn_once_while_it_says_the_same(client, sam, jo, monkeypatch, now):
    drawn = []
    monkeypatch.setattr(pdf, "draw", lambda words: drawn.append(words) or words.encode())
    address = reverse("plan_pdf", args=[sam.plan.pk])

    def read(user):
        client.force_login(user)
        return client.get(address).content

    def write(words):
        place = {"plan_id": sam.plan.pk, "section": "quiet", "field": "do"}
        actions.add_entry(**place, words=words, by=sam.user, now=now)

    actions.shut_out(plan_id=sam.plan.pk, section="quiet", user_id=jo.pk, by=sam.user, now=now)
    write("Not for Jo")
    first = read(jo)
    assert SHARED.encode() in first
    assert read(jo) == first
    assert len(drawn) == 1
    # Somebody else's is never theirs, however alike.
    assert b"Not for Jo" in read(sam.user)
    assert SECRET.encode() not in read(sam.user)
    assert len(drawn) == 2
    assert read(jo) == first
    assert len(drawn) == 2
    # Words that they may not see make no new one: that would say of them that they are there.
    write("And this too")
    assert read(jo) == first
    assert len(drawn) == 2
    assert b"And this too" in read(sam.user)
    assert len(drawn) == 3
    # What is hidden from them is gone from the next one, at once; and what was hidden does not bring it back.
    actions.set_circle(plan_id=sam.plan.pk, section="matters", circle=Circle.ME, by=sam.user, now=now)
    assert SHARED.encode() not in read(jo)
    assert len(drawn) == 4
    actions.shut_out(plan_id=sam.plan.pk, user_id=jo.pk, by=sam.user, now=now)
    client.force_login(jo)
    assert client.get(address).status_code == 404


def test_a_quick_copy_of_before_a_part_was_closed_is_not_given_out_when_it_is_open_again(
    client, sam, jo, monkeypatch, now
):
    """Other words that were suggested before are none of Jo's from then on (decision 0008): not on a copy either."""
    monkeypatch.setattr(pdf, "draw", lambda words: words.encode())
    ali = make_member(name="Ali Rahman", now=now)
    walk(sam, ali, main=False, now=now)
    act = {"plan_id": sam.plan.pk, "by": sam.user}
    entry = actions.add_entry(section="helps", field="helps", words="The sea", now=now, **act)
    actions.suggest_words(
        plan_id=sam.plan.pk,
        entry_id=entry.pk,
        words="The sea, as Ali says",
        by=ali.user,
        now=now + timedelta(minutes=1),
    )
    client.force_login(jo)
    address = reverse("plan_pdf", args=[sam.plan.pk])
    assert b"as Ali says" in client.get(address).content
    for minutes, circle in ((2, Circle.NAMED), (3, Circle.ME), (4, Circle.TEAM)):
        when = now + timedelta(minutes=minutes)
        actions.set_entry_circle(entry_id=entry.pk, circle=circle, now=when, **act)
    read = client.get(address).content
    assert b"The sea" in read
    assert b"as Ali says" not in read


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


# -- What takes long


@pytest.fixture
def long(monkeypatch):
    """Any plan is longer than what is drawn while somebody waits; and nothing is drawn in the web's own process."""

    def drawn(words):
        raise AssertionError("the web drew it")

    monkeypatch.setattr(pdf, "AT_ONCE", 1000)
    monkeypatch.setattr(pdf, "draw", drawn)


def test_a_usual_plan_is_far_below_what_takes_long(sam, now):
    page = paper.plan_page(plan_id=sam.plan.pk, viewer=sam.user, now=now)
    assert len(pdf.words(page, layout="normal", language="en-gb")) < pdf.AT_ONCE / 5


def test_the_quick_copy_of_a_long_plan_is_made_by_the_worker_and_its_page_says_when(
    sam, now, worker, quick, monkeypatch
):
    monkeypatch.setattr(pdf, "draw", None)
    for _page in range(10):
        words = "Mostly dry. " * 500
        actions.add_entry(plan_id=sam.plan.pk, section="helps", field="helps", words=words, by=sam.user, now=now)
    client = signed_in(sam.user)
    answer = client.get(reverse("plan_pdf", args=[sam.plan.pk]))
    assert answer.status_code == 302
    waiting = client.get(answer.headers["Location"])
    assert "Your copy is being made" in waiting.content.decode()
    assert waiting.headers["Refresh"] == "2"
    tasks.make_copy(*worker)
    file = client.get(f"{answer.headers['Location']}my-copy.pdf").content.decode()
    assert file.count("Mostly dry") == 5000


@pytest.mark.usefixtures("long")
def test_a_long_copy_is_the_usual_print_of_what_its_reader_may_see_without_what_is_only_mine(
    sam, jo, now, worker, quick
):
    mine = "What I tell nobody"
    actions.add_entry(
        plan_id=sam.plan.pk, section="matters", field="hopes", words=mine, circle="me", by=sam.user, now=now
    )
    actions.shut_out(plan_id=sam.plan.pk, section="hard", user_id=jo.pk, by=sam.user, now=now)
    for user, may in ((sam.user, True), (jo, False)):
        client = signed_in(user)
        made = client.get(reverse("plan_pdf", args=[sam.plan.pk])).headers["Location"]
        tasks.make_copy(worker[-1])
        copy = Copy.objects.get(viewer=user)
        assert (copy.layout, copy.state) == ("normal", "made")
        file = client.get(f"{made}my-copy.pdf").content.decode()
        assert SHARED in file
        assert "I do not sleep." in file
        assert ("Shaking" in file) == may
        assert not [words for words in (mine, SECRET) if words in file]


@pytest.mark.usefixtures("long")
def test_a_long_copy_that_is_made_is_there_when_it_is_asked_for_again(sam, worker, quick):
    client = signed_in(sam.user)
    address = reverse("plan_pdf", args=[sam.plan.pk])
    first = client.get(address).headers["Location"]
    tasks.make_copy(*worker)
    assert client.get(address).headers["Location"] == first
    assert len(worker) == len(quick) == 1
    assert "Your copy is ready" in client.get(first).content.decode()


@pytest.mark.usefixtures("long")
def test_who_took_a_long_copy_is_kept_when_they_have_it_and_not_while_they_wait(sam, jo, worker, quick):
    client = signed_in(jo)
    made = client.get(reverse("plan_pdf", args=[sam.plan.pk])).headers["Location"]
    tasks.make_copy(*worker)
    client.get(made)
    assert not Look.objects.exists()
    client.get(f"{made}my-copy.pdf")
    assert Look.objects.get().what == Look.What.COPY


@pytest.mark.usefixtures("long")
def test_a_part_that_is_closed_while_a_long_copy_waits_is_not_on_it(sam, jo, now, worker, quick):
    client = signed_in(jo)
    made = client.get(reverse("plan_pdf", args=[sam.plan.pk])).headers["Location"]
    actions.set_circle(plan_id=sam.plan.pk, section="matters", circle=Circle.ME, by=sam.user, now=now)
    tasks.make_copy(*worker)
    assert SHARED not in quick[0]
    assert SHARED not in client.get(f"{made}my-copy.pdf").content.decode()


def test_what_is_not_on_it_makes_no_new_quick_copy(sam, jo, now):
    """Or else how long it takes would say that something changed which its reader may not know of."""
    given = {"plan_id": sam.plan.pk, "by": sam.user, "now": now}
    entry = sam.plan.entries.filter(section="matters").first()
    actions.set_entry_circle(entry_id=entry.pk, circle="named", by_name={jo.pk: ("see", None)}, **given)

    def fingerprint():
        return paper.whole_copy(plan_id=sam.plan.pk, language="en", viewer=jo, now=now, frame={}).fingerprint

    before = fingerprint()
    actions.leave_me_be(until=now.date() + timedelta(days=9), **given)
    actions.agree_rhythm(days=7, **given)
    actions.set_entry_circle(entry_id=entry.pk, circle="me", **given)
    assert fingerprint() == before
    actions.change_words(entry_id=entry.pk, words="Other words", version=entry.version, **given)
    assert fingerprint() != before
