"""What can be seen of a conversation: by the visit that holds it, and by somebody who has its code."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases import hours, reach
from cases.actions import Arrival
from cases.actions.messages import CHANNEL_OF
from cases.models import Case, Person, Via, Way
from cases.pace import Pace, promise_by, weekday_or_date
from cases.permissions import Permission, first_hello_rota, standing
from cases.topics import Topic
from frontdoor import arriving, codes, script
from frontdoor.models import Conversation, ScriptVersion
from frontdoor.script import Answers, Page, Script, in_words
from teams.models import Team, User
from teams.permissions import NotKnown, knows_the_word, membership_of

MOST_NAMES = 2


@dataclass(frozen=True)
class Draft:
    """A conversation as the visit that holds it sees it. ``answers`` is empty once it is sent."""

    id: UUID
    code: str
    script: Script
    answers: dict[str, Any]
    sent: bool
    kept_until: date


@dataclass(frozen=True)
class Row:
    """One line of the check page: what a page asks, what was said there, and the page's number."""

    asks: str
    said: str
    page: int


@dataclass(frozen=True)
class Found:
    """What a code and a name open: a draft to go on with, or the account of somebody who has sent theirs."""

    conversation_id: UUID
    user: User | None


@dataclass(frozen=True)
class Thanks:
    """The honest answer to "what happens now?"."""

    name: str
    code: str
    who: str
    how: str
    by: str
    late: bool
    reads: str
    is_open: bool
    i_will: bool
    can_reach: bool
    comes: bool
    need_food: bool
    need_bed: bool


def is_member(viewer: Any) -> bool:
    """Whether a team has the viewer in it."""
    try:
        membership_of(viewer)
    except NotKnown:
        return False
    return True


def is_person(viewer: Any) -> bool:
    """Whether the viewer is somebody who came through the door."""
    return viewer.is_authenticated and Person.objects.filter(user=viewer.pk).exists()


def draft(*, conversation_id: UUID | None) -> Draft | None:
    """The conversation that a visit holds; None when there is none, or it was deleted."""
    found = Conversation.objects.filter(pk=conversation_id).first() if conversation_id else None
    if found is None:
        return None
    return Draft(
        id=found.pk,
        code=codes.code(found.pk, found.code_turn),
        script=script_of(found.script_version_id),
        answers=dict(found.answers.values_list("question", "value")),
        sent=found.sent_at is not None,
        kept_until=timezone.localtime(found.touched_at + script.DRAFTS_ARE_KEPT).date(),
    )


def script_of(version: int) -> Script:
    """One version of the questions, in the language of the moment; what is published never changes."""
    return _script(version, _language())


def _language() -> str:
    return (get_language() or "").partition("-")[0]


@lru_cache(maxsize=64)
def _script(version: int, language: str) -> Script:
    document = ScriptVersion.objects.values_list("document", flat=True).get(pk=version, published_at__isnull=False)
    return script.read(document, version, language)


def script_in_force() -> Script:
    """The questions that somebody who comes in now is asked: those that are shipped, where nobody came in yet.

    So it is too while the database is away: what the team may see is told on a page that is always there.
    """
    latest = ScriptVersion.objects.exclude(published_at=None).order_by("-published_at", "-number")
    with suppress(DatabaseError), transaction.atomic():
        number = latest.values_list("number", flat=True).first()
        if number:
            return script_of(number)
    return script.read(script.shipped(), 0, _language())


def check_rows(script: Script, answers: Answers) -> list[Row]:
    """Every page that these answers lead to, with what was said there; topics while nothing else was said."""
    pages = script.pages_for(answers)
    topics = script.by_name["topics"]
    if not answers.get("know") and topics not in pages:
        pages.insert(pages.index(script.by_name["know"]) + 1, topics)
    return [_row(page, answers) for page in pages]


def _row(page: Page, answers: Answers) -> Row:
    first = page.questions[0]
    asks = first.row or page.heading
    lines = []
    for question in page.questions:
        said = in_words(question, answers.get(question.id))
        if said and (question is not first or asks == page.title):
            said = f"{question.called} {said.replace(chr(10), ', ')}"
        lines.append(said)
    return Row(asks, "\n".join(filter(None, lines)), page.number)


def find(*, code: str, name: str, word: str = "") -> Found | None:
    """What this code opens for somebody of this name; None for a wrong code, a wrong name and a wrong word alike.

    The word counts where the person picked one (teams.actions.set_word).
    """
    digest = codes.digest(code)
    found = Conversation.objects.filter(code_digest=digest).select_related("person__user").first() if digest else None
    if found is None:
        return None
    person = found.person
    if person is None:
        said = found.answers.filter(question="name").values_list("value", flat=True).first() or ""
    else:
        said = person.name_used
    if _same_name(said) != _same_name(name):
        return None
    if person and not (person.user.is_active and knows_the_word(person.user, word)):
        return None
    return Found(found.pk, person.user if person else None)


