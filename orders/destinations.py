"""Where an order, or what is quoted, goes, as its pages, letters and staff show it."""

from __future__ import annotations

from dataclasses import dataclass

from orders.models import Order, Quote
from shop.quantities import grouped


@dataclass(frozen=True, slots=True)
class Destination:
    """One of several addresses and what goes there."""

    lines: list[str]
    contents: str


def destinations(order: Order | Quote) -> list[Destination]:
    """Each of its addresses; none when all goes to its own. Reads its deliveries with lines, and its lines."""
    names = {line.pk: line.name for line in order.lines.all()}
    return [
        Destination(
            _own_lines(order, delivery.address_lines),
            ", ".join(f"{grouped(row.quantity)} × {names[row.line_id]}" for row in delivery.lines.all()),
        )
        for delivery in order.deliveries.all()
    ]


def _own_lines(order: Order | Quote, lines: list[str]) -> list[str]:
    """Without the organisation, which is the same for all."""
    return lines[1:] if order.organisation and lines[0] == order.organisation else lines
