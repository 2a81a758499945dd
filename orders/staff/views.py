"""An order's staff page and its buttons: each button is one POST, one operation, one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from orders import operations
from orders.models import Method, Order, Refund
from orders.operations import WrongPayment
from orders.payments.settle import close_pages
from orders.staff import page, words
from orders.staff.forms import PaymentForm, PlainForm
from orders.states import WrongState
from shop.staff.access import actor

Act = Callable[[Order, dict[str, Any], str], str]


@require_safe
def order(request: HttpRequest, number: str) -> HttpResponseBase:
    return page.show(request, page.whole(number))


@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponseBase:
    return _act(request, number, "cancel", _cancel)


@require_POST
def note(request: HttpRequest, number: str) -> HttpResponseBase:
    return _act(request, number, "note", _note)


@require_POST
def payment(request: HttpRequest, number: str) -> HttpResponseBase:
    """Only for invoices: money by card, Swish or Klarna is booked when the payment service tells of it."""
    found = get_object_or_404(Order, number=number, method=Method.INVOICE)
    form = _form("payment", request, found)
    if form.is_valid() and _booked(request, found, form):
        return redirect("order_staff:order", number)
    return page.show(request, page.whole(number), {"payment": form})


@require_POST
def refund_done(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    refund = get_object_or_404(Refund.objects.by_hand(), pk=pk, order__number=number)
    try:
        is_new = operations.refund_done(refund.pk, actor=actor(request), now=timezone.now())
    except WrongState:  # by a colleague, since the page was shown
        messages.error(
            request, _("Återbetalningen är struken. Har pengarna ändå gått, lägg upp den på nytt.")
        )
        return redirect("order_staff:order", number)
    if is_new:
        messages.success(request, _("Bokfört: %s är återbetalt.") % refund.amount)
    else:
        messages.info(request, _("Den återbetalningen är redan bokförd."))
    return redirect("order_staff:order", number)


# --- What the buttons do ------------------------------------------------------------------------
def _cancel(order: Order, facts: dict[str, Any], by: str) -> str:
    """The payment page first: who pays at this moment gets the money back by the cancellation itself."""
    now = timezone.now()
    close_pages(order, now=now)
    operations.cancel_for_buyer(order.pk, why=facts["why"], reason=facts["reason"], actor=by, now=now)
    return _("%s är avbeställd. Varorna är tillbaka i lagret, och köparen får ett mejl.") % order.number


def _note(order: Order, facts: dict[str, Any], by: str) -> str:
    operations.write_note(order, facts["text"], actor=by, now=timezone.now())
    return _("Anteckningen är sparad.")


def _booked(request: HttpRequest, order: Order, form: PaymentForm | PlainForm) -> bool:
    facts = form.cleaned_data
    try:
        operations.record_money(
            order_pk=order.pk,
            amount=facts["amount"],
            reference=facts["reference"],
            method=order.method,
            at=facts["paid_on"],
            actor=actor(request),
            now=timezone.now(),
        )
    except WrongPayment:
        form.add_error(
            "reference", _("Referensen är redan bokförd på en annan beställning eller ett annat belopp.")
        )
        return False
    messages.success(request, _("Bokfört: %s har kommit.") % facts["amount"])
    return True


# --- What they share ----------------------------------------------------------------------------
def _act(request: HttpRequest, number: str, name: str, act: Act) -> HttpResponseBase:
    """Read the form, do the one thing, say how it went. The same button twice does it once."""
    found = get_object_or_404(Order, number=number)
    form = _form(name, request, found)
    if not form.is_valid():
        return page.show(request, page.whole(number), {name: form})
    try:
        messages.success(request, act(found, form.cleaned_data, actor(request)))
    except WrongState as refusal:
        say = messages.info if refusal.old == refusal.new else messages.error
        say(request, words.refused(page.whole(number), refusal))
    return redirect("order_staff:order", number)


def _form(name: str, request: HttpRequest, order: Order) -> PlainForm:
    return page.FORMS[name](request.POST, order=order, auto_id=f"id_{name}_%s")
