"""What WAGTAILSEARCH_BACKENDS names: Wagtail's own database search, on PostgreSQL with a language for each page."""

from __future__ import annotations

from typing import Any

from django.db import connection
from wagtail.search.backends import database


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail looks for
    if connection.vendor == "postgresql":
        from cms.searching.languages import ManyLanguagesBackend

        return ManyLanguagesBackend(params)
    return database.SearchBackend(params)
