"""Quotes in the admin: the list, one quote with its buttons, and making one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from notifications.models import Message
from orders import operations
from orders.destinations import destinations
from orders.models import Quote, Standing
from orders.models.quote import QuoteQuerySet
from orders.operations import Asked
from orders.quotes.forms import QuoteForm
from orders.staff import words
from orders.staff.columns import day
from orders.staff.goods import Goods
from orders.staff.listing import StaffList
from orders.states import WrongState
from shop import pricing
from shop.days import stockholm_today
from shop.models import Company
from shop.staff.access import actor
from shop.staff.columns import LabelledColumn
from shop.staff.dates import DayField
from shop.staff.filters import choice

LONGEST = timedelta(days=365)


def quote_url(quote: Quote) -> str:
    return reverse("quote_staff:quote", args=[quote.number])


# --- The list -------------------------------------------------------------------------------------
class QuoteFilters(WagtailFilterSet):
    standing = choice(gettext_lazy("Läge"), Standing.choices, method="by_standing")

    class Meta:
        model = Quote
        fields: list[str] = []

    def by_standing(self, quotes: QuoteQuerySet, _name: str, word: str) -> QuoteQuerySet:
        return quotes.standing(word, stockholm_today())


class QuoteList(StaffList):
    """Newest first."""

    model = Quote
    page_title = gettext_lazy("Offerter")
    header_icon = "doc-full"
    index_url_name = "quote_staff:list"
    index_results_url_name = "quote_staff:list_results"
    verbose_name_plural = gettext_lazy("offerter")
    is_searchable = True
    filterset_class: type[django_filters.FilterSet] = QuoteFilters
    default_ordering = ("-made_at", "-pk")
    columns = [
        TitleColumn("number", label=gettext_lazy("Nummer"), get_url=quote_url),
        day("made_at", gettext_lazy("Gjord"), sort_key="made_at"),
        Column("organisation", label=gettext_lazy("Organisation"), classname="wrap-anywhere"),
        Column("name", label=gettext_lazy("Namn"), classname="wrap-anywhere"),
        Column("total", label=gettext_lazy("Summa"), accessor="total.exact", classname="staff-number"),
        LabelledColumn(
            "valid_until",
            label=gettext_lazy("Gäller till"),
            accessor=lambda quote: date_format(quote.valid_until, "j b Y"),
            sort_key="valid_until",
        ),
        StatusTagColumn(
            "standing",
            label=gettext_lazy("Läge"),
            accessor=lambda quote: quote.standing(timezone.now()).label,
            primary=lambda quote: quote.standing(timezone.now()) == Standing.OPEN,
        ),
    ]

    def get_base_queryset(self) -> QuerySet[Quote]:
        return Quote.objects.exclude(number=None).prefetch_related("orders__payments")

    def get_search_form(self) -> SearchForm:
        text = self.request.GET.get("q", "").replace("\x00", "")
        return SearchForm({"q": text}, placeholder=_("Nummer, organisation, namn, e-post, referens"))

    def search_queryset(self, queryset: QuoteQuerySet) -> QuoteQuerySet:
        return queryset.search(self.search_query)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm("orders.make_quote"):
            return []
        return [HeaderButton(_("Gör en offert"), reverse("quote_staff:make"), icon_name="plus", priority=10)]


# --- One quote ------------------------------------------------------------------------------------
class ProlongForm(forms.Form):
    use_required_attribute = False
    valid_until = DayField(
        label=gettext_lazy("Gäller till och med"),
        error_messages={
            "required": gettext_lazy("Skriv den sista dagen."),
        },
    )

    def clean_valid_until(self) -> date:
        last: date = self.cleaned_data["valid_until"]
        if not stockholm_today() <= last <= stockholm_today() + LONGEST:
            raise ValidationError(_("Skriv en dag från i dag till ett år framåt."))
        return last


class WithdrawForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Varför återkallas den?"),
        max_length=200,
        help_text=gettext_lazy(
            "Står i historiken. Den som frågade får ett mejl om att offerten är återkallad, utan skälet."
        ),
        error_messages={"required": gettext_lazy("Skriv varför offerten återkallas.")},
    )


class Furniture(WagtailAdminTemplateMixin):
    header_icon = "doc-full"

    def __init__(self, quote: Quote | None = None) -> None:
        self.quote = quote
        self.page_title = _("Offert") if quote else _("Gör en offert")
        self.page_subtitle = str(quote.number) if quote else ""

    def _address(self, page: str) -> str:
        return reverse(f"quote_staff:{page}", args=[self.page_subtitle])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("quote_staff:list"), "label": _("Offerter")},
            {"url": "", "label": self.page_subtitle or self.page_title},
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if self.quote is None:
            return []
        return [
            HeaderButton(_("Köparens sida"), self._address("buyers_page"), icon_name="view", priority=10),
            HeaderButton(_("PDF"), self._address("pdf"), icon_name="download", priority=20),
        ]


@require_safe
def quote(request: HttpRequest, number: str) -> HttpResponseBase:
    return _page(request, _whole(number))


@require_POST
def prolong(request: HttpRequest, number: str) -> HttpResponseBase:
    found, form = _whole(number), ProlongForm(request.POST)
    if not form.is_valid():
        return _page(request, found, prolong=form)
    last = form.cleaned_data["valid_until"]
    try:
        operations.prolong_quote(found.pk, valid_until=last, actor=actor(request), now=timezone.now())
    except WrongState:
        messages.error(
            request, _("%s kan inte få ny giltighet: den är accepterad eller återkallad.") % number
        )
    else:
        said = {"number": number, "day": date_format(last, "j F Y")}
        messages.success(
            request, _("%(number)s gäller till och med %(day)s. Den som frågade får ett mejl.") % said
        )
    return redirect("quote_staff:quote", number)


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponseBase:
    found, form = _whole(number), WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, found, withdraw=form)
    try:
        operations.withdraw_quote(
            found.pk, actor=actor(request), cause=form.cleaned_data["reason"], now=timezone.now()
        )
    except WrongState:
        messages.error(request, _("%s är redan accepterad. Avbeställ beställningen i stället.") % number)
    else:
        messages.success(request, _("%s är återkallad. Den som frågade får ett mejl.") % number)
    return redirect("quote_staff:quote", number)


def _whole(number: str) -> Quote:
    return get_object_or_404(Quote.objects.whole(), number=number)


def _page(
    request: HttpRequest,
    found: Quote,
    *,
    prolong: ProlongForm | None = None,
    withdraw: WithdrawForm | None = None,
) -> HttpResponse:
    standing = found.standing(timezone.now())
    context = Furniture(found).get_context_data(
        quote=found,
        standing=standing,
        is_open=standing in {Standing.OPEN, Standing.EXPIRED},
        may_change=request.user.has_perm("orders.make_quote"),
        prolong=prolong or ProlongForm(initial={"valid_until": found.valid_until}),
        withdraw=withdraw or WithdrawForm(),
        opened="withdraw" if withdraw else "",
        orders=found.orders.all(),
        destinations=destinations(found),
        steps=[(words.quote_step(step), step) for step in reversed(found.steps.all())],
        letters=Message.objects.filter(about=found.number).defer("context", "headers"),
    )
    return TemplateResponse(request, "orders/staff/quote.html", context)


# --- Making one -----------------------------------------------------------------------------------
class MakeForm(QuoteForm):
    freight = forms.ChoiceField(label=gettext_lazy("Leveranssätt"), required=False)
    days = forms.IntegerField(
        label=gettext_lazy("Gäller i dagar"),
        min_value=1,
        max_value=365,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            gettext_lazy("Skriv ett antal dagar, 1 till 365."),
        ),
    )

    def __init__(self, *args: Any, freights: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Namn")
        field = self.fields["freight"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = freights


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        form = MakeForm(freights=freights(), initial={"days": Company.load().quote_days})
        return _make_page(request, form, Goods())
    form, goods = MakeForm(request.POST, freights=freights()), Goods(request.POST)
    if not form.is_valid() or goods.error:
        return _make_page(request, form, goods)
    facts = {name: form.cleaned_data[name] for name in ("organisation", "name", "email", "reference")}
    made = operations.make_quote(
        Asked(form.key_with(goods.basket), facts, actor=actor(request)),
        pricing.price(goods.basket, today=stockholm_today(), freight=form.cleaned_data["freight"]),
        days=form.cleaned_data["days"],
        now=timezone.now(),
    )
    messages.success(request, _("%s är gjord och skickad.") % made.number)
    return redirect("quote_staff:quote", made.number)


def freights() -> list[tuple[str, str]]:
    """The ways of sending that can be chosen, the first one first."""
    return [(way.code, way.name) for way in pricing.ways(stockholm_today())]


def _make_page(request: HttpRequest, form: MakeForm, goods: Goods) -> HttpResponse:
    context = Furniture().get_context_data(form=form, goods=goods)
    status = 422 if form.errors or goods.error else 200
    return TemplateResponse(request, "orders/staff/make_quote.html", context, status=status)
