"""Orders in Wagtail's admin: the menu group Beställningar, high up."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from orders.models import Order
from orders.staff import duties, money_duties  # noqa: F401  add to the start page's panel
from shop.staff.access import GuardedMenuItem


@hooks.register("register_admin_urls")
def staff_urls() -> list[URLResolver]:
    return [
        path("bestallningar/", include("orders.staff.urls")),
        path("offerter/", include("orders.staff.quote_urls")),
        path("pengar/", include("orders.staff.money_urls")),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    items = [
        _item(gettext_lazy("Alla beställningar"), "list", "form", 10),
        _item(gettext_lazy("Att packa"), "to_pack", "tasks", 20),
        _item(gettext_lazy("Ångrade köp"), "withdrawals", "rotate", 30),
        _item(gettext_lazy("Reklamationer"), "complaints", "warning", 35),
        GuardedMenuItem(
            gettext_lazy("Offerter"),
            reverse("quote_staff:list"),
            name="offerter",
            icon_name="doc-full",
            order=40,
            permission="orders.view_order",
        ),
        _item(gettext_lazy("Försäljning och lager"), "sales", "order", 80),
        GuardedMenuItem(
            gettext_lazy("Avvikelser mot Stripe"),
            reverse("money_staff:differences"),
            name="avvikelser",
            icon_name="warning",
            order=90,
            permission="orders.view_payment",
        ),
        GuardedMenuItem(
            gettext_lazy("Kreditgränser"),
            reverse("order_staff:credits"),
            name="kreditgranser",
            icon_name="order",
            order=60,
            permission="orders.set_credit",
        ),
        GuardedMenuItem(
            gettext_lazy("Lägg in en beställning"),
            reverse("order_staff:enter"),
            name="lagg-in",
            icon_name="plus",
            order=50,
            permission="orders.enter_order",
        ),
    ]
    return SubmenuMenuItem(
        gettext_lazy("Beställningar"), Menu(items=items), name="bestallningar", icon_name="form", order=50
    )


def _item(label: Any, page: str, icon: str, order: int) -> MenuItem:
    address = reverse(f"order_staff:{page}")
    return GuardedMenuItem(
        label, address, name=page, icon_name=icon, order=order, permission="orders.view_order"
    )


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """What a role can be given for orders shows in Wagtail's list of permissions."""
    own = [codename for codename, _name in Order._meta.permissions]
    seen = ["view_order", "view_payment"]
    return Permission.objects.filter(content_type__app_label="orders", codename__in=[*own, *seen])
