"""A link goes into the one table of links, whatever else of that name is in the session that writes.

PostgreSQL looks among a session's own temporary tables first. Whoever could make one there called like the table of links,
or like one by which a row finds its person, could write history that is in no chain, or in another's.
"""

from django.db import migrations

# Temporary tables come last, for the functions there are and for those of whatever is kept from now on.
LOOK_HERE_FIRST = """
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN SELECT tgfoid::regprocedure FROM pg_trigger WHERE tgname = 'history_is_linked' LOOP
        EXECUTE format('ALTER FUNCTION %s {how}', function{given});
    END LOOP;
    EXECUTE replace(
        pg_get_functiondef('teams_keep_history'::regproc),
        {instead}
    );
END $$
"""
NOW = "SET timezone = ''UTC'' SET enable_seqscan = off AS $f$ "
THEN = "SET timezone = ''UTC'' SET enable_seqscan = off SET search_path = ' || quote_ident(current_schema()) || ', pg_temp AS $f$ "


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


class Migration(migrations.Migration):
    dependencies = [("teams", "0005_language")]

    operations = [
        migrations.RunSQL(
            LOOK_HERE_FIRST.format(
                how="SET search_path = %I, pg_temp", given=", current_schema()", instead=f"{_text(NOW)}, {_text(THEN)}"
            ),
            LOOK_HERE_FIRST.format(how="RESET search_path", given="", instead=f"{_text(THEN)}, {_text(NOW)}"),
        )
    ]
