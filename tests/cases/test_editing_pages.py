"""The pages beside the words: what a browser sends, and what it is shown."""

from uuid import uuid4

import pytest
from django.test import Client

from cases import actions
from cases.models import Entry, Rating, Suggestion
from cases.queries.history import history
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
    for words in ("Stuck", "A hard time", "Jo Bevan suggests", "Why: You said", "Answer this"):
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


def test_what_somebody_changed_meanwhile_stays_where_another_thing_is_changed(client, sam):
    goal = add(sam, "change", "goal", "Sleep through")
    client.force_login(sam.user)
    library = {"words": "Sleep through", "importance": "lot", "version": "1"}
    assert client.post(at(goal), library).status_code == 303
    phone = {"words": "Sleep until six", "importance": "", "version": "1"}
    assert client.post(at(goal), phone).status_code == 303
    goal.refresh_from_db()
    assert (goal.words, goal.importance) == ("Sleep until six", "lot")


def test_one_field_that_met_another_is_asked_about_at_that_field_and_the_next_press_keeps_it(client, sam, jo):
    step = add(sam, "steps", "step", "Ring the choir", by=jo.user, when="soon", agreed="not_yet")
    client.force_login(jo.user)
    sent = {"words": "Ring the choir", "who": "", "when": "Monday", "agreed": "yes", "version": "1"}
    assert client.post(at(step), sent).status_code == 303
    met = client.post(at(step), {**sent, "when": "Friday <3", "agreed": "", "words": "Ring them"})
    assert met.status_code == 422
    for words in ("On another screen this became “Monday”. Which is right?", "“We agreed this”"):
        assert body(met).count(words) >= 2, words  # at the top and at the field
    assert "Both are here" not in body(met), "the words did not meet"
    for words in ("Friday &lt;3", "Ring them", 'name="version" value="2"'):
        assert words in body(met), words
    assert client.post(at(step), {**sent, "when": "", "words": "Ring them", "version": "2"}).status_code == 303
    emptied = client.post(at(step), {**sent, "when": "Friday", "version": "2"})
    assert "On another screen this was emptied. Which is right?" in body(emptied)


def test_nobody_says_yes_to_words_that_they_have_not_read(client, sam, jo):
    entry = add(sam, "now", "words", "Sleep has been hard.", by=jo.user)
    actions.change_words(
        plan_id=sam.plan.pk, entry_id=entry.pk, words="You never sleep.", version=1, by=jo.user, now=NOW
    )
    client.force_login(sam.user)
    asked = client.post(at(entry, "answer/"), {"answer": "yes", "other_view": "Some nights", "version": "1"})
    assert asked.status_code == 422
    for words in ("You never sleep.", "changed these words while you were reading", "Some nights"):
        assert words in body(asked)
    assert client.post(at(entry, "answer/"), {"answer": "yes", "version": "2"}).status_code == 303
    assert "You agree" in body(client.get(f"/plans/{sam.plan.pk}/"))


@pytest.mark.parametrize("gone", ["taken out", "closed to them"])
def test_what_somebody_was_writing_is_shown_to_them_where_it_can_no_longer_be_kept(client, sam, jo, gone):
    entry = add(sam, "now", "words", "Sleep has been hard.", by=jo.user)
    if gone == "taken out":
        actions.take_out(plan_id=sam.plan.pk, entry_id=entry.pk, by=sam.user, now=NOW)
    else:
        actions.shut_out(plan_id=sam.plan.pk, section="now", user_id=jo.user.pk, by=sam.user, now=NOW)
    client.force_login(jo.user)
    answer = client.post(at(entry), {"words": "Sleep is <b>hard</b>\nin June", "version": "1"})
    assert answer.status_code == 404
    assert "Sleep is &lt;b&gt;hard&lt;/b&gt;\nin June" in body(answer)
    assert "Sleep has been hard." not in body(answer)
    assert "What you wrote" not in body(client.get(at(entry)))


def test_only_a_form_of_ours_puts_words_on_a_page_that_is_not_there(sam, jo):
    strict = Client(enforce_csrf_checks=True)
    for address in ("/nowhere/", f"/plans/{uuid4()}/add/now/"):
        assert "Ring this number" not in body(strict.post(address, {"words": "Ring this number"}))


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


