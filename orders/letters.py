"""The facts of an order's letters, frozen as JSON when the letter is written: the buyer's record of what was agreed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from wagtail.rich_text import expand_db_html

from orders import addresses
from orders.destinations import destinations
from orders.models import (
    Complaint,
    Method,
    Order,
    OrderLine,
    Payment,
    Refund,
    Shipment,
    ShipmentLine,
    Withdrawal,
)
from orders.plain_text import sections
from orders.states import STILL_HERE
from shop import known
from shop.freshness import as_shown
from shop.models import Company, Terms
from shop.money import Money, total
from shop.placeholders import fill

Facts = dict[str, Any]
INVOICE_DAYS = 30


def order_facts(order: Order) -> Facts:
    """What every letter about an order needs; sums and dates are already written out."""
    return _order_facts(order, known.company())


def _order_facts(order: Order, company: Company) -> Facts:
    with translation.override(order.language):
        return {
            "order": order.pk,
            "is_of_places": order.is_of_places,
            "places": order.places,
            "number": order.number,
            "order_url": addresses.url(order, "status"),
            "placed_at": order.placed_at.isoformat(),
            "placed_on": written_date(order.placed_at),
            "seller": _seller(company),
            **_buyer(order),
            **_sums(order),
            **_payment(order),
            **_delivery(order),
        }


def confirmation_facts(order: Order) -> Facts:
    """All that the law wants in durable form (DAL 2 kap.): rows, terms, withdrawal, model form."""
    company = known.company()
    with translation.override(order.language):
        return {
            **_order_facts(order, company),
            **_terms(order.terms, company),
            **_places_terms(order),
            "deliveries": [
                {"lines": found.lines, "contents": found.contents} for found in destinations(order)
            ],
            "withdraw_url": f"{settings.SITE_URL}{reverse('orders:withdraw')}?order={order.key}",
        }


def payment_facts(order: Order, payment: Payment) -> Facts:
    with translation.override(order.language):
        return {**order_facts(order), "amount": payment.amount.exact()}


def refund_facts(order: Order, parts: list[Refund]) -> Facts:
    """The sum of all parts, whether it is all that was paid, and the way that it goes: `several` when they differ."""
    amount = total([part.amount for part in parts])
    ways = {_way(part) for part in parts}
    with translation.override(order.language):
        return {
            **order_facts(order),
            "amount": amount.exact(),
            "is_whole": amount == order.paid,
            "way": ways.pop() if len(ways) == 1 else "several",
        }


def _way(part: Refund) -> str:
    return part.source.method if part.source and not part.is_by_hand else "account"


def refund_failed_facts(order: Order, refund: Refund) -> Facts:
    """The sum that did not come, and the way that it went."""
    with translation.override(order.language):
        way = refund.source.method if refund.source else ""
        return {**order_facts(order), "amount": refund.amount.exact(), "way": way}


def late_money_facts(order: Order, payment: Payment, why: str) -> Facts:
    """Money that came when the order was over. `why` it goes back: sold-out, cancelled or too-late."""
    return {**payment_facts(order, payment), "why": why}


def pay_again_facts(order: Order) -> Facts:
    held_until = order.reserved_until.isoformat() if order.reserved_until else ""
    return {**order_facts(order), "pay_url": addresses.url(order, "waiting"), "held_until": held_until}


def pay_link_facts(order: Order) -> Facts:
    """Where to pay, and until when the goods are held."""
    held = order.reserved_until
    with translation.override(order.language):
        return {
            **order_facts(order),
            "pay_url": addresses.url(order, "waiting"),
            "held_until": written_date(held) if held else "",
            "right": order.withdrawable,
        }


def sent_facts(shipment: Shipment) -> Facts:
    """What lies in this parcel, where it is followed, and what of the order has not left yet."""
    others = ShipmentLine.objects.filter(shipment__order=shipment.order, shipment__state__in=STILL_HERE)
    later = others.exclude(shipment=shipment).select_related("line")
    return parcel_facts(shipment, list(shipment.lines.select_related("line")), list(later))


def parcel_facts(shipment: Shipment, inside: list[ShipmentLine], later: list[ShipmentLine]) -> Facts:
    way = known.freight(shipment.order.freight_code)
    return {
        **order_facts(shipment.order),
        "delivery": shipment.address_lines,
        "tracking_number": shipment.tracking_number,
        "tracking_url": way.tracking_link(shipment.tracking_number) if way else "",
        "lines": _copies(inside),
        "later": _copies(later),
    }


def _copies(rows: list[ShipmentLine]) -> list[Facts]:
    """A row per line of the order, however many parcels its copies lie in."""
    lines = {row.line.position: row.line.name for row in rows}
    return [
        {"name": name, "quantity": sum(row.quantity for row in rows if row.line.position == position)}
        for position, name in sorted(lines.items())
    ]


def withdrawal_facts(withdrawal: Withdrawal, *, by_word: bool = False) -> Facts:
    """What was said and when it came, as the law wants it confirmed (DAL 2 kap. 10 a §); `by_word` by phone."""
    return {
        "name": withdrawal.name,
        "order_number": withdrawal.order_number,
        "email": withdrawal.email,
        "rows": withdrawal.rows,
        "received_at": withdrawal.received_at.isoformat(),
        **({"signed_off": True} if withdrawal.gave_places_back else {}),
        **({"by_word": True} if by_word else {}),
    }


def seller_facts() -> Facts:
    return _seller(known.company())


def _seller(company: Company) -> Facts:
    return {
        "name": company.name,
        "legal_name": company.legal_name,
        "organisation_number": company.organisation_number,
        "vat_number": company.vat_number,
        "seat": company.seat,
        "f_tax": company.f_tax,
        "address": company.postal_address,
        "email": company.email,
        "phone": company.phone,
        "phone_link": company.phone_link,
        "phone_hours": company.shown_phone_hours,
    }


def written_date(moment: datetime) -> str:
    """`23 november 2026`, as it was in Stockholm."""
    return date_format(moment.astimezone(settings.STOCKHOLM), "j F Y")


def method_label(method: str) -> str:
    """The payment method in the current language; an unknown one as it stands."""
    return str(dict(Method.choices).get(method, method))


def method_within(method: str) -> str:
    """The same inside a sentence: `kort`, but `Swish`."""
    return Method(method).within if method in Method.values else method


def _buyer(order: Order) -> Facts:
    return {
        "first_name": order.first_name,
        "buyer": order.buyer,
        "is_organisation": order.is_organisation,
        "reference": order.reference,
        "purchase_order": order.purchase_order,
        "quote_number": order.quote.number if order.quote else "",
        "peppol_id": order.e_invoice_address,
        "email": order.email,
    }


def _sums(order: Order) -> Facts:
    return {
        "lines": [_line(line) for line in order.lines.all()],
        "goods": order.goods.exact(),
        "freight": order.freight.exact() if order.freight else "",
        "total": order.total.exact(),
        "vat": [
            {"percent": percent, "net": net.exact(), "vat": vat.exact(), "gross": (net + vat).exact()}
            for percent, net, vat in order.vat_totals
        ],
    }


def _line(line: OrderLine) -> Facts:
    return {
        "name": line.name,
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": str(line.unit_price),
        "gross": line.gross.exact(),
    }


def _payment(order: Order) -> Facts:
    return {
        "method": order.method,
        "is_invoice": order.method == Method.INVOICE,
        "is_paid": order.is_paid,
        "due": order.due.exact() if order.due else "",
        "invoice_days": INVOICE_DAYS,
        "payments": [
            {"method": method_within(row.method), "amount": row.amount.exact(), "on": written_date(row.at)}
            for row in order.ledger
            if row.kind == Payment.Kind.PAYMENT
        ],
    }


def _delivery(order: Order) -> Facts:
    way = known.freight(order.freight_code)
    return {
        "delivery": order.delivery_lines,
        "invoice_address": order.invoice_lines,
        "freight_name": order.freight_name,
        "freight_hint": way.shown_hint if way else "",
    }


@as_shown
def _terms(terms: Terms | None, company: Company) -> Facts:
    """The texts that the order was placed under, the seller's facts filled in and links to pages resolved."""
    if terms is None:
        return {"terms_version": "", "terms": "", "withdrawal_info": [], "model_form": []}
    return {
        "terms_version": terms.version,
        "terms": fill(expand_db_html(terms.body), company, html=True),
        "withdrawal_info": sections(fill(terms.withdrawal_info, company)),
        "model_form": sections(fill(terms.model_form, company)),
    }


