"""Lines of disputes that were won after they were lost have a kind of their own."""

from typing import Any

from django.db import migrations


def name_them(apps: Any, editor: Any) -> None:
    _won(apps, editor, "reversal").update(kind="reinstated")


def name_them_as_before(apps: Any, editor: Any) -> None:
    _won(apps, editor, "reinstated").update(kind="reversal")


def _won(apps: Any, editor: Any, kind: str) -> Any:
    payments = apps.get_model("orders", "Payment").objects.using(editor.connection.alias)
    return payments.filter(kind=kind, reference__contains=":won")


class Migration(migrations.Migration):
    dependencies = [("orders", "0029_disputes_as_they_stand")]

    operations = [migrations.RunPython(name_them, name_them_as_before)]
