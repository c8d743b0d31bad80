"""History cannot be changed; and where somebody with the keys to the database did it all the same, it is found."""

# ruff: noqa: S608 - every name that is put into a statement here is our own
from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

from cases import actions
from cases.models import Contact, Entry, Look, Person, Story
from teams import chain
from teams.chain import LINKS, Kind
from teams.history import record
from tests.factories import NOW, make_member, make_person, walk
from tests.guards.code import HERE

ENTRIES = "cases_historicalentry"
KEEP: Any = import_module("cases.migrations.0003_history_cannot_be_changed")
KEPT = sorted(model._meta.db_table for model in chain.kept())


def run(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def the_owner_puts_aside(trigger: str, *tables: str) -> Iterator[None]:
    """As somebody who owns the database can; afterwards it looks as before."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        run(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    yield
    for table in tables:
        run(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def found(anchor: str | None = None) -> set[tuple[Kind, str, str]]:
    return {(finding.kind, finding.table, finding.row) for finding in chain.findings(anchor=anchor)}


def live(person: Person) -> Entry:
    return Entry.objects.get(plan=person.plan, words__startswith="The")


def past(person: Person) -> list[Any]:
    """The history rows of the entry that changed twice, oldest first."""
    return list(live(person).history.order_by("history_id"))


def add_and_change(person: Person, by: Any, words: str) -> None:
    plan_id = person.plan.pk
    entry = actions.add_entry(plan_id=plan_id, section="helps", field="helps", words=words, by=by, now=NOW)
    for version in (1, 2):
        actions.change_words(
            plan_id=plan_id,
            entry_id=entry.pk,
            words=f"{words} {version}",
            version=version,
            by=by,
            now=NOW + timedelta(hours=version),
        )


@pytest.fixture
def sam(db: None) -> Person:
    ways = (actions.WayToReach(kind="place", to="The library"),)
    person = make_person(name="Sam", told=(("know", "Hello"),), ways=ways, avoid="The blue door")
    jo = make_member(name="Jo Bevan")
    walk(person, jo)
    add_and_change(person, jo.user, "The choir")
    actions.keep_contact(plan_id=person.plan.pk, at=NOW, way="call", went="both", words="Hi", by=jo.user, now=NOW)
    Look.objects.create(plan=person.plan, viewer=jo.user, what=Look.What.REACH, at=NOW)
    return person


@pytest.fixture
def ali(sam: Person) -> Person:
    person = make_person(name="Ali")
    add_and_change(person, person.user, "The garden")
    return person


# -- What is refused


@pytest.mark.django_db
def test_every_table_of_history_is_guarded_and_so_are_the_links():
    past = {f"cases_historical{name}" for name in ("avoid", "case", "entry", "person", "plan", "plansection", "way")}
    assert past | {"cases_story", "cases_contact", "cases_look"} <= set(KEPT)
    linked = run("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'history_is_linked'")
    assert sorted(table for (table,) in linked) == KEPT, "what a migration links is recorded, or is WrittenOnce"
    assert not [finding for finding in chain.findings() if finding.kind is Kind.UNGUARDED]


@pytest.mark.django_db
@pytest.mark.parametrize("table", [*KEPT, LINKS])
@pytest.mark.parametrize("how", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_no_row_of_history_is_changed_removed_or_emptied(table, how):
    column = run("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", table)[0][0]
    with pytest.raises(IntegrityError, match="History stays as it was written"), transaction.atomic():
        run(how.format(table, column, column))


def test_what_is_told_cannot_be_told_over_by_any_way_round(sam):
    story = Story.objects.get(person=sam)
    for attempt in (
        lambda: story.save(),
        lambda: story.delete(),
        lambda: Story.objects.filter(pk=story.pk).update(words="No"),
        lambda: Story.objects.bulk_create(
            [story], update_conflicts=True, update_fields=["words"], unique_fields=["id"]
        ),
        lambda: Entry.history.all().delete(),
        lambda: run("SET LOCAL session_replication_role = replica; DELETE FROM cases_story"),
    ):
        with pytest.raises(IntegrityError, match="History stays"), transaction.atomic():
            attempt()


def test_history_of_nobody_is_refused(sam):
    row = past(sam)[-1]
    row.pk, row.plan_id = None, "00000000-0000-4000-8000-000000000000"
    with pytest.raises(IntegrityError, match="history of nobody"), transaction.atomic():
        row.save()


def test_the_service_itself_owns_nothing_and_can_do_all_its_work_but_no_way_round(sam):
    """As docker/roles.sql makes it; there the tables come after the role, and here before."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in re.findall(r"^[A-Z][^;]*(?=;)", (HERE / "docker" / "roles.sql").read_text(), re.MULTILINE):
        run(statement.replace("frontdoor", "service_of_tests").replace(":'password'", "'x'"))
        if granted := re.fullmatch(r"ALTER DEFAULT PRIVILEGES (GRANT .* ON )(\w+)( TO frontdoor)", statement):
            run(f"{granted[1]}ALL {granted[2]} IN SCHEMA public TO service_of_tests")
    run("SET LOCAL ROLE service_of_tests")
    add_and_change(sam, sam.user, "The sea")
    assert found() == set()
    for attempt in (
        "ALTER TABLE cases_story DISABLE TRIGGER history_stays",
        "DROP TRIGGER history_stays ON cases_story",
        "TRUNCATE cases_story",
        "DROP TABLE cases_story CASCADE",
        "CREATE OR REPLACE FUNCTION teams_history_stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "SET LOCAL session_replication_role = replica",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            run(attempt)
    with pytest.raises(IntegrityError, match="History stays"), transaction.atomic():
        run("DELETE FROM cases_story")


@pytest.mark.parametrize("table", [LINKS, "cases_plan", "pg_class"])
def test_a_table_of_the_same_name_in_the_writers_own_session_takes_no_link(sam, ali, table):
    """PostgreSQL looks at a session's own tables first; anybody who may write can make some."""
    rows, chains = chain.size()
    run(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {table}")
    if table == "cases_plan":
        run("UPDATE pg_temp.cases_plan SET person_id = %s", ali.pk)
    Look.objects.create(plan=sam.plan, viewer=sam.user, what=Look.What.REACH, at=NOW)
    run(f"DROP TABLE pg_temp.{table}")
    assert chain.size() == (rows + 1, chains)
    assert run(f"SELECT chain FROM {LINKS} ORDER BY linked_at DESC LIMIT 1") == [(sam.pk,)]
    assert found() == set()


def test_what_is_kept_from_now_on_looks_for_its_table_here_too(sam):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    functions = run("SELECT tgfoid::regproc::text FROM pg_trigger WHERE tgname = 'history_is_linked'")
    run("CREATE TABLE kept_from_now_on (id serial PRIMARY KEY, person_id uuid)")
    run("CALL teams_keep_history('kept_from_now_on', 'NEW.person_id')")
    settings = "SELECT proconfig FROM pg_proc WHERE proname = %s"
    for name in ("kept_from_now_on_link", *(function for (function,) in functions)):
        (((*given,),),) = run(settings, name)
        assert "search_path=public, pg_temp" in given, name


# -- What is linked


def test_every_row_is_linked_in_the_order_in_which_it_was_written_whoever_wrote_it_and_how(sam, ali):
    story = {"question": "know", "words": "More", "typed_by": sam.user, "via": "paper", "told_at": NOW}
    Story.objects.bulk_create([Story(person=sam, **story), Story(person=sam, **story)])
    columns = "person_id, question, words, whose, typed_by_id, via, told_at"
    run(f"INSERT INTO cases_story ({columns}) SELECT {columns} FROM cases_story WHERE words = 'Hello'")
    rows = sum(models.QuerySet(model).count() for model in chain.kept())
    assert chain.size() == (rows, 2)
    numbers = run(f"SELECT number FROM {LINKS} WHERE chain = %s ORDER BY number", sam.pk)
    assert [number for (number,) in numbers] == list(range(1, len(numbers) + 1))
    assert found() == set()


def test_a_clock_that_goes_back_does_not_move_anything(sam):
    sam.say_it = "like jam"
    record(sam, by=sam.user, why="", now=NOW - timedelta(days=9000))
    newest = run(f"SELECT source, row_id FROM {LINKS} WHERE chain = %s ORDER BY number DESC LIMIT 1", sam.pk)
    assert newest == [("cases_historicalperson", str(sam.history.latest("history_id").pk))]
    assert found() == set()


def test_a_column_that_is_added_later_breaks_nothing_and_is_watched_from_then_on(sam):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE cases_look ADD COLUMN mood text NOT NULL DEFAULT 'calm'")
    assert found() == set()
    new = Look.objects.create(plan=sam.plan, viewer=sam.user, what=Look.What.REACH, at=NOW)
    assert found() == set()
    with the_owner_puts_aside("history_stays", "cases_look"):
        run("UPDATE cases_look SET mood = 'wild' WHERE id = %s", new.pk)
    assert found() == {(Kind.CHANGED, "cases_look", str(new.pk))}


@pytest.mark.django_db(transaction=True)
def test_two_who_write_of_one_person_at_once_make_one_chain():
    person = make_person(name="Sam")
    before = chain.size()[0]

    def write() -> None:
        try:
            for _ in range(20):
                with transaction.atomic():
                    for _ in range(3):
                        Look.objects.create(plan=person.plan, viewer=person.user, what=Look.What.REACH, at=NOW)
        finally:
            connection.close()

    writers = [Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert chain.size() == (before + 180, 1)
    assert found() == set()


# -- What is found


def test_a_changed_row_is_found_and_named_with_its_moment(sam):
    row = past(sam)[1]
    with the_owner_puts_aside("history_stays", ENTRIES):
        run(f"UPDATE {ENTRIES} SET words = 'The bar' WHERE history_id = %s", row.pk)
    (finding,) = chain.findings()
    ((at,),) = run(f"SELECT linked_at FROM {LINKS} WHERE source = %s AND row_id = %s", ENTRIES, str(row.pk))
    assert finding == chain.Finding(Kind.CHANGED, ENTRIES, str(row.pk), at)
    assert str(finding) == f"{ENTRIES} row {row.pk} ({at:%Y-%m-%d %H:%M:%S} UTC) is not as it was written"


@pytest.mark.parametrize("table", KEEP.WHOSE)
def test_one_changed_row_is_found_in_every_table(sam, table):
    model = next(model for model in chain.kept() if model._meta.db_table == table)
    key, moment = model._meta.pk.column, model._meta.get_field(model.written).column
    ((row,),) = run(f"SELECT {key} FROM {table} ORDER BY 1 LIMIT 1")
    with the_owner_puts_aside("history_stays", table):
        # A microsecond.
        later = f"{moment} = {moment} + interval '0.000001 s'"
        run(f"UPDATE {table} SET {later} WHERE {key} = %s", row)
    assert found() == {(Kind.CHANGED, table, str(row))}


def test_a_removed_row_is_found(sam):
    row = past(sam)[1]
    with the_owner_puts_aside("history_stays", ENTRIES):
        run(f"DELETE FROM {ENTRIES} WHERE history_id = %s", row.pk)
    assert found() == {(Kind.REMOVED, ENTRIES, str(row.pk))}


def test_a_row_that_was_added_past_the_trigger_is_found(sam):
    with the_owner_puts_aside("history_is_linked", "cases_contact"):
        contact = Contact.objects.latest("written_at")
        contact.pk, contact._state.adding = None, True
        contact.save(force_insert=True)
    (finding,) = chain.findings()
    assert (finding.kind, finding.table, finding.row) == (Kind.ADDED, "cases_contact", str(contact.pk))
    assert finding.at == contact.written_at


def test_a_row_that_is_made_to_look_linked_by_copying_a_link_is_found(sam):
    row = past(sam)[0]
    run(
        f"INSERT INTO {LINKS} SELECT chain, 999, source, row_id, width, linked_at, row_digest, digest FROM {LINKS} "
        "WHERE source = %s AND row_id = %s",
        ENTRIES,
        str(row.pk),
    )
    assert found() == {(Kind.TWICE, ENTRIES, str(row.pk)), (Kind.LINK_REMOVED, ENTRIES, str(row.pk))}


@pytest.mark.parametrize(
    "change",
    [
        "digest = sha256(digest)",
        "linked_at = linked_at - interval '1 day'",
        "chain = gen_random_uuid()",
        "width = width - 1",
    ],
)
def test_a_changed_link_is_found(sam, change):
    row = past(sam)[1]
    with the_owner_puts_aside("history_stays", LINKS):
        run(f"UPDATE {LINKS} SET {change} WHERE source = %s AND row_id = %s", ENTRIES, str(row.pk))
    assert {kind for kind, table, pk in found() if (table, pk) == (ENTRIES, str(row.pk))} & {
        Kind.LINK_CHANGED,
        Kind.LINK_REMOVED,
    }


def test_a_link_that_was_changed_to_fit_a_changed_row_is_found(sam):
    row = past(sam)[1]
    with the_owner_puts_aside("history_stays", ENTRIES, LINKS):
        run(f"UPDATE {ENTRIES} SET words = 'The bar' WHERE history_id = %s", row.pk)
        run(
            f"UPDATE {LINKS} l SET row_digest = teams_row_digest(to_jsonb(e)) FROM {ENTRIES} e "
            "WHERE e.history_id = %s AND l.source = %s AND l.row_id = e.history_id::text",
            row.pk,
            ENTRIES,
        )
    assert found() == {(Kind.LINK_CHANGED, ENTRIES, str(row.pk))}


def test_a_removed_link_is_found_from_both_sides(sam):
    row, after = past(sam)[1:]
    with the_owner_puts_aside("history_stays", LINKS):
        run(f"DELETE FROM {LINKS} WHERE source = %s AND row_id = %s", ENTRIES, str(row.pk))
    assert (Kind.ADDED, ENTRIES, str(row.pk)) in found()
    assert (Kind.LINK_REMOVED, ENTRIES, str(after.pk)) in {
        (kind, table, pk) for kind, table, pk in found() if table == ENTRIES
    }


def test_rows_whose_order_was_moved_are_found(sam):
    first, second, _third = past(sam)
    swap = f"CASE row_id WHEN '{first.pk}' THEN '{second.pk}' ELSE '{first.pk}' END"
    with the_owner_puts_aside("history_stays", LINKS):
        run(
            f"UPDATE {LINKS} l SET row_id = o.row_id, row_digest = o.row_digest, digest = o.digest FROM {LINKS} o "
            f"WHERE l.source = %s AND o.source = l.source AND l.row_id IN ('{first.pk}', '{second.pk}') "
            f"AND o.row_id = {swap.replace('row_id', 'l.row_id')}",
            ENTRIES,
        )
    assert {(Kind.LINK_CHANGED, ENTRIES, str(row.pk)) for row in (first, second)} <= found()


def test_rows_that_changed_places_in_time_are_found(sam):
    first, second, _third = past(sam)
    with the_owner_puts_aside("history_stays", ENTRIES):
        run(
            f"UPDATE {ENTRIES} e SET history_date = o.history_date FROM {ENTRIES} o "
            "WHERE e.history_id + o.history_id = %s AND e.history_id <> o.history_id AND e.history_id IN (%s, %s)",
            first.pk + second.pk,
            first.pk,
            second.pk,
        )
    assert found() == {(Kind.CHANGED, ENTRIES, str(row.pk)) for row in (first, second)}


def test_a_cut_end_is_found_with_the_anchor_and_without_it_nothing_shows(sam, ali):
    anchor = chain.make_anchor()
    assert found(anchor) == set()
    # Sam looks at their page again after the anchor was written, which is as it should be.
    actions.add_entry(plan_id=ali.plan.pk, section="helps", field="helps", words="Tea", by=ali.user, now=NOW)
    assert found(anchor) == set()
    ((table, row),) = run(f"SELECT source, row_id FROM {LINKS} WHERE chain = %s ORDER BY number DESC LIMIT 1", sam.pk)
    assert table == "cases_look"
    with the_owner_puts_aside("history_stays", table, LINKS):
        run(f"DELETE FROM {table} WHERE id = %s", row)
        run(f"DELETE FROM {LINKS} WHERE source = %s AND row_id = %s", table, row)
    assert found() == set()
    assert found(anchor) == {(Kind.CUT, table, row)}


def test_a_whole_person_who_was_removed_is_found_with_the_anchor(sam, ali):
    anchor = chain.make_anchor()
    gone = run(f"SELECT source, row_id FROM {LINKS} WHERE chain = %s ORDER BY number DESC", ali.pk)
    with the_owner_puts_aside("history_stays", *KEPT, LINKS):
        for table, row in gone:
            key = "history_id" if "historical" in table else "id"
            run(f"DELETE FROM {table} WHERE {key}::text = %s", row)
        run(f"DELETE FROM {LINKS} WHERE chain = %s", ali.pk)
    with_live_rows = {(kind, row) for kind, _table, row in found(anchor) if kind is not Kind.UNLIKE_HISTORY}
    assert with_live_rows == {(Kind.PERSON_REMOVED, gone[0][1])}


def test_a_chain_that_was_written_anew_to_fit_is_found_with_the_anchor(sam):
    anchor = chain.make_anchor()
    row = past(sam)[1]
    with the_owner_puts_aside("history_stays", ENTRIES, LINKS):
        run(f"UPDATE {ENTRIES} SET words = 'The bar' WHERE history_id = %s", row.pk)
        links = run(f"SELECT source, row_id FROM {LINKS} WHERE chain = %s ORDER BY number", sam.pk)
        run(f"DELETE FROM {LINKS} WHERE chain = %s", sam.pk)
        run("SET LOCAL TIME ZONE 'UTC'")
        for table, key in links:
            column = "history_id" if "historical" in table else "id"
            run(
                "SELECT teams_link_history(%s, %s, %s, (SELECT relnatts FROM pg_class WHERE oid = %s::regclass), "
                f"to_jsonb(t)) FROM {table} t WHERE {column}::text = %s",
                sam.pk,
                table,
                key,
                table,
                key,
            )
    assert found() == set()
    assert found(anchor) == {(Kind.WRITTEN_ANEW, *links[-1])}


def test_a_live_row_that_changed_without_history_is_found(sam):
    entry = live(sam)
    run("UPDATE cases_entry SET words = 'The bar' WHERE id = %s", entry.pk)
    assert found() == {(Kind.UNLIKE_HISTORY, "cases_entry", str(entry.pk))}


def test_a_live_row_that_went_or_came_without_history_is_found(sam):
    entry = live(sam)
    run("DELETE FROM cases_entry WHERE id = %s", entry.pk)
    models.QuerySet(Entry).bulk_create(
        [Entry(plan=sam.plan, words="x", author=sam.user, added_at=NOW, changed_at=NOW)]
    )
    new = Entry.objects.get(words="x")
    assert found() == {(Kind.UNLIKE_HISTORY, "cases_entry", str(pk)) for pk in (entry.pk, new.pk)}


@pytest.mark.parametrize("how", ["DISABLE TRIGGER history_stays", "ENABLE TRIGGER history_is_linked"])
def test_a_guard_that_is_off_is_found_before_anything_has_changed(sam, how):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(f"ALTER TABLE cases_story {how}")
    assert found() == {(Kind.UNGUARDED, "cases_story", "")}


# -- The command


def verify(**options: Any) -> str:
    said = StringIO()
    call_command("verify_history", stdout=said, **options)
    return said.getvalue()


def test_the_command_says_how_much_is_whole_and_writes_the_anchor(sam, ali, tmp_path):
    anchor = tmp_path / "anchor"
    said = verify(write_anchor=anchor)
    assert said.startswith(f"History is whole: {chain.size()[0]} rows in 2 chains, ")
    assert verify(anchor=anchor, write_anchor=anchor)
    assert [path.name for path in tmp_path.iterdir()] == ["anchor"]
    for words in ("Sam", "choir"):
        assert words not in anchor.read_text()


def test_the_command_fails_names_what_is_wrong_and_anchors_nothing(sam, tmp_path):
    row = past(sam)[1]
    with the_owner_puts_aside("history_stays", ENTRIES):
        run(f"UPDATE {ENTRIES} SET words = 'The bar' WHERE history_id = %s", row.pk)
    said = StringIO()
    with pytest.raises(CommandError, match="History is not whole: 1 findings"):
        call_command("verify_history", write_anchor=tmp_path / "anchor", stdout=said)
    assert f"{ENTRIES} row {row.pk} (" in said.getvalue()
    assert "The bar" not in said.getvalue()
    assert not list(tmp_path.iterdir())


def test_an_anchor_that_was_changed_or_is_not_there_is_no_anchor(sam, tmp_path, settings):
    anchor = tmp_path / "anchor"
    verify(write_anchor=anchor)
    with pytest.raises(CommandError, match="no anchor"):
        verify(anchor=tmp_path / "another")
    kept = anchor.read_text()
    anchor.write_text(kept.replace(kept[5], "x" if kept[5] != "x" else "y", 1))
    with pytest.raises(CommandError, match="changed, or signed with another key"):
        verify(anchor=anchor)
    anchor.write_text(kept)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 9
    assert verify(anchor=anchor)


@pytest.mark.django_db
def test_the_migration_can_be_taken_back():
    guards = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'history%%' AND tgrelid::regclass::text = ANY(%s)"
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor(atomic=False) as editor:
        for operation in reversed(KEEP.Migration.operations):
            operation.database_backwards("cases", editor, None, None)
        assert run(guards, list(KEEP.WHOSE)) == [(0,)]
        for operation in KEEP.Migration.operations:
            operation.database_forwards("cases", editor, None, None)
    assert run(guards, list(KEEP.WHOSE)) == [(2 * len(KEEP.WHOSE),)]
