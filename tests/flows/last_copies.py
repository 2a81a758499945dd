"""The shelf of the races for the last copies, on the database that DATABASE_URL names.

`python -m tests.flows.last_copies fill 7 20` puts 7 copies each of FA-1 to FA-20 on the shelf; `… count` says what
became of each.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

NAME = "Den sällsynta"


def sku(number: int) -> str:
    return f"FA-{number}"


def fill(copies: int, products: int = 1) -> None:
    from tests.factories import CompanyFactory, FreightFactory, ProductFactory, TermsFactory

    CompanyFactory()
    TermsFactory()
    FreightFactory()
    for number in range(1, products + 1):
        ProductFactory(sku=sku(number), name=NAME, on_hand=copies)


def count() -> dict[str, dict[str, Any]]:
    """What is promised by each balance, by the ledger's lines and by the orders: it must be one number."""
    from django.db.models import Sum

    from orders.models import OrderLine, ShipmentLine
    from shop.models import StockLevel, StockMovement

    found = {}
    for level in StockLevel.objects.select_related("product").order_by("product"):
        moved = StockMovement.objects.filter(product=level.product)
        ledger = moved.aggregate(on_hand=Sum("on_hand_delta"), reserved=Sum("reserved_delta"))
        lines = OrderLine.objects.filter(product=level.product)
        found[level.product.sku] = {
            "orders": lines.values("order").distinct().count(),
            "ordered": lines.aggregate(copies=Sum("quantity", default=0))["copies"],
            "to pack": ShipmentLine.objects.filter(line__in=lines).aggregate(n=Sum("quantity", default=0))[
                "n"
            ],
            "balance": [level.on_hand, level.reserved],
            "ledger": [ledger["on_hand"], ledger["reserved"]],
        }
    return found


def letters() -> int:
    from notifications.models import Message

    return Message.objects.filter(letter="order-confirmation").count()


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.stdout.write(json.dumps({"shelf": count(), "confirmations": letters()}))
