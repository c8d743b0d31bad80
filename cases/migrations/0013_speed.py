"""The past of one plan, and of one entry, is found from its newest end, however long it is, and what few could see of it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_assisted")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX past_of_a_plan ON cases_historicalentry (plan_id, history_date, history_id)",
            "DROP INDEX past_of_a_plan",
        ),
        migrations.RunSQL(
            "CREATE INDEX past_of_an_entry ON cases_historicalentry (id, history_date, history_id)",
            "DROP INDEX past_of_an_entry",
        ),
        migrations.RunSQL(
            "CREATE INDEX past_that_was_narrowed ON cases_historicalentry (plan_id, id, history_date) WHERE circle <> ''",
            "DROP INDEX past_that_was_narrowed",
        ),
    ]
