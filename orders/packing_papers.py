"""A packing day on paper: one PDF with pick list, packing slips and address labels, in the same order.

Pick list and labels are Swedish, for the packer and the post; a slip is in its buyer's language. Printing changes
nothing: the same parcels give the same bytes all day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders import documents
from orders.documents.barcode import code128
from orders.letters import seller_facts, written_date
from orders.models import Shipment
from orders.states import STILL_HERE, Parcel
from shop.days import midnight
from shop.models import Product
from shop.quantities import grouped

Facts = dict[str, Any]
MOST = 200  # parcels in one print: some 250 pages, a few seconds
GRAMS = 1000


def pdf(parcels: Sequence[Shipment], left_out: Iterable[str], *, day: date) -> bytes:
    """A4, tagged. The parcels come from ShipmentQuerySet.for_papers(), in the order in which they shall be packed."""
    with translation.override(settings.LANGUAGE_CODE):
        data = facts(parcels, list(left_out), day=day)
    return documents.pdf("packing", data, at=midnight(day))


def filename(day: date) -> str:
    return f"Packning-{day:%Y-%m-%d}.pdf"


def facts(parcels: Sequence[Shipment], left_out: list[str], *, day: date) -> Facts:
    return {
        "title": _("Packning %(day)s") % {"day": date_format(day, "j F Y")},
        "labels": labels(),
        "seller": seller_facts(),
        "summary": _summary(parcels),
        "left_out": left_out,
        "withdrawn": _withdrawn(parcels),
        "pick": [_picked(product, copies) for product, copies in to_pick(parcels)],
        "slips": [slip(parcel, place) for place, parcel in enumerate(parcels, 1)],
    }


def labels() -> dict[str, str]:
    return {
        "pick_list": _("Plocklista"),
        "left_out": _("Utelämnade:"),
        "withdrawn": _("Ångrade av köparen, fråga innan du packar:"),
        "shelf": _("Plats"),
        "item": _("Vara"),
        "quantity": _("Antal"),
        "parcels": _("Försändelser, i den här ordningen"),
        "place": _("Nr"),
        "number": _("Beställning"),
        "receiver": _("Mottagare"),
        "copies": _("Exemplar"),
        "weight": _("Vikt"),
        "sender": _("Avs:"),
    }


def _summary(parcels: Sequence[Shipment]) -> str:
    count = len(parcels)
    copies = sum(row.quantity for parcel in parcels for row in parcel.lines.all())
    words = ngettext("%(count)s försändelse", "%(count)s försändelser", count) % {"count": count}
    return f"{words}, {_('%(copies)s exemplar') % {'copies': grouped(copies)}}."


def _withdrawn(parcels: Sequence[Shipment]) -> list[str]:
    """Whose buyers have changed their minds since: a screen says so, and whoever packs by paper has none."""
    return list(
        dict.fromkeys(str(parcel.order.number) for parcel in parcels if parcel.order.open_withdrawals)
    )


# --- The pick list --------------------------------------------------------------------------------
def to_pick(parcels: Iterable[Shipment]) -> list[tuple[Product, int]]:
    """Each product with its copies in all the parcels, along the shelves; what has no place comes last."""
    copies: Counter[int] = Counter()
    products: dict[int, Product] = {}
    for row in (row for parcel in parcels for row in parcel.lines.all()):
        copies[row.line.product_id] += row.quantity
        products[row.line.product_id] = row.line.product
    return [(product, copies[product.pk]) for product in sorted(products.values(), key=_along_the_shelves)]


def _along_the_shelves(product: Product) -> tuple[bool, list[tuple[int, str]], str]:
    """A2 before A10."""
    parts = re.findall(r"\d+|\D+", product.shelf.upper())
    numbered = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    return (not product.shelf, numbered, product.sku)


def _picked(product: Product, copies: int) -> Facts:
    return {"shelf": product.shelf, "name": product.name, "sku": product.sku, "quantity": grouped(copies)}


# --- A slip and its label -------------------------------------------------------------------------
def slip(parcel: Shipment, place: int) -> Facts:
    order = parcel.order
    address = label_lines(parcel)
    with translation.override(order.language):
        return {
            "language": order.language,
            "place": str(place),
            "name": parcel_name(parcel),
            "bars": code128(slip_code(parcel)),
            "receiver": ", ".join(dict.fromkeys(filter(None, [address[0], unit(parcel), address[-1]]))),
            "address": address,
            "labels": slip_labels(),
            "facts": _slip_facts(parcel),
            "lines": [_line(row) for row in parcel.lines.all()],
            "later": _later(parcel),
            "greeting": order.greeting,
            "copies": grouped(sum(row.quantity for row in parcel.lines.all())),
            "weight": weight(parcel),
        }


def slip_labels() -> dict[str, str]:
    return {
        "slip": _("Följesedel"),
        "quantity": _("Antal"),
        "shelf": _("Plats"),
        "item": _("Vara"),
        "later": _("Skickas för sig:"),
        "greeting": _("Hälsning"),
        "weight": _("Vikt utan emballage:"),
        "packed_by": _("Packad av"),
        "thanks": _("Tack för att du bjuder vidare."),
    }


def _slip_facts(parcel: Shipment) -> list[tuple[str, str]]:
    """Name and value, those that have one. An organisation's own words are how it finds its purchase again."""
    order = parcel.order
    named = [
        (_("Ordernummer"), str(order.number)),
        (_("Beställt"), written_date(order.placed_at)),
        (_("Er referens"), order.reference),
        (_("Ert ordernummer"), order.purchase_order),
        (_("Leveranssätt"), order.freight_name),
    ]
    return [(name, value) for name, value in named if value]


