"""What becomes of a notice of withdrawal: sums to the öre, moves with who and why, letters once."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from notifications.mail import build
from notifications.models import Message
from orders import operations, withdrawal_sums
from orders.models import HistoryLine, Order, Shipment, Withdrawal
from orders.operations.refunding import book_refund, locked_refund
from orders.states import NOTICE, Notice, WrongState
from shop.models import FreightPrice, StockLevel
from shop.money import Money
from tests.factories import NOON, FreightFactory, OrderFactory

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=3)
SENT = ("pack", "send")
BOTH = {"SKRIFTEN": 3, "DET-GODA-VARDSKAPET": 1}


@pytest.fixture(autouse=True)
def freight():
    """49 kr up to 2 kg, free from 500 kr."""
    FreightFactory()


def withdrawn(order: Order, rows: str = "", **stated: str) -> Withdrawal:
    facts = {"name": order.name, "order_number": str(order.number), "email": order.email, "rows": rows}
    return operations.withdraw(operations.Statement(**{**facts, **stated}), now=NOON)


def all_copies(order: Order) -> dict[int, int]:
    return {line.pk: line.quantity for line in order.lines.all()}


def copies(order: Order, **numbers: int) -> dict[int, int]:
    """`copies(order, SKRIFTEN=2)`"""
    wanted = {sku.replace("_", "-"): number for sku, number in numbers.items()}
    return {line.pk: wanted[line.sku] for line in order.lines.all() if line.sku in wanted}


def refund(notice: Withdrawal, wanted: dict[int, int], **more: Any) -> Any:
    return operations.refund_withdrawal(notice.pk, wanted, actor="eva", now=LATER, **more)


def planned(order: Order) -> list[int]:
    return [row.amount_ore for row in order.refunds.all()]


def letters(order: Order) -> list[str]:
    found = Message.objects.filter(about=order.number).order_by("pk").values_list("letter", flat=True)
    return [letter for letter in found if letter not in {"order-confirmation", "sent"}]


def reserved(sku: str = "SKRIFTEN") -> int:
    return StockLevel.objects.get(product__sku=sku).reserved


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


@pytest.mark.parametrize(("name", "greeted"), [("Ina Jönsson", "Hej Ina,"), ("Olle", "Hej Olle,")])
def test_the_answer_greets_by_the_first_name_as_letters_of_the_order_do(name, greeted):
    order = OrderFactory(goes=SENT, pays=True)
    refund(withdrawn(order, name=name), all_copies(order))
    (letter,) = Message.objects.filter(letter="withdrawal-refunded")
    assert greeted in str(build(letter).body)


# --- Sums -----------------------------------------------------------------------------------------
def test_the_whole_order_gives_back_its_price_and_the_freight():
    order = OrderFactory(lines=BOTH, goes=SENT, pays=True)
    notice = withdrawn(order)
    assert refund(notice, all_copies(order)).total == Money(3 * 55_00 + 249_00 + 49_00)
    assert planned(order) == [46_300]
    assert fresh(notice).state == Notice.REFUNDED
    assert fresh(notice).refund == Money(46_300)


def test_a_part_gives_back_its_rows_only():
    order = OrderFactory(lines=BOTH, goes=SENT, pays=True)
    assert refund(withdrawn(order), copies(order, SKRIFTEN=2)).total == Money(110_00)
    assert planned(order) == [110_00]


def test_two_notices_that_together_take_all_bring_the_freight_with_the_second():
    order = OrderFactory(lines=BOTH, goes=SENT, pays=True)
    refund(withdrawn(order, "2 × Skriften"), copies(order, SKRIFTEN=2))
    second = refund(withdrawn(order, "resten"), all_copies(order))
    assert [(row.quantity, row.gross.ore) for row in second.rows] == [(1, 55_00), (1, 249_00)]
    assert second.freight == Money(49_00)
    assert sum(planned(order)) == order.total.ore


def test_shares_of_a_row_add_up_to_the_row_however_it_is_cut():
    order = OrderFactory(lines={"SKRIFTEN": 3}, goes=SENT, pays=True)
    order.lines.update(gross_ore=100_00)
    parts = [
        refund(withdrawn(order, f"del {place}"), copies(order, SKRIFTEN=1)).goods.ore for place in range(3)
    ]
    assert parts == [33_33, 33_33, 33_34]


def test_who_chose_a_dearer_way_gets_the_price_of_the_cheapest_that_was_offered():
    FreightFactory(code="ombud", name="Till ombud", prices={2_000: 29_00}, sort_order=5)
    order = OrderFactory(goes=SENT, pays=True)
    assert order.freight == Money(49_00)
    assert refund(withdrawn(order), all_copies(order)).freight == Money(29_00)


def test_a_way_that_had_no_prices_then_was_not_offered():
    method = FreightFactory(code="ombud", name="Till ombud", prices={2_000: 0}, sort_order=5)
    FreightPrice.objects.filter(method=method).update(valid_from="2026-12-24")
    order = OrderFactory(goes=SENT, pays=True)
    assert withdrawal_sums.cheapest_freight(order) == Money(49_00)


def test_never_more_freight_than_was_paid():
    order = OrderFactory(goes=SENT, pays=True)
    Order.objects.filter(pk=order.pk).update(freight_ore=10_00)
    assert withdrawal_sums.cheapest_freight(fresh(order)) == Money(10_00)


def test_a_deduction_for_use_is_taken_off_and_its_reason_reaches_the_buyer():
    order = OrderFactory(goes=SENT, pays=True)
    refund(withdrawn(order), all_copies(order), deduction=Money(20_00), reason="Anteckningar i marginalen.")
    assert planned(order) == [104_00 - 20_00]
    facts = Message.objects.get(letter="withdrawal-refunded").context
    assert facts["reason"] == "Anteckningar i marginalen."
    assert (facts["total"], facts["deduction"]) == (Money(84_00).exact(), Money(-20_00).exact())


def test_a_deduction_larger_than_the_goods_is_refused_without_a_trace():
    order = OrderFactory(goes=SENT, pays=True)
    notice = withdrawn(order)
    with pytest.raises(operations.TooMuchOff):
        refund(notice, all_copies(order), deduction=Money(55_01), reason="x")
    assert (planned(order), fresh(notice).state) == ([], Notice.RECEIVED)


def test_never_more_goes_back_than_we_hold_and_the_letter_says_so():
    order = OrderFactory(goes=SENT, pays=True)
    operations.plan_refund(
        operations.lock(order.pk), key="hand", amount=Money(100_00), reason="x", actor="eva", now=NOON
    )
    refund(withdrawn(order), all_copies(order))
    assert planned(order) == [100_00, 4_00]
    facts = Message.objects.get(letter="withdrawal-refunded").context
    assert (facts["total"], facts["earlier"]) == (Money(4_00).exact(), Money(-100_00).exact())


# --- Before anything has left -----------------------------------------------------------------------
def test_an_order_that_has_not_left_is_called_off_and_all_its_money_goes_back():
    FreightFactory(code="ombud", name="Till ombud", prices={2_000: 29_00}, sort_order=5)
    order = OrderFactory(pays=True)
    notice = withdrawn(order)
    refund(notice, all_copies(order))
    order = fresh(order)
    assert (order.state, planned(order), reserved()) == ("cancelled", [104_00], 0)
    assert letters(order) == ["withdrawal-receipt", "withdrawal-refunded"]


def test_rows_that_have_not_left_are_struck_and_the_rest_may_still_be_packed():
    order = OrderFactory(lines=BOTH, pays=True)
    refund(withdrawn(order), copies(order, SKRIFTEN=2))
    order = fresh(order)
    assert (order.state, planned(order), reserved()) == ("confirmed", [110_00], 1)
    money_has_gone(order)
    assert fresh(order).may_be_packed
    assert Order.objects.may_be_packed().filter(pk=order.pk).exists()
    parcel = order.shipments.get(state="planned")
    assert {row.line.sku: row.quantity for row in parcel.lines.all()} == {
        "SKRIFTEN": 1,
        "DET-GODA-VARDSKAPET": 1,
    }


def money_has_gone(order: Order) -> None:
    for row in order.refunds.all():
        book_refund(locked_refund(row.pk), reference=f"re_{row.pk}", actor="Stripe", now=LATER)


def test_rows_in_a_packed_parcel_must_be_unpacked_first():
    order = OrderFactory(lines=BOTH, pays=True, goes=("pack",))
    notice = withdrawn(order)
    with pytest.raises(operations.StillPacked):
        refund(notice, copies(order, SKRIFTEN=2))
    assert (planned(order), fresh(notice).state, fresh(order).withdrawn_ore) == ([], Notice.RECEIVED, 0)


# --- Moves ------------------------------------------------------------------------------------------
def test_waiting_for_goods_writes_once_where_to_send_them_and_until_when():
    order = OrderFactory(goes=SENT, pays=True)
    notice = withdrawn(order)
    for again in (True, False):
        assert operations.await_goods(notice.pk, actor="eva", now=LATER) is again
    assert letters(order) == ["withdrawal-receipt", "withdrawal-goods-awaited"]
    facts = Message.objects.get(letter="withdrawal-goods-awaited").context
    assert facts["send_by"] == "7 december 2026"
    assert order.history.filter(machine="withdrawal", new="awaited", actor="eva").count() == 1


def test_there_is_nothing_to_wait_for_while_nothing_has_left():
    notice = withdrawn(OrderFactory(pays=True))
    with pytest.raises(operations.NothingSent):
        operations.await_goods(notice.pk, actor="eva", now=LATER)


def test_goods_that_come_back_change_the_shelf_and_start_the_clock():
    order = OrderFactory(lines={"SKRIFTEN": 3}, goes=SENT, pays=True)
    notice = withdrawn(order)
    operations.await_goods(notice.pk, actor="eva", now=LATER)
    before = StockLevel.objects.get(product__sku="SKRIFTEN").on_hand
    operations.goods_back(
        notice.pk,
        order.shipments.get().pk,
        restock=copies(order, SKRIFTEN=2),
        write_off=copies(order, SKRIFTEN=1),
        actor="maja",
        now=LATER,
    )
    notice = fresh(notice)
    assert StockLevel.objects.get(product__sku="SKRIFTEN").on_hand == before + 2
    assert (notice.goods_at, notice.waits_for_goods) == (LATER, False)
    assert list(Withdrawal.objects.waiting()) == [notice]


def test_another_orders_parcel_does_not_come_back_with_this_notice():
    mine, other = OrderFactory(goes=SENT, pays=True), OrderFactory(goes=SENT, pays=True)
    notice = withdrawn(mine)
    with pytest.raises(Shipment.DoesNotExist):
        operations.goods_back(
            notice.pk,
            other.shipments.get().pk,
            restock=all_copies(other),
            write_off={},
            actor="maja",
            now=LATER,
        )
    assert other.shipments.get().state == "sent"


def test_proof_that_the_goods_are_sent_is_enough():
    order = OrderFactory(goes=SENT, pays=True)
    notice = withdrawn(order)
    operations.await_goods(notice.pk, actor="eva", now=LATER)
    for again in (True, False):
        assert operations.goods_proven(notice.pk, actor="maja", now=LATER) is again
    assert fresh(notice).refund_due == fresh(notice).received_on + timedelta(days=14)


def test_a_refusal_names_its_reason_and_arn_to_consumers_only():
    order, firm = OrderFactory(goes=SENT, pays=True), OrderFactory(on_invoice=True)
    for one in (order, firm):
        assert operations.refuse_withdrawal(withdrawn(one).pk, "För sent.", actor="eva", now=LATER)
    facts = {row.about: row.context for row in Message.objects.filter(letter="withdrawal-refused")}
    assert (facts[order.number]["reason"], facts[order.number]["is_consumer"]) == ("För sent.", True)
    assert not facts[firm.number]["is_consumer"]


def test_a_refused_notice_can_be_judged_anew_and_gets_a_letter_anew():
    order = OrderFactory(goes=SENT, pays=True)
    notice = withdrawn(order)
    operations.refuse_withdrawal(notice.pk, "För sent.", actor="eva", now=LATER)
    operations.judge_anew(notice.pk, actor="eva", now=LATER)
    operations.refuse_withdrawal(notice.pk, "Ändå.", actor="eva", now=LATER + timedelta(minutes=1))
    assert letters(order).count("withdrawal-refused") == 2
    moves = order.history.filter(machine="withdrawal").values_list("old", "new")
    assert list(moves) == [
        ("", "received"), ("received", "refused"), ("refused", "received"), ("received", "refused"),
    ]  # fmt: skip


def test_what_is_set_aside_gets_no_letter():
    notice = operations.withdraw(operations.Statement("X", "VS-0", "x@example.com"), now=NOON)
    operations.set_aside(notice.pk, "Finns inte.", actor="eva", now=LATER)
    assert Message.objects.filter(key__startswith=notice.key).count() == 1  # its receipt
    assert (fresh(notice).state, fresh(notice).decided_by) == (Notice.SET_ASIDE, "eva")


def test_a_notice_of_no_known_order_is_tied_and_a_wrong_tie_moved():
    wrong, right = OrderFactory(pays=True), OrderFactory(pays=True)
    notice = operations.withdraw(operations.Statement("Karin", "skriften", "k@example.com"), now=NOON)
    for order in (wrong, right, right):
        operations.tie(notice.pk, str(order.number), actor="eva", now=LATER)
    assert fresh(notice).order == right
    told = [(line.order_id, line.new) for line in _history("withdrawal")]
    assert told == [(wrong.pk, "tied"), (wrong.pk, "untied"), (right.pk, "tied")]


def _history(machine: str) -> list[HistoryLine]:
    return list(HistoryLine.objects.filter(machine=machine).order_by("pk"))


def test_a_notice_tied_to_no_order_gives_nothing_back():
    notice = operations.withdraw(operations.Statement("Karin", "skriften", "k@example.com"), now=NOON)
    with pytest.raises(operations.NoOrder):
        refund(notice, {})


def test_the_money_goes_back_once_however_often_the_button_is_pressed():
    order = OrderFactory(goes=SENT, pays=True)
    notice = withdrawn(order)
    assert refund(notice, all_copies(order)) is not None
    assert refund(notice, all_copies(order)) is None
    assert planned(order) == [104_00]
    assert letters(order) == ["withdrawal-receipt", "withdrawal-refunded"]


ACTS = {
    Notice.AWAITED: lambda notice: operations.await_goods(notice.pk, actor="eva", now=LATER),
    Notice.REFUNDED: lambda notice: refund(notice, all_copies(notice.order)),
    Notice.REFUSED: lambda notice: operations.refuse_withdrawal(notice.pk, "x", actor="eva", now=LATER),
    Notice.SET_ASIDE: lambda notice: operations.set_aside(notice.pk, "x", actor="eva", now=LATER),
    Notice.RECEIVED: lambda notice: operations.judge_anew(notice.pk, actor="eva", now=LATER),
}


@pytest.mark.parametrize(("old", "new"), list(itertools.permutations(Notice.values, 2)))
def test_every_operation_keeps_to_the_table_of_moves(old, new):
    order = OrderFactory(goes=SENT, pays=True)
    notice = withdrawn(order)
    Withdrawal.objects.filter(pk=notice.pk).update(state=old)
    if new in NOTICE[Notice(old)]:
        ACTS[Notice(new)](notice)
        assert fresh(notice).state == new
        return
    with pytest.raises(WrongState):
        ACTS[Notice(new)](notice)
    assert (fresh(notice).state, planned(order), letters(order)) == (old, [], ["withdrawal-receipt"])


def test_the_letter_about_the_sum_is_the_only_one_about_that_money():
    order = OrderFactory(goes=SENT, pays=True)
    refund(withdrawn(order), all_copies(order))
    money_has_gone(order)
    assert letters(order) == ["withdrawal-receipt", "withdrawal-refunded"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("", {"SKRIFTEN": 3, "DET-GODA-VARDSKAPET": 1}),
        ("2 × Skriften om värdskap", {"SKRIFTEN": 2}),
        ("2 st skriften om värdskap\n1 x Det goda värdskapet", {"SKRIFTEN": 2, "DET-GODA-VARDSKAPET": 1}),
        ("99 × Skriften om värdskap", {"SKRIFTEN": 3}),
        ("boken", {}),
    ],
)
def test_the_proposal_reads_what_the_notice_names(rows, found):
    order = OrderFactory(lines=BOTH, goes=SENT, pays=True)
    stated = withdrawal_sums.stated_copies(withdrawn(order, rows), order)
    skus = {line.pk: line.sku for line in order.lines.all()}
    assert {skus[pk]: number for pk, number in stated.items()} == found
