from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cms", "0018_forget_ghosts")]

    operations = [
        migrations.AlterModelOptions(
            name="signup",
            options={
                "permissions": [("see_needs", "Se gästernas mat och tillgänglighet")],
                "verbose_name": "anmälan",
                "verbose_name_plural": "anmälningar",
            },
        ),
    ]
