"""Where an order, or what is quoted, goes, as its pages, letters and staff show it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from orders.models import Order, Quote, Shipment
from orders.states import Parcel
from shop import known
from shop.quantities import grouped


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """How far a parcel has come, in a word, and by which number and page the carrier knows it."""

    word: str
    number: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """One of several addresses and what goes there."""

    lines: list[str]
    contents: str
    parcels: tuple[Whereabouts, ...] = ()


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


def followed(order: Order) -> list[Destination]:
    """The same with how far each one's parcels have come. Reads the order's shipments too."""
    live = [row for row in order.shipments.all() if row.state != Parcel.CANCELLED]
    return [
        replace(
            place, parcels=tuple(_whereabouts(order, row) for row in live if row.delivery_id == delivery.pk)
        )
        for place, delivery in zip(destinations(order), order.deliveries.all(), strict=True)
    ]


def _whereabouts(order: Order, parcel: Shipment) -> Whereabouts:
    words = {Parcel.SENT: _("Skickad"), Parcel.DELIVERED: _("Framme"), Parcel.RETURNED: _("Åter hos oss")}
    if (word := words.get(Parcel(parcel.state))) is None:
        return Whereabouts(_("Inte skickad än"))
    way = known.freight(order.freight_code)
    link = way.tracking_link(parcel.tracking_number) if way else ""
    return Whereabouts(word, parcel.tracking_number, link)


def _own_lines(order: Order | Quote, lines: list[str]) -> list[str]:
    """Without the organisation, which is the same for all."""
    return lines[1:] if order.organisation and lines[0] == order.organisation else lines
