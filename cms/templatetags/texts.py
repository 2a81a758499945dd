"""Editors' texts on their way out."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText

from shop.models import Company
from shop.money import NBSP
from shop.placeholders import facts

register = template.Library()

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_DAY = re.compile(r"(da[gy] \d+) ")
# Before a figure after a word (`Storgatan 1`, `SEK 55`, `1 950`), and between a figure and its unit.
_BESIDE_FIGURE = re.compile(r"(?<=\w) (?=\d)|(?<=\d) (?=kr\b|%)")


@register.filter
def fill(text: str | RichText, company: Company) -> SafeString:
    """Put the company's facts where {{foretag}}, {{orgnr}} and their like stand; leave other braces.

    Rich text stays HTML, plain text and the facts are escaped.
    """
    known = {name: str(escape(fact)) for name, fact in facts(company).items()}
    html = _PLACE.sub(lambda found: known.get(found[1], found[0]), conditional_escape(text))
    return mark_safe(html)  # noqa: S308 - escaped above, or cleaned by Wagtail


@register.filter
def drop_cap(text: str | RichText) -> SafeString:
    """Mark the first paragraph of rich text for the large first letter."""
    html = re.sub(r"<p[^>]*>", '<p class="start">', conditional_escape(text), count=1)
    return mark_safe(html)  # noqa: S308 - escaped above, or cleaned by Wagtail


@register.filter
def whole_dates(words: str) -> str:
    """Keep a day beside its month where lines break: `till lördag 12 december`, `until Saturday 12 December`."""
    return _DAY.sub(rf"\1{NBSP}", words)


@register.filter
def whole_figures(words: str) -> str:
    """Keep a house's number beside its street and a sum beside its unit where lines break."""
    return _BESIDE_FIGURE.sub(NBSP, words)
