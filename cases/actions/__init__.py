"""What can happen to a plan and to the team's work with somebody.

Each action: lock, check, change, record, in one transaction.
"""

from cases.actions.arriving import Arrival, WayToReach, come_back, step_out, welcome
from cases.actions.contacts import (
    agree_rhythm,
    keep_contact,
    leave_me_be,
    look_at_reach,
    notice_quiet,
    set_way,
    talk_soon,
)
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
from cases.actions.messages import been_round, claim_due, mark_held, mark_sent
from cases.actions.plan import (
    ChangedMeanwhile,
    NothingWritten,
    add_entry,
    answer_entry,
    change_progress,
    change_words,
    put_back,
    take_out,
)
from cases.actions.sharing import let_somebody_in, open_again, set_circle, share_section, shut_out

__all__ = [
    "Arrival",
    "ChangedMeanwhile",
    "NotDecided",
    "NothingWritten",
    "WayToReach",
    "add_entry",
    "agree_rhythm",
    "answer_entry",
    "ask_the_team",
    "been_round",
    "bring",
    "change_progress",
    "change_words",
    "claim_due",
    "come_back",
    "decide",
    "end_huddle",
    "hear",
    "keep_contact",
    "keep_voices",
    "leave_me_be",
    "let_somebody_in",
    "look_at_reach",
    "mark_held",
    "mark_sent",
    "notice_quiet",
    "open_again",
    "put_back",
    "set_circle",
    "set_way",
    "share_section",
    "shut_out",
    "speak",
    "step_out",
    "take_out",
    "take_seat",
    "talk_soon",
    "welcome",
]
