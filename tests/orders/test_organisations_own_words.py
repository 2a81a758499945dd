"""A municipality finds its purchase again: our number, its reference and its own order number on everything."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook  # type: ignore[import-untyped]
from pypdf import PdfReader

from notifications import letters as kinds
from notifications import outbox
from notifications.mail import build
from orders import letters, packing_papers, receipts
from orders.models import Complaint, Order, Payment, Quote, Refund, Shipment
from orders.quotes import document
from orders.quotes.facts import accepted_facts, quote_facts
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory, QuoteFactory, TermsFactory
from tests.shopping import text
from tests.staff import in_role

pytestmark = pytest.mark.django_db

REFERENCE, PURCHASE_ORDER = "Karin Ek, 4410", "INK-2026/77"


@pytest.fixture(autouse=True)
def shop():
    CompanyFactory()
    TermsFactory()
    FreightFactory()


@pytest.fixture
def order() -> Order:
    """Quoted, ordered on invoice, sent and paid."""
    made = OrderFactory(
        on_invoice=True, purchase_order=PURCHASE_ORDER, reference=REFERENCE, paid=True, goes=("pack", "send")
    )
    Order.objects.filter(pk=made.pk).update(quote=QuoteFactory(reference=REFERENCE))
    return Order.objects.select_related("quote").get(pk=made.pk)


# --- Documents --------------------------------------------------------------------------------------
def pdf_words(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def slip(order: Order) -> str:
    parcels = list(Shipment.objects.filter(order=order).for_papers())
    return pdf_words(packing_papers.pdf(parcels, [], day=NOON.date()))


def exported(ending: str) -> bytes:
    answer: Any = in_role("Ekonom").get(f"/admin/bestallningar/export.{ending}")
    return b"".join(answer.streaming_content)


def sheet(_order: Order) -> str:
    rows = load_workbook(io.BytesIO(exported("xlsx"))).active.iter_rows(values_only=True)
    return " ".join(str(cell) for row in rows for cell in row)


DOCUMENTS: dict[str, Callable[[Order], str]] = {
    "order page": lambda order: text(Client().get(f"/order/{order.key}/")),
    "receipt": lambda order: pdf_words(receipts.pdf(Order.objects.whole().get(pk=order.pk))),
    "packing slip": slip,
    "staff's page": lambda order: text(in_role("Ekonom").get(f"/admin/bestallningar/{order.number}/")),
    "CSV": lambda _order: exported("csv").decode(),
    "Excel": sheet,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_numbers_and_the_reference_stand_on_every_document(order, name):
    words = " ".join(DOCUMENTS[name](order).split())
    for told in (str(order.number), REFERENCE, PURCHASE_ORDER):
        assert told in words, told


@pytest.mark.parametrize("name", ["order page", "receipt", "staff's page"])
def test_the_quotes_number_stands_on_what_became_of_it(order, name):
    assert str(order.quote.number) in DOCUMENTS[name](order)


# --- Letters ----------------------------------------------------------------------------------------
def complaint_of(order: Order) -> Complaint:
    return Complaint(
        order=order, rows="1 × Skriften", fault="Våt", received_at=NOON, answer="Så ska det vara."
    )


def payment_of(order: Order) -> Payment:
    return order.payments.get()


def refund_of(order: Order) -> Refund:
    return Refund(order=order, source=payment_of(order), amount_ore=10_00)


def held(order: Order) -> Order:
    order.reserved_until = NOON + timedelta(days=7)
    return order


FACTS: dict[str, Callable[[Order], dict[str, Any]]] = {
    "order-confirmation": letters.confirmation_facts,
    "payment-received": lambda order: letters.payment_facts(order, payment_of(order)),
    "pay-again": lambda order: letters.pay_again_facts(held(order)),
    "pay-link": letters.pay_link_facts,
    "late-money": lambda order: letters.late_money_facts(order, payment_of(order), "too-late"),
    "refund": lambda order: letters.refund_facts(order, [refund_of(order)]),
    "refund-failed": lambda order: letters.refund_failed_facts(order, refund_of(order)),
    "sent": lambda order: letters.sent_facts(order.shipments.get()),
    "order-waiting": letters.order_facts,
    "order-refused": letters.order_facts,
    "cancelled": lambda order: letters.called_off_facts(order, back=order.held, why="asked"),
    "complaint-receipt": lambda order: letters.complaint_facts(complaint_of(order)),
    "complaint-refused": lambda order: letters.complaint_facts(complaint_of(order)),
}
# A notice of withdrawal is answered with what its sender wrote: who knows a number need not be the one who bought. And
# organisations have no such right. A quote has a number and a reference, and no order yet.
OF_NO_ORDER = {
    "withdrawal-receipt", "withdrawal-goods-awaited", "withdrawal-refunded", "withdrawal-refused",
    "quote", "quote-accepted", "quote-withdrawn",
}  # fmt: skip


def test_every_letter_about_an_order_is_in_the_table():
    about_orders = {
        kind.letter for kind in kinds.kinds() if type(kind.example("sv").get("seller")) is dict
    } | {"complaint-receipt", "complaint-refused"}
    assert about_orders - OF_NO_ORDER == set(FACTS)


def mail(letter: str, facts: dict[str, Any]) -> list[str]:
    """Its text and its HTML."""
    built = build(outbox.put(letter, key="prov", to="karin@bjorkvik.example", context=facts, about="prov"))
    return [
        " ".join(str(part).split()) for part in (f"{built.subject} {built.body}", built.alternatives[0][0])
    ]


@pytest.mark.parametrize("letter", FACTS)
def test_the_numbers_and_the_reference_stand_in_every_letter(order, letter):
    for words in mail(letter, FACTS[letter](order)):
        for told in (str(order.number), REFERENCE, PURCHASE_ORDER):
            assert told in words, told


def test_a_quote_names_its_number_and_reference_on_page_pdf_and_letters(order):
    quote = Quote.objects.whole().get()
    facts = {
        "quote": quote_facts(quote),
        "quote-accepted": accepted_facts(quote, str(order.number)),
        "quote-withdrawn": quote_facts(quote),
    }
    shown = [text(Client().get(f"/offert/{quote.key}/")), pdf_words(document.pdf(quote))]
    shown += [words for letter, context in facts.items() for words in mail(letter, context)]
    for words in shown:
        for told in (str(quote.number), REFERENCE):
            assert told in words, words


# --- Found again ------------------------------------------------------------------------------------
@pytest.mark.parametrize("sought", ["{number}", REFERENCE, "4410", PURCHASE_ORDER, "ink-2026"])
def test_staff_find_the_order_by_each_of_them(order, sought):
    OrderFactory(paid=True)
    page = in_role("Packare").get("/admin/bestallningar/", {"q": sought.format(number=order.number)})
    assert [found.number for found in page.context["object_list"]] == [order.number]


@pytest.mark.parametrize("sought", ["{quote}", "{number}", REFERENCE, PURCHASE_ORDER])
def test_staff_find_the_quote_by_its_own_and_by_its_orders(order, sought):
    QuoteFactory(reference="")
    words = sought.format(quote=order.quote.number, number=order.number)
    page = in_role("Ekonom").get("/admin/offerter/", {"q": words})
    assert [found.number for found in page.context["object_list"]] == [order.quote.number]
