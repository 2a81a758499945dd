"""Until now the cause of a promise and of its end was the order's number, which is whose promise it is."""

from django.db import migrations
from django.db.models import F


def name(apps, schema_editor):
    movements = apps.get_model("shop", "StockMovement").objects
    movements.filter(kind__in=["reserve", "release", "hand_over"], promise="").update(promise=F("cause"))


class Migration(migrations.Migration):
    dependencies = [("shop", "0007_promises")]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
