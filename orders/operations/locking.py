"""The row lock that every operation takes first, and who acts when no member of staff does."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from orders.models import Order, Quote, Shipment

BUYER = "köparen"
SYSTEM = "systemet"
# The first half of an advisory lock's key: what it is about.
CUSTOMERS, INBOXES = 4101, 4102


def lock(pk: int) -> Order:
    """The order with its row locked until the transaction ends. Raises Order.DoesNotExist."""
    return Order.objects.select_for_update(of=("self",)).get(pk=pk)


def lock_all(pks: Iterable[int]) -> dict[int, Order]:
    """Several orders with their rows locked, the first one first: two who want the same ones do not cross.

    Raises Order.DoesNotExist.
    """
    return {pk: lock(pk) for pk in sorted(set(pks))}


def lock_by_shipment(pk: int) -> Shipment:
    """The parcel as it is once its order's row is locked. Raises Shipment.DoesNotExist."""
    order = lock(Shipment.objects.values_list("order_id", flat=True).get(pk=pk))
    return order.shipments.select_related("delivery").get(pk=pk)


def lock_quote(pk: int) -> Quote:
    """The quote with its row locked until the transaction ends. Raises Quote.DoesNotExist.

    Taken before an order that is to be made of it; with an order that stands already, after that.
    """
    return Quote.objects.whole().select_for_update(of=("self",)).get(pk=pk)


def lock_customer(organisation_number: str) -> None:
    """Let orders on invoice to one organisation come one after the other, until the transaction ends."""
    _one_by_one(CUSTOMERS, organisation_number)


def lock_inbox(inbox: str) -> None:
    """Let what is written to one inbox come one after the other, until the transaction ends."""
    _one_by_one(INBOXES, inbox)


def _one_by_one(matter: int, name: str) -> None:
    """For what has no row to lock. SQLite lets only one transaction write at all."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [matter, name])
