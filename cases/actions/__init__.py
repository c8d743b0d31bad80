"""What can happen to a plan and to the team's work with somebody.

Each action: lock, check, change, record, in one transaction.
"""

from cases.actions.arriving import Arrival, NoFrontDoor, WayToReach, come_back, step_out, welcome
from cases.actions.asking import ask
from cases.actions.contacts import (
    agree_rhythm,
    keep_contact,
    leave_me_be,
    look_at_reach,
    notice_quiet,
    set_way,
    talk_soon,
)
from cases.actions.editing import answer_suggestion, be_here, move_section, rate, suggest_words
from cases.actions.emergency import open_in_emergency
from cases.actions.huddle import (
    NotDecided,
    ask_the_team,
    bring,
    decide,
    end_huddle,
    hear,
    keep_voices,
    speak,
    take_seat,
)
from cases.actions.looking import ask_about_look, look_at_plan
from cases.actions.messages import been_round, claim_due, mark_held, mark_sent
from cases.actions.needed import take_needed
from cases.actions.paper import ask_for_copy, could_not_make, forget_copies, keep_copy, keep_whole_copy
from cases.actions.plan import (
    ChangedMeanwhile,
    NothingWritten,
    add_entry,
    answer_entry,
    change_progress,
    change_words,
    put_back,
    restore_words,
    take_out,
)
from cases.actions.safety import (
    finish_worry,
    keep_safety_note,
    link_worry,
    look_at_safety,
    take_worry,
    tell_worry,
)
from cases.actions.sharing import (
    let_group_in,
    let_somebody_in,
    open_again,
    open_past,
    set_circle,
    set_entry_circle,
    share_section,
    shut_out,
    stop_everybody,
)
from cases.actions.supporters import (
    LinkOver,
    accept_support,
    choose_for_supporter,
    end_supporter,
    invite_supporter,
)
from cases.actions.telling import Clash, Telling, Told, tell

__all__ = [
    "Arrival",
    "ChangedMeanwhile",
    "Clash",
    "LinkOver",
    "NoFrontDoor",
    "NotDecided",
    "NothingWritten",
    "Telling",
    "Told",
    "WayToReach",
    "accept_support",
    "add_entry",
    "agree_rhythm",
    "answer_entry",
    "answer_suggestion",
    "ask",
    "ask_about_look",
    "ask_for_copy",
    "ask_the_team",
    "be_here",
    "been_round",
    "bring",
    "change_progress",
    "change_words",
    "choose_for_supporter",
    "claim_due",
    "come_back",
    "could_not_make",
    "decide",
    "end_huddle",
    "end_supporter",
    "finish_worry",
    "forget_copies",
    "hear",
    "invite_supporter",
    "keep_contact",
    "keep_copy",
    "keep_safety_note",
    "keep_voices",
    "keep_whole_copy",
    "leave_me_be",
    "let_group_in",
    "let_somebody_in",
    "link_worry",
    "look_at_plan",
    "look_at_reach",
    "look_at_safety",
    "mark_held",
    "mark_sent",
    "move_section",
    "notice_quiet",
    "open_again",
    "open_in_emergency",
    "open_past",
    "put_back",
    "rate",
    "restore_words",
    "set_circle",
    "set_entry_circle",
    "set_way",
    "share_section",
    "shut_out",
    "speak",
    "step_out",
    "stop_everybody",
    "suggest_words",
    "take_needed",
    "take_out",
    "take_seat",
    "take_worry",
    "talk_soon",
    "tell",
    "tell_worry",
    "welcome",
]
