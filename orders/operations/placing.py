"""From a priced basket to an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from orders import letters
from orders.deliveries import Address
from orders.models import Method, Order, OrderLine, VatPart
from orders.operations import freezing
from orders.operations.addressing import address
from orders.operations.approving import confirm_or_wait
from orders.operations.confirming import confirm
from orders.operations.locking import BUYER, SYSTEM
from orders.operations.paying import new_attempt, reservation
from orders.operations.writing import write
from orders.states import Agreement
from shop import known, stock
from shop.pricing import Priced


@dataclass(frozen=True, slots=True)
class Placement:
    """What the checkout asks for. `details` are the Order's own fields for buyer and addresses.

    `deliveries` are several addresses, whose copies together are the order's; none: all goes to the order's own.
    """

    checkout_key: str
    method: str
    details: dict[str, Any] = field(default_factory=dict)
    language: str = "sv"
    actor: str = BUYER
    cause: str = "kassan"
    deliveries: Sequence[Address] = ()
    hold: timedelta | None = None  # how long the goods are held for a buyer who gets a link to pay by


def place(placement: Placement, priced: Priced, *, now: datetime) -> tuple[Order, bool]:
    """Turn a priced basket into an order, once per checkout key.

    Returns the order and whether it is new. Raises stock.SoldOut when a copy is missing: nothing is
    kept then. A second submit with the same key, however close, gets the first one's order: the unique
    index decides, not a question asked before.
    """
    try:
        with translation.override(placement.language):  # the rows are frozen in the buyer's words
            return _place(placement, priced, now=now), True
    except IntegrityError:
        # The same key was used before, perhaps this very moment; anything else is a real fault.
        if existing := Order.objects.filter(checkout_key=placement.checkout_key).first():
            return existing, False
        raise


@transaction.atomic
def _place(placement: Placement, priced: Priced, *, now: datetime) -> Order:
    """The key's unique row comes first: a twin waits there, before it has touched the stock."""
    order = _create(placement, priced, now=now)
    order.number = f"VS-{now.astimezone(settings.STOCKHOLM):%Y}-{order.pk:06}"
    order.state = Agreement.PLACED
    order.save(update_fields=["number", "state"])
    deliveries = address(order, _freeze_lines(order, priced), placement.deliveries)
    wanted = {line.product.pk: line.quantity for line in priced.lines}
    stock.reserve(wanted, cause=order.number, actor=placement.actor, at=now, is_new=True)
    order.note(
        "agreement", Agreement.DRAFT, Agreement.PLACED, actor=placement.actor, cause=placement.cause, now=now
    )
    if order.method == Method.INVOICE:
        confirm_or_wait(order, known.company(), deliveries=deliveries, now=now)
    elif order.is_paid:
        confirm(order, actor=SYSTEM, cause="inget att betala", deliveries=deliveries, now=now)
    else:
        new_attempt(order, order.method, now=now)
        _send_pay_link(order, placement)
    return order


def _send_pay_link(order: Order, placement: Placement) -> None:
    """For who ordered by telephone or e-mail, and so stands before no payment page."""
    if placement.hold is None:
        return
    write("pay-link", order, letters.pay_link_facts(order))


def _create(placement: Placement, priced: Priced, *, now: datetime) -> Order:
    pays_now = placement.method != Method.INVOICE
    return Order.objects.create(
        checkout_key=placement.checkout_key,
        method=placement.method,
        language=placement.language,
        placed_at=now,
        reserved_until=now + (placement.hold or reservation()) if pays_now else None,
        terms=known.terms(now.astimezone(settings.STOCKHOLM).date(), placement.language),
        **freezing.sums(priced),
        **placement.details,
    )


def _freeze_lines(order: Order, priced: Priced) -> list[OrderLine]:
    lines = OrderLine.objects.bulk_create(OrderLine(order=order, **row) for row in freezing.rows(priced))
    parts = VatPart.objects.bulk_create(
        VatPart(order=order, **share) for share in freezing.shares(priced, lines)
    )
    order.knows(lines=lines, vat_parts=parts, payments=[])
    return lines
