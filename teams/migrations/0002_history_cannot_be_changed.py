"""History that cannot be changed, and that shows it when somebody with the keys to the database changed it all the same.

``CALL teams_keep_history('cases_story', 'NEW.person_id')`` in a migration makes rows of that table stay as they were
written, and links each new one into the chain of whoever the expression names. docs/decisions/0007 says why.
"""

from django.db import migrations

LINKS = """
CREATE TABLE teams_historylink (
    chain uuid NOT NULL,
    number bigint NOT NULL,
    source text NOT NULL,
    row_id text NOT NULL,
    width smallint NOT NULL,
    linked_at timestamptz NOT NULL,
    row_digest bytea NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (chain, number)
);
COMMENT ON COLUMN teams_historylink.number IS 'the order in which it was written; no clock can change it';
COMMENT ON COLUMN teams_historylink.width IS 'how many columns the table had: those added later are not in the digest';
"""

DIGESTS = """
CREATE FUNCTION teams_row_digest(words jsonb) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(convert_to(words::text, 'UTF8'));

CREATE FUNCTION teams_link_digest(
    before bytea, chain uuid, number bigint, source text, row_id text, width smallint, linked_at timestamptz,
    row_digest bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(
    before || row_digest || uuid_send(chain) || int8send(number) || int2send(width) || timestamptz_send(linked_at)
    || convert_to(source || ' ' || row_id, 'UTF8')
);
"""

# Two writers of one chain would make the same number. The second waits at the primary key until the first is done,
# and then tries the next number: the key is the lock, so that a bulk of people needs no lock each, and nobody waits
# for a writer of another chain.
LINK = """
CREATE FUNCTION teams_link_history(whose uuid, source text, row_id text, width smallint, words jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this CONSTANT bytea := teams_row_digest(words);
    moment CONSTANT timestamptz := clock_timestamp();
    last record;
    next bigint;
BEGIN
    IF whose IS NULL THEN
        RAISE EXCEPTION 'This row of % would be the history of nobody.', source USING ERRCODE = 'not_null_violation';
    END IF;
    LOOP
        SELECT l.number, l.digest INTO last FROM teams_historylink l
        WHERE l.chain = whose ORDER BY l.number DESC LIMIT 1;
        next := coalesce(last.number, 0) + 1;
        INSERT INTO teams_historylink VALUES (
            whose, next, source, row_id, width, moment, this,
            teams_link_digest(coalesce(last.digest, ''), whose, next, source, row_id, width, moment, this)
        ) ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
    END LOOP;
END $$;
"""

REFUSE = """
CREATE FUNCTION teams_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'History stays as it was written: no % of %.', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE PROCEDURE teams_refuse_changes(kept regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER history_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON %s '
        'FOR EACH STATEMENT EXECUTE FUNCTION teams_history_stays()', kept
    );
    -- Restoring and replication put ordinary triggers aside; these hold even then.
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER history_stays', kept);
END $$;

CALL teams_refuse_changes('teams_historylink');
"""

# A function for each table, so that PostgreSQL plans the way to the chain once. Text must not depend on who writes:
# moments are in UTC. And a plan that was made while a table was small must not read all of it when it has grown.
KEEP = """
CREATE PROCEDURE teams_keep_history(kept regclass, whose text) LANGUAGE plpgsql AS $$
DECLARE
    source CONSTANT text := (SELECT relname FROM pg_class WHERE oid = kept);
    key CONSTANT text := (
        SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
        WHERE indrelid = kept AND indisprimary
    );
BEGIN
    EXECUTE format(
        'CREATE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SET timezone = ''UTC'' SET enable_seqscan = off AS $f$ '
        'BEGIN '
        'PERFORM teams_link_history(%s, %L, NEW.%I::text, '
        '(SELECT relnatts FROM pg_class WHERE oid = TG_RELID), to_jsonb(NEW)); '
        'RETURN NULL; '
        'END $f$', source || '_link', whose, source, key
    );
    EXECUTE format(
        'CREATE TRIGGER history_is_linked AFTER INSERT ON %s FOR EACH ROW EXECUTE FUNCTION %I()',
        kept, source || '_link'
    );
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER history_is_linked', kept);
    CALL teams_refuse_changes(kept);
END $$;

CREATE PROCEDURE teams_let_history_go(kept regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER history_stays ON %s', kept);
    EXECUTE format('DROP TRIGGER history_is_linked ON %s', kept);
    EXECUTE format('DROP FUNCTION %I()', (SELECT relname || '_link' FROM pg_class WHERE oid = kept));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_first")]

    operations = [
        migrations.RunSQL(LINKS, "DROP TABLE teams_historylink"),
        migrations.RunSQL(DIGESTS, "DROP FUNCTION teams_link_digest; DROP FUNCTION teams_row_digest"),
        migrations.RunSQL(LINK, "DROP FUNCTION teams_link_history"),
        migrations.RunSQL(
            REFUSE,
            "DROP TRIGGER history_stays ON teams_historylink; "
            "DROP PROCEDURE teams_refuse_changes; DROP FUNCTION teams_history_stays",
        ),
        migrations.RunSQL(KEEP, "DROP PROCEDURE teams_let_history_go; DROP PROCEDURE teams_keep_history"),
    ]
