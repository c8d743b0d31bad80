"""What is measured. Each row compares the service with the least that could do the same, in the same run."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import escape
from typing import Any

from django.conf import settings
from django.db import connection, connections, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.measure import Line, against, counted, side_by_side
from cases import actions, pdf
from cases.models import Case, Copy, Entry, Person, ReachingOut
from cases.permissions import standing
from cases.queries.history import history
from cases.queries.plan import CHANGED, plan_page
from cases.sections import SECTIONS, Level
from teams.chain import LINKS
from teams.history import record
from teams.models import Membership, Organisation, Sector, Team, User

WORDS = "Walking by the water in the morning helps, and so does the dog. "
SIZES = (10, 40, 160)


class Place:
    """A team, a member who walks with everybody, and people with plans of some sizes."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.team = Team.objects.create(name="Front door", is_front_door=True)
        organisation = Organisation.objects.create(name="Somewhere", sector=Sector.SECONDARY)
        self.jo = User.objects.create_user(name="Jo Bevan", email="jo@example.org")
        self.main = Membership.objects.create(
            user=self.jo, team=self.team, organisation=organisation, role="nurse", started_at=self.now
        )
        self.plans = {size: self.plan(size) for size in SIZES}
        self.client = signed_in(self.jo)
        run("ANALYZE", {})

    def member(self, name: str, **more: Any) -> Membership:
        user = User.objects.create_user(name=name, email=f"{name.replace(' ', '.')}@example.org")
        organisation = self.main.organisation
        return Membership.objects.create(
            user=user, team=self.team, organisation=organisation, role="nurse", started_at=self.now, **more
        )

    def walks(self, person: Person, name: str) -> User:
        member = self.member(name)
        case = Case.objects.get(person=person)
        case.walks.create(member=member, started_at=self.now, started_by=self.jo)
        return member.user

    def kinds(self, person: Person) -> dict[str, User]:
        """Somebody of every kind who may open this plan."""
        given: dict[str, Any] = {"plan_id": person.plan.pk, "now": self.now}
        by_name = self.walks(person, "By name")
        actions.let_somebody_in(section="mine", user_id=by_name.pk, level=Level.SEE, by=person.user, **given)
        opener = self.member("Opener", may_open=True)
        earlier = self.now - timedelta(days=3)  # whoever says yes waits before they see anything
        link = actions.invite_supporter(
            name="Her brother", sees=["now"], by=person.user, plan_id=person.plan.pk, now=earlier
        )
        actions.accept_support(
            token=link.rstrip("/").rsplit("/", 1)[-1], channel="email", to="brother@example.org", now=earlier
        )
        kinds = {
            "the person": person.user,
            "walks": self.walks(person, "Walks"),
            "by name": by_name,
            "on the huddle": self.member("On the huddle").user,
            "stands beside": User.objects.get(email="brother@example.org"),
        }
        actions.open_in_emergency(why="Their brother rang us", by=opener.user, **given)
        return kinds | {"in an emergency": opener.user}

    def person(self) -> Person:
        person = actions.welcome(
            arrival=actions.Arrival(name="Sam Teller", pace="i_will", told=(("know", WORDS),)), by=None, now=self.now
        )
        case = Case.objects.get(person=person)
        case.walks.create(member=self.main, main=True, started_at=self.now, started_by=self.jo)
        return person

    def plan(self, entries: int) -> Person:
        person = self.person()
        places = [
            (section.key, field.key) for section in SECTIONS if section.key != "mine" for field in section.fields
        ]
        for number in range(entries):
            section, field = places[number % len(places)]
            actions.add_entry(
                plan_id=person.plan.pk,
                section=section,
                field=field,
                words=f"{number}. {WORDS * 2}",
                by=person.user,
                now=self.now,
            )
        # One is changed, as in most plans: whether that may be told is asked once, however many are.
        entry, given = an_entry(person), {"plan_id": person.plan.pk, "by": person.user, "now": self.now}
        actions.change_words(entry_id=entry.pk, words=f"0. {WORDS}", version=entry.version, **given)
        return person


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


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def opened(client: Client, person: Person) -> int:
    """How many queries opening somebody's plan takes."""
    address = reverse("plan", args=[person.plan.pk])

    def look() -> None:
        assert client.get(address).status_code == 200

    look()  # the first time of the day keeps more
    return how_many(look)


