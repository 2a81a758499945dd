"""The shop in Wagtail's admin: the menu group Butik."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import Permission
from django.db.models import Model, ProtectedError, Q, QuerySet
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem, WagtailMenuRegisterable
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from shop.models import FreightMethod, Product, Terms
from shop.staff import (
    dates,
    low,  # noqa: F401  adds to the start page's panel
)
from shop.staff.access import GuardedMenuItem
from shop.staff.duties import DutiesPanel, kinds_for
from shop.staff.products import FreightViewSet, ProductViewSet, TermsViewSet


class LedgerItem(WagtailMenuRegisterable):
    def get_menu_item(self, order: int | None = None) -> MenuItem:
        return GuardedMenuItem(
            gettext_lazy("Lagerbok"),
            reverse("shop_staff:ledger"),
            name="lagerbok",
            icon_name="clipboard-list",
            order=order,
            permission="shop.view_stockmovement",
        )

    def on_register(self) -> None:
        """Nothing more to do: the group shows it."""

    def get_urlpatterns(self) -> list[URLResolver]:
        """None here: its addresses come with register_admin_urls."""
        return []


class ShopGroup(SnippetViewSetGroup):
    menu_label = gettext_lazy("Butik")
    menu_name = "butik"
    menu_icon = "tag"
    menu_order = 60
    items = (ProductViewSet, LedgerItem, FreightViewSet, TermsViewSet)


dates.put()
register_snippet(ShopGroup)


@hooks.register("register_admin_urls")
def staff_urls() -> list[URLResolver]:
    return [path("butik/", include("shop.staff.urls"))]


@hooks.register("construct_homepage_panels")
def what_waits(request: HttpRequest, panels: list[Component]) -> None:
    """For those who may see to at least one kind of it."""
    if kinds_for(request.user):
        panels.append(DutiesPanel(request))


@hooks.register("insert_global_admin_css")
def staff_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("css/staff.css"))


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """What a role can be given for products and stock shows in Wagtail's list of permissions."""
    stock = Q(codename__in=["view_stockmovement", "count_stock"])
    return Permission.objects.filter(stock | Q(codename__endswith="_product"), content_type__app_label="shop")


@hooks.register("before_delete_snippet")
def keep_what_orders_rest_on(request: HttpRequest, rows: Sequence[Model]) -> HttpResponse | None:
    """Lead back with a sentence when a row cannot go, instead of failing on the database's refusal."""
    mine = [row for row in rows if isinstance(row, (Product, FreightMethod, Terms))]
    kept = [row for row in mine if not _may_go(row)]
    if not kept:
        return None
    names = ", ".join(str(row) for row in kept)
    messages.error(
        request,
        _("%s finns i beställningar eller i lagerboken och kan inte tas bort. Sluta erbjuda varan i stället.")
        % names,
    )
    return redirect(f"wagtailsnippets_shop_{kept[0]._meta.model_name}:list")


def _may_go(row: Model) -> bool:
    try:
        Collector(using="default").collect([row])
    except ProtectedError:
        return False
    return True
