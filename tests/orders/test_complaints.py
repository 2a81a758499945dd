"""Reklamera: told from the order's page or over the phone, kept with its time, answered by staff."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from notifications.models import Message
from orders import operations
from orders.models import Complaint, Order, Shipment
from orders.states import WrongState
from shop.limit_table import Limit
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory
from tests.shopping import text, title
from tests.staff import in_role, logged_in

pytestmark = pytest.mark.django_db

TOLD = {"row-0": "3", "fault": "Sidorna 9 till 12 saknas.", "wish": "new"}


@pytest.fixture(autouse=True)
def shop():
    CompanyFactory()
    FreightFactory()


@pytest.fixture
def order() -> Order:
    placed: Order = OrderFactory(lines={"SKRIFTEN": 3, "DET-GODA-VARDSKAPET": 1}, sent=True)
    return placed


def send(order: Order, **changes: Any):
    return Client().post(f"/order/{order.key}/reklamera/", {**TOLD, **changes})


def letters(name: str) -> list[dict[str, Any]]:
    return [row.context for row in Message.objects.filter(letter=name)]


def complained(order: Order) -> Complaint:
    send(order)
    return Complaint.objects.get()


def test_a_fault_is_told_from_the_orders_page_and_acknowledged_with_its_time(order):
    assert f'href="/order/{order.key}/reklamera/"' in Client().get(f"/order/{order.key}/").content.decode()
    with time_machine.travel(NOON, tick=False):
        answer = send(order)
    assert "Mottagen måndag 23 november 2026 kl. 12.00" in text(answer)
    complaint = Complaint.objects.get()
    assert (complaint.rows, complaint.fault, complaint.wish) == (
        "3 × Skriften om värdskap",
        "Sidorna 9 till 12 saknas.",
        "new",
    )
    assert [(row.line.sku, row.quantity) for row in complaint.lines.all()] == [("SKRIFTEN", 3)]
    assert (complaint.state, complaint.written_by) == ("open", operations.BUYER)
    [facts] = letters("complaint-receipt")
    assert (facts["fault"], facts["wish"]) == (complaint.fault, "En ny vara")


def test_the_same_words_twice_are_one_complaint(order):
    for _press in range(2):
        assert send(order).status_code == 200
    assert (Complaint.objects.count(), len(letters("complaint-receipt"))) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"row-0": ""}, "Skriv hur många det är fel på, på minst en rad."),
        ({"row-0": "0", "row-7": "1"}, "Skriv hur många det är fel på, på minst en rad."),
        ({"row-0": "4"}, "Skriv ett antal från 0 till 3."),
        ({"row-0": "-1"}, "Skriv ett antal från 0 till 3."),
        ({"row-0": "tre"}, "Skriv ett antal från 0 till 3."),
        ({"row-0": "\x00"}, "Texten innehåller tecken som inte syns."),
        ({"fault": ""}, "Skriv vad som är fel, så att vi förstår."),
        ({"fault": "x" * 10_000}, "Skriv högst 2000 tecken"),
        ({"fault": "\x00"}, "Texten innehåller tecken som inte syns."),
        ({"wish": "guld"}, "Välj vad du helst vill."),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence_and_all_that_was_written(order, changes, sentence):
    answer = send(order, **changes)
    assert answer.status_code == 422
    assert title(answer).startswith("Fel: ")
    assert sentence in text(answer)
    if "fault" not in changes:
        assert TOLD["fault"] in answer.content.decode()
    assert not Complaint.objects.exists()


# --- What there is to complain of -------------------------------------------------------------------
def offered(order: Order) -> list[str]:
    """The sentence below each row of the form."""
    page = text(Client().get(f"/order/{order.key}/reklamera/"))
    return re.findall(r"Du har (\d+)\. Skriv hur många", page)


def parcel_of(order: Order, **copies: int) -> Shipment:
    """So many copies packed and sent by themselves; the rest waits."""
    lines = {line.sku: line.pk for line in order.lines.all()}
    only = {lines[sku.replace("_", "-")]: number for sku, number in copies.items()}
    waiting = order.shipments.get(state="planned")
    operations.pack(waiting.pk, only=only, actor="maja", now=NOON)
    packed = order.shipments.get(state="packed")
    return operations.send(packed.pk, tracking_number="1", actor="maja", now=NOON)


def test_only_copies_that_have_left_can_be_complained_of():
    order = OrderFactory(lines={"SKRIFTEN": 3, "DET-GODA-VARDSKAPET": 1}, paid=True)
    assert offered(order) == []
    assert "Vi ser inga varor hos dig" in text(send(order))
    parcel_of(order, SKRIFTEN=2)
    assert offered(order) == ["2"]
    assert send(order, **{"row-0": "3"}).status_code == 422
    assert send(order, **{"row-0": "2"}).status_code == 200
    assert Complaint.objects.get().rows == "2 × Skriften om värdskap"
    parcel_of(order, SKRIFTEN=1, DET_GODA_VARDSKAPET=1)
    assert offered(order) == ["3", "1"]


def test_what_came_back_and_what_the_money_went_back_for_is_not_offered(order):
    lines = {line.sku: line.pk for line in order.lines.all()}
    stated = operations.Statement(order.name, str(order.number), order.email)
    notice = operations.withdraw(stated, now=NOON)
    operations.refund_withdrawal(notice.pk, {lines["SKRIFTEN"]: 2}, actor="eva", now=NOON)
    assert offered(order) == ["1", "1"]
    parcel = order.shipments.get()
    operations.take_back(parcel.pk, restock={lines["SKRIFTEN"]: 2}, write_off={}, actor="maja", now=NOON)
    assert offered(order) == ["1", "1"]
    rest = order.shipments.get(state="sent")
    operations.take_back(
        rest.pk, restock={}, write_off={lines["DET-GODA-VARDSKAPET"]: 1}, actor="maja", now=NOON
    )
    assert offered(order) == ["1"]


def test_struck_copies_are_not_taken_from_those_that_have_left():
    order = OrderFactory(lines={"SKRIFTEN": 5}, paid=True)
    parcel_of(order, SKRIFTEN=3)
    stated = operations.Statement(order.name, str(order.number), order.email, "2 × Skriften om värdskap")
    notice = operations.withdraw(stated, now=NOON)
    operations.refund_withdrawal(notice.pk, {order.lines.get().pk: 2}, actor="eva", now=NOON)
    assert offered(order) == ["3"]


def test_another_fault_in_the_same_copies_may_be_told_and_the_form_says_what_waits(order):
    send(order, **{"row-0": "2"})
    page = text(Client().get(f"/order/{order.key}/reklamera/"))
    assert "2 har du redan skrivit till oss om och väntar på svar." in page
    assert send(order, fault="Omslaget är snett.").status_code == 200
    for complaint in Complaint.objects.all():
        operations.settle_complaint(complaint.pk, "Bytt", actor="maja", now=NOON)
    assert "väntar på svar" not in text(Client().get(f"/order/{order.key}/reklamera/"))
    assert [row.quantity for row in Complaint.objects.earliest("pk").lines.all()] == [2]


def test_copies_that_came_back_while_the_form_lay_open_are_refused_under_the_lock(order, monkeypatch):
    """The form judges by what it read; the operation by what the locked order has."""
    lines = {line.sku: line.pk for line in order.lines.all()}
    parcel = order.shipments.get()
    recorded = operations.complain

    def meanwhile(*args: Any, **facts: Any) -> Complaint:
        operations.take_back(parcel.pk, restock={lines["SKRIFTEN"]: 3}, write_off={}, actor="maja", now=NOON)
        return recorded(*args, **facts)

    monkeypatch.setattr(operations, "complain", meanwhile)
    answer = send(order)
    assert answer.status_code == 422
    assert TOLD["fault"] in answer.content.decode()
    assert not Complaint.objects.exists()


def test_another_key_tells_nothing(order):
    assert Client().get("/order/nix/reklamera/").status_code == 404
    assert Client().post("/order/nix/reklamera/", TOLD).status_code == 404


def test_a_flood_is_slowed_and_nothing_written_is_lost(order, settings):
    settings.LIMITS = {
        **settings.LIMITS,
        "complaint-order": Limit(2, settings.LIMITS["complaint-order"].within),
    }
    for number in range(2):
        assert send(order, fault=f"Fel {number}").status_code == 200
    answer = send(order, fault="Fel 3")
    assert answer.status_code == 429
    assert "eller ring oss." in text(answer)
    assert "Fel 3" in answer.content.decode()


# --- Staff ------------------------------------------------------------------------------------------
def staff_page(client: Client, complaint: Complaint, step: str = "", **facts: str):
    address = f"/admin/bestallningar/reklamationer/{complaint.pk}/{step}"
    return client.post(address, facts, follow=True) if step else client.get(address)


def test_staff_settle_it_with_a_note_and_open_it_again(order):
    complaint, client = complained(order), in_role("Packare")
    page = staff_page(client, complaint, "lost/", reason="Ny skickad.").content.decode()
    assert "Reklamationen är löst." in page
    complaint.refresh_from_db()
    assert (complaint.state, complaint.answer, complaint.decided_by) == (
        "settled",
        "Ny skickad.",
        "en Packare",
    )
    staff_page(client, complaint, "oppna/")
    complaint.refresh_from_db()
    assert complaint.state == "open"
    assert not letters("complaint-refused")


def test_a_refusal_needs_a_reason_names_arn_to_a_consumer_and_is_not_the_packers(order):
    complaint = complained(order)
    assert staff_page(in_role("Packare"), complaint, "avsla/", reason="x").status_code == 403
    client = in_role("Ekonom")
    assert "Skriv skälet." in staff_page(client, complaint, "avsla/").content.decode()
    for _press in range(2):
        staff_page(client, complaint, "avsla/", reason="Avsiktligt tomma.")
    [facts] = letters("complaint-refused")
    assert (facts["answer"], facts["is_consumer"]) == ("Avsiktligt tomma.", True)


def test_a_settled_complaint_is_not_refused_without_opening_it(order):
    complaint = complained(order)
    operations.settle_complaint(complaint.pk, "Ny skickad.", actor="maja", now=NOON)
    with pytest.raises(WrongState):
        operations.refuse_complaint(complaint.pk, "x", actor="eva", now=NOON)
    assert not letters("complaint-refused")


def test_staff_write_down_what_came_by_phone(order):
    client = logged_in("orders.view_order", "orders.note_order")
    address = f"/admin/bestallningar/{order.number}/reklamation/"
    row = f"copies-{order.lines.get(sku='DET-GODA-VARDSKAPET').pk}"
    many = client.post(address, {row: "2", "fault": "x", "wish": "new"}).content.decode()
    assert "Skriv ett antal från 0 till 1." in many
    page = client.post(address, {row: "1", "fault": "", "wish": "new"}).content.decode()
    assert "Skriv vad som är fel." in page
    client.post(address, {row: "1", "fault": "Ryggen har släppt.", "wish": "money"})
    complaint = Complaint.objects.get()
    assert (complaint.rows, complaint.written_by) == ("1 × Det goda värdskapet", "maja")
    assert len(letters("complaint-receipt")) == 1
    assert "Ryggen har släppt." in client.get(f"/admin/bestallningar/{order.number}/").content.decode()


def test_the_last_day_to_complain_and_what_came_later_are_told(order):
    with time_machine.travel(NOON, tick=False):
        operations.deliver(order.shipments.get().pk, actor="maja", now=NOON)
    complaint = complained(order)
    Complaint.objects.update(received_at="2029-11-24T12:00:00Z")
    client = in_role("Ekonom")
    page = staff_page(client, complaint).content.decode()
    assert "Till och med 23 november 2029" in page
    assert "Kom för sent." in page
    assert "kom för sent" in client.get("/admin/bestallningar/reklamationer/").content.decode()


def test_the_list_costs_the_same_for_one_and_twenty(order, django_assert_num_queries):
    client = in_role("Ekonom")
    complained(order)
    client.get("/admin/bestallningar/reklamationer/")
    with django_assert_num_queries(20, exact=False) as few:
        client.get("/admin/bestallningar/reklamationer/")
    for number in range(19):
        Complaint.objects.create(order=OrderFactory(), fault=str(number), received_at=NOON)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get("/admin/bestallningar/reklamationer/")
