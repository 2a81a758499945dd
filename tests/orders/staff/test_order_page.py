"""An order's staff page: what it tells, and that each button does one thing once."""

from __future__ import annotations

from datetime import date, timedelta
from unittest import mock

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from notifications import mail
from notifications.models import Message
from orders import operations
from orders.models import Order, Payment, Refund, Withdrawal
from orders.states import Agreement, Parcel
from shop.models import StockLevel
from tests.factories import NOON, FreightFactory, OrderFactory, pay
from tests.staff import ORDER_DESK, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    """The clock stands at noon, and a parcel costs 49 kr: one Skriften is 104 kr."""
    with time_machine.travel(NOON, tick=False):
        FreightFactory()
        yield


@pytest.fixture
def staff() -> Client:
    return logged_in(*ORDER_DESK)


def address(order: Order, action: str = "") -> str:
    if action in {"packad/", "skickad/"}:
        parcel = order.shipments.order_by("pk").first()
        action = f"forsandelse/{parcel.pk if parcel else 0}/{action}"
    return f"/admin/bestallningar/{order.number}/{action}"


def page(client: Client, order: Order) -> str:
    answer = client.get(address(order))
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def press(client: Client, order: Order, button: str, **facts: object) -> str:
    """Press a button and follow to the page that it leads to."""
    answer = client.post(address(order, button), facts, follow=True)
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def paid_on_invoice(reference: str = "BG 17", amount: str = "104", day: str = "2026-11-23") -> dict[str, str]:
    return {"amount": amount, "reference": reference, "paid_on": day}


# --- Who --------------------------------------------------------------------------------------------
BUTTONS = ["packad/", "skickad/", "betalning/", "avbestall/", "anteckning/"]


@pytest.mark.parametrize("button", ["", *BUTTONS])
def test_a_stranger_is_sent_to_the_login(client, button):
    order = OrderFactory(on_invoice=True)
    answer = client.post(address(order, button)) if button else client.get(address(order))
    assert answer.status_code == 302
    assert answer.url.startswith("/admin/login/")


@pytest.mark.parametrize("button", BUTTONS)
def test_who_may_only_look_cannot_press(button):
    order = OrderFactory(on_invoice=True)
    reader = logged_in("orders.view_order")
    assert "Gör nu" not in page(reader, order)
    assert reader.post(address(order, button), {"reason": "x", "text": "x"}).status_code == 403
    assert fresh(order).history.count() == order.history.count()


def test_staff_without_the_right_get_403_whether_or_not_the_order_exists():
    order = OrderFactory()
    client = logged_in()
    assert client.get(address(order)).status_code == 403
    assert client.get("/admin/bestallningar/VS-2026-999999/").status_code == 403


@pytest.mark.parametrize("number", ["VS-2026-999999", "x" * 300, "1"])
def test_an_unknown_number_is_404(staff, number):
    assert staff.get(f"/admin/bestallningar/{number}/").status_code == 404
    assert staff.post(f"/admin/bestallningar/{number}/packad/").status_code == 404


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_is_a_post(staff, button):
    assert staff.get(address(OrderFactory(), button)).status_code == 405


def test_a_button_wants_its_csrf_token(staff):
    order = OrderFactory(paid=True)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff.cookies
    assert strict.post(address(order, "packad/")).status_code == 403
    assert fresh(order).fulfilment_word == "none"


# --- What it tells ----------------------------------------------------------------------------------
def test_the_page_tells_rows_vat_words_and_address(staff):
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1})
    told = page(staff, order)
    for words in (
        "1 719,00 kr, betalt",
        "97,30 kr",
        "1 470,00 kr",
        "49,00 kr",
        "531 32 Björkvik",
        "Karin Ek",
    ):
        assert words in told
    assert f'href="{address(order)}koparens-sida/"' in told
    assert f'href="{address(order)}kvitto.pdf"' in told
    assert order.key not in told


def test_mixed_vat_is_told_per_rate(staff):
    told = page(staff, OrderFactory(paid=True, lines={"VARDSKAP-I-PRAKTIKEN": 2}))
    assert "Varav moms 6 %" in told
    assert "Varav moms 25 %" in told


def test_an_unpaid_order_says_what_is_due_and_what_it_waits_for(staff):
    told = page(staff, OrderFactory())
    assert "104,00 kr kvar att betala av 104,00 kr" in told
    assert "Väntar på köparens betalning" in told
    assert "kvitto.pdf" not in told


