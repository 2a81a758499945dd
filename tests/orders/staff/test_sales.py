"""Försäljning och lager: what is counted in which week, how it is drawn, who sees it, and what it costs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from operator import add
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.utils import timezone

from orders import operations
from orders.models import Order
from orders.staff.figures import Sold, Ware, mondays, wares
from orders.staff.sales import week_name
from shop import stock
from shop.money import ZERO, Money
from shop.staff.charts import Chart, Point
from tests.factories import NOON, OrderFactory, ProductFactory
from tests.staff import in_role

pytestmark = pytest.mark.django_db

PAGE = "/admin/bestallningar/siffror/"
TODAY = NOON.date()  # a Monday


def of(sku: str) -> Ware:
    return next(ware for ware in wares(TODAY) if ware.product.sku == sku)


def page(role: str) -> str:
    with time_machine.travel(NOON, tick=False):
        answer = in_role(role).get(PAGE)
    assert answer.status_code == 200
    return str(answer.content.decode())


# --- What is counted -------------------------------------------------------------------------------
def test_the_weeks_are_iso_weeks_also_over_a_new_year():
    assert mondays(date(2027, 1, 3), 2) == [date(2026, 12, 21), date(2026, 12, 28)]
    assert [week_name(monday) for monday in (date(2026, 12, 28), date(2027, 1, 4))] == [
        "v. 53 2026",
        "v. 1 2027",
    ]


def test_a_confirmed_order_counts_in_the_swedish_week_it_was_placed_and_others_do_not():
    sunday_night = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # 23.30 in Stockholm
    OrderFactory(paid=True, lines={"SKRIFTEN": 3}, at=sunday_night)
    OrderFactory(on_invoice=True, lines={"SKRIFTEN": 5}, at=sunday_night + timedelta(hours=1))
    OrderFactory(lines={"SKRIFTEN": 7})
    cancelled = OrderFactory(paid=True, lines={"SKRIFTEN": 11})
    operations.cancel(cancelled.pk, actor="test", cause="ångrade sig", now=NOON)
    OrderFactory(paid=True, lines={"SKRIFTEN": 13}, at=NOON - timedelta(weeks=52))
    with timezone.override("Asia/Tokyo"):  # as a member of staff far away has it
        sold = of("SKRIFTEN").sold
    assert sold[-2:] == [Sold(3, 165_00), Sold(5, 275_00)]
    assert sum(week.copies for week in sold) == 8


def test_the_years_sum_is_the_goods_of_all_agreed_orders_to_the_ore():
    """Mixed VAT, steps of price and a return among them: what was sold stays sold, what came back stands beside it."""
    everything = {"SKRIFTEN": 250, "DET-GODA-VARDSKAPET": 3, "VARDSKAP-I-PRAKTIKEN": 1}
    made = [OrderFactory(on_invoice=True, lines=everything), OrderFactory(sent=True, lines={"SKRIFTEN": 30})]
    parcel, line = made[1].shipments.get(), made[1].lines.get()
    operations.take_back(parcel.pk, restock={line.pk: 5}, write_off={}, actor="test", now=NOON)
    OrderFactory(lines=everything)
    sold = [week for ware in wares(TODAY) for week in ware.sold]
    assert sum(week.ore for week in sold) == sum(order.goods_ore for order in made)
    assert sum(week.back_ore for week in sold) == line.gross_ore * 5 // 30


# --- What is ours again ------------------------------------------------------------------------------
def withdrawn_from(order: Order, copies: int, deduction: Money = ZERO) -> None:
    statement = operations.Statement(order.name, str(order.number), order.email)
    notice = operations.withdraw(statement, now=NOON)
    operations.refund_withdrawal(
        notice.pk, {order.lines.get().pk: copies}, deduction=deduction, actor="eva", now=NOON
    )


def sold(order: Order) -> tuple[int, int, int]:
    """Copies sold, back and net of the order's only product."""
    week = reduce(add, of(order.lines.get().sku).sold)
    return week.copies, week.back_copies, week.net_copies


def test_copies_that_are_withdrawn_before_they_leave_are_not_kept_as_sold():
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 5})
    withdrawn_from(order, 2)
    assert sold(order) == (5, 2, 3)
    assert of("SKRIFTEN").sold[-1].net == order.goods - order.withdrawals.get().goods


def test_withdrawn_copies_that_come_back_are_counted_once():
    order = OrderFactory(sent=True, lines={"SKRIFTEN": 5})
    withdrawn_from(order, 2)
    assert sold(order) == (5, 2, 3)
    line = order.lines.get().pk
    operations.take_back(order.shipments.get().pk, restock={line: 2}, write_off={}, actor="x", now=NOON)
    assert sold(order) == (5, 2, 3)


def test_a_return_that_nobody_withdrew_from_is_back_too():
    order = OrderFactory(sent=True, lines={"SKRIFTEN": 5})
    withdrawn_from(order, 1)
    line = order.lines.get().pk
    operations.take_back(
        order.shipments.get().pk, restock={line: 3}, write_off={line: 1}, actor="x", now=NOON
    )
    assert sold(order) == (5, 4, 1)


def test_a_part_struck_and_a_part_returned_are_both_back():
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 5})
    withdrawn_from(order, 2)
    parcel, line = order.shipments.get(state="planned"), order.lines.get().pk
    operations.pack(parcel.pk, actor="x", now=NOON)
    operations.send(parcel.pk, tracking_number="", actor="x", now=NOON)
    operations.take_back(parcel.pk, restock={line: 1}, write_off={}, actor="x", now=NOON)
    assert sold(order) == (5, 3, 2)


