"""The pages beside the words: what a browser sends, and what it is shown."""

from uuid import uuid4

import pytest

from cases import actions
from cases.models import Entry, Rating, Suggestion
from tests.factories import NOW, make_member, make_person, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(client):
    return make_person(name="Sam")


@pytest.fixture
def jo(sam):
    member = make_member(name="Jo Bevan")
    walk(sam, member)
    return member


@pytest.fixture
def theirs(sam):
    return add(sam, "now", "words", "Stuck")


def add(person, section, field, words, **more):
    more.setdefault("by", person.user)
    return actions.add_entry(plan_id=person.plan.pk, section=section, field=field, words=words, now=NOW, **more)


def at(thing, rest=""):
    return f"/plans/{thing.plan_id}/entries/{thing.pk}/{rest}"


def body(answer):
    return answer.content.decode()


def test_words_are_suggested_and_accepted(client, sam, jo, theirs):
    client.force_login(jo.user)
    assert "Suggest other words" in body(client.get(f"/plans/{sam.plan.pk}/"))
    form = client.get(at(theirs, "suggest/"))
    assert "Stuck" in body(form)
    same = client.post(at(theirs, "suggest/"), {"words": "Stuck"})
    assert same.status_code == 422
    assert client.post(at(theirs, "suggest/"), {"words": "A hard time", "why": "You said"}).status_code == 303
    client.force_login(sam.user)
    page = body(client.get(f"/plans/{sam.plan.pk}/"))
    for words in ("Stuck", "A hard time", "What Jo Bevan suggests", "Why: You said", "Answer this"):
        assert words in page
    address = at(theirs, f"suggested/{Suggestion.objects.get().pk}/")
    assert "A hard time" in body(client.get(address))
    nothing = client.post(address, {"answer": "reworded", "their_words": "", "version": "1"})
    assert nothing.status_code == 422
    assert client.post(address, {"answer": "accepted", "version": "1"}).status_code == 303
    assert client.post(address, {"answer": "accepted", "version": "1"}).status_code == 303  # pressed twice
    assert Entry.objects.get(pk=theirs.pk).words == "A hard time"


def test_an_answer_to_words_that_changed_meanwhile_asks_once_more_and_loses_nothing(client, sam, jo, theirs):
    one = actions.suggest_words(plan_id=sam.plan.pk, entry_id=theirs.pk, words="A hard time", by=jo.user, now=NOW)
    actions.change_words(plan_id=sam.plan.pk, entry_id=theirs.pk, words="Newer", version=1, by=sam.user, now=NOW)
    client.force_login(sam.user)
    address = at(theirs, f"suggested/{one.pk}/")
    answer = client.post(address, {"answer": "reworded", "their_words": "My very own", "version": "1"})
    assert answer.status_code == 422
    for words in ("Newer", "My very own", "Your words changed while you were reading"):
        assert words in body(answer)
    client.post(address, {"answer": "reworded", "their_words": "My very own", "version": "2"})
    assert Entry.objects.get(pk=theirs.pk).words == "My very own"


def test_a_member_reads_that_the_person_has_not_said_and_cannot_answer(client, sam, jo, theirs):
    one = actions.suggest_words(plan_id=sam.plan.pk, entry_id=theirs.pk, words="A hard time", by=jo.user, now=NOW)
    client.force_login(jo.user)
    page = body(client.get(f"/plans/{sam.plan.pk}/"))
    assert "Sam has not said." in page
    assert "Answer this" not in page
    address = at(theirs, f"suggested/{one.pk}/")
    for answer in (client.get(address), client.post(address, {"answer": "accepted", "version": "1"})):
        assert answer.status_code == 404
    assert client.post(at(theirs, "restore/1/")).status_code == 403
    assert client.get(f"/plans/{sam.plan.pk}/order/").status_code == 404
    assert client.get(f"/plans/{sam.plan.pk}/how-things-are/").status_code == 404
    assert client.post(f"/plans/{sam.plan.pk}/order/now/").status_code == 403


def test_two_texts_that_meet_are_both_to_be_edited_and_one_press_keeps_either_or_both(client, sam, theirs):
    client.force_login(sam.user)
    change = {"plan_id": sam.plan.pk, "entry_id": theirs.pk, "by": sam.user, "now": NOW}
    actions.change_words(words="from my phone", version=1, **change)
    clash = client.post(at(theirs), {"words": "from the library", "version": "1", "why": "because"})
    assert clash.status_code == 422
    for words in ("from my phone", "from the library", "because", "Keep both", "Use what I wrote"):
        assert words in body(clash)
    sent = {"theirs": "from my phone", "words": "from the library", "version": "2"}
    empty = client.post(at(theirs), {**sent, "theirs": " ", "use": "both"})
    assert empty.status_code == 422
    assert "from the library" in body(empty)
    for number, (use, kept) in enumerate(
        (
            ("both", "from my phone\n\nfrom the library"),
            ("mine", "from the library"),
            ("theirs", "from my phone"),
        )
    ):
        answer = client.post(at(theirs), {**sent, "version": str(2 + number), "use": use})
        assert answer.status_code == 303
        assert Entry.objects.get(pk=theirs.pk).words == kept


