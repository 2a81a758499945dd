from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_find_what_waits")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Väntar"),
                    ("sending", "Skickas"),
                    ("sent", "Skickat"),
                    ("failed", "Misslyckat"),
                    ("needless", "Sändes inte"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="läge",
            ),
        ),
    ]
