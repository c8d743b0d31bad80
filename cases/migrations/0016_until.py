"""What lets somebody into one entry by name can end. Who was let in before has no end."""

import django.contrib.postgres.fields
from django.db import migrations, models

UNTIL = "When that is over for each of them, in their order. None: for all of them when the person says."


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_look_questions")]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="let_in_until",
                field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.DateTimeField(null=True), blank=True, null=True, help_text=UNTIL, size=None
                ),
            )
            for model in ("entry", "historicalentry")
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(let_in_until=None) | models.Q(let_in_until__len=models.F("let_in__len")),
                name="an_end_for_each_name",
            ),
        ),
    ]
