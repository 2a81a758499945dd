"""The shelf of the race for the last copies, on the database that DATABASE_URL names.

`python -m tests.flows.last_copies fill 7` puts 7 copies of FA on the shelf; `… count` says what became of them.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django


def fill(copies: int) -> None:
    from tests.factories import CompanyFactory, FreightFactory, ProductFactory, TermsFactory

    CompanyFactory()
    TermsFactory()
    FreightFactory()
    ProductFactory(sku="FA", name="Den sällsynta", on_hand=copies)


def count() -> dict[str, Any]:
    """What is promised by the balance, by the ledger's lines and by the orders: it must be one number."""
    from django.db.models import Sum

    from notifications.models import Message
    from orders.models import Order
    from shop.models import StockLevel, StockMovement

    ledger = StockMovement.objects.filter(product__sku="FA").aggregate(
        Sum("on_hand_delta"), Sum("reserved_delta")
    )
    level = StockLevel.objects.get(product__sku="FA")
    return {
        "orders": Order.objects.count(),
        "confirmations": Message.objects.filter(letter="order-confirmation").count(),
        "balance": [level.on_hand, level.reserved],
        "ledger": [ledger["on_hand_delta__sum"], ledger["reserved_delta__sum"]],
    }


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        sys.stdout.write(json.dumps(count()))
