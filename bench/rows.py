"""What is measured. Each row compares the service with the least that could do the same, in the same run."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.asking import fetched, how_many, run
from bench.measure import Line, against, counted, side_by_side, together
from bench.place import WORDS, Place, an_entry, crowd, rewritten, signed_in
from cases import actions, pdf
from cases.models import Case, Copy, Entry, Person, ReachingOut
from cases.permissions import standing
from cases.queries.history import history
from cases.queries.plan import CHANGED, plan_page
from teams.chain import LINKS


def rows(people: int) -> Iterator[Line]:
    place = Place()
    yield from opening(place)
    yield from saving(place)
    yield from reading_history(place)
    yield from who_changed_last(place)
    yield from paper(place)
    yield from sweeping(place, people)


# -- a: opening a plan

ONE_STATEMENT = """
SELECT e.id, e.section, e.field, e.words, e.circle, e.area, e.who, e.when, e.progress, e.answer, e.other_view, e.version,
       e.added_at, e.author_id, u.name, s.circle, p.name_used, p.say_it, c.state, c.rhythm_days, w.main,
       EXISTS (SELECT FROM cases_shutout x WHERE x.plan_id = l.id AND x.ended_at IS NULL
               AND (x.user_id = m.user_id OR x.sector = o.sector) AND x.section IN ('', e.section)) AS shut,
       (SELECT string_agg(k.codename, ',') FROM cases_sectiongrant g JOIN auth_permission k ON k.id = g.permission_id
        WHERE g.content_object_id = s.id AND g.user_id = m.user_id) AS let_in
FROM cases_plan l
JOIN cases_person p ON p.id = l.person_id
JOIN cases_case c ON c.person_id = p.id AND c.ended_at IS NULL
JOIN cases_walk w ON w.case_id = c.id AND w.ended_at IS NULL
JOIN teams_membership m ON m.id = w.member_id AND m.ended_at IS NULL
JOIN teams_organisation o ON o.id = m.organisation_id
JOIN cases_plansection s ON s.plan_id = l.id
LEFT JOIN cases_entry e ON e.plan_id = l.id AND e.section = s.key AND e.removed_at IS NULL
LEFT JOIN teams_user u ON u.id = e.author_id
WHERE l.id = %s AND m.user_id = %s
ORDER BY e.position, e.added_at, e.id
"""


def opening(place: Place) -> Iterator[Line]:
    counts = {size: opened(place.client, person) for size, person in place.plans.items()}
    crowded, versions, seen = place.plan(40), place.plan(40), place.plan(40)
    for number in range(30):
        place.walks(crowded, f"Walker {number}")
    rewritten(versions, 5_000)
    counts |= {"thirty people": opened(place.client, crowded), "5,000 versions": opened(place.client, versions)}
    kinds = {who: opened(signed_in(user), seen) for who, user in place.kinds(seen).items()}
    most = max(*counts.values(), *kinds.values())
    same = len(set(counts.values())) == 1
    yield counted(
        "a1", "queries to open a plan: any size, people, versions, viewer", most, "", "≤ 10, same", most <= 10 and same
    )

    for size, person in place.plans.items():
        plan_id = person.plan.pk
        taken = side_by_side(
            lambda plan_id=plan_id: plan_page(plan_id=plan_id, viewer=place.jo, now=place.now),
            lambda plan_id=plan_id: fetched(ONE_STATEMENT, [plan_id, place.jo.pk]),
            times=25,
        )
        yield against("a2", f"a plan's data, {size} entries, against one statement", taken, 4.5)
    address = reverse("plan", args=[place.plans[40].plan.pk])
    taken = side_by_side(lambda: place.client.get(address), lambda: place.client.get(reverse("empty")), times=25)
    yield against("a3", "the whole page of 40 entries, against an empty page", taken, 3.8)


def opened(client: Client, person: Person) -> int:
    """How many queries opening somebody's plan takes."""
    address = reverse("plan", args=[person.plan.pk])

    def look() -> None:
        assert client.get(address).status_code == 200

    look()  # the first time of the day keeps more
    return how_many(look)


# -- b: saving, and history


