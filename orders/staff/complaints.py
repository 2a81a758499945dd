"""One complaint of a fault, and the form by which staff write down one that came by phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders import operations
from orders.models import Complaint, HistoryLine, Order
from orders.staff import page, words
from orders.staff.notice_forms import DenyForm, PhoneComplaintForm, ReasonForm, SettleForm
from orders.states import WrongState
from shop.staff.access import actor

ANSWERS: dict[str, type[ReasonForm]] = {"settle": SettleForm, "refuse": DenyForm}


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Reklamation")
    header_icon = "warning"

    def __init__(self, complaint: Complaint) -> None:
        self.page_subtitle = str(complaint.order.number)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("order_staff:complaints"), "label": _("Reklamationer")},
            {"url": "", "label": self.page_subtitle},
        ]


@require_safe
def complaint(request: HttpRequest, complaint: int) -> HttpResponseBase:
    return _page(request, _whole(complaint))


@require_POST
def settle(request: HttpRequest, complaint: int) -> HttpResponseBase:
    def act(answer: str) -> str:
        operations.settle_complaint(complaint, answer, actor=actor(request), now=timezone.now())
        return _("Reklamationen är löst.")

    return _answer(request, complaint, "settle", act)


@require_POST
def refuse(request: HttpRequest, complaint: int) -> HttpResponseBase:
    def act(answer: str) -> str:
        operations.refuse_complaint(complaint, answer, actor=actor(request), now=timezone.now())
        return _("Reklamationen är avslagen. Köparen får ett brev med skälet.")

    return _answer(request, complaint, "refuse", act)


@require_POST
def reopen(request: HttpRequest, complaint: int) -> HttpResponseBase:
    get_object_or_404(Complaint, pk=complaint)
    operations.reopen_complaint(complaint, actor=actor(request), now=timezone.now())
    messages.success(request, _("Reklamationen är öppen igen."))
    return redirect("order_staff:complaint", complaint)


@require_POST
def write(request: HttpRequest, number: str) -> HttpResponseBase:
    """Write down what a buyer said."""
    order = get_object_or_404(Order.objects.whole().with_staff_freight(), number=number)
    form = PhoneComplaintForm(request.POST, order=order, auto_id="id_complaint_%s")
    if not form.is_valid():
        return page.show(request, order, {"complaint": form})
    try:
        made = _written(request, order, form)
    except operations.NotHandedOver:
        messages.error(request, _("Så många har köparen inte längre. Läs om sidan och se efter."))
        return redirect("order_staff:order", number)
    messages.success(request, _("Reklamationen är sparad. Köparen får ett kvitto."))
    return redirect("order_staff:complaint", made.pk)


def _written(request: HttpRequest, order: Order, form: PhoneComplaintForm) -> Complaint:
    return operations.complain(
        order.pk,
        form.copies,
        fault=form.cleaned_data["fault"],
        wish=form.cleaned_data["wish"],
        written_by=actor(request),
        language=order.language,
        now=timezone.now(),
    )


def _answer(request: HttpRequest, pk: int, name: str, act: Callable[[str], str]) -> HttpResponseBase:
    found = _whole(pk)
    form = ANSWERS[name](request.POST, auto_id=f"id_{name}_%s")
    if not form.is_valid():
        return _page(request, found, {name: form}, status=422)
    try:
        messages.success(request, act(form.cleaned_data["reason"]))
    except WrongState:
        messages.error(request, _("Reklamationen är redan avgjord. Öppna den igen först."))
    return redirect("order_staff:complaint", pk)


def _page(
    request: HttpRequest, found: Complaint, typed: dict[str, forms.Form] | None = None, *, status: int = 200
) -> HttpResponse:
    fresh = {name: form(auto_id=f"id_{name}_%s") for name, form in ANSWERS.items()}
    history = HistoryLine.objects.filter(order=found.order, machine=Complaint.MACHINE)
    context = Furniture(found).get_context_data(
        complaint=found,
        order=found.order,
        last_day=words.last_day_to_complain(found.order),
        history=[(words.happening(row), row) for row in history],
        forms={**fresh, **(typed or {})},
        opened=set(typed or ()),
        may={name: request.user.has_perm(f"orders.{name}") for name in ("note_order", "refund_order")},
    )
    return TemplateResponse(request, "orders/staff/complaint.html", context, status=status)


def _whole(pk: int) -> Complaint:
    found = get_object_or_404(Complaint, pk=pk)
    found.order = Order.objects.whole().get(pk=found.order_id)
    return found
