"""What can happen to a team and to the accounts of those in it. Each action: lock, check, change, in a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from teams import languages
from teams.models import Invitation, Membership, Message, Organisation, Sector, Team, Typed, User, Weekday
from teams.permissions import NotAllowed, NotKnown, account_at, check_leads, membership_in, plain_word
from teams.tokens import digest, new_token

INVITATION_LASTS = timedelta(days=14)
MOST_TYPED = 20  # of one account; whoever holds a page of theirs cannot fill the database


class HereAlready(Exception):
    """Whoever was to be invited is in the team already."""


class InvitationOver(Exception):
    """The link was used, or is too old, or was never one. One answer for all three."""


class FoundedAlready(Exception):
    """Another team is at the front door; its lead invites people."""


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation that has nobody in any team yet."""

    name: str
    sector: str


@transaction.atomic
def offer_code(*, channel: str, to: str, code: str, now: datetime) -> None:
    """Put a sign-in code into the outbox, for the account at that address.

    Where there is no account the same rows are written and read, and then there is nothing: nobody can learn from the
    answer, or from how long it takes, who has an account. Nobody is signed in yet, so there is no ``by``.
    """
    user = account_at(channel=channel, to=to)
    with translation.override(languages.known(user.language if user else "") or translation.get_language()):
        subject, body = _("Your code"), render_to_string("email/code.txt", {"code": code}).strip()
    message = Message.objects.create(
        key=f"code:{uuid4()}",
        channel=channel,
        recipient=user,
        to=to,
        subject=subject,
        body=body,
        asked_for=True,
        state=Message.State.HELD,
        written_at=now,
        due_at=now,
    )
    written = Message.objects.filter(pk=message.pk)
    if user:
        written.update(state=Message.State.QUEUED)
    else:
        written.delete()