def saving(place: Place) -> Iterator[Line]:
    person = place.plans[40]
    entry = an_entry(person)
    plain: models.QuerySet[Entry] = models.QuerySet(Entry)

    def ours() -> None:
        changed = actions.change_words(
            plan_id=person.plan.pk,
            entry_id=entry.pk,
            words=f"{random.random()} {WORDS}",
            version=entry.version,  # of the form that they had before them
            by=person.user,
            now=timezone.now(),
        )
        entry.version = changed.version

    def bare() -> None:
        with transaction.atomic():
            fresh = Entry.objects.get(pk=entry.pk)
            fresh.words = f"{random.random()} {WORDS}"
            columns = {field.attname: getattr(fresh, field.attname) for field in Entry._meta.concrete_fields[1:]}
            plain.filter(pk=entry.pk).update(**columns)

    yield against(
        "b1", "a save with rights, version and history, against a plain save", side_by_side(ours, bare, times=60), 3
    )

    def without_the_chain() -> Callable[[], None]:
        run("ALTER TABLE cases_historicalentry DISABLE TRIGGER history_is_linked", {})
        return ours

    linked, plain_row = (
        side_by_side(ours, lambda: None, times=60)[0],
        side_by_side(without_the_chain(), bare, times=60),
    )
    run("ALTER TABLE cases_historicalentry ENABLE ALWAYS TRIGGER history_is_linked", {})
    share = max(0.0, 1 - plain_row[0] / linked)
    yield Line("b1", "of that, the chain that shows whether history was changed", f"{share:.0%}", "", "", "", True)

    before, changes = size_of_history(), 200
    for _ in range(changes):
        ours()
    growth, words = (size_of_history() - before) / changes, len(f"{random.random()} {WORDS}")
    yield counted(
        "b2", "bytes of history for a change", growth, f"{words} of words", "≤ words + 400", growth <= words + 400
    )
    yield lost_updates(place)


def size_of_history() -> int:
    """What history takes on the disk for the entries of plans: its rows and their links, without indexes."""
    return int(fetched("SELECT pg_table_size('cases_historicalentry') + pg_table_size(%s)", [LINKS])[0][0])


def lost_updates(place: Place) -> Line:
    """Four browsers change the same words fifty times each, and each adds one word to what it read."""
    savers, each = 4, 50
    person = place.plan(1)
    entry = an_entry(person)
    plain: models.QuerySet[Entry] = models.QuerySet(Entry)

    def ours(name: str) -> None:
        for number in range(each):
            while True:
                fresh = Entry.objects.get(pk=entry.pk)
                words = f"{fresh.words} {name}{number}"
                try:
                    actions.change_words(
                        plan_id=person.plan.pk,
                        entry_id=entry.pk,
                        words=words,
                        version=fresh.version,
                        by=person.user,
                        now=timezone.now(),
                    )
                    break
                except actions.ChangedMeanwhile:
                    continue  # told of it, they read again

    def bare(name: str) -> None:
        for number in range(each):
            words = Entry.objects.get(pk=entry.pk).words
            plain.filter(pk=entry.pk).update(words=f"{words} {name}{number}")

    def lost(work: Callable[[str], None]) -> int:
        plain.filter(pk=entry.pk).update(words="")
        together(work, savers)
        return savers * each - len(set(Entry.objects.get(pk=entry.pk).words.split()))

    gone, gone_bare = lost(ours), lost(bare)
    return counted(
        "b3", "lost of 200 changes, four savers at once (limit: without a version)", gone, gone_bare, "0", gone == 0
    )


LATEST = """
SELECT h.history_date, u.name, o.name, h.section, before.words, h.words, h.history_change_reason
FROM cases_historicalentry h
LEFT JOIN teams_user u ON u.id = h.history_user_id
LEFT JOIN teams_organisation o ON o.id = h.organisation_id
LEFT JOIN LATERAL (
    SELECT b.words FROM cases_historicalentry b
    WHERE b.id = h.id AND b.history_id < h.history_id ORDER BY b.history_id DESC LIMIT 1
) before ON true
WHERE h.plan_id = %s ORDER BY h.history_date DESC LIMIT 50
"""


def reading_history(place: Place) -> Iterator[Line]:
    person = place.plans[40]
    rewritten(person, 2_000)
    plan_id = person.plan.pk

    def latest() -> None:
        history(plan_id=plan_id, viewer=place.jo, now=place.now, newest=50)

    taken = side_by_side(latest, lambda: fetched(LATEST, [plan_id]), times=25)
    yield against("b6", "the latest 50 of 2,000 changes with the rights to them, against one statement", taken, 5)
    asked = how_many(latest) - how_many(lambda: standing(place.jo, plan_id, place.now))
    yield counted("b6", "queries for that, beside those for the rights", asked, 1, "1", asked == 1)


STORED = "SELECT e.id, e.changed_at, e.author_id FROM cases_entry e WHERE e.plan_id = %s"
LAST = "SELECT e.id, e.changed_at, changed.by FROM cases_entry e " + CHANGED + " ON true WHERE e.plan_id = %s"  # noqa: S608 - ours


