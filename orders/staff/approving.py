"""Invoice customers to approve: the list, and the two buttons on an order's page."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from orders import operations
from orders.models import Order
from orders.staff import page
from orders.staff.columns import BUYER, NUMBER, PLACE, PLACED, TOTAL
from orders.staff.forms import RefuseForm
from orders.staff.listing import StaffList
from orders.states import Agreement, WrongState
from shop.staff.access import actor


class ApprovalQueue(StaffList):
    """Orders on invoice that wait for somebody's yes, oldest first."""

    page_title = gettext_lazy("Att godkänna")
    header_icon = "check"
    index_url_name = "order_staff:approvals"
    index_results_url_name = "order_staff:approvals_results"
    verbose_name_plural = gettext_lazy("beställningar att godkänna")
    no_results_message = gettext_lazy("Ingen beställning väntar på att bli godkänd.")
    columns = [NUMBER, PLACED, BUYER, PLACE, TOTAL]

    def get_base_queryset(self) -> QuerySet[Order]:
        return Order.objects.awaiting_approval()


@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponseBase:
    found = get_object_or_404(Order, number=number)
    try:
        operations.approve(found.pk, actor=actor(request), now=timezone.now())
    except WrongState:
        messages.error(request, _("%s är avbeställd och kan inte godkännas.") % number)
    else:
        messages.success(request, _("%s är godkänd. Köparen får en orderbekräftelse.") % number)
    return redirect("order_staff:order", number)


@require_POST
def refuse(request: HttpRequest, number: str) -> HttpResponseBase:
    found = get_object_or_404(Order, number=number)
    form = RefuseForm(request.POST, order=found, auto_id="id_refuse_%s")
    if not form.is_valid():
        whole = get_object_or_404(Order.objects.whole().with_staff_freight(), number=number)
        return page.show(request, whole, {"refuse": form})
    cause = form.cleaned_data["reason"]
    try:
        operations.refuse(found.pk, actor=actor(request), cause=cause, now=timezone.now())
    except WrongState as wrong:
        messages.error(request, _not_refused(wrong) % number)
    else:
        messages.success(request, _("%s är nekad och avbeställd. Köparen får ett mejl.") % number)
    return redirect("order_staff:order", number)


def _not_refused(wrong: WrongState) -> str:
    if wrong.old == Agreement.CANCELLED:
        return _("%s är redan avbeställd.")
    return _("%s är redan godkänd. Avbeställ den i stället.")
