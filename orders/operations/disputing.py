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
    payment_pk: int, gateway_id: str, facts: dict[str, Any], *, actor: str, now: datetime
) -> None:
    """Keep a dispute as the payment service sees it now; `facts` are Dispute's fields but for its number.

    A lost one takes its sum out of the ledger; one that is won after that puts it back. Lines are only added.
    """
    payment = Payment.objects.get(pk=payment_pk)
    order = lock(payment.order_id)
    known = Dispute.objects.filter(gateway_id=gateway_id).first()
    old = known.status if known else ""
    dispute, _created = Dispute.objects.update_or_create(
        gateway_id=gateway_id, defaults={**facts, "order": order, "payment": payment}
    )
    if dispute.status == old:
        return
    order.note(
        "dispute",
        old,
        dispute.status,
        actor=actor,
        cause=f"{dispute.amount.exact()}: {dispute.reason}",
        now=now,
    )
    _book(order, dispute, actor=actor, now=now)


def _book(order: Order, dispute: Dispute, *, actor: str, now: datetime) -> None:
    lost, won = f"{dispute.gateway_id}:lost", f"{dispute.gateway_id}:won"
    taken = order.payments.filter(reference=lost).exists()
    if dispute.status == Dispute.Status.LOST and not taken:
        _line(order, dispute, Payment.Kind.CHARGEBACK, lost, actor=actor, now=now)
        strike_moot(order, actor=actor, now=now)
    elif dispute.status == Dispute.Status.WON and taken and not order.payments.filter(reference=won).exists():
        _line(order, dispute, Payment.Kind.REVERSAL, won, actor=actor, now=now)


def _line(
    order: Order, dispute: Dispute, kind: Payment.Kind, reference: str, *, actor: str, now: datetime
) -> None:
    Payment.objects.create(
        order=order,
        kind=kind,
        method=dispute.payment.method,
        amount_ore=dispute.amount_ore,
        reference=reference,
        at=now,
        actor=actor,
    )


def record_payout(gateway_id: str, facts: dict[str, Any]) -> None:
    """Keep a payout as the payment service sees it now; `facts` are Payout's fields but for its number."""
    Payout.objects.update_or_create(gateway_id=gateway_id, defaults=facts)
