"""Which copies a withdrawal takes: those that are back, those that wait here to be packed, or those that are out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from orders.models import Order, OrderLine, ShipmentLine, Withdrawal
from orders.states import LEFT_US, Notice, Parcel
from orders.withdrawal_sums import Copies, withdrawn_before

Places = dict[int, Counter[str]]  # OrderLine pk → parcel's state → copies


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the copies of a row are, less those that earlier notices have had the money back for."""

    waiting: int  # to be packed
    back: int
    out: int  # with the buyer or on the way there, those that are back among them

    def to_strike(self, wanted: int, *, asked_for: bool) -> int:
        """How many of the `wanted` copies are taken out of what is to be packed.

        Copies that are back are meant first; when none are, and the goods were asked for, those that are out.
        """
        meant = min(wanted, self.back or (self.out if asked_for else 0))
        return min(wanted - meant, self.waiting)

    def has(self, wanted: int) -> bool:
        """Whether so many wait or have left. The others lie in a packed parcel."""
        return wanted <= self.waiting + self.out


def asked_for_goods(notice: Withdrawal) -> bool:
    return notice.state == Notice.AWAITED


def whereabouts(notice: Withdrawal, order: Order, wanted: Copies) -> dict[int, Whereabouts]:
    """Of each row that the notice wants copies of. Reads the order's lines."""
    places, earlier = in_parcels(order), withdrawn_before(notice, order)
    return {
        line.pk: _of_row(line, places.get(line.pk, Counter()), earlier.get(line.pk, 0))
        for line in order.lines.all()
        if wanted.get(line.pk)
    }


def in_parcels(order: Order) -> Places:
    """Copies of each row by the state of the parcel they lie in; struck parcels hold none."""
    places: Places = {}
    rows = ShipmentLine.objects.filter(shipment__order=order).exclude(shipment__state=Parcel.CANCELLED)
    for line, state, copies in rows.values_list("line", "shipment__state", "quantity"):
        places.setdefault(line, Counter())[state] += copies
    return places


def _of_row(line: OrderLine, places: Counter[str], earlier: int) -> Whereabouts:
    """What is in no live parcel any more was struck; the rest of the earlier ones had left."""
    had_left = earlier - (line.quantity - places.total())
    left = sum(places[state] for state in LEFT_US)
    return Whereabouts(
        waiting=places[Parcel.PLANNED],
        back=max(0, places[Parcel.RETURNED] - had_left),
        out=left - had_left,
    )
