"""The receipt: right to the öre, readable by machines and people, unbreakable by names."""

from __future__ import annotations

import io
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from orders import operations, receipts
from orders.models import Order, Refund
from shop.typesetting import printable
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory, TermsFactory, pay

pytestmark = pytest.mark.django_db

BASKET = {"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1}
HOSTILE_NAMES = [
    "#panic[x] $x$ *b* _i_ `r` <l> @ref \\ // /* #eval(1)",
    '"}, {"total": "0,00 kr',
    "👩‍👩‍👧‍👦 🏳️‍🌈 Åsa 🎉",
    "‮gnirts ⁦isolate⁩ שלום مرحبا",
    "Łukasz Śmigły, Ünal Ğökşin, Đặng Thị Ýŷ",
    "山田 太郎",
    "W" * 200,
    "å" * 100 + " " + "ö" * 99,
    "\x07\x1b[31m\ufeff\u200b\ue000",
    "{{ x }} {% y %} <script>",
]


@pytest.fixture(autouse=True)
def _shop() -> None:
    CompanyFactory()
    FreightFactory()
    TermsFactory()


def text_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(unicodedata.normalize("NFC", text).split())


def xmp_of(reader: Any) -> str:
    """The metadata packet in which a document says which standards it keeps."""
    return str(reader.trailer["/Root"]["/Metadata"].get_data().decode())


def test_a_receipt_says_all_that_it_must():
    order = OrderFactory(lines=BASKET, paid=True)
    text = text_of(receipts.pdf(order))
    for fact in (
        "Kvitto", order.number, "23 november 2026", "Karin Ek", "Storgatan 12", "531 32 Björkvik",
        "Skriften om värdskap", "30", "49,00 kr", "1 470,00 kr", "Det goda värdskapet", "249,00 kr",
        "Totalt inkl. moms", "1 719,00 kr", "6 %", "1 621,70 kr", "97,30 kr",
        "2026. Kort", "Värdskapet Exempel AB", "Exempelgatan 1, 111 22 Stockholm", "559999-0008",
        "SE559999000801", "Godkänd för F-skatt", "Säte Stockholm",
    ):  # fmt: skip
        assert fact in text, fact


def test_two_rates_are_told_apart_and_summed():
    order = OrderFactory(lines={"SKRIFTEN": 250, "VARDSKAP-I-PRAKTIKEN": 1}, paid=True)
    rows = receipts.facts(order, list(order.payments.all()))["vat"]
    assert [row["rate"].replace("\xa0", " ") for row in rows] == ["6 %", "25 %", "Summa"]
    assert [row["gross"].replace("\xa0", " ") for row in rows] == [
        "10 240,00 kr",
        "1 000,00 kr",
        "11 240,00 kr",
    ]
    assert [row["vat"].replace("\xa0", " ") for row in rows] == ["579,62 kr", "200,00 kr", "779,62 kr"]


def test_it_is_a_tagged_swedish_document_for_the_archive():
    reader: Any = PdfReader(io.BytesIO(receipts.pdf(OrderFactory(paid=True))))
    catalog = reader.trailer["/Root"]
    assert str(catalog["/Lang"]).startswith("sv")
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Kvitto VS-2026-")
    assert "pdfuaid:part" in xmp_of(reader)
    assert "pdfaid:part" in xmp_of(reader)
    assert reader.pages[0].mediabox.width == pytest.approx(595.28, abs=0.1)


def test_the_design_s_fonts_are_inside():
    reader: Any = PdfReader(io.BytesIO(receipts.pdf(OrderFactory(paid=True))))
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for font in reader.pages[0]["/Resources"]["/Font"].values()
    }
    assert {name.split("-")[0] for name in fonts} == {"HedvigLettersSerif", "FamiljenGrotesk"}


