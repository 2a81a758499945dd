"""Kassan: one page, and what happens when it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders import operations
from orders.deliveries import Sheet
from orders.forms import CheckoutForm, sent_key, sent_total
from orders.models import Order
from orders.operations import Placement
from orders.states import Agreement
from orders.views import addressing, refilling
from orders.views.limiting import count_order
from orders.views.paying import onward, order_page, pay_again, waiting_page
from shop import basket as baskets
from shop import known, language, limits, presentation, price_view, pricing, quantities, stock
from shop.basket import Basket
from shop.models import Product
from shop.origin import same_origin
from shop.presentation import Notice
from shop.pricing import Priced
from shop.responses import SeeOther, private


@dataclass(frozen=True, slots=True)
class Alert:
    """Why the order was not placed although every field is right."""

    heading: str
    notices: Sequence[Notice] = field(default_factory=list)


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
@limits.told
def checkout(request: HttpRequest) -> HttpResponseBase:
    held = baskets.load(request)
    if request.method == "POST":
        return _sent(request, held, now=timezone.now())
    return _opened(request, held, now=timezone.now())


# --- Looking --------------------------------------------------------------------------------------
def _opened(request: HttpRequest, held: Basket, *, now: datetime) -> HttpResponseBase:
    earlier = _placed_with(held.key)
    if earlier and (earlier.state in {Agreement.CONFIRMED, Agreement.CLOSED} or earlier.awaits_approval):
        return order_page(earlier)
    if earlier and earlier.state == Agreement.CANCELLED:
        held, earlier = held.renewed(), None
    priced = _priced(held, now=now)
    if not priced:
        return SeeOther(reverse("shop:basket"))
    form = CheckoutForm(freights=priced.options, initial=refilling.answers(held, now=now))
    return _page(request, held, priced, form, earlier=earlier)


def _placed_with(key: str) -> Order | None:
    placed = Order.objects.filter(checkout_key=key)
    return placed.get() if key and placed.exists() else None


def _priced(held: Basket, *, now: datetime, freight: str = "") -> Priced:
    return pricing.price(held, today=now.astimezone(settings.STOCKHOLM).date(), freight=freight)


def _page(
    request: HttpRequest,
    held: Basket,
    priced: Priced,
    form: CheckoutForm,
    *,
    status: int = 200,
    alert: Alert | None = None,
    earlier: Order | None = None,
) -> HttpResponse:
    """The form at today's prices. What has changed is told here too, and remembered as told."""
    after = presentation.told(held, priced)
    context: dict[str, Any] = {
        "form": form,
        "priced": priced,
        "alert": alert,
        "earlier": earlier,
        "notices": [] if alert else presentation.telling(priced),
        "checkout_key": after.key,
        "company": known.company(),
        "without_vat": price_view.without_vat(request),
    }
    response = render(request, "orders/checkout.html", context, status=status)
    if after != baskets.load(request):
        baskets.save(response, after, secure=request.is_secure())
    return response


# --- Ordering -------------------------------------------------------------------------------------
def _sent(request: HttpRequest, held: Basket, *, now: datetime) -> HttpResponseBase:
    key = sent_key(request.POST) or held.key
    earlier = _placed_with(key)
    if earlier and earlier.state == Agreement.CANCELLED and not earlier.paid:
        return _after_cancelled(request, held, earlier, now=now)
    if earlier:
        return _again(request, earlier, now=now)
    priced, sheet = _asked_for(request, held, now=now)
    if not priced:
        return SeeOther(reverse("shop:basket"))
    if addressing.is_review(request.POST):
        return _reviewed(request, held, priced, sheet, now=now)
    form = CheckoutForm(request.POST, freights=priced.options, sheet=sheet)
    if not form.is_valid():
        return _page(request, held, priced, form, status=422)
    if alert := _surprise(request, held, priced) or unsellable(priced):
        return _page(request, held, priced, form, status=422, alert=alert)
    return _placed(request, held, priced, form, key=key, now=now)


def _asked_for(request: HttpRequest, held: Basket, *, now: datetime) -> tuple[Priced, Sheet | None]:
    """The basket at today's prices, and how it is to be sent."""
    priced = _priced(held, now=now, freight=request.POST.get("freight", ""))
    sheet = addressing.sheet_of(request.POST, priced)
    return addressing.with_parcels(priced, sheet, now.astimezone(settings.STOCKHOLM).date()), sheet


def _reviewed(
    request: HttpRequest, held: Basket, priced: Priced, sheet: Sheet | None, *, now: datetime
) -> HttpResponse:
    """The page again with all that is typed and how the addresses were read; nothing is judged or ordered."""
    alert = None
    if sheet and request.POST.get("do") == addressing.TAKE:
        held = addressing.as_listed(held, sheet)
        priced, sheet = _asked_for(request, held, now=now)
        alert = unbuyable(addressing.not_taken(sheet)) if sheet else None
    form = CheckoutForm(initial=request.POST.dict(), freights=priced.options, sheet=sheet)
    return _page(request, held, priced, form, alert=alert)


