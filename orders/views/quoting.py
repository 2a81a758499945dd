"""Quotes: asked for from the basket, read and printed by anyone with the link, accepted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders import operations
from orders.deliveries import Sheet
from orders.destinations import destinations
from orders.models import Quote, Standing
from orders.operations import Accepter, AlreadyAccepted, Asked, NotOpen, Placement
from orders.quotes import page
from orders.quotes.forms import AcceptForm, QuoteForm, first_answers
from orders.states import Agreement
from orders.views import addressing
from orders.views.checkout import Alert, changed, sold_out_alert, too_many_alert, unbuyable, unsellable
from orders.views.limiting import behind_key, count_order, count_quote
from orders.views.paying import onward, order_page, pay_again
from orders.views.refilling import refilled
from shop import basket as baskets
from shop import known, language, limits, presentation, price_view, pricing, stock
from shop.basket import Basket
from shop.origin import same_origin
from shop.presentation import Notice
from shop.pricing import Priced
from shop.responses import SeeOther, private


# --- Asking ---------------------------------------------------------------------------------------
@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
@limits.told
def ask(request: HttpRequest) -> HttpResponseBase:
    """Begär offert: what lies in the basket, at today's prices."""
    now = timezone.now()
    held = baskets.load(request)
    today = now.astimezone(settings.STOCKHOLM).date()
    priced, sheet = _asked_for(request, held, today)
    if not priced:
        return SeeOther(reverse("shop:basket"))
    if request.method != "POST":
        return _ask_page(request, QuoteForm(), priced, held)
    if addressing.is_review(request.POST):
        return _reviewed(request, held, priced, sheet, today)
    form = QuoteForm(request.POST, sheet=sheet)
    if not form.is_valid():
        return _ask_page(request, form, priced, held, status=422)
    if alert := changed(priced) or unsellable(priced):
        return _ask_page(request, form, priced, held, status=422, alert=alert)
    key = form.key_with(held)
    try:
        count_quote(request, key=key, email=form.cleaned_data["email"], now=now)
    except limits.TooMany as error:
        return limits.marked(_ask_page(request, form, priced, held, alert=_too_many(error)), error)
    addresses = sheet.addresses if sheet else ()
    asked = Asked(key, form.details, language.of(request.path_info), deliveries=addresses)
    quote = operations.make_quote(asked, priced, days=known.company().quote_days, now=now)
    return SeeOther(f"{reverse('orders:quote', args=[quote.key])}?ny=1")


def _asked_for(request: HttpRequest, held: Basket, today: date) -> tuple[Priced, Sheet | None]:
    """The basket at today's prices, and how it is to be sent."""
    priced = pricing.price(held, today=today)
    sheet = addressing.quoted_sheet(request.POST, priced)
    return addressing.with_parcels(priced, sheet, today), sheet


def _reviewed(
    request: HttpRequest, held: Basket, priced: Priced, sheet: Sheet | None, today: date
) -> HttpResponse:
    """The page again with all that is typed and how the addresses were read; nothing is judged or quoted."""
    alert = None
    if sheet and request.POST.get("do") == addressing.TAKE:
        held = addressing.as_listed(held, sheet)
        priced, sheet = _asked_for(request, held, today)
        alert = unbuyable(addressing.not_taken(sheet)) if sheet else None
    form = QuoteForm(initial=request.POST.dict(), sheet=sheet)
    return _ask_page(request, form, priced, held, alert=alert)


def _too_many(error: limits.TooMany) -> Alert:
    return Alert(
        _("Det blev många offerter på en gång"), [Notice(_("Prova igen om %(wait)s.") % {"wait": error.wait})]
    )


def _ask_page(
    request: HttpRequest,
    form: QuoteForm,
    priced: Priced,
    held: Basket,
    *,
    status: int = 200,
    alert: Alert | None = None,
) -> HttpResponse:
    """What has changed since the visitor looked, and what is not on the shelf, is told; remembered as told."""
    after = presentation.told(held, priced)
    context = {
        "form": form,
        "priced": priced,
        "alert": alert,
        "notices": [] if alert else presentation.telling(priced),
        "days": known.company().quote_days,
        "without_vat": price_view.without_vat(request),
    }
    response = render(request, "orders/quotes/ask.html", context, status=status)
    if after != baskets.load(request):
        baskets.save(response, after, secure=request.is_secure())
    return response