def rewritten(person: Person, versions: int) -> None:
    """So many new versions of the words of a plan, spread over its entries."""
    entries = list(Entry.objects.filter(plan=person.plan))
    with transaction.atomic():
        for number in range(versions // len(entries)):
            for entry in entries:
                entry.words, entry.version, entry.changed_at = f"{number} {WORDS}", entry.version + 1, timezone.now()
                record(entry, by=person.user, why="", now=entry.changed_at)
    run("VACUUM ANALYZE", {})  # as PostgreSQL does by itself, some minutes after


def how_many(work: Callable[[], Any]) -> int:
    """The queries it asks."""
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def fetched(sql: str, given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


# -- b: saving, and history


def saving(place: Place) -> Iterator[Line]:
    person = place.plans[40]
    entry = an_entry(person)
    plain: models.QuerySet[Entry] = models.QuerySet(Entry)

    def ours() -> None:
        fresh = Entry.objects.get(pk=entry.pk)
        actions.change_words(
            plan_id=person.plan.pk,
            entry_id=entry.pk,
            words=f"{random.random()} {WORDS}",
            version=fresh.version,
            by=person.user,
            now=timezone.now(),
        )

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


def an_entry(person: Person) -> Entry:
    return Entry.objects.filter(plan=person.plan, author=person.user).earliest("position")


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


def together(work: Callable[[str], Any], how_many: int) -> list[Any]:
    """The same work in some threads at once, each with its own connection; what they gave back."""
    results: list[Any] = []

    def run(name: str) -> None:
        try:
            results.append(work(name))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[name]) for name in "abcdefgh"[:how_many]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == how_many, "one of them failed"
    return results


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
LAST = "SELECT e.id, e.changed_at, changed.by FROM cases_entry e " + CHANGED + "WHERE e.plan_id = %s"  # noqa: S608 - ours


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
        words = [entry.words for section in page.sections for entry in section.entries]
        bare = "".join(f"<p>{escape(text)}</p>" for text in words)
        taken = side_by_side(
            lambda page=page: pdf.plan_pdf(page, timezone.localtime(place.now)),
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


def run(sql: str, given: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.rowcount


def crowd(place: Place, people: int, quiet_at: Any) -> None:
    """Many people with a stay each, made by the database as copies of one who came in at the door."""
    pattern = Case.objects.get(person=place.person())
    keys = {"teams_user": pattern.person.user_id, "cases_person": pattern.person_id, "cases_case": pattern.pk}
    fresh = {
        ("teams_user", "id"): "user",
        ("cases_person", "id"): "person",
        ("cases_person", "user_id"): "user",
        ("cases_case", "id"): "case",
        ("cases_case", "person_id"): "person",
    }
    salt = str(random.random())
    with transaction.atomic(), connection.cursor() as cursor:
        for table, key in keys.items():
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
            columns = [name for (name,) in cursor.fetchall()]
            picked = [
                f"md5(n || '{fresh[table, name]}' || %(salt)s)::uuid"
                if (table, name) in fresh
                else "%(quiet_at)s"
                if name == "quiet_at"
                else f't."{name}"'
                for name in columns
            ]
            names = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {', '.join(picked)} "  # noqa: S608 - names of our own columns
                f"FROM {table} t, generate_series(1, %(people)s) n WHERE t.id = %(key)s",
                {"salt": salt, "quiet_at": quiet_at, "people": people, "key": key},
            )
        cursor.execute("ANALYZE cases_case")