def test_what_is_back_is_taken_off_the_week_in_which_it_was_ordered():
    order = OrderFactory(sent=True, lines={"SKRIFTEN": 5}, at=NOON - timedelta(weeks=3))
    withdrawn_from(order, 2)
    weeks = of("SKRIFTEN").sold
    assert [(week.copies, week.back_copies) for week in weeks[-4:]] == [(5, 2), (0, 0), (0, 0), (0, 0)]


def test_the_page_tells_sold_back_and_net_in_words_drawing_and_table():
    order = OrderFactory(sent=True, lines={"SKRIFTEN": 5})
    withdrawn_from(order, 2)
    html = page("Ekonom").replace("\N{NO-BREAK SPACE}", " ")
    assert "Sålt 5 ex på ett år, åter 2 ex, netto 3 ex. Bästa veckan var v. 48 2026 med 3 ex netto." in html
    assert "Sålt 275,00 kr på ett år, åter 110,00 kr, netto 165,00 kr." in html
    assert html.count('<rect class="is-back"') == 2
    row = html.partition('<th scope="row">v. 48 2026</th>')[2].partition("</tr>")[0]
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", row)
    assert cells[:6] == ["275,00 kr", "110,00 kr", "165,00 kr", "5", "2", "3"]


def test_the_shelf_at_each_weeks_end_is_what_the_ledger_adds_up_to():
    product = ProductFactory.create(sku="A", on_hand=0)
    for weeks, copies in ((3, 100), (1, 40)):
        stock.count_in(
            {product.pk: copies}, cause=f"leverans {weeks}", actor="t", at=NOON - timedelta(weeks=weeks)
        )
    stock.write_off({product.pk: 30}, cause="vatten", actor="t", at=NOON)
    balances = of("A").stock
    assert balances is not None
    assert balances[-5:] == [0, 100, 100, 140, 110]


def test_a_product_that_nobody_counts_has_no_shelf_and_one_that_is_gone_still_has_its_sales():
    made = ProductFactory.create(sku="A", counted=False, on_hand=0)
    assert of("A").stock is None
    OrderFactory(paid=True, lines={"B": 2})
    type(made).objects.update(active=False)
    assert [ware.product.sku for ware in wares(TODAY)] == ["B"]


# --- How it is drawn -------------------------------------------------------------------------------
def chart(*values: int, kind: str = "bars") -> Chart:
    return Chart(
        "x",
        "Titel",
        "Ord",
        [Point(f"v. {place}", value, f"{value} ex") for place, value in enumerate(values)],
        kind,
    )


def test_the_highest_week_fills_the_drawing_and_the_last_is_marked_as_going_on():
    bars = chart(5, 10, 0, 1).bars
    assert [(bar.x, bar.y, bar.height) for bar in bars] == [
        (1, 50, 50),
        (11, 0, 100),
        (21, 100, 0),
        (31, 90, 10),
    ]
    assert [bar.is_last for bar in bars] == [False, False, False, True]
    assert bars[1].title == "v. 1: 10 ex"


def test_steps_go_along_each_week_and_an_empty_year_is_a_line_at_the_foot():
    assert chart(10, 5, kind="steps").outline == "M0 0.0V0.0h10V50.0h10"
    assert chart(0, 0, kind="steps").outline == "M0 100.0V100.0h10V100.0h10"


def test_each_drawing_has_a_title_a_description_and_its_figures_in_the_table_below():
    OrderFactory(paid=True, lines={"SKRIFTEN": 1_200})
    html = page("Ekonom")
    drawings = re.findall(r'<svg[^>]*role="img" aria-labelledby="(\S+) (\S+)"', html)
    assert len(drawings) == 3
    for title, words in drawings:
        assert f'<title id="{title}">' in html
        assert f'<desc id="{words}">' in html
    assert "Bästa veckan var v. 48 2026 med 1\N{NO-BREAK SPACE}200 ex netto." in html
    row = html.partition('<th scope="row">v. 48 2026</th>')[2].partition("</tr>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row) == [
        "46\N{NO-BREAK SPACE}800,00\N{NO-BREAK SPACE}kr",
        "0,00\N{NO-BREAK SPACE}kr",
        "46\N{NO-BREAK SPACE}800,00\N{NO-BREAK SPACE}kr",
        "1\N{NO-BREAK SPACE}200",
        "0",
        "1\N{NO-BREAK SPACE}200",
        "12\N{NO-BREAK SPACE}000",
    ]
    assert html.count('<th scope="row">v. ') == 52


# --- Who sees it, and what it costs ----------------------------------------------------------------
@pytest.mark.parametrize(("role", "sees_sales"), [("Packare", False), ("Ekonom", True), ("Ägare", True)])
def test_a_packer_sees_the_shelves_and_no_sales(role, sees_sales):
    OrderFactory(paid=True)
    html = page(role)
    assert "På hyllan vid veckans slut" in html
    assert re.search("Som mest fanns .* vid en veckas slut", html)
    assert ("Sålda exemplar per vecka" in html) == sees_sales
    assert ("55,00" in html) == sees_sales


def test_markup_in_a_products_name_is_text():
    ProductFactory.create(name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page("Ägare")


def test_the_page_costs_the_same_for_one_order_and_for_twelve(django_assert_num_queries):
    client: Any = in_role("Ägare")
    OrderFactory(paid=True)
    client.get(PAGE)
    with django_assert_num_queries(15, exact=False) as few:
        client.get(PAGE)
    with mock.patch("notifications.outbox.send_message"):
        for number in range(11):
            OrderFactory(paid=True, lines={f"V-{number % 5}": 1}, at=NOON - timedelta(weeks=5 * number))
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(PAGE)
