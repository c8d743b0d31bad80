import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='LookQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('look', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='cases.look')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('look', 'words'), name='asked_about_a_look_once')],
            },
        ),
        migrations.RunSQL(
            "CALL teams_keep_history('cases_lookquestion', '(SELECT p.person_id FROM cases_look l"
            " JOIN cases_plan p ON p.id = l.plan_id WHERE l.id = NEW.look_id)')",
            "CALL teams_let_history_go('cases_lookquestion')",
        ),
    ]
