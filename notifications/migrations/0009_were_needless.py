from django.db import migrations

SAID_BEFORE = "Det som brevet handlar om har börjat eller är inställt, så det skickades inte."
SAID_NOW = "Det som brevet handlar om har börjat eller är inställt."


def forwards(apps, schema_editor):
    """Letters that nobody had any use for stood among those that failed."""
    failed = apps.get_model("notifications", "Message").objects.filter(state="failed", error=SAID_BEFORE)
    failed.update(state="needless", error=SAID_NOW)


def backwards(apps, schema_editor):
    needless = apps.get_model("notifications", "Message").objects.filter(state="needless")
    needless.update(state="failed", error=SAID_BEFORE)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_needless_letters")]

    operations = [migrations.RunPython(forwards, backwards)]
