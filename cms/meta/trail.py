"""The way down to a page, for the breadcrumb that readers see and the one that search engines read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.models import Page

from cms import tree
from cms.tree import HOME_DEPTH, Place


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    path: str


def steps_to(page: Page) -> list[Step]:
    """The published pages above it, the home page first."""
    return [Step(_name(place), place.url) for place in tree.above(page) if place.url]


def _name(place: Place) -> str:
    is_home = len(place.path) == HOME_DEPTH * Page.steplen
    return _("Start") if is_home else place.title
