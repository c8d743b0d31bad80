"""Who may, in a team: asked before anything changes and before anything is read out."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _

from teams.models import Membership, Message, User


class NotKnown(Exception):
    """There is no such thing, or none that this viewer may know of: the same answer (404) for both."""


class NotAllowed(Exception):
    """The viewer knows of it and may not do this (403); the sentence is for them to read."""


class NotAMember(NotKnown):
    """The team's pages are for its members; to anybody else they are not there."""


class NotALead(NotAllowed):
    """Inviting members, and ending a membership, is for those who lead the team."""


def membership_of(user: Any) -> Membership:
    """The account's membership, the oldest that has not ended; raises NotAMember."""
    found = None
    if user.is_authenticated and user.is_active:
        found = (
            Membership.objects.filter(user=user, ended_at=None)
            .select_related("team", "organisation", "user")
            .order_by("started_at", "pk")
            .first()
        )
    if found is None:
        raise NotAMember
    return found


def membership_in(user: Any, team_id: int) -> Membership:
    """The account's membership of one team; raises NotAMember."""
    found = (
        Membership.objects.filter(user=user.pk, team=team_id, ended_at=None, user__is_active=True)
        .select_related("team", "organisation", "user")
        .first()
    )
    if found is None:
        raise NotAMember
    return found


def check_leads(user: Any, team_id: int) -> Membership:
    """The account's membership, when it leads the team; raises NotAMember or NotALead."""
    found = membership_in(user, team_id)
    if not found.leads:
        raise NotALead(_("Only those who lead the team can do this."))
    return found


def account_at(*, channel: str, to: str) -> User | None:
    """The active account that signs in at this address, if there is one; ``to`` as ``teams.addresses`` gives it."""
    way = {"email": to} if channel == Message.Channel.EMAIL else {"phone": to}
    return User.objects.filter(is_active=True, **way).first()


def is_member(user: Any) -> bool:
    """Whether the account has a place in any team now."""
    return bool(user.is_authenticated) and Membership.objects.filter(user=user.pk, ended_at=None).exists()


def plain_word(word: str) -> str:
    """A word only its owner knows, however it was typed: capitals and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())


def knows_the_word(user: User, word: str) -> bool:
    """Whether ``word`` is the one the account's owner picked; so is any word where they picked none."""
    return not user.has_usable_password() or user.check_password(plain_word(word))
