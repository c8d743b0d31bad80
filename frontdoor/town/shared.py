"""Who sees one person's plan: what they set part by part, whom they asked, who looked, and who opened it in an emergency."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Permission
from django.utils import timezone
from django.utils.formats import date_format

from cases import sections
from cases.actions.emergency import LASTS
from cases.actions.supporters import LINK_LASTS
from cases.models import EmergencyOpening, HuddleItem, LetIn, Look, PlanSection, SectionGrant, ShutOut, Supporter
from cases.permissions.sharing import CODENAMES
from cases.sections import Level
from teams.models import Membership, Sector, User
from teams.tokens import digest

if TYPE_CHECKING:
    from frontdoor.town.lives import Life

LEVELS = {"see": Level.SEE, "suggest": Level.SUGGEST}


class Shared:
    """What one person lets others see."""

    def __init__(self, life: Life) -> None:
        self.life, self.place, self.rows = life, life.place, life.rows
        self.sections: dict[str, PlanSection] = {}
        self.looked: set[tuple[Membership, Any]] = set()

    def begin(self, at: datetime, by: User) -> None:
        """Every section as it begins, and the sectors they would rather kept away."""
        plan = self.life.plan
        for section in sections.SECTIONS:
            row = PlanSection(plan=plan, key=section.key, circle=section.circle)
            self.sections[section.key] = self.rows.keep(row, at=at, by=by)
        for sector in self.life.told["exclude"]:
            self.rows.add(ShutOut(plan=plan, sector=sector, since=at))

    def tell(self) -> None:
        """Put what was told of sharing into the days on which it happened."""
        for key, happen in (("share", self._share), ("asked", self._asked), ("opening", self._opening)):
            for told in self.life.told.get(key, []):
                moment = self.life.within(self.life.at(told["ago"]), told["ago"])
                self.life.events.append((moment, 4, lambda at, it=told, do=happen: do(it, at)))

    def look(self, member: Membership, at: datetime) -> None:
        """A member read the plan before they spoke with the person: once a day is kept."""
        day = timezone.localdate(at)
        if (member, day) not in self.looked:
            self.looked.add((member, day))
            shown = [key for key, row in self.sections.items() if row.circle in {"walking", "team"}]
            self.rows.add(
                Look(plan=self.life.plan, viewer=member.user, what=Look.What.PLAN, at=at, on=day, sections=shown)
            )

    def _share(self, told: dict[str, Any], at: datetime) -> None:
        """A circle, or somebody or a group let in or shut out: ``whom`` is a member, an organisation, a sector or "people"."""
        section, user = self.sections[told["section"]], self.life.user
        if "circle" in told:
            section.circle = sections.Circle(told["circle"])
            self.rows.keep(section, at=at, by=user, why=str(section.get_circle_display()))
            return
        whom, until = told["whom"], at + timedelta(days=told["days"]) if "days" in told else None
        member, sector = self.place.members.get(whom), whom if whom in Sector.values else ""
        place = None if sector else self.place.organisations.get(whom)
        group = {"sector": sector, "organisation": place}
        name = member.user.name if member else f"People from {place.name}" if place else _group(whom)
        if told["may"] == "shut":
            self.rows.add(
                ShutOut(
                    plan=self.life.plan, section=section.key, since=at, user=member.user if member else None, **group
                )
            )
            self.rows.keep(section, at=at, by=user, why=f"{name} can no longer see this.")
            return
        level = LEVELS[told["may"]]
        if member:
            self._grant(section, member.user, level, at, until)
        else:
            let_in = LetIn(plan=self.life.plan, section=section.key, level=level, since=at, until=until, **group)
            self.rows.add(let_in)
        day = f" until {date_format(timezone.localtime(until), 'j F')}" if until else ""
        self.rows.keep(section, at=at, by=user, why=f"{name} can see this{day}.")

    def _grant(
        self, section: PlanSection, user: User, level: Level, since: datetime, until: datetime | None = None
    ) -> None:
        # Asked for each time: one that was remembered would be another database's, or from before it was emptied.
        permission = Permission.objects.get(codename=CODENAMES[level])
        self.rows.add(SectionGrant(content_object=section, user=user, permission=permission, since=since, until=until))

    def _asked(self, told: dict[str, Any], at: datetime) -> None:
        """Somebody whom the person asked, who said yes ``yes`` days later and sees from the day after that."""
        user = self.rows.add(User(name=told["name"], email=told["email"]))
        user.set_unusable_password()
        said_yes = at + timedelta(days=told["yes"])
        opens = said_yes + timedelta(days=1)
        self.rows.add(
            Supporter(
                plan=self.life.plan,
                user=user,
                name=told["name"],
                knows=told["knows"],
                reach=told["email"],
                may_call=told["may_call"],
                only_if=told.get("only_if", ""),
                token_digest=digest(f"{self.life.told['key']} asked {told['name']}"),
                invited_at=at,
                expires_at=at + LINK_LASTS,
                accepted_at=said_yes,
                opens_at=opens,
            )
        )
        for key in [*told["sees"], *told["adds"]]:
            level = Level.SUGGEST if key in told["adds"] else Level.SEE
            self._grant(self.sections[key], user, level, opens)
        parts = ", ".join(str(sections.BY_KEY[key].title) for key in [*told["sees"], *told["adds"]])
        self.rows.keep(self.life.plan, at=at, by=self.life.user, why=f"{told['name']} can see: {parts}."[:100])

    def _opening(self, told: dict[str, Any], at: datetime) -> None:
        member = self.place.members[told["by"]]
        self.rows.add(
            EmergencyOpening(plan=self.life.plan, member=member, why=told["why"], opened_at=at, until=at + LASTS)
        )
        self.look(member, at)
        why = f"{member.user.first_name} opened the plan in an emergency: {told['why']}"
        self.life.heard.put_on_agenda(HuddleItem.Kind.OPENED, at, member.user, why=why)


def _group(whom: str) -> str:
    return str(Sector(whom).label) if whom in Sector.values else "My people"
