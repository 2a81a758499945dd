from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms", "0024_online_and_on_site")]

    operations = [
        migrations.AddField("announcement", "words", models.JSONField(default=dict)),
        migrations.AddField("reminderrequest", "language", models.CharField(default="sv", max_length=5)),
    ]
