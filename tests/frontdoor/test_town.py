"""The made-up town holds together as real people's rows would, and so does any crowd that is made from it."""

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction

from cases.actions import notice_quiet
from cases.actions.contacts import when_quiet
from cases.models import (
    Case,
    Contact,
    EmergencyOpening,
    Entry,
    HuddleItem,
    LetIn,
    Person,
    Plan,
    Rating,
    ReachingOut,
    SectionGrant,
    ShutOut,
    Story,
    Suggestion,
    Walk,
    Way,
)
from cases.permissions import NotKnown, standing
from cases.queries.history import history
from cases.sections import Level
from frontdoor import codes
from frontdoor.models import Conversation
from frontdoor.town.build import HERE, build_town, read_people
from frontdoor.town.crowd import _unlike, build_crowd
from frontdoor.town.place import Place
from frontdoor.town.rows import Rows
from teams.history import Recorded
from teams.models import Huddle, Membership, Message, Seat, Team, User
from tests.factories import NOW, make_member

LONDON = ZoneInfo("Europe/London")
RECORDED = [model for model in apps.get_models() if issubclass(model, Recorded)]
# What nobody on the team writes about anybody: the person reads every word of it.
NOT_OURS = re.compile(
    r"\b(client|patients?|service users?|referrals?|assessments?|discharged?|DNA|non-engager|disengaged|triage|"
    r"intake|risk level|did not attend|non-compliant)\b",
    re.IGNORECASE,
)
DRAMA = re.compile(r"07700 900\d{3}|01632 960\d{3}")
LIKE_A_PHONE = re.compile(r"\b0\d{4} ?\d{6}\b|\b0\d{3} ?\d{3} ?\d{4}\b")


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The whole town, built once and only looked at."""
    with django_db_blocker.unblock(), transaction.atomic():
        build_town(now=NOW)
        yield
        transaction.set_rollback(True)


def last_history_is_what_is_there() -> None:
    for model in RECORDED:
        past = model.history.model
        last = {row.id: row for row in past.objects.order_by("history_date", "history_id")}
        rows = list(model.objects.all())
        assert rows, model
        assert len(last) == len(rows)
        for row in rows:
            for field in past.tracked_fields:
                assert getattr(last[row.pk], field.attname) == getattr(row, field.attname), (model, field.name)


@pytest.mark.usefixtures("town")
class TestTheTown:
    def test_everybody_who_was_told_of_lives_there(self):
        told = [person["name"] for person in read_people()]
        assert sorted(Person.objects.values_list("name_used", flat=True)) == sorted(told)
        assert len({person["key"] for person in read_people()}) == len(told) == 80

    def test_the_last_history_row_of_everything_recorded_is_what_is_there(self):
        last_history_is_what_is_there()

    def test_history_begins_once_and_says_who_and_for_which_organisation(self):
        members = dict(Membership.objects.values_list("user_id", "organisation_id"))
        for model in RECORDED:
            begun = set()
            for row in model.history.model.objects.order_by("history_date", "history_id"):
                assert (row.history_type == "+") is (row.id not in begun), (model, row)
                begun.add(row.id)
                assert row.history_user_id is not None
                if row.organisation_id is not None:
                    assert row.organisation_id == members[row.history_user_id]
                assert row.history_date <= NOW

    def test_nothing_has_happened_in_the_future(self):
        for model in (Contact, Story, Entry, HuddleItem, Walk, Person, Plan, Conversation, ReachingOut, Huddle, Seat):
            for field in model._meta.fields:
                if isinstance(field, models.DateTimeField):
                    assert not models.QuerySet(model).filter(**{f"{field.name}__gt": NOW}).exists(), (
                        model,
                        field.name,
                    )

    def test_nothing_happened_to_anybody_before_they_came(self):
        for case in Case.objects.filter(came_back_from=None):
            assert not case.contacts.filter(at__lt=case.came_at).exists()
            assert not case.huddle_items.filter(decided_at__lt=case.came_at).exists()
            assert not Entry.objects.filter(plan__person=case.person, added_at__lt=case.came_at).exists()

    def test_silence_is_late_when_the_rules_say_so(self):
        for case in Case.objects.exclude(state=Case.State.OPEN_DOOR):
            was = case.quiet_at
            when_quiet(case)
            assert case.quiet_at == was, case.person.name_used

    def test_whoever_has_gone_quiet_is_being_reached_out_to_and_the_last_waits_for_the_clock(self):
        late = Case.objects.filter(quiet_at__lte=NOW)
        assert late.count() >= 5
        unnoticed = late.exclude(reaching_out__found_at=None, reaching_out__isnull=False)
        assert unnoticed.count() == 1
        for case in late.exclude(pk__in=unnoticed):
            assert [window.since for window in case.reaching_out.filter(found_at=None)] == [case.quiet_at]
        assert not ReachingOut.objects.filter(found_at=None).exclude(case__in=late).exists()
        with transaction.atomic():
            assert notice_quiet(now=NOW) == 1
            assert notice_quiet(now=NOW) == 0
            transaction.set_rollback(True)

    def test_sharing_and_what_stands_beside_the_words_are_there_to_look_at(self):
        answers = set(Suggestion.objects.values_list("answer", flat=True))
        assert answers == set(Suggestion.Answer.values), "each answer once, and one that waits"
        assert Rating.objects.filter(entry=None).exists()
        assert Rating.objects.filter(entry__importance="lot").exists()
        assert {bool(row.organisation_id) for row in LetIn.objects.all()} == {True, False}
        assert SectionGrant.objects.filter(until__gt=NOW).exists()
        assert ShutOut.objects.exclude(user=None).exists()
        opening = EmergencyOpening.objects.get()
        assert opening.member.may_open
        sam = Person.objects.get(name_used="Sam").plan
        (col,) = sam.supporters.all()
        assert standing(col.user, sam.pk, NOW).level("matters") == Level.SEE
        moira, ruth = (Membership.objects.get(user__name=name) for name in ("Moira Kelly", "Ruth Adeyemi"))
        kit = Membership.objects.get(organisation__name="The Kettle")
        assert standing(kit.user, sam.pk, NOW).level("change") == Level.SEE
        for stranger in (moira, ruth):
            with pytest.raises(NotKnown):
                standing(stranger.user, sam.pk, NOW)

    def test_nobody_stepped_out_by_silence(self):
        gone = Case.objects.filter(state=Case.State.OPEN_DOOR)
        assert gone.filter(ended_how="own").exists()
        assert gone.filter(ended_how="told").exists()
        for case in gone:
            assert case.ended_by is not None
            assert not case.walks.filter(ended_at=None).exists()
            if case.said_in:
                assert case.said_in.went == Contact.Went.BOTH
                assert case.said_in.at <= case.ended_at

    def test_those_who_came_back_have_their_own_people_again(self):
        for case in Case.objects.exclude(came_back_from=None):
            assert case.came_back_from.state == Case.State.OPEN_DOOR
            assert case.came_at > case.came_back_from.ended_at
            assert case.walks.filter(ended_at=None, main=True).count() == 1

    def test_everybody_walking_has_one_main_person_and_nobody_they_shut_out(self):
        shut = {(row.plan.person_id, row.sector) for row in ShutOut.objects.select_related("plan")}
        for case in Case.objects.filter(state=Case.State.WALKING, huddle_items__decided_at__isnull=False).distinct():
            walks = case.walks.filter(ended_at=None).select_related("member__organisation")
            assert sum(walk.main for walk in walks) == 1, case.person.name_used
            for walk in walks:
                assert (case.person_id, walk.member.organisation.sector) not in shut, case.person.name_used

    def test_a_promise_that_was_kept_is_no_longer_promised(self):
        for item in HuddleItem.objects.filter(decided_at__isnull=False):
            both = item.case.contacts.filter(went="both", member__isnull=False, at__gte=item.decided_at)
            first = both.order_by("at").first()
            assert item.kept_at == (first.at if first else None)
            later = item.case.huddle_items.filter(decided_at__gt=item.decided_at).exists()
            if first and not later and item.case.ended_at is None:
                assert item.case.hello_by is None

    def test_the_agenda_of_the_next_huddle_has_those_who_wait(self):
        waiting = HuddleItem.objects.filter(decided_at=None)
        assert {item.kind for item in waiting} >= {"today", "new", "back"}
        assert {item.huddle.ended_at for item in waiting} == {None}
        assert Huddle.objects.filter(ended_at__isnull=False, seats=None).count() == 0

    def test_telephones_and_addresses_are_nobodys(self):
        for way in Way.objects.all():
            if way.kind in {"call", "text"}:
                assert DRAMA.fullmatch(way.to), way.to
            if way.kind == "email":
                assert way.to.endswith("@example.org")
        assert not User.objects.exclude(email=None).exclude(email__endswith="@example.org").exists()
        for model in (Story, Entry, Contact, HuddleItem, Way, Message, Case, Person):
            for field in model._meta.fields:
                if isinstance(field, models.CharField | models.TextField):
                    for words in models.QuerySet(model).values_list(field.name, flat=True):
                        for number in LIKE_A_PHONE.findall(words or ""):
                            assert DRAMA.fullmatch(number), number

    def test_what_the_team_wrote_can_be_read_by_whom_it_is_about(self):
        people = set(Person.objects.values_list("user_id", flat=True))
        written = [*Contact.objects.values_list("words", flat=True)]
        written += [row.words for row in Entry.history.model.objects.all() if row.history_user_id not in people]
        for item in HuddleItem.objects.all():
            written += [item.we_heard, item.first_step, item.because, item.other_view]
        assert [words for words in written if NOT_OURS.search(words)] == []

    def test_a_message_said_no_more_than_they_allowed(self):
        kinds = {"text": "text", "email": "email"}
        for message in Message.objects.select_related("recipient__person"):
            way = Way.objects.get(person=message.recipient.person, kind=kinds[message.channel])
            if message.state == Message.State.SENT:
                assert way.others == "no" or message.body == way.only_words
                assert 9 <= message.sent_at.astimezone(LONDON).hour < 19
        assert set(Message.objects.values_list("state", flat=True)) >= {"sent", "held"}

    def test_everybody_can_come_back_with_their_code(self):
        for conversation in Conversation.objects.all():
            assert codes.digest(codes.code(conversation.pk, conversation.code_turn)) == conversation.code_digest

    def test_the_next_town_sees_nobody(self):
        stranger = Membership.objects.get(user__name="Wyn Talbot").user
        for plan in Plan.objects.all():
            with pytest.raises(NotKnown):
                standing(stranger, plan.pk, NOW)

    def test_a_person_can_read_how_it_all_went(self):
        sam = Person.objects.get(name_used="Sam")
        seen = history(plan_id=sam.plan.pk, viewer=sam.user, now=NOW)
        assert {"came in", "added", "changed", "answered", "changed how it is going"} <= {
            change.what for change in seen
        }
        assert "Being somebody people can ring" in " ".join(change.new for change in seen)

    def test_it_is_filled_only_when_it_is_empty(self):
        with pytest.raises(CommandError, match="people here already"):
            call_command("populate")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 29, 0, 20, tzinfo=LONDON),  # a Sunday night, when the clocks change
        datetime(2026, 12, 28, 8, 5, tzinfo=LONDON),  # a bank holiday after a long weekend
        datetime(2026, 7, 6, 18, 30, tzinfo=LONDON),  # a Monday evening
    ],
)
def test_the_town_can_be_built_on_any_day(now):
    build_town(now=now)
    last_history_is_what_is_there()
    assert not Contact.objects.filter(at__gt=now).exists()
    assert notice_quiet(now=now) == 1


@pytest.mark.django_db
def test_a_huddle_is_held_on_a_working_day_and_not_before_somebody_came():
    place = Place(tomllib.loads((HERE / "place.toml").read_text(encoding="utf-8")), Rows(), NOW)
    saturday = NOW.date() - timedelta(days=3)
    assert place.huddle_day(3, saturday - timedelta(days=9)) == saturday - timedelta(days=1)
    assert place.huddle_day(3, saturday) == saturday + timedelta(days=2)


@pytest.mark.django_db
def test_a_crowd_holds_together_as_the_town_does():
    before = foreign_keys_and_indexes()
    heard = []
    in_town = build_town(now=NOW)
    build_crowd(people=150, seed=3, done=heard.append)

    assert sum(heard) == 150
    assert Person.objects.count() == in_town + 150
    assert foreign_keys_and_indexes() == before
    last_history_is_what_is_there()
    connection.check_constraints()
    team = Team.objects.get(name="Saltmere team 2")
    assert Case.objects.filter(team=team).values("person").distinct().count() == 150
    assert Membership.objects.filter(team=team).count() == 13
    somebody = Person.objects.filter(cases__team=team, cases__walks__ended_at=None, cases__walks__main=True).first()
    walker = Walk.objects.get(case__person=somebody, main=True, ended_at=None).member
    assert walker.team == team
    assert standing(walker.user, somebody.plan.pk, NOW).walker.main
    assert history(plan_id=somebody.plan.pk, viewer=somebody.user, now=NOW)
    conversation = somebody.conversation
    assert codes.digest(codes.code(conversation.pk, conversation.code_turn)) == conversation.code_digest
    assert Story.objects.create(
        person=somebody, question="know", words="More.", typed_by=somebody.user, via="own_phone", told_at=NOW
    ).pk


def test_two_of_a_crowd_never_have_the_same_code():
    conversation_id = uuid4()
    first = codes.digest(codes.code(conversation_id, 0))
    taken = {first}
    turn, digest = _unlike(taken, conversation_id)
    assert (turn, digest) == (1, codes.digest(codes.code(conversation_id, 1)))
    assert taken == {first, digest}


def foreign_keys_and_indexes() -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' "
            "UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
        )
        return cursor.fetchall()


@pytest.mark.django_db
def test_populate_says_how_many_live_there_now():
    out = StringIO()
    call_command("populate", people=120, stdout=out)
    assert "120 people live here now" in out.getvalue()
    assert Person.objects.count() == 120


@pytest.mark.django_db
def test_populate_will_not_mix_the_town_with_real_people():
    make_member()
    with pytest.raises(CommandError, match="must not be mixed"):
        call_command("populate", people=10)
