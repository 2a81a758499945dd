"""The facts of a quote's letters, frozen as JSON when the letter is written."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from orders.destinations import destinations
from orders.letters import seller_facts, written_date
from orders.models import Quote, QuoteLine

Facts = dict[str, Any]


def path(quote: Quote) -> str:
    """`/en/quote/<key>/` of a quote asked for in English."""
    with translation.override(quote.language):
        return reverse("orders:quote", args=[quote.key])


def written_day(day: date) -> str:
    """`23 december 2026`"""
    return date_format(day, "j F Y")


def quote_facts(quote: Quote) -> Facts:
    """From QuoteQuerySet.whole(); sums and dates are written out in the quote's language."""
    with translation.override(quote.language):
        return {
            "quote": quote.pk,
            "number": quote.number,
            "quote_url": settings.SITE_URL + path(quote),
            "made_on": written_date(quote.made_at),
            "valid_until": written_day(quote.valid_until),
            "seller": seller_facts(),
            "first_name": quote.first_name,
            "name": quote.name,
            "organisation": quote.organisation,
            "reference": quote.reference,
            "freight_name": quote.freight_name,
            "deliveries": [
                {"lines": found.lines, "contents": found.contents} for found in destinations(quote)
            ],
            **_sums(quote),
        }


def accepted_facts(quote: Quote, order_number: str, *, to_accepter: bool = False) -> Facts:
    """For the one who asked, or the one who accepted, when the order's own letters go to somebody else."""
    return {
        **quote_facts(quote),
        "accepter_name": quote.accepter_name,
        "accepter_role": quote.accepter_role,
        "order_number": order_number,
        "to_accepter": to_accepter,
    }


def _sums(quote: Quote) -> Facts:
    return {
        "lines": [_line(line) for line in quote.lines.all()],
        "freight": quote.freight.exact() if quote.freight else "",
        "total": quote.total.exact(),
        "vat": [
            {
                "percent": rate.percent,
                "net": rate.net.exact(),
                "vat": rate.vat.exact(),
                "gross": rate.gross.exact(),
            }
            for rate in quote.rates
        ],
    }


def _line(line: QuoteLine) -> Facts:
    return {
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": str(line.unit_price),
        "gross": line.gross.exact(),
    }
