"""A buyer, the shop and Stripe as three parties that only speak HTTP with each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
from django.utils import timezone

from notifications.models import Message
from orders.models import Dispute, Order, Payout, StripeEvent
from orders.payments import comparing
from tests.factories import CompanyFactory, FreightFactory, ProductFactory, TermsFactory
from tests.stack import CARD, Visitor, wait_until
from tests.stripe_fake import StripeServer
from tests.stripe_fake.delivery import Delivery
from tests.stripe_fake.webhooks import PATH

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _catalogue():
    CompanyFactory()
    TermsFactory()
    FreightFactory()
    ProductFactory(skriften=True)
    ProductFactory(book=True)


@pytest.fixture
def site(live_site, stripe_server):
    """Starts the shop against the fake; its address."""

    def start() -> str:
        return str(
            live_site(
                STRIPE_SECRET_KEY=stripe_server.api_key,
                STRIPE_WEBHOOK_SECRET=stripe_server.webhook_secret,
                STRIPE_API_BASE=stripe_server.url,
            )
        )

    return start


def checkout(url: str) -> tuple[Visitor, requests.Response]:
    """A buyer who has ordered 30 + 1 by card, and the page that came then."""
    visitor = Visitor(url)
    visitor.put_in_basket(SKRIFTEN=30, DET_GODA_VARDSKAPET=1)
    return visitor, visitor.order(CARD)


def only_order() -> Order:
    return Order.objects.get()


def assert_paid_once(stripe: StripeServer, order: Order) -> None:
    order.refresh_from_db()
    assert (order.state, order.payment_word) == ("confirmed", "paid")
    assert stripe.service.report()["by_order"][order.number] == order.total.ore
    assert Message.objects.filter(letter="order-confirmation", about=order.number).count() == 1


def test_a_buyer_pays_and_comes_back_to_a_paid_order_whether_stripe_tells_of_it_or_not(site, stripe_server):
    url = site()
    for told in (False, True):
        stripe_server.webhook_url = url + PATH if told else ""
        visitor, page = checkout(url)
        order = Order.objects.latest("pk")
        assert page.url.startswith(f"{stripe_server.url}/pay/"), page.text[:300]
        back = visitor.post(page.url, action="pay")
        assert (back.status_code, f"/order/{order.key}/" in back.url) == (200, True)
        assert_paid_once(stripe_server, order)
        assert StripeEvent.objects.count() == int(told)


class Controls:
    """What buyers, banks and the dashboard do, by the fake's own addresses; its events come late and twice."""

    def __init__(self, stripe: StripeServer, url: str) -> None:
        self.home = stripe.url
        self.delivery = Delivery(
            url + PATH, stripe.webhook_secret, seed=7, lost=0, doubled=0.5, late=0.5, longest=1
        )
        stripe.service.carrier = self.delivery.start().carry

    def press(self, name: str, **fields: object) -> dict[str, Any]:
        answer = requests.post(f"{self.home}/_control/{name}", fields, timeout=10)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def report(self) -> dict[str, Any]:
        return dict(requests.get(f"{self.home}/_report", timeout=10).json())

    def all_brought(self) -> list[int]:
        wait_until(self.delivery.is_idle, within=60, what="all events brought")
        self.delivery.stop()
        return self.delivery.answers


def test_what_becomes_of_the_money_is_told_in_disorder_and_comes_out_right(site, stripe_server):
    url = site()
    hands = Controls(stripe_server, url)
    _visitor, page = checkout(url)
    session = page.url.rpartition("/")[2]
    hands.press("pay", session=session)
    intent = stripe_server.service.session(session)["payment_intent"]
    refund = hands.press("refund", intent=intent, amount=100_00)["events"][0]["data"]["object"]["id"]
    hands.press("refund", intent=intent, amount=50_00)
    hands.press("fail_refund", refund=refund)
    dispute = hands.press("dispute", intent=intent, amount=10_00)["events"][0]["data"]["object"]["id"]
    hands.press("close_dispute", dispute=dispute, status="lost")
    hands.press("pay_out", amount=900_00)
    answers = hands.all_brought()
    assert set(answers) == {200}
    assert len(answers) > StripeEvent.objects.count() == len(stripe_server.service.events)
    order = only_order()
    assert order.state == "confirmed"
    assert order.refunded.ore == hands.report()["sent_back_by_order"][order.number] == 60_00
    assert (Dispute.objects.get().status, Payout.objects.get().amount_ore) == ("lost", 900_00)
    assert comparing.compare(now=timezone.now() + timedelta(hours=1)) == []


@pytest.mark.chaos
def test_a_restart_in_the_middle_of_a_payment_loses_nothing(site, live_site, stripe_server):
    """The answer with the payment page is lost, the shop is killed, Stripe's event finds it dead."""
    stripe_server.fail("create", drop=True, after_commit=True)
    _visitor, page = checkout(site())
    assert "/kassa/vantar/" in page.url
    live_site.stop()
    visitor, waiting = Visitor(site()), f"/kassa/vantar/{only_order().key}/"
    again = visitor.post(waiting)
    assert again.url.startswith(f"{stripe_server.url}/pay/")
    live_site.stop()
    stripe_server.service.pay(again.url.rpartition("/")[2])
    assert Visitor(site()).get(waiting).status_code == 200
    assert_paid_once(stripe_server, only_order())
