"""Who may see which staff page. Strangers have been sent to the login by Wagtail before they come here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from wagtail.admin.menu import MenuItem

View = Callable[..., HttpResponseBase]
Rule = Callable[[Any], bool]


def require(permission: str, *, to_post: str = "") -> Callable[[View], View]:
    """Answer 403 to staff without the permission; `to_post` names another one for what changes something.

    Wagtail's own check leads back to the start page with a 302, which says less to people and to tests.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            needed = to_post if to_post and request.method == "POST" else permission
            if request.user.has_perm(needed):
                return view(request, *args, **kwargs)
            return render(request, "shop/staff/forbidden.html", status=403)

        return guarded

    return guard


def holds(permission: str) -> Rule:
    """True of members of staff with one right: `orders.view_order`."""
    return lambda user: bool(user.has_perm(permission))


def actor(request: HttpRequest) -> str:
    """The name that histories and ledgers keep."""
    return str(request.user.get_username())


class GuardedMenuItem(MenuItem):
    """Shown to those who may open it."""

    def __init__(self, *args: Any, permission: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))
