"""Whoever opens a plan is kept, also in an emergency."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_copies'),
        ('teams', '0003_may_open'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EmergencyOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=300)),
                ('opened_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.membership')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='cases.plan')),
            ],
            options={
                'ordering': ['-opened_at'],
                'indexes': [models.Index(fields=['member', 'until'], name='openings_of_a_member')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('until__gt', models.F('opened_at'))), name='an_opening_ends'),
                    models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='an_opening_has_a_reason'),
                ],
            },
        ),
        migrations.AddField(
            model_name='look',
            name='on',
            field=models.DateField(help_text='Kept once on this day; empty: kept each time.', null=True),
        ),
        migrations.AddField(
            model_name='look',
            name='sections',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, help_text='The parts that were shown.', size=None),
        ),
        migrations.AlterField(
            model_name='look',
            name='what',
            field=models.CharField(choices=[('reach', 'how to say hello safely'), ('plan', 'your plan'), ('history', 'what has changed'), ('copy', 'a copy of your plan')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='look',
            constraint=models.UniqueConstraint(fields=('plan', 'viewer', 'what', 'on', 'sections'), name='looked_once_a_day'),
        ),
        migrations.RunSQL(
            "CALL teams_keep_history('cases_emergencyopening', "
            "'(SELECT person_id FROM cases_plan WHERE id = NEW.plan_id)')",
            "CALL teams_let_history_go('cases_emergencyopening')",
        ),
    ]
