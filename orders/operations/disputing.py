"""Payments that a buyer's bank wants back, and what the payment service sends to our bank."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from orders.models import Dispute, Order, Payment, Payout
from orders.operations.locking import lock
from orders.operations.refunding import strike_moot


@transaction.atomic
def record_dispute(
    payment_pk: int, gateway_id: str, facts: dict[str, Any], *, seen: int, actor: str, now: datetime
) -> bool:
    """Keep a dispute as the payment service sees it now; `facts` are Dispute's fields but for its number.

    `seen` is the revision from before the service was asked; False, and nothing done, when it has another by now:
    which of two answers is the later one cannot be told. What the bank has taken is in the ledger as the dispute
    stands, however often it was lost and won; lines are only added.
    """
    payment = Payment.objects.get(pk=payment_pk)
    order = lock(payment.order_id)
    known = Dispute.objects.filter(gateway_id=gateway_id).first()
    if seen != (known.revision if known else 0):
        return False
    old = known.status if known else ""
    dispute, _created = Dispute.objects.update_or_create(
        gateway_id=gateway_id, defaults={**facts, "order": order, "payment": payment, "revision": seen + 1}
    )
    if dispute.status != old:
        cause = f"{dispute.amount.exact()}: {dispute.reason}"
        order.note("dispute", old, dispute.status, actor=actor, cause=cause, now=now)
    _book(order, dispute, actor=actor, now=now)
    return True


def _book(order: Order, dispute: Dispute, *, actor: str, now: datetime) -> None:
    """Have the ledger say what the bank has taken for this dispute; while it is open, as before."""
    lines = list(order.payments.filter(reference__startswith=f"{dispute.gateway_id}:"))
    taken = -sum(row.signed.ore for row in lines)
    if dispute.status == Dispute.Status.LOST and taken < dispute.amount_ore:
        _line(lines, dispute, dispute.amount_ore - taken, actor=actor, now=now)
        strike_moot(order, actor=actor, now=now)
    elif dispute.status in Dispute.OURS and taken > 0:
        _line(lines, dispute, -taken, actor=actor, now=now)


def _line(lines: list[Payment], dispute: Dispute, ore: int, *, actor: str, now: datetime) -> None:
    """So much more is taken; less than zero has come back. `du_1:lost`, `du_1:won`, then `du_1:lost:2`."""
    kind, word = (Payment.Kind.CHARGEBACK, "lost") if ore > 0 else (Payment.Kind.REINSTATED, "won")
    earlier = sum(row.kind == kind for row in lines)
    Payment.objects.create(
        order=dispute.order,
        kind=kind,
        method=dispute.payment.method,
        amount_ore=abs(ore),
        reference=f"{dispute.gateway_id}:{word}{f':{earlier + 1}' if earlier else ''}",
        at=now,
        actor=actor,
    )


def record_payout(gateway_id: str, facts: dict[str, Any]) -> None:
    """Keep a payout as the payment service sees it now; `facts` are Payout's fields but for its number."""
    Payout.objects.update_or_create(gateway_id=gateway_id, defaults=facts)
