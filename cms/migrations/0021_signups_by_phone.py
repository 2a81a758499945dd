from django.db import migrations, models

import cms.kalender.models.signup


class Migration(migrations.Migration):
    dependencies = [("cms", "0020_guest_rights")]

    operations = [
        migrations.AddField("signup", "forgotten_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "signup",
            "event",
            models.ForeignKey(
                on_delete=cms.kalender.models.signup.with_event_unless_keeping,
                related_name="signups",
                to="cms.eventpage",
            ),
        ),
    ]
