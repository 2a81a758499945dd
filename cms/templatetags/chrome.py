"""What stands around every page: the doors in the header, the columns in the footer, the company's facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from django import template
from django.http import HttpRequest
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from cms import known, translations
from cms.blocks import LinkValue
from cms.models.settings import SiteTexts
from cms.translations import Version
from shop import freshness
from shop.freshness import remembered
from shop.known import company
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
    across: Version | None  # where "In English" leads; None when nobody asks, or nobody is at home

    @property
    def here(self) -> tuple[str, ...]:
        """Which of the doors one stands in."""
        return tuple(door.is_current for door in self.doors)


@register.simple_tag(takes_context=True)
def site_chrome(context: template.Context) -> Chrome:
    """All of it is known, or read once."""
    request: HttpRequest | None = context.get("request")
    path = context.get("nav_path") or (request.path if request else "")
    versions = _versions(context.get("page"), request)
    return Chrome(
        company=company(),
        texts=known.texts(),
        doors=[replace(door, is_current=_current(path, door.url)) for door in doors()],
        columns=columns(),
        home=translations.home(),
        versions=versions,
        across=translations.across(request, versions, context.get("asked") or {}) if request else None,
    )


def _versions(page: Any, request: HttpRequest | None) -> list[Version]:
    """Only of the page that is shown: a view beside the tree may name one that it is about."""
    beside = bool(request and request.resolver_match and request.resolver_match.namespace)
    return translations.versions(page) if isinstance(page, Page) and page.pk and not beside else []


@remembered
def doors() -> list[Link]:
    return _links(block.value for block in known.texts().shown_doors)


@remembered
def columns() -> list[Column]:
    values = [block.value for block in known.texts().shown_footer_columns]
    if not values:
        return [Column(gettext("Beställ"), [], True)]
    holder = min(WITHDRAWAL_COLUMN, len(values) - 1)
    return [
        Column(value["heading"], _links(value["links"]), place == holder)
        for place, value in enumerate(values)
    ]


def _links(values: Iterable[LinkValue]) -> list[Link]:
    """Those that lead somewhere."""
    found = [(value["label"], value.url()) for value in values]
    return [Link(label, url) for label, url in found if url]


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(url) and url != translations.home() else ""


@register.simple_tag
def site_company() -> Company:
    """The seller's facts, for texts that name them."""
    return company()


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, slug: str) -> str:
    """`{% page_address "kopvillkor" %}`: the page of that Swedish address, in the language in use."""
    return translations.address(slug, context.get("request"))


@register.simple_tag
def home_address() -> str:
    return translations.home()


class KeptPart(template.Node):
    def __init__(self, nodelist: NodeList, facts: list[FilterExpression]) -> None:
        self.nodelist, self.facts = nodelist, facts

    def render(self, context: template.Context) -> SafeString:
        known = freshness.answers(as_shown=True)
        if known is None:
            return self.nodelist.render(context)
        key = (self, get_language(), *(fact.resolve(context) for fact in self.facts))
        if key not in known:
            known[key] = self.nodelist.render(context)
        return cast("SafeString", known[key])


@register.tag
def keptpart(parser: Parser, token: Token) -> KeptPart:
    """`{% keptpart chrome.here %}…{% endkeptpart %}`: drawn once for each language and each value of what is named.

    For what is alike on many pages, and told of by shop.freshness when it changes. Nothing that a visitor writes
    may be named: each value is kept.
    """
    facts = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endkeptpart",))
    parser.delete_first_token()
    return KeptPart(nodelist, facts)
