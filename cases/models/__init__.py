"""What is true about the person, their plan, and the team's work with them. Constraints first."""

from cases.models.asking import Asking
from cases.models.case import A_TRY, Case, Contact, ReachingOut, Walk
from cases.models.editing import Rating, Suggestion
from cases.models.huddle import HuddleItem, Voice
from cases.models.paper import Copy
from cases.models.person import Avoid, Person, Story, Via, Way
from cases.models.plan import (
    EmergencyOpening,
    Entry,
    LetIn,
    Look,
    LookQuestion,
    Plan,
    PlanSection,
    SectionGrant,
    ShutOut,
    Supporter,
)
from cases.models.safety import NeededNow, SafetyLook, SafetyNote, Worry

__all__ = [
    "A_TRY",
    "Asking",
    "Avoid",
    "Case",
    "Contact",
    "Copy",
    "EmergencyOpening",
    "Entry",
    "HuddleItem",
    "LetIn",
    "Look",
    "LookQuestion",
    "NeededNow",
    "Person",
    "Plan",
    "PlanSection",
    "Rating",
    "ReachingOut",
    "SafetyLook",
    "SafetyNote",
    "SectionGrant",
    "ShutOut",
    "Story",
    "Suggestion",
    "Supporter",
    "Via",
    "Voice",
    "Walk",
    "Way",
    "Worry",
]
