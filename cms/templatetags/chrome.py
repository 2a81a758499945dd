"""What stands around every page: the doors in the header, the columns in the footer, the company's facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext
from wagtail.models import Page

from cms import translations
from cms.blocks import LinkValue
from cms.models.settings import SiteTexts
from cms.translations import Version
from shop.models import Company

register = template.Library()

# Under "Beställ". The law wants the link on every page, so it is not the editor's to lose.
WITHDRAWAL_COLUMN = 1


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    is_current: str = ""  # aria-current: "page" on the page itself, "true" below it


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    links: list[Link]
    holds_withdrawal: bool


@dataclass(frozen=True, slots=True)
class Chrome:
    company: Company
    texts: SiteTexts
    doors: list[Link]
    columns: list[Column]
    home: str
    versions: list[Version]  # this page in each language in which it is published
    across: Version | None  # where "In English" leads; None when nobody asks


@register.simple_tag(takes_context=True)
def site_chrome(context: template.Context) -> Chrome:
    """Read the settings once a request: three queries, and one for the page's translations."""
    request: HttpRequest | None = context.get("request")
    path = context.get("nav_path") or (request.path if request else "")
    texts = SiteTexts.load(request_or_site=request)
    versions = _versions(context.get("page"), request)
    return Chrome(
        company=Company.load(request_or_site=request),
        texts=texts,
        doors=_links([block.value for block in texts.shown_doors], path, request),
        columns=_columns([block.value for block in texts.shown_footer_columns], request),
        home=translations.home(),
        versions=versions,
        across=translations.across(request, versions) if request else None,
    )


def _versions(page: Any, request: HttpRequest | None) -> list[Version]:
    """Only of the page that is shown: a view beside the tree may name one that it is about."""
    beside = bool(request and request.resolver_match and request.resolver_match.namespace)
    return translations.versions(page, request) if isinstance(page, Page) and page.pk and not beside else []


def _columns(values: list[Any], request: HttpRequest | None) -> list[Column]:
    if not values:
        return [Column(gettext("Beställ"), [], True)]
    holder = min(WITHDRAWAL_COLUMN, len(values) - 1)
    return [
        Column(value["heading"], _links(value["links"], "", request), place == holder)
        for place, value in enumerate(values)
    ]


def _links(values: Iterable[LinkValue], path: str, request: HttpRequest | None) -> list[Link]:
    """Those that lead somewhere. The request remembers the site's addresses: without it, each asks the cache anew."""
    found = [(value["label"], value.url(request)) for value in values]
    return [Link(label, url, _current(path, url)) for label, url in found if url]


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(url) and url != translations.home() else ""


@register.simple_tag(takes_context=True)
def site_company(context: template.Context) -> Company:
    """The seller's facts, for texts that name them."""
    company: Company = Company.load(request_or_site=context.get("request"))
    return company


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, slug: str) -> str:
    """`{% page_address "kopvillkor" %}`: the page of that Swedish address, in the language in use."""
    return translations.address(slug, context.get("request"))


@register.simple_tag
def home_address() -> str:
    return translations.home()
