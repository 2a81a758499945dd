"""Att göra i dag: what each role finds on the start page, what is late, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from cms.enquiries.models import Enquiry
from notifications.models import Message, State
from orders import operations
from orders.handed_over import with_buyer
from orders.models import Difference, Dispute, Order, PaymentAttempt, Refund, Shipment
from orders.staff.money_waiting import MoneyWaits
from shop.models import Product, StockLevel
from shop.staff.duties import found
from tests.factories import NOON, OrderFactory, ProductFactory
from tests.staff import in_role, logged_in
from tests.test_roles import text_of

pytestmark = pytest.mark.django_db

ROLES = ("Redaktör", "Packare", "Ekonom", "Ägare")


def page(role: str) -> str:
    return text_of(in_role(role).get("/admin/"))


def one_of_each() -> None:
    """One of everything that can wait."""
    OrderFactory(on_invoice=True)
    OrderFactory(packed=True)
    refunded = OrderFactory(paid=True, sent=True)
    Refund.objects.create(order=refunded, amount_ore=100, reason="Prov", created_at=NOON)
    Message.objects.update(state=State.FAILED)
    Message.objects.filter(pk=Message.objects.order_by("pk")[0].pk).update(state=State.SENT)
    Enquiry.objects.create(key="prov", name="Karin", created_at=NOON)
    Product.objects.filter(sku="SKRIFTEN").update(low_stock_at=20_000)


WAITING = {
    "1 försändelse att packa": {"Packare", "Ägare"},
    "1 packad försändelse att skicka": {"Packare", "Ägare"},
    "Betala tillbaka 1,00 kr för VS-": {"Ekonom", "Ägare"},
    "Skriften om värdskap tar snart slut": {"Packare", "Ekonom", "Ägare"},
    "brev gick inte fram": {"Packare", "Ekonom", "Ägare"},
    "1 ny förfrågan": {"Redaktör", "Ägare"},
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_told_what_it_may_see_to_and_nothing_else(role):
    one_of_each()
    shown = page(role)
    assert {words for words in WAITING if words in shown} == {w for w, who in WAITING.items() if role in who}


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_waits_is_said_in_a_sentence(role):
    assert "Just nu väntar ingenting." in page(role)


def test_staff_without_a_role_have_no_such_panel():
    assert "Att göra i dag" not in text_of(logged_in().get("/admin/"))


def test_each_number_on_the_start_page_is_the_length_of_the_list_it_leads_to():
    """Of each kind more than one, and beside them what is dealt with and stands in the same list."""
    with mock.patch("notifications.outbox.send_message"):
        two_of_each_kind()
    client = in_role("Ägare")
    counted = {}
    for duty in found(client.get("/admin/").wsgi_request.user, NOON):
        if number := re.match(r"\d+", duty.words):
            counted[duty.words] = (int(number.group()), client.get(duty.url).context["items_count"])
    assert counted == {words: (number, number) for words, (number, _listed) in counted.items()}
    assert {words.partition(" ")[2] for words in counted} == {
        "försändelser att packa",
        "packade försändelser att skicka",
        "fakturakunder att godkänna",
        "ångrade köp att ta hand om",
        "reklamationer att svara på",
        "avvikelser mot Stripe",
        "brev gick inte fram",
        "nya förfrågningar",
    }


def two_of_each_kind() -> None:
    """An order in two parcels among them; of notices, complaints and differences a third one that is dealt with."""
    parted = OrderFactory(on_invoice=True, lines={"SKRIFTEN": 30})
    first, line = parted.shipments.get(), parted.lines.get()
    operations.pack(first.pk, only={line.pk: 20}, actor="test", now=NOON)
    operations.unpack(first.pk, actor="test", now=NOON)
    for copies in (20, 5):
        waiting = parted.shipments.filter(state="planned").first()
        operations.pack(waiting.pk, only={line.pk: copies}, actor="test", now=NOON)
    OrderFactory(on_invoice=True)
    Order.objects.filter(pk__in=[OrderFactory(on_invoice=True).pk for _each in range(2)]).update(
        state="placed"
    )
    for number in range(3):
        order = OrderFactory(sent=True)
        operations.withdraw(operations.Statement(order.name, str(order.number), order.email), now=NOON)
        operations.complain(
            order.pk,
            with_buyer(order),
            fault="Trasig",
            wish="repair",
            written_by="x",
            language="sv",
            now=NOON,
        )
        Difference.objects.create(
            kind="payment", reference=f"pi_{number}", order=order, happened_at=NOON, found_at=NOON
        )
        Enquiry.objects.create(key=f"prov{number}", name="Karin", created_at=NOON)
    operations.refuse_withdrawal(order.withdrawals.get().pk, "För sent", actor="test", now=NOON)
    operations.settle_complaint(order.complaints.get().pk, "Bytt", actor="test", now=NOON)
    operations.settle_difference(order.differences.get().pk, "Bankdag", actor="test", now=NOON)
    Message.objects.filter(letter="sent").update(state=State.FAILED)


# --- More than twenty -------------------------------------------------------------------------------
def money_that_waits(kind: str, count: int) -> None:
    """So many orders with money that needs a hand in one way."""
    for number in range(count):
        order = OrderFactory(paid=True)
        facts: dict[str, Any] = {
            "order": order,
            "key": f"{kind}{number}",
            "amount_ore": 100,
            "created_at": NOON,
        }
        online, came = {"source": order.payments.get()}, order.payments.get()
        match kind:
            case "by-hand":
                Refund.objects.create(**facts)
            case "bounced":
                Refund.objects.create(**facts, state="failed")
            case "stuck":
                came.attempt = PaymentAttempt.objects.create(
                    order=order, method="card", amount_ore=100, created_at=NOON, expires_at=NOON
                )
                came.save()
                Refund.objects.create(**{**facts, "created_at": NOON - timedelta(days=30)}, **online)
            case "kept":
                Order.objects.filter(pk=order.pk).update(state="cancelled")
            case "returned":
                Shipment.objects.filter(order=order).update(state="returned", returned_at=NOON)
            case "disputed":
                Dispute.objects.create(
                    order=order, payment=came, gateway_id=str(number), amount_ore=1,
                    status="needs_response", opened_at=NOON,
                )  # fmt: skip


@pytest.mark.parametrize("kind", MoneyWaits.values)
def test_of_more_than_twenty_the_first_are_told_and_the_rest_lead_to_a_list_of_them_all(kind):
    with mock.patch("notifications.outbox.send_message"):
        OrderFactory(paid=True)
        money_that_waits(kind, 22)
    client = in_role("Ägare")
    duties = found(client.get("/admin/").wsgi_request.user, NOON + timedelta(days=2))
    more = [duty for duty in duties if "visa alla" in duty.words]
    assert [duty.words for duty in more] == ["20 av 22 – visa alla"]
    assert more[0].note == str(MoneyWaits(kind).label)
    assert more[0].url == f"/admin/bestallningar/?money={kind}"
    assert client.get(more[0].url).context["items_count"] == 22


def test_of_twenty_nothing_is_left_to_tell():
    with mock.patch("notifications.outbox.send_message"):
        money_that_waits("by-hand", 20)
    assert not [duty for duty in found(user("Ekonom"), NOON) if "visa alla" in duty.words]


def user(role: str) -> Any:
    return in_role(role).get("/admin/").wsgi_request.user


def test_what_has_waited_longer_than_promised_is_marked_late_with_the_day_of_the_oldest():
    packer, now = user("Packare"), timezone.now()
    OrderFactory(on_invoice=True, at=now - timedelta(hours=1))
    assert [duty.late for duty in found(packer, now)] == [False]
    OrderFactory(on_invoice=True, at=now - timedelta(days=3))
    (duty,) = found(packer, now)
    assert (duty.words, duty.late) == ("2 försändelser att packa", True)
    assert duty.note.startswith("Den äldsta lades ")


def test_a_shelf_is_low_at_its_own_threshold_and_late_when_nothing_is_left():
    bookkeeper, product = user("Ekonom"), ProductFactory.create(skriften=True, on_hand=50)
    assert found(bookkeeper, NOON) == []
    Product.objects.update(low_stock_at=49)
    assert found(bookkeeper, NOON) == []
    Product.objects.update(low_stock_at=50)
    assert [(duty.note, duty.late) for duty in found(bookkeeper, NOON)] == [("50 kvar att sälja", False)]
    StockLevel.objects.filter(product=product).update(reserved=50)
    assert [(duty.note, duty.late) for duty in found(bookkeeper, NOON)] == [("0 kvar att sälja", True)]
    assert found(user("Redaktör"), NOON) == []


def test_the_start_page_costs_the_same_for_one_and_for_thirty_of_everything(django_assert_num_queries):
    client = in_role("Ägare")
    one_of_each()
    client.get("/admin/")
    with django_assert_num_queries(60, exact=False) as few:
        client.get("/admin/")
    with mock.patch("notifications.outbox.send_message"):
        for number in range(29):
            order = OrderFactory(on_invoice=True)
            Refund.objects.create(
                order=order, key=f"r{number}", amount_ore=100, reason="Prov", created_at=NOON
            )
            Enquiry.objects.create(key=f"prov{number}", name="Karin", created_at=NOON)
    with django_assert_num_queries(len(few.captured_queries)):
        assert "30 nya förfrågningar" in text_of(client.get("/admin/"))
