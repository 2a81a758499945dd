"""Orders on invoice that somebody must approve first: new customers, and what goes beyond the credit limit.

Such an order is placed and has taken its goods; what it waits for is that the agreement is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Greatest

from orders import letters
from orders.models import CreditLimit, Delivery, Method, Order
from orders.models.order_queries import OrderQuerySet
from orders.operations.confirming import confirm
from orders.operations.ending import cancel
from orders.operations.locking import SYSTEM, lock, lock_customer
from orders.operations.writing import write
from orders.states import Agreement, WrongState
from shop.models import Company
from shop.money import Money

STANDS = [Agreement.CONFIRMED, Agreement.CLOSED]
NEEDED, REFUSED = "needed", "refused"


def confirm_or_wait(order: Order, company: Company, *, deliveries: Iterable[Delivery], now: datetime) -> None:
    """Confirm an order on invoice, or have it wait and say so to the buyer. Caller holds the lock.

    Ask after the goods are taken: nothing that two customers may wait for each other with is locked after this.
    """
    if cause := doubt(order, company):
        order.note("approval", "", NEEDED, actor=SYSTEM, cause=cause, now=now)
        write("order-waiting", order, letters.order_facts(order))
    else:
        confirm(order, actor=SYSTEM, cause="faktura", deliveries=deliveries, now=now)


def doubt(order: Order, company: Company) -> str:
    """Why somebody must approve the order; empty when nobody need.

    An organisation with a limit of its own is known: somebody has looked at it. Two statements, three where something
    can be in doubt. The first lets what is owed, and the limit, stand still until this order counts.
    """
    lock_customer(order.organisation_number)
    own = own_limit(order.organisation_number)
    limit = company.credit_limit_ore if own is None else own.ore
    new_ones_wait = company.approve_new_invoice_buyers and own is None
    if limit is None and not new_ones_wait:
        return ""
    known, owed = _history(order)
    if new_ones_wait and not known:
        return "ny fakturakund"
    if limit is not None and owed.ore + order.total.ore > limit:
        whose = "kreditgränsen" if own is None else "sin egen kreditgräns"
        return f"över {whose} {Money(limit)}: {owed} obetalt före den här"
    return ""


def own_limit(organisation_number: str) -> Money | None:
    """What an organisation may owe when that is not what all may."""
    found = CreditLimit.objects.filter(organisation_number=organisation_number).first()
    return found.limit if found else None


def owed_by(organisation_number: str) -> Money:
    """What it owes on invoice, orders that wait for approval reckoned in."""
    return _reckoned(Order.objects.filter(organisation_number=organisation_number))[1]


def _history(order: Order) -> tuple[int, Money]:
    """How many earlier orders on invoice the organisation's number has that stand, and what it owes."""
    theirs = Order.objects.filter(organisation_number=order.organisation_number)
    return _reckoned(theirs.exclude(pk=order.pk))


def _reckoned(orders: OrderQuerySet) -> tuple[int, Money]:
    on_invoice = orders.filter(method=Method.INVOICE, state__in=[Agreement.PLACED, *STANDS])
    found = (
        on_invoice.exclude(organisation_number="")
        .with_sums()
        .aggregate(
            known=Count("pk", filter=Q(state__in=STANDS)),
            owed=Sum(Greatest(F("total_sum") - F("withdrawn_ore") - F("paid_sum"), 0)),
        )
    )
    return found["known"], Money(found["owed"] or 0)


@transaction.atomic
def approve(pk: int, *, actor: str, now: datetime) -> Order:
    """The customer may have the goods on invoice: the order is confirmed as any other. Twice is a no-op.

    Raises WrongState when it was called off.
    """
    order = lock(pk)
    if order.state in STANDS:
        return order
    if not order.awaits_approval:
        raise WrongState(f"agreement {order}", order.state, Agreement.CONFIRMED)
    order.note("approval", NEEDED, "given", actor=actor, cause="godkänd mot faktura", now=now)
    confirm(order, actor=actor, cause="godkänd mot faktura", now=now)
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
    order.note("approval", NEEDED, REFUSED, actor=actor, cause=cause, now=now)
    order = cancel(pk, actor=actor, cause=cause, now=now)
    write("order-refused", order, letters.order_facts(order))
    return order
