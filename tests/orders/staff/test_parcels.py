"""The parcels on an order's staff page: parts, unpacking, arrival, returns, a wrong tracking number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from notifications.mail import build
from notifications.models import Message
from orders import operations
from orders.models import Order, Shipment
from orders.states import Parcel
from shop.models import StockLevel
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory
from tests.staff import ORDER_DESK, logged_in

pytestmark = pytest.mark.django_db

POSTNORD = "https://tracking.postnord.com/se/?id={number}"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        CompanyFactory()
        FreightFactory(tracking_url=POSTNORD)
        yield


@pytest.fixture
def staff() -> Client:
    return logged_in(*ORDER_DESK)


def order_page(client: Client, order: Order) -> str:
    return shown(client.get(f"/admin/bestallningar/{order.number}/"))


def shown(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def button(of: Shipment, name: str) -> str:
    return f"/admin/bestallningar/{of.order.number}/forsandelse/{of.pk}/{name}/"


def press(client: Client, of: Shipment, name: str, **facts: Any) -> str:
    return shown(client.post(button(of, name), facts, follow=True))


def parts(order: Order) -> list[Shipment]:
    return list(order.shipments.order_by("pk"))


def split(copies: int = 20) -> Order:
    """30 copies of the booklet, of which some are packed and the rest waits."""
    order: Order = OrderFactory(paid=True, lines={"SKRIFTEN": 30})
    line = order.lines.get()
    operations.pack(parts(order)[0].pk, only={line.pk: copies}, actor="eva", now=NOON)
    return order


def sent(copies: int = 30) -> Shipment:
    return parts(OrderFactory(sent=True, lines={"SKRIFTEN": copies}))[0]


# --- Parts ------------------------------------------------------------------------------------------
def test_the_page_tells_what_lies_in_each_part(staff):
    order = split()
    page = order_page(staff, order)
    for fact in (f"{order.number} · 1 av 2", "20 × Skriften om värdskap", "10 × Skriften om värdskap"):
        assert fact in page, fact


def test_a_part_is_sent_while_the_rest_waits_and_the_letter_names_both(staff):
    order = split()
    press(staff, parts(order)[0], "skickad", tracking_number="3735")
    facts = Message.objects.get(letter="sent").context
    assert facts["lines"] == [{"name": "Skriften om värdskap", "quantity": 20}]
    assert facts["later"] == [{"name": "Skriften om värdskap", "quantity": 10}]
    assert facts["tracking_url"] == "https://tracking.postnord.com/se/?id=3735"
    assert f"nu har en del av beställning {order.number} lämnat oss." in told()
    assert [part.state for part in parts(order)] == [Parcel.SENT, Parcel.PLANNED]
    press(staff, parts(order)[1], "packad")
    press(staff, parts(order)[1], "skickad", tracking_number="3736")
    assert Message.objects.filter(letter="sent").latest("pk").context["later"] == []
    assert f"nu har beställning {order.number} lämnat oss." in told()


def told() -> str:
    return str(build(Message.objects.filter(letter="sent").latest("pk")).body)


def test_the_word_for_the_delivery_tells_of_parcels_that_are_not_equally_far(staff):
    order = split()
    assert "Delvis packad" in order_page(staff, order)
    press(staff, parts(order)[0], "skickad", tracking_number="3735")
    page = order_page(staff, order)
    assert "Delvis skickad" in page
    assert "Ej packad" not in page


def test_unpacking_puts_the_parts_together_again(staff):
    order = split()
    assert "ska packas igen" in press(staff, parts(order)[0], "uppackad")
    live = order.shipments.exclude(state=Parcel.CANCELLED)
    assert [[row.quantity for row in part.lines.all()] for part in live] == [[30]]


def test_the_tracking_link_stands_for_staff_and_for_the_buyer(staff, client):
    parcel = sent()
    link = "https://tracking.postnord.com/se/?id=373500489530470000"
    assert f'href="{link}"' in order_page(staff, parcel.order)
    page = shown(client.get(f"/order/{parcel.order.key}/"))
    assert f'<a href="{link}" rel="noreferrer">Se var paketet är' in page


# --- Afterwards -------------------------------------------------------------------------------------
def test_a_parcel_has_come_on_the_day_that_staff_say(staff):
    parcel = sent()
    Shipment.objects.update(sent_at=NOON - timedelta(days=3))
    press(staff, parcel, "framme", came_on="2026-11-21")
    parcel.refresh_from_db()
    assert parcel.state == Parcel.DELIVERED
    assert parcel.delivered_at == NOON - timedelta(days=2)


@pytest.mark.parametrize(
    "day", ["", "i går", "2026-11-24", "2026-11-22", "0001-01-01", "9999-12-31", "1\x00"]
)
def test_a_day_on_which_it_cannot_have_come_is_refused(staff, day):
    parcel = sent()
    assert "error-message" in press(staff, parcel, "framme", came_on=day)
    parcel.refresh_from_db()
    assert parcel.state == Parcel.SENT


def test_what_comes_back_is_put_on_the_shelf_or_written_off(staff):
    parcel = sent(copies=30)
    line = parcel.order.lines.get().pk
    facts = {f"restock-{line}": "12", f"write_off-{line}": "3"}
    assert "är åter. Lagret är bokfört." in press(staff, parcel, "ater", **facts)
    assert StockLevel.objects.get().on_hand == 12_000 - 30 + 12
    assert sorted((part.state, part.lines.get().quantity) for part in parts(parcel.order)) == [
        (Parcel.RETURNED, 15),
        (Parcel.SENT, 15),
    ]


@pytest.mark.parametrize(
    ("restock", "write_off", "sentence"),
    [
        ("20", "11", "Tillsammans högst 30"),
        ("0", "0", "Minst ett exemplar ska ha kommit tillbaka."),
        ("-1", "0", "Skriv ett antal mellan 0 och 30."),
        ("31", "0", "Skriv ett antal mellan 0 och 30."),
        ("", "0", "Skriv ett antal mellan 0 och 30."),
        ("9" * 10_000, "0", "Skriv ett antal mellan 0 och 30."),
        ("1\x00", "0", "Skriv ett antal mellan 0 och 30."),
    ],
)
def test_a_return_that_cannot_be_is_answered_and_kept(staff, restock, write_off, sentence):
    parcel = sent(copies=30)
    line = parcel.order.lines.get().pk
    told = press(staff, parcel, "ater", **{f"restock-{line}": restock, f"write_off-{line}": write_off})
    assert sentence in told
    assert "<details open>" in told
    assert StockLevel.objects.get().on_hand == 12_000 - 30


def test_a_double_click_takes_back_once(staff):
    parcel = sent(copies=30)
    line = parcel.order.lines.get().pk
    for _click in range(2):
        told = press(staff, parcel, "ater", **{f"restock-{line}": "30", f"write_off-{line}": "0"})
    assert "är redan åter" in told
    assert StockLevel.objects.get().on_hand == 12_000


def test_a_wrong_tracking_number_is_corrected_and_the_buyer_told_once(staff):
    parcel = sent()
    for _click in range(2):
        press(staff, parcel, "sparning", tracking_number="99 99", tell="on")
    parcel.refresh_from_db()
    assert parcel.tracking_number == "9999"
    first, second = Message.objects.filter(letter="sent").order_by("pk")
    assert (first.context["tracking_number"], second.context["tracking_number"]) == (
        "373500489530470000",
        "9999",
    )
    assert "Spårningsnumret rättat" in order_page(staff, parcel.order)


def test_a_correction_without_a_letter_writes_none(staff):
    parcel = sent()
    press(staff, parcel, "sparning", tracking_number="9999")
    assert Message.objects.filter(letter="sent").count() == 1


def test_a_parcel_that_is_here_has_no_number_to_correct(staff):
    parcel = parts(OrderFactory(packed=True))[0]
    press(staff, parcel, "sparning", tracking_number="9999")
    parcel.refresh_from_db()
    assert parcel.tracking_number == ""


# --- Whose ------------------------------------------------------------------------------------------
NAMES = ["packad", "uppackad", "skickad", "sparning", "framme", "ater"]


@pytest.mark.parametrize("name", NAMES)
def test_anothers_or_an_unknown_parcel_is_not_found(staff, name):
    parcel, other = sent(), sent()
    for pk in (other.pk, 999_999, int("9" * 30)):
        address = f"/admin/bestallningar/{parcel.order.number}/forsandelse/{pk}/{name}/"
        assert staff.post(address).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_who_may_only_look_sees_no_button_and_presses_none(name):
    reader, parcel = logged_in("orders.view_order"), sent()
    assert f"/{name}/" not in order_page(reader, parcel.order)
    assert reader.post(button(parcel, name)).status_code == 403
