"""Who works with orders may send a letter anew; which kinds, the right to read them says."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Packare", "Ekonom", "Ägare"]


def _permission(apps: Any) -> Any:
    found = apps.get_model("auth", "Permission").objects
    return found.filter(content_type__app_label="notifications", codename="resend_message")


def give(apps: Any, editor: Any) -> None:
    """Permissions are made after all migrations (post_migrate), so the one needed here is made first."""
    config = apps.get_app_config("notifications")
    config.models_module = True  # a historical app has none, and create_permissions passes over such
    create_permissions(config, verbosity=0, using=editor.connection.alias, apps=apps)
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*_permission(apps))


def take(apps: Any, _editor: Any) -> None:
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*_permission(apps))


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0005_resend_right"),
        ("orders", "0004_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(give, take)]
