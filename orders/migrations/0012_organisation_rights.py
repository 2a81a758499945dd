"""Who keeps the books and the owner may make quotes, enter orders and approve invoice buyers."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Ekonom", "Ägare"]
RIGHTS = ["make_quote", "enter_order", "approve_order"]


def _rights(apps: Any) -> Any:
    return apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="orders", codename__in=RIGHTS
    )


def give(apps: Any, editor: Any) -> None:
    """Permissions are made after all migrations (post_migrate), so those needed here are made first."""
    config = apps.get_app_config("orders")
    config.models_module = True  # a historical app has none, and create_permissions passes over such
    create_permissions(config, verbosity=0, using=editor.connection.alias, apps=apps)
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*_rights(apps))


def take(apps: Any, _editor: Any) -> None:
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*_rights(apps))


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_quotes")]
    operations = [migrations.RunPython(give, take)]
