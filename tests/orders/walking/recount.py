"""The database compared with the second bookkeeper's books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, Sum

from notifications.models import Message
from orders.models import Order, Refund, Withdrawal
from orders.staff.words import FulfilmentWord, PaymentWord
from shop.models import StockLevel, StockMovement
from tests.orders.walking.books import HERE, Known
from tests.orders.walking.walk import Walk


def shelf(walk: Walk) -> None:
    """Every balance is what was counted, and what is promised is what the orders hold."""
    levels = {row.product_id: (row.on_hand, row.reserved) for row in StockLevel.objects.all()}
    assert levels == {pk: (number, walk.books.promised(pk)) for pk, number in walk.books.shelf.items()}


def ledger() -> None:
    """Every balance is what its movements add up to."""
    moved = StockMovement.objects.order_by().values_list("product")
    sums = {pk: totals for pk, *totals in moved.annotate(Sum("on_hand_delta"), Sum("reserved_delta"))}
    for level in StockLevel.objects.all():
        assert sums.get(level.product_id, [0, 0]) == [level.on_hand, level.reserved]


def orders(walk: Walk, known: Iterable[Known]) -> None:
    known = list(known)
    found = _found([order.pk for order in known])
    paid_as = _by_word(Order.objects.paid_as, PaymentWord.values, found)
    come_to = _by_word(Order.objects.come_to, FulfilmentWord.values, found)
    packable = set(Order.objects.may_be_packed().filter(pk__in=list(found)).values_list("pk", flat=True))
    for order in known:
        in_sql = (paid_as[order.pk], come_to[order.pk], order.pk in packable)
        in_books = (order.payment_word, order.fulfilment_word, walk.books.may_be_packed(order))
        _same(order, found[order.pk], in_sql, in_books)
        _possible(walk, order)


def _found(pks: list[int]) -> dict[int, Any]:
    rows = Order.objects.filter(pk__in=pks)
    rows = rows.prefetch_related("payments", "shipments__lines", "refunds", "withdrawals")
    return {row.pk: row for row in rows}


def _by_word(orders: Callable[[str], Any], words: list[str], pks: Iterable[int]) -> dict[int, str]:
    """What SQL says of each order; no order has two words."""
    said: dict[int, str] = {}
    for word in words:
        found = orders(word).filter(pk__in=list(pks)).values_list("pk", flat=True)
        assert not said.keys() & set(found)
        said.update(dict.fromkeys(found, word))
    return said


def _same(order: Known, row: Any, in_sql: tuple[str, str, bool], in_books: tuple[str, str, bool]) -> None:
    """State, money, both words in Python and in SQL, the packing rule, and every parcel."""
    assert (row.state, row.paid.ore, row.refunded.ore) == (order.state, order.paid, order.back)
    assert (row.kept.ore, row.withdrawn_ore) == (order.kept, order.withdrawn_ore)
    in_python = (row.payment_word, row.fulfilment_word, row.may_be_packed)
    assert in_python == in_sql == in_books
    parcels = {
        parcel.pk: (parcel.state, {line.line_id: line.quantity for line in parcel.lines.all()})
        for parcel in row.shipments.all()
    }
    assert {
        pk: (state, copies if state != "cancelled" else {}) for pk, (state, copies) in parcels.items()
    } == {pk: (box.state, box.copies if box.state != "cancelled" else {}) for pk, box in order.boxes.items()}
    _money_is_possible(order, list(row.refunds.all()))


def _possible(walk: Walk, order: Known) -> None:
    """No order stands in a combination that means nothing."""
    inside: Counter[int] = Counter()
    for box in order.live:
        inside.update(box.copies)
    if order.state in {"placed", "cancelled"}:
        assert not order.live
    else:
        assert inside + order.struck == Counter(order.lines), "the live parcels are together the order"
        assert order.live
    if order.state == "cancelled":
        assert not +order.promised
    if order.state == "closed":
        assert {box.state for box in order.live} <= {"delivered", "returned"}
    here = Counter(dict.fromkeys(order.products.values(), 0))
    for box in order.live:
        for line, number in box.copies.items() if box.state in HERE else ():
            here[order.products[line]] += number
    if order.live:
        assert all(order.promised[product] in {0, number} for product, number in here.items())


def _money_is_possible(order: Known, refunds: list[Refund]) -> None:
    """Never more on its way back than is held, and nothing kept of what nobody will have goods for."""
    on_its_way = sum(row.amount_ore for row in refunds if row.is_open)
    if order.disputed:
        return  # a bank takes what it takes
    assert on_its_way <= order.held
    given_up = sum(row.amount_ore for row in refunds if row.state in {"failed", "cancelled"})
    owed = order.held if order.state == "cancelled" else max(0, order.held - order.kept)
    assert owed <= on_its_way + given_up


def letters(walk: Walk) -> None:
    """One confirmation for each order that came to stand, one letter for each parcel that left."""
    written = dict(Message.objects.order_by().values_list("letter").annotate(Count("pk")))
    confirmed = sum(order.was_confirmed for order in walk.books.orders.values())
    assert written.get("order-confirmation", 0) == confirmed
    assert written.get("sent", 0) == walk.books.parcels_sent
    assert written.get("withdrawal-receipt", 0) == len(walk.books.notices)
    assert written.get("withdrawal-refunded", 0) == walk.books.told_of_refund
    assert written.get("cancelled", 0) == walk.books.told_of_cancelling


def notices(walk: Walk) -> None:
    found = {row.pk: row for row in Withdrawal.objects.all()}
    for said in walk.books.notices:
        row = found[said.pk]
        assert (row.state, row.order_id, row.goods_at is not None) == (
            said.state,
            said.order,
            said.goods_here,
        )


def everything(walk: Walk) -> None:
    shelf(walk)
    ledger()
    orders(walk, walk.books.orders.values())
    letters(walk)
    notices(walk)
