"""Anyone may say that they are worried about somebody; it reaches the team, and never whom it must not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cases.actions import NothingWritten, finish_worry, link_worry, shut_out, take_worry, tell_worry
from cases.models import Worry
from cases.queries.safety import first_of_today
from teams.permissions import NotAllowed, NotKnown
from tests.factories import NOW, make_member, make_person, make_team, signed_in, walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady")]
SUNDAY = datetime(2026, 3, 8, 14, 0, tzinfo=ZoneInfo("Europe/London"))
WHY = "canary: he has stopped eating"
SEEN = "canary: the curtains are always drawn"


@pytest.fixture
def jo() -> Any:
    return make_member(name="Jo Bevan")


def tell(**said: Any) -> Worry:
    given = {"who": "Sam", "why": WHY, "seen": SEEN, "teller": "Ann", "reach": "07700 900955", "may_say": "no"}
    return tell_worry(**{**given, "lifted": False, "by": None, "now": NOW, **said})


def first(member: Any) -> Any:
    return first_of_today(viewer=member.user, now=NOW)


# -- Telling


def test_anyone_tells_us_from_the_front_page_without_an_account_or_a_script(client: Client, jo: Any) -> None:
    assert 'href="/worried/"' in client.get("/").content.decode()
    page = client.get("/worried/").content.decode()
    assert "We can always listen. We may not be able to tell you about them" in page
    said = {"who": "Sam", "why": WHY, "seen": SEEN, "teller": "Ann", "reach": "07700 900955", "may_say": "no"}
    assert client.post("/worried/", said)["Location"] == "/talk/worried/"
    worry = Worry.objects.get()
    kept = (worry.who, worry.why, worry.seen, worry.teller, worry.reach, worry.may_say, worry.lifted, worry.told_at)
    assert kept == ("Sam", WHY, SEEN, "Ann", "07700 900955", "no", False, NOW)
    assert "Someone is worried" in signed_in(jo.user).get("/today/").content.decode()


def test_nothing_but_one_word_is_needed(client: Client) -> None:
    make_team()
    empty = client.post("/worried/", {"teller": "Ann", "who": " "})
    assert empty.status_code == 422
    assert empty.content.decode().count("Write one word here, so that we know.") == 2
    assert "Ann" in empty.content.decode()
    assert "You can also just call us." in client.post("/worried/", {"tries": "1"}).content.decode()
    assert client.post("/worried/", {"seen": "bruises"}).status_code == 303
    with pytest.raises(NothingWritten):
        tell(who="", why=" ", seen="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Worry.objects.update(who="", why="", seen="")


def test_what_is_too_long_is_kept_and_said(client: Client) -> None:
    make_team()
    long = client.post("/worried/", {"why": "word " * 1100, "teller": "x" * 400})
    assert long.status_code == 422
    assert "We can keep 5,000 letters here. You have used 5,500." in long.content.decode()
    assert "We can keep 300 letters here. You have used 400." in long.content.decode()
    assert "word " * 1000 in long.content.decode()


def test_words_that_may_mean_danger_bring_help_next_and_go_to_the_top(client: Client, jo: Any) -> None:
    to = client.post("/worried/", {"who": "Sam", "why": "She says she wants to end it all"})["Location"]
    assert to == "/help-now/?to=worried/"
    assert 'href="/talk/worried/"' in client.get(to).content.decode()
    tell()
    assert [row.acts for row in first(jo).lifted] == ["Jo acts first."]
    assert len(first(jo).worries) == 1
    page = signed_in(jo.user).get("/today/").content.decode()
    assert page.index("Somebody needs one of us now") < page.index('id="worries"')


def test_the_answer_is_the_same_whether_or_not_we_know_them(client: Client) -> None:
    make_person(name="Sam Teller")

    def told(who: str) -> list[Any]:
        visitor = Client()
        answer = visitor.post("/worried/", {"who": who})
        page = visitor.get(answer["Location"])
        return [answer.status_code, answer["Location"], answer.content, dict(answer.headers), page.content]

    assert told("Sam Teller") == told("Nobody At All")


def test_on_a_sunday_it_says_when_somebody_reads(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "A person reads it today." in client.get("/talk/worried/").content.decode()
    monkeypatch.setattr("django.utils.timezone.now", lambda: SUNDAY)
    page = " ".join(client.get("/talk/worried/").content.decode().split())
    assert "We are not open now. A person reads it tomorrow." in page


def test_a_robot_tells_nothing_and_many_from_one_network_wait_and_lose_nothing(client: Client) -> None:
    make_team()
    assert client.post("/worried/", {"who": "x", "website": "x"})["Location"] == "/worried/"
    assert not Worry.objects.exists()
    for _number in range(5):
        assert client.post("/worried/", {"who": "Sam"}).status_code == 303
    slow = client.post("/worried/", {"who": "Sam again"})
    assert (slow.status_code, slow["Retry-After"]) == (429, "1")
    assert "Sam again" in slow.content.decode()
    assert "You can also call us." in slow.content.decode()
    assert Worry.objects.count() == 5


def test_before_there_is_a_team_it_says_whom_to_call(client: Client) -> None:
    answer = client.post("/worried/", {"who": "Sam"})
    assert answer.status_code == 422
    assert "We cannot take this here yet." in answer.content.decode()


# -- Seeing to it


def test_it_is_open_then_somebody_has_it_then_it_is_done_and_never_out_of_sight(jo: Any) -> None:
    ali, worry = make_member(name="Ali"), tell()
    assert [row.taken for row in first(jo).worries] == [""]
    client = signed_in(jo.user)
    client.post(f"/worries/{worry.pk}/take/")
    take_worry(worry_id=worry.pk, by=ali.user, now=NOW + timedelta(hours=1))
    assert [row.taken for row in first(ali).worries] == ["Jo has this, since 10:00."]
    assert client.post(f"/worries/{worry.pk}/done/", {"did": ""}).status_code == 422
    assert client.post(f"/worries/{worry.pk}/done/", {"did": "We rang her"})["Location"] == "/today/"
    assert not first(jo).worries
    page = client.get(f"/worries/{worry.pk}/").content.decode()
    assert "Jo saw to it" in page
    assert "We rang her" in page
    worry.refresh_from_db()
    finish_worry(worry_id=worry.pk, did="Other words", by=ali.user, now=NOW)
    assert Worry.objects.get().did == "We rang her"
    for wrong in ({"done_at": NOW}, {"taken_at": None}, {"linked_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Worry.objects.filter(pk=tell().pk if wrong != {"taken_at": None} else worry.pk).update(**wrong)


def test_the_members_page_says_whether_the_sender_agrees(jo: Any) -> None:
    client = signed_in(jo.user)
    for may_say, words in (("no", "No. It never shows to the person."), ("", "No. It never"), ("yes", "Yes. Once it")):
        page = client.get(f"/worries/{tell(may_say=may_say).pk}/").content.decode()
        assert "Does the sender agree that we tell them?" in page
        assert words in page


def test_it_is_linked_by_somebody_who_walks_with_them_and_is_then_for_those_who_do(jo: Any) -> None:
    sam, ali, tess = make_person(name="Sam"), make_member(name="Ali"), make_member(name="Tess")
    walk(sam, jo)
    walk(sam, ali, main=False)
    worry = tell()
    with pytest.raises(NotAllowed):
        link_worry(worry_id=worry.pk, plan_id=sam.plan.pk, by=tess.user, now=NOW)
    client = signed_in(jo.user)
    assert client.post(f"/worries/{worry.pk}/link/", {"plan_id": "x"}).status_code == 422
    assert signed_in(tess.user).get(f"/worries/{worry.pk}/").status_code == 200
    assert client.post(f"/worries/{worry.pk}/link/", {"plan_id": str(sam.plan.pk)}).status_code == 303
    assert "It is about Sam." in client.get(f"/worries/{worry.pk}/").content.decode()
    assert f"/worries/{worry.pk}/" in signed_in(ali.user).get(f"/plans/{sam.plan.pk}/contact/").content.decode()
    assert first(ali).worries
    assert not first(tess).worries
    with pytest.raises(NotKnown):
        take_worry(worry_id=worry.pk, by=tess.user, now=NOW)
    shut_out(plan_id=sam.plan.pk, user_id=ali.user_id, by=sam.user, now=NOW)
    assert not first(ali).worries
    assert signed_in(ali.user).get(f"/worries/{worry.pk}/").status_code == 404


@pytest.mark.parametrize("may_say", ["no", "", "yes"])
def test_the_person_reads_it_only_where_the_sender_said_so(jo: Any, may_say: str) -> None:
    sam = make_person(name="Sam")
    walk(sam, jo)
    worry, client = tell(may_say=may_say), signed_in(sam.user)
    link_worry(worry_id=worry.pk, plan_id=sam.plan.pk, by=jo.user, now=NOW)
    plan = f"/plans/{sam.plan.pk}"
    shown = {
        address: any(words in client.get(address).content.decode() for words in (WHY, SEEN, "Ann", "07700 900955"))
        for address in ("/me/", f"{plan}/", f"{plan}/history/", f"{plan}/record.json", f"{plan}/looks/")
    }
    agreed = may_say == "yes"
    assert shown == {
        "/me/": agreed, f"{plan}/": False, f"{plan}/history/": False, f"{plan}/record.json": agreed,
        f"{plan}/looks/": False,
    }  # fmt: skip
    if agreed:
        page = client.get("/me/").content.decode()
        assert "Someone is worried about you" in page
        assert "07700 900955" not in page, "how to reach whoever told us is ours"
    assert client.get(f"/worries/{worry.pk}/").status_code == 404
