"""Reklamera: told from the order's page or over the phone, kept with its time, answered by staff."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from notifications.models import Message
from orders import operations
from orders.models import Complaint, Order
from orders.states import WrongState
from shop.limit_table import Limit
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory
from tests.shopping import text, title
from tests.staff import in_role, logged_in

pytestmark = pytest.mark.django_db

TOLD = {"rows": ["0"], "fault": "Sidorna 9 till 12 saknas.", "wish": "new"}


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
        ({"rows": []}, "Välj vilka varor det gäller."),
        ({"rows": ["7"]}, "Välj vilka varor det gäller."),
        ({"rows": ["\x00"]}, "Välj vilka varor det gäller."),
        ({"fault": ""}, "Skriv vad som är fel, så att vi förstår."),
        ({"fault": "x" * 10_000}, "Skriv högst 2000 tecken"),
        ({"fault": "\x00"}, ""),
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
    page = client.post(address, {"rows": ["1"], "fault": "", "wish": "new"}).content.decode()
    assert "Skriv vad som är fel." in page
    client.post(address, {"rows": ["1"], "fault": "Ryggen har släppt.", "wish": "money"})
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
