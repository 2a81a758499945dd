"""Pages that are read from beginning to end."""

from __future__ import annotations

from wagtail.models import Page

from cms.meta.nodes import Node, moment, node, reference
from cms.meta.showing import Showing
from cms.models import ArticlePage, CasePage, PartPage

ARTICLES = (PartPage, CasePage, ArticlePage)


def article(page: Page, showing: Showing) -> Node:
    return node(
        "Article",
        id=f"{showing.address}#artikel",
        headline=page.title,
        description=showing.description,
        mainEntityOfPage=showing.address,
        image=[showing.picture.address],
        datePublished=published(page),
        dateModified=moment(page.last_published_at),
        author=_author(page, showing),
        publisher=reference(showing.publisher),
        inLanguage=showing.language,
    )


def published(page: Page) -> str | None:
    """The day that stands over an article; for other pages the moment when they were first published."""
    return page.date.isoformat() if isinstance(page, ArticlePage) else moment(page.first_published_at)


def _author(page: Page, showing: Showing) -> Node:
    """Who is named at the text, else the company."""
    name = page.author if isinstance(page, ArticlePage) else ""
    return node("Person", name=name) if name else reference(showing.publisher)
