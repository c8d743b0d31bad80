"""One small world: somebody for every column of the table, and a secret for every row of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from cases import actions
from cases.actions import WayToReach
from cases.models import Case, Entry, HuddleItem, Look, NeededNow, SafetyLook, Supporter, Walk
from frontdoor.actions import begin_draft, keep_fair_answer
from teams.models import Membership, User
from tests.factories import NOW, make_member, make_person, make_team, walk

BEFORE = NOW - timedelta(days=7)
# While these look, the team has not yet talked about the person.
BEFORE_THE_HUDDLE = {"agenda", "hello", "away"}
# That a plan was opened is on the agenda, for everybody to talk about; so whoever did so has a world of their own.
IN_AN_EMERGENCY = {"opener"}

OPENING = "canary: what was said first"
NOW_WORDS = "canary: how things are"
JO_WORDS = "canary: what Jo wrote down"
HARD = "canary: when it gets hard"
FOR_MAIN = "canary: for the main person"
ONLY_ME = "canary: only for me"
NOTE = "canary: a note of Ali"
TAKEN_OUT = "canary: taken out"
CONTACT = "canary: what came of a call"
SUGGESTED = "canary: how Ali would put it"
NUMBER = "07700 900901"
AVOID = "canary: keep away from the lighthouse"
APART = "canary: he has hurt me"
WORRY = "canary: her sister saw bruises"
FAIR = "canary: own words for a faith"
SECRETS = {
    "opening": OPENING,
    "now": NOW_WORDS,
    "jo": JO_WORDS,
    "hard": HARD,
    "for_main": FOR_MAIN,
    "only_me": ONLY_ME,
    "note": NOTE,
    "taken_out": TAKEN_OUT,
    "suggested": SUGGESTED,
    "contact": CONTACT,
    "number": NUMBER,
    "avoid": AVOID,
    "apart": APART,
    "worry": WORRY,
    "fair": FAIR,
}


@dataclass
class World:
    """Sam, Sam's plan, and everybody else by the name of their column."""

    person: Any
    users: dict[str, User | None] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    before_the_huddle: bool = False

    @property
    def plan_id(self) -> UUID:
        return self.person.plan.pk

    def act(self, action: Any, *, by: User | None = None, **given: Any) -> Any:
        """Do something to Sam's plan a week ago, as Sam unless told otherwise."""
        return action(plan_id=self.plan_id, by=by or self.person.user, **{"now": BEFORE, **given})

    def write(self, section: str, words: str, *, by: User | None = None, **given: Any) -> Any:
        given.setdefault("field", {"change": "goal", "steps": "step", "hard": "signs"}.get(section, "words"))
        return self.act(actions.add_entry, section=section, words=words, by=by, **given)


def build_for(column: str) -> World:
    """The world as it is when somebody of this column looks."""
    return build(before_the_huddle=column in BEFORE_THE_HUDDLE, in_an_emergency=column in IN_AN_EMERGENCY)


def build(*, before_the_huddle: bool = False, in_an_emergency: bool = False) -> World:
    """Sam came a week ago. Jo leads, Ali and Ruth walk along; Ruth is shut out of "How things are"."""
    sam = make_person(
        name="Sam Teller",
        now=BEFORE,
        told=(("know", OPENING),),
        ways=(WayToReach("text", to=NUMBER, others="no"), WayToReach("email", to="sam@example.org")),
        avoid=AVOID,
        pace="week",
    )
    other_person = make_person(name="Robin Other", now=BEFORE)
    member = {
        "main": make_member(name="Jo Bevan", says_hello=False),
        "walks": make_member(name="Ali Rahman", sector="peer", role="peer worker", says_hello=False),
        "shut": make_member(name="Ruth Adeyemi", sector="council", role="social worker", says_hello=False),
        "agenda": make_member(name="Kit Moss", says_hello=False),
        "hello": make_member(name="Hana Lowe"),
        "away": make_member(name="Dr Una Shah", sector="primary", role="doctor"),
        "kept": make_member(name="Nia Kemp", role="nurse", says_hello=False),
        "team": make_member(name="Tess Vale", says_hello=False),
        "lead": make_member(name="Lee Orme", says_hello=False, leads=True),
        "other": make_member(name="Olu Cole", leads=True, team=make_team(name="Northmoor", is_front_door=False)),
        "ended": make_member(name="Edie Past", says_hello=False, leads=True),
        "opener": make_member(name="Oz Open", says_hello=False),
    }
    member["opener"].may_open = True
    member["opener"].save()
    superuser = User.objects.create_user(name="Sue Per", email="super@example.org")
    superuser.is_superuser = True
    superuser.save()
    world = World(
        person=sam,
        members=member,
        users={
            "visitor": None,
            "person": sam.user,
            "another": other_person.user,
            **{name: row.user for name, row in member.items()},
            "super": superuser,
        },
        before_the_huddle=before_the_huddle,
    )
    for name in ("main", "walks", "shut", "kept", "ended"):
        walk(sam, member[name], main=name == "main", now=BEFORE)
    _fill(world)
    ended = member["ended"]
    ended.ended_at, ended.ended_by = NOW - timedelta(days=1), member["lead"].user
    ended.save()
    item = HuddleItem.objects.get(case__person=sam)
    if not before_the_huddle:
        item.decision, item.we_heard, item.first_step, item.because = "hello", "We heard.", "A first step.", "Because."
        item.who, item.decided_at, item.decided_by = member["main"], BEFORE + timedelta(days=1), member["main"].user
        item.save()
    if in_an_emergency:
        world.act(actions.open_in_emergency, why="Their brother rang us", by=world.users["opener"], now=NOW)
    begin_draft(by=member["lead"].user, now=BEFORE)
    world.ids |= {
        "organisation": member["walks"].organisation_id,
        "item": item.pk,
        "another_plan": other_person.plan.pk,
        "member": member["team"].pk,
    }
    return world


