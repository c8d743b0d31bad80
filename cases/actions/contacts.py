"""Contacts, the agreed rhythm, and noticing who has gone quiet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import rhythm
from cases.actions.agenda import put_on_agenda
from cases.actions.needed import lift
from cases.actions.signing_in import sign_in_by
from cases.models import Case, Contact, HuddleItem, Look, NeededNow, ReachingOut, Way
from cases.pace import Pace, promise_by
from cases.permissions import NotAllowed, NotKnown, Permission, Standing, standing
from teams import languages
from teams.history import record


@transaction.atomic
def keep_contact(
    *,
    plan_id: UUID,
    at: datetime,
    way: str,
    went: str,
    by: Any,
    now: datetime,
    from_them: bool = False,
    words: str = "",
) -> Contact:
    """Write down a contact, or a try, that a member had. The person can read it.

    A two-way contact keeps the promise of a hello, ends the reaching out, and sets the moment from which silence is late.
    """
    place = standing(by, plan_id, now, lock=True)
    place.check(Permission.KEEP_CONTACT)
    assert place.member is not None
    case = _open(place)
    contact = Contact.objects.create(
        case=case,
        at=min(at, now),
        way=way,
        went=went,
        from_them=from_them,
        words=words,
        member=place.member,
        written_by=by,
        written_at=now,
    )
    if went == Contact.Went.BOTH:
        _in_touch(case, contact, by=by, now=now, organisation_id=place.organisation_id)
    return contact


@transaction.atomic
def agree_rhythm(*, plan_id: UUID, days: int | None, by: Any, now: datetime) -> Case:
    """Keep how often the person and the team agreed to be in touch; None is "whenever you want"."""
    place = standing(by, plan_id, now, lock=True)
    place.check(Permission.AGREE_RHYTHM)
    case = _open(place)
    case.rhythm_days, case.rhythm_agreed_at = days, now
    when_quiet(case)
    return record(case, by=by, why="agreed the rhythm", now=now, organisation_id=place.organisation_id)


@transaction.atomic
def leave_me_be(*, plan_id: UUID, until: date, by: Any, now: datetime) -> Case:
    """ "I am OK, just quiet": the person asks to be left in peace until a day. Nothing is late until then."""
    place = standing(by, plan_id, now, lock=True)
    place.check(Permission.ANSWER)
    case = _open(place)
    contact = _on_their_page(case, by=by, now=now)
    case.leave_until = until
    _in_touch(case, contact, by=by, now=now)
    return case


@transaction.atomic
def talk_soon(*, plan_id: UUID, pace: str, by: Any, now: datetime) -> Case:
    """The person would like to talk: their pace is kept, a day is promised, and the huddle hears of it."""
    place = standing(by, plan_id, now, lock=True)
    place.check(Permission.ANSWER)
    case = _open(place)
    case.pace, case.leave_until = Pace(pace), None
    case.hello_by = promise_by(pace, timezone.localtime(now))
    contact = _on_their_page(case, by=by, now=now)
    _in_touch(case, contact, by=by, now=now)
    with languages.for_the_team():
        why = str(_("Would like to talk: %(pace)s") % {"pace": Pace(pace).label})
    put_on_agenda(
        case,
        kind=HuddleItem.Kind.TODAY if pace in {Pace.TODAY, Pace.NOT_SAFE} else HuddleItem.Kind.BROUGHT,
        by=by,
        now=now,
        why=why,
    )
    if pace == Pace.NOT_SAFE:
        lift(case, why=NeededNow.Why.SAID, now=now)
    return case


@transaction.atomic
def ask_for_someone_else(*, plan_id: UUID, instead_of: UUID | None, words: str, by: Any, now: datetime) -> HuddleItem:
    """Ask the team for somebody else to walk with the person, in place of the account ``instead_of``, or as well.

    Nobody who could not see the plan sees more of it by this. Until the team has decided, nothing changes. Raises NotKnown
    for somebody who does not walk with them.
    """
    place = standing(by, plan_id, now, lock=True)
    place.check(Permission.ANSWER)
    case = _open(place)
    walker = next((one for one in place.sharing.walkers if one.user_id == instead_of), None)
    if instead_of and walker is None:
        raise NotKnown
    with languages.for_the_team():
        asks = (
            _("Would like someone else in place of %(name)s.") % {"name": walker.name}
            if walker
            else _("Would like one more person to walk with them.")
        )
    item = put_on_agenda(case, kind=HuddleItem.Kind.SOMEONE, by=by, now=now, why=f"{asks} {words}".strip())
    item.instead_of_id, item.asked_words = walker.member_id if walker else None, words
    item.save(update_fields=["instead_of", "asked_words"])
    return item


@transaction.atomic
def set_way(*, plan_id: UUID, kind: str, by: Any, now: datetime, ended: bool = False, **how: Any) -> Way:
    """Set one way to reach the person, with its conditions; with ``ended``, that way is not to be used any more."""
    place = standing(by, plan_id, now, lock=True)
    place.check(Permission.REACH)
    person_id = place.sharing.plan.person_id
    way = Way.objects.select_for_update().filter(person_id=person_id, kind=kind, ended_at=None).first()
    if way is None:
        way = Way(person_id=person_id, kind=Way.Kind(kind), position=Way.objects.filter(person_id=person_id).count())
    for name, value in how.items():
        setattr(way, name, value)
    way.ended_at = now if ended else None
    record(way, by=by, why="", now=now, organisation_id=place.organisation_id)
    sign_in_by(place.sharing.plan.person, way)
    return way


@transaction.atomic
def look_at_reach(*, plan_id: UUID, by: Any, now: datetime) -> Look:
    """Keep that a member looks at how to say hello safely: that is kept apart, and the person sees who looked."""
    place = standing(by, plan_id, now, lock=True)
    if place.is_person:
        raise NotAllowed(_("How we may say hello to you is on your own page."))
    place.check(Permission.REACH)
    return Look.objects.create(plan_id=plan_id, viewer=by, what=Look.What.REACH, at=now)


NOTICE = """
WITH due AS MATERIALIZED (
    SELECT quiet_at, id FROM cases_case WHERE quiet_at <= %(now)s AND (quiet_at, id) > (%(after)s, %(after_id)s)
    ORDER BY quiet_at, id LIMIT %(chunk)s
), noticed AS (
    INSERT INTO cases_reachingout (case_id, since, noticed_at) SELECT id, quiet_at, %(now)s FROM due
    ON CONFLICT DO NOTHING RETURNING 1
), last AS (
    SELECT quiet_at, id FROM due ORDER BY quiet_at, id OFFSET %(chunk)s - 1
), beat AS (
    INSERT INTO teams_heartbeat (job, at) SELECT 'notice_quiet', %(now)s WHERE NOT EXISTS (SELECT FROM last)
    ON CONFLICT (job) DO UPDATE SET at = EXCLUDED.at
)
SELECT (SELECT count(*) FROM noticed), (SELECT quiet_at FROM last), (SELECT id FROM last)
"""


def notice_quiet(*, now: datetime, chunk: int = 5_000) -> int:
    """Notice everybody whose moment has passed, once each, and say how many are new. The clock's own action.

    One statement a chunk, each its own short transaction; the unique constraint, and no lock, makes it safe to run twice,
    late, or in two places at once. It can only ever add a reason to reach out. With the last chunk it is kept that the clock
    has run to its end.
    """
    noticed: int = 0
    after: datetime | None = datetime(2000, 1, 1, tzinfo=now.tzinfo)
    after_id = UUID(int=0)
    with connection.cursor() as cursor:
        while after:
            given: dict[str, Any] = {"now": now, "after": after, "after_id": after_id, "chunk": chunk}
            cursor.execute(NOTICE, given)
            new, after, after_id = cursor.fetchone()
            noticed += new
    return noticed


def _open(place: Standing) -> Case:
    """The stay, locked and fresh; NotAllowed once the person has stepped out."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=place.sharing.case.pk)
    if case.state == Case.State.OPEN_DOOR:
        raise NotAllowed(_("They have stepped out. The door is open: coming back is one step."))
    return case


