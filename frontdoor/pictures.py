"""Which of our own small pictures stands beside a question in easy read. Pure; the pictures are templates/pdf/icons."""

from __future__ import annotations

OF_PAGES = {
    "name": "mine",
    "know": "talk",
    "topics": "helps",
    "soon": "now",
    "hello": "wishes",
    "call": "call",
    "text": "talk",
    "text_words": "talk",
    "email": "notes",
    "write": "notes",
    "place": "steps",
    "trusted": "people",
    "come": "door",
    "none": "door",
    "avoid": "quiet",
    "see": "people",
    "matters": "matters",
    "helps": "helps",
    "week": "steps",
    "quiet": "quiet",
}
OF_QUESTIONS = {
    "say_it": "talk",
    "call.times": "now",
    "call.message": "talk",
    "call.say_who": "mine",
    "call.picks_up": "people",
    "call.hide": "quiet",
    "text.number": "call",
    "text.others": "people",
    "email.others": "people",
    "place.times": "now",
    "place.nights": "door",
    "trusted.number": "call",
    "trusted.tell": "talk",
    "come.when": "now",
    "exclude_name": "mine",
}


def beside(page: str, question: str) -> str:
    """The name of the picture for a question; a question that the team made itself has that of its page, or a plain one."""
    return OF_QUESTIONS.get(question) or OF_PAGES.get(page) or "notes"
