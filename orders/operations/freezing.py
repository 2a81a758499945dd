"""What orders and quotes copy alike of a priced basket: what was agreed to stays so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from orders.models.frozen import FrozenLine
from shop.pricing import Priced


def sums(priced: Priced) -> dict[str, Any]:
    """The fields of what the goods and the chosen way of sending cost, in öre."""
    chosen = priced.chosen
    return {
        "goods_ore": priced.totals.goods.ore,
        "freight_ore": priced.totals.freight.ore,
        "freight_code": chosen.method.code if chosen else "",
        "freight_name": chosen.method.shown_name if chosen else "",
    }


def rows(priced: Priced) -> Iterator[dict[str, Any]]:
    """The fields of each FrozenLine."""
    for place, line in enumerate(priced.lines):
        yield {
            "product": line.product,
            "position": place,
            "sku": line.product.sku,
            "name": line.name,
            "quantity": line.quantity,
            "unit_price_ore": line.unit_price.ore,
            "gross_ore": line.gross.ore,
        }


def shares(priced: Priced, lines: Sequence[FrozenLine]) -> Iterator[dict[str, Any]]:
    """The fields of each FrozenVat; `lines` are the stored rows, in their order."""
    for part in priced.totals.parts:
        yield {
            "line": None if part.line is None else lines[part.line],
            "percent": part.percent,
            "gross_ore": part.gross.ore,
            "net_ore": part.net.ore,
        }