def test_the_same_order_gives_the_same_bytes():
    order = OrderFactory(paid=True)
    assert receipts.pdf(order) == receipts.pdf(Order.objects.get(pk=order.pk))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_breaks_a_receipt(name):
    OrderFactory(paid=True)
    Order.objects.update(
        name=name[:100], city=name[:100], address_line1=name, organisation=name[:120], reference=name[:60]
    )
    order = Order.objects.get()
    order.lines.update(name=name[:120])
    reader = PdfReader(io.BytesIO(receipts.pdf(order)))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Godkänd för F-skatt" in text
    assert str(order.number) in text
    assert "pdfuaid:part" in xmp_of(reader)


def test_a_sign_that_no_font_holds_becomes_a_box():
    Order.objects.filter(pk=OrderFactory(paid=True).pk).update(name="山田 Åsa 🎉")
    assert "□□ Åsa □" in text_of(receipts.pdf(Order.objects.get()))


def test_markup_in_a_name_is_printed_not_obeyed():
    Order.objects.filter(pk=OrderFactory(paid=True).pk).update(name="*fet* #lorem(5) $x$")
    assert "*fet* #lorem(5) $x$" in text_of(receipts.pdf(Order.objects.get()))


def test_names_with_polish_and_turkish_letters_stay_in_the_design_s_font():
    Order.objects.filter(pk=OrderFactory(paid=True).pk).update(name="Łukasz Ğökşin")
    assert "Łukasz Ğökşin" in text_of(receipts.pdf(Order.objects.get()))


def test_printable_reaches_every_text():
    assert printable({"a": ["x\x07", ("y\u202e", 1)], "b": None}) == {"a": ["x", ["y", 1]], "b": None}


def test_many_lines_run_over_several_pages():
    order = OrderFactory(lines={f"VARA-{number}": 1 for number in range(60)}, paid=True)
    pages = PdfReader(io.BytesIO(receipts.pdf(order))).pages
    assert len(pages) == 3
    assert all("Godkänd för F-skatt" in page.extract_text() for page in pages)
    assert all("À-pris" in page.extract_text() for page in pages[:2])


def test_an_invoice_paid_in_parts_shows_what_is_left():
    order = OrderFactory(lines=BASKET, on_invoice=True, paid=False)
    pay(order, ore=1_000_00)
    text = text_of(receipts.pdf(Order.objects.get()))
    assert "Kvar att betala 719,00 kr" in text
    assert "1 000,00 kr" in text
    assert "Björkviks kommun" in text
    assert "212999-0004" in text
    assert "Karin Ek, 4410" in text


def test_money_that_went_back_stands_with_a_minus():
    order = OrderFactory(paid=True)
    pay(order, ore=order.total.ore, reference="dubbel")
    task = Refund.objects.get()
    operations.refund_done(task.pk, actor="eva", now=NOON + timedelta(hours=1))
    text = text_of(receipts.pdf(Order.objects.get()))
    assert "2026. Återbetalt" in text
    assert f"−{str(order.total.exact()).replace(chr(160), ' ')}" in text


def test_without_money_there_is_no_receipt():
    with pytest.raises(receipts.NothingPaid):
        receipts.pdf(OrderFactory())


def test_an_order_that_cost_nothing_has_a_receipt_too():
    order = OrderFactory(paid=True)
    order.payments.all().delete()
    Order.objects.update(goods_ore=0, freight_ore=0)
    assert "0,00 kr" in text_of(receipts.pdf(Order.objects.get()))


def test_many_threads_get_each_their_own_receipt():
    orders = [OrderFactory(paid=True, name=f"Kund {number}") for number in range(6)]
    made = [receipts.facts(order, list(order.payments.all())) for order in orders]

    def render(number: int) -> str:
        from orders import documents

        return text_of(documents.pdf("receipt", made[number], at=NOON))

    with ThreadPoolExecutor(6) as pool:
        texts = list(pool.map(render, list(range(6)) * 5))
    for place, text in enumerate(texts):
        assert f"Kund {place % 6} " in text
