"""Staff and nightly work that meet at the same moment, each with a connection of their own."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest

from orders import operations
from orders.models import Difference, Order, Withdrawal
from orders.models.reconciling import DifferenceQuerySet
from orders.operations import Found, locking
from tests.factories import NOON, FreightFactory, OrderFactory
from tests.orders.payments.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def meet(both: threading.Barrier) -> None:
    """Wait a second for the other, which may itself be waiting for a lock of ours."""
    with suppress(threading.BrokenBarrierError):
        both.wait(1)


def test_two_notices_that_change_orders_with_each_other_wait_and_do_not_deadlock(monkeypatch):
    FreightFactory()
    one, other = OrderFactory(sent=True), OrderFactory(sent=True)
    notices = [
        operations.withdraw(operations.Statement(order.name, str(order.number), order.email), now=NOON)
        for order in (one, other)
    ]
    both, lock = threading.Barrier(2), locking.lock

    def meeting(pk: int) -> Order:
        found = lock(pk)
        meet(both)
        return found

    monkeypatch.setattr(locking, "lock", meeting)
    at_once(
        lambda: operations.tie(notices[0].pk, str(other.number), actor="eva", now=NOON),
        lambda: operations.tie(notices[1].pk, str(one.number), actor="maja", now=NOON),
    )
    assert [Withdrawal.objects.get(pk=row.pk).order for row in notices] == [other, one]


def test_two_comparisons_that_find_the_same_difference_keep_it_once(monkeypatch):
    both, exclude = threading.Barrier(2), DifferenceQuerySet.exclude

    def meeting(rows: DifferenceQuerySet, *args: Any, **kwargs: Any) -> Any:
        """Both have looked for an open one before either writes."""
        meet(both)
        return exclude(rows, *args, **kwargs)

    monkeypatch.setattr(DifferenceQuerySet, "exclude", meeting)
    found = Found(Difference.Kind.PAYMENT, "pi_1", "", "104,00 kr", NOON)
    news = at_once(*[lambda: operations.note_differences([found], now=NOON)] * 2)
    assert sorted(len(new) for new in news) == [0, 1]
    assert Difference.objects.open().get().reference == "pi_1"
