"""What editors meet in Wagtail's admin. What it does stands in cms.staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.userbar import ContentCheckerItem

from cms.enquiries.staff import menu  # noqa: F401  registers Förfrågningar
from cms.staff import actions
from cms.staff.checker import Checker


@hooks.register("construct_page_action_menu")
def page_buttons(items: list[ActionMenuItem], _request: HttpRequest, _context: dict[str, Any]) -> None:
    actions.arrange(items)


@hooks.register("construct_wagtail_userbar")
def content_checker(_request: HttpRequest, items: list[Any], page: Any) -> None:
    items[:] = [Checker() if isinstance(item, ContentCheckerItem) else item for item in items]
