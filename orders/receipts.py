"""The receipt of a paid order as PDF, in the order's language: who bought in English can read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from orders import documents
from orders.letters import method_label, seller_facts, written_date
from orders.models import Order, Payment
from shop.money import Money, total
from shop.quantities import percent

Facts = dict[str, Any]


class NothingPaid(ValueError):
    """A receipt was asked for before any money had come."""


def pdf(order: Order) -> bytes:
    """A4, tagged. The same order and payments give the same bytes. Raises NothingPaid."""
    rows = list(order.payments.all())
    if not rows and order.due:
        raise NothingPaid(order.number)
    with translation.override(order.language):
        return documents.pdf("receipt", facts(order, rows), at=dated(order, rows))


def dated(order: Order, rows: list[Payment]) -> datetime:
    """When the latest money came; an order that cost nothing was settled when it was placed."""
    return rows[-1].at if rows else order.placed_at


def filename(number: str) -> str:
    """In the language in use: `Kvitto-VS-2026-000123.pdf`."""
    return f"{_('Kvitto')}-{number}.pdf"


def facts(order: Order, rows: list[Payment]) -> Facts:
    return {
        "language": order.language,
        "title": f"{_('Kvitto')} {order.number}",
        "labels": labels(),
        "seller": seller_facts(),
        "facts": _facts(order, rows),
        "buyer": order.invoice_lines or order.delivery_lines,
        "buyer_facts": _buyer_facts(order),
        "lines": [_line(line) for line in order.lines.all()],
        "freight": _freight(order),
        "total": order.total.exact(),
        "vat": _vat(order),
        "payments": [_payment(row) for row in rows],
        "due": order.due.exact() if order.due and not order.refunded else "",
    }


def labels() -> dict[str, str]:
    return {
        "receipt": _("Kvitto"),
        "buyer": _("Köpare"),
        "item": _("Vara"),
        "quantity": _("Antal"),
        "price": _("À-pris inkl. moms"),
        "sum": _("Summa inkl. moms"),
        "total": _("Totalt inkl. moms"),
        "vat": _("Moms"),
        "rate": _("Sats"),
        "net": _("Netto"),
        "gross": _("Brutto"),
        "payment": _("Betalning"),
        "when_and_how": _("När och hur"),
        "amount": _("Belopp"),
        "due": _("Kvar att betala"),
        **foot_labels(),
    }


def foot_labels() -> dict[str, str]:
    return {
        "organisation_number": _("Org.nr"),
        "vat_number": _("Momsreg.nr"),
        "seat": _("Säte"),
        "f_tax": _("Godkänd för F-skatt"),
    }


def _facts(order: Order, rows: list[Payment]) -> list[tuple[str, str]]:
    """Name and value, those that have one; the date is that of the latest money."""
    sent = [parcel.sent_at for parcel in order.shipments.all() if parcel.sent_at]
    return [
        (_("Datum"), written_date(dated(order, rows))),
        (_("Ordernummer"), str(order.number)),
        (_("Beställt"), written_date(order.placed_at)),
        *([(_("Skickat"), written_date(max(sent)))] if sent else []),
    ]


def _buyer_facts(order: Order) -> list[tuple[str, str]]:
    named = [
        (_("Organisationsnummer"), order.masked_organisation_number),
        (_("Er referens"), order.reference),
        (_("Ert ordernummer"), order.purchase_order),
        (_("Enligt offert"), str(order.quote.number) if order.quote else ""),
    ]
    return [(name, value) for name, value in named if value]


def _line(line: Any) -> Facts:
    return {
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": line.unit_price.exact(),
        "gross": line.gross.exact(),
    }


def _freight(order: Order) -> Facts | None:
    if not order.freight_name:
        return None
    name = f"{_('Frakt')}: {order.freight_name}"
    return {"name": name, "sum": order.freight.exact()}


def _vat(order: Order) -> list[Facts]:
    """A row per rate, and their sum when there are several."""
    rates = order.vat_totals
    rows = [_vat_row(percent(rate), net, vat) for rate, net, vat in rates]
    if len(rates) > 1:
        _rates, nets, vats = zip(*rates, strict=True)
        rows.append(_vat_row(_("Summa"), total(nets), total(vats)))
    return rows


def _vat_row(rate: str, net: Money, vat: Money) -> Facts:
    return {"rate": rate, "net": net.exact(), "vat": vat.exact(), "gross": (net + vat).exact()}


def _payment(row: Payment) -> Facts:
    """`23 november 2026. Kort`; money that went back has a minus, unless it came to us again."""
    words = {
        Payment.Kind.REFUND: _("Återbetalt"),
        Payment.Kind.CHARGEBACK: _("Återtaget av din bank"),
        Payment.Kind.REVERSAL: _("Återbetalningen gick inte igenom"),
        Payment.Kind.REINSTATED: _("Återfört till oss av din bank"),
    }
    how = words.get(Payment.Kind(row.kind)) or method_label(row.method)
    return {"how": f"{written_date(row.at)}. {how}", "amount": row.signed.exact()}