def who_changed_last(place: Place) -> Iterator[Line]:
    """What an entry of the page says of its last change, alone."""
    few, some, many = place.plan(40), place.plan(40), place.plan(40)
    for person, versions in ((few, 200), (some, 2_000), (many, 20_000)):
        rewritten(person, versions)

    def last(person: Person) -> None:
        rows = fetched(LAST, [person.plan.pk])
        assert all(by == person.user_id for _entry, _at, by in rows)

    taken = side_by_side(lambda: last(some), lambda: fetched(STORED, [some.plan.pk]), times=60)
    yield against("b5", "who changed each of 40 last, of 2,000 versions, against stored columns", taken, 2)
    taken = side_by_side(lambda: last(many), lambda: last(few), times=60)
    yield against("b5", "the same of 20,000 versions, against 200", taken, 1.4)


# -- e: on paper


def paper(place: Place) -> Iterator[Line]:
    try:
        import weasyprint
    except OSError:
        yield Line("e1", "a plan as a PDF (not measured: Pango is not on this machine)", "", "", "", "", False)
        return
    for size in (40, 160):
        page = plan_page(plan_id=place.plans[size].plan.pk, viewer=place.jo, now=place.now)
        moment = timezone.localtime(place.now)
        bare = "".join(f"<p>{text}</p>" for text in said(pdf.words(page, layout="normal", language="en", when=moment)))
        taken = side_by_side(
            lambda page=page, moment=moment: pdf.plan_pdf(page, moment),
            lambda bare=bare: weasyprint.HTML(string=bare).write_pdf(),
            times=10 if size == 40 else 4,
        )
        yield against(
            "e1", f"a plan of {size} entries as PDF/UA, against its words alone", taken, 2.6, also=taken[0] <= 1
        )
    for size in (40, 160):
        address = reverse("plan_pdf", args=[place.plans[size].plan.pk])

        def first(address: str = address) -> None:
            Copy.objects.all().delete()
            place.client.get(address)

        taken = side_by_side(lambda address=address: place.client.get(address), first, times=10 if size == 40 else 4)
        yield against(
            "e5", f"a PDF of {size} entries that has not changed, asked for again, against the first", taken, 0.05
        )


def said(document: str) -> list[str]:
    """Every word of a document, a paragraph for each of its own; what is within a line stays in it."""
    body = document.split("<body>")[1]
    apart = re.split(r"</?(?!strong|bdi)[a-z][^>]*>", body)
    return [text for part in apart if (text := " ".join(re.sub(r"<[^>]*>", "", part).split()))]


# -- d: noticing who has gone quiet

NEWLY_QUIET = """
INSERT INTO cases_reachingout (case_id, since, noticed_at)
SELECT id, quiet_at, %(now)s FROM cases_case WHERE quiet_at <= %(now)s ON CONFLICT DO NOTHING
"""


def sweeping(place: Place, people: int) -> Iterator[Line]:
    now = timezone.now()
    soon = now + timedelta(days=3)

    def sweep() -> int:
        return actions.notice_quiet(now=now)

    def clear() -> None:
        ReachingOut.objects.all().delete()

    # Nothing is due yet, with few people and with many: the one must not take longer than the other.
    few = people // 10
    crowd(place, few, soon)
    with_few, _ = side_by_side(sweep, lambda: None, times=20)
    crowd(place, people - few, soon)
    with_many, _ = side_by_side(sweep, lambda: None, times=20)

    with connection.cursor() as cursor:  # one in a hundred goes quiet
        cursor.execute(
            "UPDATE cases_case SET quiet_at = %s - random() * interval '9 days' WHERE id IN "
            "(SELECT id FROM cases_case WHERE quiet_at = %s ORDER BY id LIMIT %s)",
            [now, soon, people // 100],
        )
        cursor.execute("ANALYZE cases_case")
    due = Case.objects.filter(quiet_at__lte=now).count()
    taken = side_by_side(
        sweep,
        lambda: run(NEWLY_QUIET, {"now": now}),
        times=7,
        before=clear,
    )
    yield against("d1", f"the sweep over {people:,}, {due:,} newly quiet, against one statement", taken, 1.3)
    yield against("d2", f"nothing due: {people:,} against {few:,} people", (with_many, with_few), 1.3)
    clear()
    noticed = sum(together(lambda _name: sweep(), 4)) + sweep()
    there = ReachingOut.objects.count()
    yield counted(
        "d3", "noticed by four sweepers at once, and again (limit: due)", there, due, "equal", noticed == there == due
    )
