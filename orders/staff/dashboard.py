"""What waits among the orders, on the first page that staff see after the login."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from orders.models import Order, Refund

MOST_REFUNDS = 20


@dataclass(frozen=True, slots=True)
class Duty:
    url: str
    words: str


class OrdersPanel(Component):
    """A line per duty that the one who looks may see to; a query for each kind, however many wait."""

    name = "orders"
    order = 50
    template_name = "orders/staff/dashboard.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        may = self.request.user.has_perm
        packing = [_packing()] if may("orders.pack_order") else []
        return {"duties": [*packing, *(_refunds() if may("orders.refund_order") else [])]}


def _packing() -> Duty:
    count = Order.objects.to_pack().count()
    words = ngettext("%(count)s beställning att packa", "%(count)s beställningar att packa", count)
    return Duty(reverse("order_staff:to_pack"), words % {"count": count})


def _refunds() -> list[Duty]:
    waiting = Refund.objects.open().by_hand().select_related("order")[:MOST_REFUNDS]
    return [Duty(reverse("order_staff:order", args=[row.order.number]), _refund(row)) for row in waiting]


def _refund(refund: Refund) -> str:
    return _("Betala tillbaka %(amount)s för %(number)s") % {
        "amount": refund.amount.exact(),
        "number": refund.order.number,
    }
