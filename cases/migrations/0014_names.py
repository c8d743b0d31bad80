"""Somebody is let into one entry, or kept from it, by name."""

import django.contrib.postgres.fields
from django.db import migrations, models

LET_IN = "Accounts that see it beside its own circle."
KEPT_FROM = "Accounts that do not see it, whatever lets them in."


def names(help_text: str) -> models.Field:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.UUIDField(), blank=True, default=list, help_text=help_text, size=None
    )


NARROWED = "CREATE INDEX past_that_was_narrowed ON cases_historicalentry (plan_id, id, history_date) WHERE {}"
DROP = "DROP INDEX past_that_was_narrowed"


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_speed")]

    operations = [
        *(
            migrations.AddField(model_name=model, name=name, field=names(help_text))
            for model in ("entry", "historicalentry")
            for name, help_text in (("let_in", LET_IN), ("kept_from", KEPT_FROM))
        ),
        migrations.RunSQL(DROP, NARROWED.format("circle <> ''")),
        migrations.RunSQL(NARROWED.format("circle <> '' OR kept_from <> '{}'"), DROP),
    ]
