"""Staff who are logged in, with exactly the permissions that a test names."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

ACCESS = "wagtailadmin.access_admin"
PACKER = ("orders.view_order", "orders.change_order")


def logged_in(*permissions: str, name: str = "maja") -> Client:
    """A client of a staff member who may open the admin and has these permissions: `orders.view_order`."""
    user = get_user_model()._default_manager.create(username=name, is_staff=True)
    for permission in (ACCESS, *permissions):
        app, _, codename = permission.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(user)
    return client
