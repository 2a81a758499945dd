"""Which copies a withdrawal takes: those that came back, those that wait here, or those that are out."""

from __future__ import annotations

from typing import Any

import pytest

from orders import operations
from orders.models import Order, Shipment, Withdrawal
from orders.states import Notice
from shop.models import StockLevel
from tests.factories import NOON, FreightFactory, OrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def freight():
    FreightFactory()


def part_sent(copies: int, *, sent: int) -> Order:
    """A paid order of so many Skriften, of which some have left and the rest waits to be packed."""
    order: Order = OrderFactory(lines={"SKRIFTEN": copies}, paid=True)
    parcel, line = order.shipments.get(), order.lines.get()
    operations.pack(parcel.pk, only={line.pk: sent}, actor="maja", now=NOON)
    operations.send(parcel.pk, tracking_number="", actor="maja", now=NOON)
    return order


def notice_of(order: Order, rows: str = "") -> Withdrawal:
    stated = operations.Statement(order.name, str(order.number), order.email, rows)
    return operations.withdraw(stated, now=NOON)


def withdraw(order: Order, copies: int, rows: str = "") -> Withdrawal:
    notice = notice_of(order, rows)
    grant(notice, copies)
    return notice


def grant(notice: Withdrawal, copies: int, **more: Any) -> None:
    line = Order.objects.get(withdrawals=notice).lines.get()
    operations.refund_withdrawal(notice.pk, {line.pk: copies}, actor="eva", now=NOON, **more)


def come_back(order: Order, copies: int) -> None:
    parcel = order.shipments.filter(state="sent").get()
    line = order.lines.get()
    operations.take_back(parcel.pk, restock={line.pk: copies}, write_off={}, actor="maja", now=NOON)


def live(order: Order) -> dict[str, int]:
    """Copies by the state of the parcel that they lie in."""
    found: dict[str, int] = {}
    for parcel in Shipment.objects.filter(order=order.pk).exclude(state="cancelled"):
        found[parcel.state] = found.get(parcel.state, 0) + sum(row.quantity for row in parcel.lines.all())
    return found


def reserved() -> int:
    return StockLevel.objects.get().reserved


def test_copies_that_came_back_are_the_withdrawn_ones_and_the_one_kept_is_still_sent():
    order = part_sent(3, sent=2)
    come_back(order, 2)
    withdraw(order, 2)
    assert live(order) == {"returned": 2, "planned": 1}
    assert reserved() == 1


def test_a_copy_that_waits_here_is_struck_before_one_that_is_out():
    order = part_sent(3, sent=2)
    withdraw(order, 1)
    assert live(order) == {"sent": 2}
    assert reserved() == 0


def test_once_the_goods_were_asked_for_those_that_are_out_are_meant():
    order = part_sent(3, sent=2)
    notice = notice_of(order)
    operations.await_goods(notice.pk, actor="eva", now=NOON)
    operations.goods_proven(notice.pk, actor="eva", now=NOON)
    grant(notice, 2)
    assert live(order) == {"sent": 2, "planned": 1}


def test_a_packed_copy_is_not_paid_back_because_others_have_left_and_been_paid_back_before():
    order = part_sent(3, sent=2)
    come_back(order, 2)
    withdraw(order, 2, "2 × Skriften om värdskap")
    operations.pack(order.shipments.get(state="planned").pk, actor="maja", now=NOON)
    second = notice_of(order, "1 × Skriften om värdskap")
    with pytest.raises(operations.StillPacked):
        grant(second, 1)
    assert Withdrawal.objects.get(pk=second.pk).state == Notice.RECEIVED


def test_the_last_copies_wherever_they_are_end_the_order_with_nothing_left_to_pack():
    order = part_sent(3, sent=2)
    withdraw(order, 3)
    assert live(order) == {"sent": 2}
    assert not Shipment.objects.to_pack().exists()
    assert reserved() == 0


def test_a_second_notice_of_rows_that_are_paid_back_gives_nothing_and_stays_to_be_set_aside():
    order = part_sent(2, sent=1)
    withdraw(order, 2)
    second = notice_of(order, "alltihop")
    with pytest.raises(operations.NothingLeft):
        grant(second, 2)
    assert Withdrawal.objects.get(pk=second.pk).state == Notice.RECEIVED
