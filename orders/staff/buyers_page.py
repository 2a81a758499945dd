"""The buyer's own pages and papers for staff to look at: the same words, without the key and whatever it opens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orders import own_pages
from orders.models import Order, Quote
from orders.quotes import page
from shop.responses import private


@require_safe
@private
def status(request: HttpRequest, number: str) -> HttpResponseBase:
    order = get_object_or_404(own_pages.ORDERS, number=number)
    watched = _watched(reverse("order_staff:order", args=[number]), _("Tillbaka till beställningen"))
    with translation.override(order.language):
        return render(request, "orders/status.html", {**own_pages.status_context(order), "watched": watched})


@require_safe
@private
def receipt(request: HttpRequest, number: str) -> HttpResponseBase:
    return own_pages.receipt(get_object_or_404(Order.objects.whole(), number=number))


@require_safe
@private
def quote(request: HttpRequest, number: str) -> HttpResponseBase:
    found = get_object_or_404(Quote.objects.whole(), number=number)
    watched = _watched(reverse("quote_staff:quote", args=[number]), _("Tillbaka till offerten"))
    with translation.override(found.language):
        context = {**page.context(found, now=timezone.now()), "watched": watched}
        return render(request, "orders/quotes/quote.html", context)


@require_safe
@private
def quote_pdf(request: HttpRequest, number: str) -> HttpResponseBase:
    return page.pdf(get_object_or_404(Quote.objects.whole(), number=number))


def _watched(back: str, back_words: str) -> dict[str, str | None]:
    """The line that says who looks. It alone is in the reader's language; the page is in the buyer's."""
    return {
        "lang": translation.get_language(),
        "words": _("Så här ser köparens sida ut. Du tittar bara: här går inget att trycka på."),
        "back": back,
        "back_words": back_words,
    }
