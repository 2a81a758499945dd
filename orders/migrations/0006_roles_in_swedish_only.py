"""Wagtail's own groups, Moderators and Editors, go where nobody belongs to them: the roles stand in their place.

Going back does not bring them back. They were nobody's.
"""

from typing import Any

from django.db import migrations

OWN_OF_WAGTAIL = ["Moderators", "Editors"]


def remove(apps: Any, _editor: Any) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=OWN_OF_WAGTAIL, user=None).delete()


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_translation_rights"), ("cms", "0008_review_before_publishing")]
    operations = [migrations.RunPython(remove, migrations.RunPython.noop)]
