"""Förfrågningar in the admin's menu. Registered by cms.wagtail_hooks, the module that Wagtail looks for."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.staff.access import GuardedMenuItem


@hooks.register("register_admin_urls")
def staff_urls() -> list[URLResolver]:
    return [path("forfragningar/", include("cms.enquiries.staff.urls"))]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return GuardedMenuItem(
        gettext_lazy("Förfrågningar"),
        reverse("enquiry_staff:list"),
        name="forfragningar",
        icon_name="comment",
        order=55,
        permission="cms.view_enquiry",
    )


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """What a role can be given for enquiries shows in Wagtail's list of permissions."""
    return Permission.objects.filter(
        content_type__app_label="cms", codename__in=["view_enquiry", "change_enquiry"]
    )
