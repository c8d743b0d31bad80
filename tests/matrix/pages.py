"""Each row of the table: the address it is about, how it is asked, and what a form there typically sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse

from tests.matrix.world import World

NOBODY = UUID(int=7)
Ids = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """``method`` is how it is asked; ``ids`` completes the address; ``body`` is what is sent."""

    key: str
    name: str
    method: str = "GET"
    ids: Ids = lambda world: {}
    body: dict[str, Any] | Callable[[World], dict[str, Any]] = field(default_factory=dict)

    def address(self, world: World) -> str:
        return reverse(self.name, kwargs=self.ids(world))

    def sends(self, world: World) -> dict[str, Any]:
        return self.body(world) if callable(self.body) else self.body


def of_plan(**more: str) -> Ids:
    """The plan's id, and others by what the world calls them; what it does not know stands for itself."""
    return lambda world: {
        "plan_id": world.plan_id,
        **{name: world.ids.get(value, value) for name, value in more.items()},
    }


def of_world(**more: str) -> Ids:
    return lambda world: {name: world.ids.get(value, value) for name, value in more.items()}


WORDS = {"words": "New words", "version": "1"}
ANSWER = {"answer": "other_view", "other_view": "I see it another way", "version": "1"}
CONTACT = {"way": "call", "went": "no_answer", "from_them": "us", "words": "Tried to ring."}
DECISION = {"part": "hear", "strong": "A dog", "not_known": ""}
INVITE = {
    "name": "New One",
    "email": "new@example.org",
    "role": "nurse",
    "new_organisation": "A new place",
    "sector": "council",
}

