"""What the buyer of an order has: the copies that can be complained of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from orders.models import ComplaintLine, Order, OrderLine
from orders.states import Fault, Parcel
from orders.withdrawal_sums import withdrawn_before
from orders.withdrawn_copies import in_parcels

Copies = Mapping[int, int]  # OrderLine pk → number of copies


def with_buyer(order: Order) -> dict[int, int]:
    """Copies of each row that have left us, less those that are back and those whose money was given back.

    One that was complained of before is among them: a further fault in it is a further complaint
    (konsumentköplagen 2022:260, 4 and 5 kap.). Rows without any are left out.
    """
    places, withdrawn = in_parcels(order), withdrawn_before(None, order)
    numbers = {
        line.pk: _of_row(line, places.get(line.pk, Counter()), withdrawn.get(line.pk, 0))
        for line in order.lines.all()
    }
    return {pk: number for pk, number in numbers.items() if number > 0}


def _of_row(line: OrderLine, places: Counter[str], withdrawn: int) -> int:
    """What is in no live parcel any more was struck: withdrawn from before it left."""
    struck = line.quantity - places.total()
    paid_back_but_kept = max(0, withdrawn - struck - places[Parcel.RETURNED])
    return places[Parcel.SENT] + places[Parcel.DELIVERED] - paid_back_but_kept


def waiting_for_answer(order: Order) -> dict[int, int]:
    """Copies of each row in complaints that nobody has answered, each counted as often as it was complained of."""
    counted: Counter[int] = Counter()
    rows = ComplaintLine.objects.filter(line__order=order, complaint__state=Fault.OPEN)
    for line, copies in rows.values_list("line", "quantity"):
        counted[line] += copies
    return dict(counted)


def in_words(order: Order, copies: Copies) -> str:
    """`2 × Skriften om värdskap` a line, as the buyer knows it."""
    return "\n".join(f"{copies[line.pk]} × {line.name}" for line in order.lines.all() if copies.get(line.pk))
