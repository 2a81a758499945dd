"""Money that needs a hand, by what is wrong: the start page tells the first of each, the order list all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy

from orders.models import Dispute, Order, Refund, Shipment
from orders.states import RefundState


class MoneyWaits(TextChoices):
    BY_HAND = "by-hand", gettext_lazy("Betalas tillbaka för hand")
    BOUNCED = "bounced", gettext_lazy("Återbetalning gick inte igenom")
    STUCK = "stuck", gettext_lazy("Återbetalning har fastnat")
    KEPT = "kept", gettext_lazy("Köparens pengar, inte på väg tillbaka")
    RETURNED = "returned", gettext_lazy("Retur att avgöra")
    DISPUTED = "disputed", gettext_lazy("Köparens bank vill ha tillbaka")


def _to_answer() -> QuerySet[Dispute]:
    return Dispute.objects.open().filter(status__in=Dispute.TO_ANSWER)


ROWS: dict[str, Callable[[datetime], QuerySet[Any]]] = {
    MoneyWaits.BY_HAND: lambda _now: Refund.objects.open().by_hand(),
    MoneyWaits.BOUNCED: lambda _now: Refund.objects.unhandled().filter(state=RefundState.FAILED),
    MoneyWaits.STUCK: lambda now: Refund.objects.stuck(now),
    MoneyWaits.KEPT: lambda _now: Order.objects.kept_in_vain(),
    MoneyWaits.RETURNED: lambda _now: Shipment.objects.to_settle(),
    MoneyWaits.DISPUTED: lambda _now: _to_answer(),
}


def rows(kind: MoneyWaits, now: datetime) -> QuerySet[Any]:
    """The refunds, disputes, parcels or, of money that is kept, the orders; oldest first, disputes by their last day,
    kept money by its sum."""
    return ROWS[kind](now)


def orders(kind: MoneyWaits, now: datetime) -> QuerySet[Any, Any]:
    """The keys of the orders that they belong to."""
    name = "pk" if kind == MoneyWaits.KEPT else "order"
    return rows(kind, now).order_by().values(name)
