"""What is typed in a page that was open longer than the visit is not lost, and is nobody else's."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Entry, SafetyNote
from frontdoor.tasks import forget_drafts
from teams import typed
from teams.models import Typed, User
from tests.factories import NOW, make_member, make_person, walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]
WORDS = "My sister comes\non Sundays"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@pytest.fixture
def sam() -> Any:
    return make_person(name="Sam")


@pytest.fixture
def phone() -> Client:
    return Client(enforce_csrf_checks=True)


def form_on(phone: Client, address: str) -> dict[str, str]:
    """What the machine put into the form of a page."""
    page = phone.get(address)
    assert page.status_code == 200
    main = page.content.decode().split("<main")[1]
    return dict(HIDDEN.findall(main[main.index('id="typed"') :].split("</form>")[0]))


def add_to_helps(person: Any) -> str:
    return reverse("entry_add", args=[person.plan.pk, "helps"])


def visit_ends(phone: Client) -> None:
    """Fifteen quiet minutes: the browser throws the visit away, and keeps the page."""
    del phone.cookies["visit"]


def typed_after_the_visit_ended(phone: Client, person: Any, words: str = WORDS) -> Any:
    phone.force_login(person.user)
    form = form_on(phone, add_to_helps(person))
    visit_ends(phone)
    return phone.post(add_to_helps(person), {**form, "field": "good_at", "words": words, "circle": "me"})


def test_what_was_typed_is_in_its_form_again_when_they_are_back_and_is_kept_once(phone: Client, sam: Any) -> None:
    closed = typed_after_the_visit_ended(phone, sam)
    assert "What you wrote is kept" in closed.content.decode()
    assert "My sister" not in closed.content.decode()
    assert not Entry.objects.exists()
    phone.force_login(sam.user)
    first = phone.get("/me/").content.decode()
    assert "You were writing something" in first
    assert "My sister" not in first
    waits = phone.get("/kept/").content.decode()
    assert "My sister comes\non Sundays" in waits
    assert f'href="{add_to_helps(sam)}"' in waits
    page = phone.get(add_to_helps(sam)).content.decode()
    assert "My sister comes\non Sundays</textarea>" in page
    assert re.search(r'value="me"[^>]*checked', page)
    assert "error-summary" not in page
    form = form_on(phone, add_to_helps(sam))
    mend = phone.post(add_to_helps(sam), {**form, "field": "good_at", "words": " "}).content.decode()
    assert f'name="came_back" value="{form["came_back"]}"' in mend
    answer = phone.post(add_to_helps(sam), {**form, "field": "good_at", "words": WORDS, "circle": "me"})
    assert answer.status_code == 303, answer.context["form"].errors
    assert [entry.words for entry in Entry.objects.all()] == [WORDS]
    assert not Typed.objects.exists()
    assert "My sister" not in phone.get(add_to_helps(sam)).content.decode()
    assert "You were writing" not in phone.get("/me/").content.decode()


def test_it_waits_on_any_screen_on_which_they_come_back(phone: Client, sam: Any) -> None:
    typed_after_the_visit_ended(phone, sam)
    elsewhere = Client()
    elsewhere.force_login(sam.user)
    assert "My sister" in elsewhere.get(add_to_helps(sam)).content.decode()


def test_whoever_holds_the_phone_next_finds_nothing_and_writes_nothing(phone: Client, sam: Any) -> None:
    """Jo walks with Sam, and may write in that part: Sam's open page, pressed in her visit, is still Sam's."""
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    phone.force_login(sam.user)
    form = form_on(phone, add_to_helps(sam))
    phone.force_login(jo.user)
    fresh = form_on(phone, add_to_helps(sam))["csrfmiddlewaretoken"]
    for token in (form["csrfmiddlewaretoken"], fresh):
        answer = phone.post(add_to_helps(sam), {**form, "csrfmiddlewaretoken": token, "words": WORDS})
        assert "Someone else is signed in" in answer.content.decode()
        assert "My sister" not in answer.content.decode()
    assert not Entry.objects.exists()
    for address in ("/kept/", "/today/", add_to_helps(sam)):
        assert "My sister" not in phone.get(address).content.decode()
    kept = Typed.objects.get()
    assert kept.account == sam.user
    phone.post(reverse("kept_drop", args=[kept.pk]), {"csrfmiddlewaretoken": fresh})
    assert Typed.objects.exists(), "it is Sam's to throw away"


def test_a_form_from_before_they_signed_in_in_another_tab_is_there_again_with_the_words(
    phone: Client, sam: Any
) -> None:
    phone.force_login(sam.user)
    form = form_on(phone, add_to_helps(sam))
    back = phone.post(add_to_helps(sam), {**form, "csrfmiddlewaretoken": "x" * 64, "words": WORDS})
    assert (back.status_code, back["Location"]) == (303, add_to_helps(sam))
    assert "My sister comes\non Sundays</textarea>" in phone.get(add_to_helps(sam)).content.decode()


def test_a_members_words_are_kept_too_and_are_in_the_form_again(phone: Client, sam: Any) -> None:
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    for name in ("contact", "safety"):
        address = reverse(name, args=[sam.plan.pk])
        phone.force_login(jo.user)
        form = form_on(phone, address)
        visit_ends(phone)
        assert "is kept" in phone.post(address, {**form, "words": "Rang twice today"}).content.decode()
        phone.force_login(jo.user)
        assert "You were writing something" in phone.get("/today/").content.decode()
        assert "Rang twice today</textarea>" in phone.get(address).content.decode()
    assert not SafetyNote.objects.exists()


def test_a_press_on_which_nothing_is_typed_is_not_kept_and_the_page_says_so(phone: Client, sam: Any) -> None:
    phone.force_login(sam.user)
    form = form_on(phone, add_to_helps(sam))
    visit_ends(phone)
    page = f"http://testserver{reverse('plan', args=[sam.plan.pk])}"
    address = reverse("sharing_sector", args=[sam.plan.pk, "council"])
    answer = phone.post(address, {**form, "open": "1"}, headers={"Referer": page})
    assert "What you pressed is not done yet" in answer.content.decode()
    assert not Typed.objects.exists()


def test_a_page_of_somebody_elses_is_no_way_back(phone: Client, sam: Any) -> None:
    phone.force_login(sam.user)
    form = form_on(phone, add_to_helps(sam))
    visit_ends(phone)
    phone.post(add_to_helps(sam), {**form, "words": WORDS}, headers={"Referer": "http://testserver//elsewhere.test/"})
    assert Typed.objects.get().page == add_to_helps(sam)


def test_the_word_that_nobody_may_read_is_not_kept(phone: Client, sam: Any) -> None:
    phone.force_login(sam.user)
    form = form_on(phone, "/me/word/")
    visit_ends(phone)
    phone.post("/me/word/", {**form, "word": "my blue door"})
    assert not Typed.objects.exists()


def test_nobody_can_put_words_into_anothers_form(phone: Client, sam: Any) -> None:
    """A mark made by hand, or one of an account that has ended, keeps nothing."""
    answer = Client().post(add_to_helps(sam), {"whose": f"{sam.user.pk.hex}:made-up", "words": WORDS})
    assert answer["Location"].startswith(reverse("account_login"))
    User.objects.filter(pk=sam.user.pk).update(is_active=False)
    Client().post(add_to_helps(sam), {"whose": typed.mark(sam.user.pk), "words": WORDS})
    assert not Typed.objects.exists()


def test_a_second_press_is_the_same_words_and_there_are_never_more_than_twenty(
    phone: Client, sam: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = (NOW + timedelta(seconds=second) for second in count())
    monkeypatch.setattr("django.utils.timezone.now", lambda: next(moments))
    phone.force_login(sam.user)
    form = form_on(phone, add_to_helps(sam))
    visit_ends(phone)
    for words in ("same", "same", *map(str, range(19))):
        phone.post(add_to_helps(sam), {**form, "words": words})
    assert Typed.objects.count() == 20
    closed = phone.post(add_to_helps(sam), {**form, "words": "One too many"}).content.decode()
    assert Typed.objects.count() == 20
    assert Typed.objects.filter(fields__contains=[["words", "same"]]).exists(), (
        "what came first goes for nothing later"
    )
    assert "What you wrote is kept" not in closed
    assert "One too many" in closed


def test_a_page_that_was_open_for_more_than_a_week_says_that_it_keeps_nothing(
    phone: Client, sam: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.force_login(sam.user)
    form = form_on(phone, add_to_helps(sam))
    visit_ends(phone)
    later = time.time() + Typed.LASTS.total_seconds() + 1
    monkeypatch.setattr("time.time", lambda: later)
    closed = phone.post(add_to_helps(sam), {**form, "words": WORDS}).content.decode()
    assert not Typed.objects.exists()
    assert "What you wrote is kept" not in closed
    assert "My sister comes" in closed


def test_the_visit_can_end_again_over_the_same_words(phone: Client, sam: Any) -> None:
    typed_after_the_visit_ended(phone, sam)
    typed_after_the_visit_ended(phone, sam, WORDS + ", and stays")
    assert [one.fields for one in Typed.objects.all()] == [
        [["field", "good_at"], ["words", WORDS + ", and stays"], ["circle", "me"]]
    ]


def test_they_throw_it_away_or_it_is_forgotten_after_a_week(
    phone: Client, sam: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed_after_the_visit_ended(phone, sam)
    phone.force_login(sam.user)
    token = phone.get("/kept/").context["csrf_token"]
    assert phone.post(reverse("kept_drop", args=[Typed.objects.get().pk]), {"csrfmiddlewaretoken": token})
    assert "Nothing waits for you here" in phone.get("/kept/").content.decode()
    typed_after_the_visit_ended(phone, sam)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=7))
    phone.force_login(sam.user)
    assert "My sister" not in phone.get("/kept/").content.decode()
    forget_drafts()
    assert not Typed.objects.exists()
