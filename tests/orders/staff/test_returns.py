"""Paid goods that come back without a notice: somebody decides on the money, and the buyer is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from orders import operations
from orders.models import Order, Refund, Shipment
from orders.states import WrongState
from shop.money import Money
from tests.factories import NOON, OrderFactory
from tests.shopping import text
from tests.staff import in_role
from tests.test_roles import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_house")]


def returned(**facts: Any) -> Shipment:
    """A parcel of two copies that came back whole."""
    order: Order = OrderFactory(sent=True, lines={"SKRIFTEN": 2}, **facts)
    parcel: Shipment = order.shipments.get()
    copies = dict(parcel.lines.values_list("line", "quantity"))
    operations.take_back(parcel.pk, restock=copies, write_off={}, actor="eva", now=NOON)
    return parcel


def settle(client: Client, parcel: Shipment, gor: str, amount: str = "", reason: str = "") -> str:
    page = f"/admin/bestallningar/{parcel.order.number}/forsandelse/{parcel.pk}/avgjord/"
    return text_of(client.post(page, {"gor": gor, "amount": amount, "reason": reason}, follow=True))


def buyer_reads(parcel: Shipment) -> str:
    return text(Client().get(f"/order/{parcel.order.key}/"))


def test_the_start_page_leads_to_the_return_and_names_what_the_goods_cost():
    parcel = returned()
    words = f"Avgör returen för {parcel.order.number}, 110,00 kr"
    economist = in_role("Ekonom")
    assert words in text_of(economist.get("/admin/"))
    assert words not in text_of(in_role("Packare").get("/admin/"))
    page = economist.get(f"/admin/bestallningar/{parcel.order.number}/")
    assert "Avgör returen" in text_of(page)
    assert 'value="110"' in page.content.decode()
    listed = economist.get("/admin/bestallningar/?money=returned")
    assert str(parcel.order.number) in text_of(listed)


def test_the_packer_reads_who_decides():
    parcel = returned()
    page = in_role("Packare").get(f"/admin/bestallningar/{parcel.order.number}/")
    assert "Ekonomen eller ägaren avgör vad köparen får tillbaka." in text_of(page)


def test_until_it_is_decided_the_buyer_reads_that_it_will_be():
    assert "ser vad du ska få tillbaka" in buyer_reads(returned())


def test_money_is_paid_back_once_and_the_duty_is_gone():
    parcel, client = returned(), in_role("Ekonom")
    assert "betalas tillbaka" in settle(client, parcel, "back", amount="100,50")
    assert "Returen är redan avgjord." in settle(client, parcel, "back", amount="10")
    assert Refund.objects.get().amount == Money(100_50)
    assert "Avgör returen" not in text_of(client.get("/admin/"))
    assert "Vi betalar tillbaka 100,50 kr" in buyer_reads(parcel)


def test_money_is_kept_for_a_reason_that_the_buyer_reads():
    parcel, client = returned(), in_role("Ekonom")
    assert "Skriv varför pengarna behålls." in settle(client, parcel, "keep")
    assert "Pengarna behålls." in settle(client, parcel, "keep", reason="Böckerna var skadade")
    assert not Refund.objects.exists()
    assert "Avgör returen" not in text_of(client.get("/admin/"))
    assert "Vi betalar inte tillbaka: Böckerna var skadade" in buyer_reads(parcel)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [("", "Beloppet ska vara större än noll."), ("900", "kan betalas tillbaka."), ("x", "Skriv ett belopp")],
)
def test_a_sum_that_cannot_be_is_answered(amount, sentence):
    parcel = returned()
    assert sentence in settle(in_role("Ekonom"), parcel, "back", amount=amount)
    assert Order.objects.get().returns_to_settle == [parcel]


def test_a_return_is_settled_by_its_notice_when_there_is_one():
    parcel = returned()
    said = operations.Statement("Karin Ek", str(parcel.order.number), parcel.order.email)
    notice = operations.withdraw(said, now=NOON + timedelta(hours=1))
    assert not Shipment.objects.to_settle().exists()
    assert Order.objects.get().returns_to_settle == []
    operations.refuse_withdrawal(notice.pk, "För sent", actor="eva", now=NOON)
    assert list(Shipment.objects.to_settle()) == Order.objects.get().returns_to_settle == [parcel]


def test_nothing_is_to_decide_of_an_unpaid_invoice_or_of_a_parcel_that_is_out():
    returned(on_invoice=True)
    assert not Shipment.objects.to_settle().exists()
    out: Shipment = OrderFactory(sent=True).shipments.get()
    with pytest.raises(WrongState):
        operations.settle_return(out.pk, amount=Money(1), reason="", actor="eva", now=NOON)
