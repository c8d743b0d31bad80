"""Who sees a part of the plan, or one thing in it, and a question about who looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import sections
from cases.forms.person.words import TOO_LONG
from cases.sections import Group
from teams.languages import Switching

PICK_ONE = {"required": _("Pick one, or go back."), "invalid_choice": _("Pick one of these.")}
AS_PICKED = ("", _("As you picked above"))
SEE = ("see", _("Can see it"))
SUGGEST = ("suggest", _("Can see it and add to it"))
SHUT = ("shut", _("Must not see it"))
UNTIL = (
    ("", _("Until I say")),
    ("week", _("For a week")),
    ("month", _("For a month")),
    ("months", _("For three months")),
)
DAYS = {"week": 7, "month": 30, "months": 91}


def until_words(end: datetime) -> str:
    return gettext("Until %(day)s") % {"day": date_format(timezone.localtime(end), "j F")}


class NamedForm(Switching, forms.Form):
    """What is picked for some people by name, and until when: two fields for each, by what ``people`` calls them."""

    def __init__(self, *args: Any, people: Mapping[str, UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.ends: dict[str, datetime | None] = {}

    def _add(self, name: str, label: str, chosen: str, end: datetime | None, choices: Any) -> None:
        self.ends[name] = end
        self.fields[name] = forms.ChoiceField(
            label=label, choices=[AS_PICKED, *choices], initial=chosen, required=False, error_messages=PICK_ONE
        )
        self.fields[f"until_{name}"] = forms.ChoiceField(
            label=_("How long?"),
            choices=[*([("as_it_is", until_words(end))] if end else []), *UNTIL],
            initial="as_it_is" if end else "",
            required=False,
            error_messages=PICK_ONE,
        )

    def by_name(self, now: datetime) -> dict[UUID, tuple[str, datetime | None]]:
        """What was picked for each person by name, and until when."""
        return {user_id: (self.cleaned_data[name], self._until(name, now)) for name, user_id in self.people.items()}

    def _until(self, name: str, now: datetime) -> datetime | None:
        picked = self.cleaned_data[f"until_{name}"]
        return self.ends[name] if picked == "as_it_is" else _end(picked, now)

    def rows(self) -> list[tuple[Any, Any]]:
        """The two fields of each person."""
        return [(self[name], self[f"until_{name}"]) for name in self.people]


class CircleForm(NamedForm):
    """Who sees one section: its circle and, for some people by name and some groups, more or less than that.

    ``people`` are those who walk with the person; ``groups`` all that there are, with what is set for each. Those that
    are set stand here one by one, and one more can be picked.
    """

    circle = forms.ChoiceField(
        label=_("Who can see this part?"),
        choices=[
            (sections.Circle.ME, _("Only me")),
            (sections.Circle.NAMED, _("Me and my main person")),
            (sections.Circle.WALKING, _("The people who walk with me")),
            (sections.Circle.TEAM, _("The people who walk with me, and the team when it meets about me")),
        ],
        widget=forms.RadioSelect,
        error_messages=PICK_ONE,
    )
    more = forms.ChoiceField(label=_("Which group?"), required=False, error_messages=PICK_ONE)
    more_may = forms.ChoiceField(label=_("What can they do?"), required=False, error_messages=PICK_ONE)
    more_until = forms.ChoiceField(label=_("How long?"), choices=UNTIL, required=False, error_messages=PICK_ONE)
    opens_past = forms.BooleanField(
        label=_("They can read older words too"),
        help_text=_("Leave this empty, and those you let in later read what stands here then, and what comes after."),
        required=False,
    )

    def __init__(self, *args: Any, shared: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, people={f"by_name_{one.user_id}": one.user_id for one in people}, **kwargs)
        self.initial.update(circle=shared.circle, opens_past=shared.opens_past)
        self.set_groups = {f"group_{one.group.key}": one for one in shared.groups if one.set}
        self.other_groups = {one.group.key: one for one in shared.groups if not one.set}
        for name, one in zip(self.people, people, strict=True):
            chosen = shared.by_name.get(one.user_id, "")
            self._add(name, f"{one.name}, {one.role}", chosen, shared.ends.get(one.user_id), (SEE, SUGGEST, SHUT))
        for name, one in self.set_groups.items():
            self._add(name, one.name, one.set, one.until, self._for(one.group))
        self._offer()

    def _for(self, group: Group) -> tuple[Any, ...]:
        """What can be set for a group: their own people are never shut out together, but one by one."""
        return (SEE, SUGGEST) if group == Group() else (SEE, SUGGEST, SHUT)

    def _offer(self) -> None:
        """The groups that are not set yet, in a list of sectors and one of organisations."""
        kinds: list[tuple[Any, Any]] = [
            (_("People I asked"), lambda group: group == Group()),
            (_("A whole group"), lambda group: bool(group.sector)),
            (_("One place"), lambda group: bool(group.organisation_id)),
        ]
        found = [
            (title, [(key, one.name) for key, one in self.other_groups.items() if is_of(one.group)])
            for title, is_of in kinds
        ]
        self.fields["more"].choices = [("", _("No one more")), *(kind for kind in found if kind[1])]  # type: ignore[attr-defined]
        self.fields["more_may"].choices = [SEE, SUGGEST, SHUT]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("more") == Group().key and given.get("more_may") == "shut":
            self.add_error("more_may", _("You can stop one of your people on the page My people."))
        return given

    def groups(self, now: datetime) -> dict[Group, tuple[str, datetime | None]]:
        """What was picked for each group, and until when."""
        found = {one.group: (self.cleaned_data[name], self._until(name, now)) for name, one in self.set_groups.items()}
        more = self.other_groups.get(self.cleaned_data["more"])
        if more:
            found[more.group] = (self.cleaned_data["more_may"] or "see", _end(self.cleaned_data["more_until"], now))
        return found

    def group_rows(self) -> list[tuple[Any, Any]]:
        """The two fields of each group that is set."""
        return [(self[name], self[f"until_{name}"]) for name in self.set_groups]


def _end(picked: str, now: datetime) -> datetime | None:
    return now + timedelta(days=DAYS[picked]) if picked else None


def narrower(of_section: str) -> list[tuple[str, Any]]:
    """Who can see one entry of a section: all who see the section, or fewer. An entry never opens its section."""
    fewer = sections.Circle.values[: sections.Circle.values.index(of_section)]
    return [
        ("", _("The same people as this part of my plan")),
        *((key, sections.Circle(key).label) for key in fewer),
    ]


class EntryCircleForm(NamedForm):
    """Who sees one entry: fewer than see its section and, of those, some by name.

    ``people`` are those who see the section, by account and name; ``let_in`` says of some until when.
    """

    circle = forms.ChoiceField(
        label=_("Who can see this?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Pick one of these.")},
    )

    def __init__(self, *args: Any, of_section: str, people: Any, let_in: Any, kept_from: Any, **kwargs: Any) -> None:
        super().__init__(*args, people={f"by_name_{user_id}": user_id for user_id, _name in people}, **kwargs)
        for name, (user_id, label) in zip(self.people, people, strict=True):
            chosen = "shut" if user_id in kept_from else "see" if user_id in let_in else ""
            self._add(name, label, chosen, let_in.get(user_id), (SEE, SHUT))
        offered, circle = narrower(of_section), self.initial.get("circle", "")
        if circle not in dict(offered):
            # Its own is no narrower than its part is now, and counts again once that is seen by more.
            offered.append((circle, sections.Circle(circle).label))
        self.fields["circle"].choices = offered  # type: ignore[attr-defined]


class AskForm(Switching, forms.Form):
    """One line to the team about a look."""

    words = forms.CharField(
        label=_("What would you like to ask?"),
        help_text=_("One line. The team reads it today, and talks about it when they meet."),
        max_length=200,
        error_messages={"required": _("Write one line, or go back."), "max_length": TOO_LONG},
    )