# --- Reading --------------------------------------------------------------------------------------
@require_safe
@private
@limits.told
def quote(request: HttpRequest, key: str) -> HttpResponseBase:
    return _quote_page(request, _found(request, key), new="ny" in request.GET)


@require_safe
@private
@limits.told
def quote_pdf(request: HttpRequest, key: str) -> HttpResponseBase:
    return page.pdf(_found(request, key))


def _found(request: HttpRequest, key: str) -> Quote:
    return behind_key(request, Quote.objects.whole(), key)


def _quote_page(
    request: HttpRequest, found: Quote, *, status: int = 200, new: bool = False, alert: Alert | None = None
) -> HttpResponse:
    context = {
        **page.context(found, now=timezone.now()),
        "without_vat": price_view.without_vat(request),
        "new": new,
        "alert": alert,
    }
    return render(request, "orders/quotes/quote.html", context, status=status)


@same_origin
@require_POST
@private
@limits.told
def again(request: HttpRequest, key: str) -> HttpResponseBase:
    """Be om en ny: the same goods in the basket, at today's prices."""
    return refilled(request, _found(request, key).lines.all())


# --- Accepting ------------------------------------------------------------------------------------
@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
@limits.told
def accept(request: HttpRequest, key: str) -> HttpResponseBase:
    found, now = _found(request, key), timezone.now()
    if request.method != "POST":
        if not _may_be_accepted(found, now):
            return SeeOther(reverse("orders:quote", args=[key]))
        return _accept_page(request, found, AcceptForm(initial=first_answers(found)))
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _accept_page(request, found, form, status=422)
    return _accepted(request, found, form, now=now)


def _may_be_accepted(found: Quote, now: datetime) -> bool:
    return found.standing(now) == Standing.OPEN


def _accept_page(
    request: HttpRequest, found: Quote, form: AcceptForm, *, status: int = 200, alert: Alert | None = None
) -> HttpResponse:
    context = {
        "quote": found,
        "form": form,
        "priced": found.priced(),
        "destinations": destinations(found),
        "without_vat": price_view.without_vat(request),
        "alert": alert,
        "company": known.company(),
    }
    return render(request, "orders/quotes/accept.html", context, status=status)


def _accepted(request: HttpRequest, found: Quote, form: AcceptForm, *, now: datetime) -> HttpResponseBase:
    facts = form.cleaned_data
    try:
        count_order(
            request,
            key=f"offert-{found.key}-{_tries(found)}",
            email=facts["email"],
            method=facts["payment"],
            now=now,
        )
    except limits.TooMany as error:
        return limits.marked(_accept_page(request, found, form, alert=too_many_alert(error)), error)
    placement = Placement(
        checkout_key="",
        method=facts["payment"],
        details=form.details,
        language=language.of(request.path_info),
    )
    accepter = Accepter(facts["accepter_name"], facts["accepter_email"], facts["accepter_role"])
    try:
        order = operations.accept_quote(found.pk, placement, accepter, now=now)
    except NotOpen:
        return _quote_page(request, _found(request, found.key), status=409)
    except AlreadyAccepted as refusal:
        return _accepted_before(request, refusal, form, now=now)
    except stock.SoldOut as sold_out:
        return _accept_page(request, found, form, status=409, alert=sold_out_alert(sold_out))
    return onward(order, now=now)


def _tries(found: Quote) -> int:
    """Orders of it that were called off: each new one counts, a double click does not."""
    return sum(1 for order in found.orders.all() if order.state == Agreement.CANCELLED)


def _accepted_before(
    request: HttpRequest, refusal: AlreadyAccepted, form: AcceptForm, *, now: datetime
) -> HttpResponseBase:
    """A double click goes where the first one went; anybody else is told who was first, and no more."""
    if _is_same(refusal, form) and refusal.order.takes_payment(now):
        return pay_again(request, refusal.order, now=now)
    if _is_same(refusal, form):
        return order_page(refusal.order)
    return _quote_page(request, refusal.quote, status=409)


def _is_same(refusal: AlreadyAccepted, form: AcceptForm) -> bool:
    wanted: dict[str, Any] = {**form.details, "method": form.cleaned_data["payment"]}
    same_person = refusal.quote.accepter_email == form.cleaned_data["accepter_email"]
    return same_person and all(getattr(refusal.order, name) == value for name, value in wanted.items())
