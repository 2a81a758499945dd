"""The buttons of the list of orders: one step with all that are ticked, and how it went told per number."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from orders.models import Order
from orders.staff import words
from orders.staff.bulk import Outcome, refusals
from orders.staff.deeds import DEEDS, Deed, ManyNoteForm
from orders.staff.listing import OrderList
from orders.states import WrongState
from shop.staff.access import actor, require

MOST = 100
LONGEST_NUMBER = 40


@require_POST
def chosen(request: HttpRequest) -> HttpResponseBase:
    """Do what the pressed button says with the ticked orders, and lead back to the list as it was filtered."""
    numbers = sorted(set(request.POST.getlist("order")))
    deed = next((one for one in DEEDS if one.name == request.POST.get("gor")), None)
    if deed is None or not numbers:
        messages.error(request, _("Välj minst en beställning först."))
        return _back(request)
    if len(numbers) > MOST:
        messages.error(request, _("Välj högst %(most)s beställningar åt gången.") % {"most": MOST})
        return _back(request)
    guarded = require(deed.right)(_do)
    return guarded(request, deed, _found(numbers))


def _do(request: HttpRequest, deed: Deed, orders: list[Order]) -> HttpResponseBase:
    form = ManyNoteForm(request.POST)
    if deed.name == "note" and not form.is_valid():
        return _again(request, form, orders)
    text = form.cleaned_data.get("text", "") if form.is_valid() else ""
    _tell(request, deed, _each(deed, orders, text, actor(request)))
    return _back(request)


def _found(numbers: list[str]) -> list[Order]:
    """The ticked orders, oldest first. Raises Http404 for what no box ever says."""
    if any(len(number) > LONGEST_NUMBER or "\x00" in number for number in numbers):
        raise Http404
    found = list(Order.objects.chosen(numbers))
    if len(found) != len(numbers):
        raise Http404
    return found


def _each(deed: Deed, orders: list[Order], text: str, by: str) -> Outcome:
    outcome, now = Outcome(), timezone.now()
    for order in orders:
        try:
            whole = deed.do(order, text, by, now)
        except WrongState as refusal:
            fresh = Order.objects.get(pk=order.pk)
            outcome.refused.append((str(order.number), words.refused(fresh, refusal)))
        else:
            (outcome.done if whole else outcome.partly).append(str(order.number))
    return outcome


def _tell(request: HttpRequest, deed: Deed, outcome: Outcome) -> None:
    if count := len(outcome.done):
        told = deed.done(count) % {"n": count}
        messages.success(request, f"{told} ({', '.join(outcome.done)})")
    if outcome.partly:
        told = _("Bara en del av paketen har kommit så långt: %(numbers)s. De andra är kvar här.")
        messages.warning(request, told % {"numbers": ", ".join(outcome.partly)})
    if outcome.refused:
        messages.error(request, refusals(outcome.refused))


def _back(request: HttpRequest) -> HttpResponseBase:
    query = request.GET.urlencode()
    return redirect(reverse("order_staff:list") + (f"?{query}" if query else ""))


def _again(request: HttpRequest, form: ManyNoteForm, orders: list[Order]) -> HttpResponseBase:
    """The list once more, with the boxes as they were ticked and the field's error."""
    shown = OrderList(note_form=form, ticked=frozenset(order.number for order in orders))
    shown.setup(request)
    answer: HttpResponseBase = shown.get(request)
    return answer