def test_what_somebody_else_wrote_and_the_person_took_out_is_put_back_from_the_history(client, sam, jo):
    entry = add(sam, "helps", "helps", "A walk at noon", by=jo.user)
    client.force_login(sam.user)
    history = f"/plans/{sam.plan.pk}/history/"
    assert "Put these words back" not in body(client.get(history))
    assert client.post(at(entry, "answer/"), {"answer": "out", "version": "1"}).status_code == 303
    page = body(client.get(history))
    assert page.count("Put these words back") == 1
    assert at(entry, "back/") in page
    client.force_login(jo.user)
    assert "Put these words back" not in body(client.get(history))
    client.force_login(sam.user)
    assert client.post(at(entry, "back/")).status_code == 303
    assert "A walk at noon" in body(client.get(f"/plans/{sam.plan.pk}/"))
    assert "Put these words back" not in body(client.get(history))


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


def test_whoever_wrote_a_step_changes_who_does_it_and_by_when(client, sam, jo):
    step = add(sam, "steps", "step", "Ring the landlord", who="Sam", when="Friday")
    client.force_login(sam.user)
    page = body(client.get(at(step)))
    assert 'value="Friday"' in page
    given = {"words": "Ring the landlord", "who": "Sam and Jo", "when": "soon", "version": "1"}
    answer = client.post(at(step), given)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/plans/{sam.plan.pk}/#e-{step.pk}")
    changed = Entry.objects.get(pk=step.pk)
    assert (changed.who, changed.when, changed.version) == ("Sam and Jo", "soon", 2)
    history = body(client.get(f"/plans/{sam.plan.pk}/history/"))
    for words in ("changed who does it, or by when", "Sam · Friday", "Sam and Jo · soon"):
        assert words in history
    # A goal has neither, whatever is sent.
    goal = add(sam, "change", "goal", "A dry wall")
    assert client.post(at(goal), {"words": "A dry wall", "who": "Jo", "version": "1"}).status_code == 303
    assert Entry.objects.get(pk=goal.pk).who == ""


