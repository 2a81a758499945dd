"""Kalender in the admin's menu, and what is shown around an event's form. Registered by cms.wagtail_hooks, the module
that Wagtail looks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from cms.kalender.models import EventPage
from cms.kalender.staff import keeping, publishing, remarks
from cms.staff.access import RuledMenuItem, is_editor

AFTER_REFUSALS = 10  # what has guests is not deleted at all: then it is about reminders


@hooks.register("register_admin_urls")
def staff_urls() -> list[URLResolver]:
    return [path("kalender/", include("cms.kalender.staff.urls"))]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    label, address = gettext_lazy("Kalender"), reverse("kalender_staff:list")
    return RuledMenuItem(label, address, rule=is_editor, name="kalender", icon_name="date", order=52)


@hooks.register("register_page_header_buttons")
def copy_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Beside Wagtail's own "Kopiera", which makes one copy on the same day."""
    if page.specific_class is EventPage and page.get_parent().permissions_for_user(user).can_add_subpage():
        address = reverse("kalender_staff:copy", args=[page.pk])
        yield Button(gettext_lazy("Kopiera till nya datum"), address, icon_name="copy", priority=31)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def tell_remarks(request: HttpRequest, page: Page) -> None:
    if not isinstance(page, EventPage) or publishing.has_been_shown(request):
        return
    if request.accepts("text/html"):  # not while it saves by itself
        remarks.tell(request, page)


@hooks.register("before_create_page")
def before_first_publishing(
    request: HttpRequest, parent: Page, page_class: type[Page]
) -> HttpResponseBase | None:
    if page_class is not EventPage or request.method != "POST":
        return None
    return publishing.before_create(request, parent)


@hooks.register("before_edit_page")
def before_publishing(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    if not isinstance(page, EventPage) or request.method != "POST":
        return None
    remarks.look_before(request, page)
    return publishing.before_edit(request, page)


@hooks.register("before_unpublish_page")
def before_unpublishing(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    return publishing.before_removal(request, [page])


@hooks.register("before_delete_page")
def keep_guests(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    return keeping.before_deletion(request, [page])


@hooks.register("before_bulk_action")
def keep_guests_of_several(
    request: HttpRequest, action_type: str, pages: Sequence[Any], _action: Any
) -> HttpResponseBase | None:
    chosen = [page for page in pages if isinstance(page, Page)]
    return keeping.before_deletion(request, chosen) if action_type == "delete" else None


@hooks.register("before_delete_page", order=AFTER_REFUSALS)
def before_deleting(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    return (
        publishing.before_removal(request, [page], with_all_below=True) if request.method == "POST" else None
    )


@hooks.register("before_bulk_action", order=AFTER_REFUSALS)
def before_bulk(
    request: HttpRequest, action_type: str, pages: Sequence[Any], _action: Any
) -> HttpResponseBase | None:
    chosen = [page for page in pages if isinstance(page, Page)]
    if action_type == "publish":
        return publishing.before_bulk_publish(request, chosen)
    if action_type in {"unpublish", "delete"}:
        return publishing.before_removal(request, chosen, with_all_below=action_type == "delete")
    return None
