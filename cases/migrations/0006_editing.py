"""Other words that are suggested, the person's own 0 to 10, and what is said beside the words of an entry."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

BY_PLAN = "(SELECT person_id FROM cases_plan WHERE id = NEW.plan_id)"
BY_ENTRY = "(SELECT p.person_id FROM cases_plan p JOIN cases_entry e ON e.plan_id = p.id WHERE e.id = NEW.entry_id)"
WHOSE = {"cases_historicalsuggestion": BY_ENTRY, "cases_rating": BY_PLAN}


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_sharing'),
        ('teams', '0002_history_cannot_be_changed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalSuggestion',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('words', models.TextField()),
                ('why', models.CharField(blank=True, max_length=100)),
                ('made_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('', 'has not said'), ('accepted', 'took these words'), ('reworded', 'said it in another way'), ('other_view', 'sees it another way'), ('declined', 'kept their own words')], max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('their_words', models.TextField(blank=True, help_text='How the person sees it, kept beside what was suggested.')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical suggestion',
                'verbose_name_plural': 'historical suggestions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(10)])),
                ('words', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('words', models.TextField()),
                ('why', models.CharField(blank=True, max_length=100)),
                ('made_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('', 'has not said'), ('accepted', 'took these words'), ('reworded', 'said it in another way'), ('other_view', 'sees it another way'), ('declined', 'kept their own words')], max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('their_words', models.TextField(blank=True, help_text='How the person sees it, kept beside what was suggested.')),
            ],
            options={
                'ordering': ['made_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='agreed',
            field=models.CharField(blank=True, choices=[('yes', 'We agreed this'), ('not_yet', 'We have not agreed this yet'), ('could_not', 'They could not be asked')], max_length=10),
        ),
        migrations.AddField(
            model_name='entry',
            name='agreed_why',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='entry',
            name='importance',
            field=models.CharField(blank=True, choices=[('lot', 'It matters a lot'), ('bit', 'It matters a bit'), ('not_now', 'Not now')], max_length=10),
        ),
        migrations.AddField(
            model_name='historicalentry',
            name='agreed',
            field=models.CharField(blank=True, choices=[('yes', 'We agreed this'), ('not_yet', 'We have not agreed this yet'), ('could_not', 'They could not be asked')], max_length=10),
        ),
        migrations.AddField(
            model_name='historicalentry',
            name='agreed_why',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='historicalentry',
            name='importance',
            field=models.CharField(blank=True, choices=[('lot', 'It matters a lot'), ('bit', 'It matters a bit'), ('not_now', 'Not now')], max_length=10),
        ),
        migrations.AddField(
            model_name='historicalplan',
            name='order',
            field=models.JSONField(blank=True, default=list, help_text='Section keys, as the person ordered them.'),
        ),
        migrations.AddField(
            model_name='plan',
            name='order',
            field=models.JSONField(blank=True, default=list, help_text='Section keys, as the person ordered them.'),
        ),
        migrations.AddField(
            model_name='walk',
            name='here_at',
            field=models.DateTimeField(blank=True, help_text='When they last had the plan open.', null=True),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed', 'could_not'), _negated=True), models.Q(('agreed_why', ''), _negated=True), _connector='OR'), name='could_not_be_asked_says_why'),
        ),
        migrations.AddField(
            model_name='historicalsuggestion',
            name='author',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsuggestion',
            name='entry',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cases.entry'),
        ),
        migrations.AddField(
            model_name='historicalsuggestion',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsuggestion',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.organisation'),
        ),
        migrations.AddField(
            model_name='rating',
            name='entry',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='cases.entry'),
        ),
        migrations.AddField(
            model_name='rating',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='cases.plan'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='cases.entry'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(condition=models.Q(('entry', None)), fields=['plan'], name='how_things_are'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('value__lte', 10)), name='from_0_to_10'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(condition=models.Q(('answer', '')), fields=('entry', 'author'), name='one_open_suggestion_an_author'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='a_suggestion_is_answered_at_a_moment'),
        ),
        *(
            migrations.RunSQL(f"CALL teams_keep_history('{table}', '{whose}')", f"CALL teams_let_history_go('{table}')")
            for table, whose in WHOSE.items()
        ),
    ]
