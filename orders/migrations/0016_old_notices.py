"""Notices from before they had a state: those whose money went back, or whose order was called off, are done."""

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q


def settle(apps, editor):
    Withdrawal = apps.get_model("orders", "Withdrawal")
    Payment = apps.get_model("orders", "Payment")
    sent_back = Payment.objects.filter(
        order=OuterRef("order"), kind="refund", at__gte=OuterRef("received_at")
    )
    done = Withdrawal.objects.filter(Q(Exists(sent_back)) | Q(order__state="cancelled"), state="received")
    done.update(state="refunded", decided_at=F("received_at"), decided_by="systemet")


def forget(apps, editor):
    apps.get_model("orders", "Withdrawal").objects.filter(decided_by="systemet").update(
        state="received", decided_at=None, decided_by=""
    )


class Migration(migrations.Migration):
    dependencies = [("orders", "0015_notices_and_complaints")]
    operations = [migrations.RunPython(settle, forget)]
