"""What is true about the person, their plan, and the team's work with them. Constraints first."""

from cases.models.case import A_TRY, Case, Contact, ReachingOut, Walk
from cases.models.huddle import HuddleItem, Voice
from cases.models.person import Avoid, Person, Story, Via, Way
from cases.models.plan import Entry, Look, Plan, PlanSection, SectionGrant, ShutOut

__all__ = [
    "A_TRY",
    "Avoid",
    "Case",
    "Contact",
    "Entry",
    "HuddleItem",
    "Look",
    "Person",
    "Plan",
    "PlanSection",
    "ReachingOut",
    "SectionGrant",
    "ShutOut",
    "Story",
    "Via",
    "Voice",
    "Walk",
    "Way",
]
