"""Staff's own words about an order."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.models import HistoryLine, Order
from orders.operations.locking import lock


@transaction.atomic
def write_note(order: Order, text: str, *, actor: str, now: datetime) -> HistoryLine:
    """A staff member's own note. The same words twice running by the same person are one note."""
    lock(order.pk)
    last = HistoryLine.objects.filter(order=order).order_by("pk").last()
    if last and (last.machine, last.actor, last.cause) == ("note", actor, text):
        return last
    return HistoryLine.objects.create(
        order=order, machine="note", new="note", actor=actor, cause=text, at=now
    )
