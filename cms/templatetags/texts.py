"""Editors' texts on their way out."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText, expand_db_html

from shop.models import Company

register = template.Library()

_PLACE = re.compile(r"\{\{\s*(foretag|orgnr|momsnr|adress|telefon|epost)\s*\}\}")


@register.filter
def fill(html: object, company: Company) -> SafeString:
    """Put the company's facts where {{foretag}}, {{orgnr}} and their like stand.

    `html` is text that Wagtail has cleaned; the facts are escaped.
    """
    facts = {
        "foretag": company.legal_name,
        "orgnr": company.organisation_number,
        "momsnr": company.vat_number,
        "adress": company.postal_address,
        "telefon": company.phone,
        "epost": company.email,
    }
    source = expand_db_html(html.source) if isinstance(html, RichText) else str(html)
    return mark_safe(_PLACE.sub(lambda found: str(escape(facts[found[1]])), source))  # noqa: S308 - cleaned by Wagtail


@register.filter
def drop_cap(html: object) -> SafeString:
    """Mark the first paragraph of rich text for the large first letter."""
    source = expand_db_html(html.source) if isinstance(html, RichText) else str(html)
    return mark_safe(re.sub(r"<p[^>]*>", '<p class="start">', source, count=1))  # noqa: S308 - cleaned by Wagtail