def thanks(*, viewer: Any, conversation_id: UUID | None, now: datetime) -> Thanks | None:
    """What happens now, for the visit that sent this conversation or the person themselves; None for anybody else."""
    sent = Conversation.objects.select_related("person__user").exclude(sent_at=None)
    if conversation_id:
        found = sent.filter(pk=conversation_id).first()
    else:
        found = sent.filter(person__user=viewer.pk).first() if viewer.is_authenticated else None
    if found is None:
        return None
    person = found.person
    assert person is not None, "what was sent has a person: the database says so"
    case = Case.objects.filter(person=person).select_related("team").latest("came_at")
    way = _first_way(person)
    local = timezone.localtime(now)
    reads = hours.read_next(local)
    return Thanks(
        name=person.user.first_name,
        code=codes.code(found.pk, found.code_turn),
        who=_who(person, case.team),
        how=_how(way),
        by=_day(case.hello_by, local.date(), _("by %s")) if case.hello_by and case.hello_by >= local.date() else "",
        late=bool(case.hello_by and case.hello_by < local.date() and case.last_both_at is None),
        reads=_day(reads.date(), local.date(), _("on %s")),
        is_open=reads == local,
        i_will=case.pace == Pace.I_WILL,
        can_reach=way is not None,
        comes=way is not None and way.kind in {Way.Kind.COME, Way.Kind.NONE},
        need_food=Topic.FOOD in case.topics,
        need_bed=Topic.HOME in case.topics,
    )


def first_message(draft: Draft, now: datetime) -> str:
    """Word for word what we send first, if these answers are sent at ``now``; "" when nothing would be sent."""
    made = arriving.arrival(draft.script, draft.answers, via=Via.OWN_PHONE)
    way = next((way for way in made.ways if way.kind in CHANNEL_OF), None)
    if way is None or not way.to or made.pace == Pace.I_WILL:
        return ""
    words = reach.words_on(way, _thanks_words(made, now))
    return words if isinstance(words, str) else ""


def usual_message(draft: Draft, now: datetime) -> str:
    """What we text first to a phone that nobody else reads: shown before the number is given."""
    return _thanks_words(arriving.arrival(draft.script, draft.answers, via=Via.OWN_PHONE), now)


def _thanks_words(made: Arrival, now: datetime) -> str:
    team = Team.objects.filter(is_front_door=True).first()
    rota = (
        [each for each in first_hello_rota(team) if each.organisation.sector not in made.shut_sectors] if team else []
    )
    by = promise_by(made.pace, timezone.localtime(now))
    return reach.words_for(
        "thanks",
        name=User(name=made.name).first_name,
        worker=rota[0].user.first_name if rota else "Jo",
        day=weekday_or_date(by, timezone.localtime(now).date()) if by else "",
    )


def whose_code(*, viewer: Any, plan_id: UUID, now: datetime) -> str:
    """The name of the person for whom the viewer may make a new code; raises NotKnown or NotAllowed."""
    place = standing(viewer, plan_id, now)
    place.check(Permission.REACH)
    return place.sharing.plan.person.name_used


def reading_now(now: datetime) -> tuple[bool, str]:
    """Whether somebody reads messages at this moment, and when they do next, in words. Needs no database."""
    local = timezone.localtime(now)
    reads = hours.read_next(local)
    return reads == local, _day(reads.date(), local.date(), _("on %s"))


def _first_way(person: Person) -> Way | None:
    """The first way we can really use, in the person's order; coming to us comes after every way to reach them."""
    ways = list(Way.objects.filter(person=person, ended_at=None))
    usable = [way for way in ways if way.to]
    return next(iter([*usable, *(way for way in ways if way.kind in {Way.Kind.COME, Way.Kind.NONE})]), None)


def _who(person: Person, team: Team) -> str:
    """The names of those on the rota whom the person did not shut out, or nobody's."""
    rota = [member.user.first_name for member in first_hello_rota(team, person)]
    return _(" or ").join(rota[:MOST_NAMES]) or _("Someone from our team")


def _how(way: Way | None) -> str:
    verbs = {
        Way.Kind.CALL: _("will call you"),
        Way.Kind.TEXT: _("will text you"),
        Way.Kind.EMAIL: _("will email you"),
        Way.Kind.WRITE: _("will write to you"),
        Way.Kind.PLACE: _("will come and say hello where you said"),
        Way.Kind.TRUSTED: _("will say hello through the person you trust"),
        Way.Kind.NONE: _("will leave word where you said"),
    }
    return verbs.get(Way.Kind(way.kind), "") if way else ""


def _day(day: date, today: date, later: str) -> str:
    """A day as one says it; ``later`` is how to say one beyond tomorrow, such as "by %s"."""
    away = (day - today).days
    if away <= 0:
        return _("today")
    if away == 1:
        return _("tomorrow")
    return later % weekday_or_date(day, today)


def _same_name(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
