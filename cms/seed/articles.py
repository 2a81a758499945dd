"""The demo's articles."""

from __future__ import annotations

from wagtail.models import Page

from cms.models import ArticlePage, NewsIndexPage
from cms.seed import content
from cms.seed.tree import add

SAME = ("title", "date", "author", "lede", "colour", "drawing")


def run(home: Page) -> NewsIndexPage:
    text = content.read("artiklar")
    news = add(
        home,
        NewsIndexPage,
        text["slug"],
        title=text["title"],
        lede=text["lede"],
        search_description=text["description"],
        show_in_menus=True,
    )
    for name in content.names("artiklar"):
        _article(news, name)
    return news


def _article(news: NewsIndexPage, name: str) -> None:
    text = content.read(name)
    add(
        news,
        ArticlePage,
        text["slug"],
        body=content.body(text["body"]),
        search_description=text["description"],
        **{field: text[field] for field in SAME},
    )
