"""Every model is recorded, or says why not; and what is recorded cannot change round the back."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from teams.history import NotRecorded, Recorded
from tests.guards.code import APPS

NOT_RECORDED = {
    "teams.User": "an account and nothing more; what is said of somebody hangs elsewhere",
    "teams.Organisation": "a name",
    "teams.Team": "a name",
    "teams.Membership": "its rows are the history: from one moment until another, and who ended it",
    "teams.Invitation": "its rows are the history: made once, accepted once",
    "teams.Huddle": "its rows are the history: begun once, ended once",
    "teams.Seat": "who was there that day; changed only while the huddle is being held",
    "teams.Message": "each row keeps its own moments: written, claimed, sent",
    "teams.Typed": "a draft until it is sent; then what it was for is what is kept",
    "teams.Heartbeat": "when a job last ran",
    "cases.Story": "told once and never changed: new words are a new row",
    "cases.Walk": "its rows are the history: from one moment until another",
    "cases.Contact": "written once and never changed",
    "cases.ReachingOut": "its rows are the history: noticed once, found once",
    "cases.HuddleItem": "decided once: the decision, its reasons and its moment are the row",
    "cases.Voice": "what a sector said that day, until the team has decided",
    "cases.SectionGrant": "each change of it is recorded on its section, in words the person can read",
    "cases.Supporter": "its rows are the history; each change of it is recorded on its plan, in words the person can read",
    "cases.LetIn": "its rows are the history; each change is recorded on its section too",
    "cases.ShutOut": "its rows are the history; each change is recorded on its section or plan too",
    "cases.EmergencyOpening": "its rows are the history: who opened, why, and from when until when",
    "cases.Asking": "its rows are the history: who asked what, when, and why again",
    "cases.Look": "its rows are the history: who looked, and when",
    "cases.LookQuestion": "its rows are the history: what the person asked, and when",
    "cases.NeededNow": "its rows are the history: lifted once, taken once, and by whom",
    "cases.Worry": "told once; who took it, linked it and saw to it, and when, are in the row",
    "cases.SafetyNote": "written once and never changed",
    "cases.SafetyLook": "its rows are the history: who read what is kept apart, and when",
    "cases.Copy": "paper for whoever asked, gone within the hour; nothing is kept in it that is not kept elsewhere",
    "cases.Rating": "said once and never changed: a new number is a new row",
    "frontdoor.Conversation": "a draft until it is sent; then the story and the plan are what is kept",
    "frontdoor.ScriptVersion": "its rows are the history: what is published never changes, and says who and why",
    "frontdoor.FairAnswer": "a history of it would say when, and of whom; what somebody changed or deleted is gone",
    "frontdoor.HelpLineCheck": "its rows are the history: who tried a line, and when",
    "frontdoor.ScriptChange": "written once and never changed: it is the history of a draft",
    "frontdoor.Answer": "a draft until it is sent; then it is deleted, and the story is what is kept",
}

OURS = [
    model
    for app in APPS
    for model in apps.get_app_config(app).get_models()
    if not model.__name__.startswith("Historical")
]
RECORDED = [model for model in OURS if issubclass(model, Recorded)]


def label(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_model_is_recorded_or_says_why_not(model: type[models.Model]) -> None:
    recorded, listed = issubclass(model, Recorded), label(model) in NOT_RECORDED
    assert recorded or listed, f"{label(model)} changes without history: make it Recorded, or list it with its reason."
    assert not (recorded and listed), f"{label(model)} is recorded now: take it off the list."
    if recorded:
        assert hasattr(model, "history"), f"{label(model)} needs history = recorded()."


def test_no_reason_is_stale() -> None:
    assert not set(NOT_RECORDED) - {label(model) for model in OURS}


@pytest.mark.django_db
@pytest.mark.parametrize("model", RECORDED, ids=label)
@pytest.mark.parametrize(
    "way_round",
    [
        lambda model: model().save(),
        lambda model: model().save(update_fields=[]),
        lambda model: model().delete(),
        lambda model: model.objects.create(),
        lambda model: model.objects.update(),
        lambda model: model.objects.all().update(),
        lambda model: model.objects.filter(pk=None).delete(),
        lambda model: model.objects.get_or_create(pk=None),
        lambda model: model.objects.update_or_create(pk=None),
        lambda model: model.objects.bulk_create([]),
        lambda model: model.objects.bulk_update([], []),
        lambda model: model._default_manager.update(),
        lambda model: model.objects.none().update(),
        lambda model: model.objects.select_related(None).exclude(pk=None).update(),
    ],
    ids=range(14),
)
def test_there_is_no_way_round_the_one_door_of_history(model: Any, way_round: Any) -> None:
    with pytest.raises(NotRecorded):
        way_round(model)


@pytest.mark.django_db
def test_a_related_manager_is_no_way_round_either() -> None:
    from tests.factories import make_person

    plan = make_person(name="Sam").plan
    for attempt in (
        lambda: plan.sections.update(circle="team"),
        lambda: plan.sections.all().delete(),
        lambda: plan.entries.create(section="helps"),
        lambda: plan.save(),
        lambda: plan.delete(),
    ):
        with pytest.raises(NotRecorded):
            attempt()


@pytest.mark.django_db
def test_a_change_through_the_door_keeps_who_when_why_and_for_whom() -> None:
    from teams.history import record
    from tests.factories import NOW, make_member, make_person

    sam, jo = make_person(name="Sam"), make_member(name="Jo")
    before = sam.history.count()
    sam.say_it = "like jam"
    record(sam, by=jo.user, why="said so", now=NOW, organisation_id=jo.organisation_id)
    row = sam.history.first()
    assert sam.history.count() == before + 1
    assert (row.history_user, row.history_change_reason, row.history_date) == (jo.user, "said so", NOW)
    assert row.organisation_id == jo.organisation_id
