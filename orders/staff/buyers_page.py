"""The buyer's own page and receipt for staff to look at: the same words, without the key and whatever it opens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orders import own_pages
from orders.models import Order
from shop.responses import private


@require_safe
@private
def status(request: HttpRequest, number: str) -> HttpResponseBase:
    """In the buyer's language; only the line that says who looks is in the reader's own."""
    order = get_object_or_404(own_pages.ORDERS, number=number)
    watched = {
        "lang": translation.get_language(),
        "words": _("Så här ser köparens sida ut. Du tittar bara: här går inget att trycka på."),
        "back": reverse("order_staff:order", args=[number]),
        "back_words": _("Tillbaka till beställningen"),
    }
    with translation.override(order.language):
        return render(request, "orders/status.html", {**own_pages.status_context(order), "watched": watched})


@require_safe
@private
def receipt(request: HttpRequest, number: str) -> HttpResponseBase:
    return own_pages.receipt(get_object_or_404(Order.objects.whole(), number=number))
