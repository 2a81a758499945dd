"""What goes back to a buyer who withdraws, to the öre (DAL 2 kap. 14 §; sweden.md b; docs/adr/0025)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from orders.models import Order, OrderLine, Shipment, Withdrawal, WithdrawnLine
from shop.models import FreightMethod
from shop.money import ZERO, Money, total

Copies = Mapping[int, int]  # OrderLine pk → number of copies


@dataclass(frozen=True, slots=True)
class Row:
    line: OrderLine
    quantity: int
    gross: Money


@dataclass(frozen=True, slots=True)
class Proposal:
    """The whole price of the rows, and the freight when nothing of the order is kept."""

    rows: list[Row]
    freight: Money
    nothing_kept: bool

    @property
    def goods(self) -> Money:
        return total([row.gross for row in self.rows])

    @property
    def total(self) -> Money:
        return self.goods + self.freight

    def less(self, deduction: Money) -> Money:
        return self.total - deduction


def proposal(notice: Withdrawal, order: Order, copies: Copies) -> Proposal:
    """Sums for so many copies of each row. Copies beyond what is left of a row are not counted.

    Freight goes back with the notice that takes the last copy: the law asks for it when the contract as a whole is
    withdrawn from, and two notices that together do so are no less.
    """
    earlier = withdrawn_before(notice, order)
    lines = list(order.lines.all())
    rows = [_row(line, copies.get(line.pk, 0), earlier.get(line.pk, 0)) for line in lines]
    whole = all(earlier.get(row.line.pk, 0) + row.quantity >= row.line.quantity for row in rows)
    taken = [row for row in rows if row.quantity]
    nothing_kept = whole and bool(taken)
    return Proposal(taken, _freight_back(order) if nothing_kept else ZERO, nothing_kept)


def goes_back(order: Order, wanted: Money) -> Money:
    """So much of the sum as has been paid: what is still owed is taken off it first, and no more than we hold goes.

    Ask before the withdrawal is booked.
    """
    unpaid = Money(max(0, order.kept.ore - order.paid.ore))
    return max(ZERO, min(wanted - unpaid, order.may_be_sent_back))


def withdrawn_before(notice: Withdrawal | None, order: Order) -> dict[int, int]:
    """Copies of each row that other notices than this one, if any, have had the money back for."""
    counted: dict[int, int] = {}
    others = Q(withdrawal=notice) if notice else Q(pk=None)
    for row in WithdrawnLine.objects.filter(line__order=order).exclude(others):
        counted[row.line_id] = counted.get(row.line_id, 0) + row.quantity
    return counted


def _row(line: OrderLine, wanted: int, before: int) -> Row:
    """Shares are cut from the row's whole sum, so that the shares of a row always add up to it."""
    quantity = max(0, min(wanted, line.quantity - before))
    upto = line.gross_ore * (before + quantity) // line.quantity
    return Row(line, quantity, Money(upto - line.gross_ore * before // line.quantity))


def price_of(parcel: Shipment) -> Money:
    """What the copies in a parcel were bought for, without freight: at most what we hold. Reads its lines."""
    shares = [Money(row.line.gross_ore * row.quantity // row.line.quantity) for row in parcel.lines.all()]
    return min(total(shares), parcel.order.may_be_sent_back)


def _freight_back(order: Order) -> Money:
    """All of it while nothing has left: nobody has carried anything."""
    return cheapest_freight(order) if order.has_left else order.freight


def cheapest_freight(order: Order) -> Money:
    """The cheapest way of sending that was on offer for this order, never more than was paid.

    Who chose a dearer way bears the difference (DAL 2 kap. 14 §). A way without a price table on that day was
    not on offer, though it is now. What was switched off since is not known: then the buyer gets what was paid.
    """
    day = timezone.localdate(order.placed_at, settings.STOCKHOLM)
    parcels = _parcels(order)
    offered = [method for method in _offered() if method.table(day)]
    prices = [total([method.price(*parcel, day) for parcel in parcels]) for method in offered]
    return min([order.freight, *prices])


def _offered() -> list[FreightMethod]:
    return list(FreightMethod.objects.filter(active=True).prefetch_related("prices"))


def _parcels(order: Order) -> list[tuple[int, Money]]:
    """Grams and price of what goes to each address, and to the order's own: each was charged for by itself."""
    left = {line.pk: line.quantity for line in order.lines.all()}
    parcels = []
    for delivery in order.deliveries.prefetch_related("lines"):
        copies = {row.line_id: row.quantity for row in delivery.lines.all()}
        left = {pk: number - copies.get(pk, 0) for pk, number in left.items()}
        parcels.append(copies)
    lines = {line.pk: line for line in OrderLine.objects.filter(order=order).select_related("product")}
    return [_weighed(lines, copies) for copies in [*parcels, left] if any(copies.values())]


def _weighed(lines: dict[int, OrderLine], copies: Copies) -> tuple[int, Money]:
    rows = [(lines[pk], number) for pk, number in copies.items()]
    grams = sum(line.product.weight_g * number for line, number in rows)
    return grams, total([Money(line.gross_ore * number // line.quantity) for line, number in rows])


_ROW = re.compile(r"\s*(\d{1,7})\s*(?:×|x|st)\s+(.+?)\s*", re.IGNORECASE)


def stated_copies(notice: Withdrawal, order: Order) -> dict[int, int]:
    """What the notice seems to say, row by row: all that is left, or the rows that it names by number and name.

    Free words give nothing; then staff write the numbers.
    """
    earlier = withdrawn_before(notice, order)
    lines = list(order.lines.all())
    left = {line.pk: line.quantity - earlier.get(line.pk, 0) for line in lines}
    if not notice.rows:
        return left
    named = {line.name.casefold(): line.pk for line in lines}
    found = [match.groups() for row in notice.rows.splitlines() if (match := _ROW.fullmatch(row))]
    said = [(named.get(name.casefold()), int(number)) for number, name in found]
    return {pk: min(number, left[pk]) for pk, number in said if pk is not None}
