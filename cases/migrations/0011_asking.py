import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_more_to_say'),
        ('teams', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(help_text='The stable id of the question in the script.', max_length=50)),
                ('asks', models.CharField(max_length=300)),
                ('again', models.BooleanField(default=False)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('on', models.DateField(help_text='Kept once a day, however often it is pressed.')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.membership')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='askings', to='cases.plan')),
            ],
            options={
                'ordering': ['-at'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('again', False), models.Q(('why', ''), _negated=True), _connector='OR'), name='asking_again_says_why'),
                    models.UniqueConstraint(fields=('plan', 'question', 'member', 'on'), name='asked_once_a_day'),
                ],
            },
        ),
        migrations.RunSQL(
            "CALL teams_keep_history('cases_asking', '(SELECT person_id FROM cases_plan WHERE id = NEW.plan_id)')",
            "CALL teams_let_history_go('cases_asking')",
        ),
    ]
