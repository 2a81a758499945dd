"""The stock's pages: the ledger of all movements, and one product's balance with a form."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, Table, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin

from shop import stock
from shop.models import Product, StockLevel, StockMovement
from shop.quantities import grouped
from shop.staff.access import actor
from shop.staff.columns import LabelledColumn, MomentColumn
from shop.staff.forms import StockForm
from shop.staff.products import stock_url

LATEST = 20


def signed(number: int) -> str:
    """`+500`, `−3`, and nothing for zero."""
    sign = "+" if number > 0 else "\N{MINUS SIGN}"
    return sign + grouped(abs(number)) if number else ""


def columns(*, product: bool) -> list[Column]:
    """What a table of movements shows; the product's own page leaves the product out."""
    named = [
        TitleColumn(
            "product",
            label=gettext_lazy("Vara"),
            accessor="product.name",
            get_url=lambda movement: stock_url(movement.product),
        )
    ]
    return [
        MomentColumn("at", label=gettext_lazy("När")),
        *(named if product else []),
        Column("kind", label=gettext_lazy("Vad"), accessor="get_kind_display"),
        LabelledColumn(
            "on_hand", label=gettext_lazy("På hyllan"), accessor=lambda row: signed(row.on_hand_delta)
        ),
        LabelledColumn(
            "reserved", label=gettext_lazy("Lovat"), accessor=lambda row: signed(row.reserved_delta)
        ),
        Column("cause", label=gettext_lazy("Orsak")),
        Column("actor", label=gettext_lazy("Vem")),
    ]


class MovementFilters(WagtailFilterSet):
    product = django_filters.ModelChoiceFilter(label=gettext_lazy("Vara"), queryset=Product.objects.all())
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Vad"), choices=StockMovement.Kind.choices)

    class Meta:
        model = StockMovement
        fields: list[str] = []


class Ledger(BaseListingView):
    """Every movement, newest first. Nothing here can be changed: a mistake gets a line of its own."""

    model = StockMovement
    page_title = gettext_lazy("Lagerbok")
    header_icon = "clipboard-list"
    paginate_by = 50
    table_classname = "listing staff-list"
    index_url_name = "shop_staff:ledger"
    index_results_url_name = "shop_staff:ledger_results"
    verbose_name_plural = gettext_lazy("lagerrörelser")
    filterset_class = MovementFilters
    default_ordering = ("-at", "-pk")
    columns = columns(product=True)

    def get_base_queryset(self) -> QuerySet[StockMovement]:
        return StockMovement.objects.select_related("product")


class StockPage(WagtailAdminTemplateMixin):
    """The furniture of a product's stock page."""

    page_title = gettext_lazy("Lager")
    header_icon = "clipboard-list"

    def __init__(self, product: Product) -> None:
        self.page_subtitle = product.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        products = reverse("wagtailsnippets_shop_product:list")
        return [
            *self.breadcrumbs_items,
            {"url": products, "label": _("Varor")},
            {"url": "", "label": self.page_title, "sublabel": self.page_subtitle},
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def product_stock(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A product's balance and latest movements; count in, correct, write off."""
    product = get_object_or_404(Product, pk=pk)
    form = StockForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _booked(request, form, product):
        return redirect(stock_url(product))
    return _stock_page(request, product, form)


def _booked(request: HttpRequest, form: StockForm, product: Product) -> bool:
    """Book the movement and say what the shelf holds now; a refusal becomes the field's error."""
    try:
        form.book(product, actor=actor(request), now=timezone.now())
    except stock.StillPromised as refusal:
        form.add_error("quantity", _promised_sentence(refusal))
        return False
    level = _level(product)
    messages.success(request, _("Bokfört. På hyllan finns nu %s exemplar.") % grouped(level.on_hand))
    return True


def _promised_sentence(refusal: stock.StillPromised) -> str:
    if not refusal.promised:
        return _("Så många finns inte på hyllan.")
    return _(
        "%s exemplar är lovade till beställningar, så färre än så kan inte finnas på hyllan."
        " Avbeställ först, eller skicka dem."
    ) % grouped(refusal.promised)


def _stock_page(request: HttpRequest, product: Product, form: StockForm) -> HttpResponse:
    movements = StockMovement.objects.filter(product=product)[:LATEST]
    context = StockPage(product).get_context_data(
        product=product,
        level=_level(product),
        form=form if request.user.has_perm("shop.count_stock") else None,
        movements=Table(columns(product=False), movements, caption=_("Senaste rörelserna")),
        ledger_url=f"{reverse_lazy('shop_staff:ledger')}?product={product.pk}",
    )
    return TemplateResponse(request, "shop/staff/stock.html", context)


def _level(product: Product) -> StockLevel:
    return StockLevel.objects.filter(product=product).first() or StockLevel(product=product)