def test_everybody_on_a_step_says_how_it_is_going_and_a_goal_is_the_persons_to_move(client, sam, jo):
    step = add(sam, "steps", "step", "Ring the landlord", by=jo.user)
    goal = add(sam, "change", "goal", "Sleep", by=jo.user)
    client.force_login(sam.user)
    assert f'href="{at(step)}">How is it going?' in body(client.get(f"/plans/{sam.plan.pk}/"))
    page = body(client.get(at(step)))
    assert 'value="done"' in page
    assert "<textarea" not in page
    assert client.post(at(step), {"words": "Mine now", "version": "1"}).status_code == 403
    answer = client.post(at(step, "progress/"), {"progress": "done"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/plans/{sam.plan.pk}/#e-{step.pk}")
    assert Entry.objects.get(pk=step.pk).progress == "done"
    # Nobody is offered a press that would be refused.
    client.force_login(jo.user)
    assert 'value="done"' not in body(client.get(at(goal)))
    assert client.post(at(goal, "progress/"), {"progress": "done"}).status_code == 403


def test_both_views_of_one_thing_stand_side_by_side_and_once(client, sam, jo):
    entry = add(sam, "now", "words", "You sound flatter", by=jo.user)
    client.force_login(sam.user)
    client.post(
        at(entry, "answer/"), {"answer": "other_view", "other_view": "It is the washing machine", "version": "1"}
    )
    page = body(client.get(f"/plans/{sam.plan.pk}/"))
    assert (page.count("You sound flatter</div>"), page.count("It is the washing machine</blockquote>")) == (1, 1)


def test_words_are_never_refused_for_want_of_a_pick(client, sam):
    client.force_login(sam.user)
    address = f"/plans/{sam.plan.pk}/add/hard/"
    answer = client.post(address, {"words": "Short answers", "field": "nonsense"})
    assert answer.status_code == 422
    assert body(answer).count("Pick one of these.") == 2
    assert "Short answers" in body(answer)
    assert client.post(address, {"words": "Short answers"}).status_code == 303
    assert Entry.objects.get(words="Short answers").field == "signs"


def test_only_those_who_see_the_part_can_be_picked_for_something_new_in_it(client, sam):
    def offered(section):
        page = body(client.get(f"/plans/{sam.plan.pk}/add/{section}/"))
        return [
            circle
            for circle in ("me", "named", "walking", "team")
            if f'name="circle"\n             value="{circle}"' in page
        ]

    client.force_login(sam.user)
    assert offered("helps") == ["me", "named", "walking"]
    actions.set_circle(plan_id=sam.plan.pk, section="helps", circle="named", by=sam.user, now=NOW)
    assert offered("helps") == ["me"]
    assert offered("mine") == []


def test_after_a_change_one_is_where_one_was(client, sam, theirs):
    client.force_login(sam.user)
    plan, every = f"/plans/{sam.plan.pk}/", f"/plans/{sam.plan.pk}/sharing/"
    back = f'class="nhsuk-back-link" href="{plan}#e-{theirs.pk}"'
    for page in ("", "sharing/"):
        assert back in body(client.get(at(theirs, page)))
    assert client.post(f"{plan}order/helps/", {"move": "up"}).headers["Location"] == f"{plan}order/#helps"
    circle = {"circle": "walking"}
    assert client.post(f"{every}now/", circle).headers["Location"] == f"{every}#now"
    assert client.post(f"{every}now/?from=plan", circle).headers["Location"] == f"{plan}#now"


def test_a_goal_moves_to_another_part_of_life_where_its_words_are_changed_and_the_history_says_so(client, sam, jo):
    goal = add(sam, "change", "goal", "Fewer letters", area="home", circle="named")
    client.force_login(sam.user)
    page = body(client.get(at(goal)))
    assert '<option value="home" selected>Home</option>' in page
    sent = {"words": "Fewer letters", "area": "money", "version": "1"}
    assert client.post(at(goal), sent).status_code == 303
    assert "<h3>Money, food and bills</h3>" in body(client.get(f"/plans/{sam.plan.pk}/"))
    newest = history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)[0]
    assert (newest.what, newest.old, newest.new) == (
        "changed which part of life it is",
        "Home",
        "Money, food and bills",
    )
    assert Entry.objects.get(pk=goal.pk).circle == "named", "who sees it stays as it is"
    met = client.post(at(goal), {**sent, "area": "mood"})
    assert met.status_code == 422, "it was changed meanwhile"
    assert "On another screen this became “Money, food and bills”. Which is right?" in body(met)
    both = {"words": "No letters", "area": "", "version": "2"}
    assert client.post(at(goal), both).status_code == 303
    told = [(change.what, change.old, change.new) for change in history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)]
    assert ("changed", "Fewer letters", "No letters") in told
    assert ("changed which part of life it is", "Money, food and bills", "") in told
    assert client.post(at(goal), {"words": "x", "area": "made up", "version": "4"}).status_code == 422


def test_only_a_goal_is_about_a_part_of_life(client, sam, theirs):
    client.force_login(sam.user)
    assert 'name="area"' not in body(client.get(at(theirs)))
    client.post(at(theirs), {"words": "Stuck", "area": "money", "version": "1"})
    assert Entry.objects.get(pk=theirs.pk).area == ""


def test_every_page_of_a_plan_has_the_teams_links_for_a_member_and_for_nobody_else(client, sam, jo, theirs):
    pages = (at(theirs, "suggest/"), f"/plans/{sam.plan.pk}/add/helps/", f"/plans/{sam.plan.pk}/history/")
    for somebody, has_them in ((jo.user, True), (sam.user, False)):
        client.force_login(somebody)
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 403 or ('aria-label="Team"' in body(answer)) is has_them, page


@pytest.mark.parametrize(
    ("then", "progress", "is_out"), [("later", "later", False), ("done", "done", False), ("out", "now", True)]
)
def test_words_that_were_typed_are_kept_whichever_button_is_pressed(client, sam, then, progress, is_out):
    goal = add(sam, "change", "goal", "Sleep", area="mood")
    client.force_login(sam.user)
    given = {"words": "Sleep at night", "version": goal.version, "area": "mood", "then": then}
    answer = client.post(at(goal), given, follow=True)
    goal.refresh_from_db()
    assert (goal.words, goal.progress, goal.removed_at is not None) == ("Sleep at night", progress, is_out)
    assert ("It is taken out." if is_out else "It is kept.") in body(answer)


def test_what_was_kept_is_said_where_one_lands_and_once(client, sam):
    client.force_login(sam.user)
    answer = client.post(f"/plans/{sam.plan.pk}/add/mine/", {"words": "For me", "field": "words"}, follow=True)
    assert body(answer).count("It is kept.") == 1
    assert "It is kept." not in body(client.get(f"/plans/{sam.plan.pk}/"))


