"""Editors and owners start a page's translation. Otherwise the groups stay as the owner has made them."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Redaktör", "Ägare"]


def _permission(apps: Any) -> Any:
    return apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="simple_translation", codename="submit_translation"
    )


def give(apps: Any, editor: Any) -> None:
    """Permissions are made after all migrations (post_migrate), so the one needed here is made first."""
    config = apps.get_app_config("simple_translation")
    config.models_module = True  # a historical app has none, and create_permissions passes over such
    create_permissions(config, verbosity=0, using=editor.connection.alias, apps=apps)
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(_permission(apps))


def take(apps: Any, _editor: Any) -> None:
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(_permission(apps))


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0012_films_files_and_headings"),
        ("orders", "0004_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("simple_translation", "0001_initial"),
    ]
    operations = [migrations.RunPython(give, take)]
