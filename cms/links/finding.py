"""Every link that an editor has put into a page: in rich text, in blocks, in choosers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from html.parser import HTMLParser
from typing import Any

from django.db.models import Field, ForeignKey, Model, URLField
from wagtail.blocks import ListBlock, PageChooserBlock, RichTextBlock, StreamBlock, StructBlock, URLBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from cms.blocks import LinkBlock


class Kind(Enum):
    PAGE = "page"
    DOCUMENT = "document"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Link:
    """`target` is a primary key, or an address; empty when what was chosen has been removed."""

    kind: Kind
    target: str


def links_of(owner: Model) -> list[Link]:
    """Those in the fields that `owner`'s own class declares, each once, in the order they stand in."""
    fields = [field for field in owner._meta.get_fields() if isinstance(field, Field)]
    return list(
        dict.fromkeys(link for field in fields if _is_own(owner, field) for link in _of_field(owner, field))
    )


def _is_own(owner: Model, field: Field[Any, Any]) -> bool:
    return field.model is type(owner) and not (field.remote_field and field.remote_field.parent_link)


def _of_field(owner: Model, field: Field[Any, Any]) -> Iterator[Link]:
    value = getattr(owner, field.attname)
    if isinstance(field, StreamField):
        yield from _of_block(value.stream_block, value)
    elif not value:
        return
    elif isinstance(field, RichTextField):
        yield from links_in_html(value)
    elif isinstance(field, URLField):
        yield Link(Kind.ADDRESS, value)
    elif isinstance(field, ForeignKey) and issubclass(field.related_model, Page):
        yield Link(Kind.PAGE, str(value))


def _of_block(block: Any, value: Any) -> Iterator[Link]:
    if isinstance(block, StreamBlock):
        for child in value:
            yield from _of_block(child.block, child.value)
    elif isinstance(block, LinkBlock):
        yield _of_link_block(value)
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _of_block(child, value.get(name))
    elif isinstance(block, ListBlock):
        for item in value:
            yield from _of_block(block.child_block, item)
    else:
        yield from _of_leaf(block, value)


def _of_leaf(block: Any, value: Any) -> Iterator[Link]:
    """A chooser whose page or file has been removed since holds nothing, though the form would not let it."""
    if isinstance(block, RichTextBlock):
        yield from links_in_html(value.source if value else "")
    elif isinstance(block, (PageChooserBlock, DocumentChooserBlock)):
        kind = Kind.PAGE if isinstance(block, PageChooserBlock) else Kind.DOCUMENT
        if value or block.required:
            yield Link(kind, str(value.pk) if value else "")
    elif isinstance(block, URLBlock) and value:
        yield Link(Kind.ADDRESS, value)


def _of_link_block(value: Any) -> Link:
    page, address = value.get("page"), value.get("address")
    if page or not address:
        return Link(Kind.PAGE, str(page.pk) if page else "")
    return Link(Kind.ADDRESS, address)


def links_in_html(html: str) -> list[Link]:
    """Of a text as Wagtail stores it, where a link to a page holds the page's number."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.links


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag != "a":
            return
        if named.get("linktype") in {"page", "document"}:
            self.links.append(Link(Kind(named["linktype"]), named.get("id", "")))
        elif named.get("href"):
            self.links.append(Link(Kind.ADDRESS, named["href"]))
