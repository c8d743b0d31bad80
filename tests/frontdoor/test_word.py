"""A word only the person knows: with it set, a code that was found opens nothing."""

import pytest

from frontdoor import actions, queries
from teams.actions import set_word
from tests.factories import NOW, make_member, make_person, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return make_person(name="Sam")


@pytest.fixture
def code(sam):
    jo = make_member(name="Jo Bevan")
    walk(sam, jo)
    return actions.reissue_code(plan_id=sam.plan.pk, by=jo.user, now=NOW)


def test_without_a_word_the_code_and_the_name_open_the_page(sam, code):
    assert queries.find(code=code, name="sam").user == sam.user


def test_with_a_word_the_code_and_the_name_are_not_enough(sam, code):
    set_word(word="Blue  Kettle", by=sam.user, now=NOW)
    assert queries.find(code=code, name="sam") is None
    assert queries.find(code=code, name="sam", word="red kettle") is None
    assert queries.find(code=code, name="sam", word=" blue kettle ").user == sam.user


def test_a_member_who_makes_a_new_code_cannot_go_round_the_word(sam, code):
    set_word(word="kettle", by=sam.user, now=NOW)
    jo = make_member(name="Ali")
    walk(sam, jo, main=False)
    new = actions.reissue_code(plan_id=sam.plan.pk, by=jo.user, now=NOW)
    assert queries.find(code=new, name="sam") is None


def test_the_word_can_be_taken_away_again(sam, code):
    set_word(word="kettle", by=sam.user, now=NOW)
    set_word(word="", by=sam.user, now=NOW)
    assert queries.find(code=code, name="sam").user == sam.user


def test_it_is_kept_so_that_nobody_can_read_it(sam, client):
    client.force_login(sam.user)
    assert client.post("/me/word/", {"word": "kettle"}).status_code == 303
    assert client.get("/me/").status_code == 200  # this visit goes on
    sam.user.refresh_from_db()
    assert "kettle" not in sam.user.password
