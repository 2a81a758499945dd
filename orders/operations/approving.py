"""Orders on invoice that somebody must approve first: new customers, and what goes beyond the credit limit.

Such an order is placed and has taken its goods; what it waits for is that the agreement is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Greatest

from notifications import outbox
from orders import letters
from orders.models import Delivery, Method, Order
from orders.operations.confirming import confirm
from orders.operations.ending import cancel
from orders.operations.locking import SYSTEM, lock, lock_customer
from orders.states import Agreement, WrongState
from shop.models import Company
from shop.money import Money

STANDS = [Agreement.CONFIRMED, Agreement.CLOSED]
NEEDED, REFUSED = "needed", "refused"


def confirm_or_wait(order: Order, company: Company, *, deliveries: Iterable[Delivery]) -> None:
    """Confirm an order on invoice, or have it wait and say so to the buyer. Caller holds the lock.

    Ask after the goods are taken: nothing that two customers may wait for each other with is locked after this.
    """
    if cause := doubt(order, company):
        order.note("approval", "", NEEDED, actor=SYSTEM, cause=cause)
        _write("order-waiting", order)
    else:
        confirm(order, actor=SYSTEM, cause="faktura", deliveries=deliveries)


def doubt(order: Order, company: Company) -> str:
    """Why somebody must approve the order; empty when nobody need.

    One statement, two with a limit: what is owed must stand still until this order counts. None without the settings.
    """
    limit = company.credit_limit_ore
    if limit is None and not company.approve_new_invoice_buyers:
        return ""
    if limit is not None:
        lock_customer(order.organisation_number)
    known, owed = _history(order)
    if company.approve_new_invoice_buyers and not known:
        return "ny fakturakund"
    if limit is not None and owed.ore + order.total.ore > limit:
        return f"över kreditgränsen {Money(limit)}: {owed} obetalt före den här"
    return ""


def _history(order: Order) -> tuple[int, Money]:
    """How many earlier orders on invoice the organisation's number has that stand, and what it owes."""
    theirs = Order.objects.filter(
        organisation_number=order.organisation_number,
        method=Method.INVOICE,
        state__in=[Agreement.PLACED, *STANDS],
    )
    found = (
        theirs.exclude(pk=order.pk)
        .exclude(organisation_number="")
        .with_sums()
        .aggregate(
            known=Count("pk", filter=Q(state__in=STANDS)),
            owed=Sum(Greatest(F("total_sum") - F("withdrawn_ore") - F("paid_sum"), 0)),
        )
    )
    return found["known"], Money(found["owed"] or 0)


@transaction.atomic
def approve(pk: int, *, actor: str) -> Order:
    """The customer may have the goods on invoice: the order is confirmed as any other. Twice is a no-op.

    Raises WrongState when it was called off.
    """
    order = lock(pk)
    if order.state in STANDS:
        return order
    if not order.awaits_approval:
        raise WrongState(f"agreement {order}", order.state, Agreement.CONFIRMED)
    order.note("approval", NEEDED, "given", actor=actor, cause="godkänd mot faktura")
    confirm(order, actor=actor, cause="godkänd mot faktura")
    return order


@transaction.atomic
def refuse(pk: int, *, actor: str, cause: str, now: datetime) -> Order:
    """No goods on invoice: the order is called off, its goods are given back, the buyer is told. Twice is a no-op.

    `cause` stays with us. Raises WrongState when the order was approved before, or called off by its buyer.
    """
    order = lock(pk)
    if order.history.filter(machine="approval", new=REFUSED).exists():
        return order
    if not order.awaits_approval:
        raise WrongState(f"agreement {order}", order.state, Agreement.CANCELLED)
    order.note("approval", NEEDED, REFUSED, actor=actor, cause=cause)
    order = cancel(pk, actor=actor, cause=cause, now=now)
    _write("order-refused", order)
    return order


def _write(letter: str, order: Order) -> None:
    outbox.put(
        letter,
        key=str(order.number),
        to=order.email,
        context=letters.order_facts(order),
        language=order.language,
        about=str(order.number),
    )
