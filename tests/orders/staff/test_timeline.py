"""One list of everything that has happened to an order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from notifications.models import Message
from notifications.tasks import send_message
from orders import operations
from orders.models import Order
from orders.staff import timeline
from tests.factories import NOON, OrderFactory
from tests.staff import in_role, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_message, "delay", lambda _pk: None)


def page(role: str, order: Order) -> tuple[Any, str]:
    client = in_role(role)
    answer = client.get(reverse("order_staff:order", args=[order.number]))
    assert answer.status_code == 200
    return client, answer.content.decode().partition('id="historik')[2]


def entries(order: Order, role: str = "Ägare") -> list[timeline.Entry]:
    user = in_role(role).get("/admin/").wsgi_request.user
    return timeline.of(Order.objects.whole().get(pk=order.pk), user)


def test_moves_money_notes_and_letters_stand_in_one_list_newest_first():
    order = OrderFactory(sent=True)
    operations.write_note(order, "Ringde Karin", actor="maja", now=NOON + timedelta(days=400))
    found = entries(order)
    assert [entry.at for entry in found] == sorted((entry.at for entry in found), reverse=True)
    told = [entry.what for entry in found]
    assert told[0] == "Anteckning"
    for what in (
        "Avtal: Lagd → Bekräftad",
        "Inbetalning bokförd",
        "Försändelse: Packad → Skickad",
        "Orderbekräftelse",
        "Paketet är skickat",
    ):
        assert told.count(what) == 1, what
    booked = next(entry for entry in found if entry.what == "Inbetalning bokförd")
    assert (booked.amount, booked.who) == (order.total.exact(), "test")
    assert told.index("Paketet är skickat") < told.index("Orderbekräftelse")


def test_a_sum_is_for_those_who_see_money_alone():
    order = OrderFactory(paid=True)
    assert [bool(entry.amount) for entry in entries(order, "Packare") if entry.icon == "order"][-1:] == [
        False
    ]
    assert any(entry.amount for entry in entries(order, "Ekonom"))


def test_a_failed_letter_is_marked_and_sent_again_from_the_order():
    order = OrderFactory(paid=True)
    letter = Message.objects.get(about=order.number)
    Message.objects.filter(pk=letter.pk).update(
        state="failed", tries=3, error="SMTPServerDisconnected: <b>nej</b>"
    )
    client, html = page("Packare", order)
    for words in (
        "Misslyckat",
        "3 försök",
        "SMTPServerDisconnected: &lt;b&gt;nej",
        reverse("letters_staff:message", args=[letter.pk]),
    ):
        assert words in html
    back = reverse("order_staff:order", args=[order.number])
    posted = {"seen": letter.next_try_at.isoformat(), "next": back}
    answer = client.post(reverse("letters_staff:send_again", args=[letter.pk]), posted)
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert Message.objects.get(pk=letter.pk).state == "waiting"


def test_a_button_leads_nowhere_outside():
    order = OrderFactory(paid=True)
    letter = Message.objects.get(about=order.number)
    Message.objects.filter(pk=letter.pk).update(state="failed")
    posted = {"seen": letter.next_try_at.isoformat(), "next": "https://evil.example/"}
    answer = in_role("Packare").post(reverse("letters_staff:send_again", args=[letter.pk]), posted)
    assert answer["Location"].startswith("/admin/brev/")


def test_who_may_not_read_letters_sees_that_they_went_and_no_way_to_them():
    order = OrderFactory(paid=True)
    Message.objects.update(state="failed")
    html = (
        logged_in("orders.view_order").get(reverse("order_staff:order", args=[order.number])).content.decode()
    )
    assert "Orderbekräftelse" in html
    assert "/admin/brev/utskick/" not in html
