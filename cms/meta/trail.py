"""The way down to a page, for the breadcrumb that readers see and the one that search engines read."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page

HOME_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    path: str


def steps_to(page: Page, request: HttpRequest | None) -> list[Step]:
    """The published pages above it, the home page first. One query, however often the same page is asked."""
    known = vars(page)
    if "steps_above" not in known:
        known["steps_above"] = _steps(page, request)
    steps: list[Step] = known["steps_above"]
    return steps


def _steps(page: Page, request: HttpRequest | None) -> list[Step]:
    """The request remembers the site's addresses: without it, each step asks the cache anew."""
    above = page.get_ancestors().live().filter(depth__gte=HOME_DEPTH)
    found = [(_name(parent), parent.get_url(request)) for parent in above]
    return [Step(name, path) for name, path in found if path]


def _name(page: Page) -> str:
    return _("Start") if page.depth == HOME_DEPTH else str(page.title)
