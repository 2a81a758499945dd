"""The PDF of a packing day: pick list, slips and labels hold the same parcels in the same order."""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pypdf import PdfReader

from orders import documents, operations, packing_papers
from orders.documents.barcode import STOP, WIDTHS, code128
from orders.models import Delivery, DeliveryLine, HistoryLine, Order, Shipment
from orders.operations.planning import plan_parcels
from shop.models import Product
from shop.typesetting import compile_layout
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory, ProductFactory
from tests.orders.test_receipt import HOSTILE_NAMES, xmp_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _shop() -> None:
    CompanyFactory()
    FreightFactory()
    ProductFactory(skriften=True, shelf="A10")
    ProductFactory(book=True, shelf="A2")


def papers(*orders: Order) -> bytes:
    chosen = Shipment.objects.filter(order__in=orders).for_papers().order_by("order__placed_at", "pk")
    return packing_papers.pdf(list(chosen), [], day=DAY)


def pages(pdf: bytes) -> list[str]:
    read = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return [" ".join(unicodedata.normalize("NFC", text).split()) for text in read]


def numbers(text: str) -> list[str]:
    return re.findall(r"VS-\d{4}-\d{6}", text)


def in_turn(items: list[str]) -> list[str]:
    """Each once, where it came first."""
    return list(dict.fromkeys(items))


# --- What stands in it ------------------------------------------------------------------------------
def test_list_slips_and_labels_name_the_orders_in_the_same_order():
    orders = [OrderFactory(paid=True, at=NOON + timedelta(hours=-hour)) for hour in range(4)]
    expected = [order.number for order in reversed(orders)]
    read = pages(papers(*orders))
    assert in_turn(numbers(read[0])) == expected
    assert in_turn(numbers(" ".join(read[1:-1]))) == expected
    assert numbers(read[-1]) == expected


def test_the_pick_list_sums_over_the_orders_along_the_shelves():
    some = [OrderFactory(paid=True, lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1}) for _each in range(3)]
    first = pages(papers(*some))[0]
    assert re.search(
        r"A2 Det goda värdskapet DET-GODA-VARDSKAPET 3 A10 Skriften om värdskap SKRIFTEN 90", first
    )
    assert "3 försändelser, 93 exemplar." in first


def test_a_slip_says_what_lies_in_the_parcel_for_whom_and_no_price():
    order = OrderFactory(
        on_invoice=True,
        lines={"SKRIFTEN": 30},
        purchase_order="INK-77",
        address_line2="c/o Vaktmästeriet",
        greeting="Hälsa Åsa",
    )
    _list, slip, labels = pages(papers(order))
    for fact in (
        "Följesedel",
        order.number,
        "Karin Ek, 4410",
        "INK-77",
        "30 A10 Skriften om värdskap SKRIFTEN",
        "”Hälsa Åsa”",
        "2,6 kg",
        "Packad av",
        "Tack för att du bjuder vidare.",
    ):
        assert fact in slip, fact
    assert "kr" not in re.findall(r"\b\w+\b", slip)
    address = "Björkviks kommun Att: Karin Ek c/o Vaktmästeriet Storgatan 12 531 32 BJÖRKVIK"
    assert address in slip
    assert address in labels


def test_a_private_buyers_label_has_no_att():
    assert "Karin Ek Storgatan 12 531 32 BJÖRKVIK" in pages(papers(OrderFactory(paid=True)))[-1]


def test_an_english_buyer_reads_the_slip_in_english_and_the_packer_the_list_in_swedish():
    order = OrderFactory(paid=True, language="en")
    first, slip, _labels = pages(papers(order))
    assert "Plocklista" in first
    assert "Packing slip" in slip
    assert "November 2026" in slip


def test_a_part_says_which_it_is_and_what_follows():
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 30})
    line, parcel = order.lines.get(), order.shipments.get()
    operations.pack(parcel.pk, only={line.pk: 20}, actor="maja", now=NOON)
    read = pages(papers(order))
    assert f"{order.number} · 1 av 2" in read[1]
    assert "Skickas för sig: 10 × Skriften om värdskap" in read[1]
    assert f"{order.number} · 2 av 2" in read[2]


def test_each_of_several_addresses_has_its_own_slip_and_label():
    order = OrderFactory(on_invoice=True, lines={"SKRIFTEN": 30})
    _send_to_two_units(order)
    read = pages(papers(order))
    assert "Björkviks kommun Lingonet Att: Ulla Berg Skolvägen 2 531 33 VIKEN" in read[1]
    assert "Björkviks kommun Att: Karin Ek" in read[2]
    assert "Skickas för sig" not in read[1]
    assert "30 A10" not in read[1]


def _send_to_two_units(order: Order) -> None:
    order.shipments.all().delete()
    unit = Delivery.objects.create(
        order=order,
        position=0,
        unit="Lingonet",
        name="Ulla Berg",
        address_line1="Skolvägen 2",
        postal_code="53133",
        city="Viken",
    )
    DeliveryLine.objects.create(delivery=unit, line=order.lines.get(), quantity=12)
    plan_parcels(order)


