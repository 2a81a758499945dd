"""Until now an order went in one parcel, which held all of its copies: say so, row by row."""

from django.db import migrations

CHUNK = 2_000


def fill(apps, schema_editor):
    Shipment, ShipmentLine = apps.get_model("orders", "Shipment"), apps.get_model("orders", "ShipmentLine")
    unfilled = Shipment.objects.filter(lines=None, order__lines__isnull=False)
    facts = unfilled.values_list("pk", "order__lines", "order__lines__quantity").iterator(CHUNK)
    rows = [ShipmentLine(shipment_id=pk, line_id=line, quantity=copies) for pk, line, copies in facts]
    ShipmentLine.objects.bulk_create(rows, batch_size=CHUNK)


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_parcels_with_lines")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
