"""Every action reads the same: keyword-only, who and when, a promise, a transaction, and a check before its first change."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tests.guards.code import APPS, modules

# Nobody's: what these do happens by the clock, or before anybody is signed in. Each has its reason.
WITHOUT_BY = {
    "cases.actions.accept_support": "whoever holds the link acts; a code shows who they are",
    "cases.actions.notice_quiet": "the clock's own",
    "cases.actions.claim_due": "the clock's own",
    "cases.actions.mark_sent": "the clock's own",
    "cases.actions.mark_held": "the clock's own",
    "cases.actions.been_round": "the clock's own",
    "cases.actions.keep_copy": "the worker's own",
    "cases.actions.could_not_make": "the worker's own",
    "cases.actions.forget_copies": "the clock's own",
    "frontdoor.actions.forget_unsent": "the clock's own",
    "frontdoor.actions.take_in_questions": "they come with the software, from nobody",
    "frontdoor.actions.mix_fair_answers": "the clock's own",
    "teams.actions.offer_code": "nobody is signed in yet: that is what the code is for",
    "teams.actions.accept_invitation": "whoever holds the link acts: it makes the account",
    "teams.actions.keep_typed": "the visit of whoever typed it is over; a mark of ours says for whom it is",
    "teams.actions.forget_old_typed": "the clock's own",
    "teams.actions.found_place": "whoever runs the server acts, before there is an account",
}
WITHOUT_NOW = {
    "cases.actions.mark_held": "it keeps why, and no moment",
    "cases.actions.keep_copy": "the moment is on the copy",
    "cases.actions.could_not_make": "it says so, and no moment",
}
ONE_STATEMENT = {
    "cases.actions.mark_sent": "two statements, each true by itself",
    "cases.actions.mark_held": "one statement",
    "cases.actions.been_round": "one statement",
    "cases.actions.be_here": "one statement",
    "cases.actions.notice_quiet": "one statement a chunk, each true by itself",
    "cases.actions.look_at_plan": "one statement",
    "cases.actions.keep_copy": "one statement",
    "cases.actions.could_not_make": "one statement",
}
# Nothing is asked: either nobody may be refused, or whoever holds the secret may.
WITHOUT_A_CHECK = WITHOUT_BY | {
    "cases.actions.welcome": "nobody is refused at the front door",
    "cases.actions.join_supports": "it is of the account that signs in, by the address that it proved",
    "cases.actions.tell_worry": "anyone may tell us that they are worried",
    "cases.actions.look_at_plan": "it keeps what was shown a moment ago; whoever showed it asked",
    "frontdoor.actions.begin": "nobody is refused at the front door",
    "frontdoor.actions.answer": "whoever holds the visit holds the conversation",
    "frontdoor.actions.send": "whoever holds the visit holds the conversation",
    "frontdoor.actions.delete_draft": "whoever holds the visit holds the conversation",
    "frontdoor.actions.set_draft_word": "whoever holds the visit holds the conversation",
    "teams.actions.set_word": "it is their own account",
    "teams.actions.set_language": "it is their own account",
    "teams.actions.forget_typed": "it finds what is kept for their own account alone",
    "cases.actions.be_here": "it changes the viewer's own walk alone, and nothing where there is none",
}

CHECKS = {
    "standing", "check_may_open", "check", "membership_in", "membership_of", "check_leads", "check_may_ask",
    "check_reads_safety", "check_adds_safety", "check_needed", "check_worry", "check_about", "check_more", "check_edits",
}  # fmt: skip
WRITES = {
    "record", "save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update",
    "execute", "create_user", "let_in", "shut_again", "wait_until",
}  # fmt: skip


def all_actions() -> dict[str, Callable[..., Any]]:
    """Every public function that the actions of an app offer, by the name it is imported by."""
    found = {}
    for app in APPS:
        name = f"{app}.actions"
        offered = importlib.import_module(name)
        for public in getattr(offered, "__all__", [key for key in vars(offered) if not key.startswith("_")]):
            function = getattr(offered, public)
            if inspect.isfunction(function) and function.__module__.startswith(name):
                found[f"{name}.{public}"] = inspect.unwrap(function)
    return found


ACTIONS = all_actions()


@cache
def functions() -> dict[str, ast.FunctionDef]:
    """Every function at the top of a module of actions, by the whole name of the module and its own."""
    return {
        f"{module.name}.{node.name}": node
        for module in modules(*APPS)
        if module.kind in {"actions", "permissions"}
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef)
    }


def definition(action: str) -> tuple[str, ast.FunctionDef]:
    function = ACTIONS[action]
    return function.__module__, functions()[f"{function.__module__}.{function.__name__}"]


def test_there_are_actions_to_look_at() -> None:
    assert len(ACTIONS) > 25


@pytest.mark.parametrize("table", [WITHOUT_BY, WITHOUT_NOW, WITHOUT_A_CHECK, ONE_STATEMENT])
def test_no_exception_is_stale(table: dict[str, str]) -> None:
    assert not set(table) - set(ACTIONS), "These are not actions any more: take them off the list."


@pytest.mark.parametrize("action", ACTIONS)
def test_it_takes_everything_by_name_and_says_who_and_when(action: str) -> None:
    parameters = inspect.signature(ACTIONS[action]).parameters.values()
    loose = [
        parameter.name
        for parameter in parameters
        if parameter.kind not in {parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD}
    ]
    assert not loose, f"{action} takes {loose} by position: put a * first."
    names = {parameter.name for parameter in parameters}
    for needed, exceptions in (("by", WITHOUT_BY), ("now", WITHOUT_NOW)):
        has, excused = needed in names, action in exceptions
        assert has or excused, f"{action} takes no {needed}=: say who does it and when, or list it with its reason."
        assert not (has and excused), f"{action} takes {needed}= now: take it off the list."


@pytest.mark.parametrize("action", ACTIONS)
def test_it_promises_something_in_a_sentence(action: str) -> None:
    promise = (ACTIONS[action].__doc__ or "").strip()
    assert promise.count(" ") > 4, f"{action} has no promise: write what it does, in a sentence."


@pytest.mark.parametrize("action", ACTIONS)
def test_it_happens_whole_or_not_at_all(action: str) -> None:
    _module, node = definition(action)
    inside = [ast.unparse(decorator) for decorator in node.decorator_list]
    inside += [ast.unparse(item.context_expr) for w in ast.walk(node) if isinstance(w, ast.With) for item in w.items]
    whole = any(line.startswith("transaction.atomic") for line in inside)
    assert whole != (action in ONE_STATEMENT), (
        f"{action} needs @transaction.atomic, or is one statement, and not both."
    )


def first_steps(module: str, node: ast.FunctionDef, seen: frozenset[str] = frozenset()) -> list[str]:
    """What a function does in the order it is written: "check" and "write", through the functions of ours it calls."""
    steps: list[str] = []
    calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.end_lineno or 0, call.end_col_offset or 0)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        ours = None if isinstance(call.func, ast.Attribute) else ours_called(module, name)
        if name in CHECKS:
            steps.append("check")
        elif name in WRITES:
            steps.append("write")
        elif ours and ours not in seen:
            steps += first_steps(ours.rsplit(".", 1)[0], functions()[ours], seen | {ours})
    return steps


def ours_called(module: str, name: str) -> str | None:
    """The whole name of a function of the same module, or of another module of actions, that is called by ``name``."""
    here = f"{module}.{name}"
    if here in functions():
        return here
    others = [whole for whole in functions() if whole.endswith(f".{name}") and ".actions" in whole]
    return others[0] if len(others) == 1 else None


@pytest.mark.parametrize("action", ACTIONS)
def test_it_asks_before_it_changes_anything(action: str) -> None:
    steps = first_steps(*definition(action))
    asks_first = bool(steps) and steps[0] == "check"
    if action in WITHOUT_A_CHECK:
        assert "check" not in steps[:1], f"{action} asks now: take it off the list."
    else:
        assert asks_first, f"{action} changes something before it asks whether it may: {steps[:5]}"
