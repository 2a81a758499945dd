"""Money that goes back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.models import Payment, RefundTask
from orders.operations.locking import lock


@transaction.atomic
def refund_done(task_pk: int, *, actor: str, now: datetime) -> bool:
    """Somebody has sent the money back: book it in the ledger and close the task. False when it was closed before.

    Raises RefundTask.DoesNotExist.
    """
    task = RefundTask.objects.get(pk=task_pk)
    order = lock(task.order_id)
    task.refresh_from_db(fields=["done_at"])
    if task.done_at:
        return False
    Payment.objects.create(
        order=order,
        kind=Payment.Kind.REFUND,
        method=order.method,
        amount_ore=task.amount_ore,
        reference=f"refund-task-{task.pk}",
        at=now,
        actor=actor,
    )
    task.done_at = now
    task.save(update_fields=["done_at"])
    order.note("refund", "", "booked", actor=actor, cause=task.reason)
    return True
