"""PostgreSQL's index with each page stemmed in the language that it is written in."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.conf import settings
from modelsearch.backends.database.postgres.postgres import PostgresIndex, PostgresSearchBackend
from wagtail.models import TranslatableMixin

CONFIGS = {"sv": "swedish", "en": "english"}


def language_of(row: Any) -> str:
    """A page's own; what has none, as a product, is named in the site's first language."""
    return str(row.locale.language_code if isinstance(row, TranslatableMixin) else settings.LANGUAGE_CODE)


class ManyLanguagesIndex(PostgresIndex):
    def add_items(self, model: type[Any], objs: Iterable[Any]) -> None:
        """The rows of each language by a writer that has its configuration."""
        for language, rows in groupby(sorted(objs, key=language_of), key=language_of):
            writer = PostgresSearchBackend({"SEARCH_CONFIG": CONFIGS[language]})
            PostgresIndex(writer).add_items(model, list(rows))


class ManyLanguagesBackend(PostgresSearchBackend):
    index_class = ManyLanguagesIndex