ROWS = [
    # Pages without an account
    Row("door", "door"),
    Row("door begin", "door", "POST", body={"phone": "own"}),
    Row("carry_on", "carry_on"),
    Row("talk", "talk", ids=of_world(page=1)),  # type: ignore[arg-type]
    Row("talk answer", "talk", "POST", ids=of_world(page=1), body={"words": "Hello"}),  # type: ignore[arg-type]
    Row("check", "check"),
    Row("check send", "check", "POST"),
    Row("saved", "saved"),
    Row("delete_draft", "delete_draft"),
    Row("delete_draft press", "delete_draft", "POST"),
    Row("thanks", "thanks"),
    Row("more", "more"),
    Row("more_page", "more_page", ids=of_world(page=101)),  # type: ignore[arg-type]
    Row("more_page send", "more_page", "POST", of_world(page=101), {"matters.words": "Hello"}),  # type: ignore[arg-type]
    Row("more_saved", "more_saved"),
    Row("about_me", "about_me"),
    Row("about_question", "about_question", ids=of_world(question="religion")),
    Row("about_question send", "about_question", "POST", of_world(question="religion"), {"choice": "sikh"}),
    Row("about_done", "about_done"),
    Row("about_forget", "about_forget", "POST"),
    Row("worried", "worried"),
    Row("worried send", "worried", "POST", body={"who": "Sam", "why": "He is low", "may_say": "no"}),
    Row("worried_thanks", "worried_thanks"),
    Row("saved word", "saved", "POST", body={"word": "kettle"}),
    Row("thanks done", "thanks", "POST"),
    Row("whole", "whole"),
    Row("whole answer", "whole", "POST", body={"know": "Hello"}),
    Row("helping", "helping"),
    Row("helping begin", "helping", "POST", body={"who": "here"}),
    Row("paper", "paper"),
    Row("back", "back"),
    Row("back code", "back", "POST", body={"code": "not one"}),
    Row("help_now", "help_now"),
    Row("leave", "leave"),
    Row("language pick", "language", "POST", body={"read_in": "cy"}),
    Row("staying_safe", "staying_safe"),
    Row("who_sees", "who_sees"),
    Row("health", "health"),
    Row("account_login", "account_login"),
    Row("account_request_login_code", "account_request_login_code"),
    Row("account_request_login_code ask", "account_request_login_code", "POST", body={"to": "nobody@example.org"}),
    Row("account_confirm_login_code", "account_confirm_login_code"),
    Row("account_confirm_login_code give", "account_confirm_login_code", "POST", body={"code": "000000"}),
    Row("account_logout", "account_logout"),
    Row("account_logout press", "account_logout", "POST"),
    Row("invitation", "invitation", ids=of_world(token="not-one")),
    Row("invitation take", "invitation", "POST", ids=of_world(token="not-one")),
    Row("shared_join", "shared_join", ids=of_world(token="not-one")),
    Row("shared_join take", "shared_join", "POST", of_world(token="not-one"), {"to": "new@example.org"}),
    Row("demo", "demo"),
    Row("demo_be", "demo_be", "POST", ids=lambda world: {"user_id": world.users["main"].pk}),  # type: ignore[union-attr]
    Row("demo_messages", "demo_messages"),
    # One's own pages
    Row("me", "me"),
    Row("soon", "soon"),
    Row("soon ask", "soon", "POST", body={"pace": "days"}),
    Row("kept", "kept"),
    Row("kept_drop", "kept_drop", "POST", of_world(typed_id=str(NOBODY))),
    Row("just_quiet", "just_quiet"),
    Row("just_quiet press", "just_quiet", "POST"),
    Row("ways", "ways"),
    Row("way", "way", ids=of_world(kind="text")),
    Row("way set", "way", "POST", ids=of_world(kind="text"), body={"to": "07700 900902", "others": "no"}),
    Row("word", "word"),
    Row("step_out", "step_out"),
    Row("step_out press", "step_out", "POST", body={"keep_hello": "no"}),
    Row("come_back", "come_back", "POST"),
    Row("shared", "shared"),
    # The plan
    Row("plan", "plan", ids=of_plan()),
    Row("plan_history", "plan_history", ids=of_plan()),
    Row("plan_pdf", "plan_pdf", ids=of_plan()),
    Row("copy", "copy", ids=of_plan()),
    Row("copy ask", "copy", "POST", of_plan(), {"layout": "normal", "sections": ["people"]}),
    Row("copy_made", "copy_made", ids=of_plan(copy_id=str(NOBODY))),
    Row("copy_file", "copy_file", ids=of_plan(copy_id=str(NOBODY))),
    Row("record", "record", ids=of_plan()),
    Row("entry_add", "entry_add", ids=of_plan(section="helps")),
    Row(
        "entry_add send", "entry_add", "POST", of_plan(section="helps"),
        {"field": "helps", "words": "A dog", "why": "We talked"},
    ),
    Row("entry_add only_me", "entry_add", ids=of_plan(section="mine")),
    Row("entry_add shut", "entry_add", ids=of_plan(section="now")),
    Row(
        "entry_add shut send", "entry_add", "POST", of_plan(section="now"),
        {"field": "words", "words": "Hm", "why": "We talked"},
    ),
    Row("entry_change theirs", "entry_change", ids=of_plan(entry_id="theirs")),
    Row("entry_change theirs send", "entry_change", "POST", of_plan(entry_id="theirs"), WORDS),
    Row("entry_change jos", "entry_change", ids=of_plan(entry_id="jos")),
    Row("entry_change jos send", "entry_change", "POST", of_plan(entry_id="jos"), WORDS),
    Row("entry_change hard", "entry_change", ids=of_plan(entry_id="hard")),
    Row("entry_change named", "entry_change", ids=of_plan(entry_id="named")),
    Row("entry_change only_me", "entry_change", ids=of_plan(entry_id="only_me")),
    Row("entry_change only_me send", "entry_change", "POST", of_plan(entry_id="only_me"), WORDS),
    Row("entry_change taken_out", "entry_change", ids=of_plan(entry_id="out")),
    Row("entry_answer", "entry_answer", ids=of_plan(entry_id="jos")),
    Row("entry_answer send", "entry_answer", "POST", of_plan(entry_id="jos"), ANSWER),
    Row("entry_answer only_me", "entry_answer", "POST", of_plan(entry_id="only_me"), ANSWER),
    Row("entry_back", "entry_back", "POST", of_plan(entry_id="out")),
    Row("entry_progress step", "entry_progress", "POST", of_plan(entry_id="step"), {"progress": "done"}),
    Row("entry_progress goal", "entry_progress", "POST", of_plan(entry_id="named"), {"progress": "later"}),
    Row("suggest", "suggest", ids=of_plan(entry_id="theirs")),
    Row("suggest send", "suggest", "POST", of_plan(entry_id="theirs"), {"words": "Other words", "why": "So"}),
    Row("suggestion", "suggestion", ids=of_plan(entry_id="theirs", suggestion_id="suggestion")),
    Row(
        "suggestion answer", "suggestion", "POST", of_plan(entry_id="theirs", suggestion_id="suggestion"),
        {"answer": "accepted", "version": "1"},
    ),
    Row("restore", "restore", "POST", of_plan(entry_id="theirs", version_id="version")),
    Row("rate", "rate", ids=of_plan()),
    Row("rate set", "rate", "POST", of_plan(), {"value": "4", "words": "So so"}),
    Row("rate_goal", "rate_goal", ids=of_plan(entry_id="named")),
    Row("rate_goal set", "rate_goal", "POST", of_plan(entry_id="named"), {"value": "4"}),
    Row("order", "order", ids=of_plan()),
    Row("move_section", "move_section", "POST", of_plan(section="helps"), {"move": "up"}),
    Row("sharing", "sharing", ids=of_plan()),
    Row("sharing_section", "sharing_section", ids=of_plan(section="now")),
    Row("sharing_section set", "sharing_section", "POST", of_plan(section="now"), {"circle": "team"}),
    Row("sharing_sector", "sharing_sector", "POST", of_plan(sector="council")),
    Row("sharing_organisation", "sharing_organisation", "POST", of_plan(organisation_id="organisation")),
    Row(
        "sharing_member", "sharing_member", "POST",
        lambda world: {"plan_id": world.plan_id, "user_id": world.members["team"].user_id},
    ),
    Row("sharing_stop", "sharing_stop", "POST", of_plan()),
    Row("entry_sharing", "entry_sharing", ids=of_plan(entry_id="theirs")),
    Row("entry_sharing set", "entry_sharing", "POST", of_plan(entry_id="theirs"), {"circle": "me"}),
    Row("looks", "looks", ids=of_plan()),
    Row("look_ask", "look_ask", ids=of_plan(number="999999")),
    Row("look_ask send", "look_ask", "POST", of_plan(number="999999"), {"words": "Why?"}),
    Row("people", "people", ids=of_plan()),
    Row("someone_else", "someone_else", ids=of_plan()),
    Row("someone_else ask", "someone_else", "POST", of_plan(), {"who": "more", "words": "Somebody older"}),
    Row("supporter_add", "supporter_add", ids=of_plan()),
    Row("supporter_add make", "supporter_add", "POST", of_plan(), {"name": "Ann", "sees": ["now"], "may_call": "no"}),
    Row("supporter", "supporter", ids=of_plan(supporter_id=str(NOBODY))),
    Row("supporter set", "supporter", "POST", of_plan(supporter_id=str(NOBODY)), {"may_call": "no"}),
    Row("supporter_end", "supporter_end", "POST", of_plan(supporter_id=str(NOBODY))),
    Row("seen_by", "seen_by", ids=lambda world: {"plan_id": world.plan_id, "user_id": world.users["walks"].pk}),  # type: ignore[union-attr]
    Row("seen_by supporter", "seen_by", ids=lambda world: {"plan_id": world.plan_id, "user_id": world.users["supporter"].pk}),  # type: ignore[union-attr]
    Row("new_code", "new_code", ids=of_plan()),
    Row("new_code make", "new_code", "POST", of_plan()),
    # The team's work with one person
    Row("ask", "ask", ids=of_plan()),
    Row("ask_question", "ask_question", ids=of_plan(question="week.easier")),
    Row("ask_question send", "ask_question", "POST", of_plan(question="week.easier"), {"why": "It was in May"}),
    Row("asked", "asked", ids=of_plan()),
    Row("contact", "contact", ids=of_plan()),
    Row("contact keep", "contact", "POST", of_plan(), CONTACT),
    Row("contact_kept", "contact_kept", ids=of_plan(contact_id="contact")),
    Row("contact_kept told", "contact_kept", "POST", of_plan(contact_id="contact"), {"words": "I am off"}),
    Row("rhythm", "rhythm", ids=of_plan()),
    Row("rhythm agree", "rhythm", "POST", of_plan(), {"days": "7"}),
    Row("bring", "bring", ids=of_plan()),
    Row("bring send", "bring", "POST", of_plan(), {"why": "Good news"}),
    Row("reach", "reach", ids=of_plan()),
    Row("reach look", "reach", "POST", of_plan()),
    Row("emergency", "emergency", ids=of_plan()),
    Row("emergency open", "emergency", "POST", of_plan(), {"why": "Their brother rang us"}),
    Row("safety", "safety", ids=of_plan()),
    Row("safety keep", "safety", "POST", of_plan(), {"words": "He hits her", "via": "drop_in"}),
    Row("worry_seen theirs", "worry_seen", ids=of_world(worry_id="linked")),
    Row("worry_take theirs", "worry_take", "POST", of_world(worry_id="linked")),
    Row("worry_done theirs", "worry_done", "POST", of_world(worry_id="linked"), {"did": "We rang"}),
    Row("needed_take", "needed_take", "POST", of_world(needed_id="needed")),
    # The team
    Row("today", "today"),
    Row("apart", "apart"),
    Row("worry_seen", "worry_seen", ids=of_world(worry_id="worry")),
    Row("worry_take", "worry_take", "POST", of_world(worry_id="worry")),
    Row("worry_done", "worry_done", "POST", of_world(worry_id="worry"), {"did": "We rang"}),
    Row("worry_link", "worry_link", "POST", of_world(worry_id="worry"), lambda world: {"plan_id": str(world.plan_id)}),
    Row("fair_counts", "fair_counts"),
    Row("line_checks", "line_checks"),
    Row("line_check", "line_check", ids=of_world(line_id="shelter")),
    Row("line_check press", "line_check", "POST", of_world(line_id="shelter"), {"note": "Answered at once"}),
    Row("hello", "hello"),
    Row("hello begin", "hello", "POST", body={"who": "here"}),
    Row("hello paper", "hello", "POST", body={"who": "paper", "code": "not one"}),
    Row("paper_coded", "paper_coded"),
    Row("paper_coded print", "paper_coded", "POST", body={"layout": "usual", "language": "en-gb", "count": "1"}),
    Row("huddle", "huddle"),
    Row("huddle_seats", "huddle_seats"),
    Row("huddle_seats begin", "huddle_seats", "POST"),
    Row("huddle_end", "huddle_end", "POST"),
    Row("huddle_ask", "huddle_ask", "POST", of_plan()),
    Row("huddle_item", "huddle_item", ids=of_world(item_id="item")),
    Row("huddle_item hear", "huddle_item", "POST", of_world(item_id="item"), DECISION),
    Row("team", "team"),
    Row("team invite", "team", "POST", body=INVITE),
    Row("rota", "rota", "POST", of_world(member_id="member"), {"says_hello": "1"}),
    Row("may_open", "may_open", "POST", of_world(member_id="member"), {"may_open": "1"}),
    Row("safeguards", "safeguards", "POST", of_world(member_id="member"), {"safeguards": "1"}),
    Row("duty", "duty", ids=of_world(member_id="member")),
    Row("duty set", "duty", "POST", of_world(member_id="member"), {"days": ["0", "2"]}),
    Row("end_membership", "end_membership", ids=of_world(member_id="member")),
    Row("end_membership press", "end_membership", "POST", of_world(member_id="member")),
    # The team's questions
    Row("questions", "questions"),
    Row("questions_begin", "questions_begin", "POST"),
    Row("questions_drop", "questions_drop"),
    Row("questions_drop press", "questions_drop", "POST"),
    Row("questions_problems", "questions_problems"),
    Row("questions_publish", "questions_publish"),
    Row("questions_publish press", "questions_publish", "POST", body={"why": "Shorter"}),
    Row("questions_history", "questions_history"),
    Row("questions_preview", "questions_preview"),
    Row("preview_page", "preview_page", ids=of_world(number=2)),  # type: ignore[arg-type]
    Row("preview_page answer", "preview_page", "POST", of_world(number=2), {"know": "Hello"}),  # type: ignore[arg-type]
    Row("preview_check", "preview_check"),
    Row("preview_check press", "preview_check", "POST"),
    Row("topic_add", "topic_add"),
    Row("topic_add send", "topic_add", "POST", body={"title": "My pets"}),
    Row("topic_ties", "topic_ties", ids=of_world(name="home")),
    Row("topic_ties set", "topic_ties", "POST", of_world(name="home"), {"version": "1", "area": "money", "topics": "home"}),
    Row("question_page", "question_page", ids=of_world(name="see")),
    Row("question_add", "question_add", ids=of_world(name="matters")),
    Row(
        "question_add send", "question_add", "POST", of_world(name="matters"),
        {"asks": "Do you sing?", "hint": "", "kind": "one", "choices": "Yes\nNo", "goes": "plan:helps.helps", "circle": ""},
    ),
    Row("question_branch", "question_branch", ids=of_world(name="avoid")),
    Row("question_branch set", "question_branch", "POST", of_world(name="avoid"), {"version": "1", "q0": "mood"}),
    Row("page_move", "page_move", "POST", of_world(name="helps"), {"move": "up"}),
    Row("page_out", "page_out", "POST", of_world(name="body")),
    Row("question", "question", ids=of_world(name="helps.who")),
    Row("question set", "question", "POST", of_world(name="helps.who"), {"version": "1", "circle": "me", "limit": "50"}),
    Row("question_move", "question_move", "POST", of_world(name="matters.hopes"), {"move": "up"}),
    Row("question_out", "question_out", "POST", of_world(name="matters.hopes")),
    Row("choice_add", "choice_add", ids=of_world(name="talk.needs")),
    Row("choice_add send", "choice_add", "POST", of_world(name="talk.needs"), {"words": "More time"}),
    Row("choice_out", "choice_out", "POST", of_world(name="talk.needs", key="bsl")),
    Row("question_words", "question_words", ids=of_world(text="know:asks")),
    Row("question_words send", "question_words", "POST", of_world(text="know:asks"), WORDS),
    Row("question_translation", "question_translation", ids=of_world(text="know:asks", language="cy")),
    Row(
        "question_translation send", "question_translation", "POST", of_world(text="know:asks", language="cy"),
        {"words": "Helo", "version": "1"},
    ),
    # Last, because a new word ends the visits that began before it.
    Row("word set", "word", "POST", body={"word": "lighthouse keeper"}),
]  # fmt: skip
BY_KEY = {row.key: row for row in ROWS}
