"""The facts of an order's letters, frozen as JSON when the letter is written."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from orders.models import Order, Shipment
from shop.models import Company


def order_facts(order: Order) -> dict[str, Any]:
    """What every letter about an order needs; sums are already written out."""
    return {
        "number": order.number,
        "first_name": order.first_name,
        "buyer": order.buyer,
        "is_organisation": order.is_organisation,
        "method": order.method,
        "is_paid": order.is_paid,
        "order_url": settings.SITE_URL + reverse("orders:status", args=[order.key]),
        "placed_at": order.placed_at.isoformat(),
        "lines": [_line(line) for line in order.lines.all()],
        "goods": order.goods.exact(),
        "freight": order.freight.exact() if order.freight else "",
        "freight_name": order.freight_name,
        "total": order.total.exact(),
        "vat": [
            {"percent": percent, "net": net.exact(), "vat": vat.exact()}
            for percent, net, vat in order.vat_totals
        ],
        "delivery": order.delivery_lines,
        "reference": order.reference,
        "purchase_order": order.purchase_order,
        "peppol_id": order.peppol_id,
        "email": order.email,
        "seller": seller_facts(),
    }


def _line(line: Any) -> dict[str, Any]:
    return {
        "name": line.name,
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": str(line.unit_price),
        "gross": line.gross.exact(),
    }


def confirmation_facts(order: Order) -> dict[str, Any]:
    """All that the law wants in durable form (DAL 2 kap.): rows, terms, withdrawal, model form."""
    terms = order.terms
    return {
        **order_facts(order),
        "terms_version": terms.version if terms else "",
        "terms": terms.body if terms else "",
        "withdrawal_info": terms.withdrawal_info if terms else "",
        "model_form": terms.model_form if terms else "",
        "withdraw_url": settings.SITE_URL + reverse("orders:withdraw"),
    }


def sent_facts(shipment: Shipment) -> dict[str, Any]:
    return {**order_facts(shipment.order), "tracking_number": shipment.tracking_number}


def seller_facts() -> dict[str, str]:
    company = Company.load()
    return {
        "name": company.name,
        "legal_name": company.legal_name,
        "organisation_number": company.organisation_number,
        "vat_number": company.vat_number,
        "address": company.postal_address,
        "email": company.email,
        "phone": company.phone,
        "phone_link": company.phone_link,
    }
