"""The order's own page."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from orders import operations
from orders.models import Order, Payment, Shipment, Withdrawal
from orders.states import InvoiceState, Parcel
from shop.models import FreightMethod
from shop.money import Money
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory
from tests.shopping import sums, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    CompanyFactory()
    FreightFactory(hint="Levereras inom 2–4 vardagar")


def page_of(order: Order, client: Client | None = None):
    answer = (client or Client()).get(f"/order/{order.key}/")
    assert answer.status_code == 200
    return answer


def steps(answer) -> list[tuple[str, str]]:
    """The five rows: (state, title)."""
    rows = re.findall(r'<li class="(done|now|todo)".*?<h3>(.*?)(?:<span|</h3>)', answer.content.decode())
    assert len(rows) == 5
    return rows


def refund(order: Order, ore: int) -> None:
    Payment.objects.create(
        order=order,
        kind="refund",
        method="card",
        amount_ore=ore,
        reference=f"re_{ore}",
        at=NOON,
        actor="test",
    )


def test_an_unknown_key_is_404():
    for key in ("x", "nix" * 20, "%00", "ö"):
        assert Client().get(f"/order/{key}/").status_code == 404
        assert Client().get(f"/order/{key}/kvitto.pdf").status_code == 404


def test_the_page_is_for_its_buyer_alone():
    answer = page_of(OrderFactory())
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


def test_an_unpaid_order_waits_and_shows_the_way_to_pay():
    order = OrderFactory()
    answer = page_of(order)
    assert steps(answer)[:2] == [("done", "Mottagen"), ("now", "Väntar på betalning")]
    assert f'href="/kassa/vantar/{order.key}/"' in answer.content.decode()
    assert "kvitto.pdf" not in answer.content.decode()


def test_a_paid_order_is_to_be_packed():
    answer = page_of(OrderFactory(paid=True))
    assert steps(answer) == [
        ("done", "Mottagen"), ("done", "Betald"), ("now", "Packas"), ("todo", "Skickad"), ("todo", "Framme"),
    ]  # fmt: skip
    assert "Måndag 23 november, 12.00" in text(answer)
    assert "Levereras inom 2–4 vardagar" in text(answer)
    assert "kvitto.pdf" in answer.content.decode()


def test_an_order_on_invoice_says_where_the_invoice_goes():
    order = OrderFactory(on_invoice=True)
    answer = page_of(order)
    assert steps(answer)[1:3] == [("todo", "Faktura skickas"), ("now", "Packas")]
    assert f"Som e-faktura till 0007:{order.organisation_number}, 30 dagar" in text(answer)
    assert "Björkviks kommun Karin Ek Storgatan 12 531 32 Björkvik" in text(answer)
    company = OrderFactory(on_invoice=True, buyer="company")
    assert f"Som PDF till {company.email}, 30 dagar" in text(page_of(company))


def test_a_packed_and_a_sent_parcel_move_the_row_on():
    assert steps(page_of(OrderFactory(packed=True)))[2:4] == [("done", "Packad"), ("now", "Skickas")]
    answer = page_of(OrderFactory(sent=True))
    assert steps(answer)[3:] == [("done", "Skickad"), ("now", "Framme")]
    assert "Spårningsnummer 373500489530470000" in text(answer)


def test_few_tracking_numbers_stand_in_a_sentence_once_each_and_many_in_a_list():
    order = OrderFactory(sent=True)
    sent(order, "373500489530470000")  # the rest of a parcel that was split when some came back
    assert text(page_of(order)).count("373500489530470000") == 1
    sent(order, "373500489530470001")
    assert "Spårningsnummer 373500489530470000, 373500489530470001" in text(page_of(order))
    FreightMethod.objects.update(tracking_url="https://tracking.postnord.com/se/?id={number}")
    sent(order, "373500489530470002")
    sent(order, "373500489530470003")
    words = text(page_of(order))
    assert "4 paket" in words
    assert words.count("373500489530470001") == 1


def sent(order: Order, number: str) -> None:
    Shipment.objects.create(order=order, state=Parcel.SENT, tracking_number=number, sent_at=NOON)


def test_a_second_parcel_makes_it_sent_in_part():
    order = OrderFactory(sent=True)
    Shipment.objects.create(order=order)
    answer = page_of(order)
    assert ("now", "Delvis skickad") in steps(answer)
    assert "En del av beställningen är på väg. Resten följer." in text(answer)


def test_what_has_arrived_is_no_longer_said_to_be_on_its_way():
    order = OrderFactory(sent=True)
    first = order.shipments.get()
    sent(order, "373500489530470001")
    assert "Paketen är på väg till dig." in text(page_of(order))
    Shipment.objects.filter(pk=first.pk).update(state=Parcel.DELIVERED)
    assert "En del av beställningen är framme. Resten är på väg." in text(page_of(order))
    order.shipments.exclude(pk=first.pk).update(state=Parcel.PACKED)
    shown = text(page_of(order))
    assert "En del av beställningen är framme. Resten följer." in shown
    assert "är på väg" not in shown


def test_each_tracking_number_stands_by_the_address_that_its_parcel_goes_to():
    FreightMethod.objects.update(tracking_url="https://tracking.postnord.com/se/?id={number}")
    order = OrderFactory(on_invoice=True)
    numbers = {"Reception": "373500489530470001", "Kök": "373500489530470002", "Spa": ""}
    order.shipments.all().delete()
    for place, (unit, number) in enumerate(numbers.items(), start=1):
        where = order.deliveries.create(
            position=place,
            unit=unit,
            name="Eva Ek",
            address_line1="Gatan 1",
            postal_code="53132",
            city="Björkvik",
        )
        state = Parcel.SENT if number else Parcel.PACKED
        Shipment.objects.create(order=order, delivery=where, state=state, tracking_number=number)
    order.shipments.filter(delivery__unit="Kök").update(state=Parcel.DELIVERED)
    page = page_of(order)
    shown = text(page)
    assert shown.index("Reception") < shown.index("373500489530470001") < shown.index("Kök")
    assert shown.index("Kök") < shown.index("373500489530470002") < shown.index("Spa")
    assert "Inte skickad än" in shown.partition("Spa")[2]
    assert shown.count("373500489530470001") == 1
    assert "Spårningsnumren står vid adresserna." in shown
    assert "id=373500489530470001" in page.content.decode()


def test_a_delivered_parcel_ends_the_road():
    order = OrderFactory(sent=True)
    order.shipments.update(state=Parcel.DELIVERED)
    assert [state for state, _title in steps(page_of(order))] == ["done"] * 5


def test_a_cancelled_order_says_what_happens_to_the_money():
    unpaid, paid = OrderFactory(), OrderFactory(paid=True)
    for order in (unpaid, paid):
        operations.cancel(order.pk, actor="test", cause="ångrat sig", now=NOON)
    assert ("now", "Avbeställd") in steps(page_of(unpaid))
    assert "Inget skickas och inget ska betalas." in text(page_of(unpaid))
    assert "Vi betalar tillbaka 104 kr samma väg som de kom." in text(page_of(paid))


def test_a_cancelled_order_says_where_it_was_to_go_and_offers_nothing_to_withdraw_from():
    order = OrderFactory(paid=True)
    before = page_of(order).content.decode()
    operations.cancel(order.pk, actor="test", cause="ångrat sig", now=NOON)
    after = page_of(order)
    for promise in ("Levereras till", f"/angra/?order={order.key}"):
        assert promise in before
        assert promise not in after.content.decode()
    assert "Skulle till" in text(after)


def test_what_was_called_off_lies_in_no_parcel():
    order = OrderFactory(paid=True)
    assert "I paketet" in text(page_of(order))
    operations.cancel(order.pk, actor="test", cause="ångrat sig", now=NOON)
    assert "I paketet" not in text(page_of(order))
    assert "Det gällde" in text(page_of(order))


def test_an_organisation_that_may_only_call_off_is_offered_no_empty_place_beside_it():
    page = text(page_of(OrderFactory(on_invoice=True)))
    assert "Avbeställ" in page
    assert "Avbeställ ·" not in page


def test_swish_is_a_name_and_a_card_is_not():
    assert "Med Swish" in text(page_of(OrderFactory(method="swish", paid=True)))
    assert "Med kort" in text(page_of(OrderFactory(paid=True)))


def test_a_refund_is_told_whole_and_in_part():
    order = OrderFactory(paid=True)
    refund(order, 50_00)
    assert "Vi har betalat tillbaka 50 kr av 104 kr." in text(page_of(order))
    refund(order, 54_00)
    assert "Vi har betalat tillbaka hela summan, 104 kr." in text(page_of(order))


def test_an_invoice_that_is_sent_is_told():
    order = OrderFactory(on_invoice=True)
    assert "Faktura skickas" in text(page_of(order))
    order.invoices.update(state=InvoiceState.ISSUED)
    assert "Faktura skickad" in text(page_of(order))


def test_the_sums_are_those_that_were_agreed_on():
    order: Order = OrderFactory(lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1}, paid=True)
    line = order.lines.get(sku="SKRIFTEN")
    line.product.name, line.product.price_ore = "Annat namn", 99_00
    line.product.save()
    answer = page_of(order)
    assert sums(answer) == {
        "Varor": "1 719,00 kr",
        "Frakt": "Fri",
        "Betalt": "1 719,00 kr",
        "varav moms 6 %": "97,30 kr",
    }
    assert "Annat namn" not in text(answer)


def test_no_name_of_staff_stands_on_the_page():
    order = OrderFactory(paid=True)
    operations.pack(order.shipments.get().pk, actor="anders", now=NOON)
    assert "anders" not in text(page_of(order)).lower()


def test_the_print_view_says_how_to_print():
    answer = Client().get(f"/order/{OrderFactory().key}/?utskrift=1")
    assert "Tryck Ctrl+P" in text(answer)


def test_a_receipt_exists_when_the_money_has_come():
    assert Client().get(f"/order/{OrderFactory().key}/kvitto.pdf").status_code == 404
    answer = Client().get(f"/order/{OrderFactory(paid=True).key}/kvitto.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("remembering")
@pytest.mark.parametrize("lines", [1, 20])
def test_the_page_costs_the_same_queries_however_long_the_order_is(lines, django_assert_max_num_queries):
    order = OrderFactory(lines={f"RAD-{row}": 1 for row in range(lines)}, paid=True)
    page_of(order)
    with django_assert_max_num_queries(14):
        page_of(order)


def test_a_withdrawn_order_says_so_first_of_all():
    order = OrderFactory(paid=True)
    number = str(order.number)
    operations.withdraw(operations.Statement("Någon annan", number, "annan@example.com"), now=NOON)
    assert "ånger" not in text(page_of(order)).partition("Så långt")[0]
    operations.withdraw(operations.Statement(order.name, number, order.email), now=NOON)
    shown = text(page_of(order))
    assert "Vi har tagit emot din ånger" in shown
    assert "Den kom 23 november 2026, 12.00." in shown


def test_a_sent_order_is_on_its_way_and_no_longer_just_received():
    order = OrderFactory(sent=True)
    shown = text(page_of(order))
    assert "Paketet är på väg till dig." in shown
    assert "En bekräftelse är på väg" not in shown


def test_a_part_payment_shows_what_is_left():
    order = OrderFactory(on_invoice=True)
    left = order.total.ore - 1000
    Payment.objects.create(
        order=order,
        kind="payment",
        method="invoice",
        amount_ore=1000,
        reference="BG 1",
        at=NOON,
        actor="test",
    )
    assert sums(page_of(order))["Kvar att betala"] == Money(left).exact().replace("\xa0", " ")


def test_another_invoice_address_is_shown_beside_where_the_parcel_goes():
    order = OrderFactory(
        on_invoice=True,
        organisation="Björkviks kommun",
        invoice_name="Ekonomi",
        invoice_address_line1="Box 12",
        invoice_postal_code="53188",
        invoice_city="Björkvik",
    )
    assert "Fakturaadress: Ekonomi, Box 12, 531 88 Björkvik" in text(page_of(order))


# --- Withdrawals and money on its way back ----------------------------------------------------------
def withdrawn(order: Order, email: str = "") -> Withdrawal:
    stated = operations.Statement(order.name, str(order.number), email or order.email)
    return operations.withdraw(stated, now=NOON)


def test_each_state_of_the_buyers_own_notice_is_told():
    order = OrderFactory(sent=True)
    notice = withdrawn(order)
    operations.await_goods(notice.pk, actor="eva", now=NOON)
    assert "Skicka dem till oss senast 7 december 2026." in text(page_of(order))
    operations.goods_proven(notice.pk, actor="maja", now=NOON)
    assert "Nu räknar vi ut vad du får tillbaka." in text(page_of(order))
    operations.refund_withdrawal(notice.pk, {order.lines.get().pk: 1}, actor="eva", now=NOON)
    shown = text(page_of(order))
    assert "Vi betalar tillbaka 104 kr samma väg som du betalade." in shown
    assert "Din ånger från 23 november 2026 är godtagen. Den gäller 1 × Skriften om värdskap." in shown


def test_a_refusal_is_told_without_its_reason_and_another_persons_not_at_all():
    order = OrderFactory(sent=True)
    for email in (order.email, "annan@example.com"):
        operations.refuse_withdrawal(withdrawn(order, email).pk, "Hemligt skäl.", actor="eva", now=NOON)
    shown = text(page_of(order))
    assert shown.count("är inte godtagen") == 1
    assert "Hemligt" not in shown


def test_a_part_that_went_back_is_not_asked_for_again_and_the_receipt_stays():
    order = OrderFactory(lines={"SKRIFTEN": 2}, sent=True)
    refund(order, 55_00)
    answer = page_of(order)
    assert "Kvar att betala" not in text(answer)
    assert ("done", "Betald") in steps(answer)
    assert "kvitto.pdf" in answer.content.decode()


def test_a_refund_that_bounced_is_told_as_one_that_did():
    order = OrderFactory(paid=True)
    operations.cancel(order.pk, actor="test", cause="ångrat sig", now=NOON)
    order.refunds.update(state="failed")
    assert "Återbetalningen gick inte igenom" in text(page_of(order))


def test_a_cancelled_order_that_nobody_paid_asks_for_nothing():
    order = OrderFactory()
    operations.cancel(order.pk, actor="test", cause="ångrat sig", now=NOON)
    assert "Att betala" not in text(page_of(order))
