"""The columns of the lists of orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Order
from orders.staff import words
from shop.staff.columns import Context, LinkColumn, MomentColumn, PlainColumn, TagColumn, cell, with_note

BOX = '<input type="checkbox" name="{}" value="{}" form="valda">'


def order_url(order: Order) -> str:
    return reverse("order_staff:order", args=[order.number])


def day(name: str, label: str | Promise, **more: Any) -> MomentColumn:
    """`23 nov 2026, 9.14`"""
    return MomentColumn(name, label=label, **more)


def buyer(order: Order) -> Any:
    """The organisation with its number, a sole trader's masked; or the person."""
    if not order.is_organisation:
        return order.name
    return with_note(order.organisation, order.masked_organisation_number)


def withdrawn(order: Order) -> str:
    if rows := order.open_withdrawals:
        is_withdrawn = any(row.is_withdrawal for row in rows)
        return _("Ångrad av köparen") if is_withdrawn else _("Platserna avanmälda, att avgöra")
    granted = [row for row in order.withdrawals.all() if row.counts]
    if not granted:
        return ""
    return _("Ånger godtagen") if any(row.is_withdrawal for row in granted) else _("Avanmälan godtagen")


def box(name: str, value: object, number: str | None, *, ticked: bool) -> SafeString:
    """The cell of a box to choose a row by; it belongs to the form of the list's buttons."""
    words = _("Välj %(number)s") % {"number": number}
    field = BOX.replace(">", " checked>") if ticked else BOX
    label = f'<label>{field}<span class="w-sr-only">{{}}</span></label>'
    return cell(format_html(label, name, value, words), "staff-tick")


class TickColumn(PlainColumn):
    header_template_name = "orders/staff/_tick_order_head.html"

    def __init__(self, is_ticked: Callable[[Order], bool]) -> None:
        super().__init__("tick", label=gettext_lazy("Välj"))
        self.is_ticked = is_ticked

    def render_cell_html(self, instance: Order, parent_context: Context) -> SafeString:
        return box("order", instance.number, instance.number, ticked=self.is_ticked(instance))


NUMBER = LinkColumn("number", label=gettext_lazy("Nummer"), get_url=order_url)
PLACED = day("placed_at", gettext_lazy("Lagd"), sort_key="placed_at")
BUYER = PlainColumn("buyer", label=gettext_lazy("Köpare"), accessor=buyer)
PLACE = PlainColumn("city", label=gettext_lazy("Ort"))
TOTAL = PlainColumn("total", label=gettext_lazy("Summa"), accessor="total.exact", classname="staff-number")
PAYMENT = TagColumn(
    "payment", label=gettext_lazy("Betalning"), accessor=words.payment, primary=lambda order: order.is_paid
)
FULFILMENT = TagColumn(
    "fulfilment",
    label=gettext_lazy("Leverans"),
    accessor=words.fulfilment,
    primary=lambda order: order.fulfilment_word != "none",
)
AGREEMENT = PlainColumn(
    "state",
    label=gettext_lazy("Avtal"),
    accessor=lambda order: with_note(order.get_state_display(), withdrawn(order)),
)