def _line(row: Any) -> Facts:
    product = row.line.product
    return {
        "quantity": grouped(row.quantity),
        "shelf": product.shelf,
        "name": row.line.name,
        "sku": row.line.sku,
    }


def _later(parcel: Shipment) -> list[str]:
    """What else goes to the same address and has not left: `5 × Skriften om värdskap`."""
    rows = [row for other in _beside(parcel) for row in other.lines.all()]
    return [f"{grouped(row.quantity)} × {row.line.name}" for row in rows]


def _beside(parcel: Shipment) -> list[Shipment]:
    return [
        other
        for other in parcel.order.shipments.all()
        if other.pk != parcel.pk and other.state in STILL_HERE and other.delivery_id == parcel.delivery_id
    ]


def parcel_name(parcel: Shipment) -> str:
    """`VS-2026-000123`, and which of them when the order goes as several parcels: `VS-2026-000123 · 2 av 3`."""
    live = _live(parcel)
    if len(live) < 2:
        return str(parcel.order.number)
    which = _("%(place)s av %(count)s") % {"place": live.index(parcel.pk) + 1, "count": len(live)}
    return f"{parcel.order.number} · {which}"


def told_name(parcel: Shipment) -> str:
    """The name with the unit that it goes to: parcels of one order are told apart by it."""
    return ", ".join(filter(None, [parcel_name(parcel), unit(parcel)]))


def unit(parcel: Shipment) -> str:
    """`Reception`; whoever gets it when the address has no unit. Empty for an order that goes to one address."""
    return (parcel.delivery.unit or parcel.delivery.name) if parcel.delivery else ""


def slip_code(parcel: Shipment) -> str:
    """What a scanner reads off the slip: the order's number, and of several parcels which: `VS-2026-000123-17`."""
    return str(parcel.order.number) if len(_live(parcel)) < 2 else f"{parcel.order.number}-{parcel.pk}"


def _live(parcel: Shipment) -> list[int]:
    """The parcels that the order goes in, this one among them whatever it has come to."""
    rows = parcel.order.shipments.all()
    return [row.pk for row in rows if row.state != Parcel.CANCELLED or row.pk == parcel.pk]


def label_lines(parcel: Shipment) -> list[str]:
    """The address as the post wants it (sweden.md h): organisation, unit, Att:, c/o, street, `531 32 BJÖRKVIK`."""
    order, where = parcel.order, parcel.delivery or parcel.order
    unit = parcel.delivery.unit if parcel.delivery else ""
    person = f"Att: {where.name}" if where.name and (order.organisation or unit) else where.name
    post = f"{where.postal_code[:3]} {where.postal_code[3:]} {where.city.upper()}"
    lines = (order.organisation, unit, person, where.address_line2, where.address_line1, post)
    return [line for line in lines if line]


def weight(parcel: Shipment) -> str:
    """`850 g`, `2,6 kg` (half up); empty when nobody has weighed the goods."""
    grams = sum(row.quantity * row.line.product.weight_g for row in parcel.lines.all())
    if not grams:
        return ""
    tenths = Decimal((grams + GRAMS // 20) // (GRAMS // 10))
    return f"{grams} g" if grams < GRAMS else f"{number_format(tenths / 10, 1)} kg"
