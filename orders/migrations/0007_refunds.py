"""What was a task to send money back becomes a refund with states of its own, taken from a payment."""

import secrets

import django.db.models.deletion
from django.db import migrations, models

STATES = [
    ("planned", "Ska betalas tillbaka"),
    ("requested", "Begärd"),
    ("pending", "På väg"),
    ("succeeded", "Återbetald"),
    ("failed", "Gick inte igenom"),
    ("cancelled", "Struken"),
]
KINDS = [
    ("payment", "Inbetalning"),
    ("refund", "Återbetalning"),
    ("reversal", "Återbetalning som inte gick igenom"),
]


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_roles_in_swedish_only")]

    operations = [
        migrations.RenameModel("RefundTask", "Refund"),
        migrations.AlterModelOptions(
            "refund",
            {
                "ordering": ["created_at", "pk"],
                "verbose_name": "återbetalning",
                "verbose_name_plural": "återbetalningar",
            },
        ),
        migrations.AlterField(
            "refund",
            "order",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="orders.order"
            ),
        ),
        migrations.AddField(
            "refund",
            "source",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="orders.payment",
                verbose_name="tas från",
            ),
        ),
        migrations.AddField(
            "refund",
            "actor",
            models.CharField(default="systemet", max_length=150, verbose_name="vem"),
        ),
        migrations.AddField(
            "refund",
            "state",
            models.CharField(
                choices=STATES, db_index=True, default="planned", max_length=10, verbose_name="läge"
            ),
        ),
        migrations.AddField(
            "refund", "idempotency_key", models.CharField(default=secrets.token_hex, max_length=64)
        ),
        migrations.AddField(
            "refund",
            "gateway_id",
            models.CharField(blank=True, max_length=120, verbose_name="betaltjänstens nummer"),
        ),
        migrations.AddField(
            "refund",
            "failure",
            models.CharField(blank=True, max_length=200, verbose_name="varför den inte gick igenom"),
        ),
        migrations.AddConstraint(
            "refund",
            models.UniqueConstraint(
                condition=models.Q(("gateway_id", ""), _negated=True),
                fields=("gateway_id",),
                name="one_refund_per_gateway_id",
            ),
        ),
        migrations.AlterField(
            "payment",
            "kind",
            models.CharField(choices=KINDS, default="payment", max_length=10, verbose_name="slag"),
        ),
    ]
