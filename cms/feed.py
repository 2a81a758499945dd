"""The Atom feed of the articles (RFC 4287). The same articles give the same bytes, whenever it is fetched."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from wagtail.models import Page

from cms.models.articles import ArticlePage, NewsIndexPage

MOST_ENTRIES = 50
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # a page that was put in without being published


def articles_of(home: Page) -> list[ArticlePage]:
    return list(
        ArticlePage.objects.descendant_of(home).newest_first().select_related("locale")[:MOST_ENTRIES]
    )


def atom(request: HttpRequest, home: Page, *, publisher: str) -> tuple[str, datetime]:
    """The feed of a home page's articles, and when something in it was last published.

    `publisher` stands where an article names no author.
    """
    articles = articles_of(home)
    source = NewsIndexPage.objects.child_of(home).live().public().specific().first() or home
    language = home.locale.language_code
    feed = Feed(
        title=_plain(f"{source.title} – {publisher}"),
        link=_full(source, request),
        description="",
        subtitle=_plain(getattr(source, "lede", "")),
        language=language,
        author_name=publisher,
        feed_url=settings.SITE_URL + request.path,
        feed_guid=uuid.uuid5(home.translation_key, f"artiklar-{language}").urn,
        updated=max(page.last_published_at or NEVER for page in [source, *articles]),
    )
    for article in articles:
        feed.add_item(**_entry(article, request))
    return feed.writeString("utf-8"), feed.latest_post_date()


class Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Also for an empty feed, for which Django says "now", and so each time anew."""
        updated: datetime = self.feed["updated"]
        return updated


def _entry(article: ArticlePage, request: HttpRequest) -> dict[str, Any]:
    written = datetime.combine(article.date, time(), tzinfo=settings.STOCKHOLM)
    return {
        "title": _plain(article.title),
        "link": _full(article, request),
        "description": escape(_plain(article.lede)),  # Atom reads it as HTML
        "author_name": _plain(article.author) or None,
        "unique_id": article.lasting_id,
        "pubdate": written,
        "updateddate": article.last_published_at or written,
    }


def _full(page: Page, request: HttpRequest) -> str:
    parts = page.get_url_parts(request)
    return settings.SITE_URL + (parts[2] if parts else "/")


def _plain(text: str) -> str:
    """Without control characters, which XML has no place for."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()