def _on_their_page(case: Case, *, by: Any, now: datetime) -> Contact:
    return Contact.objects.create(
        case=case, at=now, way=Contact.By.ONLINE, went=Contact.Went.BOTH, from_them=True, written_by=by, written_at=now
    )


def when_quiet(case: Case) -> None:
    """Work out anew the moment from which silence is late; the caller saves."""
    if case.pace == Pace.I_WILL and case.last_both_at is None:
        case.quiet_at = None  # they will get in touch, and nobody chases them
        return
    case.quiet_at = rhythm.quiet_at(
        came_at=timezone.localtime(case.came_at),
        last_both_at=timezone.localtime(case.last_both_at) if case.last_both_at else None,
        rhythm_days=case.rhythm_days if case.rhythm_agreed_at else rhythm.UNTIL_AGREED_DAYS,
        leave_until=case.leave_until,
        hello_by=case.hello_by,
    )


def _in_touch(case: Case, contact: Contact, *, by: Any, now: datetime, organisation_id: int | None = None) -> None:
    """Both sides were in touch: what was promised is kept, the search is over, and the clock starts again."""
    case.last_both_at = max(contact.at, case.last_both_at or contact.at)
    if contact.member_id:
        case.state = Case.State.WALKING
        if not HuddleItem.objects.filter(case=case, decided_at__gt=contact.at).exists():
            case.hello_by = None  # the promise is kept
    when_quiet(case)
    record(case, by=by, why="were in touch", now=now, organisation_id=organisation_id)
    ReachingOut.objects.filter(case=case, found_at=None, since__lte=contact.at).update(
        found_at=contact.at, found_in=contact
    )
    if contact.member_id:
        HuddleItem.objects.filter(case=case, decided_at__lte=contact.at, kept_at=None).update(kept_at=contact.at)
