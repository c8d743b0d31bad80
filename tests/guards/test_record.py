"""A person takes everything with them that is theirs to read: of each model, and each field of it, it is said whether it is
in their record (docs/my-record.md, cases/queries/record.py), and if not, why.
"""

from __future__ import annotations

import re

import pytest
from django.db import models

from tests.guards.code import HERE
from tests.guards.test_recorded import OURS, label

# Of what is in the record: the row of docs/my-record.md that says how, and what becomes of each field that is no key there.
IN = "it stands in it, or under it"
BY = "said as a name and an organisation"
ONCE = "it only keeps what is pressed twice from being there twice"
IN_THE_RECORD: dict[str, tuple[str, dict[str, str]]] = {
    "cases.Person": ("me", {"user": "its name, ways in and language are here", "name_used": "as `name`"}),
    "cases.Story": ("told", {"person": IN}),
    "cases.Plan": ("plan", {"person": IN}),
    "cases.Entry": (
        "entries",
        {
            "plan": IN,
            "section": IN,
            "version": "a number for whoever writes at the same time; each change is here",
            "position": "the entries come in their order",
            "changed_at": "each change is here, with its moment",
        },
    ),
    "cases.Suggestion": ("suggestions", {"entry": IN}),
    "cases.Rating": ("ratings", {"plan": IN, "entry": IN}),
    "cases.PlanSection": ("sharing.sections", {"plan": IN}),
    "cases.SectionGrant": (
        "sharing.let_in",
        {"content_object": "as `section`", "permission": "as `may`", "user": "as `name`"},
    ),
    "cases.LetIn": ("sharing.groups_let_in", {"plan": IN, "level": "as `may`"}),
    "cases.ShutOut": ("sharing.shut_out", {"plan": IN, "user": "as `name`"}),
    "cases.Supporter": (
        "people",
        {
            "plan": IN,
            "user": "their account is theirs: they are called what the person called them",
            "reach": "they said it for those who walk with the person",
            "token_digest": "of a link that only they have",
            "expires_at": "of a link that only they have",
            "ended_at": "in `people_before`",
        },
    ),
    "cases.Way": (
        "ways",
        {
            "person": IN,
            "position": "they come in their order",
            "ended_at": "only those that are in use are on their page: an old number may be somebody else's now",
        },
    ),
    "cases.Case": (
        "stays",
        {
            "person": IN,
            "came_back_from": "the stays come in their order",
            "last_both_at": "computed, for the clock",
            "quiet_at": "computed, for the clock",
            "said_in": "a contact, which is here",
        },
    ),
    "cases.Walk": (
        "walked_with",
        {"case": IN, "member": BY, "started_by": "the team decides that together", "here_at": "nobody is told later"},
    ),
    "cases.Contact": ("contacts", {"case": IN, "member": "as `with`"}),
    "cases.HuddleItem": (
        "decisions",
        {
            "case": IN,
            **dict.fromkeys(["huddle", "kind", "why", "brought_by", "put_on_at"], "the team's own agenda"),
            **dict.fromkeys(["heard_at", "strong", "not_known"], "the team's own notes, while it talks"),
            "decision": "the team's own word for it: the person gets the sentences",
            "decided_by": "the team decides, and nobody alone",
            **dict.fromkeys(["instead_of", "asked_words"], "in `asked_for_someone_else`"),
        },
    ),
    "cases.Worry": (
        "worried",
        {
            **dict.fromkeys(["who", "plan"], IN),
            "reach": "how to reach whoever told us: that they said for us alone",
            "may_say": "only those of which we may tell the person are here",
            **dict.fromkeys(
                ["team", "lifted", "taken_by", "taken_at", "done_by", "done_at", "did"], "the team's own work"
            ),
            **dict.fromkeys(["linked_by", "linked_at"], "the team's own work"),
        },
    ),
    "cases.EmergencyOpening": ("opened", {"plan": IN, "member": BY, "opened_at": "as `at`"}),
    "cases.Look": ("looks", {"plan": IN, "viewer": "as `who`", "on": ONCE}),
    "cases.LookQuestion": ("looks", {"look": IN}),
    "cases.Asking": ("we_asked", {"plan": IN, "member": BY, "on": ONCE}),
    "frontdoor.FairAnswer": (
        "about_me",
        {
            "choice": "as `words`",
            "own_words": "as `words`",
            "month": "when it was said is nobody's to tell (decision 0010)",
        },
    ),
}
NOT_IN_THE_RECORD = {
    "teams.Typed": "it waits on a page of its own, for some days, to be sent or thrown away: nothing has been written yet",
    "cases.Avoid": "never shown to them again, to keep them safe: whom to keep away from",
    "cases.SafetyNote": "never shown to them again, to keep them safe: whoever hurts them may hold their phone",
    "cases.SafetyLook": "it would say that something is kept apart",
    "cases.NeededNow": "the team's own work: who acts first. What was said is in the story and the contacts",
    "cases.ReachingOut": "the team's own work: what was tried is in the contacts",
    "cases.Voice": "the team's own talk, by sector; the person gets what was decided, and what one of us thought",
    "cases.Copy": "paper for whoever asked, of what is here anyway; gone within the hour",
    "frontdoor.Conversation": "a draft until it is sent; then the story and the plan are what is kept. Its code is never told",
    "frontdoor.Answer": "a draft until it is sent; then it is deleted",
    "frontdoor.ScriptVersion": "the questions, which are about nobody",
    "frontdoor.ScriptChange": "the questions, which are about nobody",
    "frontdoor.HelpLineCheck": "help lines, which are about nobody",
    "teams.User": "an account; of the person's own, name, ways in and language are in `me`",
    "teams.Organisation": "about nobody",
    "teams.Team": "about nobody",
    "teams.Membership": "of those who help; who they are is said wherever they did something",
    "teams.Invitation": "of those who help",
    "teams.Huddle": "the team's own work",
    "teams.Seat": "the team's own work",
    "teams.Message": "it says no more than what it tells of, and once it is sent its words are forgotten",
    "teams.Heartbeat": "of the clock",
}
ROWS = {
    re.findall(r"`([a-z_.]+)`", row)[0]: set(re.findall(r"`([a-z_]+)`", row))
    for row in (HERE / "docs" / "my-record.md").read_text().splitlines()
    if row.startswith("| ") and "`" in row
}


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_model_is_in_the_record_or_says_why_not(model: type[models.Model]) -> None:
    there, left_out = label(model) in IN_THE_RECORD, label(model) in NOT_IN_THE_RECORD
    assert there != left_out, (
        f"Is {label(model)} a person's to take away? Put it into cases/queries/record.py and docs/my-record.md if a page of "
        "theirs shows it, and into IN_THE_RECORD; or else say why not in NOT_IN_THE_RECORD."
    )


@pytest.mark.parametrize("model", [model for model in OURS if label(model) in IN_THE_RECORD], ids=label)
def test_every_field_of_it_is_a_key_or_says_why_not(model: type[models.Model]) -> None:
    row, left_out = IN_THE_RECORD[label(model)]
    assert row in ROWS, f"docs/my-record.md has no row for {row}."
    fields = {field.name for field in model._meta.concrete_fields if not field.primary_key}
    missing = fields - ROWS[row] - set(left_out)
    assert not missing, f"{label(model)}: {missing} is in no record. Add it, or say why not in IN_THE_RECORD."
    assert set(left_out) <= fields, f"{label(model)} has no {set(left_out) - fields} any more: take it off the list."


def test_no_reason_is_stale() -> None:
    assert not {*IN_THE_RECORD, *NOT_IN_THE_RECORD} - {label(model) for model in OURS}
