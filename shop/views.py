"""The basket: put in, look, change."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shop import basket as baskets
from shop import presentation, price_view, pricing
from shop.basket import Basket, BasketFull
from shop.basket_forms import AddForm, BasketForm
from shop.days import stockholm_today
from shop.origin import same_origin
from shop.responses import SeeOther, private


@same_origin
@require_POST
@private
def add(request: HttpRequest) -> HttpResponseBase:
    """Put copies into the basket and go there."""
    form = AddForm(request.POST, held=baskets.load(request))
    if not form.is_valid():
        return _refused(request, form)
    response = SeeOther(f"{reverse('shop:basket')}?{urlencode({'tillagd': form.cleaned_data['sku']})}")
    try:
        baskets.save(response, form.grown(), secure=request.is_secure())
    except BasketFull:
        form.add_error(
            None,
            _("Korgen rymmer högst %(most)s olika varor. Ta bort något, eller ring oss, så hjälper vi dig.")
            % {"most": baskets.MAX_ROWS},
        )
        return _refused(request, form)
    return response


def _refused(request: HttpRequest, form: AddForm) -> HttpResponse:
    """The typing again with a sentence: 400 for a product we do not have, else 422."""
    status = 422 if form.product else 400
    return render(request, "shop/add.html", {"form": form, "product": form.product}, status=status)


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
def basket(request: HttpRequest) -> HttpResponseBase:
    held = baskets.load(request)
    if request.method != "POST":
        return _shown(request, held)
    form = BasketForm(request.POST, held)
    if form.errors:
        return _shown(request, form.basket, form)
    response = SeeOther(f"{reverse('shop:basket')}?andrad=1")
    baskets.save(response, form.basket, secure=request.is_secure())
    return response


@same_origin
@require_POST
@private
def prices(request: HttpRequest) -> HttpResponseBase:
    """Show prices with or without VAT from now on, and go back to where the button was."""
    response = SeeOther(price_view.way_back(request, reverse("shop:basket")))
    price_view.remember(response, str(request.POST.get("prices", "")), secure=request.is_secure())
    return response


def _shown(request: HttpRequest, held: Basket, form: BasketForm | None = None) -> HttpResponse:
    """The basket at today's prices. What it tells once is remembered as told."""
    priced = pricing.price(held, today=stockholm_today())
    typed, errors = (form.typed, form.errors) if form else ({}, {})
    context = {
        "priced": priced,
        "rows": presentation.rows(priced, typed, errors),
        "errors": errors,
        "notices": presentation.telling(priced, again="igen" in request.GET),
        "steps": presentation.steps(priced),
        "free_from": presentation.free_from(priced),
        "heading": presentation.to_mend(len(errors)) if errors else "",
        "added": presentation.added(request.GET.get("tillagd", ""), priced),
        "changed": "andrad" in request.GET,
        "without_vat": price_view.without_vat(request),
        "again": "igen" in request.GET and bool(priced),
    }
    response = render(request, "shop/basket.html", context, status=422 if errors else 200)
    after = presentation.told(held, priced)
    if form or after != held:
        baskets.save(response, after, secure=request.is_secure())
    return response
