"""Who keeps the books and the owner may set what an organisation may owe."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["Ekonom", "Ägare"]


def _right(apps: Any) -> Any:
    return apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="orders", codename="set_credit"
    )


def give(apps: Any, editor: Any) -> None:
    """Permissions are made after all migrations (post_migrate), so the one needed here is made first."""
    config = apps.get_app_config("orders")
    config.models_module = True  # a historical app has none, and create_permissions passes over such
    create_permissions(config, verbosity=0, using=editor.connection.alias, apps=apps)
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(_right(apps))


def take(apps: Any, _editor: Any) -> None:
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(_right(apps))


class Migration(migrations.Migration):
    dependencies = [("orders", "0025_credit_limits")]
    operations = [migrations.RunPython(give, take)]
