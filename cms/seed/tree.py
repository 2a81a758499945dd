"""How the demo's pages come into the tree."""

from __future__ import annotations

from typing import Any, TypeVar

from wagtail.models import Page

P = TypeVar("P", bound=Page)


def add(parent: Page, model: type[P], slug: str, **fields: Any) -> P:
    """A new, published child of the parent."""
    page: P = model(slug=slug, locale=parent.locale, **fields)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def link_to(label: str, page: Page | None, address: str = "") -> dict[str, Any]:
    """A link of the header or the footer; `address` where there is no page."""
    return {"label": label, "page": page, "address": "" if page else address}
