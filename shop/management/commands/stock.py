"""manage.py stock: what is on the shelf, what of it is promised, what can be sold."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import QuerySet

from shop.models import Product

LINE = "{:<28} {:>10} {:>10} {:>10}"


class Command(BaseCommand):
    help = (
        "Lagret per vara, efter artikelnummer. Med --json en lista av objekt: sku, on_hand, reserved, available."
        " available är null för en vara som tillverkas på beställning."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="skriv en JSON-lista")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = [row(product) for product in products()]
        self.stdout.write(json.dumps(rows, indent=2) if options["json"] else table(rows))


def products() -> QuerySet[Product]:
    return Product.objects.select_related("stock").order_by("sku")


def row(product: Product) -> dict[str, Any]:
    level = getattr(product, "stock", None)
    return {
        "sku": product.sku,
        "on_hand": level.on_hand if level else 0,
        "reserved": level.reserved if level else 0,
        "available": product.available,
    }


def table(rows: list[dict[str, Any]]) -> str:
    head = LINE.format("Artikelnummer", "På hyllan", "Lovat", "Att sälja")
    return "\n".join([head, *(LINE.format(*shown(row)) for row in rows)])


def shown(row: dict[str, Any]) -> list[str]:
    return ["beställs" if value is None else str(value) for value in row.values()]
