"""The same page in the other language: addresses, alternates, the way across."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from cms import tree
from cms.tree import HOME_DEPTH
from shop.language import ENGLISH

# Each in its own language, so that who needs it can read it.
LABELS = {"sv": "På svenska", "en": "In English"}


@dataclass(frozen=True, slots=True)
class Version:
    """A page in one language."""

    language: str
    url: str  # from the site's root, as links want it

    @property
    def label(self) -> str:
        """What the link to it says, in its own language."""
        return LABELS[self.language]

    @property
    def full_url(self) -> str:
        return settings.SITE_URL + self.url


def home() -> str:
    """The address of the first page in the language in use. No query: it is the root of its tree."""
    return reverse("wagtail_serve", args=[""])


def address(slug: str, request: HttpRequest | None) -> str:
    """Where the page /<slug>/ of the Swedish site stands in the language in use; the Swedish one if it has no other.

    One query for an English page, none for a Swedish one: a page renamed since is found by its redirect.
    """
    swedish = f"/{slug}/"
    if translation.get_language() != ENGLISH:
        return swedish
    if request is None:
        return _english(None).get(slug, swedish)
    if "english_addresses" not in vars(request):
        vars(request)["english_addresses"] = _english(request)
    known: dict[str, str] = vars(request)["english_addresses"]
    return known.get(slug, swedish)


def _english(request: HttpRequest | None) -> dict[str, str]:
    """The addresses of the English pages just below the first one, by their Swedish sisters' slugs."""
    sister = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale__language_code=settings.LANGUAGE_CODE
    )
    pages = (
        Page.objects.live()
        .public()
        .filter(depth=HOME_DEPTH + 1, locale__language_code=ENGLISH)
        .annotate(swedish_slug=Subquery(sister.values("slug")[:1]))
    )
    return {page.swedish_slug: page.get_url(request) or "" for page in pages}


def versions(page: Page) -> list[Version]:
    """The page in every language in which it is published, Swedish first."""
    found = [Version(place.language, place.url) for place in tree.translations_of(page)]
    shown = (version for version in found if version.url)
    return sorted(shown, key=lambda version: version.language, reverse=True)


def across(request: HttpRequest, known: list[Version], asked: Mapping[str, Any]) -> Version | None:
    """Where the link to the other language leads: the same page there, else its first page. None while that is closed.

    `asked` is what a page outside the tree was asked for, as its view understood it and as the other one will.
    """
    here = translation.get_language()
    there = ENGLISH if here != ENGLISH else str(settings.LANGUAGE_CODE)
    for version in known:
        if version.language == there:
            return version
    if there not in tree.open_languages():
        return None
    url = _same_view(request, there)
    return Version(there, f"{url}?{urlencode(asked)}" if asked else url)


def _same_view(request: HttpRequest, there: str) -> str:
    """A page outside the tree (basket, checkout, an order) has the same address in other words.

    One that belongs to a page (an event's reminder) is there only if the page is.
    """
    match = request.resolver_match
    with translation.override(there):
        if match is None or not match.namespace or "slug" in match.kwargs:
            return home()
        return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
