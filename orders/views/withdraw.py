"""Ångra avtalet: a form, a step that only confirms, a receipt. No log-in, no reason asked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders.after_forms import WithdrawalForm
from orders.models import Order
from orders.operations import Statement
from orders.operations import withdraw as record
from orders.views.limiting import behind_key
from shop import client, known, language, limits
from shop.origin import same_origin
from shop.responses import SeeOther, private


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
@limits.told
def withdraw(request: HttpRequest) -> HttpResponseBase:
    """State what is withdrawn from; the next page reads it back."""
    if request.method != "POST":
        order = _own_order(request, request.GET.get("order", ""))
        return _form(request, WithdrawalForm(order=order, initial=_known(order)))
    form = _sent(request)
    if not form.is_valid():
        return _form(request, form, status=422)
    if "change" in request.POST:
        return _form(request, form)
    try:
        limits.allow("withdrawal-address", client.address(request), now=timezone.now())
    except limits.TooMany as error:
        return _stopped(request, form, error)
    return render(request, "orders/withdraw_confirm.html", {"form": form, "stated": form.stated})


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
@limits.told
def withdraw_confirm(request: HttpRequest) -> HttpResponseBase:
    """The notice itself. The server's time counts."""
    if request.method != "POST":
        return SeeOther(reverse("orders:withdraw"))
    form = _sent(request)
    if not form.is_valid():
        return _form(request, form, status=422)
    now = timezone.now()
    try:
        limits.allow("withdrawal-address", client.address(request), now=now)
        withdrawal = record(Statement(**form.stated), now=now, language=language.of(request.path_info))
    except limits.TooMany as error:
        return _stopped(request, form, error)
    context = {"withdrawal": withdrawal, "order": form.order}
    return render(request, "orders/withdraw_receipt.html", context)


def _stopped(request: HttpRequest, form: WithdrawalForm, error: limits.TooMany) -> HttpResponse:
    """The right stands whatever the page does, so it names the way that is open now."""
    form.refuse(
        _(
            "Det har kommit många meddelanden på kort tid. Prova igen om %(wait)s, eller ring oss, "
            "så tar vi emot din ånger direkt."
        )
        % {"wait": error.wait},
        error,
    )
    return limits.marked(_form(request, form), error)


def _sent(request: HttpRequest) -> WithdrawalForm:
    return WithdrawalForm(request.POST, order=_own_order(request, request.POST.get("order", "")))


def _own_order(request: HttpRequest, key: str) -> Order | None:
    """The order of who comes from its own page or letter: the key is the proof."""
    if not key or "\x00" in key:
        return None
    try:
        return behind_key(request, Order.objects.prefetch_related("lines"), key)
    except Http404:
        return None


def _known(order: Order | None) -> dict[str, str]:
    """What we know need not be written."""
    if order is None:
        return {}
    return {"name": order.name, "order_number": str(order.number), "email": order.email}


def _form(request: HttpRequest, form: WithdrawalForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "company": known.company()}
    return render(request, "orders/withdraw.html", context, status=status)
