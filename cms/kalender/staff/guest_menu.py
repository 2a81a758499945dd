"""The guest lists in the admin. Registered by cms.wagtail_hooks, the module that Wagtail looks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from cms.kalender.models import EventPage
from cms.kalender.staff import duties  # noqa: F401  adds to the start page's panel

RIGHTS = ["view_signup", "change_signup", "see_needs"]


@hooks.register("register_admin_urls")
def staff_urls() -> list[URLResolver]:
    return [path("kalender/", include("cms.kalender.staff.guest_urls"))]


@hooks.register("register_page_header_buttons")
def guests_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """On the event's own form."""
    if page.specific_class is EventPage and user.has_perm("cms.view_signup"):
        address = reverse("guest_staff:list", args=[page.pk])
        yield Button(gettext_lazy("Gäster"), address, icon_name="group", priority=5)


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """What a role can be given for guests shows in Wagtail's list of permissions."""
    return Permission.objects.filter(content_type__app_label="cms", codename__in=RIGHTS)
