"""The questions become versions that a team can change; what has begun so far began with the shipped ones."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from frontdoor import script


def take_in_the_shipped(apps, schema_editor):
    Conversation, ScriptVersion = (apps.get_model("frontdoor", name) for name in ("Conversation", "ScriptVersion"))
    if Conversation.objects.exists():
        now = django.utils.timezone.now()
        document = script.shipped()
        ScriptVersion.objects.create(
            number=1, document=document, shipped=True, digest=script.digest(document), begun_at=now, published_at=now
        )
        schema_editor.execute("SELECT setval(pg_get_serial_sequence('frontdoor_scriptversion', 'number'), 1)")
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the tables change in this same transaction


class Migration(migrations.Migration):

    dependencies = [
        ('frontdoor', '0002_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ScriptVersion',
            fields=[
                ('number', models.AutoField(primary_key=True, serialize=False)),
                ('document', models.JSONField()),
                ('shipped', models.BooleanField(default=False)),
                ('digest', models.CharField(blank=True, help_text='Of a shipped document: it is taken in once.', max_length=64)),
                ('begun_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('begun_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('shipped', True)), fields=('digest',), name='shipped_once'),
                    models.UniqueConstraint(condition=models.Q(('published_at', None), ('shipped', False)), fields=('shipped',), name='one_draft_of_the_questions'),
                    models.CheckConstraint(condition=models.Q(models.Q(('begun_by', None), ('published_at__isnull', False), ('published_by', None), ('shipped', True)), models.Q(('begun_by__isnull', False), ('published_at', None), ('published_by', None), ('shipped', False)), models.Q(('begun_by__isnull', False), ('published_at__isnull', False), ('published_by__isnull', False), ('shipped', False)), _connector='OR'), name='questions_are_published_at_and_by'),
                ],
            },
        ),
        migrations.RunPython(take_in_the_shipped, migrations.RunPython.noop),
        migrations.RunSQL("UPDATE frontdoor_conversation SET script_version = 1", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='conversation',
            name='script_version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frontdoor.scriptversion'),
        ),
    ]
