"""Whole groups let in or shut out, from when somebody is let in, and what opens nothing on the agenda."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_keeping_safe'),
        ('teams', '0003_may_open'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LetIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(choices=[('matters', 'What matters to me'), ('helps', 'What helps me'), ('now', 'How things are'), ('change', 'What I want to change'), ('steps', 'Next small steps'), ('people', 'The people helping me'), ('hard', 'If things get hard'), ('quiet', 'If I go quiet'), ('wishes', 'My wishes for care'), ('talk', 'What helps us talk well'), ('notes', 'Notes to each other'), ('happened', 'What has happened'), ('mine', 'Only for me')], max_length=20)),
                ('sector', models.CharField(blank=True, choices=[('peer', 'Lived experience'), ('voluntary', 'Charities and community groups'), ('primary', "Doctors' surgeries"), ('secondary', 'Hospital mental health'), ('council', 'The council')], max_length=20)),
                ('level', models.PositiveSmallIntegerField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, help_text='Empty: until the person says.', null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='shutout',
            name='shut_out_is_a_person_or_a_sector',
        ),
        migrations.RemoveConstraint(
            model_name='shutout',
            name='shut_out_once',
        ),
        migrations.AddField(
            model_name='historicalplansection',
            name='opens_past',
            field=models.BooleanField(default=False, help_text='Whoever is let in later reads older words too.'),
        ),
        migrations.AddField(
            model_name='plansection',
            name='opens_past',
            field=models.BooleanField(default=False, help_text='Whoever is let in later reads older words too.'),
        ),
        migrations.AddField(
            model_name='sectiongrant',
            name='since',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='shutout',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.organisation'),
        ),
        migrations.AddField(
            model_name='supporter',
            name='opens_at',
            field=models.DateTimeField(blank=True, help_text='Until then they see nothing of the plan.', null=True),
        ),
        migrations.AlterField(
            model_name='huddleitem',
            name='kind',
            field=models.CharField(choices=[('today', 'Asked for today'), ('back', 'Coming back'), ('new', 'New hellos'), ('quiet', 'We have not heard'), ('brought', 'Brought by one of us'), ('good_news', 'Good news'), ('question', 'A question about a look'), ('opened', 'Opened in an emergency')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='shutout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation', None), ('sector', ''), ('user__isnull', False)), models.Q(('organisation__isnull', False), ('sector', ''), ('user', None)), models.Q(('organisation', None), ('user', None), models.Q(('sector', ''), _negated=True)), _connector='OR'), name='shut_out_is_somebody_or_a_group'),
        ),
        migrations.AddConstraint(
            model_name='shutout',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('plan', 'section', 'user', 'sector', 'organisation'), name='shut_out_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='supporter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('opens_at', None)), ('opens_at__gte', models.F('accepted_at')), _connector='OR'), name='opens_once_accepted'),
        ),
        migrations.AddField(
            model_name='letin',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.organisation'),
        ),
        migrations.AddField(
            model_name='letin',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='let_in', to='cases.plan'),
        ),
        migrations.AddConstraint(
            model_name='letin',
            constraint=models.CheckConstraint(condition=models.Q(('sector', ''), ('organisation', None), _connector='OR'), name='let_in_is_one_group'),
        ),
        migrations.AddConstraint(
            model_name='letin',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', [1, 2, 3])), name='let_in_to_do_something'),
        ),
        migrations.AddConstraint(
            model_name='letin',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('plan', 'section', 'sector', 'organisation'), name='let_in_once', nulls_distinct=False),
        ),
    ]
