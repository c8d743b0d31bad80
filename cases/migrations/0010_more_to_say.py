"""What is answered in the longer conversation, and how somebody would like to be part of the huddle."""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_groups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='at_huddle',
            field=models.CharField(blank=True, choices=[('read', 'Read their words, then tell them what was said'), ('private', 'Do not read their words out. Each of us reads them'), ('there', 'They would like to be there'), ('speaker', 'They would like someone to speak for them')], max_length=10),
        ),
        migrations.AddField(
            model_name='entry',
            name='asked',
            field=models.CharField(blank=True, help_text='The id of the question that this answers. Empty: nobody asked.', max_length=60),
        ),
        migrations.AddField(
            model_name='entry',
            name='asked_as',
            field=models.CharField(blank=True, help_text='The question as it was asked, where the words need it beside them.', max_length=300),
        ),
        migrations.AddField(
            model_name='entry',
            name='help_wanted',
            field=models.CharField(blank=True, choices=[('yes', 'Would like help with it'), ('not_yet', 'Not yet'), ('just_said', 'Just wanted to say')], max_length=10),
        ),
        migrations.AddField(
            model_name='entry',
            name='picked',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, help_text='What was picked from a list, while the words are those of the list.', size=None),
        ),
        migrations.AddField(
            model_name='historicalcase',
            name='at_huddle',
            field=models.CharField(blank=True, choices=[('read', 'Read their words, then tell them what was said'), ('private', 'Do not read their words out. Each of us reads them'), ('there', 'They would like to be there'), ('speaker', 'They would like someone to speak for them')], max_length=10),
        ),
        migrations.AddField(
            model_name='historicalentry',
            name='asked',
            field=models.CharField(blank=True, help_text='The id of the question that this answers. Empty: nobody asked.', max_length=60),
        ),
        migrations.AddField(
            model_name='historicalentry',
            name='asked_as',
            field=models.CharField(blank=True, help_text='The question as it was asked, where the words need it beside them.', max_length=300),
        ),
        migrations.AddField(
            model_name='historicalentry',
            name='help_wanted',
            field=models.CharField(blank=True, choices=[('yes', 'Would like help with it'), ('not_yet', 'Not yet'), ('just_said', 'Just wanted to say')], max_length=10),
        ),
        migrations.AddField(
            model_name='historicalentry',
            name='picked',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, help_text='What was picked from a list, while the words are those of the list.', size=None),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(condition=models.Q(('asked', ''), _negated=True), fields=('plan', 'asked'), name='asked_once'),
        ),
    ]