def _fill(world: World) -> None:
    jo, ali = world.users["main"], world.users["walks"]
    ruth = world.members["shut"]
    world.ids |= {
        "theirs": world.write("now", NOW_WORDS).pk,
        "jos": world.write("now", JO_WORDS, by=jo, why="We talked.").pk,
        "hard": world.write("hard", HARD).pk,
        "named": world.write("change", FOR_MAIN, area="drink").pk,
        "only_me": world.write("mine", ONLY_ME).pk,
        "note": world.write("notes", NOTE, by=ali, field="note").pk,
        "step": world.write("steps", "A walk by the water").pk,
        "out": world.write("now", TAKEN_OUT).pk,
        "past": world.write("steps", "What stands there", circle="me").pk,
    }
    world.write("talk", "Slowly", field="needs")
    world.write("quiet", "Send a card", field="do")
    world.act(actions.take_out, entry_id=world.ids["out"])
    world.act(actions.shut_out, section="now", user_id=ruth.user_id)
    world.act(actions.shut_out, sector="primary")
    world.act(actions.shut_out, user_id=world.members["kept"].user_id)
    contact = world.act(
        actions.keep_contact, at=BEFORE, way="call", went="no_answer", words=CONTACT, by=jo, now=BEFORE
    )
    suggestion = world.act(actions.suggest_words, entry_id=world.ids["theirs"], words=SUGGESTED, by=ali)
    world.ids |= {
        "contact": contact.pk,
        "suggestion": suggestion.pk,
        "version": Entry.history.filter(id=world.ids["theirs"]).earliest("history_id").pk,
    }
    _keep_apart(world)
    world.users["supporter"] = _supporter(world)


def _keep_apart(world: World) -> None:
    """What the person never reads, what nobody else reads of what they answered, and what somebody told us."""
    world.act(actions.keep_safety_note, words=APART, via="own_phone")
    told = {"seen": "", "teller": "", "reach": "", "may_say": "no", "lifted": False, "by": None, "now": BEFORE}
    linked = actions.tell_worry(who="Sam Teller", why=WORRY, **told)
    world.act(actions.link_worry, worry_id=linked.pk, by=world.users["main"])
    world.ids |= {
        "linked": linked.pk,
        "worry": actions.tell_worry(who="Somebody by the water", why="", **told).pk,
        "needed": NeededNow.objects.create(case=Case.objects.get(person=world.person), why="said", since=BEFORE).pk,
    }
    keep_fair_answer(
        conversation_id=None, question="religion", choice="other", own_words=FAIR, by=world.person.user, now=BEFORE
    )


def _supporter(world: World) -> User:
    """Sam's sister, asked into two sections: one to read, and one to add to."""
    world.act(actions.invite_supporter, name="Ann", sees=["now"], adds=["helps"])
    supporter = Supporter.objects.get(plan=world.plan_id)
    supporter.accepted_at = supporter.opens_at = BEFORE
    supporter.save()
    User.objects.filter(pk=supporter.user_id).update(email="ann@example.org", is_active=True)
    world.ids["supporter"] = supporter.pk
    return User.objects.get(pk=supporter.user_id)


# -- Looking


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


class Undo(Exception):
    """Ends what ``undone`` began."""


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen."""
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        pass


def everything_kept() -> dict[str, int]:
    """A fingerprint of each table of ours and of guardian's, history and all.

    That somebody looked, and is here, is kept even when they were then refused: that is for the person to see.
    """
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in {"teams", "cases", "frontdoor", "guardian"} and model not in {Look, SafetyLook}
    ]
    row = {Walk._meta.db_table: "(to_jsonb(t) - 'here_at')::text"}
    one = "(SELECT '{0}', coalesce(sum(hashtextextended({1}, 0)), 0) FROM {0} t)"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table, row.get(table, "t::text")) for table in tables))
        return dict(cursor.fetchall())
