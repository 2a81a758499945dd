"""Places that cost: signed up and ordered in one step, on invoice, and both undone together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp
from cms.kalender.signing_up import Payer
from cms.kalender.tasks import tend_signups
from notifications.mail import build
from notifications.models import Message
from orders import operations
from orders.models import HistoryLine, Order, Shipment
from orders.operations import ending
from orders.staff import words
from shop import known
from shop.models import Product
from tests.factories import CompanyFactory, TermsFactory, pay
from tests.flows.test_last_copies import all_at_once
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import CANCELLED, FORM, GOING, OFFERED, QUEUED, sign_up, state, states, wish
from tests.kalender.test_signing_up_pages import words as seen

pytestmark = pytest.mark.django_db

ADDRESS = "/kalender/2026-12-10-grunderna/anmalan/"
PRICE = 195_000
DETAILS = {
    "buyer": "company",
    "organisation": "Björkviks Bygg AB",
    "organisation_number": "5599990008",
    "reference": "Karin Ek, 4410",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "53132",
    "city": "Björkvik",
    "method": "invoice",
}
THREE = "Karin Ek\nAnders Ek\nMona Ek"
INVOICED = {**FORM, **DETAILS, "payment": "invoice", "names": THREE, "shown_total": str(3 * PRICE)}


@pytest.fixture
def course(publish):
    """Ten seats at 1 950 kr."""
    CompanyFactory()
    TermsFactory()
    return publish(slug="2026-12-10-grunderna", signup=True, seats=10, place_price_ore=PRICE, title="Kurs")


def buy(event: EventPage, people: int = 1, *, method: str = "invoice", **facts: Any) -> SignUp:
    names = [f"Gäst {number}" for number in range(people)]
    payer = Payer(people * event.place_price.ore, {**DETAILS, "method": method})
    return sign_up(event, wish(names=names, payer=payer, **facts))


def order_of(signup: SignUp) -> Order:
    return Order.objects.get(number=SignUp.objects.get(pk=signup.pk).order_number)


# --- The page ------------------------------------------------------------------------------------
def test_the_form_tells_price_and_vat_and_its_button_binds_to_nothing(course, client):
    page = seen(client.get(ADDRESS))
    for told in (
        "Pris för varje plats, med moms 1 950,00 kr",
        "varav moms 25 % 390,00 kr",
        "Privatperson",
        "Gå vidare till summan",
    ):
        assert told in page.replace("\N{NO-BREAK SPACE}", " ")


def test_three_names_are_three_seats_and_one_order_to_the_öre(course, client):
    answer = client.post(ADDRESS, INVOICED)
    signup, order = SignUp.objects.get(), Order.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/order/{order.key}/")
    assert (signup.state, signup.order_number, signup.organisation) == (
        GOING,
        order.number,
        "Björkviks Bygg AB",
    )
    assert (order.state, order.method, order.email, order.total.ore) == (
        "confirmed",
        "invoice",
        KARIN,
        585_000,
    )
    assert [(row.sku, row.name, row.quantity, row.gross_ore) for row in order.lines.all()] == [
        (f"PLATS-{course.pk}", "Plats: Kurs, 10 december 2026", 3, 585_000)
    ]
    assert [(percent, net.ore, vat.ore) for percent, net, vat in order.vat_totals] == [(25, 468_000, 117_000)]
    assert order.invoices.count() == 1
    assert sorted(Message.objects.values_list("letter", flat=True)) == ["order-confirmation", "signup-going"]


def test_vat_is_reckoned_on_the_sum_with_the_event_s_rate(publish):
    CompanyFactory()
    event = publish(signup=True, place_price_ore=9_999, place_vat=6)
    signup = buy(event, 3)
    assert [(percent, vat.ore) for percent, _net, vat in order_of(signup).vat_totals] == [(6, 1_698)]


def test_nothing_is_packed_and_the_place_stands_on_no_shelf(course, client):
    order = order_of(buy(course))
    assert not Shipment.objects.exists()
    assert words.fulfilment(Order.objects.get()) == "Skickas inte"
    product = Product.objects.get()
    assert (product.kind, product.counted, product.weight_g, product.active) == ("event", False, 0, False)
    assert known.products([product.sku]) == {}
    answer = client.get(f"/order/{order.key}/")
    assert '<use href="#cal"/>' in answer.content.decode()
    page = seen(answer)
    assert "Platsen är bokad" in page
    for goods in ("I paketet", "Packas", "Skickad", "Levereras till", "Avbeställ", "Beställ samma igen"):
        assert goods not in page


def test_the_confirmation_speaks_of_places_and_of_no_parcel(course):
    buy(course)
    text = str(build(letters("order-confirmation")[0]).body)
    assert "platsen är bokad" in text
    assert "Vi skickar fakturan till" in text
    assert "paket" not in text.partition("BRA ATT SPARA")[0].lower()
    assert "frakt" not in text.lower()


def test_the_same_form_twice_is_one_sign_up_and_one_order(course, client):
    for _time in range(2):
        assert client.post(ADDRESS, INVOICED).status_code == 303
    assert (SignUp.objects.count(), Order.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("shown", "status"),
    [("", 200), ("-1", 200), ("585000.0", 200), ("9" * 40, 200), ("100", 422), (str(PRICE), 422)],
)
def test_another_sum_than_the_one_of_all_names_orders_nothing_and_shows_it(course, client, shown, status):
    answer = client.post(ADDRESS, {**INVOICED, "shown_total": shown})
    assert answer.status_code == status
    assert ("Det är en annan summa än den som visades förut." in seen(answer)) == (status == 422)
    assert "Björkviks Bygg AB" in answer.content.decode()
    assert not SignUp.objects.exists()
    assert not Order.objects.exists()


def test_a_form_without_a_payer_gets_no_paid_place(course):
    with pytest.raises(signing_up.OtherSum):
        sign_up(course)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"buyer": "private"}, "Välj hur du vill betala"),
        ({"payment": "klarna"}, "Välj hur du vill betala"),
        ({"payment": ""}, "Välj hur du vill betala"),
        ({"buyer": ""}, "Välj vem som handlar"),
        ({"organisation_number": "123"}, "rganisationsnummer"),
        ({"name": ""}, "Skriv namnet på den som betalar"),
        ({"address_line1": ""}, "Skriv gatuadress eller box"),
        ({"reference": ""}, "Skriv en referens"),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_is_kept(course, client, facts, sentence):
    answer = client.post(ADDRESS, {**INVOICED, **facts})
    assert answer.status_code == 422
    assert sentence in seen(answer)
    assert "Anders Ek" in answer.content.decode()
    assert not Order.objects.exists()


# --- The queue -----------------------------------------------------------------------------------
def test_who_queues_orders_nothing_and_pays_when_the_place_is_taken(course, client):
    going = buy(course, 10)
    waiting = buy(course, email=KARIN)
    assert (state(waiting), waiting.order_number, Order.objects.count()) == (QUEUED, "", 1)
    signing_up.cancel(going.pk, actor=Actor.GUEST, now=NOON)
    assert state(waiting) == OFFERED
    page = f"/anmalan/{waiting.key}/"
    told = seen(client.get(page))
    assert "Att betala, med moms 1 950,00 kr" in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "medför betalningsskyldighet" in told
    wrong = client.post(page, {"accept": "1", "shown_total": str(PRICE)})
    assert (wrong.status_code, state(waiting)) == (422, OFFERED)
    taken = {"accept": "1", **DETAILS, "payment": "invoice", "shown_total": str(PRICE)}
    for _time in range(2):
        assert client.post(page, taken).status_code == 303
    assert (state(waiting), Order.objects.count()) == (GOING, 2)
    assert order_of(waiting).total.ore == PRICE


# --- Undone --------------------------------------------------------------------------------------
def test_a_guest_who_cancels_gives_the_seat_back_and_staff_decide_on_the_money(course):
    signup = buy(course)
    signing_up.cancel(signup.pk, actor=Actor.GUEST, now=NOON)
    order = order_of(signup)
    assert (state(signup), order.state) == (CANCELLED, "confirmed")
    line = HistoryLine.objects.get(order=order, machine="places")
    assert words.happening(line) == "Platserna avanmälda, pengarna är ert beslut"


def test_an_order_that_is_called_off_gives_its_seats_to_the_next(course):
    going, waiting = buy(course, 10), buy(course)
    operations.cancel(order_of(going).pk, actor="anna", cause="fel", now=NOON)
    assert (state(going), state(waiting)) == (CANCELLED, OFFERED)
    assert not HistoryLine.objects.filter(machine="places").exists()


def test_a_customer_who_is_refused_has_no_seat(course):
    company = known.company()
    company.approve_new_invoice_buyers = True
    company.save()
    signup = buy(course)
    assert (state(signup), order_of(signup).state) == (GOING, "placed")
    operations.refuse(order_of(signup).pk, actor="anna", cause="okänd", now=NOON)
    assert state(signup) == CANCELLED


def test_a_cancelled_event_calls_its_orders_off_and_sends_back_what_was_paid(course, change):
    paid, unpaid = buy(course), buy(course)
    pay(order_of(paid))
    change(course, status="cancelled")
    for _beat in range(2):
        tend_signups()
    assert [order_of(one).state for one in (paid, unpaid)] == ["cancelled", "cancelled"]
    assert [row.amount.ore for row in order_of(paid).refunds.all()] == [PRICE]
    assert not order_of(unpaid).refunds.exists()
    assert states(course) == {CANCELLED: 2}
    assert {str(build(letter).subject) for letter in letters("cancelled")} == {
        f"Avbeställd: {order_of(one).number} (Plats: Kurs, 10 december 2026)" for one in (paid, unpaid)
    }


# --- At once -------------------------------------------------------------------------------------
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_guest_who_cancels_while_staff_call_the_order_off_gives_one_seat_back(course, monkeypatch):
    """Each is held up with its first row locked until the other has one too, or for a second."""
    monkeypatch.setattr("notifications.outbox.nudge", lambda _pk: None)
    going, waiting = buy(course, 10), [buy(course, 6), buy(course, 6)]
    number, meeting = order_of(going).pk, threading.Barrier(2)
    for module in (signing_up, ending):
        monkeypatch.setattr(module, "lock", partial(met, module.lock, meeting))
    all_at_once(
        [
            lambda: signing_up.cancel(going.pk, actor=Actor.GUEST, now=NOON),
            lambda: operations.cancel(number, actor="anna", cause="fel", now=NOON),
        ]
    )
    assert (state(going), order_of(going).state) == (CANCELLED, "cancelled")
    assert sorted(state(one) for one in waiting) == sorted([OFFERED, QUEUED])


def met(lock: Callable[[int], Any], meeting: threading.Barrier, pk: int) -> Any:
    locked = lock(pk)
    with suppress(threading.BrokenBarrierError):
        meeting.wait(timeout=1)
    return locked
