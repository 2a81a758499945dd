"""The buttons of an order's parcels: each is one POST, one operation, one sentence."""

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
from orders.models import Order, Shipment
from orders.operations import WrongCopies
from orders.packing_papers import parcel_name
from orders.staff import page, parcels, words
from orders.states import Parcel, WrongState
from shop.money import Money
from shop.staff.access import actor

# What a button does: raises WrongState or WrongCopies, answers what to say.
Act = Callable[[Shipment, Any, str], str]
View = Callable[[HttpRequest, str, int], HttpResponseBase]


def button(name: str, goal: Parcel, act: Act) -> View:
    """The view of one button. The same button twice does it once, and says so the second time."""

    @require_POST
    def view(request: HttpRequest, number: str, parcel: int) -> HttpResponseBase:
        found = _parcel(number, parcel)
        form = parcels.FORMS[name](request.POST, parcel=found)
        if found.state == goal and name not in {"tracking", "settle"}:
            _say(request, found, WrongState("shipment", goal, goal))
        elif not form.is_valid():
            return page.show(request, page.whole(number), {f"{name}-{found.pk}": form})
        else:
            _do(request, found, form, act)
        return redirect("order_staff:order", number)

    return view


def _do(request: HttpRequest, parcel: Shipment, form: Any, act: Act) -> None:
    try:
        messages.success(request, act(parcel, form, actor(request)))
    except WrongCopies:
        messages.error(request, _("Försändelsen har ändrats under tiden. Se efter igen."))
    except WrongState as refusal:
        _say(request, parcel, refusal)


def _say(request: HttpRequest, parcel: Shipment, refusal: WrongState) -> None:
    say = messages.info if refusal.old == refusal.new else messages.error
    say(request, words.refused(Order.objects.get(pk=parcel.order_id), refusal))


def _parcel(number: str, pk: int) -> Shipment:
    """Raises Http404 for another order's parcel."""
    return get_object_or_404(Shipment.objects.for_staff(), pk=pk, order__number=number)


# --- What the buttons do --------------------------------------------------------------------------
def _pack(parcel: Shipment, _form: Any, by: str) -> str:
    operations.pack(parcel.pk, actor=by, now=timezone.now())
    return _("%s är packad.") % parcel_name(parcel)


def _unpack(parcel: Shipment, _form: Any, by: str) -> str:
    operations.unpack(parcel.pk, actor=by, now=timezone.now())
    return _("%s ska packas igen.") % parcel_name(parcel)


def _send(parcel: Shipment, form: Any, by: str) -> str:
    tracking = form.cleaned_data["tracking_number"]
    operations.send(parcel.pk, tracking_number=tracking, actor=by, now=timezone.now())
    return _("%s är skickad. Köparen får ett mejl.") % parcel_name(parcel)


def _correct(parcel: Shipment, form: Any, by: str) -> str:
    facts = form.cleaned_data
    operations.correct_tracking(
        parcel.pk,
        tracking_number=facts["tracking_number"],
        tell=facts["tell"],
        actor=by,
        now=timezone.now(),
    )
    return _("Spårningsnumret är rättat.")


def _deliver(parcel: Shipment, form: Any, by: str) -> str:
    operations.deliver(parcel.pk, actor=by, now=timezone.now(), came_at=form.cleaned_data["came_on"])
    return _("%s är framme.") % parcel_name(parcel)


def _settle(parcel: Shipment, form: Any, by: str) -> str:
    reason = form.cleaned_data["reason"] or _("Varorna kom åter")
    amount: Money = form.goes_back
    now = timezone.now()
    if not operations.settle_return(parcel.pk, amount=amount, reason=reason, actor=by, now=now):
        return _("Returen är redan avgjord.")
    if not amount:
        return _("Pengarna behålls. Köparen läser varför på sin sida.")
    return _("%s betalas tillbaka. Köparen får ett mejl när det är gjort.") % amount


def _take_back(parcel: Shipment, form: Any, by: str) -> str:
    operations.take_back(
        parcel.pk,
        restock=form.copies("restock"),
        write_off=form.copies("write_off"),
        actor=by,
        now=timezone.now(),
    )
    return _("%s är åter. Lagret är bokfört.") % parcel_name(parcel)


pack = button("pack", Parcel.PACKED, _pack)
unpack = button("unpack", Parcel.PLANNED, _unpack)
send = button("send", Parcel.SENT, _send)
correct_tracking = button("tracking", Parcel.SENT, _correct)
deliver = button("deliver", Parcel.DELIVERED, _deliver)
take_back = button("take_back", Parcel.RETURNED, _take_back)
settle = button("settle", Parcel.RETURNED, _settle)
