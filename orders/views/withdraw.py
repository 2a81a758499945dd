"""Ångra avtalet: a form, a step that only confirms, a receipt. No log-in, no reason asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders.forms import WithdrawalForm
from orders.models import Order
from orders.withdrawals import Statement, TooMany
from orders.withdrawals import withdraw as record
from shop import known, language
from shop.origin import same_origin
from shop.responses import SeeOther, private


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
def withdraw(request: HttpRequest) -> HttpResponseBase:
    """State what is withdrawn from; the next page reads it back."""
    if request.method != "POST":
        return _form(request, WithdrawalForm(initial=_known(request.GET.get("order", ""))))
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    if "change" in request.POST:
        return _form(request, form)
    return render(request, "orders/withdraw_confirm.html", {"form": form, "stated": form.cleaned_data})


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
def withdraw_confirm(request: HttpRequest) -> HttpResponseBase:
    """The notice itself. The server's time counts."""
    if request.method != "POST":
        return SeeOther(reverse("orders:withdraw"))
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        withdrawal = record(
            Statement(**form.cleaned_data), now=timezone.now(), language=language.of(request.path_info)
        )
    except TooMany:
        form.add_error(
            None,
            _(
                "Det har kommit många meddelanden från den här adressen. Ring oss, så tar vi emot din ånger direkt."
            ),
        )
        return _form(request, form, status=429)
    return render(request, "orders/withdraw_receipt.html", {"withdrawal": withdrawal})


def _known(key: str) -> dict[str, str]:
    """Who comes from the order's page need not write what we know; the key is the proof."""
    order = Order.objects.filter(key=key).first() if key and "\x00" not in key else None
    if order is None:
        return {}
    return {"name": order.name, "order_number": str(order.number), "email": order.email}


def _form(request: HttpRequest, form: WithdrawalForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "company": known.company()}
    return render(request, "orders/withdraw.html", context, status=status)
