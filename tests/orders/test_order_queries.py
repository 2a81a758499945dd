"""The words and the packing rule in SQL say what the order's own properties say."""

from __future__ import annotations

from itertools import cycle, product

import pytest
from django.db import connection
from django.db.models import Count

from orders.models import Method, Order, Payment, Shipment
from orders.staff.words import FulfilmentWord, PaymentWord
from orders.states import Agreement, Parcel
from tests.factories import NOON, OrderFactory

pytestmark = pytest.mark.django_db

TOTAL = 100_00
SUMS = (0, 40_00, TOTAL, 140_00)
BOUNCED = (0, 0, 40_00)
PARCELS = [(), *((state,) for state in Parcel), *product(Parcel, Parcel)]


def order(number: int, state: str, method: str) -> Order:
    return Order(
        number=f"VS-{number}",
        key=f"nyckel-{number}",
        checkout_key=f"kassa-{number}",
        state=state,
        method=method,
        placed_at=NOON,
        buyer="private",
        withdrawn_ore=(0, 0, 40_00)[number % 3],
        goods_ore=TOTAL - 9_00,
        freight_ore=9_00,
    )


def ledger(number: int, order: Order, kind: str, ore: int) -> list[Payment]:
    """The sum in one row, or in two, so that a doubled join would show."""
    parts = (ore,) if number % 7 < 3 else (ore // 4, ore - ore // 4)
    return [
        Payment(order=order, kind=kind, amount_ore=part, reference=f"{number}-{kind}-{part}", at=NOON)
        for part in parts
        if part
    ]


@pytest.fixture
def every_situation() -> None:
    """Each agreement × method × money paid × money refunded, with all pairs of parcels in turn."""
    situations = list(product(Agreement, (Method.CARD, Method.INVOICE), SUMS, SUMS))
    orders = Order.objects.bulk_create(
        order(number, state, method) for number, (state, method, _paid, _refunded) in enumerate(situations)
    )
    payments: list[Payment] = []
    for number, (_state, _method, paid, refunded) in enumerate(situations):
        payments += ledger(number, orders[number], "payment", paid)
        gone = ("refund", "chargeback")[number % 5 == 0]
        payments += ledger(number, orders[number], gone, refunded)
        back = ("reversal", "reinstated")[number % 5 == 0]
        payments += ledger(number, orders[number], back, min(refunded, BOUNCED[number % len(BOUNCED)]))
    Payment.objects.bulk_create(payments)
    Shipment.objects.bulk_create(
        Shipment(order=one, state=state)
        for one, states in zip(orders, cycle(PARCELS), strict=False)
        for state in states
    )


@pytest.mark.usefixtures("every_situation")
def test_the_words_in_sql_are_the_words_of_the_order():
    orders = list(Order.objects.all())
    for name in PaymentWord.values:
        found = set(Order.objects.paid_as(name).values_list("pk", flat=True))
        assert found == {one.pk for one in orders if one.payment_word == name}, name
    for name in FulfilmentWord.values:
        found = set(Order.objects.come_to(name).values_list("pk", flat=True))
        assert found == {one.pk for one in orders if one.fulfilment_word == name}, name


@pytest.mark.usefixtures("every_situation")
def test_every_word_occurs_so_that_the_comparison_says_something():
    orders = list(Order.objects.all())
    assert {one.payment_word for one in orders} == {
        "unpaid",
        "part-paid",
        "paid",
        "overpaid",
        "part-refunded",
        "refunded",
    }
    assert {one.fulfilment_word for one in orders} == {"none", "packed", "sent", "delivered", "returned"}


@pytest.mark.usefixtures("every_situation")
def test_each_word_comes_of_all_the_lines_in_the_ledger_that_can_give_it():
    lone = {one.payment_word for one in Order.objects.annotate(n=Count("payments")).filter(n=1)}
    several = {one.payment_word for one in Order.objects.annotate(n=Count("payments")).filter(n__gt=1)}
    assert lone == {"part-paid", "paid", "overpaid", "refunded"}
    assert several == {"unpaid", "part-paid", "paid", "overpaid", "part-refunded", "refunded"}


@pytest.mark.usefixtures("every_situation")
def test_the_packing_rule_in_sql_is_the_packing_rule_of_the_order():
    by_rule = {one.pk for one in Order.objects.all() if one.may_be_packed}
    assert set(Order.objects.may_be_packed().values_list("pk", flat=True)) == by_rule
    assert 0 < len(by_rule) < Order.objects.count()


@pytest.mark.usefixtures("every_situation")
@pytest.mark.parametrize(("queue", "state"), [("to_pack", Parcel.PLANNED), ("to_send", Parcel.PACKED)])
def test_the_queues_hold_each_parcel_once_that_may_be_packed_or_may_leave(queue, state):
    parcels = [row for one in Order.objects.all() if one.may_be_packed for row in one.shipments.all()]
    found = list(getattr(Shipment.objects, queue)().values_list("pk", flat=True))
    assert sorted(found) == sorted(row.pk for row in parcels if row.state == state)


# --- Search ---------------------------------------------------------------------------------------
def numbers(text: str) -> list[str]:
    return [str(one.number) for one in Order.objects.search(text)]


@pytest.mark.parametrize(
    "text",
    [
        "VS-2026",
        "karin",
        "KARIN EK",
        "kommun karin",
        "po-4711",
        "4410",
        "björkviks",
        "BJÖRKVIKS",
        "@bjorkvik",
    ],
)
def test_search_finds_the_order_by_any_of_its_names(text):
    sought = OrderFactory(on_invoice=True, purchase_order="PO-4711")
    OrderFactory(name="Olof Strand", email="olof@strand.example", city="Ystad")
    assert str(sought.number) in numbers(text)


def test_a_name_with_its_own_letters_is_found_in_any_case_on_every_database():
    sought = OrderFactory(name="Åsa Öberg")
    for text in ("åsa", "ÅSA", "Åsa öberg", "ÖBERG"):
        assert numbers(text) == [sought.number]


@pytest.mark.parametrize("text", ["\x00", "\x00\x00 \x00", " ", ""])
def test_searching_for_nothing_finds_everything(text):
    order = OrderFactory()
    assert numbers(text) == [order.number]


@pytest.mark.parametrize("text", ["_", "%", "\\", "'; --", "--", "%_\\'"])
def test_hostile_searches_are_words_like_any_other(text):
    OrderFactory(name="Karin Ek", email="karin@example.org")
    sought = OrderFactory(name="Bo %_\\'; -- Ek")
    assert numbers(text) == [sought.number]


@pytest.mark.parametrize("text", ["a" * 10_000, "%" * 300, "karin " + "a" * 255])
def test_a_word_longer_than_any_name_is_in_no_order(text):
    OrderFactory(name="Karin Ek", email="karin@example.org")
    assert numbers(text) == []


def test_words_beyond_those_that_a_database_can_take_are_passed_over():
    sought = OrderFactory(name="Karin Ek", email="karin@example.org")
    assert numbers("karin " * 10_000 + "zzz") == [sought.number]
    assert numbers("karin zzz") == []


@pytest.mark.parametrize(
    "text",
    ["00373500489530455512", "003735", "0037 3500 4895 3045 5512", "ub1234", "UB123456789SE", "karin ub1234"],
)
def test_search_finds_the_order_by_its_tracking_number_or_the_beginning_of_it(text):
    number = "00373500489530455512" if "37" in text else "UB123456789SE"
    sought = OrderFactory(sent=True, tracking_number=number)
    OrderFactory(sent=True, tracking_number="1Z999")
    OrderFactory(sent=True)
    assert numbers(text) == [sought.number]


@pytest.mark.parametrize("text", ["00373", "5512", "%37350", "_03735"])
def test_a_few_signs_or_the_end_of_a_tracking_number_find_nothing(text):
    OrderFactory(sent=True, tracking_number="00373500489530455512")
    assert numbers(text) == []


def test_an_order_of_two_tracked_parcels_is_found_once():
    order = OrderFactory(lines={"SKRIFTEN": 2}, sent=True, tracking_number="00373500489530455512")
    Shipment.objects.create(order=order, state="sent", tracking_number="00373500489530455529")
    assert numbers("0037350048") == [order.number]


def test_a_wildcard_is_a_letter():
    OrderFactory()
    assert numbers("%") == []


def test_an_organisation_number_is_no_search_word_since_a_sole_traders_is_personal():
    OrderFactory(on_invoice=True, organisation="Eks Snickeri", organisation_number="8507099805")
    assert numbers("8507099805") == []


def test_the_orders_of_an_inbox_are_found_by_its_own_index_however_it_is_written():
    sought = OrderFactory(email="Karin.Ek@Example.org")
    OrderFactory(email="karin@example.org")
    found = Order.objects.of_inbox("karin.ek@example.ORG")
    assert list(found) == [sought]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "order_email_upper" in found.order_by().explain()


# --- Masking ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "shown"),
    [("8507099805", "••••••-9805"), ("2129990004", "212999-0004"), ("5599990008", "559999-0008"), ("", "")],
)
def test_only_a_sole_traders_number_is_masked(number, shown):
    assert Order(organisation_number=number).masked_organisation_number == shown


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL compiles statements")
def test_the_database_compiles_no_statement():
    """What is estimated high by its subqueries is answered in less time than it takes to compile it."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
