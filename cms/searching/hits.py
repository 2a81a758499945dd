"""What is shown of a hit: its page, the words in context, and what one wants to know of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.kalender.models import EventPage
from cms.models import ProductPage
from cms.searching.index import Corpus, Row
from cms.searching.marking import Marker
from shop import known
from shop.models import Product
from shop.placeholders import fill

PAGE_FACTS = ("title", "url_path", "path", "depth", "content_type", "search_description")
EVENT_FACTS = (
    *("starts_at", "ends_at", "all_day", "status", "online", "city"),
    *("seats", "seats_taken", "signup", "free"),
)


@dataclass(frozen=True, slots=True)
class Hit:
    model: str  # the page's: `partpage`
    url: str
    title: SafeString
    excerpt: SafeString
    event: EventPage | None = None
    product: Product | None = None
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    hits: list[Hit]


def shown(
    rows: Sequence[Row], corpus: Corpus, marker: Marker, request: HttpRequest, now: datetime
) -> list[Hit]:
    """The hits in the order of `rows`, each page once. As many queries for one as for sixty."""
    texts = _texts(rows, corpus)
    pages = Page.objects.only(*PAGE_FACTS).in_bulk(texts)
    events = EventPage.objects.with_seats().only(*EVENT_FACTS).in_bulk(texts)
    products = _products(texts)
    company = known.company()
    return [
        Hit(
            model=page.cached_content_type.model,
            url=page.get_url(request) or "",
            title=marker.mark(page.title),
            excerpt=marker.excerpt(fill(text or page.search_description, company)),
            event=events.get(pk),
            product=products.get(pk),
            is_past=pk in events and events[pk].ends_at <= now,
        )
        for pk, text in texts.items()
        if (page := pages.get(pk))
    ]


def _texts(rows: Sequence[Row], corpus: Corpus) -> dict[int, str]:
    """The indexed text of each page, best first; a product stands for its page."""
    own = {row.pk: row.text for row in rows if not row.is_product}
    pages = _pages_of([row.pk for row in rows if row.is_product], corpus)
    order = dict.fromkeys(pages.get(row.pk) if row.is_product else row.pk for row in rows)
    return {pk: own.get(pk, "") for pk in order if pk is not None}


def _pages_of(products: list[int], corpus: Corpus) -> dict[int, int]:
    if not products:
        return {}
    pages = corpus.product_pages.filter(product_id__in=products)
    return dict(pages.order_by("-path").values_list("product_id", "pk"))


def _products(pages: dict[int, str]) -> dict[int, Product]:
    """What is for sale on the pages, by page."""
    found = ProductPage.objects.filter(pk__in=pages, product__active=True)
    on_sale = found.select_related("product__stock").prefetch_related("product__vat_shares").only("product")
    return {page.pk: page.product for page in on_sale}


# --- Groups -----------------------------------------------------------------------------------------
def _names() -> dict[str, str]:
    """The heading above each kind of page; what is not here is a page."""
    philosophy, books, calendar = _("Filosofin"), _("Böcker"), _("Kalender")
    cases, articles = _("Referenser"), _("Artiklar")
    return {
        "philosophypage": philosophy,
        "partpage": philosophy,
        "shopindexpage": books,
        "productpage": books,
        "calendarpage": calendar,
        "eventpage": calendar,
        "caseindexpage": cases,
        "casepage": cases,
        "newsindexpage": articles,
        "articlepage": articles,
    }


def grouped(hits: Sequence[Hit]) -> list[Group]:
    """Under headings, the one with the best hit first; what is over comes after what is ahead."""
    names = _names()
    groups: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda hit: hit.is_past):
        groups.setdefault(names.get(hit.model, _("Sidor")), []).append(hit)
    best = {id(hit): place for place, hit in enumerate(hits)}
    ordered = sorted(groups.items(), key=lambda group: best[id(group[1][0])])
    return [Group(name, found) for name, found in ordered]
