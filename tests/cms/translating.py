"""Translations for tests."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale, Page


def in_english(page: Page) -> Any:
    """Its translation, made with those of the pages above it where there are none yet."""
    locale = Locale.objects.get(language_code="en")
    for one in page.get_ancestors(inclusive=True).filter(depth__gt=1).specific():
        if not one.has_translation(locale):
            one.copy_for_translation(locale).save_revision().publish()
    return page.get_translation(locale).specific
