"""The questions are changed by a team: every change is kept, and what is published stays as it is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A conversation keeps the version it began with: so a published one can be neither changed nor taken away. Restoring
# and replication put ordinary triggers aside; this holds even then.
PUBLISHED_STAYS = """
CREATE FUNCTION frontdoor_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What is published stays as it is: no % of version %.', TG_OP, OLD.number
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE ON frontdoor_scriptversion
FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION frontdoor_published_stays();
ALTER TABLE frontdoor_scriptversion ENABLE ALWAYS TRIGGER published_stays;
"""
LET_GO = "DROP TRIGGER published_stays ON frontdoor_scriptversion; DROP FUNCTION frontdoor_published_stays"
# The changes of the questions are the history of nobody: they have one chain of their own.
CHAIN = "md5(''the questions'')::uuid"


class Migration(migrations.Migration):

    dependencies = [
        ('frontdoor', '0004_fair_and_lines'),
        ('teams', '0002_history_cannot_be_changed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ScriptChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('what', models.CharField(choices=[('begun', 'began a draft'), ('words', 'changed the words'), ('translation', 'changed the words in another language'), ('settings', 'changed what becomes of the answer'), ('branch', 'changed who is asked'), ('added', 'added'), ('taken_out', 'took out'), ('moved', 'moved'), ('dropped', 'let the draft go'), ('published', 'published the draft')], max_length=20)),
                ('about', models.CharField(blank=True, max_length=200)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('called', models.TextField(blank=True)),
                ('before', models.TextField(blank=True)),
                ('after', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['version', 'number'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='scriptversion',
            name='one_draft_of_the_questions',
        ),
        migrations.AddField(
            model_name='scriptversion',
            name='dropped_at',
            field=models.DateTimeField(blank=True, help_text='A draft that was let go; its changes are kept.', null=True),
        ),
        migrations.AddConstraint(
            model_name='scriptversion',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at', None), ('published_at', None), ('shipped', False)), fields=('shipped',), name='one_draft_of_the_questions'),
        ),
        migrations.AddConstraint(
            model_name='scriptversion',
            constraint=models.CheckConstraint(condition=models.Q(('published_at', None), ('dropped_at', None), _connector='OR'), name='what_is_published_is_not_dropped'),
        ),
        migrations.AddField(
            model_name='scriptchange',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scriptchange',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='frontdoor.scriptversion'),
        ),
        migrations.AddConstraint(
            model_name='scriptchange',
            constraint=models.UniqueConstraint(fields=('version', 'number'), name='one_change_a_number'),
        ),
        migrations.RunSQL(PUBLISHED_STAYS, LET_GO),
        migrations.RunSQL(
            f"CALL teams_keep_history('frontdoor_scriptchange', '{CHAIN}')",
            "CALL teams_let_history_go('frontdoor_scriptchange')",
        ),
    ]
