from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0004_duty'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='language',
            field=models.CharField(blank=True, help_text='In which we write to them; empty until it is known.', max_length=10),
        ),
    ]
