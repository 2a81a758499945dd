import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms", "0016_events_whole_and_signups")]

    operations = [
        migrations.AlterField(
            model_name="announcement",
            name="event",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                primary_key=True,
                related_name="announcement",
                serialize=False,
                to="cms.eventpage",
            ),
        ),
        migrations.AddField(
            model_name="announcement", name="withdrawn_at", field=models.DateTimeField(null=True)
        ),
    ]