def test_meeting_again_shows_both_texts_again(client, sam, theirs):
    client.force_login(sam.user)
    actions.change_words(plan_id=sam.plan.pk, entry_id=theirs.pk, words="third", version=1, by=sam.user, now=NOW)
    again = client.post(at(theirs), {"theirs": "first", "words": "second", "version": "1", "use": "both"})
    assert again.status_code == 422
    for words in ("third", "first\n\nsecond"):
        assert words in body(again)


def test_a_number_and_its_words_are_kept_and_shown_with_a_drawing(client, sam):
    goal = add(sam, "change", "goal", "Work again")
    client.force_login(sam.user)
    assert "How close do you feel?" in body(client.get(at(goal, "rate/")))
    assert client.post(at(goal, "rate/"), {"value": "4", "words": "Getting there"}).status_code == 303
    assert client.post(f"/plans/{sam.plan.pk}/how-things-are/", {"value": "0"}).status_code == 303
    actions.rate(plan_id=sam.plan.pk, value=6, by=sam.user, now=NOW)
    page = body(client.get(f"/plans/{sam.plan.pk}/"))
    for words in ("4 of 10", "Getting there", "0 of 10", "6 of 10", "data:image/svg+xml"):
        assert words in page
    assert 'style="' not in page


def test_how_much_it_matters_and_whether_it_was_agreed_are_asked_of_whom_they_concern(client, sam, jo):
    client.force_login(sam.user)
    goal = {"field": "goal", "words": "Work", "importance": "lot", "agreed": "yes"}
    client.post(f"/plans/{sam.plan.pk}/add/change/", goal)
    client.force_login(jo.user)
    client.post(f"/plans/{sam.plan.pk}/add/steps/", {"field": "step", "words": "Ring", "agreed": "yes"})
    unsaid = client.post(f"/plans/{sam.plan.pk}/add/steps/", {"field": "step", "words": "x", "agreed": "could_not"})
    assert unsaid.status_code == 422
    mine, ours = Entry.objects.order_by("section")
    assert (mine.importance, mine.agreed, ours.agreed) == ("lot", "", "yes")
    page = body(client.get(f"/plans/{sam.plan.pk}/"))
    assert "It matters a lot" in page
    assert "We agreed this" in page


def test_the_parts_move_without_a_mouse(client, sam):
    client.force_login(sam.user)
    assert client.post(f"/plans/{sam.plan.pk}/order/helps/", {"move": "up"}).status_code == 303
    page = body(client.get(f"/plans/{sam.plan.pk}/"))
    assert page.index('id="helps"') < page.index('id="matters"')


def test_earlier_words_are_put_back_from_the_history(client, sam, theirs):
    actions.change_words(plan_id=sam.plan.pk, entry_id=theirs.pk, words="Newer", version=1, by=sam.user, now=NOW)
    client.force_login(sam.user)
    page = body(client.get(f"/plans/{sam.plan.pk}/history/"))
    assert page.count("Put these words back") == 1
    version = Entry.history.filter(id=theirs.pk).last().history_id
    assert client.post(at(theirs, f"restore/{version}/")).status_code == 303
    assert Entry.objects.get(pk=theirs.pk).words == "Stuck"


@pytest.mark.parametrize("given", ["", "11", "-1", "x", "4.5", "9" * 400])
def test_what_is_no_number_is_asked_for_again(client, sam, given):
    client.force_login(sam.user)
    answer = client.post(f"/plans/{sam.plan.pk}/how-things-are/", {"value": given, "words": "kept as typed"})
    assert answer.status_code == 422
    assert "kept as typed" in body(answer)
    assert not Rating.objects.exists()


def test_nothing_that_can_be_sent_breaks_a_page(client, sam, jo, theirs):
    one = actions.suggest_words(plan_id=sam.plan.pk, entry_id=theirs.pk, words="x", by=jo.user, now=NOW)
    plan = f"/plans/{sam.plan.pk}/"
    client.force_login(sam.user)
    posts = [
        (at(theirs, f"suggested/{one.pk}/"), {"x": "1"}, 422),
        (at(theirs, f"suggested/{one.pk}/"), {"answer": "boss", "version": "1"}, 422),
        (at(theirs, f"suggested/{one.pk}/"), {"answer": "other_view", "their_words": " ", "version": "x"}, 422),
        (at(theirs, f"suggested/{uuid4()}/"), {"answer": "accepted", "version": "1"}, 303),
        (at(theirs, "suggest/"), {"words": "mine"}, 403),
        (at(theirs, "restore/99999999999999999999/"), {}, 404),
        (at(theirs, "restore/0/"), {}, 404),
        (at(theirs, "rate/"), {"value": "3"}, 404),
        (at(theirs), {"use": "mine"}, 422),
        (at(theirs), {"use": "?", "words": "a", "theirs": "b" * 6000, "version": "1"}, 422),
        (at(theirs), {"use": "boss", "words": "a", "version": "1", "importance": "boss"}, 422),
        (f"{plan}order/nowhere/", {"move": "up"}, 404),
        (f"{plan}order/now/", {"move": "\x00"}, 400),
    ]
    for address, given, status in posts:
        assert client.post(address, given).status_code == status, (address, given)
    for query in ("who=nobody", "page=-1", "page=x", "section=none&who=x&page=9999999999999999999999"):
        assert client.get(f"{plan}history/?{query}").status_code == 200
