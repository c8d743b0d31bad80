"""The past of one plan, and of one entry, is found from its newest end, however long it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_supporters")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX past_of_a_plan ON cases_historicalentry (plan_id, history_date, history_id)",
            "DROP INDEX past_of_a_plan",
        ),
        migrations.RunSQL(
            "CREATE INDEX past_of_an_entry ON cases_historicalentry (id, history_date, history_id)",
            "DROP INDEX past_of_an_entry",
        ),
    ]