def test_letters_stand_with_state_tries_and_error(staff):
    order = OrderFactory(sent=True)
    Message.objects.filter(letter="sent").update(
        state="failed", tries=10, error="SMTPServerDisconnected: nej"
    )
    told = page(staff, order)
    for words in ("Orderbekräftelse", "Paketet är skickat", "Misslyckat", "SMTPServerDisconnected: nej"):
        assert words in told


def test_the_history_says_what_who_when_and_why(staff):
    order = OrderFactory(packed=True)
    told = page(staff, order)
    for words in (
        "Avtal: Lagd → Bekräftad",
        "Försändelse: Att packa → Packad",
        "Inbetalning bokförd",
        "köparen",
    ):
        assert words in told


def test_a_notice_of_withdrawal_stands_first(staff):
    order = OrderFactory(paid=True)
    Withdrawal.objects.create(
        key="k", order=order, name="Karin Ek", order_number=order.number, email="k@e.se", received_at=NOON
    )
    assert "Köpet ångrades 23 november 2026, 12.00 av Karin Ek." in page(staff, order)


def test_markup_from_the_buyer_is_text(staff):
    order = OrderFactory(paid=True, greeting="<b>hej</b>", name="<i>Karin</i>")
    told = page(staff, order)
    assert "<b>hej</b>" not in told
    assert "<i>Karin" not in told


# --- Packing and sending ----------------------------------------------------------------------------
def test_packed_then_sent_with_a_tracking_number(staff):
    order = OrderFactory(paid=True, lines={"SKRIFTEN": 3})
    assert f"{order.number} är packad." in press(staff, order, "packad/")
    told = press(staff, order, "skickad/", tracking_number=" 3735 0048 ")
    assert "är skickad. Köparen får ett mejl." in told
    parcel = order.shipments.get()
    assert (parcel.state, parcel.tracking_number) == (Parcel.SENT, "37350048")
    assert Message.objects.get(letter="sent").context["tracking_number"] == "37350048"
    assert list(order.history.values_list("actor", flat=True))[-2:] == ["maja", "maja"]
    assert StockLevel.objects.get().on_hand == 11_997


def test_a_double_click_packs_once_and_says_so(staff):
    order = OrderFactory(paid=True)
    press(staff, order, "packad/")
    lines = order.history.count()
    assert f"Beställning {order.number} är redan packad." in press(staff, order, "packad/")
    assert order.history.count() == lines


def test_a_double_click_sends_once(staff):
    order = OrderFactory(packed=True)
    press(staff, order, "skickad/", tracking_number="1")
    assert "är redan skickad" in press(staff, order, "skickad/", tracking_number="2")
    assert order.shipments.get().tracking_number == "1"
    assert Message.objects.filter(letter="sent").count() == 1
    assert StockLevel.objects.get().on_hand == 11_999


def test_sending_wants_packing_first(staff):
    order = OrderFactory(paid=True)
    assert f"Markera {order.number} som packad först." in press(staff, order, "skickad/")
    assert order.shipments.get().state == Parcel.PLANNED


def test_packing_a_sent_order_changes_nothing(staff):
    order = OrderFactory(sent=True)
    assert "har redan kommit längre" in press(staff, order, "packad/")
    assert order.shipments.get().state == Parcel.SENT


def test_an_unpaid_order_is_not_packed(staff):
    order = OrderFactory()
    assert staff.post(address(order, "packad/")).status_code == 404


@pytest.mark.parametrize("number", ["x" * 61, "1\x002"])
def test_an_impossible_tracking_number_comes_back_with_what_was_typed(staff, number):
    order = OrderFactory(packed=True)
    told = press(staff, order, "skickad/", tracking_number=number)
    assert "error-message" in told
    assert order.shipments.get().state == Parcel.PACKED


# --- Money ------------------------------------------------------------------------------------------
def test_an_invoice_payment_is_booked_with_reference_and_day(staff):
    order = OrderFactory(on_invoice=True)
    told = page(staff, order)
    assert 'value="104"' in told
    assert 'value="2026-11-23"' in told
    assert "Bokfört: 104 kr har kommit." in press(
        staff, order, "betalning/", **paid_on_invoice(day="2026-11-20")
    )
    payment = order.payments.get()
    assert (payment.amount_ore, payment.reference, payment.actor) == (104_00, "BG 17", "maja")
    assert timezone.localtime(payment.at).date() == date(2026, 11, 20)
    assert fresh(order).payment_word == "paid"
    assert Message.objects.get(letter="payment-received").about == order.number


