"""Wagtail's index of pages and products, asked for what is published, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.db import connection
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks
from wagtail.models import Page

from cms.models import ProductPage
from cms.searching.question import Question
from shop.models import Product

# How the database in use reads the index: postgres.py or sqlite.py.
engine = import_module(f"cms.searching.{'postgres' if connection.vendor == 'postgresql' else 'sqlite'}")

_JOIN = re.compile(r"(?<=[.?!:]), ")
_HEADING_END = re.compile(r"(?<=\w)\s*\n\s*(?=\w)")
LONGEST_TEXT = 20_000  # signs of a text that are read for words and excerpts


@dataclass(frozen=True, slots=True)
class Row:
    """A hit: a page or a product, and its indexed text."""

    is_product: bool
    pk: int
    text: str


class Corpus:
    """What may be found: the published pages of one language, open to everyone, but its first page.

    An alias is found at its original.
    """

    def __init__(self, home: Page) -> None:
        self.key: int = home.pk
        self.language = str(home.locale.language_code)
        self.pages = home.get_descendants().live().public().filter(alias_of=None)

    @property
    def product_pages(self) -> QuerySet[ProductPage]:
        """Those that sell something."""
        found: QuerySet[ProductPage] = ProductPage.objects.filter(
            pk__in=self.pages.values("pk"), product__active=True
        )
        return found

    @property
    def entries(self) -> Any:
        """Their rows in the index, and those of what they sell."""
        pages = Q(type__in=get_descendants_content_types_pks(Page), object__in=_keys(self.pages, "pk"))
        sold = Q(type=get_content_type_pk(Product), object__in=_keys(self.product_pages, "product_id"))
        return engine.entries(LONGEST_TEXT).filter(pages | sold)


def ask(question: Question, corpus: Corpus, *, limit: int) -> list[Row]:
    """Words in the title come before words in the text, the asked words before their kin, more before less."""
    ranked = engine.ranked(corpus.entries, question, corpus.language)
    found = ranked.order_by("-in_title", "-is_strict", "-rank", "object").values_list(
        "type", "object", "text"
    )
    product = get_content_type_pk(Product)
    return [Row(kind == product, int(pk), _read(text)) for kind, pk, text in found[:limit]]


def texts(corpus: Corpus) -> Iterator[str]:
    """Everything that can be found: titles and texts."""
    for title, text in corpus.entries.values_list("title_words", "text"):
        yield f"{title}\n{text}"


def _read(text: str | None) -> str:
    """As it is read: the index strings blocks together with commas, and headings to their text with nothing."""
    return " ".join(_HEADING_END.sub(" · ", _JOIN.sub(" ", text or "")).split())


def _keys(rows: QuerySet[Any], field: str) -> QuerySet[Any]:
    """Primary keys as the index knows them: as text."""
    return rows.order_by().values_list(Cast(field, CharField()), flat=True)
