"""manage.py orders and manage.py stock."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from orders import operations
from orders.models import Refund
from tests.factories import NOON, FreightFactory, OrderFactory, ProductFactory, pay

pytestmark = pytest.mark.django_db


def told(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().replace("\N{NO-BREAK SPACE}", " ")


def data(command: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(told(command, "--json"))
    return found


# --- orders -----------------------------------------------------------------------------------------
def test_thirty_skriften_and_a_book_to_the_ore():
    FreightFactory()
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1})
    [row] = data("orders")
    assert row == {
        "number": order.number,
        "key": order.key,
        "buyer": "private",
        "method": "card",
        "placed_at": "2026-11-23T11:00:00+00:00",
        "agreement": "confirmed",
        "payment": "paid",
        "fulfilment": "none",
        "total_ore": 171_900,
        "freight_ore": 0,
        "paid_ore": 171_900,
        "refunded_ore": 0,
        "vat": {"6": 9_730},
        "lines": [
            {"sku": "SKRIFTEN", "quantity": 30, "gross_ore": 147_000, "vat_percent": 6, "vat_ore": 8_321},
            {
                "sku": "DET-GODA-VARDSKAPET",
                "quantity": 1,
                "gross_ore": 24_900,
                "vat_percent": 6,
                "vat_ore": 1_409,
            },
        ],
    }


def test_freight_is_in_the_total_and_its_vat_but_no_line():
    FreightFactory()
    OrderFactory()
    [row] = data("orders")
    assert (row["total_ore"], row["freight_ore"], row["vat"]) == (104_00, 49_00, {"6": 589})
    assert [line["gross_ore"] for line in row["lines"]] == [55_00]


def test_a_line_of_mixed_vat_is_one_object_per_rate():
    OrderFactory(lines={"VARDSKAP-I-PRAKTIKEN": 2, "SKRIFTEN": 1})
    [row] = data("orders")
    mixed = [line for line in row["lines"] if line["sku"] == "VARDSKAP-I-PRAKTIKEN"]
    assert [(line["vat_percent"], line["gross_ore"], line["quantity"]) for line in mixed] == [
        (6, 98_000, 2),
        (25, 200_000, 2),
    ]
    assert sum(line["gross_ore"] for line in row["lines"]) == row["total_ore"]
    for rate, vat in row["vat"].items():
        assert sum(line["vat_ore"] for line in row["lines"] if line["vat_percent"] == int(rate)) == vat


def test_money_back_and_a_sent_parcel_are_told():
    order = OrderFactory(sent=True)
    pay(order, ore=50_00, reference="extra")
    operations.refund_done(Refund.objects.get().pk, actor="test", now=NOON)
    [row] = data("orders")
    assert (row["paid_ore"], row["refunded_ore"]) == (105_00, 50_00)
    assert (row["payment"], row["fulfilment"]) == ("part-refunded", "sent")


def test_orders_come_in_the_order_they_were_made():
    made = [OrderFactory(at=NOON - timedelta(days=day)).number for day in range(3)]
    assert [row["number"] for row in data("orders")] == made


def test_without_json_it_is_a_table_in_swedish():
    order = OrderFactory(on_invoice=True, packed=True)
    table = told("orders")
    assert table.splitlines()[0].split() == [
        "Nummer", "Lagd", "Avtal", "Betalning", "Leverans", "Summa", "Betalt", "Återbetalt",
    ]  # fmt: skip
    for words in (str(order.number), "2026-11-23 12.00", "Bekräftad", "Obetald", "Packad", "55,00 kr"):
        assert words in table


def test_no_orders_is_an_empty_list_and_a_bare_heading():
    assert data("orders") == []
    assert len(told("orders").splitlines()) == 1


def test_orders_cost_the_same_for_one_and_forty(django_assert_num_queries):
    OrderFactory(lines={"SKRIFTEN": 1, "VARDSKAP-I-PRAKTIKEN": 1}, paid=True)
    with django_assert_num_queries(5):  # the orders, their lines, VAT, payments, parcels
        told("orders", "--json")
    for _more in range(39):
        OrderFactory(lines={"SKRIFTEN": 2})
    with django_assert_num_queries(5):
        told("orders", "--json")
    with django_assert_num_queries(5):
        told("orders")


# --- stock ------------------------------------------------------------------------------------------
def test_stock_tells_shelf_promises_and_what_can_be_sold():
    OrderFactory(lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1})
    OrderFactory(lines={"SKRIFTEN": 5}, sent=True)
    assert data("stock") == [
        {"sku": "DET-GODA-VARDSKAPET", "on_hand": 800, "reserved": 1, "available": 799},
        {"sku": "SKRIFTEN", "on_hand": 11_995, "reserved": 30, "available": 11_965},
    ]


def test_what_is_never_counted_is_told_apart_from_what_is_out():
    ProductFactory(sku="A-TOM", on_hand=0)
    ProductFactory(sku="B-BESTALLS", counted=False)
    assert data("stock") == [
        {"sku": "A-TOM", "on_hand": 0, "reserved": 0, "available": 0},
        {"sku": "B-BESTALLS", "on_hand": 0, "reserved": 0, "available": None},
    ]
    assert "beställs" in told("stock")


def test_stock_costs_one_query(django_assert_num_queries):
    for _more in range(10):
        ProductFactory()
    with django_assert_num_queries(1):
        told("stock", "--json")
