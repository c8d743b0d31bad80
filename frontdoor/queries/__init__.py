"""What can be seen of a conversation, and of the questions that it asks."""

from frontdoor.queries.conversation import (
    Draft,
    Found,
    Row,
    Thanks,
    check_rows,
    draft,
    find,
    hello_name,
    is_member,
    is_person,
    reading_now,
    script_in_force,
    script_of,
    thanks,
    whose_code,
)
from frontdoor.queries.questions import (
    Questions,
    preview,
    question_versions,
    questions,
    since_in_force,
)

__all__ = [
    "Draft",
    "Found",
    "Questions",
    "Row",
    "Thanks",
    "check_rows",
    "draft",
    "find",
    "hello_name",
    "is_member",
    "is_person",
    "preview",
    "question_versions",
    "questions",
    "reading_now",
    "script_in_force",
    "script_of",
    "since_in_force",
    "thanks",
    "whose_code",
]
