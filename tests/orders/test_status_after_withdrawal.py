"""What the order's own page says of goods and money after a withdrawal is true in every state."""

from __future__ import annotations

import pytest
from django.test import Client

from notifications.mail import build
from notifications.models import Message
from orders import operations, receipts
from orders.models import Order, Refund, Withdrawal
from orders.operations import Answer
from orders.states import RefundState
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory, pay
from tests.shopping import sums, text
from tests.staff import in_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    CompanyFactory()
    FreightFactory()


def page_of(order: Order):
    return Client().get(f"/order/{order.key}/")


def withdraw(order: Order, copies: int = 0) -> Withdrawal:
    """A notice, and so many copies of the only row paid back for it."""
    stated = operations.Statement(order.name, str(order.number), order.email)
    notice = operations.withdraw(stated, now=NOON)
    if copies:
        line = order.lines.get()
        operations.refund_withdrawal(notice.pk, {line.pk: copies}, actor="eva", now=NOON)
    return notice


def come_back(order: Order) -> None:
    line = order.lines.get()
    operations.take_back(
        order.shipments.get().pk, restock={line.pk: line.quantity}, write_off={}, actor="maja", now=NOON
    )


def test_proof_of_sending_is_thanked_for_as_proof_and_goods_as_goods():
    order = OrderFactory(sent=True)
    notice = withdraw(order)
    operations.await_goods(notice.pk, actor="eva", now=NOON)
    operations.goods_proven(notice.pk, actor="maja", now=NOON)
    assert "Tack, vi ser att varorna är skickade" in text(page_of(order))
    come_back(order)
    assert "Tack, varorna är här" in text(page_of(order))


def test_goods_that_are_all_back_are_not_told_to_have_come_to_the_buyer():
    order = OrderFactory(on_invoice=True, goes=("pack", "send"))
    come_back(order)
    shown = text(page_of(order))
    assert "Varorna är åter hos oss." in shown
    assert "Beställningen är framme." not in shown


def test_an_unpaid_part_that_is_withdrawn_is_no_longer_asked_for():
    order = OrderFactory(lines={"SKRIFTEN": 2}, on_invoice=True, goes=("pack", "send"))
    withdraw(order, 1)
    shown = sums(page_of(order))
    assert (shown["Summa"], shown["Ångrat"]) == ("159,00 kr", "−55,00 kr")
    assert shown["Kvar att betala"] == "104,00 kr"
    assert "Att betala" not in shown
    pay(order, ore=104_00)
    answer = page_of(order)
    assert sums(answer)["Betalt"] == "104,00 kr"
    assert "Kvar att betala" not in sums(answer)
    assert "Faktura skickas" not in text(answer)


def test_an_order_that_is_smaller_now_and_still_here_says_that_it_is_changed():
    order = OrderFactory(lines={"SKRIFTEN": 2}, on_invoice=True)
    withdraw(order, 1)
    assert "Beställningen är ändrad. Så här ser den ut nu." in text(page_of(order))
    assert "Beställningen är mottagen" not in text(page_of(order))


def test_nothing_is_to_be_paid_or_invoiced_when_all_of_an_unpaid_order_is_withdrawn():
    order = OrderFactory(on_invoice=True, goes=("pack", "send"))
    withdraw(order, 1)
    shown = text(page_of(order))
    assert "Inget att betala" in shown
    assert "Faktura skickas" not in shown
    assert "Kvar att betala" not in shown


def test_who_has_goods_is_told_on_the_spot_to_send_them():
    order = OrderFactory(sent=True)
    stated = {"name": order.name, "order_number": order.number, "email": order.email}
    answer = Client().post("/angra/bekrafta/", stated)
    assert "ska du skicka dem till oss inom 14 dagar" in text(answer)


# --- The money is told where it is ------------------------------------------------------------------
def answered(refund: Refund, state: str) -> None:
    """What the payment service says of a refund that it has been asked for."""
    refund.refresh_from_db()
    if refund.state == RefundState.PLANNED:
        Refund.objects.filter(pk=refund.pk).update(state=RefundState.REQUESTED)
    answer = Answer(f"re_{refund.pk}", RefundState(state), "closed" if state == "failed" else "")
    operations.answer_refund(refund.pk, answer, actor="Stripe", now=NOON)


def told(staff: Client, order: Order, notice: Withdrawal) -> dict[str, str]:
    """What the buyer's page, the staff's three and the receipt say of it."""
    return {
        "buyer": text(page_of(order)),
        "notice": text(staff.get(f"/admin/bestallningar/angrade/{notice.pk}/")),
        "list": text(staff.get("/admin/bestallningar/angrade/rader/")),
        "order": text(staff.get(f"/admin/bestallningar/{order.number}/")),
        "receipt": str(receipts.facts(order, list(order.payments.all()))["payments"]),
    }


MONEY = {
    "": "Pengarna är på väg till dig.",
    "pending": "Pengarna är på väg till dig.",
    "succeeded": "Pengarna är återbetalda.",
    "failed": "Banken tog inte emot pengarna.",
}
WORDS = {
    "": "Godtagen, pengar på väg",
    "pending": "Godtagen, pengar på väg",
    "succeeded": "Återbetald",
    "failed": "Godtagen, pengarna kom inte fram",
}


@pytest.mark.parametrize("states", [[""], ["pending"], ["pending", "succeeded"], ["succeeded", "failed"]])
def test_nothing_says_that_money_is_back_before_it_is_nor_after_it_bounced(states):
    order = OrderFactory(sent=True, lines={"SKRIFTEN": 2})
    notice = withdraw(order, 1)
    for state in filter(None, states):
        answered(order.refunds.get(), state)
    pages, last = told(in_role("Ekonom"), order, notice), states[-1]
    assert MONEY[last] in pages["buyer"]
    for page in ("notice", "list", "order"):
        assert WORDS[last] in pages[page], page
    for page, shown in pages.items():
        now = shown.replace("→ Återbetald", "").replace("Återbetald →", "")  # but for the history
        is_back = "Återbetald" in now or "återbetalda" in now
        assert is_back == (last == "succeeded" and page != "receipt"), page
    assert ("Återbetalt" in pages["receipt"]) == ("succeeded" in states)
    assert ("Återbetalningen gick inte igenom" in pages["receipt"]) == (last == "failed")


def test_a_new_try_of_money_that_bounced_is_on_its_way_again():
    order = OrderFactory(sent=True)
    notice = withdraw(order, 1)
    answered(order.refunds.get(), "failed")
    operations.plan_again(order.refunds.get().pk, actor="eva", now=NOON, by_hand=True)
    assert Withdrawal.objects.get(pk=notice.pk).word == "Godtagen, pengar på väg"
    operations.refund_done(order.refunds.get(state="planned").pk, actor="eva", now=NOON)
    assert Withdrawal.objects.get(pk=notice.pk).word == "Återbetald"


def test_a_granted_notice_that_sends_no_money_is_granted_and_no_more():
    order = OrderFactory(on_invoice=True, goes=("pack", "send"))
    assert Withdrawal.objects.get(pk=withdraw(order, 1).pk).word == "Godtagen"


def test_the_letter_says_that_the_money_comes_and_not_that_it_came():
    order = OrderFactory(sent=True)
    withdraw(order, 1)
    words = str(build(Message.objects.get(letter="withdrawal-refunded")).body)
    assert "Pengarna kommer samma väg som du betalade." in words
    assert "återbetald" not in words.lower()