@transaction.atomic
def invite(
    *,
    team_id: int,
    name: str,
    email: str,
    role: str,
    organisation: int | NewOrganisation,
    by: Any,
    now: datetime,
) -> Invitation:
    """Invite somebody into the team on behalf of an organisation; those who lead the team do this.

    The link goes out by e-mail and is kept nowhere else; an earlier link to the same address works no more. Raises
    HereAlready, NotAMember, NotALead.
    """
    mine = check_leads(by, team_id)
    email = email.strip().lower()
    if Membership.objects.filter(team=team_id, ended_at=None, user__email=email).exists():
        raise HereAlready
    works_for = _organisation(organisation)
    Invitation.objects.filter(team=team_id, email=email, accepted_at=None, expires_at__gt=now).update(expires_at=now)
    token = new_token()
    made = Invitation.objects.create(
        email=email,
        name=name,
        team=mine.team,
        organisation=works_for,
        role=role,
        token_digest=digest(token),
        invited_by=by,
        invited_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    words = {"name": name, "by": by.name, "team": mine.team.name, "days": INVITATION_LASTS.days}
    Message.objects.create(
        key=f"invitation:{made.pk}",
        channel=Message.Channel.EMAIL,
        to=email,
        subject=_("%(name)s has invited you") % {"name": by.name},
        body=render_to_string(
            "email/invitation.txt", words | {"link": urljoin(settings.SITE_URL, reverse("invitation", args=[token]))}
        ).strip(),
        asked_for=True,
        written_at=now,
        due_at=now,
    )
    return made


def _organisation(given: int | NewOrganisation) -> Organisation:
    if isinstance(given, NewOrganisation):
        return (
            Organisation.objects.filter(name__iexact=given.name).first()
            or Organisation.objects.get_or_create(name=given.name, defaults={"sector": Sector(given.sector)})[0]
        )
    found = Organisation.objects.filter(pk=given).first()
    if found is None:
        raise NotKnown
    return found


@transaction.atomic
def accept_invitation(*, token: str, now: datetime) -> User:
    """Make, or find, the account that an invitation is for, and its place in the team. It signs nobody in.

    Whoever holds the link acts, as with a sign-in code, so there is no ``by``. Raises InvitationOver.
    """
    invitation = (
        Invitation.objects.select_for_update()
        .filter(token_digest=digest(token), accepted_at=None, expires_at__gt=now)
        .first()
    )
    if invitation is None:
        raise InvitationOver
    user = User.objects.select_for_update().filter(email=invitation.email).first()
    if user is None:
        user = User.objects.create_user(name=invitation.name, email=invitation.email)
    if not user.is_active:
        raise InvitationOver
    Membership.objects.get_or_create(
        user=user,
        team_id=invitation.team_id,
        ended_at=None,
        defaults={"organisation_id": invitation.organisation_id, "role": invitation.role, "started_at": now},
    )
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    return user


@transaction.atomic
def end_membership(*, member_id: UUID, by: Any, now: datetime) -> Membership:
    """End somebody's place in the team, at once: whatever page they have open, the next one is not theirs.

    Those who lead the team do this. The last one who leads stays, or nobody could invite anybody.
    """
    member = _member(member_id, by)
    if member.ended_at:
        return member
    leads = Membership.objects.select_for_update().filter(team=member.team_id, leads=True, ended_at=None)
    if member.leads and not leads.exclude(pk=member.pk).exists():
        raise NotAllowed(_("Nobody else leads the team. It needs one who does."))
    _check_not_the_last_who_safeguards(member)
    member.ended_at, member.ended_by = now, by
    member.save(update_fields=["ended_at", "ended_by"])
    # Nobody has a password; a new unusable one ends every visit of the account, on every device.
    member.user.set_unusable_password()
    member.user.save(update_fields=["password"])
    return member


@transaction.atomic
def set_word(*, word: str, by: Any, now: datetime) -> User:
    """Keep a word only its owner knows, asked for beside their code from now on; an empty one is asked for no more.

    Kept as passwords are: nobody can read it. Their other visits end, and so does whoever else is signed in as them.
    """
    account = User.objects.select_for_update().get(pk=by.pk)
    if said := plain_word(word):
        account.set_password(said)
    else:
        account.set_unusable_password()
    account.save(update_fields=["password"])
    return account


@transaction.atomic
def set_language(*, language: str, by: Any, now: datetime) -> None:
    """Keep the language in which its owner reads, and in which we write to them from now on."""
    User.objects.filter(pk=by.pk).exclude(language=language).update(language=language)


@transaction.atomic
def set_rota(*, member_id: UUID, says_hello: bool, by: Any, now: datetime) -> Membership:
    """Put a member on the rota for first hellos, or take them off it: their own choice, or that of those who lead."""
    member = _member(member_id, by, own=True)
    if member.ended_at is None:
        member.says_hello = says_hello
        member.save(update_fields=["says_hello"])
    return member


@transaction.atomic
def set_may_open(*, member_id: UUID, may_open: bool, by: Any, now: datetime) -> Membership:
    """Let a member open plans in an emergency, or no longer; those who lead the team say so, and it holds at once."""
    member = _member(member_id, by)
    if member.ended_at is None:
        member.may_open = may_open
        member.save(update_fields=["may_open"])
    return member


@transaction.atomic
def set_duty(*, member_id: UUID, days: Iterable[int], by: Any, now: datetime) -> Membership:
    """Say on which days of the week a member is on duty: those who lead the team do, since duty opens what is kept apart."""
    member = _member(member_id, by)
    if member.ended_at is None:
        member.duty_days = sorted({Weekday(day) for day in days})
        member.save(update_fields=["duty_days"])
    return member


@transaction.atomic
def set_safeguards(*, member_id: UUID, safeguards: bool, by: Any, now: datetime) -> Membership:
    """Let a member lead on keeping people safe, or no longer; those who lead the team say so, and it holds at once.

    The last one stays: what somebody tells to be kept safe must reach a reader, whoever is on duty.
    """
    member = _member(member_id, by)
    if member.ended_at is None:
        if not safeguards:
            _check_not_the_last_who_safeguards(member)
        member.safeguards = safeguards
        member.save(update_fields=["safeguards"])
    return member


def _check_not_the_last_who_safeguards(member: Membership) -> None:
    others = Membership.objects.select_for_update().filter(team=member.team_id, safeguards=True, ended_at=None)
    if member.safeguards and not others.exclude(pk=member.pk).exists():
        raise NotAllowed(_("Nobody else leads on keeping people safe. Pick somebody first."))


def _member(member_id: UUID, by: Any, *, own: bool = False) -> Membership:
    """The membership, locked, when ``by`` leads its team (or, with ``own``, when it is theirs); or else NotKnown."""
    member = (
        Membership.objects.select_for_update(of=("self",)).select_related("user", "team").filter(pk=member_id).first()
    )
    if member is None:
        raise NotKnown
    membership_in(by, member.team_id)
    if not (own and member.user_id == by.pk):
        check_leads(by, member.team_id)
    return member


@transaction.atomic
def found_place(*, team: str, organisation: str, sector: str, name: str, email: str, now: datetime) -> Membership:
    """Make the team at the front door and the member who leads it; a second time changes nothing.

    Whoever runs the server does this, once, before there is an account, so there is no ``by``. Raises FoundedAlready.
    """
    there = Team.objects.select_for_update().filter(is_front_door=True).first()
    if there and there.name != team:
        raise FoundedAlready(there.name)
    place = there or Team.objects.update_or_create(name=team, defaults={"is_front_door": True})[0]
    works_for = _organisation(NewOrganisation(organisation, sector))
    user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(name=name, email=email)
    return Membership.objects.get_or_create(
        user=user,
        team=place,
        ended_at=None,
        defaults={
            "organisation": works_for,
            "role": "Team lead",
            "leads": True,
            "says_hello": True,
            "safeguards": True,
            "started_at": now,
        },
    )[0]


@transaction.atomic
def keep_typed(
    *,
    account_id: UUID,
    path: str,
    page: str,
    fields: list[tuple[str, str]],
    instead_of: UUID | None,
    now: datetime,
) -> bool:
    """Keep what was typed in a page that was made for this account, for when they are back; a second press is the same words.

    ``instead_of`` was in the page too, so it stands in ``fields`` now. The visit is over, so there is no ``by``. Says whether
    it is kept: not for an account that is over, and not where so much is kept that what came first would have to go.
    """
    if not User.objects.select_for_update().filter(pk=account_id, is_active=True).exists():
        return False
    kept = Typed.objects.filter(account=account_id)
    kept.filter(pk=instead_of).delete()
    if kept.filter(path=path, fields=fields).exists():
        return True
    if kept.count() >= MOST_TYPED:
        return False
    Typed.objects.create(account_id=account_id, path=path[:500], page=page[:500], fields=fields, typed_at=now)
    return True


@transaction.atomic
def forget_typed(*, typed_id: UUID, path: str = "", by: Any, now: datetime) -> None:
    """Forget what was kept for its owner: it has been sent from ``path``, or they do not want it."""
    kept = Typed.objects.filter(pk=typed_id, account=by.pk)
    (kept.filter(path=path) if path else kept).delete()


@transaction.atomic
def forget_old_typed(*, now: datetime) -> None:
    """Forget what was typed so long ago that nobody is coming back for it."""
    Typed.objects.filter(typed_at__lte=now - Typed.LASTS).delete()
