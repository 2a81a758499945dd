"""Every operation on every state of its machine: done, nothing to do, or refused without a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from notifications.models import Message
from orders import operations
from orders.models import HistoryLine, Order, Payment, Refund, Shipment, ShipmentLine
from orders.states import Agreement, Parcel, WrongState, move
from shop.models import StockLevel, StockMovement
from tests.factories import NOON, OrderFactory, pay

pytestmark = pytest.mark.django_db

DONE, SAME, REFUSED = "done", "same", "refused"
LATER = NOON + timedelta(hours=1)


def copies(parcel: Shipment) -> dict[int, int]:
    return dict(parcel.lines.values_list("line", "quantity"))


ON_PARCELS: dict[str, Callable[[Shipment], Any]] = {
    "pack": lambda parcel: operations.pack(parcel.pk, actor="maja", now=LATER),
    "unpack": lambda parcel: operations.unpack(parcel.pk, actor="maja", now=LATER),
    "send": lambda parcel: operations.send(parcel.pk, tracking_number="1", actor="maja", now=LATER),
    "deliver": lambda parcel: operations.deliver(parcel.pk, actor="maja", now=LATER),
    "take back": lambda parcel: operations.take_back(
        parcel.pk, restock=copies(parcel), write_off={}, actor="maja", now=LATER
    ),
    "cancel the order": lambda parcel: operations.cancel(
        parcel.order_id, actor="maja", cause="ångrat sig", now=LATER
    ),
}
# What each does, by the parcel's state: planned, packed, sent, delivered, returned, cancelled.
PARCELS = (Parcel.PLANNED, Parcel.PACKED, Parcel.SENT, Parcel.DELIVERED, Parcel.RETURNED, Parcel.CANCELLED)
EXPECTED = {
    "pack": (DONE, SAME, REFUSED, REFUSED, REFUSED, REFUSED),
    "unpack": (SAME, DONE, REFUSED, REFUSED, REFUSED, REFUSED),
    "send": (REFUSED, DONE, SAME, REFUSED, REFUSED, REFUSED),
    "deliver": (REFUSED, REFUSED, DONE, SAME, REFUSED, REFUSED),
    "take back": (REFUSED, REFUSED, DONE, DONE, SAME, REFUSED),
    "cancel the order": (DONE, DONE, REFUSED, REFUSED, REFUSED, SAME),
}


def everything() -> list[Any]:
    """All that an operation on an order may change."""
    return [
        list(model._default_manager.order_by("pk").values_list())
        for model in (Order, Shipment, ShipmentLine, HistoryLine, Payment, Refund, StockLevel, StockMovement)
    ] + [Message.objects.count()]


def outcome(act: Callable[[], Any]) -> str:
    """What the act did; taken back afterwards, so that the next is tried on the same rows."""
    with transaction.atomic():
        before = everything()
        try:
            with transaction.atomic():
                act()
        except WrongState:
            assert everything() == before
            return REFUSED
        changed = everything() != before
        transaction.set_rollback(True)
    return DONE if changed else SAME


def parcel_in(state: Parcel) -> Shipment:
    goes = {"packed": ("pack",), "sent": ("pack", "send"), "delivered": ("pack", "send", "deliver")}
    name = "delivered" if state == Parcel.RETURNED else str(state)
    order = OrderFactory(paid=True, goes=goes.get(name, ()), tracking_number="1")
    parcel: Shipment = order.shipments.get()
    if state == Parcel.RETURNED:
        ON_PARCELS["take back"](parcel)
    elif state == Parcel.CANCELLED:
        ON_PARCELS["cancel the order"](parcel)
    parcel.refresh_from_db()
    assert parcel.state == state
    return parcel


@pytest.mark.parametrize(("place", "state"), list(enumerate(PARCELS)), ids=PARCELS)
def test_every_operation_on_a_parcel_in_this_state(place, state):
    parcel = parcel_in(state)
    found = {name: outcome(partial(act, parcel)) for name, act in ON_PARCELS.items()}
    assert found == {name: by_state[place] for name, by_state in EXPECTED.items()}


# --- Agreements -----------------------------------------------------------------------------------
ON_AGREEMENTS: dict[str, Callable[[Order], Any]] = {
    "cancel": lambda order: operations.cancel(order.pk, actor="maja", cause="ångrat sig", now=LATER),
    "lapse": lambda order: operations.lapse(order.pk, now=LATER),
    "abandon": lambda order: operations.abandon(order.pk, now=LATER),
    "try to pay": lambda order: operations.attempt_to_pay(order.pk, now=NOON),
    "close": lambda order: operations.close(order.pk, now=NOON + timedelta(days=90)),
}
# By the agreement's state: placed, confirmed and come, closed, cancelled. A placed order has its attempt already.
EXPECTED_OF_AGREEMENTS = {
    "cancel": (DONE, REFUSED, REFUSED, SAME),
    "lapse": (DONE, SAME, SAME, SAME),
    "abandon": (DONE, SAME, SAME, SAME),
    "try to pay": (SAME, SAME, SAME, SAME),
    "close": (SAME, DONE, SAME, SAME),
}


def order_in(state: Agreement) -> Order:
    order: Order = OrderFactory(delivered=state in {Agreement.CONFIRMED, Agreement.CLOSED})
    if state == Agreement.CLOSED:
        ON_AGREEMENTS["close"](order)
    elif state == Agreement.CANCELLED:
        ON_AGREEMENTS["cancel"](order)
    order.refresh_from_db()
    assert order.state == state
    return order


AGREEMENTS = (Agreement.PLACED, Agreement.CONFIRMED, Agreement.CLOSED, Agreement.CANCELLED)


@pytest.mark.parametrize(("place", "state"), list(enumerate(AGREEMENTS)), ids=AGREEMENTS)
def test_every_operation_on_an_agreement_in_this_state(place, state):
    order = order_in(state)
    found = {name: outcome(partial(act, order)) for name, act in ON_AGREEMENTS.items()}
    assert found == {name: by_state[place] for name, by_state in EXPECTED_OF_AGREEMENTS.items()}


@pytest.mark.parametrize("state", [Agreement.PLACED, Agreement.CANCELLED, Agreement.CLOSED])
def test_nothing_is_packed_of_an_order_that_does_not_stand(state):
    parcel = parcel_in(Parcel.PLANNED)
    Order.objects.filter(pk=parcel.order_id).update(state=state)
    assert outcome(lambda: ON_PARCELS["pack"](parcel)) == REFUSED


@pytest.mark.parametrize("name", ON_PARCELS)
def test_what_an_operation_notes_has_the_operations_time_whatever_the_clock_says(name):
    states = [state for state, found in zip(PARCELS, EXPECTED[name], strict=True) if found == DONE]
    parcel = parcel_in(states[0])
    known = set(HistoryLine.objects.values_list("pk", flat=True))
    ON_PARCELS[name](parcel)
    noted = HistoryLine.objects.exclude(pk__in=known)
    assert {line.at for line in noted} == {LATER}


def test_the_last_word_on_an_agreement_is_the_one_written_last_whatever_its_time():
    order = OrderFactory(method="card")
    operations.lapse(order.pk, now=LATER)
    pay(order, at=LATER, ore=order.total.ore)
    operations.cancel(order.pk, actor="maja", cause="ångrat sig", now=NOON)  # a clock that is behind
    pay(order, at=LATER, ore=order.total.ore, reference="igen")
    assert Order.objects.get(pk=order.pk).state == Agreement.CANCELLED


def test_a_move_tells_the_order_who_when_and_why():
    parcel = parcel_in(Parcel.PLANNED)
    move(parcel, Parcel.PACKED, actor="maja", cause="packning", now=LATER)
    last = parcel.order.history.last()
    assert last
    assert (last.machine, last.old, last.new, last.actor, last.at, last.cause) == (
        "shipment",
        "planned",
        "packed",
        "maja",
        LATER,
        "packning",
    )
