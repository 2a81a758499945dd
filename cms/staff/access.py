"""Who may see what: an editor is somebody who may change at least one page, wherever in the tree."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from notifications import letters
from shop.staff.access import View

Rule = Callable[[Any], bool]


def is_editor(user: Any) -> bool:
    return bool(page_permission_policy.user_has_any_permission(user, {"add", "change", "publish"}))


def works_with_letters(user: Any) -> bool:
    """Who may read at least one kind."""
    return bool(letters.kinds_for(user))


def only(rule: Rule) -> Callable[[View], View]:
    """Answer 403 to staff of whom the rule is not true."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if rule(request.user):
                return view(request, *args, **kwargs)
            return render(request, "shop/staff/forbidden.html", status=403)

        return guarded

    return guard


class RuledMenuItem(MenuItem):
    """Shown to those of whom the rule is true."""

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule

    def is_shown(self, request: HttpRequest) -> bool:
        return self.rule(request.user)
