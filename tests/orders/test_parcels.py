"""Parcels: what lies in them, where they go, and what that does to stock and words."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from notifications.models import Message
from orders import operations
from orders.models import Delivery, DeliveryLine, Order, Shipment
from orders.operations import WrongCopies
from orders.states import Agreement, Parcel, WrongState
from shop.models import Product, StockLevel, StockMovement
from tests.factories import NOON, OrderFactory, ProductFactory, pay

pytestmark = pytest.mark.django_db

Kind = StockMovement.Kind


@pytest.fixture(autouse=True)
def shelf() -> None:
    ProductFactory.create(sku="A", on_hand=100)
    ProductFactory.create(sku="B", on_hand=100)


def order_of(**facts: object) -> Order:
    """Five of A and two of B, paid."""
    order: Order = OrderFactory(**{"lines": {"A": 5, "B": 2}, "paid": True, **facts})
    return order


def parcel(order: Order) -> Shipment:
    return order.shipments.get()


def pack(shipment: Shipment, **copies: int) -> Shipment:
    only = {line(shipment.order, sku): number for sku, number in copies.items()} if copies else None
    return operations.pack(shipment.pk, actor="maja", now=NOON, only=only)


def send(shipment: Shipment, tracking_number: str = "") -> Shipment:
    return operations.send(shipment.pk, tracking_number=tracking_number, actor="maja", now=NOON)


def deliver(shipment: Shipment) -> Shipment:
    return operations.deliver(shipment.pk, actor="maja", now=NOON)


def take_back(shipment: Shipment, restock: dict[str, int], spoilt: dict[str, int] | None = None) -> Shipment:
    return operations.take_back(
        shipment.pk,
        restock={line(shipment.order, sku): number for sku, number in restock.items()},
        write_off={line(shipment.order, sku): number for sku, number in (spoilt or {}).items()},
        actor="maja",
        now=NOON,
    )


def line(order: Order, sku: str) -> int:
    return order.lines.get(sku=sku).pk


def inside(order: Order) -> list[tuple[str, dict[str, int]]]:
    """Each parcel that is not struck: its state and its copies."""
    return [
        (row.state, dict(row.lines.values_list("line__sku", "quantity")))
        for row in order.shipments.exclude(state=Parcel.CANCELLED)
    ]


def levels() -> dict[str, tuple[int, int]]:
    rows = StockLevel.objects.values_list("product__sku", "on_hand", "reserved")
    return {sku: (on_hand, reserved) for sku, on_hand, reserved in rows}


def word(order: Order) -> str:
    return Order.objects.get(pk=order.pk).fulfilment_word


# --- Planned ----------------------------------------------------------------------------------------
def test_a_confirmed_order_has_one_parcel_with_all_of_its_copies():
    order = order_of()
    assert inside(order) == [("planned", {"A": 5, "B": 2})]
    assert parcel(order).address_lines == order.delivery_lines


def test_an_order_to_several_addresses_has_a_parcel_for_each_and_one_for_what_no_address_names():
    order = order_of(paid=False)
    for place, (unit, copies) in enumerate([("Förskolan", {"A": 2}), ("Biblioteket", {"A": 1, "B": 2})]):
        to = Delivery.objects.create(
            order=order, position=place, unit=unit, name="Ali", address_line1="Torget 1",
            postal_code="53133", city="Björkvik",
        )  # fmt: skip
        for sku, number in copies.items():
            DeliveryLine.objects.create(delivery=to, line_id=line(order, sku), quantity=number)
    pay(order)
    assert inside(order) == [("planned", {"A": 2}), ("planned", {"A": 1, "B": 2}), ("planned", {"A": 2})]
    assert [row.address_lines[0] for row in order.shipments.all()] == [
        "Förskolan",
        "Biblioteket",
        order.name,
    ]


# --- Packed and sent --------------------------------------------------------------------------------
def test_what_is_not_packed_now_becomes_a_parcel_to_pack():
    order = order_of()
    pack(parcel(order), A=3)
    assert inside(order) == [("packed", {"A": 3}), ("planned", {"A": 2, "B": 2})]
    assert word(order) == "none"
    assert [row.order for row in Shipment.objects.to_pack()] == [order]


def test_each_parcel_takes_its_own_copies_from_the_shelf():
    order = order_of()
    send(pack(parcel(order), A=3))
    assert levels() == {"A": (97, 2), "B": (100, 2)}
    send(pack(order.shipments.get(state=Parcel.PLANNED)))
    assert levels() == {"A": (95, 0), "B": (98, 0)}
    assert word(order) == "sent"
    assert Message.objects.filter(letter="sent").count() == 2


@pytest.mark.parametrize("copies", [{"A": 6}, {"A": 0}, {"A": -1}, {"A": 3, "B": -1}])
def test_copies_that_are_not_there_are_not_packed(copies):
    order = order_of()
    with pytest.raises(WrongCopies):
        pack(parcel(order), **copies)
    assert inside(order) == [("planned", {"A": 5, "B": 2})]


def test_copies_of_another_order_are_not_packed():
    order, other = order_of(), order_of()
    with pytest.raises(WrongCopies):
        operations.pack(parcel(order).pk, actor="maja", now=NOON, only={line(other, "A"): 1})


def test_unpacking_puts_what_waits_for_the_same_address_together_again():
    order = order_of()
    packed = pack(parcel(order), A=3)
    for _again in range(2):
        operations.unpack(packed.pk, actor="maja", now=NOON)
    assert inside(order) == [("planned", {"A": 5, "B": 2})]
    assert order.shipments.get(state=Parcel.PLANNED).packed_at is None


def test_a_parcel_that_has_left_is_not_unpacked():
    sent = send(pack(parcel(order_of())))
    with pytest.raises(WrongState):
        operations.unpack(sent.pk, actor="maja", now=NOON)


def test_each_step_again_changes_nothing():
    order = order_of()
    for _again in range(2):
        pack(parcel(order))
    for _again in range(2):
        send(parcel(order), "123")
    for _again in range(2):
        deliver(parcel(order))
    for _again in range(2):
        take_back(parcel(order), {"A": 5, "B": 2})
    moves = order.history.filter(machine="shipment").values_list("new", flat=True)
    assert list(moves) == ["packed", "sent", "delivered", "returned"]
    assert levels() == {"A": (100, 0), "B": (100, 0)}


# What went back of the money, in öre or all of it, and whether goods still leave for it.
WENT_BACK = [
    ([("refund", 1)], True),  # goodwill: a price taken down
    ([("refund", -1)], True),
    ([("refund", 0)], False),
    ([("refund", 1), ("reversal", 1)], True),
    ([("refund", 0), ("reversal", 0)], True),
    ([("chargeback", 1)], False),
    ([("chargeback", 0)], False),
    ([("refund", 1), ("chargeback", 1)], False),
    ([("chargeback", 1), ("reinstated", 1)], True),
    ([("refund", 1), ("chargeback", 1), ("reinstated", 1)], True),
    ([("chargeback", 2), ("reinstated", 1)], False),
]


def go_back(order: Order, lines: list[tuple[str, int]]) -> None:
    """`0` is all of it, less than zero all but so much."""
    for place, (kind, ore) in enumerate(lines):
        sum_ore = ore if ore > 0 else order.total.ore + ore
        order.payments.create(kind=kind, amount_ore=sum_ore, reference=f"re_{place}", at=NOON)


@pytest.mark.parametrize(("lines", "goes"), WENT_BACK, ids=lambda value: str(value))
def test_a_part_that_we_gave_back_stops_no_parcel_but_all_of_it_does_and_what_a_bank_took(lines, goes):
    order = order_of()
    go_back(order, lines)
    assert Order.objects.may_be_packed().filter(pk=order.pk).exists() is goes
    with nullcontext() if goes else pytest.raises(WrongState):
        send(pack(parcel(order)))


@pytest.mark.parametrize(("kind", "all_but"), [("refund", 0), ("chargeback", 1)])
def test_an_order_whose_money_went_back_after_packing_does_not_leave(kind, all_but):
    order = order_of()
    pack(parcel(order))
    order.payments.create(kind=kind, amount_ore=order.total.ore - all_but, reference="re_1", at=NOON)
    with pytest.raises(WrongState):
        send(parcel(order))


# --- Delivered and returned -------------------------------------------------------------------------
def test_what_comes_back_is_sold_again_or_written_off():
    order = order_of()
    sent = deliver(send(pack(parcel(order))))
    take_back(sent, {"A": 4, "B": 2}, {"A": 1})
    assert levels() == {"A": (99, 0), "B": (100, 0)}
    booked = StockMovement.objects.filter(cause=sent.cause, product__sku="A").order_by("pk")
    assert list(booked.values_list("kind", "on_hand_delta")) == [
        (Kind.HAND_OVER, -5),
        (Kind.RETURN, 5),
        (Kind.WRITE_OFF, -1),
    ]
    assert word(order) == "returned"


def test_what_the_buyer_keeps_stays_delivered_in_a_parcel_of_its_own():
    order = order_of()
    take_back(deliver(send(pack(parcel(order)), "123")), {"A": 2})
    assert inside(order) == [("returned", {"A": 2}), ("delivered", {"A": 3, "B": 2})]
    assert word(order) == "delivered"
    kept = order.shipments.get(state=Parcel.DELIVERED)
    assert kept.tracking_number == "123"
    take_back(kept, {"B": 2}, {"A": 3})
    assert levels() == {"A": (97, 0), "B": (100, 0)}
    assert word(order) == "returned"


def test_a_parcel_comes_back_that_never_reached_its_buyer():
    order = order_of()
    take_back(send(pack(parcel(order))), {"A": 5, "B": 2})
    assert (word(order), levels()["A"]) == ("returned", (100, 0))


@pytest.mark.parametrize("back", [{}, {"A": 6}, {"A": -1, "B": 2}])
def test_no_more_comes_back_than_left(back):
    sent = send(pack(parcel(order_of())))
    with pytest.raises(WrongCopies):
        take_back(sent, back)
    assert levels()["A"] == (95, 0)


def test_a_parcel_that_is_here_cannot_come_back():
    packed = pack(parcel(order_of()))
    with pytest.raises(WrongState):
        take_back(packed, {"A": 1})


@pytest.mark.parametrize("counted", [(True, False), (False, True)], ids=["no longer", "not yet"])
def test_the_ledger_adds_up_though_staff_stop_or_begin_counting_between(counted):
    """What was promised leaves and comes back by the ledger; what never was moves nothing."""
    then, now = counted
    Product.objects.update(counted=then)
    sent = send(pack(parcel(order_of())))
    Product.objects.update(counted=now)
    take_back(sent, {"A": 3, "B": 2}, {"A": 2})
    assert levels() == {"A": (98 if then else 100, 0), "B": (100, 0)}


# --- Called off -------------------------------------------------------------------------------------
def test_an_order_of_which_a_parcel_has_left_is_not_called_off():
    order = order_of()
    send(pack(parcel(order), A=3))
    with pytest.raises(WrongState):
        operations.cancel(order.pk, actor="maja", cause="för sent", now=NOON)
    assert levels() == {"A": (97, 2), "B": (100, 2)}


def test_calling_off_strikes_all_parcels_and_gives_all_copies_back():
    order = order_of()
    pack(parcel(order), A=3)
    operations.cancel(order.pk, actor="maja", cause="ångrat sig", now=NOON)
    assert Order.objects.get(pk=order.pk).state == Agreement.CANCELLED
    assert inside(order) == []
    assert levels() == {"A": (100, 0), "B": (100, 0)}