def _surprise(request: HttpRequest, held: Basket, priced: Priced) -> Alert | None:
    """What the buyer has not seen yet must be seen before it binds: another content or another sum."""
    shown = sent_total(request.POST)
    if shown is None:
        return None
    if sent_key(request.POST) not in {"", held.key}:
        return Alert(
            _("Varukorgen har ändrats"),
            [Notice(_("Den ser ut så här nu."), _("Se efter att den stämmer och beställ sedan igen."))],
        )
    if shown == priced.totals.gross.ore:
        return changed(priced)
    news = presentation.telling(priced) or [_other_sum(priced)]
    return Alert(_("Summan har ändrats till %(sum)s") % {"sum": priced.totals.gross}, news)


def changed(priced: Priced) -> Alert | None:
    """Goods withdrawn from sale and prices changed since the buyer looked; the sum may be the same by chance."""
    if not priced.gone and not any(line.price_changed for line in priced.lines):
        return None
    return Alert(_("Varukorgen har ändrats"), presentation.telling(priced))


def _other_sum(priced: Priced) -> Notice:
    if priced.chosen:
        return Notice(
            _("Med %(way)s kostar frakten %(price)s.")
            % {"way": priced.chosen.method.shown_name, "price": priced.chosen.price},
            _("Se efter att summan stämmer och beställ sedan igen."),
        )
    return Notice(_("Se efter att summan stämmer och beställ sedan igen."))


def unsellable(priced: Priced) -> Alert | None:
    """Numbers that may not be bought any more: staff have changed the smallest order, say, since they were typed."""
    return unbuyable((line.product, line.quantity) for line in priced.lines)


def unbuyable(wanted: Iterable[tuple[Product, int]]) -> Alert | None:
    faults = [(product, number, quantities.fault(product, number)) for product, number in wanted]
    notices = [
        Notice(
            _("%(count)s %(name)s går inte att beställa.")
            % {"count": quantities.grouped(number), "name": product.shown_name},
            sentence,
        )
        for product, number, sentence in faults
        if sentence
    ]
    return Alert(_("Antalet behöver ändras"), notices) if notices else None


def _after_cancelled(
    request: HttpRequest, held: Basket, earlier: Order, *, now: datetime
) -> HttpResponseBase:
    """A form left open while its order lapsed: the same typing under another key, for the buyer to send."""
    held = held.renewed() if held.key == earlier.checkout_key else held
    priced, sheet = _asked_for(request, held, now=now)
    if not priced:
        return order_page(earlier)
    alert = Alert(
        _("Den förra beställningen gäller inte längre"),
        [Notice(_("Inget har dragits."), _("Se efter att allt stämmer och beställ sedan igen."))],
    )
    form = CheckoutForm(request.POST, freights=priced.options, sheet=sheet)
    return _page(request, held, priced, form, status=409, alert=alert)


def _placed(
    request: HttpRequest, held: Basket, priced: Priced, form: CheckoutForm, *, key: str, now: datetime
) -> HttpResponseBase:
    email, method = form.cleaned_data["email"], form.cleaned_data["payment"]
    try:
        count_order(request, key=key, email=email, method=method, now=now)
    except limits.TooMany as error:
        return limits.marked(_page(request, held, priced, form, alert=too_many_alert(error)), error)
    placement = Placement(
        checkout_key=key,
        method=method,
        details=form.details,
        language=language.of(request.path_info),
        deliveries=form.sheet.addresses if form.sheet else (),
    )
    try:
        order, is_new = operations.place(placement, priced, now=now)
    except stock.SoldOut as sold_out:
        return _page(request, held, priced, form, status=409, alert=sold_out_alert(sold_out))
    if not is_new:
        return _again(request, order, now=now)
    return onward(order, now=now)


def too_many_alert(error: limits.TooMany) -> Alert:
    return Alert(
        _("Det blev många beställningar på en gång"),
        [Notice(_("Prova igen om %(wait)s.") % {"wait": error.wait}, _("Inget har dragits."))],
    )


def sold_out_alert(sold_out: stock.SoldOut) -> Alert:
    """The last copies went while this buyer was writing."""
    return Alert(
        _("Det räckte inte till alla"),
        [presentation.shortage_of(row.product, row.wanted, row.available) for row in sold_out.shortages],
    )


def _again(request: HttpRequest, order: Order, *, now: datetime) -> HttpResponseBase:
    """The same key once more: a double click goes where the first one went.

    Other answers under the same key (the back button) change nothing: the page that waits for the
    payment shows the order as it is, and how to start over.
    """
    if order.awaits_approval:
        return order_page(order)
    form = CheckoutForm(request.POST)
    if order.state == Agreement.PLACED and not (form.is_valid() and _is_same(order, form, request.POST)):
        return waiting_page(order, fanns="1")
    if order.state == Agreement.PLACED:
        return pay_again(request, order, now=now)
    return order_page(order)


def _is_same(order: Order, form: CheckoutForm, sent: QueryDict) -> bool:
    """Whether the order is what this form asks for: nobody pays for another sum, or parcels to other places."""
    wanted = {**form.details, "method": form.cleaned_data["payment"]}
    same_answers = all(getattr(order, name) == value for name, value in wanted.items())
    same_sum = sent_total(sent) in {None, order.total.ore}
    same_way = sent.get("freight", "") in {"", order.freight_code}
    return same_answers and same_sum and same_way and addressing.is_sent_as(order, sent)
