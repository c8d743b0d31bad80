"""What a team sees of its questions: those in force, the draft, what is to be mended, and who changed what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.sections import Circle
from frontdoor import changing, checking, described, script
from frontdoor.changing import OF_A_PAGE, OF_A_QUESTION
from frontdoor.checking import Problem
from frontdoor.models import ScriptChange, ScriptVersion
from frontdoor.permissions import check_edits
from frontdoor.script import Document, Kind, Part, Script
from teams.permissions import NotKnown

WHAT_A_TEXT_IS = {
    "title": gettext_lazy("Title"),
    "note": gettext_lazy("Small words under the questions"),
    "lead": gettext_lazy("A line at the top"),
    "asks": gettext_lazy("The question"),
    "hint": gettext_lazy("The hint under it"),
    "row": gettext_lazy("What it is called when it is shown back"),
    "choice": gettext_lazy("An answer to pick"),
    "choice hint": gettext_lazy("The hint under this answer"),
}


@dataclass(frozen=True)
class Text:
    """One text: what it is, its English words, and those in each other language as (code, language, words)."""

    id: str
    what: str | Promise
    words: str
    others: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Pick:
    key: str
    text: Text
    hint: Text


@dataclass(frozen=True)
class Asked:
    """One question of a draft, in plain words. ``set_to`` is what its form begins with."""

    id: str
    asks: str
    kind: str
    is_picked: bool
    lands: str
    seen_by: str
    help_now: str
    texts: tuple[Text, ...]
    picks: tuple[Pick, ...]
    page: str
    page_heading: str
    has_limit: bool
    fixed: bool  # it lands where it lands: it is in force, or the service relies on it
    needed: bool  # the service cannot do without it
    set_to: Mapping[str, Any]


@dataclass(frozen=True)
class Leaf:
    """One page of the questions, in plain words."""

    name: str
    number: int
    heading: str
    asked_of: str
    aside: bool
    is_topic: bool
    texts: tuple[Text, ...]
    questions: tuple[Asked, ...]
    may_open: tuple[
        tuple[str, str, tuple[tuple[str, str], ...]], ...
    ]  # earlier questions: (id, asks, ((key, words), ...))
    opened_by: Mapping[str, tuple[str, ...]]
    tied_to: str  # a topic: its part of life, and the picks that bring it up, a line for each
    area: str
    topics: tuple[str, ...]
    fixed: bool  # for everybody, and it cannot be taken out
    problems: int


@dataclass(frozen=True)
class Change:
    what: str
    called: str
    language: str
    before: str
    after: str
    who: str
    at: datetime
    place: str  # the page, question or text it is about, as long as it is there
    of: str  # which of the three


@dataclass(frozen=True)
class Kept:
    """New words that were just kept: of which text, in which language ("" in English), and what was there before.

    ``went`` are the languages whose words went with the English ones.
    """

    text: str
    language: str
    before: str
    after: str
    went: tuple[str, ...]


@dataclass(frozen=True)
class ToMend:
    """One problem, with the words it is about: of the text, or else of the question or the page."""

    words: str
    said: str
    page: str
    question: str
    text: str


@dataclass(frozen=True)
class Version:
    number: int
    shipped: bool
    begun_at: datetime
    begun_by: str
    published_at: datetime | None
    published_by: str
    dropped_at: datetime | None
    why: str
    in_force: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Questions:
    """The questions as the team works on them: the draft, or those in force while there is none."""

    in_force: Version | None
    draft: Version | None
    mark: int  # the last change that is in here
    hello: tuple[Leaf, ...]
    more: tuple[Leaf, ...]
    problems: tuple[ToMend, ...]
    hints: tuple[ToMend, ...]
    picks: tuple[tuple[str, str], ...]  # what would help right now, by which topics come up first
    may_publish: bool  # the viewer, as far as a second pair of eyes goes
    languages: tuple[tuple[str, str], ...]

    def leaf(self, name: str) -> Leaf:
        """One page; raises NotKnown."""
        return _only(leaf for leaf in (*self.hello, *self.more) if leaf.name == name)

    def asked(self, question: str) -> Asked:
        """One question; raises NotKnown."""
        return _only(each for leaf in (*self.hello, *self.more) for each in leaf.questions if each.id == question)

    def text(self, text: str) -> Text:
        """One text, though it may have no words yet; raises NotKnown."""
        of_pages = (each for leaf in (*self.hello, *self.more) for each in leaf.texts)
        asked = [each for leaf in (*self.hello, *self.more) for each in leaf.questions]
        of_questions = (each for one in asked for each in one.texts)
        of_picks = (each for one in asked for pick in one.picks for each in (pick.text, pick.hint))
        return _only(each for texts in (of_pages, of_questions, of_picks) for each in texts if each.id == text)


def _only(found: Iterable[Any]) -> Any:
    for each in found:
        return each
    raise NotKnown


def questions(*, viewer: Any) -> Questions:
    """Everything a member needs to work on the questions; raises NotAMember."""
    member = check_edits(viewer)
    in_force, draft = _in_force(), _draft()
    document: Document = draft.document if draft else in_force.document if in_force else script.shipped()
    before: Document | None = in_force.document if in_force else None
    found = checking.problems(document, before) if draft else []
    must = [each for each in found if each.must]
    leaves = [_leaf(document, before, page, must) for page in document["pages"]]
    others = draft.changes.exclude(what=ScriptChange.What.BEGUN).exclude(by=viewer.pk).exists() if draft else False
    last = draft.changes.order_by("-number").values_list("number", flat=True).first() if draft else 0
    return Questions(
        in_force=_version(in_force, in_force) if in_force else None,
        draft=_version(draft, in_force) if draft else None,
        mark=last or 0,
        hello=tuple(leaf for leaf in leaves if not leaf.is_topic),
        more=tuple(leaf for leaf in leaves if leaf.is_topic),
        problems=tuple(_to_mend(document, each) for each in must),
        hints=tuple(_to_mend(document, each) for each in found if not each.must),
        picks=tuple(described.picks(document)),
        may_publish=member.leads or others,
        languages=tuple(script.languages()),
    )


def preview(*, viewer: Any, language: str) -> Script | None:
    """The draft as a person would read it in this language, without pages on which nothing is asked yet; None when there
    is no draft. Raises NotAMember.
    """
    check_edits(viewer)
    draft = _draft()
    if draft is None:
        return None
    read = script.read(draft.document, draft.number, language)
    return Script(read.number, tuple(page for page in read.pages if page.questions))


def question_versions(*, viewer: Any) -> tuple[Version, ...]:
    """Every version there ever was, newest first, each with all its changes; raises NotAMember."""
    check_edits(viewer)
    in_force = _in_force()
    rows = ScriptVersion.objects.select_related("begun_by", "published_by").prefetch_related(
        Prefetch("changes", ScriptChange.objects.select_related("by").order_by("-number"))
    )
    return tuple(_version(row, in_force, list(row.changes.all())) for row in rows.order_by("-number"))


def since_in_force(*, viewer: Any) -> tuple[Change, ...]:
    """What the draft changes, in the order in which it was done, with a link to what is still there; raises NotAMember."""
    check_edits(viewer)
    draft = _draft()
    if draft is None:
        return ()
    there = _places(draft.document)
    rows = draft.changes.select_related("by").exclude(what=ScriptChange.What.BEGUN)
    return tuple(_change(row, there) for row in rows)


def kept(*, viewer: Any, number: int) -> Kept | None:
    """The new words that this change of the draft brought; None when it brought none. Raises NotAMember."""
    check_edits(viewer)
    words, in_another = ScriptChange.What.WORDS, ScriptChange.What.TRANSLATION
    changes = ScriptChange.objects.filter(version__in=_drafts())
    row = changes.filter(number=number, what__in=[words, in_another]).first()
    if row is None:
        return None
    gone = changes.filter(what=in_another, about=row.about, after="", at=row.at, by=row.by_id, number__lt=number)
    codes = set(gone.values_list("language", flat=True)) if row.what == words else ()
    return Kept(
        text=row.about,
        language=dict(script.languages()).get(row.language, ""),
        before=row.before,
        after=row.after,
        went=tuple(language for code, language in script.languages() if code in codes),
    )


def _in_force() -> ScriptVersion | None:
    versions = ScriptVersion.objects.exclude(published_at=None).select_related("begun_by", "published_by")
    return versions.order_by("-published_at", "-number").first()


def _drafts() -> QuerySet[ScriptVersion]:
    return ScriptVersion.objects.filter(shipped=False, published_at=None, dropped_at=None)


def _draft() -> ScriptVersion | None:
    return _drafts().select_related("begun_by", "published_by").first()


def _version(row: ScriptVersion, in_force: ScriptVersion | None, changes: list[ScriptChange] | None = None) -> Version:
    return Version(
        number=row.number,
        shipped=row.shipped,
        begun_at=row.begun_at,
        begun_by=row.begun_by.name if row.begun_by else "",
        published_at=row.published_at,
        published_by=row.published_by.name if row.published_by else "",
        dropped_at=row.dropped_at,
        why=row.why,
        in_force=in_force is not None and row.pk == in_force.pk,
        changes=tuple(_change(each, {}) for each in changes or ()),
    )


def _change(row: ScriptChange, there: Mapping[str, str]) -> Change:
    languages = dict(script.languages())
    return Change(
        what=str(ScriptChange.What(row.what).label),
        called=row.called,
        language=languages.get(row.language, row.language),
        before=row.before,
        after=row.after,
        who=row.by.name,
        at=row.at,
        place=row.about if row.about in there else "",
        of=there.get(row.about, ""),
    )


def _places(document: Document) -> dict[str, str]:
    """What each id of a document is of: a text, a question or a page."""
    asked = [each for page in document["pages"] for each in page["questions"]]
    return {
        **{page["name"]: "page" for page in document["pages"]},
        **{each["id"]: "question" for each in asked},
        **{text: "text" for text, _words in script.texts(document)},
    }


def _to_mend(document: Document, problem: Problem) -> ToMend:
    said = ""
    if problem.text:
        said = changing.text_of(document, problem.text)
    elif problem.question:
        said = changing.question_of(document, problem.question)["asks"]
    elif problem.page:
        said = _heading(changing.page_of(document, problem.page))
    return ToMend(problem.words, said, problem.page, problem.question, problem.text)


def _heading(page: Any) -> str:
    return str(page.get("title") or next((each["asks"] for each in page["questions"]), page["name"]))


def _leaf(document: Document, before: Document | None, page: Any, problems: list[Problem]) -> Leaf:
    name, is_topic = page["name"], page.get("part") == Part.MORE
    heading = _heading(page)
    when = {each["question"]: tuple(each["keys"]) for each in page.get("when", ())}
    leads = [f"lead.{number}" for number in range(1, len(page.get("lead", ())) + 2)]
    return Leaf(
        name=name,
        number=page["number"],
        heading=heading,
        asked_of=described.asked_of(document, when),
        aside=page.get("aside", False),
        is_topic=is_topic,
        texts=tuple(_text(document, f"{name}:{what}") for what in (*OF_A_PAGE[:1], *leads, *OF_A_PAGE[1:])),
        questions=tuple(_asked(document, before, page, each, heading) for each in page["questions"]),
        may_open=() if is_topic else _may_open(document, page),
        opened_by=when,
        tied_to=described.ties(document, page),
        area=page.get("area", ""),
        topics=tuple(page.get("topics", ())),
        fixed=name in checking.OPEN_TO_ALL,
        problems=len([each for each in problems if each.page == name]),
    )


def _may_open(document: Document, page: Any) -> Any:
    earlier = document["pages"][: document["pages"].index(page)]
    return tuple(
        (each["id"], each["asks"], tuple((choice["key"], choice["words"]) for choice in each["choices"]))
        for one in earlier
        if one.get("part") != Part.MORE
        for each in one["questions"]
        if Kind(each["kind"]).is_picked and each.get("choices")
    )


def _asked(document: Document, before: Document | None, page: Any, question: Any, heading: str) -> Asked:
    name, kind = question["id"], Kind(question["kind"])
    picks = {choice["key"]: choice["words"] for choice in question.get("choices", ())}
    in_force = {each["id"] for one in before["pages"] for each in one["questions"]} if before else set()
    relied_on = checking.is_relied_on(name)
    return Asked(
        id=name,
        asks=question["asks"],
        kind=str(described.KINDS[kind]),
        is_picked=kind.is_picked,
        lands=described.lands(question["goes"]),
        seen_by=described.seen_by(question["goes"], question.get("circle", ""), page.get("area", "")),
        help_now=", ".join(picks.get(key, _("any answer")) for key in question.get("lifts", ())),
        texts=tuple(_text(document, f"{name}:{what}") for what in OF_A_QUESTION),
        picks=tuple(
            Pick(key, _text(document, f"{name}:choice.{key}"), _text(document, f"{name}:choice.{key}.hint"))
            for key in picks
        ),
        page=page["name"],
        page_heading=heading,
        has_limit=not (kind.is_picked or kind is Kind.STORY or relied_on),
        fixed=relied_on or name in in_force,
        needed=relied_on and page.get("part") != Part.MORE,
        set_to={
            "goes": question["goes"],
            "circle": question.get("circle", ""),
            "limit": question.get("limit", changing.SHORT),
            "lifts": list(question.get("lifts", ())),
        },
    )


def _text(document: Document, text: str) -> Text:
    what = text.partition(":")[2]
    first = what.partition(".")[0]
    said = document.get("words", {})
    return Text(
        id=text,
        what=WHAT_A_TEXT_IS["choice hint" if first == "choice" and what.endswith(".hint") else first],
        words=changing.text_of(document, text),
        others=tuple((code, language, said.get(code, {}).get(text, "")) for code, language in script.languages()),
    )


def circles() -> list[tuple[str, str]]:
    """Who may see an answer at first, from fewest to most; "" as the part of the plan is seen."""
    return [("", _("As that part of the plan is seen")), *((each.value, str(each.label)) for each in Circle)]
