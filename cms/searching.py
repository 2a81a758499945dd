"""Search over the published pages, grouped as visitors think of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from cms.models import CasePage, EventPage, PartPage, ProductPage

LONGEST_QUERY = 100
MOST_HITS = 60


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    pages: list[Page]


def tidy(text: str) -> str:
    """What was asked for, without control characters and not longer than a question."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_QUERY]


def find(query: str, site: Site | None) -> list[Group]:
    """Hits on the site by kind of page, best first within each; groups without a hit are left out.

    Only words are looked for: SQLite's index reads a lone quotation mark as a broken question.
    """
    words = " ".join(re.findall(r"\w+", query))
    return _groups(words, site) if words and site else []


def _groups(words: str, site: Site) -> list[Group]:
    pages = Page.objects.live().public().descendant_of(site.root_page)
    hits = list(pages.specific().search(words, operator="and")[:MOST_HITS])
    groups = [Group(name, [page for page in hits if _kind(page) == name]) for name in _names()]
    return [group for group in groups if group.pages]


def _names() -> list[str]:
    return [_("Filosofin"), _("Böcker"), _("Kalender"), _("Referenser"), _("Sidor")]


def _kind(page: Page) -> str:
    philosophy, books, calendar, cases, pages = _names()
    kinds: dict[type[Page], str] = {
        PartPage: philosophy,
        ProductPage: books,
        EventPage: calendar,
        CasePage: cases,
    }
    return kinds.get(type(page), pages)
