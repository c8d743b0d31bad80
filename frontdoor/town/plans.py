"""What is written in one person's plan, what stands beside the words, and who sees it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cases import sections
from cases.models import Entry, Rating, Suggestion
from teams.models import Membership, User

if TYPE_CHECKING:
    from frontdoor.town.lives import Life


class Written:
    """The words of one plan, as they were written, changed and answered."""

    def __init__(self, life: Life) -> None:
        self.life, self.place, self.rows = life, life.place, life.rows
        self.positions: dict[str, int] = defaultdict(int)

    def begin_with(self, section: str, field: str, words: str, at: datetime) -> None:
        self._add({"section": section, "field": field, "words": words, "by": "me", "why": ""}, at)

    def tell(self, told: dict[str, Any]) -> None:
        theirs = told["by"] != "me"
        at = self.life.within(self.life.at(told["ago"]), told["ago"])
        at = self.life.working(at, told["ago"]) if theirs else at
        made: list[Entry] = []
        self.life.events.append((at, 4, lambda moment: made.append(self._add(told, moment))))
        after = told["ago"]
        for change in told.get("change", []):
            moment = max(self.life.within(self.life.at(change["ago"]), change["ago"]), at + timedelta(minutes=5))
            self.life.events.append((moment, 5, lambda moment, it=change: self._reword(made[0], it, moment)))
            after = change["ago"]
        moment = self.life.within(self.life.at(max(after - min(3, after // 2), 0)), after)
        moment = min(max(moment, at + timedelta(minutes=9)), self.life.now)
        for it in told.get("suggest", []):
            self._plan_suggestion(made, it, at)
        for it in told.get("rate", []):
            rated = max(self.life.within(self.life.at(it["ago"]), it["ago"]), at + timedelta(minutes=12))
            self.life.events.append((rated, 6, lambda moment, it=it: self._rate(made[0], it, moment)))
        if told.get("answer"):
            self.life.events.append((moment, 6, lambda moment: self._answer(made[0], told, moment)))
        if told.get("state") and told["state"] not in {"now", "open"}:
            self.life.events.append((moment, 7, lambda moment: self._move(made[0], told["state"], moment)))

    def author(self, key: str) -> tuple[User, Membership | None]:
        member = None if key == "me" else self.place.members[key]
        return (member.user if member else self.life.user), member

    def _add(self, told: dict[str, Any], at: datetime) -> Entry:
        by, member = self.author(told["by"])
        section, area = told["section"], told.get("area", "")
        entry = Entry(
            plan=self.life.plan,
            section=section,
            field=told["field"],
            words=told["words"],
            area=area,
            who=self._who(told.get("who", "")),
            when=told.get("when", ""),
            progress={"change": "now", "steps": "open"}.get(section, ""),
            circle=told.get("circle") or sections.default_circle(section, told["field"], area),
            importance=told.get("importance", ""),
            agreed=told.get("agreed", ""),
            agreed_why=told.get("agreed_why", ""),
            author=by,
            added_at=at,
            changed_at=at,
            position=self.positions[section],
        )
        self.positions[section] += 1
        return self.rows.keep(entry, at=at, by=by, why=told.get("why", ""), member=member)

    def _who(self, key: str) -> str:
        if key in self.place.members:
            return self.place.members[key].user.first_name
        return self.life.told["name"] if key == "me" else key

    def _changed(self, entry: Entry, by: User, member: Membership | None, at: datetime, why: str = "") -> None:
        entry.version, entry.changed_at = entry.version + 1, at
        self.rows.keep(entry, at=at, by=by, why=why, member=member)

    def _reword(self, entry: Entry, told: dict[str, Any], at: datetime) -> None:
        entry.words = told["words"]
        by, member = self.author(told["by"])
        self._changed(entry, by, member, at, told.get("why", ""))

    def _answer(self, entry: Entry, told: dict[str, Any], at: datetime) -> None:
        entry.answer, entry.other_view = told["answer"], told.get("other_view", "")
        entry.removed_at = at if told["answer"] == Entry.Answer.OUT else None
        self._changed(entry, self.life.user, None, at)

    def _move(self, entry: Entry, progress: str, at: datetime) -> None:
        entry.progress = progress
        self._changed(entry, self.life.user, None, at)

    # -- Beside the words

    def tell_ratings(self) -> None:
        """How they said things were, from 0 to 10."""
        for told in self.life.told.get("rate", []):
            moment = self.life.within(self.life.at(told["ago"]), told["ago"])
            self.life.events.append((moment, 6, lambda at, it=told: self._rate(None, it, at)))

    def _rate(self, entry: Entry | None, told: dict[str, Any], at: datetime) -> None:
        self.rows.add(
            Rating(plan=self.life.plan, entry=entry, value=told["value"], words=told.get("words", ""), at=at)
        )

    def _plan_suggestion(self, made: list[Entry], told: dict[str, Any], written: datetime) -> None:
        """Other words that a member suggested, and what the person said of them some days later."""
        at = self.life.working(self.life.within(self.life.at(told["ago"]), told["ago"]), told["ago"])
        at = max(at, written + timedelta(minutes=20))
        kept: list[Suggestion] = []
        self.life.events.append((at, 6, lambda moment: kept.append(self._suggest(made[0], told, moment))))
        if told.get("answer"):
            ago = max(told["ago"] - 2, 0)
            moment = max(self.life.within(self.life.at(ago), ago), at + timedelta(minutes=30))
            moment = min(moment, self.life.now)
            self.life.events.append((moment, 7, lambda moment: self._answer_suggestion(kept[0], told, moment)))

    def _suggest(self, entry: Entry, told: dict[str, Any], at: datetime) -> Suggestion:
        by, member = self.author(told["by"])
        suggestion = Suggestion(entry=entry, words=told["words"], why=told.get("why", ""), author=by, made_at=at)
        return self.rows.keep(suggestion, at=at, by=by, why=suggestion.why, member=member)

    def _answer_suggestion(self, suggestion: Suggestion, told: dict[str, Any], at: datetime) -> None:
        suggestion.answer, suggestion.answered_at = Suggestion.Answer(told["answer"]), at
        suggestion.their_words = told.get("their_words", "")
        self.rows.keep(suggestion, at=at, by=self.life.user)
        words = {
            Suggestion.Answer.ACCEPTED: (suggestion.words, "accepted what %s suggested"),
            Suggestion.Answer.REWORDED: (suggestion.their_words, "said it in another way than %s"),
        }.get(suggestion.answer)
        if words:
            suggestion.entry.words, why = words
            self._changed(suggestion.entry, self.life.user, None, at, why % suggestion.author.first_name)
