"""Reklamera: tell of a fault from the order's own page."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders import operations
from orders.after_forms import ComplaintForm
from orders.models import Complaint, Order
from orders.views.limiting import behind_key
from shop import known, language, limits
from shop.origin import same_origin
from shop.responses import private


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
@private
@limits.told
def complain(request: HttpRequest, key: str) -> HttpResponseBase:
    order = behind_key(request, Order.objects.shown_to_buyer(), key)
    if request.method != "POST":
        return _form(request, order, ComplaintForm(order=order))
    form = ComplaintForm(request.POST, order=order)
    if not form.is_valid():
        return _form(request, order, form, status=422)
    now = timezone.now()
    try:
        limits.allow("complaint-order", str(order.pk), now=now)
    except limits.TooMany as error:
        sentence = _(
            "Det har kommit många reklamationer på kort tid. Prova igen om %(wait)s, eller ring oss."
        )
        form.refuse(sentence % {"wait": error.wait}, error)
        return limits.marked(_form(request, order, form), error)
    try:
        complaint = _record(request, order, form, now)
    except operations.NotHandedOver:  # some came back a moment ago: judged anew by what is there now
        return _form(request, order, ComplaintForm(request.POST, order=order), status=422)
    return render(request, "orders/complaint_receipt.html", {"order": order, "complaint": complaint})


def _record(request: HttpRequest, order: Order, form: ComplaintForm, now: datetime) -> Complaint:
    return operations.complain(
        order.pk,
        form.copies,
        fault=form.cleaned_data["fault"],
        wish=form.cleaned_data["wish"],
        written_by=operations.BUYER,
        language=language.of(request.path_info),
        now=now,
    )


def _form(request: HttpRequest, order: Order, form: ComplaintForm, *, status: int = 200) -> HttpResponse:
    context = {"order": order, "form": form, "company": known.company()}
    return render(request, "orders/complain.html", context, status=status)
