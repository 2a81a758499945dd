"""Avbeställ: a page that says what happens, a button that does it. Open until packing begins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders.models import Order
from orders.operations import may_be_called_off
from orders.payments.calling_off import call_off as close_and_call_off
from orders.payments.kinds import GatewayError
from orders.states import Agreement, WrongState
from orders.views.limiting import behind_key
from shop import known, limits
from shop.origin import same_origin
from shop.responses import SeeOther, private


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
@limits.told
def call_off(request: HttpRequest, key: str) -> HttpResponseBase:
    order = behind_key(request, Order.objects.shown_to_buyer(), key)
    if order.state == Agreement.CANCELLED:
        return SeeOther(reverse("orders:status", args=[key]))
    if request.method != "POST":
        return _page(request, order)
    try:
        close_and_call_off(order, now=timezone.now())
    except WrongState:
        return _page(request, Order.objects.shown_to_buyer().get(pk=order.pk), status=409)
    except GatewayError:
        sentence = _(
            "Betaltjänsten svarar inte just nu, så vi vågar inte avbeställa. Försök igen om en stund, eller ring oss."
        )
        return _page(request, order, trouble=sentence, status=503)
    return SeeOther(reverse("orders:status", args=[key]))


def _page(request: HttpRequest, order: Order, *, trouble: str = "", status: int = 200) -> HttpResponse:
    context = {
        "order": order,
        "is_open": may_be_called_off(order),
        "trouble": trouble,
        "company": known.company(),
    }
    return render(request, "orders/call_off.html", context, status=status)