def test_nobody_lets_go_of_a_step_for_the_person(client, sam, jo):
    theirs = add(sam, "steps", "step", "Ring the surgery")
    jos = add(sam, "steps", "step", "Bring the form", by=jo.user)
    client.force_login(jo.user)
    assert "Let it go" not in body(client.get(at(theirs)))
    assert "Let it go" in body(client.get(at(jos)))
    for step, status in ((theirs, 403), (jos, 303)):
        assert client.post(at(step, "progress/"), {"progress": "let_go"}).status_code == status
    client.force_login(sam.user)
    assert "Let it go" in body(client.get(at(theirs)))


def test_what_was_taken_out_is_put_back_with_one_press_by_the_person_alone(client, sam, jo, theirs):
    jos = add(sam, "now", "words", "Came in cold", by=jo.user)
    for somebody, entry in ((sam.user, theirs), (jo.user, jos)):
        client.force_login(somebody)
        answer = client.post(at(entry), {"words": entry.words, "version": "1", "then": "out"}, follow=True)
        assert "It is taken out." in body(answer)
        assert (f'action="{at(entry, "back/")}"' in body(answer)) == (somebody == sam.user)
    client.force_login(sam.user)
    assert "It is kept." in body(client.post(at(theirs, "back/"), follow=True))
    theirs.refresh_from_db()
    assert theirs.removed_at is None


def test_whoever_empties_the_box_can_take_it_out(client, sam, theirs):
    client.force_login(sam.user)
    assert client.post(at(theirs), {"words": " ", "version": "1", "then": "out"}).status_code == 303
    theirs.refresh_from_db()
    assert (theirs.words, theirs.removed_at is not None) == ("Stuck", True)


def test_words_are_kept_where_the_address_names_no_field_there_is(client, sam):
    client.force_login(sam.user)
    for section, field in (("matters", "words"), ("now", "words")):
        page = client.get(f"/plans/{sam.plan.pk}/add/{section}/?field=nothing")
        assert f'value="{field}"' in body(page)
        answer = client.post(f"/plans/{sam.plan.pk}/add/{section}/?field=nothing", {"words": f"In {section}"})
        assert answer.status_code == 303
        assert Entry.objects.get(words=f"In {section}").field == field


def test_a_pick_that_there_is_not_is_said_in_our_own_words(client, sam):
    client.force_login(sam.user)
    sent = {"words": "Sleep", "area": "moon", "importance": "moon", "circle": "moon"}
    page = body(client.post(f"/plans/{sam.plan.pk}/add/change/", sent))
    assert "Pick one of these." in page
    assert "Select a valid choice" not in page


def test_a_worker_who_has_not_asked_yet_can_say_so(client, sam, jo):
    client.force_login(jo.user)
    page = body(client.get(f"/plans/{sam.plan.pk}/add/change/"))
    assert "I have not asked yet" in page


def test_two_texts_that_meet_come_before_all_else_on_the_page_and_in_its_title(client, sam, theirs):
    client.force_login(sam.user)
    actions.change_words(plan_id=sam.plan.pk, entry_id=theirs.pk, words="Newer", version=1, by=sam.user, now=NOW)
    page = body(client.post(at(theirs), {"words": "Mine", "version": "1"}))
    assert "<title>Error: Change" in page
    assert page.index("Both are here.") < page.index("<h1")
    assert page.count("autofocus") == 1


def test_what_is_the_persons_alone_asks_nobody_who_sees_it_until_the_part_is_opened(client, sam, jo):
    mine = add(sam, "mine", "words", "For me")
    client.force_login(sam.user)
    address = f'href="{at(mine, "sharing/")}"'
    assert address not in body(client.get(f"/plans/{sam.plan.pk}/"))
    actions.set_circle(plan_id=sam.plan.pk, section="mine", circle="named", by=sam.user, now=NOW)
    assert address in body(client.get(f"/plans/{sam.plan.pk}/"))


def test_a_filter_that_finds_nothing_says_so_and_leads_back_to_all(client, sam):
    client.force_login(sam.user)
    history = f"/plans/{sam.plan.pk}/history/"
    page = body(client.get(f"{history}?section=wishes"))
    assert "Nothing matches." in page
    assert f'href="{history}">Show all' in page
    assert "Nothing matches." not in body(client.get(history))
