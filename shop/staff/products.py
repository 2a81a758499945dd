"""Products, freight and terms as Wagtail snippets."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from shop.days import stockholm_today
from shop.models import FreightMethod, Product, Terms
from shop.quantities import grouped
from shop.staff.forms import FreightForm, ProductForm, TermsForm


def stock_url(product: Product) -> str:
    return reverse("shop_staff:stock", args=[product.pk])


def available_words(product: Product) -> str:
    """What can be promised now."""
    available = product.available
    if available is None:
        return gettext("på beställning")
    return grouped(available) if available else gettext("slut")


def vat_words(product: Product) -> str:
    """`6 %`, or `6 + 25 %` for mixed goods."""
    rates = sorted(product.vat_weights(stockholm_today()))
    return " + ".join(str(rate) for rate in rates) + "\N{NO-BREAK SPACE}%"


class ProductEditView(EditView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        if not self.request.user.has_perm("shop.view_stockmovement"):
            return list(super().header_more_buttons)
        label = gettext_lazy("Lager och inräkning")
        stock = Button(label, url=stock_url(self.object), icon_name="clipboard-list", priority=5)
        return [stock, *super().header_more_buttons]


class ProductViewSet(SnippetViewSet):
    model = Product
    icon = "tag"
    menu_label = gettext_lazy("Varor")
    edit_view_class = ProductEditView
    edit_handler = ObjectList(Product.panels, base_form_class=ProductForm)
    list_per_page = 50
    list_display = [
        "name",
        "sku",
        Column("price", label=gettext_lazy("Pris"), sort_key="price_ore"),
        TitleColumn("stock", label=gettext_lazy("Att sälja"), accessor=available_words, get_url=stock_url),
        Column("vat", label=gettext_lazy("Moms"), accessor=vat_words),
        BooleanColumn("active", label=gettext_lazy("Till salu"), sort_key="active"),
    ]
    list_filter = ["active", "kind"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return Product.objects.select_related("stock").prefetch_related("vat_shares")


class FreightViewSet(SnippetViewSet):
    model = FreightMethod
    icon = "redirect"
    edit_handler = ObjectList(FreightMethod.panels, base_form_class=FreightForm)
    list_display = ["name", "code", BooleanColumn("active", label=gettext_lazy("Erbjuds"))]


class TermsViewSet(SnippetViewSet):
    model = Terms
    icon = "doc-full"
    edit_handler = ObjectList(Terms.panels, base_form_class=TermsForm)
    list_display = ["version", "language", DateColumn("valid_from", label=gettext_lazy("Gäller från"))]
    ordering = "-valid_from"
