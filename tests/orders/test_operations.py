"""What an order does to stock, money and letters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F, Sum

import shop.seed
from notifications.models import Message
from orders import operations
from orders.models import Order, Shipment
from orders.operations import Placement
from orders.states import WrongState
from shop import stock
from shop.basket import Basket, Row
from shop.models import Product, StockLevel, StockMovement
from shop.money import Money
from shop.pricing import price

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
DETAILS = {
    "email": "karin@bjorkvik.example",
    "phone": "+46701234567",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "53132",
    "city": "Björkvik",
}


@pytest.fixture(autouse=True)
def catalogue():
    shop.seed.run(now=NOON)


def basket(**quantities: int) -> Basket:
    rows = {sku.replace("_", "-"): Row(quantity, 0) for sku, quantity in quantities.items()}
    return Basket(rows, "key")


def place(key: str = "key", method: str = "card", buyer: str = "private", **quantities: int) -> Order:
    priced = price(basket(**(quantities or {"SKRIFTEN": 2})), today=NOON.date())
    placement = Placement(key, method, {**DETAILS, "buyer": buyer})
    return operations.place(placement, priced, now=NOON)[0]


def pay(order: Order, amount: int | None = None, reference: str = "pi_1", at: datetime = NOON) -> None:
    operations.record_money(
        order_pk=order.pk,
        amount=Money(order.total.ore if amount is None else amount),
        reference=reference,
        method="card",
        at=at,
        actor="Stripe",
        now=at,
    )


def parcel(order: Order) -> int:
    return order.shipments.get().pk


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def level(sku: str = "SKRIFTEN") -> tuple[int, int]:
    row = StockLevel.objects.get(product__sku=sku)
    return row.on_hand, row.reserved


def letters() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("letter", flat=True))


def test_placing_takes_stock_freezes_prices_and_waits_for_the_money():
    order = place(SKRIFTEN=30, DET_GODA_VARDSKAPET=1)
    Product.objects.filter(sku="SKRIFTEN").update(price_ore=99_00, name="Nytt namn")
    order = fresh(order)
    assert order.number == f"VS-2026-{order.pk:06}"
    assert (order.state, order.payment_word, order.fulfilment_word) == ("placed", "unpaid", "none")
    assert [(line.name, line.gross_ore) for line in order.lines.all()] == [
        ("Skriften om värdskap", 147_000),
        ("Det goda värdskapet", 24_900),
    ]
    assert order.vat_totals == [(6, Money(162_170), Money(9_730))]
    assert level() == (12_000, 30)
    assert letters() == []


def test_the_same_checkout_key_is_the_same_order():
    first, again = place(), place()
    assert first == again
    assert Order.objects.count() == 1
    assert level() == (12_000, 2)


def test_an_invoice_order_is_confirmed_at_once_and_may_be_packed():
    order = fresh(place(method="invoice", buyer="public"))
    assert (order.state, order.payment_word, order.may_be_packed) == ("confirmed", "unpaid", True)
    assert [invoice.state for invoice in order.invoices.all()] == ["planned"]
    assert letters() == ["order-confirmation"]


def test_a_paid_order_is_confirmed_once_however_often_the_money_is_reported():
    order = place()
    for _report in range(3):
        pay(order)
    order = fresh(order)
    assert (order.state, order.payment_word, order.may_be_packed) == ("confirmed", "paid", True)
    assert order.payments.count() == 1
    assert letters() == ["order-confirmation"]


def test_money_under_a_known_reference_with_another_sum_is_refused():
    order = place()
    pay(order)
    with pytest.raises(operations.WrongPayment):
        pay(order, amount=1)


def test_a_part_payment_confirms_nothing():
    order = place()
    pay(order, amount=100)
    order = fresh(order)
    assert (order.state, order.payment_word, order.may_be_packed) == ("placed", "part-paid", False)


def test_what_is_paid_too_much_becomes_a_refund_task():
    order = place()
    pay(order)
    pay(order, amount=5_000, reference="pi_2")
    order = fresh(order)
    assert order.payment_word == "overpaid"
    assert [task.amount_ore for task in order.refunds.all()] == [5_000]


def given_back(order: Order, ore: int) -> None:
    refund = operations.send_back(
        order.pk, key="avdrag", amount=Money(ore), reason="Sen leverans", actor="eva", now=NOON
    )
    assert refund
    operations.refund_done(refund.pk, actor="eva", now=NOON)


def test_who_got_some_back_and_then_pays_once_more_gets_all_of_the_second_payment_back():
    order = place(method="invoice", buyer="company")
    pay(order)
    given_back(order, 20_00)
    pay(order, reference="pi_2")
    assert [task.amount for task in order.refunds.filter(state="planned")] == [order.total]


def test_a_part_payment_that_went_back_is_not_reckoned_into_the_next():
    order = place()
    pay(order, 20_00)
    given_back(order, 20_00)
    pay(order, reference="pi_2")
    assert fresh(order).state == "confirmed"
    assert not order.refunds.filter(state="planned").exists()


def test_an_unpaid_order_lapses_and_gives_its_stock_back():
    order = place()
    assert not operations.lapse(order.pk, now=NOON + timedelta(minutes=29))
    assert operations.lapse(order.pk, now=NOON + timedelta(minutes=30))
    order = fresh(order)
    assert (order.state, [attempt.state for attempt in order.attempts.all()]) == ("cancelled", ["expired"])
    assert level() == (12_000, 0)
    assert not operations.lapse(order.pk, now=NOON + timedelta(minutes=31))


def test_a_paid_order_never_lapses():
    order = place()
    pay(order)
    assert not operations.lapse(order.pk, now=NOON + timedelta(days=1))


def test_money_that_comes_after_the_lapse_revives_the_order_while_the_goods_are_there():
    order = place()
    held = level()
    operations.lapse(order.pk, now=NOON + timedelta(minutes=30))
    pay(order, at=NOON + timedelta(minutes=31))
    order = fresh(order)
    assert (order.state, order.payment_word, order.may_be_packed) == ("confirmed", "paid", True)
    assert (level(), order.refunds.exists(), letters()) == (held, False, ["order-confirmation"])
    moves = [line.new for line in order.history.filter(machine="agreement")]
    assert moves == ["placed", "cancelled", "placed", "confirmed"]


def test_money_that_comes_after_the_goods_have_gone_is_kept_in_the_ledger_and_goes_back():
    order = place()
    operations.lapse(order.pk, now=NOON + timedelta(minutes=30))
    StockLevel.objects.update(reserved=F("on_hand"))
    pay(order)
    order = fresh(order)
    assert (order.state, order.payment_word, order.may_be_packed) == ("cancelled", "paid", False)
    assert [refund.amount_ore for refund in order.refunds.all()] == [order.total.ore]
    assert letters() == ["late-money"]
    assert Message.objects.get().context["why"] == "sold-out"


def test_a_part_of_the_money_after_the_lapse_goes_back():
    order = place()
    operations.lapse(order.pk, now=NOON + timedelta(minutes=30))
    pay(order, 10_00)
    assert (fresh(order).state, order.refunds.get().amount_ore) == ("cancelled", 10_00)
    assert Message.objects.get().context["why"] == "too-late"


@pytest.mark.parametrize("end", ["staff", "buyer"])
def test_an_order_that_somebody_called_off_is_not_revived_by_late_money(end):
    order = place()
    if end == "staff":
        operations.cancel(order.pk, actor="anna", cause="Köparen ringde", now=NOON)
    else:
        operations.abandon(order.pk, now=NOON)
    pay(order)
    assert (fresh(order).state, order.refunds.get().amount_ore) == ("cancelled", order.total.ore)
    assert (level()[1], Message.objects.get().context["why"]) == (0, "cancelled")


def test_a_revived_order_can_be_called_off_again_and_gives_all_back_once():
    order = place()
    operations.lapse(order.pk, now=NOON + timedelta(minutes=30))
    pay(order)
    for _click in range(2):
        operations.cancel(order.pk, actor="anna", cause="Köparen ringde", now=NOON)
    assert (fresh(order).state, level()[1]) == ("cancelled", 0)
    assert order.refunds.get().amount_ore == order.total.ore


def test_a_cancelled_order_gives_back_stock_once_and_plans_the_refund():
    order = place()
    pay(order)
    for _again in range(2):
        operations.cancel(order.pk, actor="anna", cause="Köparen ringde", now=NOON)
    order = fresh(order)
    assert level() == (12_000, 0)
    assert [task.amount_ore for task in order.refunds.all()] == [order.total.ore]
    assert not order.may_be_packed


@pytest.mark.parametrize(("back", "goes"), [(5_00, True), (None, False)])
def test_a_part_given_back_stops_no_parcel_but_all_of_it_does(back, goes):
    order = place()
    pay(order)
    refund = operations.send_back(
        order.pk,
        key="prisavdrag",
        amount=Money(back or order.total.ore),
        reason="Sen leverans",
        actor="eva",
        now=NOON,
    )
    assert refund
    operations.refund_done(refund.pk, actor="eva", now=NOON)
    assert fresh(order).may_be_packed is goes
    assert Shipment.objects.to_pack().filter(order=order).exists() is goes


def test_a_sent_order_cannot_be_cancelled():
    order = place(method="invoice", buyer="company")
    operations.pack(parcel(order), actor="anna", now=NOON)
    operations.send(parcel(order), tracking_number="", actor="anna", now=NOON)
    with pytest.raises(WrongState):
        operations.cancel(order.pk, actor="anna", cause="för sent", now=NOON)
    assert fresh(order).state == "confirmed"


def test_an_unpaid_card_order_cannot_be_packed():
    order = place()
    assert not order.shipments.exists()
    pay(order, amount=100)
    assert not order.shipments.exists()


def test_a_parcel_that_leaves_takes_its_copies_along_and_tells_the_buyer_once():
    order = place(method="invoice", buyer="company")
    operations.pack(parcel(order), actor="anna", now=NOON)
    operations.send(parcel(order), tracking_number="0037", actor="anna", now=NOON)
    operations.send(parcel(order), tracking_number="0037", actor="anna", now=NOON)
    with pytest.raises(WrongState):
        operations.send(parcel(order), tracking_number="another", actor="anna", now=NOON)
    assert level() == (11_998, 0)
    assert fresh(order).fulfilment_word == "sent"
    assert letters() == ["order-confirmation", "sent"]
    assert Message.objects.get(letter="sent").context["tracking_number"] == "0037"


def test_more_copies_than_there_are_leave_no_trace():
    before = list(StockMovement.objects.values_list("pk", flat=True))
    with pytest.raises(stock.SoldOut) as refusal:
        place(DET_GODA_VARDSKAPET=801, SKRIFTEN=1)
    [shortage] = refusal.value.shortages
    assert (shortage.product.sku, shortage.wanted, shortage.available) == ("DET-GODA-VARDSKAPET", 801, 800)
    assert Order.objects.count() == 0
    assert list(StockMovement.objects.values_list("pk", flat=True)) == before


def test_a_counted_product_that_nobody_counted_in_cannot_be_sold():
    StockLevel.objects.filter(product__sku="SKRIFTEN").delete()
    with pytest.raises(stock.SoldOut):
        place(SKRIFTEN=1)


def test_a_product_made_to_order_takes_no_stock():
    Product.objects.filter(sku="SKRIFTEN").update(counted=False)
    place(SKRIFTEN=5_000)
    assert level() == (12_000, 0)


def test_the_balance_is_what_the_ledger_adds_up_to():
    kept, lapsed = place("a", SKRIFTEN=3), place("b", SKRIFTEN=4)
    pay(kept)
    operations.lapse(lapsed.pk, now=NOON + timedelta(hours=1))
    operations.pack(parcel(kept), actor="anna", now=NOON)
    operations.send(parcel(kept), tracking_number="", actor="anna", now=NOON)
    sums = StockMovement.objects.filter(product__sku="SKRIFTEN").aggregate(
        Sum("on_hand_delta"), Sum("reserved_delta")
    )
    assert tuple(sums.values()) == level() == (11_997, 0)


def test_the_history_tells_every_move_with_who_and_why():
    order = place()
    pay(order)
    lines = [(line.machine, line.new, line.actor) for line in order.history.all()]
    assert lines == [
        ("agreement", "placed", "köparen"),
        ("payment", "booked", "Stripe"),
        ("agreement", "confirmed", "Stripe"),
    ]
