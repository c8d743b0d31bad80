"""What stands in the way of publishing: for each rule one fault is planted, and it is named."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdoor import arriving, changing, checking, queries, script, wording
from frontdoor.checking import Problem
from frontdoor.script import Kind

Document = dict[str, Any]
Fault = Callable[[Document], Any]


def shipped() -> Document:
    return copy.deepcopy(dict(script.shipped()))


def page(document: Document, name: str) -> Any:
    return changing.page_of(document, name)


def ask(document: Document, question: str) -> Any:
    return changing.question_of(document, question)


def add(document: Document, to: str = "matters", *, asks: str = "What do you like?", **more: Any) -> Any:
    given = {"kind": Kind.LINE, "goes": "plan:helps.helps", "choices": (), "taken": (), **more}
    return changing.add_question(document, to, asks=asks, **given)


def new_page(document: Document, **more: Any) -> None:
    """One more page of the short path, last."""
    given = {"number": 90, "name": "ours", "questions": [], **more}
    document["pages"].append(given)
    add(document, "ours")


def test_nothing_stands_in_the_way_of_the_script_that_is_shipped() -> None:
    assert checking.blocking(script.shipped(), script.shipped()) == []


def test_what_a_team_would_change_is_fine() -> None:
    document = shipped()
    changing.set_text(document, "know:asks", "What would you like to say?")
    changing.add_choice(document, "talk.needs", "I need more time")
    topic = changing.add_topic(document, title="Pets", taken=(), numbers=())
    add(document, topic, asks="Who looks after your pet?")
    add(document, "see", asks="Do you live by the sea?", kind=Kind.ONE, choices=["Yes", "No"])
    changing.move_page(document, topic, up=True)
    changing.take_out_question(document, "matters.hopes")
    changing.take_out_page(document, "past")
    changing.set_branch(document, "avoid", {})
    assert checking.blocking(document, script.shipped()) == []


FAULTS: dict[str, tuple[Fault, str]] = {
    # It can be read
    "mandatory": (lambda d: ask(d, "know").update(mandatory=True), "There is no such thing as “mandatory”"),
    "an unknown field of a page": (lambda d: page(d, "see").update(score=3), "There is no such thing as “score”"),
    "nothing where something must be": (lambda d: ask(d, "know").pop("kind"), "“kind” is missing"),
    "a number for words": (lambda d: ask(d, "know").update(asks=3), "“asks” cannot be read"),
    "words for a list": (lambda d: page(d, "see").update(lead="Hello"), "“lead” needs a list"),
    "a list for a page": (lambda d: d["pages"].append([]), "“pages” cannot be read"),
    "a score": (lambda d: ask(d, "soon").update(kind="score"), "“score” is not something that we know"),
    "an unknown circle": (lambda d: ask(d, "mood.life").update(circle="all"), "“all” is not something that we know"),
    "an unknown part of life": (lambda d: page(d, "mood").update(area="risk"), "“risk” is not something"),
    # Names
    "two pages of one name": (lambda d: page(d, "helps").update(name="matters"), "“matters” is there twice"),
    "two pages of one number": (lambda d: page(d, "helps").update(number=101), "Two pages have the number 101"),
    "two questions of one id": (lambda d: ask(d, "helps.who").update(id="matters.words"), "is there twice"),
    "two answers of one key": (
        lambda d: ask(d, "talk.needs")["choices"].append({"key": "bsl", "words": "Signs"}),
        "“Signs” is there twice",
    ),
    "a name nothing can be kept under": (lambda d: ask(d, "helps.who").update(id="Who? Me"), "is not a name"),
    "a page with a bad name": (lambda d: page(d, "helps").update(name="Who? Me"), "is not a name"),
    # What the code relies on
    "a page that the code knows": (lambda d: page(d, "see").update(name="seen"), "“Who will see this?” is needed"),
    "a question that the code knows": (
        lambda d: changing.take_out_question(d, "call.number"),
        "We need the question “What number can we call?”",
    ),
    "another kind": (
        lambda d: ask(d, "text.word").update(kind="box"),
        "We rely on this question as it was",
    ),
    "a pace nobody knows": (
        lambda d: changing.add_choice(d, "soon", "Next year"),
        "We cannot tell what this new answer means",
    ),
    "a way nobody knows": (lambda d: changing.add_choice(d, "ways", "By fax"), "We cannot tell"),
    "a sector nobody knows": (lambda d: changing.add_choice(d, "exclude", "The police"), "We cannot tell"),
    "a pick nobody knows": (lambda d: changing.add_choice(d, "topics", "My bike"), "We cannot tell"),
    "help that does not come": (lambda d: ask(d, "soon").pop("lifts"), "An answer here brings help"),
    "help that does not come later": (lambda d: ask(d, "mood.life").pop("lifts"), "An answer here brings help"),
    "a place beside the plan": (
        lambda d: add(d, goes="ways"),
        "No other question can land there",
    ),
    # Pages
    "nothing asked": (lambda d: changing.add_topic(d, title="Pets", taken=(), numbers=()), "asks nothing"),
    "no title": (lambda d: page(d, "helps").pop("title"), "A topic needs a title"),
    "a topic that opens": (lambda d: changing.set_branch(d, "helps", {"ways": ["call"]}), "open to everybody"),
    "a part of life on the way": (lambda d: page(d, "see").update(area="mood"), "Only a topic has a part of life"),
    "a page aside without its link": (lambda d: page(d, "come").update(aside=True), "No link leads to this page"),
    "a page for everybody": (lambda d: changing.set_branch(d, "see", {"ways": ["call"]}), "is for everybody"),
    "a pick of two parts of life": (
        lambda d: page(d, "past").update(topics=["past", "home"]),
        "“Somewhere to live” hangs from two parts of life",
    ),
    "a goal of feeling safe": (lambda d: page(d, "safe").update(area="mood"), "“Feeling safe” is never made a goal"),
    "a topic of no pick": (lambda d: page(d, "mood").update(topics=["moods"]), "not on the list"),
    "opened by what comes later": (
        lambda d: changing.set_branch(d, "name", {"ways": ["call"]}),
        "is not asked before it",
    ),
    "opened by nothing there is": (
        lambda d: changing.set_branch(d, "call", {"ways": ["phone"]}),
        "not one that can be picked",
    ),
    "opened by words": (
        lambda d: changing.set_branch(d, "call", {"name": ["Sam"]}),
        "not one that can be picked",
    ),
    "opened by what nobody can pick": (
        lambda d: new_page(
            d,
            when=[{"question": "text.others", "keys": ["no"]}, {"question": "text.others", "keys": ["yes"]}],
        ),
        "Nobody can pick all",
    ),
    "opened behind a page that does not open": (
        # "What can we send?" is asked only of those whose texts somebody may see.
        lambda d: new_page(
            d,
            when=[{"question": "text.send", "keys": ["mine"]}, {"question": "text.others", "keys": ["no"]}],
        ),
        "Nobody can pick all",
    ),
    # Questions
    "no words": (lambda d: changing.set_text(d, "helps.who:asks", " "), "has no words"),
    "an answer without words": (lambda d: changing.set_text(d, "talk.needs:choice.bsl", ""), "answers to pick has no"),
    "nothing to pick": (lambda d: add(d, kind=Kind.ONE), "nothing to pick"),
    "something to pick": (lambda d: changing.add_choice(d, "helps.who", "A dog"), "is answered in words"),
    "too much": (lambda d: ask(d, "helps.who").update(limit=5001), "from 1 to 5,000"),
    "nowhere": (lambda d: add(d, goes="somewhere"), "does not land anywhere"),
    "no such section": (lambda d: add(d, goes="plan:risk.level"), "does not land anywhere"),
    "no such field": (lambda d: add(d, goes="plan:helps.level"), "does not land anywhere"),
    "what is theirs alone": (lambda d: add(d, goes="plan:mine.words"), "does not land anywhere"),
    "help lines nobody knows": (lambda d: ask(d, "home.tonight").update(lines="boats"), "no help lines of that name"),
    "help from no answer": (lambda d: ask(d, "home.tonight").update(lifts=["never"]), "brings help is not there"),
    "help lines from no answer": (lambda d: ask(d, "home.tonight").pop("lines_for"), "need an answer that shows"),
    # Words
    "a word that hurts": (lambda d: changing.set_text(d, "know:hint", "Any referral?"), "Say this without “referral”"),
    "a long sentence": (
        lambda d: changing.set_text(d, "know:hint", "We go on and on " * 5),
        "Make two sentences",
    ),
    "hard words": (
        lambda d: changing.set_text(d, "know:hint", "Information about previous psychiatric hospitalisation"),
        "This page is hard to read",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_where_it_is(name: str) -> None:
    plant, words = FAULTS[name]
    document = shipped()
    plant(document)
    found = checking.blocking(document)
    assert any(words in each.words for each in found), [each.words for each in found]
    assert len({each.words for each in found}) <= 3, "one fault, and not a flood"


CHANGED: dict[str, Fault] = {
    "its kind": lambda d: ask(d, "matters.hopes").update(kind="line"),
    "where it lands": lambda d: ask(d, "matters.hopes").update(goes="plan:notes.note"),
    "its part": lambda d: page(d, "see")["questions"].append(page(d, "matters")["questions"].pop()),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_question_that_means_something_else_is_a_new_question(what: str) -> None:
    document = shipped()
    CHANGED[what](document)
    assert [each.question for each in checking.blocking(document, script.shipped())] == ["matters.hopes"]
    assert checking.blocking(document) == []


def test_a_number_is_not_given_to_another_page() -> None:
    document = shipped()
    number = page(document, "past")["number"]
    changing.take_out_page(document, "past")
    topic = changing.add_topic(document, title="Pets", taken=(), numbers=())
    add(document, topic)
    page(document, topic)["number"] = number
    assert [each.page for each in checking.blocking(document, script.shipped())] == [topic]


def test_a_problem_says_which_text_it_is_about() -> None:
    document = shipped()
    changing.set_text(document, "soon:choice.today.hint", "Please wait")
    changing.set_text(document, "see:lead.2", "Sorry.")
    assert [(each.page, each.question, each.text) for each in checking.blocking(document)] == [
        ("soon", "soon", "soon:choice.today.hint"),
        ("see", "", "see:lead.2"),
    ]


def test_what_has_no_words_in_a_language_is_a_hint_and_blocks_nothing() -> None:
    document = shipped() | {"words": {}}
    hints = [each for each in checking.problems(document) if not each.must]
    assert [each.words.partition(":")[0].strip("\u2068\u2069") for each in hints] == ["Easy read", "Cymraeg", "اردو"]
    before = hints[1]
    changing.set_translation(document, "cy", "name:asks", "Beth yw dy enw?")
    after = [each for each in checking.problems(document) if not each.must][1]
    assert before != after


def test_words_are_counted_as_they_are_said() -> None:
    assert wording.grade([]) == wording.grade(["", " … "]) == 0
    assert wording.grade(["We can help you."]) < 1 < wording.grade(["We can help anybody with money."]) < 12
    assert wording.grade(["Information about previous psychiatric hospitalisation"]) > 12
    assert [wording._syllables(word) for word in ("any", "money", "medicine", "little", "helped")] == [2, 2, 3, 2, 1]


# -- Whatever a team does, it has problems, or it can be walked to its end


TEXTS = [text for text, _words in script.texts(script.shipped())]
QUESTIONS = [question["id"] for each in script.shipped()["pages"] for question in each["questions"]]
PAGES = [each["name"] for each in script.shipped()["pages"]]
words = st.sampled_from(["", "Hello", "What helps you?", "Please tell us", "One small thing is fine."])
EDITS = st.one_of(
    st.tuples(st.just(changing.set_text), st.tuples(st.sampled_from(TEXTS), words)),
    st.tuples(st.just(changing.take_out_question), st.tuples(st.sampled_from(QUESTIONS))),
    st.tuples(st.just(changing.take_out_page), st.tuples(st.sampled_from(PAGES))),
    st.tuples(st.just(changing.add_choice), st.tuples(st.sampled_from(QUESTIONS), words)),
    st.tuples(
        st.just(lambda d, name, up: changing.move_page(d, name, up=up)),
        st.tuples(st.sampled_from(PAGES), st.booleans()),
    ),
    st.tuples(st.just(add), st.tuples(st.sampled_from(PAGES))),
    st.tuples(
        st.just(lambda d, name, question, keys: changing.set_branch(d, name, {question: keys})),
        st.tuples(
            st.sampled_from(PAGES),
            st.sampled_from(["ways", "soon", "topics", "text.others", "text.send"]),
            st.lists(st.sampled_from(["call", "text", "today", "no", "yes", "mine"]), max_size=2),
        ),
    ),
)


@settings(max_examples=150)
@given(st.lists(EDITS, max_size=4), st.data())
def test_after_any_change_there_is_a_problem_or_every_path_can_be_walked(edits: Any, data: st.DataObject) -> None:
    document = shipped()
    for edit, arguments in edits:
        try:
            edit(document, *arguments)
        except KeyError:  # an earlier change took it out
            continue
    found = checking.blocking(document)
    assert all(isinstance(each, Problem) and each.words for each in found)
    if found:
        return
    asked = script.read(document, 1)
    opened = {each.name for each in asked.hello if not each.when}
    for one in asked.hello:  # every page is opened by answers that can be given to the pages before it
        answers = _opening(asked, one)
        assert one.is_asked(answers)
        opened.add(one.name)
    assert opened == {each.name for each in asked.hello}
    answers, at, steps = {}, asked.hello[0], 0
    while at is not None:
        for question in at.questions:
            answers[question.id] = data.draw(_answer(question))
        at, steps = asked.next_page(at, answers), steps + 1
        assert steps <= len(asked.hello)
    for place in asked.pages:
        assert place.heading
        assert place.questions
    assert queries.check_rows(asked, answers)
    arriving.arrival(asked, answers, via="own_phone")


def _opening(asked: Any, page: Any) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name, keys in page.when:
        question = asked.questions[name]
        given = sorted(keys) if question.kind is Kind.MANY else sorted(keys)[0]
        answers = {**_opening(asked, next(each for each in asked.hello if question in each.questions)), **answers}
        answers[name] = given
    return answers


def _answer(question: Any) -> Any:
    keys = [choice.key for choice in question.choices]
    if question.kind is Kind.MANY:
        return st.lists(st.sampled_from(keys), unique=True, max_size=3)
    return st.sampled_from(["", *keys]) if keys else st.sampled_from(["", "Hello", "word " * 300])


def test_what_a_topic_of_the_team_hangs_from_is_missed_and_blocks_nothing() -> None:
    document = shipped()
    topic = changing.add_topic(document, title="Pets", taken=(), numbers=())
    add(document, topic)

    def missed() -> list[str]:
        found = checking.problems(document, script.shipped())
        assert not any(each.must for each in found)
        return [each.words for each in found if each.page]

    assert missed() == [
        "This topic is no part of life yet. So we do not ask how much it matters.",
        "No pick brings this topic up. So it comes up first for nobody.",
    ]
    changing.set_ties(document, topic, area="people", topics=[])
    assert missed() == ["No pick brings this topic up. So it comes up first for nobody."]
    changing.set_ties(document, topic, area="people", topics=["alone"])
    assert missed() == []
