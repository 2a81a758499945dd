"""The languages that editors write in. Wagtail's own migration has made a row for LANGUAGE_CODE."""

from django.db import migrations


def add(apps, schema_editor):
    locales = apps.get_model("wagtailcore", "Locale").objects
    for code in ("sv", "en"):
        locales.get_or_create(language_code=code)


class Migration(migrations.Migration):
    dependencies = [("cms", "0004_articles"), ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes")]

    # Back: the row stays, since pages may stand on it.
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
