"""An order closes of itself when nothing more is expected of it, and not a day before."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings

from orders import operations, tasks
from orders.models import Complaint, Dispute, Order
from orders.payments import sweep
from orders.states import Agreement, Fault, Parcel, RefundState
from shop.money import Money
from tests.factories import NOON, OrderFactory, pay

pytestmark = pytest.mark.django_db

# Delivered on Monday 23 November 2026: to withdraw until 7 December, to send the goods until the 21st.
LAST_DAY = date(2026, 12, 21)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), settings.STOCKHOLM)


AFTER = noon(LAST_DAY + timedelta(days=1))


def closes(order: Order, at: datetime = AFTER) -> bool:
    sweep.close_ended(now=at)
    return Order.objects.get(pk=order.pk).state == Agreement.CLOSED


def take_back(order: Order) -> None:
    for parcel in order.shipments.all():
        copies = dict(parcel.lines.values_list("line", "quantity"))
        operations.take_back(parcel.pk, restock=copies, write_off={}, actor="maja", now=NOON)


def test_a_delivered_and_paid_order_closes_when_the_goods_can_no_longer_come_back():
    order = OrderFactory(delivered=True)
    assert not closes(order, noon(LAST_DAY))
    assert closes(order)
    last = order.history.last()
    assert last
    assert (last.new, last.actor) == ("closed", "systemet")


def test_closing_twice_is_closing_once():
    order = OrderFactory(delivered=True)
    assert operations.close(order.pk, now=AFTER)
    assert not operations.close(order.pk, now=AFTER)
    assert order.history.filter(new="closed").count() == 1


@pytest.mark.parametrize("stage", ["paid", "packed", "sent"])
def test_an_order_with_a_parcel_on_its_way_stays_open(stage):
    assert not closes(OrderFactory(**{stage: True}))


def test_an_order_of_which_one_parcel_has_come_stays_open():
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 2})
    first = order.shipments.get()
    only = {order.lines.get().pk: 1}
    operations.pack(first.pk, actor="maja", now=NOON, only=only)
    operations.send(first.pk, tracking_number="", actor="maja", now=NOON)
    operations.deliver(first.pk, actor="maja", now=NOON)
    assert not closes(order)


def test_an_unpaid_invoice_keeps_its_order_open():
    order = OrderFactory(on_invoice=True, delivered=True)
    Order.objects.get(pk=order.pk).payments.all().delete()
    assert not closes(order)
    pay(order)
    assert closes(order)


def test_money_that_is_to_go_back_keeps_the_order_open():
    order = OrderFactory(delivered=True)
    pay(order, ore=500, reference="för mycket")
    assert not closes(order)
    operations.refund_done(order.refunds.get().pk, actor="ekonomen", now=NOON)
    assert closes(order)


def test_an_order_that_came_back_closes_when_its_money_has_gone_back():
    order = OrderFactory(delivered=True)
    take_back(order)
    assert not closes(order)
    held = Order.objects.get(pk=order.pk).held
    assert held > Money(0)
    refund = operations.plan_refund(
        operations.lock(order.pk), key="åter", amount=held, reason="ångrat", actor="ekonomen", now=NOON
    )
    assert refund
    assert not closes(order)
    operations.refund_done(refund.pk, actor="ekonomen", now=NOON)
    assert closes(order)


def test_a_cancelled_order_is_not_closed():
    order = OrderFactory(paid=True)
    operations.cancel(order.pk, actor="maja", cause="ångrat sig", now=NOON)
    assert not closes(order)


def test_the_nightly_task_asks_the_clock():
    order = OrderFactory(delivered=True)
    order.shipments.update(delivered_at=NOON - timedelta(days=400))
    tasks.close_ended_orders()
    assert Order.objects.get(pk=order.pk).state == Agreement.CLOSED
    assert order.shipments.get().state == Parcel.DELIVERED


def test_a_notice_of_withdrawal_that_nobody_has_judged_keeps_the_order_open():
    order = OrderFactory(delivered=True)
    statement = operations.Statement(order.name, str(order.number), order.email)
    notice = operations.withdraw(statement, now=NOON)
    assert not closes(order)
    operations.refuse_withdrawal(notice.pk, "Förseglingen är bruten.", actor="maja", now=NOON)
    assert closes(order)


def test_a_complaint_that_nobody_has_answered_keeps_the_order_open():
    order = OrderFactory(delivered=True)
    fault = {"rows": "Skriften", "fault": "Lösa blad", "written_by": "maja"}
    complaint = Complaint.objects.create(order=order, received_at=NOON, **fault)
    assert not closes(order)
    complaint.state = Fault.SETTLED
    complaint.save()
    assert closes(order)


def test_a_refund_that_failed_keeps_the_order_open():
    order = OrderFactory(delivered=True)
    order.refunds.create(
        key="rabatt", amount_ore=100, reason="rabatt", state=RefundState.FAILED, created_at=NOON
    )
    assert not closes(order)


def test_a_disputed_payment_keeps_the_order_open():
    order = OrderFactory(delivered=True)
    dispute = Dispute.objects.create(
        order=order,
        payment=order.payments.get(),
        gateway_id="du_1",
        amount_ore=100,
        reason="fraudulent",
        status=Dispute.Status.NEEDS_RESPONSE,
        opened_at=NOON,
    )
    assert not closes(order)
    dispute.status = Dispute.Status.WON
    dispute.save()
    assert closes(order)
