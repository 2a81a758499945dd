"""An order that nobody placed, to show the letters with: built by the code that builds real facts, never stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from notifications.letters import Facts, Kind
from orders import letters
from orders.models import (
    Buyer,
    Method,
    Order,
    OrderLine,
    Payment,
    PaymentAttempt,
    Refund,
    Shipment,
    ShipmentLine,
    VatPart,
)
from shop.models import Terms
from shop.money import Money
from shop.staff.access import holds
from shop.vat import vat_in

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # noon in Stockholm
NUMBER = "VS-2026-000123"
NAME = "Karin Ek"
EMAIL = "karin@bjorkvik.example"
GOODS_ORE, FREIGHT_ORE = 25 * 49_00, 99_00
VAT_PERCENT = 6


def order(language: str) -> Order:
    """25 copies of the booklet by card, paid."""
    made = Order(
        pk=0,
        number=NUMBER,
        key="exempel",
        language=language,
        placed_at=AT,
        terms=Terms.objects.current(AT.astimezone(settings.STOCKHOLM).date(), language),
        buyer=Buyer.PRIVATE,
        email=EMAIL,
        name=NAME,
        address_line1="Storgatan 12",
        postal_code="53132",
        city="Björkvik",
        freight_name=words(language, gettext_lazy("Hem eller till arbetsplatsen")),
        freight_ore=FREIGHT_ORE,
        goods_ore=GOODS_ORE,
        method=Method.CARD,
    )
    kept(made, lines=[line(language)], vat_parts=vat(), payments=[payment()], deliveries=[])
    return made


def kept(made: Any, **related: list[Any]) -> None:
    """Rows that are not in the database, where Django keeps those it has read."""
    vars(made)["_prefetched_objects_cache"] = related


def line(language: str) -> OrderLine:
    return OrderLine(
        position=0,
        sku="SKRIFTEN",
        name=words(language, gettext_lazy("Skriften om värdskap")),
        quantity=25,
        unit_price_ore=49_00,
        gross_ore=GOODS_ORE,
    )


def vat() -> list[VatPart]:
    sums = (GOODS_ORE, FREIGHT_ORE)
    return [
        VatPart(percent=VAT_PERCENT, gross_ore=ore, net_ore=ore - vat_in(Money(ore), VAT_PERCENT).ore)
        for ore in sums
    ]


def payment() -> Payment:
    return Payment(kind=Payment.Kind.PAYMENT, method=Method.CARD, amount_ore=GOODS_ORE + FREIGHT_ORE, at=AT)


def words(language: str, text: Any) -> str:
    with translation.override(language):
        return str(text)


def paid(language: str) -> Facts:
    return letters.payment_facts(order(language), payment())


def refunded(language: str) -> Facts:
    part = Refund(amount_ore=10 * 49_00, source=Payment(method=Method.CARD, attempt=PaymentAttempt()))
    return letters.refund_facts(order(language), [part])


def bounced(language: str) -> Facts:
    part = Refund(amount_ore=10 * 49_00, source=Payment(method=Method.CARD))
    return letters.refund_failed_facts(order(language), part)


def came_late(language: str) -> Facts:
    return letters.late_money_facts(order(language), payment(), "sold-out")


def unpaid(language: str) -> Facts:
    made = order(language)
    kept(made, lines=[line(language)], vat_parts=vat(), payments=[])
    made.reserved_until = AT + timedelta(days=1)
    return letters.pay_again_facts(made)


def sent(language: str) -> Facts:
    """20 of the 25 copies; the rest follows."""
    shipment = Shipment(tracking_number="373500489530470000")
    shipment.order = order(language)
    (line,) = shipment.order.lines.all()
    inside, later = (ShipmentLine(line=line, quantity=copies) for copies in (20, 5))
    return {
        **letters.parcel_facts(shipment, [inside], [later]),
        "tracking_url": "https://tracking.postnord.com/se/?id=373500489530470000",
    }


SEES_ORDERS = holds("orders.view_order")
KINDS = [
    Kind(
        "order-confirmation",
        gettext_lazy("Orderbekräftelse"),
        gettext_lazy("Genast när en beställning är gjord. Villkoren följer med som PDF."),
        lambda language: letters.confirmation_facts(order(language)),
        SEES_ORDERS,
    ),
    Kind(
        "payment-received",
        gettext_lazy("Betalningen har kommit"),
        gettext_lazy("När en betalning bokförs efter beställningen. Kvittot följer med som PDF."),
        paid,
        SEES_ORDERS,
    ),
    Kind(
        "pay-again",
        gettext_lazy("Betala din beställning"),
        gettext_lazy("När någon av er mejlar en betallänk från en obetald beställning."),
        unpaid,
        SEES_ORDERS,
    ),
    Kind(
        "late-money",
        gettext_lazy("Betalningen kom för sent"),
        gettext_lazy("När pengar kommer till en beställning som inte gäller längre, och ska tillbaka."),
        came_late,
        SEES_ORDERS,
    ),
    Kind(
        "refund",
        gettext_lazy("Pengar tillbaka"),
        gettext_lazy("När pengar har betalats tillbaka, hela summan eller en del."),
        refunded,
        SEES_ORDERS,
    ),
    Kind(
        "refund-failed",
        gettext_lazy("Återbetalningen gick inte fram"),
        gettext_lazy("När köparens bank inte tar emot en återbetalning. Köparen svarar med ett kontonummer."),
        bounced,
        SEES_ORDERS,
    ),
    Kind(
        "sent",
        gettext_lazy("Paketet är skickat"),
        gettext_lazy("När packaren trycker på Skickad."),
        sent,
        SEES_ORDERS,
    ),
]
