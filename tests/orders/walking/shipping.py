"""Steps of parcels and of the shelf."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from orders import operations
from orders.operations import WrongCopies
from orders.states import WrongState
from shop import stock
from shop.models import Product
from tests.orders.walking.books import Box, Copies, Known
from tests.orders.walking.walk import Refusal, Walk


def pack(walk: Walk) -> None:
    """All of it, a part of it, or more than there is."""
    if not (found := walk.a_box()):
        return
    order, pk, box = found
    only = walk.some_of(box.copies) if box.copies and walk.chance(0.4) else None
    too_many = bool(only) and walk.chance(0.2)
    if only and too_many:
        only = {line: number + box.copies[line] for line, number in only.items()}
    act = lambda: operations.pack(pk, actor="maja", now=walk.now, only=only)  # noqa: E731
    words = f"pack {only or 'all'} of {pk} {box.state} {box.copies} of {order.pk} {order.state}"
    if box.state == "packed":
        walk.nothing_comes_of(words, act)
        return
    refused: Refusal = None if walk.books.may_be_packed(order) and box.state == "planned" else WrongState
    if walk.does(words, act, refused or (WrongCopies if too_many else None)):
        box.state = "packed"
        _split(walk, order, box, only, "planned")


def _split(walk: Walk, order: Known, box: Box, kept: Copies | None, rest_is: str) -> None:
    rest = Counter(box.copies)
    rest.subtract(kept if kept is not None else box.copies)
    box.copies = kept if kept is not None else box.copies
    walk.adopt_boxes(order, [Box(rest_is, dict(+rest), box.to)] if +rest else [])


def unpack(walk: Walk) -> None:
    if not (found := walk.a_box()):
        return
    order, pk, box = found
    act = lambda: operations.unpack(pk, actor="maja", now=walk.now)  # noqa: E731
    words = f"unpack {pk} {box.state} of {order.pk}"
    if box.state == "planned":
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, None if box.state == "packed" else WrongState):
        box.state = "planned"
        for other in order.live:
            if other is not box and (other.to, other.state) == (box.to, "planned"):
                box.copies = dict(Counter(box.copies) + Counter(other.copies))
                other.state, other.copies = "cancelled", {}


def send(walk: Walk) -> None:
    if not (found := walk.a_box()):
        return
    order, pk, box = found
    tracking = box.tracking if box.state == "sent" and walk.chance(0.5) else f"{walk.number}SE"
    act = lambda: operations.send(pk, tracking_number=tracking, actor="maja", now=walk.now)  # noqa: E731
    words = f"send {pk} {box.state} {box.copies} of {order.pk} {order.state}"
    if (box.state, box.tracking) == ("sent", tracking):
        walk.nothing_comes_of(words, act)
    elif walk.does(
        words, act, None if walk.books.may_be_packed(order) and box.state == "packed" else WrongState
    ):
        box.state, box.tracking = "sent", tracking
        walk.books.hand_over(order, box)
        walk.books.parcels_sent += 1


def deliver(walk: Walk) -> None:
    if not (found := walk.a_box()):
        return
    order, pk, box = found
    act = lambda: operations.deliver(pk, actor="maja", now=walk.now)  # noqa: E731
    words = f"deliver {pk} {box.state} of {order.pk}"
    if box.state == "delivered":
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, None if box.state == "sent" else WrongState):
        box.state = "delivered"


def take_back(walk: Walk) -> None:
    """All or some of it, fit to sell or not; or more than it held."""
    if not (found := walk.a_box()):
        return
    order, pk, box = found
    back = some_back(walk, box)

    def act() -> None:
        operations.take_back(pk, restock=back.restock, write_off=back.spoilt, actor="maja", now=walk.now)

    words = f"take back {back} of {pk} {box.state} {box.copies} of {order.pk}"
    if box.state == "returned":
        walk.nothing_comes_of(words, act)
    elif walk.does(words, act, back.refused(box)):
        came_back(walk, order, box, back)


@dataclass
class Back:
    """Copies that are said to have come back."""

    restock: Copies
    spoilt: Copies
    too_many: bool

    def refused(self, box: Box) -> Refusal:
        if box.state not in {"sent", "delivered"}:
            return WrongState
        return WrongCopies if self.too_many else None


def some_back(walk: Walk, box: Box) -> Back:
    came = walk.some_of(box.copies) if box.copies and walk.chance(0.6) else dict(box.copies)
    spoilt = {line: walk.die.randint(0, number) for line, number in came.items()}
    restock = {line: number - spoilt[line] for line, number in came.items()}
    too_many = bool(came) and walk.chance(0.15)
    if too_many:
        restock[next(iter(came))] += box.copies[next(iter(came))]
    return Back(restock, spoilt, too_many)


def came_back(walk: Walk, order: Known, box: Box, back: Back) -> None:
    walk.books.take_back(order, back.restock, back.spoilt)
    before, box.state = box.state, "returned"
    _split(walk, order, box, dict(Counter(back.restock) + Counter(back.spoilt)), before)
    for twin in order.live:
        if not twin.tracking and twin.state == before:
            twin.tracking = box.tracking


# --- The shelf --------------------------------------------------------------------------------------
def count_in(walk: Walk) -> None:
    product, number = walk.a_product(), walk.die.randint(1, 12)
    cause = f"leverans {walk.number}"
    walk.does(
        f"count {number} of {product} in",
        lambda: stock.count_in({product: number}, cause=cause, actor="maja", at=walk.now),
    )
    if walk.books.counted[product]:
        walk.books.shelf[product] += number


def write_off(walk: Walk) -> None:
    product, number = walk.a_product(), walk.die.randint(1, 6)
    counted = walk.books.counted[product]
    promised = counted and walk.books.available(product) < number
    cause = f"vatten {walk.number}"
    done = walk.does(
        f"write {number} of {product} off",
        lambda: stock.write_off({product: number}, cause=cause, actor="maja", at=walk.now),
        stock.StillPromised if promised else None,
    )
    if done and counted:
        walk.books.shelf[product] -= number


def correct(walk: Walk) -> None:
    product = walk.a_product()
    number = max(0, walk.books.shelf[product] + walk.die.randint(-5, 5))
    counted = walk.books.counted[product]
    promised = counted and number < walk.books.promised(product)
    cause = f"räknat {walk.number}"
    done = walk.does(
        f"correct {product} to {number}",
        lambda: stock.correct({product: number}, cause=cause, actor="maja", at=walk.now),
        stock.StillPromised if promised else None,
    )
    if done and counted:
        walk.books.shelf[product] = number


def begin_or_stop_counting(walk: Walk) -> None:
    product = walk.a_product()
    counted = not walk.books.counted[product]
    walk.say(f"counting of {product}: {counted}")
    Product.objects.filter(pk=product).update(counted=counted)
    walk.books.counted[product] = counted


STEPS = {
    pack: 14,
    unpack: 2,
    send: 12,
    deliver: 9,
    take_back: 5,
    count_in: 5,
    write_off: 2,
    correct: 2,
    begin_or_stop_counting: 1,
}
