"""What editors meet in Wagtail's admin. What it does stands in cms.staff."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLResolver, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.models import Page

from cms.editing import Edited
from cms.enquiries.staff import menu  # noqa: F401  registers Förfrågningar
from cms.kalender import wall_clock
from cms.kalender.staff import guest_menu  # noqa: F401  registers the guest lists
from cms.kalender.staff import menu as calendar_menu  # noqa: F401  registers Kalender
from cms.staff import actions, duties, panels, urls  # noqa: F401  duties adds to the start page's panel
from cms.staff.access import RuledMenuItem, is_editor, works_with_letters
from cms.staff.checker import Checker

wall_clock.put()


@hooks.register("register_admin_urls")
def staff_urls() -> list[URLResolver]:
    return urls.urlpatterns


@hooks.register("construct_homepage_panels")
def start_page(request: HttpRequest, shown: list[Any]) -> None:
    shown += panels.panels(request)


@hooks.register("register_help_menu_item")
def handbook_item() -> MenuItem:
    return MenuItem(
        gettext_lazy("Handbok"), reverse("handbook:list"), name="handbok", icon_name="help", order=1
    )


@hooks.register("construct_help_menu")
def only_our_help(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's guide and its news are in English, and on another website."""
    items[:] = [item for item in items if not item.name.startswith(("editor-guide", "whats-new"))]


@hooks.register("register_reports_menu_item")
def links_item() -> MenuItem:
    label, address = gettext_lazy("Trasiga länkar"), reverse("links_staff:list")
    return RuledMenuItem(label, address, rule=is_editor, name="lankar", icon_name="link", order=100)


@hooks.register("register_admin_menu_item")
def letters_item() -> MenuItem:
    label, address = gettext_lazy("Brev"), reverse("letters_staff:list")
    return RuledMenuItem(label, address, rule=works_with_letters, name="brev", icon_name="mail", order=700)


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """What a role can be given for letters shows in Wagtail's list of permissions."""
    return Permission.objects.filter(
        content_type__app_label="notifications", codename__in=["view_message", "resend_message"]
    )


@hooks.register("construct_page_action_menu")
def page_buttons(items: list[ActionMenuItem], _request: HttpRequest, _context: dict[str, Any]) -> None:
    actions.arrange(items)


@hooks.register("before_move_page")
def stay_reachable(request: HttpRequest, page: Page, above: Page) -> HttpResponseBase | None:
    """A page is not moved to where the product itself answers at its address."""
    moved = page.specific
    fault = moved.address_fault(page.slug, above) if isinstance(moved, Edited) else None
    if fault is None:
        return None
    messages.error(request, fault)
    return redirect("wagtailadmin_pages:move", page.pk)


@hooks.register("construct_wagtail_userbar")
def content_checker(_request: HttpRequest, items: list[Any], page: Any) -> None:
    items[:] = [Checker() if isinstance(item, ContentCheckerItem) else item for item in items]