def test_the_same_reference_twice_is_one_payment(staff):
    order = OrderFactory(on_invoice=True)
    for _click in range(2):
        press(staff, order, "betalning/", **paid_on_invoice())
    assert order.payments.count() == 1
    assert not Refund.objects.exists()


def test_a_reference_that_stands_on_another_order_is_refused_in_words(staff):
    press(staff, OrderFactory(on_invoice=True), "betalning/", **paid_on_invoice())
    other = OrderFactory(on_invoice=True)
    told = press(staff, other, "betalning/", **paid_on_invoice())
    assert "Referensen är redan bokförd" in told
    assert 'value="BG 17"' in told
    assert not other.payments.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": ""}, "Skriv beloppet som har kommit."),
        ({"amount": "0"}, "Beloppet ska vara större än noll."),
        ({"amount": "-5"}, "Skriv ett belopp i kronor"),
        ({"amount": "en tia"}, "Skriv ett belopp i kronor"),
        ({"amount": "1" * 10_000}, "Skriv ett belopp i kronor"),
        ({"reference": ""}, "Skriv bankens referens"),
        ({"reference": "x" * 10_000}, "error-message"),
        ({"reference": "a\x00b"}, "error-message"),
        ({"paid_on": "i går"}, "Skriv en dag, till exempel 10 december 2026"),
        ({"paid_on": "31 november 2026"}, "Den dagen finns inte i almanackan."),
        ({"paid_on": "2026-11-24"}, "Skriv en dag som har varit"),
        ({"paid_on": "0001-01-01"}, "Skriv en dag som har varit"),
    ],
)
def test_a_payment_that_cannot_be_is_answered_at_its_field(staff, typed, sentence):
    order = OrderFactory(on_invoice=True)
    told = press(staff, order, "betalning/", **{**paid_on_invoice(), **typed})
    assert sentence in told
    assert "<details open>" in told
    assert not Payment.objects.exists()


def test_money_for_a_card_order_is_not_typed_in(staff):
    order = OrderFactory()
    assert "Registrera betalning" not in page(staff, order)
    assert staff.post(address(order, "betalning/"), paid_on_invoice()).status_code == 404


def test_too_much_becomes_a_task_and_klart_books_it_as_sent_back(staff):
    order = OrderFactory(on_invoice=True)
    told = press(staff, order, "betalning/", **paid_on_invoice(amount="154"))
    assert "Betala tillbaka 50,00 kr." in told
    task = Refund.objects.get()
    for _click in range(2):
        told = press(staff, order, f"aterbetald/{task.pk}/")
    assert "redan bokförd" in told
    assert "Betala tillbaka 50,00 kr." not in told
    task.refresh_from_db()
    assert task.done_at == NOON
    assert (fresh(order).refunded.ore, fresh(order).due.ore) == (50_00, 0)
    assert order.history.filter(machine="refund", new="succeeded", actor="maja").count() == 1


def test_a_task_that_a_colleague_has_struck_out_is_not_booked(staff):
    order = OrderFactory(on_invoice=True)
    press(staff, order, "betalning/", **paid_on_invoice(amount="154"))
    operations.cancel_refund(Refund.objects.get().pk, actor="olle", now=NOON)
    assert "Återbetalningen är struken." in press(staff, order, f"aterbetald/{Refund.objects.get().pk}/")
    assert fresh(order).refunded.ore == 0


def test_a_task_is_reached_only_through_its_own_order(staff):
    order = OrderFactory(paid=True)
    pay(order, ore=5_00, reference="extra")
    task = Refund.objects.get()
    assert staff.post(address(OrderFactory(), f"aterbetald/{task.pk}/")).status_code == 404
    assert Refund.objects.get().done_at is None


# --- Calling off ------------------------------------------------------------------------------------
def test_cancelling_gives_stock_back_and_leaves_the_money_to_send_back(staff):
    order = OrderFactory(paid=True)
    told = press(staff, order, "avbestall/", reason="Köparen ringde", why="asked")
    assert "är avbeställd. Varorna är tillbaka i lagret." in told
    assert "Betala tillbaka 104,00 kr." in told
    assert fresh(order).state == Agreement.CANCELLED
    assert StockLevel.objects.get().reserved == 0


