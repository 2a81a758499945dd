"""What a quote's own page and its PDF hold: for who has its key, and for staff who look at what the buyer sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from orders.destinations import destinations
from orders.models import Quote, Standing
from orders.quotes import document
from orders.quotes.facts import written_day
from shop import known, presentation


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says of the quote's standing."""

    word: str
    sentence: str


def context(quote: Quote, *, now: datetime) -> dict[str, Any]:
    """What orders/quotes/quote.html shows of a quote from QuoteQuerySet.whole(), beside its reader's own choices."""
    standing = quote.standing(now)
    return {
        "quote": quote,
        "rows": presentation.rows(quote.priced(), {}, {}),
        "destinations": destinations(quote),
        "standing": standing,
        "told": _told(quote, standing, now),
        "company": known.company(),
    }


def _told(quote: Quote, standing: Standing, now: datetime) -> Told:
    day = {"day": written_day(quote.valid_until)}
    if standing == Standing.ACCEPTED and (order := quote.live_order):
        who = {"name": quote.accepter_name, "role": quote.accepter_role, "number": order.number}
        sentence = (
            _("%(name)s, %(role)s, har accepterat offerten. Beställningen har nummer %(number)s.") % who
        )
        return Told(_("Accepterad"), sentence)
    if standing == Standing.WITHDRAWN:
        return Told(_("Återkallad"), _("Vi har tagit tillbaka offerten. Ring oss om du undrar varför."))
    if not quote.is_valid(now):
        sentence = _("Offerten gällde till och med %(day)s. Be om en ny, så får du dagens pris.") % day
        return Told(_("Har gått ut"), sentence)
    return Told(
        "",
        _("Priset gäller till och med %(day)s. Skicka gärna sidan vidare till den som beslutar.") % day,
    )


def pdf(quote: Quote) -> HttpResponse:
    """The PDF of a quote from QuoteQuerySet.whole()."""
    return HttpResponse(
        document.pdf(quote),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{document.filename(quote).lower()}"'},
    )
