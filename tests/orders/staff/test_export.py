"""The list of orders as a file: what it holds, who takes it, that nothing in it runs, and that it is streamed."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from itertools import islice
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from openpyxl import load_workbook  # type: ignore[import-untyped]

from orders.models import Order
from orders.staff.export import rows
from shop.money import Money
from shop.staff.sheets import as_csv, as_xlsx
from tests.factories import NOON, OrderFactory
from tests.staff import in_role

pytestmark = pytest.mark.django_db

CSV, XLSX = "/admin/bestallningar/export.csv", "/admin/bestallningar/export.xlsx"


def fetched(client: Client, address: str, **query: str) -> bytes:
    answer: Any = client.get(address, query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def read_xlsx(content: bytes) -> list[dict[str, Any]]:
    sheet = load_workbook(io.BytesIO(content)).active
    heading, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, heading), row, strict=True)) for row in body]


def test_a_row_holds_the_order_as_a_bookkeeper_reads_it():
    sole = OrderFactory(
        on_invoice=True,
        paid=True,
        organisation="Eks Snickeri",
        organisation_number="8507099805",
        purchase_order="PO-7",
        lines={"SKRIFTEN": 2, "VARDSKAP-I-PRAKTIKEN": 1},
    )
    client = in_role("Ekonom")
    content = fetched(client, CSV)
    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = read_csv(content)
    assert row["Nummer"] == sole.number
    assert row["Lagd"] == "2026-11-23 12:00"
    assert row["Organisationsnummer"] == "••••••-9805"
    assert row["Rader"] == "2 × SKRIFTEN, 1 × VARDSKAP-I-PRAKTIKEN"
    assert (row["Varor"], row["Frakt"], row["Summa inkl. moms"]) == ("1600,00", "0,00", "1600,00")
    assert (row["Betalt"], row["Återbetalt"], row["Betalning"], row["Leverans"]) == (
        "1600,00",
        "0,00",
        "Betald",
        "Ej packad",
    )
    vat = {rate: vat.ore for rate, _net, vat in sole.vat_totals}
    assert {
        f"Moms {rate} %": f"{ore // 100},{ore % 100:02}" for rate, ore in vat.items()
    }.items() <= row.items()
    (same,) = read_xlsx(fetched(client, XLSX))
    assert (same["Nummer"], same["Lagd"]) == (sole.number, datetime(2026, 11, 23, 12, 0))  # noqa: DTZ001
    assert (same["Summa inkl. moms"], same["Er referens"], same["Ert ordernummer"]) == (
        1600,
        "Karin Ek, 4410",
        "PO-7",
    )
    assert list(same) == list(row)


def test_the_file_holds_what_the_list_is_filtered_to_on_all_its_pages():
    with mock.patch("notifications.outbox.send_message"):
        made = [OrderFactory(paid=place % 2 == 0) for place in range(4)]
    with mock.patch("orders.staff.listing.OrderList.paginate_by", 1):
        found = read_csv(fetched(in_role("Ekonom"), CSV, payment="paid"))
    assert [row["Nummer"] for row in found] == [made[2].number, made[0].number]


def test_a_filter_that_cannot_be_read_gives_no_file_of_everybody():
    OrderFactory()
    answer: Any = in_role("Ekonom").get(CSV, {"payment": "x' OR 1"})
    assert answer.status_code == 302
    assert "payment=x" in answer.url


EVIL = ["=1+1", "+46 70", "-2+3", "@SUM(A1)", "\tx", "\r=x", "＝1", "  =1", '=HYPERLINK("http://evil";"x")']


@pytest.mark.parametrize("text", EVIL)
def test_a_text_that_begins_like_a_formula_is_text_in_both_kinds_of_file(text):
    rows_of_text: list[list[Any]] = [["Namn"], [text]]
    (row,) = read_csv(b"".join(as_csv(rows_of_text)))
    assert row["Namn"] == f"'{text}"
    sheet = load_workbook(io.BytesIO(b"".join(as_xlsx(rows_of_text, title="x")))).active
    cell = sheet["A2"]
    assert (cell.data_type, cell.value.strip(), cell.quotePrefix) == (
        "s",
        text.replace("\r", "\n").strip(),
        True,
    )


def test_our_own_negative_sums_are_numbers_and_no_formulas():
    table: list[list[Any]] = [["Summa"], [Money(-12_05)]]
    assert b"\r\n-12,05\r\n" in b"".join(as_csv(table))
    assert read_xlsx(b"".join(as_xlsx(table, title="x"))) == [{"Summa": -12.05}]


def test_odd_characters_make_no_broken_file():
    odd = "\x01\x0b\ud800 <b>&amp;]]> 🙂 " + "å" * 40_000
    (row,) = read_xlsx(b"".join(as_xlsx([["Namn"], [odd]], title="<\"&'>")))
    assert row["Namn"].startswith(" <b>&amp;]]> 🙂 å")
    assert len(row["Namn"]) <= 32_767


def test_the_buyers_own_words_come_through_the_export_as_text():
    OrderFactory(name='=cmd|"/c calc"!A1', city="@x")
    (row,) = read_csv(fetched(in_role("Ägare"), CSV))
    assert (row["Namn"], row["Ort"]) == ('\'=cmd|"/c calc"!A1', "'@x")


def test_the_file_is_made_as_it_is_sent():
    """The first part leaves before the last row is asked for."""
    asked = []

    def endless() -> Any:
        for number in range(100_000):
            asked.append(number)
            yield ["x" * 50, number]

    next(islice(as_csv(endless()), 5, None))
    assert len(asked) < 10
    asked.clear()
    next(islice(as_xlsx(endless(), title="x"), 2, None))
    assert len(asked) < 5_000


def test_the_file_costs_the_same_for_two_and_for_forty_orders(django_assert_num_queries):
    with mock.patch("notifications.outbox.send_message"):
        OrderFactory.create_batch(2, paid=True)
        with django_assert_num_queries(5):
            assert len(list(rows(Order.objects.all()))) == 3
        OrderFactory.create_batch(38, on_invoice=True)
        with django_assert_num_queries(5):
            assert len(list(rows(Order.objects.all()))) == 41


@pytest.mark.parametrize(
    ("role", "status"), [("Redaktör", 403), ("Packare", 403), ("Ekonom", 200), ("Ägare", 200)]
)
def test_only_who_keeps_the_books_takes_the_list_away_and_sees_the_way_to_it(role, status):
    OrderFactory(at=NOON)
    client = in_role(role)
    assert [client.get(address).status_code for address in (CSV, XLSX)] == [status, status]
    assert ("export.csv" in client.get("/admin/bestallningar/").content.decode()) == (status == 200)


def test_a_column_is_as_wide_as_what_stands_in_it_within_reason():
    table: list[list[Any]] = [
        ["Nr", "E-post", "Lagd", "Rader"],
        [1, "karin@bjorkvik.example", NOON, "å" * 500],
    ]
    sheet = load_workbook(io.BytesIO(b"".join(as_xlsx(table, title="x")))).active
    widths = [sheet.column_dimensions[letter].width for letter in "ABCD"]
    assert widths == [10, 24, 18, 44]
    assert (sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)
