"""Editors and owners keep the guest lists. A group that the owner has made otherwise since is left as it is otherwise."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Redaktör", "Ägare"]
RIGHTS = ["view_signup", "change_signup", "see_needs"]


def _permissions(apps: Any) -> Any:
    return apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="cms", codename__in=RIGHTS
    )


def give(apps: Any, editor: Any) -> None:
    """Permissions are made after all migrations (post_migrate), so those needed here are made first."""
    config = apps.get_app_config("cms")
    config.models_module = True  # a historical app has none, and create_permissions passes over such
    create_permissions(config, verbosity=0, using=editor.connection.alias, apps=apps)
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*_permissions(apps))


def take(apps: Any, _editor: Any) -> None:
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*_permissions(apps))


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0019_right_to_see_needs"),
        ("orders", "0004_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(give, take)]
