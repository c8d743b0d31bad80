"""What was told, what was done and who looked stays as it was written, in one chain for each person."""

from django.db import migrations

BY_PERSON = "NEW.person_id"
BY_PLAN = "(SELECT person_id FROM cases_plan WHERE id = NEW.plan_id)"
BY_CASE = "(SELECT person_id FROM cases_case WHERE id = NEW.case_id)"
WHOSE = {
    "cases_historicalperson": "NEW.id",
    "cases_historicalway": BY_PERSON,
    "cases_historicalavoid": BY_PERSON,
    "cases_historicalplan": BY_PERSON,
    "cases_historicalplansection": BY_PLAN,
    "cases_historicalentry": BY_PLAN,
    "cases_historicalcase": BY_PERSON,
    "cases_story": BY_PERSON,
    "cases_contact": BY_CASE,
    "cases_look": BY_PLAN,
}


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_first"), ("teams", "0002_history_cannot_be_changed")]

    operations = [
        migrations.RunSQL(f"CALL teams_keep_history('{table}', '{whose}')", f"CALL teams_let_history_go('{table}')")
        for table, whose in WHOSE.items()
    ]
