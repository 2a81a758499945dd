"""The letters about quotes, invoice customers and entered orders, shown with the order that nobody placed."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy

from notifications.letters import Kind
from orders import letters
from orders.examples import (
    AT,
    EMAIL,
    FREIGHT_ORE,
    GOODS_ORE,
    NAME,
    NUMBER,
    SEES_ORDERS,
    kept,
    line,
    order,
    vat,
    words,
)
from orders.models import Buyer, Method, Order, Quote
from orders.quotes.facts import accepted_facts, quote_facts


def held(language: str) -> Order:
    """The same, not paid yet; held for a week."""
    made = order(language)
    made.reserved_until = AT + timedelta(days=7)
    kept(made, lines=[line(language)], vat_parts=vat(), payments=[], deliveries=[])
    return made


def on_invoice(language: str) -> Order:
    """The same, ordered by a municipality on invoice."""
    made = held(language)
    made.buyer, made.method, made.reference = Buyer.PUBLIC, Method.INVOICE, "4410"
    made.organisation, made.organisation_number = "Björkviks kommun", "2129990004"
    return made


def quote(language: str) -> Quote:
    """The same goods, quoted."""
    made = Quote(
        pk=0,
        number="OF-2026-000012",
        key="exempel",
        language=language,
        made_at=AT,
        valid_until=AT.date() + timedelta(days=30),
        organisation="Björkviks kommun",
        name=NAME,
        email=EMAIL,
        reference="4410",
        freight_name=words(language, gettext_lazy("Hem eller till arbetsplatsen")),
        freight_ore=FREIGHT_ORE,
        goods_ore=GOODS_ORE,
        accepter_name="Ulla Berg",
        accepter_role=words(language, gettext_lazy("enhetschef")),
    )
    kept(made, lines=[line(language)], vat_parts=vat(), deliveries=[])
    return made


KINDS = [
    Kind(
        "order-waiting",
        gettext_lazy("Beställningen väntar på godkännande"),
        gettext_lazy("När en beställning mot faktura måste godkännas: en ny kund, eller över kreditgränsen."),
        lambda language: letters.order_facts(on_invoice(language)),
        SEES_ORDERS,
    ),
    Kind(
        "order-refused",
        gettext_lazy("Nekad mot faktura"),
        gettext_lazy("När någon nekar en beställning mot faktura. Den är då avbeställd."),
        lambda language: letters.order_facts(on_invoice(language)),
        SEES_ORDERS,
    ),
    Kind(
        "pay-link",
        gettext_lazy("Länk att betala genom"),
        gettext_lazy("När personal har lagt in en beställning som ska betalas med kort eller Swish."),
        lambda language: letters.pay_link_facts(held(language)),
        SEES_ORDERS,
    ),
    Kind(
        "quote",
        gettext_lazy("Offert"),
        gettext_lazy(
            "När någon begär en offert, eller ni gör en eller ger den ny giltighet. PDF följer med."
        ),
        lambda language: quote_facts(quote(language)),
        SEES_ORDERS,
    ),
    Kind(
        "quote-accepted",
        gettext_lazy("Offerten är accepterad"),
        gettext_lazy(
            "Till den som bad om offerten och den som accepterade den, när beställningens brev går till någon annan."
        ),
        lambda language: accepted_facts(quote(language), NUMBER),
        SEES_ORDERS,
    ),
    Kind(
        "quote-withdrawn",
        gettext_lazy("Offerten är återkallad"),
        gettext_lazy("Till den som bad om offerten, när personalen har tagit tillbaka den."),
        lambda language: quote_facts(quote(language)),
        SEES_ORDERS,
    ),
]
