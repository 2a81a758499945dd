"""Organisations' own credit limits in the admin: the list, one with its history, and setting one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from orders import operations
from orders.models import CreditLimit, Order
from orders.operations.approving import owed_by
from orders.staff.listing import StaffList
from shop import validators
from shop.forms import KronorField
from shop.models import Company
from shop.money import Money
from shop.staff.access import actor


class CreditList(StaffList):
    """By organisation number."""

    model = CreditLimit
    page_title = gettext_lazy("Kreditgränser")
    header_icon = "order"
    index_url_name = "order_staff:credits"
    index_results_url_name = "order_staff:credits_results"
    verbose_name_plural = gettext_lazy("kreditgränser")
    no_results_message = gettext_lazy("Ingen organisation har en egen kreditgräns.")
    columns = [
        TitleColumn(
            "organisation_number",
            label=gettext_lazy("Organisationsnummer"),
            accessor=str,
            get_url=lambda credit: reverse("order_staff:credit", args=[credit.pk]),
        ),
        Column("organisation", label=gettext_lazy("Organisation"), classname="wrap-anywhere"),
        Column(
            "limit",
            label=gettext_lazy("Kreditgräns"),
            accessor=lambda credit: in_words(credit.limit_ore),
            classname="staff-number",
        ),
    ]

    def get_base_queryset(self) -> QuerySet[CreditLimit]:
        return CreditLimit.objects.named()

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        address = reverse("order_staff:credit_new")
        return [HeaderButton(_("Sätt en kreditgräns"), address, icon_name="plus", priority=10)]


def in_words(ore: int | None) -> str:
    return _("Ingen egen") if ore is None else str(Money(ore))


class CreditForm(forms.Form):
    use_required_attribute = False  # the sentences are ours, also without script
    limit = KronorField(
        label=gettext_lazy("Kreditgräns i kronor"),
        required=False,
        help_text=gettext_lazy(
            "Så mycket får organisationen ha obetalt på faktura, till exempel 50 000. Det som går över väntar på "
            "godkännande; 0: allt väntar. Tomt: ingen egen gräns, företagets inställning gäller."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Varför?"),
        max_length=200,
        help_text=gettext_lazy("Står i historiken."),
        error_messages={"required": gettext_lazy("Skriv varför gränsen ändras.")},
    )

    @property
    def sum(self) -> Money | None:
        found = self.cleaned_data["limit"]
        return None if found is None else Money(found)


class NewCreditForm(CreditForm):
    organisation_number = forms.CharField(
        label=gettext_lazy("Organisationsnummer"),
        max_length=40,
        error_messages={"required": validators.ORGANISATION_NUMBER},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    field_order = ["organisation_number"]

    def clean_organisation_number(self) -> str:
        return validators.organisation_number(self.cleaned_data["organisation_number"])

    def clean_limit(self) -> int:
        if self.cleaned_data["limit"] is None:
            raise ValidationError(_("Skriv gränsen, eller 0 om allt ska godkännas först."))
        return int(self.cleaned_data["limit"])


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Kreditgräns")
    header_icon = "order"

    def __init__(self, credit: CreditLimit | None = None) -> None:
        self.page_subtitle = str(credit) if credit else _("Ny")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("order_staff:credits"), "label": _("Kreditgränser")},
            {"url": "", "label": self.page_subtitle},
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def credit(request: HttpRequest, credit: int) -> HttpResponseBase:
    found = get_object_or_404(CreditLimit.objects.named(), pk=credit)
    if request.method != "POST":
        return _page(request, CreditForm(initial={"limit": found.limit_ore}), found)
    form = CreditForm(request.POST)
    if not form.is_valid():
        return _page(request, form, found, status=422)
    return _set(request, form, found.organisation_number)


@require_http_methods(["GET", "HEAD", "POST"])
def credit_new(request: HttpRequest) -> HttpResponseBase:
    """`?order=VS-…` fills in the number of its organisation, or leads to the limit that it has."""
    if request.method == "POST":
        form = NewCreditForm(request.POST)
        if not form.is_valid():
            return _page(request, form, status=422)
        return _set(request, form, form.cleaned_data["organisation_number"])
    number = _of_order(request.GET.get("order", ""))
    if known := CreditLimit.objects.filter(organisation_number=number).first():
        return redirect("order_staff:credit", known.pk)
    return _page(request, NewCreditForm(initial={"organisation_number": number}))


def _of_order(number: str) -> str:
    found = Order.objects.filter(number=number.replace("\x00", "")).first()
    return found.organisation_number if found else ""


def _set(request: HttpRequest, form: CreditForm, number: str) -> HttpResponseBase:
    made = operations.set_credit_limit(
        number, form.sum, actor=actor(request), cause=form.cleaned_data["reason"], now=timezone.now()
    )
    messages.success(request, _("Kreditgränsen för %s är sparad.") % made)
    return redirect("order_staff:credit", made.pk)


def _page(
    request: HttpRequest, form: CreditForm, found: CreditLimit | None = None, *, status: int = 200
) -> HttpResponse:
    steps = reversed(found.steps.all()) if found else []
    everybodys = Company.load().credit_limit_ore
    context = Furniture(found).get_context_data(
        credit=found,
        form=form,
        owed=owed_by(found.organisation_number) if found else None,
        everybodys=_("Ingen") if everybodys is None else str(Money(everybodys)),
        steps=[(f"{in_words(step.old_ore)} → {in_words(step.new_ore)}", step) for step in steps],
    )
    return TemplateResponse(request, "orders/staff/credit.html", context, status=status)