def _places_terms(order: Order) -> Facts:
    """Of places the period begins with the contract, and there may be no right: not what the terms say of goods."""
    if not order.is_of_places or order.is_organisation:
        return {}
    told = render_to_string("orders/_places_terms.txt", {"right": order.withdrawable})
    own: Facts = {"withdrawal_info": sections(told), "without_right": not order.withdrawable}
    return own if order.withdrawable else {**own, "model_form": []}


# --- Withdrawals and complaints -------------------------------------------------------------------
def goods_awaited_facts(withdrawal: Withdrawal) -> Facts:
    """Where the goods go, until when, and who pays for it (DAL 2 kap. 13 §)."""
    with translation.override(withdrawal.language):
        return {**_notice(withdrawal), "send_by": date_format(withdrawal.goods_due, "j F Y")}


def withdrawal_refunded_facts(withdrawal: Withdrawal, sent: Money) -> Facts:
    """What goes back, row by row, and what does not (DAL 2 kap. 14 and 15 §§).

    `sent` is less than the rows come to when some was never paid, or has gone back before.
    """
    with translation.override(withdrawal.language):
        return {
            **_notice(withdrawal),
            "lines": [
                {"name": row.line.name, "quantity": row.quantity, "gross": row.gross.exact()}
                for row in withdrawal.lines.all()
            ],
            "freight": withdrawal.freight.exact() if withdrawal.freight else "",
            "deduction": (-withdrawal.deduction).exact() if withdrawal.deduction else "",
            "reason": withdrawal.reason,
            "earlier": (sent - withdrawal.refund).exact() if sent < withdrawal.refund else "",
            "total": sent.exact(),
            "nothing": not sent,
            "due": _left_to_pay(withdrawal.order),
        }


