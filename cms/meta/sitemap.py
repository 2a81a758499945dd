"""The pages that search engines are to know, each with its translations."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page

from cms import tree
from cms.meta.nodes import absolute, moment

# What one file may hold (sitemaps.org).
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Entry:
    address: str
    language: str
    changed_at: str | None  # when an editor last published it; a new price is no new page
    translations: tuple[Entry, ...] = ()

    @property
    def default(self) -> Entry | None:
        """The translation for readers of any other language."""
        return next((other for other in self.translations if other.language == settings.LANGUAGE_CODE), None)


def entries(request: HttpRequest) -> list[Entry]:
    """Published pages that anyone may read: three queries however many. An alias is found at its original."""
    pages = Page.objects.live().public().filter(alias_of=None, depth__gt=1)
    pages = pages.filter(locale__language_code__in=tree.open_languages()).select_related("locale")
    alike: dict[str, list[Entry]] = defaultdict(list)
    for page in pages.order_by("path")[:MOST]:
        if path := page.get_url(request):
            language = page.locale.language_code
            alike[str(page.translation_key)].append(
                Entry(absolute(path), language, moment(page.last_published_at))
            )
    return [_with_translations(entry, same) for same in alike.values() for entry in same]


def _with_translations(entry: Entry, same: list[Entry]) -> Entry:
    return replace(entry, translations=tuple(same)) if len(same) > 1 else entry
