"""The money box: send back, try again, strike out, mail a link to pay by, and answer for differences."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from notifications.models import Message
from orders import operations
from orders.models import Difference, Dispute, Order, Refund
from orders.operations import Answer
from orders.payments import practice_gateway, sweep
from orders.payments.begin import begin
from orders.payments.settle import settle_order
from orders.states import RefundState
from tests.factories import NOON, OrderFactory
from tests.staff import ORDER_DESK, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def staff():
    return logged_in(*ORDER_DESK)


def address(order: Order, *path: object) -> str:
    return f"/admin/pengar/{order.number}/" + "".join(f"{part}/" for part in path)


def page(client, order: Order) -> str:
    return str(client.get(f"/admin/bestallningar/{order.number}/").content.decode())


def press(client, order: Order, *path: object, **fields: str) -> str:
    """Press a button; the page that follows, in plain spaces."""
    answer = client.post(address(order, *path), fields, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\xa0", " ")


def practised(**facts) -> Order:
    """An order paid by the practice payment."""
    order = OrderFactory(**facts)
    begin(order, now=NOON)
    practice_gateway.pay(order.attempts.get().session_id)
    return settle_order(order, now=NOON)


def key_of(html: str) -> str:
    match = re.search(r'name="key" value="([^"]+)"', html)
    assert match
    return match[1]


def send_back(order: Order, key: str) -> Refund:
    """Plan to send back what one copy costs."""
    amount = order.lines.get().unit_price
    refund = operations.send_back(order.pk, key=key, amount=amount, reason="Prov", actor="maja", now=NOON)
    assert refund is not None
    return refund


# --- Sending back -------------------------------------------------------------------------------
def test_a_part_is_sent_back_once_however_often_the_button_is_pressed(staff):
    order = practised()
    key = key_of(page(staff, order))
    for _click in range(2):
        told = press(staff, order, "betala-tillbaka", amount="20", reason="Skadad i frakten", key=key)
    assert "redan upplagd" in told
    sweep.send_refunds(now=NOON)
    assert [(row.amount_ore, row.state, row.actor) for row in order.refunds.all()] == [
        (20_00, "succeeded", "maja")
    ]
    assert Order.objects.get(pk=order.pk).payment_word == "part-refunded"
    letter = Message.objects.get(letter="refund")
    assert (letter.context["way"], letter.context["is_whole"]) == ("card", False)


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("55,01", "Högst 55,00 kr kan betalas tillbaka."),
        ("0", "Beloppet ska vara större än noll."),
        ("", "Skriv beloppet som ska betalas tillbaka."),
        ("-5", "Skriv ett belopp i kronor"),
        ("9" * 300, "kr"),
        ("1e9", "Skriv ett belopp i kronor"),
        ("20\x00", "kr"),
    ],
)
def test_a_sum_that_cannot_be_sent_is_said_and_what_was_typed_is_kept(staff, amount, says):
    order = practised()
    told = press(staff, order, "betala-tillbaka", amount=amount, reason="Min förklaring", key="k")
    assert says in told
    assert 'value="Min förklaring"' in told
    assert not order.refunds.exists()


def test_two_members_of_staff_at_once_send_no_more_than_there_is(staff):
    order = practised()
    press(staff, order, "betala-tillbaka", amount="40", reason="Ett", key="a")
    assert "Högst 15,00 kr" in press(staff, order, "betala-tillbaka", amount="40", reason="Två", key="b")
    assert sum(row.amount_ore for row in Refund.objects.all()) == 40_00


def test_a_plan_can_be_struck_out_until_it_is_sent(staff):
    order = practised()
    press(staff, order, "betala-tillbaka", amount="20", reason="Fel", key="a")
    refund = order.refunds.get()
    assert "Inget har kommit till köparen" in press(staff, order, "stryk", refund.pk)
    press(staff, order, "betala-tillbaka", amount="20", reason="Fel", key="b")
    sweep.send_refunds(now=NOON)
    assert "kommit längre" in press(staff, order, "stryk", order.refunds.get(state="succeeded").pk)


def test_a_refund_that_failed_is_said_and_tried_again_once(staff, client):
    order = practised()
    press(staff, order, "betala-tillbaka", amount="20", reason="Skadad", key="a")
    sweep.send_refunds(now=NOON)
    refund = order.refunds.get()
    failed = Answer(refund.gateway_id, RefundState.FAILED, "expired_or_canceled_card")
    operations.answer_refund(refund.pk, failed, actor="Stripe", now=NOON)
    assert "gick inte igenom" in staff.get("/admin/").content.decode()
    told = page(staff, order)
    assert "expired_or_canceled_card" in told
    assert "Återbetalningen gick inte igenom" in client.get(f"/order/{order.key}/").content.decode()
    for _click in range(2):
        press(staff, order, "igen", refund.pk)
    assert "Försök igen" not in page(staff, order)
    sweep.send_refunds(now=NOON)
    assert [row.state for row in order.refunds.order_by("pk")] == ["failed", "succeeded"]
    assert Order.objects.get(pk=order.pk).refunded.ore == 20_00


def test_a_refund_is_reached_only_through_its_own_order(staff):
    refund = send_back(practised(), "a")
    other = OrderFactory()
    for button in ("igen", "stryk"):
        assert staff.post(address(other, button, refund.pk)).status_code == 404


def test_a_dispute_is_shown_with_its_deadline(staff):
    order = practised()
    due = NOON + timedelta(days=7)
    facts = {
        "amount_ore": 55_00,
        "reason": "fraudulent",
        "status": "needs_response",
        "evidence_due": due,
        "opened_at": NOON,
    }
    operations.record_dispute(order.payments.get().pk, "du_1", facts, seen=0, actor="Stripe", now=NOON)
    assert "Svara senast 30 november 2026, 12.00" in page(staff, order)
    assert "Köparens bank vill ha tillbaka" in staff.get("/admin/").content.decode()
    assert Dispute.objects.open().get().order == order


# --- To pay again ---------------------------------------------------------------------------------
def test_the_link_to_pay_by_is_mailed_once_a_day_and_holds_the_goods(staff):
    order = OrderFactory(method="card")
    assert f"/kassa/vantar/{order.key}/" in page(staff, order)
    assert order.email in press(staff, order, "betallank")
    assert "redan mejlad" in press(staff, order, "betallank")
    letter = Message.objects.get(letter="pay-again")
    assert letter.context["pay_url"].endswith(f"/kassa/vantar/{order.key}/")
    sweep.lapse_due(now=NOON + timedelta(hours=23))
    assert Order.objects.get(pk=order.pk).state == "placed"
    sweep.lapse_due(now=NOON + timedelta(hours=25))
    assert Order.objects.get(pk=order.pk).state == "cancelled"


def test_an_order_that_waits_for_no_payment_has_no_link(staff):
    order = OrderFactory(on_invoice=True)
    assert "Länk att betala med" not in page(staff, order)
    assert "väntar inte på någon betalning" in press(staff, order, "betallank")
    assert not Message.objects.filter(letter="pay-again").exists()


# --- Differences ----------------------------------------------------------------------------------
def test_a_difference_is_shown_and_closed_with_an_explanation(staff):
    row = Difference.objects.create(
        kind="payment", reference="pi_1", theirs="55,00 kr, VS-2026-000001", happened_at=NOON, found_at=NOON
    )
    listed = staff.get(reverse("money_staff:differences")).content.decode()
    assert all(words in listed for words in ("pi_1", "Finns inte", "55,00 kr", "Öppen"))
    assert "1 avvikelse mot Stripe" in staff.get("/admin/").content.decode()
    one = reverse("money_staff:difference", args=[row.pk])
    assert "Skriv vad avvikelsen berodde på." in staff.post(one, {"note": " "}).content.decode()
    staff.post(one, {"note": "Prov från bygget"})
    row.refresh_from_db()
    assert (row.settled_by, row.note, row.settled_at) == ("maja", "Prov från bygget", NOON)
    assert "Avsluta avvikelsen" not in staff.get(one).content.decode()


def test_the_list_of_differences_costs_the_same_for_one_and_forty(staff, django_assert_num_queries):
    def make(number: int) -> None:
        Difference.objects.create(kind="refund", reference=f"re_{number}", happened_at=NOON, found_at=NOON)

    make(0)
    staff.get(reverse("money_staff:differences"))
    with django_assert_num_queries(20, exact=False) as few:
        staff.get(reverse("money_staff:differences"))
    for number in range(1, 40):
        make(number)
    with django_assert_num_queries(len(few.captured_queries)):
        staff.get(reverse("money_staff:differences"))


def test_the_page_of_an_order_costs_the_same_for_one_and_nine_refunds(staff, django_assert_num_queries):
    order = practised(lines={"SKRIFTEN": 10})
    send_back(order, "0")
    page(staff, order)
    with django_assert_num_queries(60, exact=False) as few:
        page(staff, order)
    for number in range(1, 9):
        send_back(order, str(number))
    with django_assert_num_queries(len(few.captured_queries)):
        page(staff, order)
