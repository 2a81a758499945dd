"""What a page's <head> says to those who find it or share it. The same for every reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Page

from cms.meta.articles import ARTICLES, published
from cms.meta.graph import graph
from cms.meta.nodes import absolute, moment, script
from cms.meta.seller import organisation
from cms.meta.showing import Showing
from cms.meta.trail import steps_to
from cms.sharing import pictures
from cms.sharing.pictures import Picture
from cms.translations import Version
from shop.freshness import as_shown
from shop.models import Company

# As the share pages want them.
LOCALES = {"sv": "sv_SE", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Head:
    """Without a canonical address the page is not for search engines, and has no more than the company."""

    graph: SafeString
    canonical: str = ""
    title: str = ""
    description: str = ""
    kind: str = "website"
    locale: str = ""
    other_locales: Sequence[str] = ()
    picture: Picture | None = None
    published: str | None = None
    modified: str | None = None


def head(facts: Mapping[str, Any], company: Company, versions: Sequence[Version]) -> Head:
    """For a template's context. Only what stands in the page tree is for search engines to find."""
    page, request = facts.get("page"), facts.get("request")
    if not isinstance(page, Page):
        return _beside_the_tree(company)
    publisher = organisation(company)
    showing = Showing(
        address=address(page, request, facts),
        language=get_language(),
        title=title(page, facts),
        description=str(page.search_description or getattr(page, "lede", "")),
        company=company,
        publisher=publisher,
        picture=pictures.of(page),
        steps=steps_to(page),
        own_address=absolute(page.get_url(request) or "/"),
        below=facts.get("below", ""),
        facts=facts,
    )
    return _head(page, showing, versions)


@as_shown
def _beside_the_tree(company: Company) -> Head:
    """Of the basket, the checkout, an order: the same for all."""
    return Head(graph=script([organisation(company)]))


def _head(page: Page, showing: Showing, versions: Sequence[Version]) -> Head:
    is_article = isinstance(page, ARTICLES)
    others = [version.language for version in versions if version.language != showing.language]
    return Head(
        graph=script(graph(page, showing)),
        canonical=showing.address,
        title=showing.title,
        description=showing.description,
        kind="article" if is_article else "website",
        locale=LOCALES[showing.language],
        other_locales=[LOCALES[language] for language in others],
        picture=showing.picture,
        published=published(page) if is_article else None,
        modified=moment(page.last_published_at) if is_article else None,
    )


def title(page: Page, facts: Mapping[str, Any]) -> str:
    """Without the site's name, which stands beside it."""
    return ", ".join(part for part in (page.seo_title or page.title, facts.get("below")) if part)


def address(page: Page, request: HttpRequest | None, facts: Mapping[str, Any]) -> str:
    """Where the page belongs: for an alias where the original stands, and without a query.

    What stands below a page (a year, a month) has an address of its own, and so has each further sheet of a long list.
    """
    original = page.alias_of or page
    path = request.path if request and facts.get("below") else original.get_url(request) or "/"
    sheet = facts.get("sheet")
    return absolute(f"{path}?sida={sheet.number}" if sheet and sheet.number > 1 else path)
