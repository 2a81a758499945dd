"""Staff who are logged in, with exactly the permissions that a test names."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client

ACCESS = "wagtailadmin.access_admin"
# Everything that can be done to an order.
ORDER_DESK = tuple(
    f"orders.{right}"
    for right in (
        "view_order",
        "view_payment",
        "pack_order",
        "note_order",
        "cancel_order",
        "book_payment",
        "refund_order",
    )
)
COUNTS_STOCK = ("shop.view_stockmovement", "shop.count_stock")


def logged_in(*permissions: str, name: str = "maja") -> Client:
    """A client of a staff member who may open the admin and has these permissions: `orders.view_order`."""
    user = get_user_model()._default_manager.create(username=name, is_staff=True)
    wanted = (ACCESS, *permissions)
    named = Permission.objects.filter(codename__in=[name.partition(".")[2] for name in wanted])
    known = {
        f"{one.content_type.app_label}.{one.codename}": one for one in named.select_related("content_type")
    }
    user.user_permissions.add(*(known[name] for name in wanted))
    client = Client()
    client.force_login(user)
    return client


def in_role(role: str) -> Client:
    """A client of somebody in the group `Redaktör`, `Packare`, `Ekonom` or `Ägare`, as the migration made it."""
    user = get_user_model()._default_manager.create(username=f"en {role}", is_staff=False)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client
