"""The quote as PDF, in its language."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from notifications.letters import Attachment
from orders import documents
from orders.destinations import destinations
from orders.letters import seller_facts, written_date
from orders.models import Quote
from orders.quotes.facts import written_day
from orders.receipts import foot_labels
from shop.money import Money
from shop.presentation import RowShown, rows
from shop.quantities import grouped, percent

Facts = dict[str, Any]
PDF = "application/pdf"


def pdf(quote: Quote) -> bytes:
    """A4, tagged. The same quote gives the same bytes. From QuoteQuerySet.whole()."""
    with translation.override(quote.language):
        return documents.pdf("quote", facts(quote), at=quote.made_at)


def filename(quote: Quote) -> str:
    with translation.override(quote.language):
        return f"{_('Offert')}-{quote.number}.pdf"


def attachment(context: Facts) -> list[Attachment]:
    """Raises Quote.DoesNotExist when it is gone: a letter that promises a PDF must not go without."""
    quote = Quote.objects.whole().get(pk=context["quote"])
    return [Attachment(filename(quote), pdf(quote), PDF)]


def facts(quote: Quote) -> Facts:
    return {
        "language": quote.language,
        "title": f"{_('Offert')} {quote.number}",
        "labels": labels(),
        "seller": seller_facts(),
        "facts": _facts(quote),
        "receiver": [quote.organisation, quote.name, quote.email],
        "lines": [_line(row) for row in rows(quote.priced(), {}, {})],
        "freight": _freight(quote),
        "total": quote.total.exact(),
        "net": quote.totals.net.exact(),
        "vat_total": quote.totals.vat.exact(),
        "vat": [_vat_row(rate.percent, rate.net, rate.vat, rate.gross) for rate in quote.rates],
        "deliveries": [[", ".join(place.lines), place.contents] for place in destinations(quote)],
        "terms": _terms(quote),
    }


def labels() -> dict[str, str]:
    return {
        "quote": _("Offert"),
        "receiver": _("Till"),
        "item": _("Vara"),
        "quantity": _("Antal"),
        "price": _("À-pris exkl. moms"),
        "net_sum": _("Summa exkl. moms"),
        "sum": _("Summa inkl. moms"),
        "total": _("Totalt inkl. moms"),
        "net_total": _("Totalt exkl. moms"),
        "vat": _("Moms"),
        "rate": _("Sats"),
        "deliveries": _("Levereras till"),
        "net": _("Netto"),
        "gross": _("Brutto"),
        **foot_labels(),
    }


def _facts(quote: Quote) -> list[tuple[str, str]]:
    """Name and value, those that have one."""
    named = [
        (_("Offertnummer"), str(quote.number)),
        (_("Datum"), written_date(quote.made_at)),
        (_("Gäller till och med"), written_day(quote.valid_until)),
        (_("Er referens"), quote.reference),
    ]
    return [(name, value) for name, value in named if value]


def _line(row: RowShown) -> Facts:
    line = row.line
    return {
        "name": line.name,
        "sku": line.product.sku,
        "quantity": grouped(line.quantity),
        "unit_net": line.unit_net.exact(),
        "net": row.net.exact(),
        "gross": line.gross.exact(),
    }


def _freight(quote: Quote) -> Facts | None:
    if not quote.freight_name:
        return None
    net, gross = quote.totals.freight_net, quote.freight
    return {"name": f"{_('Frakt')}: {quote.freight_name}", "net": net.exact(), "sum": gross.exact()}


def _vat_row(rate: int, net: Money, vat: Money, gross: Money) -> Facts:
    return {"rate": percent(rate), "net": net.exact(), "vat": vat.exact(), "gross": gross.exact()}


def _terms(quote: Quote) -> list[str]:
    return [
        _("Priset gäller till och med %(day)s, för de varor och antal som står här.")
        % {"day": written_day(quote.valid_until)},
        _("Varorna hålls inte undan förrän offerten är accepterad."),
        _("Acceptera genom länken i mejlet. Den kan skickas vidare till den som beslutar hos er."),
        _("Betalning mot faktura, 30 dagar, eller med kort eller Swish."),
    ]
