"""The buttons of the money box: each is one POST, one operation, one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from orders import operations
from orders.models import Order, Refund
from orders.staff import page
from orders.staff.money import RefundForm
from orders.states import WrongState
from shop.money import total
from shop.staff.access import actor


@require_POST
def refund(request: HttpRequest, number: str) -> HttpResponseBase:
    found = get_object_or_404(Order, number=number)
    key = f"staff:{found.pk}:{request.POST.get('key', '')[:64]}".replace("\x00", "")
    if Refund.objects.filter(key=key).exists():
        messages.info(request, _("Den återbetalningen är redan upplagd."))
        return redirect("order_staff:order", number)
    form = RefundForm(request.POST, order=found, auto_id="id_refund_%s")
    if not form.is_valid():
        return page.show(request, page.whole(number), {"refund": form})
    _say(request, _send_back(found, form.cleaned_data, key, actor(request)))
    return redirect("order_staff:order", number)


def _send_back(order: Order, facts: dict[str, Any], key: str, by: str) -> Refund | None:
    return operations.send_back(
        order.pk, key=key, amount=facts["amount"], reason=facts["reason"], actor=by, now=timezone.now()
    )


def _say(request: HttpRequest, planned: Refund | None) -> None:
    if planned is None:
        messages.error(request, _("Det finns inget kvar att betala tillbaka."))
    else:
        messages.success(request, _planned(planned.parts))


def _planned(parts: list[Refund]) -> str:
    """The whole sum, though it may be taken from several payments."""
    whole = total([part.amount for part in parts])
    by_hand = total([part.amount for part in parts if part.is_by_hand])
    if by_hand == whole:
        return _("%s ska betalas tillbaka för hand. Tryck på Klart när det är gjort.") % whole
    if by_hand:
        words = _("%(sum)s betalas tillbaka, varav %(part)s för hand. Tryck på Klart när det är gjort.")
        return words % {"sum": whole, "part": by_hand}
    return _("%s betalas tillbaka. Köparen får ett mejl när det är gjort.") % whole


@require_POST
def refund_again(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    def act(failed: Refund, by: str) -> None:
        _say(request, operations.plan_again(failed.pk, actor=by, now=timezone.now()))

    return _act(request, number, pk, act)


@require_POST
def refund_by_hand(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """The way that it failed by is closed: somebody sends it to an account of the buyer's."""

    def act(failed: Refund, by: str) -> None:
        _say(request, operations.plan_again(failed.pk, actor=by, now=timezone.now(), by_hand=True))

    return _act(request, number, pk, act)


@require_POST
def refund_cancel(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    def act(planned: Refund, by: str) -> None:
        operations.cancel_refund(planned.pk, actor=by, now=timezone.now())
        messages.success(request, _("Återbetalningen är struken. Inget har kommit till köparen."))

    return _act(request, number, pk, act)


def _act(request: HttpRequest, number: str, pk: int, act: Callable[[Refund, str], None]) -> HttpResponseBase:
    found = get_object_or_404(Refund, pk=pk, order__number=number)
    try:
        act(found, actor(request))
    except WrongState:
        messages.error(request, _("Återbetalningen har redan kommit längre än så."))
    return redirect("order_staff:order", number)


@require_POST
def pay_again(request: HttpRequest, number: str) -> HttpResponseBase:
    """Mail the buyer a link to pay by, and hold the goods meanwhile; at most once in a day and night."""
    found = get_object_or_404(Order, number=number)
    sent = operations.invite_to_pay(found.pk, actor=actor(request), now=timezone.now())
    if sent is None:
        messages.error(request, _("Beställning %s väntar inte på någon betalning.") % number)
    elif sent:
        messages.success(request, _("Betallänken är mejlad till %s.") % found.email)
    else:
        messages.info(request, _("Betallänken är redan mejlad det senaste dygnet."))
    return redirect("order_staff:order", number)
