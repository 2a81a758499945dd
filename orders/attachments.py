"""The files that go with an order's letters, made anew each time a letter is sent."""

from __future__ import annotations

from typing import Any

from notifications.letters import Attachment, attach
from orders import receipts, terms_document
from orders.models import Order
from orders.quotes import document

PDF = "application/pdf"


def register() -> None:
    """Called once, from OrdersConfig.ready()."""
    attach("order-confirmation", receipt_when_paid)
    attach("order-confirmation", terms)
    attach("payment-received", receipt)
    attach("quote", document.attachment)


def receipt(context: dict[str, Any]) -> list[Attachment]:
    """Raises Order.DoesNotExist when the order is gone: a letter that promises a receipt must not go without."""
    order = Order.objects.whole().get(pk=context["order"])
    return [Attachment(receipts.filename(context["number"]), receipts.pdf(order), PDF)]


def receipt_when_paid(context: dict[str, Any]) -> list[Attachment]:
    return receipt(context) if context["is_paid"] else []


def terms(context: dict[str, Any]) -> list[Attachment]:
    """None when the order was placed under no terms at all (an unseeded site)."""
    if not context["terms"]:
        return []
    return [Attachment(f"{terms_document.title(context)}.pdf", terms_document.pdf(context), PDF)]
