"""One order as staff see it: a fixed number of queries, whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from orders import operations
from orders.destinations import Destination, destinations
from orders.models import Method, Order, OrderLine, VatPart, Withdrawal
from orders.staff import parcels, timeline, words
from orders.staff.forms import CancelForm, NoteForm, PaymentForm, PlainForm, RefuseForm
from orders.staff.money import MoneyShown, RefundForm
from orders.staff.notice_forms import PhoneComplaintForm
from orders.timeline import came_whole
from shop import event_places
from shop.days import stockholm_today
from shop.money import Money

FORMS: dict[str, type[PlainForm]] = {
    "payment": PaymentForm,
    "cancel": CancelForm,
    "note": NoteForm,
    "complaint": PhoneComplaintForm,
    "refund": RefundForm,
    "refuse": RefuseForm,
}


@dataclass(frozen=True, slots=True)
class VatShown:
    percent: int
    vat: Money


@dataclass(frozen=True, slots=True)
class LineShown:
    name: str
    line: OrderLine
    vat: list[VatShown]


@dataclass(frozen=True, slots=True)
class NoticeShown:
    notice: Withdrawal
    is_late: bool


class OrderShown:
    """What the template reads of an order from OrderQuerySet.whole()."""

    def __init__(self, order: Order, today: date, typed: Mapping[str, forms.Form]) -> None:
        self.order, self.today, self.typed = order, today, typed

    @property
    def last_day_to_withdraw(self) -> str:
        return words.last_day_to_withdraw(self.order)

    @property
    def last_day_to_complain(self) -> str:
        return words.last_day_to_complain(self.order)

    @property
    def payment(self) -> str:
        return words.payment(self.order)

    @property
    def fulfilment(self) -> str:
        return words.fulfilment(self.order)

    @cached_property
    def destinations(self) -> list[Destination]:
        return destinations(self.order)

    @cached_property
    def event_page(self) -> str:
        """Where the event is, whose places were ordered; empty for goods."""
        return event_places.host().event_page(str(self.order.number)) if self.order.is_of_places else ""

    @cached_property
    def waiting_for(self) -> str:
        return words.waiting_for(self.order)

    @cached_property
    def shipments(self) -> list[parcels.ParcelShown]:
        return parcels.shown(self.order, self.typed)

    @property
    def at_hand(self) -> parcels.ParcelShown | None:
        """The parcel to work on."""
        return parcels.at_hand(self.shipments)

    @property
    def returns(self) -> list[parcels.ParcelShown]:
        """Parcels that came back, of whose money somebody must decide."""
        waiting = {row.pk for row in self.order.returns_to_settle}
        return [row for row in self.shipments if row.parcel.pk in waiting]

    @property
    def to_pack(self) -> bool:
        return self.at_hand is not None and self.at_hand.to_pack

    @property
    def waits_for_transfer(self) -> bool:
        """Whether money may still come to the bankgiro; online it is booked when the payment service tells."""
        return self.order.method == Method.INVOICE and bool(self.order.due)

    @property
    def may_be_cancelled(self) -> bool:
        return operations.may_be_cancelled(self.order)

    @cached_property
    def lines(self) -> list[LineShown]:
        parts = list(self.order.vat_parts.all())
        return [
            LineShown(
                words.goods(self.order, line), line, [_vat(part) for part in parts if part.line_id == line.pk]
            )
            for line in self.order.lines.all()
        ]

    @property
    def freight_vat(self) -> list[VatShown]:
        return [_vat(part) for part in self.order.vat_parts.all() if part.line_id is None]

    @property
    def vat(self) -> list[VatShown]:
        return [VatShown(percent, vat) for percent, _net, vat in self.order.vat_totals]

    @cached_property
    def withdrawals(self) -> list[NoticeShown]:
        return [NoticeShown(notice, notice.is_late(self.today)) for notice in self.order.withdrawals.all()]


def _vat(part: VatPart) -> VatShown:
    return VatShown(part.percent, Money(part.vat_ore))


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Beställning")
    header_icon = "form"

    def __init__(self, order: Order) -> None:
        self.order = order
        self.page_subtitle = str(order.number)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("order_staff:list"), "label": _("Beställningar")},
            {"url": "", "label": self.page_subtitle},
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        page = reverse("order_staff:buyers_page", args=[self.order.number])
        receipt = reverse("order_staff:receipt", args=[self.order.number])
        buttons = [HeaderButton(_("Köparens sida"), page, icon_name="view", priority=10)]
        if came_whole(self.order):
            buttons.append(HeaderButton(_("Kvitto"), receipt, icon_name="download", priority=20))
        return buttons


def rights(request: HttpRequest) -> dict[str, bool]:
    """Which buttons the one who looks may press; their addresses ask for the same (urls.py)."""
    names = (
        "pack_order",
        "note_order",
        "cancel_order",
        "book_payment",
        "refund_order",
        "view_payment",
        "approve_order",
        "set_credit",
    )
    return {name: request.user.has_perm(f"orders.{name}") for name in names}


def whole(number: str) -> Order:
    """The order with all that its page shows. Raises Http404."""
    return get_object_or_404(Order.objects.whole().with_staff_freight(), number=number)


def show(request: HttpRequest, order: Order, typed: Mapping[str, forms.Form] | None = None) -> HttpResponse:
    """The page; `typed` holds a form that came back with errors, so that nothing typed is lost."""
    fresh = {name: form(order=order, auto_id=f"id_{name}_%s") for name, form in FORMS.items()}
    context = Furniture(order).get_context_data(
        order=order,
        shown=OrderShown(order, stockholm_today(), typed or {}),
        money=MoneyShown(order),
        timeline=timeline.of(order, request.user),
        forms={**fresh, **(typed or {})},
        opened=set(typed or ()),
        may=rights(request),
    )
    return TemplateResponse(request, "orders/staff/order.html", context)
