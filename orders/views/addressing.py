"""Pasted delivery addresses on their way through the checkout: read, shown, reckoned into the freight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from orders import deliveries
from orders.deliveries import Sheet
from orders.models import Buyer, Order
from orders.operations.addressing import stored
from shop import pricing, quantities
from shop.basket import Basket, Row
from shop.models import Product
from shop.pricing import Priced

FIELD = "deliveries"
REVIEW, TAKE = "review", "take"  # the buttons, by the name `do`


def is_review(data: QueryDict) -> bool:
    """Whether a button was pressed that only looks at the addresses and orders nothing."""
    return data.get("do") in {REVIEW, TAKE}


def sheet_of(data: QueryDict, priced: Priced) -> Sheet | None:
    """The pasted rows of an organisation; None when there are none, or nothing that needs to be sent."""
    if data.get("buyer") not in {Buyer.COMPANY, Buyer.PUBLIC}:
        return None
    return quoted_sheet(data, priced)


def quoted_sheet(data: QueryDict, priced: Priced) -> Sheet | None:
    """The same for a quote, which is for organisations."""
    text = str(data.get(FIELD, ""))
    if not text.strip() or not priced.options:
        return None
    return deliveries.read(text, priced.lines)


def is_sent_as(order: Order, data: QueryDict) -> bool:
    """Whether the pasted rows are the several addresses of the order, none of one without."""
    text = str(data.get(FIELD, ""))
    if not order.is_organisation or not order.freight_code or not text.strip():
        return not order.deliveries.exists()
    lines: Any = list(order.lines.select_related("product"))  # alike a basket's in what is read by
    pasted = [replace(found, row=0) for found in deliveries.read(text, lines).addresses]
    return pasted == stored(order.deliveries.prefetch_related("lines"), lines)


def as_pasted(order: Order) -> str:
    """The order's several addresses as rows to paste, with a first row of names; empty when it has none."""
    lines = list(order.lines.all())
    rows = stored(order.deliveries.prefetch_related("lines"), lines)
    if not rows:
        return ""
    names = [
        _("enhet"),
        _("namn"),
        _("gatuadress"),
        "c/o",
        _("postnummer"),
        _("ort"),
        *(line.name for line in lines),
    ]
    columns = ("unit", "name", "address_line1", "address_line2", "postal_code", "city")
    cells = [
        [*(getattr(row, name) for name in columns), *(str(row.copies.get(line.sku, 0)) for line in lines)]
        for row in rows
    ]
    return "\n".join("\t".join(row) for row in [names, *cells])


def with_parcels(priced: Priced, sheet: Sheet | None, today: date) -> Priced:
    """The same goods, with the freight of each parcel by itself."""
    if sheet is None or sheet.refusal or sheet.faults:
        return priced
    return pricing.in_parcels(priced, sheet.parcels, today=today)


def not_taken(sheet: Sheet) -> list[tuple[Product, int]]:
    """What the list has and the basket has not: numbers that the product's rules do not allow."""
    counted = sheet.counted
    numbers = [(line, counted[line.product.sku]) for line in sheet.goods]
    return [(line.product, number) for line, number in numbers if number != line.quantity]


def as_listed(held: Basket, sheet: Sheet) -> Basket:
    """The basket with the list's numbers. What a product's rules do not allow is left as it was."""
    if sheet.refusal or sheet.faults:
        return held
    for line in sheet.goods:
        number = sheet.counted[line.product.sku]
        try:
            quantities.asked_for(line.product, str(number))
        except ValidationError:
            continue
        if number != line.quantity:
            held = held.put(line.product.sku, Row(number, line.product.unit_price(number).ore))
    return held