def test_who_packs_by_paper_is_told_which_purchases_were_withdrawn():
    kept, withdrawn, refused = (OrderFactory(paid=True) for _each in range(3))
    for order in (withdrawn, refused):
        operations.withdraw(operations.Statement(order.name, str(order.number), order.email), now=NOON)
    operations.refuse_withdrawal(refused.withdrawals.get().pk, "Skäl", actor="test", now=NOON)
    first = pages(papers(kept, withdrawn, refused))[0]
    warned = first.partition("Ångrade av köparen, fråga innan du packar:")[2].partition("Plats")[0]
    assert numbers(warned) == [withdrawn.number]
    assert "Ångrade av köparen" not in pages(papers(kept))[0]


def test_what_has_no_place_on_the_shelves_comes_last():
    Product.objects.filter(sku="DET-GODA-VARDSKAPET").update(shelf="")
    first = pages(papers(OrderFactory(paid=True, lines={"SKRIFTEN": 1, "DET-GODA-VARDSKAPET": 1})))[0]
    assert first.index("Skriften") < first.index("Det goda")


# --- What it is -------------------------------------------------------------------------------------
def test_it_is_a_tagged_swedish_a4_document():
    reader: Any = PdfReader(io.BytesIO(papers(OrderFactory(paid=True))))
    catalog = reader.trailer["/Root"]
    assert str(catalog["/Lang"]).startswith("sv")
    assert catalog["/MarkInfo"]["/Marked"]
    assert str(reader.metadata.title) == "Packning 23 november 2026"
    assert "pdfuaid:part" in xmp_of(reader)
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {
        (595, 842)
    }


def test_printing_again_gives_the_same_bytes_and_changes_nothing():
    order = OrderFactory(paid=True)
    before = list(HistoryLine.objects.values())
    assert papers(order) == papers(order)
    assert list(HistoryLine.objects.values()) == before
    assert order.shipments.get().state == "planned"


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_breaks_the_papers(name):
    order = OrderFactory(on_invoice=True)
    Order.objects.update(
        name=name[:100],
        city=name[:100],
        address_line1=name,
        address_line2=name,
        organisation=name[:120],
        reference=name[:60],
        greeting=name,
    )
    Product.objects.update(name=name[:120], shelf=name[:20])
    read = pages(papers(order))
    assert len(read) == 3
    assert numbers(read[-1]) == [order.number]


def test_a_name_that_begins_with_an_a_with_ring_keeps_it_on_slip_and_label():
    """The address is clipped at its box: with ring and dots there must be more ink than without."""
    slip, label = (
        with_ring - without for with_ring, without in zip(inked("Åsa Öberg"), inked("Asa Oberg"), strict=True)
    )
    assert min(slip, label) > 20


def inked(name: str) -> list[int]:
    """How many dark points the slip and the sheet of labels have, for an order to this name."""
    order = OrderFactory(paid=True)
    facts = packing_papers.facts(list(Shipment.objects.filter(order=order).for_papers()), [], day=DAY)
    facts["slips"][0] |= {"address": [name, "531 32 BJÖRKVIK"], "name": "VS", "bars": [1], "facts": []}
    drawn: Any = compile_layout(documents.FOLDER / "packing.typ", facts, format="png", ppi=144)
    return [sum(Image.open(io.BytesIO(page)).convert("L").histogram()[:128]) for page in drawn[1:]]


def test_fifteen_labels_take_two_sheets():
    orders = [OrderFactory(paid=True) for _each in range(15)]
    read = pages(papers(*orders))
    assert [len(numbers(sheet)) for sheet in read[-2:]] == [14, 1]


def test_many_parcels_cost_no_more_questions_than_one():
    orders = [OrderFactory(paid=True, lines={"SKRIFTEN": 1, "DET-GODA-VARDSKAPET": 2}) for _each in range(8)]
    papers(orders[0])
    with CaptureQueriesContext(connection) as few:
        papers(orders[0])
    with CaptureQueriesContext(connection) as many:
        papers(*orders)
    assert len(many) == len(few)


# --- The bar code -----------------------------------------------------------------------------------
def test_the_bars_follow_the_standard():
    """Wikipedia's example, in set B: the check sign of PJJ123C is 55 there, since set B begins with 104."""
    drawn = "".join(map(str, code128("PJJ123C")))
    signs = [WIDTHS.index(drawn[place : place + 6]) for place in range(0, len(drawn) - len(STOP), 6)]
    assert signs == [104, 48, 42, 42, 17, 18, 19, 35, 55]
    assert drawn.endswith(STOP)


def test_every_sign_is_eleven_modules_wide_with_an_even_number_of_black_ones():
    assert len(set(WIDTHS)) == len(WIDTHS) == 106
    for sign in WIDTHS:
        widths = [int(width) for width in sign]
        assert (sum(widths), sum(widths[::2]) % 2) == (11, 0)


def test_a_sign_that_has_no_bars_is_refused():
    with pytest.raises(ValueError, match="å"):
        code128("å")
