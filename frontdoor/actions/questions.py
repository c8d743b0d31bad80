"""What a team can do to the questions: work on one draft together, and publish it when somebody else has looked.

Every change keeps who changed what, from what to what, and when. Whoever changes a text says which change of the draft
they had seen (``version``), so that two who change the same thing lose neither's words.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from frontdoor import changing, checking, described, script
from frontdoor.actions.conversation import take_in_questions
from frontdoor.changing import Draft
from frontdoor.models import ScriptChange, ScriptVersion
from frontdoor.permissions import check_edits
from frontdoor.script import Kind, Part
from teams.permissions import NotKnown

What = ScriptChange.What


class NoDraft(Exception):
    """There is no draft: it was published, or let go, meanwhile. Somebody can begin another."""


class ChangedMeanwhile(Exception):
    """The same thing was changed first, on another screen. ``theirs`` is what is there now."""

    def __init__(self, *, theirs: str, version: int) -> None:
        self.theirs, self.version = theirs, version
        super().__init__(_("This changed while you were writing."))


class NotReady(Exception):
    """Something has to be mended before this can be published."""


class OneMorePair(Exception):
    """Nobody but the publisher has worked on this: somebody else looks first, or somebody who leads the team."""


class NothingChanged(Exception):
    """The draft says what is asked already."""


@transaction.atomic
def begin_draft(*, by: Any, now: datetime) -> int:
    """Begin a draft, which is a copy of the questions in force; where there is one already, that is the draft."""
    check_edits(by)
    in_force = ScriptVersion.objects.select_for_update().get(pk=take_in_questions(now=now))
    draft = _drafts().first()
    if draft is None:
        draft = ScriptVersion.objects.create(document=in_force.document, begun_at=now, begun_by=by)
        _note(draft, What.BEGUN, by=by, now=now)
    return draft.pk


@transaction.atomic
def change_text(*, text: str, words: str, version: int, by: Any, now: datetime) -> int:
    """Say a text in other words, or with "" not at all. Gives the number of the change; 0 where the words were there.

    Its words in other languages go: they said what it said before, so a translation of other words is never shown.
    Raises ChangedMeanwhile.
    """
    draft = _draft(by)
    before = _found(changing.text_of, draft.document, text)
    if before == words:
        return 0
    _same_as_seen(draft, version, What.WORDS, text, before)
    for code, said in draft.document.get("words", {}).items():
        if had := said.get(text):
            _note(draft, What.TRANSLATION, about=text, language=code, called=before, before=had, by=by, now=now)
    changing.set_text(draft.document, text, words)
    return _keep(draft, What.WORDS, about=text, called=before or words, before=before, after=words, by=by, now=now)


@transaction.atomic
def change_translation(*, text: str, language: str, words: str, version: int, by: Any, now: datetime) -> int:
    """Say a text in another language, or with "" no longer: then it stays in English. Raises ChangedMeanwhile.

    Gives the number of the change; 0 where the words were there.
    """
    draft = _draft(by)
    english = _found(changing.text_of, draft.document, text)
    if not english or language not in dict(script.languages()):
        raise NotKnown
    before = draft.document.get("words", {}).get(language, {}).get(text, "")
    if before == words:
        return 0
    _same_as_seen(draft, version, What.TRANSLATION, text, before, language)
    changing.set_translation(draft.document, language, text, words)
    return _keep(
        draft,
        What.TRANSLATION,
        about=text,
        language=language,
        called=english,
        before=before,
        after=words,
        by=by,
        now=now,
    )


@transaction.atomic
def change_settings(*, question: str, settings: Mapping[str, Any], version: int, by: Any, now: datetime) -> None:
    """Change how long an answer may be, where it lands, who sees it by default, and which picks bring help.

    ``settings`` are those of frontdoor.changing.SETTINGS; one that is not named stays. Raises ChangedMeanwhile.
    """
    draft = _draft(by)
    found = _found(changing.question_of, draft.document, question)
    if all((settings[name] or "") == (found.get(name) or "") for name in settings):
        return
    page = changing.page_with(draft.document, question)
    before = described.settings(draft.document, page, found)
    _same_as_seen(draft, version, What.SETTINGS, question, before)
    changing.set_settings(draft.document, question, settings)
    after = described.settings(draft.document, page, found)
    _keep(draft, What.SETTINGS, about=question, called=found["asks"], before=before, after=after, by=by, now=now)


@transaction.atomic
def change_branch(*, page: str, when: Mapping[str, Sequence[str]], version: int, by: Any, now: datetime) -> None:
    """Let a page be asked only of those who picked one of the keys of each of these questions; of everybody with none.

    Raises ChangedMeanwhile.
    """
    draft = _draft(by)
    found = _found(changing.page_of, draft.document, page)
    before = {each["question"]: each["keys"] for each in found.get("when", ())}
    after = {question: list(keys) for question, keys in when.items() if keys}
    if before == after:
        return
    told = [described.asked_of(draft.document, each) or _("Everybody") for each in (before, after)]
    _same_as_seen(draft, version, What.BRANCH, page, told[0])
    changing.set_branch(draft.document, page, after)
    _keep(draft, What.BRANCH, about=page, called=_heading(found), before=told[0], after=told[1], by=by, now=now)


@transaction.atomic
def change_ties(*, page: str, area: str, topics: Sequence[str], version: int, by: Any, now: datetime) -> None:
    """Tie a topic to a part of life, and to the picks of what would help that bring it up first. Raises ChangedMeanwhile."""
    draft = _draft(by)
    found = _found(changing.page_of, draft.document, page)
    if found.get("part") != Part.MORE:
        raise NotKnown
    if (found.get("area", ""), found.get("topics", [])) == (area, list(topics)):
        return
    before = described.ties(draft.document, found)
    _same_as_seen(draft, version, What.TIES, page, before or _("Nothing"))
    changing.set_ties(draft.document, page, area=area, topics=topics)
    after = described.ties(draft.document, found)
    _keep(draft, What.TIES, about=page, called=_heading(found), before=before, after=after, by=by, now=now)


@transaction.atomic
def add_question(
    *,
    page: str,
    asks: str,
    kind: str,
    goes: str,
    hint: str = "",
    circle: str = "",
    choices: Sequence[str] = (),
    by: Any,
    now: datetime,
) -> str:
    """Ask one more thing on a page. Gives its id, which no question of any version ever had."""
    draft = _draft(by)
    _found(changing.page_of, draft.document, page)
    taken, _names, _numbers = _ever_used()
    question = changing.add_question(
        draft.document, page, asks=asks, kind=Kind(kind), goes=goes, choices=choices, taken=taken
    )
    changing.set_settings(draft.document, question, {"circle": circle})
    if hint:
        changing.set_text(draft.document, f"{question}:hint", hint)
    _keep(draft, What.ADDED, about=question, called=asks, after="\n".join([asks, *choices]), by=by, now=now)
    return question


@transaction.atomic
def add_topic(*, title: str, area: str = "", topics: Sequence[str] = (), by: Any, now: datetime) -> str:
    """Offer one more topic for afterwards, with nothing asked on it yet. Gives its name, which no page ever had.

    It may be tied to a part of life, and to the picks of what would help that bring it up first.
    """
    draft = _draft(by)
    _ids, taken, numbers = _ever_used()
    page = changing.add_topic(draft.document, title=title, taken=taken, numbers=numbers)
    changing.set_ties(draft.document, page, area=area, topics=topics)
    told = described.ties(draft.document, changing.page_of(draft.document, page))
    after = "\n".join(filter(None, [title, told]))
    _keep(draft, What.ADDED, about=page, called=title, after=after, by=by, now=now)
    return page


@transaction.atomic
def add_choice(*, question: str, words: str, by: Any, now: datetime) -> str:
    """Offer one more answer to pick. Gives its key."""
    draft = _draft(by)
    asks = _found(changing.question_of, draft.document, question)["asks"]
    key = changing.add_choice(draft.document, question, words)
    _keep(draft, What.ADDED, about=f"{question}:choice.{key}", called=asks, after=words, by=by, now=now)
    return key


@transaction.atomic
def take_out_choice(*, question: str, key: str, by: Any, now: datetime) -> None:
    """Offer an answer no longer. What somebody picked before stays with them."""
    draft = _draft(by)
    asks = _found(changing.question_of, draft.document, question)["asks"]
    words = _found(changing.take_out_choice, draft.document, question, key)
    _keep(draft, What.TAKEN_OUT, about=f"{question}:choice.{key}", called=asks, before=words, by=by, now=now)


@transaction.atomic
def take_out_question(*, question: str, by: Any, now: datetime) -> None:
    """Ask something no longer. What somebody answered before stays with them."""
    draft = _draft(by)
    words = _found(changing.take_out_question, draft.document, question)
    _keep(draft, What.TAKEN_OUT, about=question, called=words, before=words, by=by, now=now)


@transaction.atomic
def take_out_page(*, page: str, by: Any, now: datetime) -> None:
    """Leave a page out, with all that it asks."""
    draft = _draft(by)
    words = _found(changing.take_out_page, draft.document, page)
    _keep(draft, What.TAKEN_OUT, about=page, called=words, before=words, by=by, now=now)


@transaction.atomic
def move_question(*, question: str, up: bool, by: Any, now: datetime) -> None:
    """Ask something one place earlier on its page, or one later."""
    draft = _draft(by)
    was, is_now = _found(changing.move_question, draft.document, question, up=up)
    if was != is_now:
        called = changing.question_of(draft.document, question)["asks"]
        _keep(draft, What.MOVED, about=question, called=called, before=str(was), after=str(is_now), by=by, now=now)


@transaction.atomic
def move_page(*, page: str, up: bool, by: Any, now: datetime) -> None:
    """Let a page come one place earlier, or one later, among those of its part."""
    draft = _draft(by)
    was, is_now = _found(changing.move_page, draft.document, page, up=up)
    if was != is_now:
        called = _heading(changing.page_of(draft.document, page))
        _keep(draft, What.MOVED, about=page, called=called, before=str(was), after=str(is_now), by=by, now=now)


@transaction.atomic
def drop_draft(*, by: Any, now: datetime) -> None:
    """Let a draft go. What was changed in it stays in the history; nobody is ever asked it."""
    draft = _draft(by)
    draft.dropped_at = now
    _keep(draft, What.DROPPED, by=by, now=now)


@transaction.atomic
def publish(*, why: str, by: Any, now: datetime) -> int:
    """Ask newcomers what the draft asks, from now on. Whoever has begun goes on with what they began with.

    Raises NothingChanged, NotReady while something has to be mended, and OneMorePair when nobody but the publisher has
    worked on it and they do not lead the team.
    """
    member = check_edits(by)
    draft = _draft(by)
    in_force = ScriptVersion.objects.get(pk=take_in_questions(now=now)).document
    if draft.document == in_force:
        raise NothingChanged
    if checking.blocking(draft.document, in_force):
        raise NotReady
    if not member.leads and not draft.changes.exclude(what=What.BEGUN).exclude(by=by).exists():
        raise OneMorePair
    draft.published_at, draft.published_by, draft.why = now, by, why
    _keep(draft, What.PUBLISHED, after=why, by=by, now=now)
    return draft.pk


# -- What they share


def _drafts() -> Any:
    return ScriptVersion.objects.filter(shipped=False, published_at=None, dropped_at=None)


def _draft(by: Any) -> ScriptVersion:
    """The draft, locked until the transaction ends, with a document to change; raises NotAMember and NoDraft."""
    check_edits(by)
    draft = _drafts().select_for_update().first()
    if draft is None:
        raise NoDraft
    draft.document = copy.deepcopy(draft.document)
    return draft


def _found(find: Callable[..., Any], document: Draft, *names: str, **how: Any) -> Any:
    """What ``find`` finds or does; raises NotKnown where there is no such page, question, choice or text."""
    try:
        return find(document, *names, **how)
    except KeyError:
        raise NotKnown from None


def _same_as_seen(
    draft: ScriptVersion, version: int, what: str, about: str, now_there: str, language: str = ""
) -> None:
    """Raises ChangedMeanwhile when the same thing has changed since the change that was seen."""
    later = draft.changes.filter(number__gt=version, what=what, about=about, language=language)
    if later.exists():
        raise ChangedMeanwhile(theirs=now_there, version=_last(draft))


def _last(draft: ScriptVersion) -> int:
    last = draft.changes.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def _note(draft: ScriptVersion, what: str, *, by: Any, now: datetime, **told: str) -> int:
    number = _last(draft) + 1
    ScriptChange.objects.create(version=draft, number=number, what=what, by=by, at=now, **told)
    return number


def _keep(draft: ScriptVersion, what: str, *, by: Any, now: datetime, **told: str) -> int:
    """Keep a change of the draft; its number."""
    number = _note(draft, what, by=by, now=now, **told)
    draft.save()
    return number


def _ever_used() -> tuple[set[str], set[str], set[int]]:
    """The ids of questions, the names of pages and their numbers, in every version there ever was."""
    pages = [
        page for document in ScriptVersion.objects.values_list("document", flat=True) for page in document["pages"]
    ]
    ids = {question["id"] for page in pages for question in page["questions"]}
    return ids, {page["name"] for page in pages}, {page["number"] for page in pages}


def _heading(page: Mapping[str, Any]) -> str:
    return page.get("title") or next((each["asks"] for each in page["questions"]), page["name"])
