"""How the demo's pages come into the tree."""

from __future__ import annotations

from typing import Any, TypeVar

from wagtail.models import Locale, Page

P = TypeVar("P", bound=Page)


def add(parent: Page, model: type[P], slug: str, **fields: Any) -> P:
    """A new, published child of the parent."""
    page: P = model(slug=slug, locale=parent.locale, **fields)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def translate(source: Page, parent: Page, locale: Locale, fields: dict[str, Any]) -> Any:
    """A published copy in the other language, born at its own address: a change of it would leave a redirect."""
    page = source.copy(
        to=parent,
        update_attrs={**fields, "locale": locale},
        copy_revisions=False,
        keep_live=False,
        reset_translation_key=False,
    )
    page.save_revision().publish()
    return page


def link_to(label: str, page: Page | None, address: str = "") -> dict[str, Any]:
    """A link of the header or the footer; `address` where there is no page."""
    return {"label": label, "page": page, "address": "" if page else address}
