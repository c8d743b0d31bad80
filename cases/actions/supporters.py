"""Their people: whom the person asks to stand beside them, what those see, and how it ends."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from cases import sections
from cases.actions.messages import write_to_person
from cases.actions.naming import forget_name
from cases.models import Case, Plan, PlanSection, Supporter
from cases.permissions import NotKnown, Permission, hand_over, let_in, shut_again, standing, take_back_all, wait_until
from cases.sections import Level
from teams.history import record
from teams.models import Message, User
from teams.tokens import digest, new_token

LINK_LASTS = timedelta(days=14)


class LinkOver(Exception):
    """The link was used, or is too old, or was never one, or the person changed their mind. One answer for all."""


@transaction.atomic
def invite_supporter(
    *,
    plan_id: UUID,
    name: str,
    sees: Collection[str],
    by: Any,
    now: datetime,
    adds: Collection[str] = (),
    knows: str = "",
    may_call: str = Supporter.MayCall.NO,
    only_if: str = "",
    until: datetime | None = None,
    email: str = "",
) -> str:
    """Ask somebody the person trusts, and give back the link: by ``email`` it goes out, or else they hand it over.

    ``sees`` and ``adds`` are keys of sections; whoever adds to one sees it too. The link is kept nowhere.
    """
    at = standing(by, plan_id, now, lock=True)
    at.check(Permission.SHARE)
    token = new_token()
    link = urljoin(settings.SITE_URL, reverse("shared_join", args=[token]))
    made = Supporter.objects.create(
        plan_id=plan_id,
        user=User.objects.create_user(name=name),
        name=name,
        knows=knows,
        token_digest=digest(token),
        invited_at=now,
        expires_at=now + LINK_LASTS,
    )
    _choose(made, sees=sees, adds=adds, may_call=may_call, only_if=only_if, until=until, by=by, now=now)
    if email:
        words = {"name": name, "by": at.sharing.plan.person.name_used, "days": LINK_LASTS.days, "link": link}
        Message.objects.create(
            key=f"supporter:{made.pk}",
            channel=Message.Channel.EMAIL,
            to=email,
            subject=_("A page to share with you"),
            body=render_to_string("email/supporter.txt", words).strip(),
            asked_for=True,
            written_at=now,
            due_at=now,
        )
    return link


@transaction.atomic
def choose_for_supporter(
    *,
    plan_id: UUID,
    supporter_id: UUID,
    sees: Collection[str],
    adds: Collection[str],
    may_call: str,
    only_if: str,
    until: datetime | None,
    by: Any,
    now: datetime,
) -> Supporter:
    """Choose anew what a supporter sees and may add to, whether we may call them, and until when."""
    supporter = _theirs(plan_id, supporter_id, by, now)
    _choose(supporter, sees=sees, adds=adds, may_call=may_call, only_if=only_if, until=until, by=by, now=now)
    return supporter


@transaction.atomic
def end_supporter(*, plan_id: UUID, supporter_id: UUID, by: Any, now: datetime) -> None:
    """End at once all that a supporter was given. Nobody tells them why."""
    supporter = _theirs(plan_id, supporter_id, by, now)
    forget_name(supporter.plan, supporter.user, by=by, now=now)
    supporter.ended_at = now
    supporter.save(update_fields=["ended_at"])
    _record(supporter, _("%(name)s can no longer see anything.") % {"name": supporter.name}, by, now)


@transaction.atomic
def accept_support(*, token: str, channel: str, to: str, now: datetime) -> None:
    """Let whoever holds the link come in by an address of theirs. It signs nobody in: that takes a code sent there.

    They see nothing yet: first the person has time to see who said yes, and to stop it. Whoever holds the link acts, so
    there is no ``by``; and an address is only what they typed, so that it changes nothing for an account that has it
    (see ``join_supports``). Raises LinkOver.
    """
    asked = Supporter.objects.filter(token_digest=digest(token), accepted_at=None, ended_at=None, expires_at__gt=now)
    # The plan's lock first, as for every change to it: whoever stops everybody meanwhile stops this one too.
    Plan.objects.select_for_update().filter(supporters__in=asked).first()
    supporter = asked.select_for_update(of=("self",)).select_related("user", "plan").first()
    if supporter is None:
        raise LinkOver
    way = {"email": to} if channel == Message.Channel.EMAIL else {"phone": to}
    there = User.objects.select_for_update().filter(**way).first()
    if there is None:
        User.objects.filter(pk=supporter.user_id).update(**way)
    elif not there.is_active:
        raise LinkOver
    supporter.reach, supporter.accepted_at, supporter.opens_at = to, now, now + settings.SUPPORTERS_WAIT
    supporter.save(update_fields=["reach", "accepted_at", "opens_at"])
    wait_until(supporter.plan, supporter.user, supporter.opens_at)
    _record(supporter, _("%(name)s said yes.") % {"name": supporter.name}, supporter.user, now)
    case = Case.objects.filter(person=supporter.plan.person_id).latest("came_at")
    if case.state != Case.State.OPEN_DOOR:
        write_to_person(case, about="note", key=str(supporter.pk), now=now)


@transaction.atomic
def join_supports(*, by: Any, now: datetime) -> None:
    """Give an account what was accepted by its address before it was known whose that is. At signing in: a code came there.

    What the person gave that account by name already stays; an earlier time in which they stood beside the person ends.
    """
    nobodys = Supporter.objects.filter(
        user__email=None,
        user__phone=None,
        accepted_at__isnull=False,
        ended_at=None,
        reach__in=filter(None, [by.email, by.phone]),
    )
    for plan in Plan.objects.select_for_update().filter(supporters__in=nobodys).order_by("pk"):
        for supporter in nobodys.select_for_update(of=("self",)).filter(plan=plan).select_related("user"):
            earlier = Supporter.objects.filter(plan=plan, user=by, ended_at=None)
            if earlier.update(ended_at=now):
                take_back_all(plan, by)
            nobody, supporter.user = supporter.user, by
            hand_over(plan, held_by=nobody, to=by)
            User.objects.filter(pk=nobody.pk).update(is_active=False)
            supporter.save(update_fields=["user"])


def _choose(
    supporter: Supporter,
    *,
    sees: Collection[str],
    adds: Collection[str],
    may_call: str,
    only_if: str,
    until: datetime | None,
    by: Any,
    now: datetime,
) -> None:
    chosen = [section for section in sections.FOR_SUPPORTERS if section.key in {*sees, *adds}]
    rows = {row.key: row for row in PlanSection.objects.filter(plan=supporter.plan_id)}
    for key in rows.keys() - {section.key for section in chosen}:
        shut_again(rows[key], supporter.user)
    for section in chosen:
        level = Level.SUGGEST if section.key in adds and section.team_may >= Level.SUGGEST else Level.SEE
        let_in(rows[section.key], supporter.user, level, until, max(now, supporter.opens_at or now))
    supporter.may_call, supporter.until = Supporter.MayCall(may_call), until
    supporter.only_if = only_if if may_call == Supporter.MayCall.ONLY else ""
    supporter.save(update_fields=["may_call", "only_if", "until"])
    parts = ", ".join(str(section.title) for section in chosen) or _("nothing")
    _record(supporter, _("%(name)s can see: %(parts)s.") % {"name": supporter.name, "parts": parts}, by, now)


def _theirs(plan_id: UUID, supporter_id: UUID, by: Any, now: datetime) -> Supporter:
    """The supporter, locked, when the plan is the viewer's own; or else NotKnown or NotAllowed."""
    standing(by, plan_id, now, lock=True).check(Permission.SHARE)
    found = (
        Supporter.objects.select_for_update(of=("self",))
        .select_related("user", "plan")
        .filter(pk=supporter_id, plan=plan_id, ended_at=None)
        .first()
    )
    if found is None:
        raise NotKnown
    return found


def _record(supporter: Supporter, why: str, by: Any, now: datetime) -> None:
    record(Plan.objects.select_for_update().get(pk=supporter.plan_id), by=by, why=why[:100], now=now)
