"""Where Stripe's books and ours differ: the list, and the box to say how it came about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders import operations
from orders.models import Difference
from orders.models.reconciling import DifferenceQuerySet
from orders.staff.columns import day
from orders.staff.listing import StaffList
from shop.staff.access import actor
from shop.staff.columns import LinkColumn, PlainColumn
from shop.staff.filters import choice

UNKNOWN = gettext_lazy("Finns inte")
OPEN = "open"


def _address(row: Difference) -> str:
    return reverse("money_staff:difference", args=[row.pk])


class DifferenceFilters(WagtailFilterSet):
    state = choice(
        gettext_lazy("Läge"),
        [(OPEN, gettext_lazy("Öppna")), ("settled", gettext_lazy("Avslutade"))],
        method="by_state",
    )

    class Meta:
        model = Difference
        fields: list[str] = []

    def by_state(self, rows: DifferenceQuerySet, _name: str, word: str) -> DifferenceQuerySet:
        return rows.open() if word == OPEN else rows.settled()


class DifferenceList(StaffList):
    """Open ones first, then newest first."""

    model = Difference
    filterset_class = DifferenceFilters
    page_title = gettext_lazy("Avvikelser mot Stripe")
    header_icon = "warning"
    index_url_name = "money_staff:differences"
    index_results_url_name = "money_staff:differences_results"
    verbose_name_plural = gettext_lazy("avvikelser")
    columns = [
        LinkColumn("reference", label=gettext_lazy("Referens"), get_url=_address),
        PlainColumn("kind", label=gettext_lazy("Slag"), accessor="get_kind_display"),
        PlainColumn("ours", label=gettext_lazy("Hos oss"), accessor=lambda row: row.ours or UNKNOWN),
        PlainColumn("theirs", label=gettext_lazy("Hos Stripe"), accessor=lambda row: row.theirs or UNKNOWN),
        day("found_at", gettext_lazy("Upptäckt")),
        PlainColumn("note", label=gettext_lazy("Förklaring"), accessor=lambda row: row.note or _("Öppen")),
    ]

    def get_base_queryset(self) -> QuerySet[Difference]:
        return Difference.objects.open_first()


class SettleForm(forms.Form):
    use_required_attribute = False
    note = forms.CharField(
        label=gettext_lazy("Förklaring"),
        max_length=500,
        help_text=gettext_lazy("Vad berodde det på, och vad är gjort? Står kvar i listan."),
        error_messages={"required": gettext_lazy("Skriv vad avvikelsen berodde på.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Avvikelse")
    header_icon = "warning"

    def __init__(self, row: Difference) -> None:
        self.page_subtitle = row.reference

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("money_staff:differences"), "label": _("Avvikelser mot Stripe")},
            {"url": "", "label": self.page_subtitle},
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def difference(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(Difference.objects.select_related("order"), pk=pk)
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _settle(request, row, form.cleaned_data["note"])
    context = Furniture(row).get_context_data(
        row=row, form=form, may_settle=request.user.has_perm("orders.book_payment")
    )
    return TemplateResponse(request, "orders/staff/difference.html", context)


def _settle(request: HttpRequest, row: Difference, note: str) -> HttpResponseBase:
    if operations.settle_difference(row.pk, note, actor=actor(request), now=timezone.now()):
        messages.success(request, _("Avvikelsen är avslutad."))
    else:
        messages.info(request, _("Avvikelsen var redan avslutad."))
    return redirect("money_staff:differences")
