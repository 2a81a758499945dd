"""The page between "beställ" and "betald"."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from notifications.mail import build
from notifications.models import Message
from orders import operations
from orders.models import Order
from orders.payments.begin import begin
from orders.payments.kinds import Unavailable
from orders.states import Attempt
from orders.views import paying
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory
from tests.shopping import text

pytestmark = pytest.mark.django_db

REFRESH = b'<noscript><meta http-equiv="refresh" content="5"></noscript>'


@pytest.fixture(autouse=True)
def shop():
    CompanyFactory()
    FreightFactory()


def waiting(method: str = "swish") -> Order:
    order: Order = OrderFactory(method=method)
    begin(order, now=NOON)
    return order


def look(order: Order, query: str = "", *, after: timedelta = timedelta(seconds=20)):
    with time_machine.travel(NOON + after, tick=False):
        return Client().get(f"/kassa/vantar/{order.key}/{query}")


def post(order: Order, **data: str):
    with time_machine.travel(NOON + timedelta(seconds=20), tick=False):
        return Client().post(f"/kassa/vantar/{order.key}/", data)


def pay(order: Order) -> None:
    Client().post(order.attempts.latest("pk").url, {"action": "pay"})


def test_an_unknown_key_is_404():
    assert Client().get("/kassa/vantar/nix/").status_code == 404
    assert Client().get("/kassa/vantar/%00/").status_code == 404


def test_swish_is_waited_for_and_the_page_asks_by_itself():
    answer = look(waiting())
    assert "Öppna Swish och godkänn 104 kr" in text(answer)
    assert "Jag har godkänt" in text(answer)
    assert REFRESH in answer.content
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_asking_can_be_stopped():
    answer = look(waiting(), "?stilla=1")
    assert REFRESH not in answer.content
    assert b"data-waiting" not in answer.content


def test_after_three_minutes_swish_has_timed_out():
    answer = look(waiting(), after=timedelta(minutes=3, seconds=1))
    assert "Betalningen hann gå ut Inget har dragits." in text(answer)
    assert REFRESH not in answer.content
    assert "Försök igen" in text(answer)


def test_who_comes_from_the_letter_is_invited_to_pay_and_not_asked_to_try_again():
    order: Order = OrderFactory()
    shown = text(look(order))
    assert "Betala din beställning" in shown
    assert "Betala 104 kr" in shown
    assert "Försök igen" not in shown
    assert "inte hört av" not in shown


def test_a_card_may_take_longer():
    answer = look(waiting("card"), after=timedelta(minutes=4))
    assert "Vi har inte hört av betalningen än" in text(answer)
    assert REFRESH not in answer.content


def test_money_that_has_come_leads_to_the_order():
    order = waiting()
    pay(order)
    answer = look(order)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/order/{order.key}/")


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        ("swish", "Du avbröt i Swish. Varorna ligger kvar, inget har dragits."),
        ("klarna", "Du avbröt hos Klarna. Varorna ligger kvar, inget har dragits."),
        ("card", "Du avbröt betalningen. Varorna ligger kvar, inget har dragits."),
    ],
)
def test_who_comes_back_without_paying_is_told_that_nothing_is_lost(method, sentence):
    answer = look(waiting(method), "?avbruten=1")
    assert sentence in text(answer)
    assert "Försök igen" in text(answer)


@pytest.mark.parametrize("query", ["", "?avbruten=1", "?fel=1"])
def test_the_page_says_how_long_the_goods_are_held(query):
    page = text(look(waiting("card"), query))
    assert "Vi håller varorna åt dig till måndag 23 november klockan 12.30. Sedan går de tillbaka" in page


def test_who_wants_to_pay_later_is_mailed_the_way_back_once_and_nothing_is_held_longer_for_it():
    order = waiting("card")
    held = Order.objects.get().reserved_until
    answers = [post(order, do="mail") for _time in range(3)]
    assert {answer.headers["Location"] for answer in answers} == {f"/kassa/vantar/{order.key}/?mejlat=1"}
    page = text(look(order, "?mejlat=1"))
    assert "Länken är mejlad till dig" in page
    assert "Försök igen" in page
    (letter,) = Message.objects.filter(letter="pay-again")
    assert letter.to == order.email
    assert f"/kassa/vantar/{order.key}/" in str(build(letter).body)
    assert Order.objects.get().reserved_until == held


def test_nothing_is_mailed_of_an_order_that_is_paid_or_no_longer_held():
    paid, late = waiting("card"), waiting("card")
    pay(paid)
    assert post(paid, do="mail").headers["Location"].startswith(f"/order/{paid.key}/")
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        answer = Client().post(f"/kassa/vantar/{late.key}/", {"do": "mail"}, follow=True)
    assert "Beställningen gäller inte längre" in text(answer)
    assert not Message.objects.filter(letter="pay-again").exists()


def test_a_declined_card_is_told_and_another_way_offered():
    order = waiting("card")
    operations.close_attempt(order.attempts.get().pk, Attempt.FAILED, cause="nekat", now=NOON)
    page = text(look(order))
    assert "Kortet gick inte igenom. Inget har dragits. Prova igen eller välj ett annat sätt." in page
    assert "Swish" in page
    assert "Klarna" in page


def test_another_way_to_pay_opens_another_payment_page():
    order = waiting("card")
    first = order.attempts.get().url
    answer = post(order, do="pay", payment="swish")
    assert answer.status_code == 303
    assert answer.headers["Location"] != first
    assert Order.objects.get().method == "swish"


@pytest.mark.parametrize("method", ["invoice", "bitcoin", "\x00", ""])
def test_a_way_to_pay_that_is_not_this_buyers_is_as_before(method):
    order = waiting("card")
    assert post(order, do="pay", payment=method).headers["Location"] == order.attempts.get().url
    assert Order.objects.get().method == "card"


def test_an_organisation_is_not_offered_klarna_nor_the_invoice():
    order = OrderFactory(buyer="company", organisation="AB", organisation_number="5599990008", reference="K")
    begin(order, now=NOON)
    page = text(look(order))
    assert "Klarna" not in page
    assert "Faktura" not in page


def test_a_paid_order_cannot_be_called_off_here():
    order = waiting()
    pay(order)
    answer = post(order, do="cancel")
    assert answer.headers["Location"] == f"/order/{order.key}/?redan=1"
    assert Order.objects.get().state == "confirmed"


def test_a_lapsed_order_says_so_and_leads_back():
    order = waiting()
    operations.cancel(order.pk, actor="systemet", cause="för sent", now=NOON)
    page = look(order)
    assert "Betalningen hann gå ut. Inget har dragits." in text(page)
    assert 'href="/kassa/"' in page.content.decode()
    assert "Försök igen" not in text(page)


def test_an_order_whose_time_is_over_lapses_when_its_buyer_looks():
    order = waiting()
    page = text(look(order, after=timedelta(minutes=31)))
    assert "Beställningen gäller inte längre" in page
    assert Order.objects.get().state == "cancelled"


def test_money_that_came_just_before_the_end_is_not_lost():
    order = waiting()
    pay(order)
    answer = look(order, after=timedelta(minutes=31))
    assert answer.headers["Location"] == f"/order/{order.key}/"


def test_an_outage_when_trying_again_is_told(monkeypatch):
    def unavailable(*_args: object, **_options: object) -> str:
        raise Unavailable("inget svar")

    order = waiting()
    monkeypatch.setattr(paying, "begin", unavailable)
    answer = post(order, do="pay")
    assert answer.headers["Location"] == f"/kassa/vantar/{order.key}/?fel=1"
    assert "Betalningen gick inte att öppna" in text(look(order, "?fel=1"))


def test_another_site_cannot_call_an_order_off():
    order = waiting()
    answer = Client().post(
        f"/kassa/vantar/{order.key}/", {"do": "cancel"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert Order.objects.get().state == "placed"
