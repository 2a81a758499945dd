"""The top of the page tree bears a Swedish name: Wagtail's migrations call it Root, and editors see it."""

from typing import Any

from django.db import migrations


def rename(apps: Any, old: str, new: str) -> None:
    apps.get_model("wagtailcore", "Page").objects.filter(depth=1, title=old).update(title=new, draft_title=new)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0012_films_files_and_headings"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, _editor: rename(apps, "Root", "Alla språk"),
            lambda apps, _editor: rename(apps, "Alla språk", "Root"),
        )
    ]