def _left_to_pay(order: Order | None) -> str:
    return order.due.exact() if order and order.due else ""


def withdrawal_refused_facts(withdrawal: Withdrawal) -> Facts:
    """Why, and who can try it: a consumer may ask ARN."""
    with translation.override(withdrawal.language):
        consumer = withdrawal.order is None or not withdrawal.order.is_organisation
        return {**_notice(withdrawal), "reason": withdrawal.reason, "is_consumer": consumer}


def _notice(withdrawal: Withdrawal) -> Facts:
    """Only what its sender wrote: who knows a number need not be the one who bought."""
    return {
        "name": withdrawal.name,
        "order_number": withdrawal.order_number,
        "rows": withdrawal.rows,
        "received_on": written_date(withdrawal.received_at),
        "given_back": not withdrawal.is_withdrawal,
        **({"no_event": True} if withdrawal.is_asked_anew else {}),
    }


def called_off_facts(order: Order, *, back: Money, why: str, words: str = "") -> Facts:
    """`back` is what we hold and send back; `why` one of WhyCancelled, for `words` those of whoever called it off."""
    with translation.override(order.language):
        return {
            **order_facts(order),
            "sum_back": back.exact() if back else "",
            "why": why,
            "words": words,
        }


def complaint_facts(complaint: Complaint) -> Facts:
    """What was told and when, and once it is answered, how."""
    order = complaint.order
    with translation.override(complaint.language):
        return {
            "first_name": order.first_name,
            "number": order.number,
            "reference": order.reference,
            "purchase_order": order.purchase_order,
            "order_url": addresses.url(order, "status"),
            "rows": complaint.rows,
            "fault": complaint.fault,
            "wish": str(complaint.get_wish_display()),
            "received_at": complaint.received_at.isoformat(),
            "answer": complaint.answer,
            "is_consumer": not order.is_organisation,
            "is_organisation": order.is_organisation,
        }
