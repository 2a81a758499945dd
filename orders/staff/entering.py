"""An order that came by telephone or e-mail, put in by staff: the shop's own rules, prices and operations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders import operations
from orders.forms import PAYMENT, CheckoutForm, sent_key
from orders.models import Buyer, Method, Order
from orders.operations import Placement
from orders.staff.goods import Goods
from orders.staff.quotes import freights
from shop import pricing, stock
from shop.days import stockholm_today
from shop.money import NBSP
from shop.presentation import shortage_of
from shop.staff.access import actor

HELD_FOR = timedelta(days=7)  # as long as the link in the letter can be paid by
WAYS = [
    (Method.INVOICE.value, gettext_lazy("Faktura")),
    (Method.CARD.value, gettext_lazy("Betallänk i ett mejl, sju dagar")),
]
SOURCES = [
    ("telefon", gettext_lazy("Telefon")),
    ("e-post", gettext_lazy("E-post")),
    ("annat", gettext_lazy("Annat")),
]
OWN = ("source", "staff_note")


class EnterForm(CheckoutForm):
    """The checkout as staff fill it in for somebody."""

    anchors = {}  # here each choice is one field

    payment = forms.ChoiceField(
        label=gettext_lazy("Betalning"),
        choices=WAYS,
        error_messages=dict.fromkeys(("required", "invalid_choice"), PAYMENT),
    )
    source = forms.ChoiceField(label=gettext_lazy("Kom genom"), choices=SOURCES)
    staff_note = forms.CharField(
        label=gettext_lazy("Egen anteckning"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Syns bara för personal, i historiken."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = forms.ChoiceField(label=_("Leveranssätt"), choices=freights(), required=False)
        self.fields["freight"] = ways
        self.fields["buyer"].label = _("Köpare")
        del self.fields["deliveries"]

    def clean_freight(self) -> str:
        return str(self.cleaned_data["freight"])

    @property
    def details(self) -> dict[str, Any]:
        return {name: value for name, value in super().details.items() if name not in OWN}


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Lägg in en beställning")
    header_icon = "plus"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("order_staff:list"), "label": _("Beställningar")},
            {"url": "", "label": self.page_title},
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        first = {"buyer": Buyer.COMPANY, "payment": Method.INVOICE}
        return _page(request, EnterForm(initial=first), Goods())
    form, goods = EnterForm(request.POST), Goods(request.POST)
    if not form.is_valid() or goods.error:
        return _page(request, form, goods)
    try:
        order, is_new = _entered(request, form, goods, now=timezone.now())
    except stock.SoldOut as sold_out:
        goods.error = _short(sold_out)
        return _page(request, form, goods)
    if is_new:
        messages.success(request, _said(order))
    else:
        messages.warning(request, _twice(order))
    return redirect("order_staff:order", order.number)


def _entered(request: HttpRequest, form: EnterForm, goods: Goods, *, now: datetime) -> tuple[Order, bool]:
    facts, by = form.cleaned_data, actor(request)
    placement = Placement(
        checkout_key=sent_key(request.POST) or goods.basket.key,
        method=facts["payment"],
        details=form.details,
        actor=by,
        cause=facts["source"],
        hold=None if facts["payment"] == Method.INVOICE else HELD_FOR,
    )
    priced = pricing.price(goods.basket, today=stockholm_today(), freight=facts["freight"])
    order, is_new = operations.place(placement, priced, now=now)
    if is_new and facts["staff_note"]:
        operations.write_note(order, facts["staff_note"], actor=by, now=now)
    return order, is_new


def _short(sold_out: stock.SoldOut) -> str:
    notices = [shortage_of(row.product, row.wanted, row.available) for row in sold_out.shortages]
    return " ".join(f"{notice.head} {notice.rest}" for notice in notices).replace(NBSP, " ")


def _twice(order: Order) -> str:
    return _(
        "%s lades in första gången som formuläret skickades. Det du har ändrat sedan dess är inte med: "
        "öppna ett nytt formulär för en ny beställning."
    ) % (order.number)


def _said(order: Order) -> str:
    if order.awaits_approval:
        return _("%s är inlagd och väntar på godkännande.") % order.number
    if order.method == Method.INVOICE:
        return _("%s är inlagd och bekräftad. Köparen får en orderbekräftelse.") % order.number
    return _("%s är inlagd. Köparen får ett mejl med en länk att betala genom.") % order.number


def _page(request: HttpRequest, form: EnterForm, goods: Goods) -> HttpResponse:
    key = sent_key(request.POST) or goods.basket.key
    context = Furniture().get_context_data(form=form, goods=goods, key=key)
    status = 422 if form.errors or goods.error else 200
    return TemplateResponse(request, "orders/staff/enter.html", context, status=status)
