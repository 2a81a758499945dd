"""Which things a page tells of, by its type."""

from __future__ import annotations

from functools import singledispatch

from wagtail.models import Page

from cms.meta.articles import article
from cms.meta.events import event
from cms.meta.goods import goods
from cms.meta.nodes import Node, absolute, node
from cms.meta.seller import website
from cms.meta.showing import Showing
from cms.models import ArticlePage, CasePage, EventPage, HomePage, PartPage, ProductPage


def graph(page: Page, showing: Showing) -> list[Node]:
    """The company, the way to the page, and what the page itself is about."""
    way = [breadcrumb(page, showing)] if showing.steps else []
    return [showing.publisher, *way, *things(page, showing)]


def breadcrumb(page: Page, showing: Showing) -> Node:
    steps = [(step.name, absolute(step.path)) for step in showing.steps]
    if showing.below:
        steps.append((page.title, showing.own_address))
    steps.append((showing.below or page.title, showing.address))
    items = [
        node("ListItem", position=place, name=name, item=address)
        for place, (name, address) in enumerate(steps, start=1)
    ]
    return node("BreadcrumbList", itemListElement=items)


@singledispatch
def things(_page: Page, _showing: Showing) -> list[Node]:
    """Running text and lists: nothing that the vocabulary has more to say about."""
    return []


@things.register
def _home(_page: HomePage, showing: Showing) -> list[Node]:
    return [website(showing)]


@things.register(PartPage)
@things.register(CasePage)
@things.register(ArticlePage)
def _article(page: Page, showing: Showing) -> list[Node]:
    return [article(page, showing)]


@things.register
def _goods(page: ProductPage, showing: Showing) -> list[Node]:
    """Nothing is on offer while the page has no product that is for sale."""
    product = showing.facts.get("product")
    return [goods(page, product, showing)] if product else []


@things.register
def _event(page: EventPage, showing: Showing) -> list[Node]:
    return [event(page, showing)]