def test_cancelling_twice_is_cancelling_once(staff):
    order = OrderFactory(paid=True)
    for _click in range(2):
        press(staff, order, "avbestall/", reason="Köparen ringde", why="asked")
    assert Refund.objects.count() == 1
    assert order.history.filter(machine="agreement", new="cancelled").count() == 1


def test_cancelling_does_not_send_a_surplus_back_twice(staff):
    order = OrderFactory(paid=True)
    pay(order, ore=50_00, reference="extra")
    press(staff, order, "avbestall/", reason="Köparen ringde", why="asked")
    assert sum(task.amount_ore for task in Refund.objects.all()) == 154_00


def test_a_surplus_that_has_gone_back_is_not_in_the_task_of_a_cancellation(staff):
    order = OrderFactory(paid=True)
    pay(order, ore=50_00, reference="extra")
    operations.refund_done(Refund.objects.get().pk, actor="test", now=NOON)
    press(staff, order, "avbestall/", reason="Köparen ringde", why="asked")
    assert Refund.objects.open().get().amount_ore == 104_00


def test_a_parcel_that_has_left_cannot_be_cancelled(staff):
    order = OrderFactory(sent=True)
    assert "Avbeställ hela" not in page(staff, order)
    assert "Paketet har redan gått" in press(staff, order, "avbestall/", reason="Köparen ringde", why="asked")
    assert fresh(order).state == Agreement.CONFIRMED


def test_cancelling_wants_a_reason(staff):
    order = OrderFactory(paid=True)
    told = press(staff, order, "avbestall/", reason=" ", why="nix")
    assert "Skriv varför beställningen avbeställs." in told
    assert "Välj vad köparen ska läsa." in told
    assert fresh(order).state == Agreement.CONFIRMED


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("asked", "så som du bad om"),
        ("sold-out", "tyvärr slut hos oss"),
        ("our-fault", "vi ber om ursäkt"),
        ("unpaid", "Betalningen har inte kommit till oss"),
        ("words", "Lagret brann i natt."),
        ("nothing", "vi har behövt avbeställa"),
    ],
)
def test_the_buyer_reads_once_why_staff_called_off_and_what_becomes_of_the_money(staff, why, words):
    order = OrderFactory(paid=True)
    for _click in range(2):
        press(staff, order, "avbestall/", reason="Lagret brann i natt.", why=why)
    said = mail.words(Message.objects.get(letter="cancelled"))
    for body in (said.text, said.html):
        body = body.replace("\N{NO-BREAK SPACE}", " ")
        assert words in body
        assert ("Lagret brann" in body) == (why == "words")
        assert "Vi betalar tillbaka 104,00 kr samma väg" in body


def test_an_order_that_lapses_or_is_begun_anew_gets_no_letter_of_it():
    for order in (OrderFactory(), OrderFactory()):
        operations.lapse(order.pk, now=NOON + timedelta(days=1))
        operations.abandon(order.pk, now=NOON)
    assert not Message.objects.filter(letter="cancelled").exists()


# --- Notes ------------------------------------------------------------------------------------------
def test_a_note_stands_in_the_history_once_however_often_it_is_sent(staff):
    order = OrderFactory()
    for _click in range(2):
        told = press(staff, order, "anteckning/", text="Ringde. <b>Vill</b> ha före lunch.")
    assert "Ringde. &lt;b&gt;Vill&lt;/b&gt; ha före lunch." in told
    assert order.history.filter(machine="note").count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 1_001, "x" * 10_000, "a\x00b"])
def test_a_note_that_cannot_be_kept_comes_back(staff, text):
    order = OrderFactory()
    assert "error-message" in press(staff, order, "anteckning/", text=text)
    assert not order.history.filter(machine="note").exists()


# --- What it costs ----------------------------------------------------------------------------------
def test_the_page_costs_the_same_for_a_small_and_a_large_order(staff, django_assert_num_queries):
    with mock.patch("notifications.outbox.send_message"):
        small = OrderFactory(sent=True)
        large = OrderFactory(
            on_invoice=True, sent=True, lines={f"VARA-{place}": place + 1 for place in range(20)}
        )
        for place in range(20):
            pay(large, ore=1_00, reference=f"del {place}")
            operations.write_note(large, f"not {place}", actor="maja", now=NOON)
    staff.get(address(small))
    with django_assert_num_queries(28, exact=False) as few:
        staff.get(address(small))
    with django_assert_num_queries(len(few.captured_queries)):
        staff.get(address(large))
