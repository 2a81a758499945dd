"""Places paid at Stripe, by its own answers: no transaction waits for it, and what it reports twice counts once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cms.kalender.models import SignUp
from orders.models import Order, PaymentAttempt
from orders.payments import sweep
from tests.kalender.facts import NOON, letters
from tests.kalender.signups import CANCELLED, GOING, LAPSED, UNPAID, state
from tests.kalender.test_paid_places import ADDRESS, PRICE, course, order_of
from tests.kalender.test_paying_for_places import PRIVATE
from tests.orders.payments.conftest import attempts, stripe, tell
from tests.stripe_fake.fixtures import stripe_server

__all__ = ["course", "stripe", "stripe_server", "tell"]  # fixtures

pytestmark = pytest.mark.django_db

LATE = NOON + timedelta(hours=5)


@pytest.fixture
def buy(course, client, stripe):
    """buy(payment="klarna"): the sign-up of somebody who stands at Stripe's page by now, and that page."""

    def buy(**typed: str) -> tuple[SignUp, PaymentAttempt]:
        answer = client.post(ADDRESS, {**PRIVATE, "shown_total": str(PRICE), **typed})
        attempt = PaymentAttempt.objects.get()
        assert answer.headers["Location"] == attempt.url
        return SignUp.objects.get(), attempt

    return buy


def test_money_that_stripe_reports_five_times_is_one_seat_and_one_letter(buy, stripe, tell):
    signup, attempt = buy()
    assert set(tell(stripe.service.pay(attempt.session_id), copies=5)) == {200}
    assert (state(signup), order_of(signup).payments.count()) == (GOING, 1)
    assert len(letters("signup-going")) == len(letters("order-confirmation")) == 1


def test_a_seat_whose_money_is_on_its_way_waits_for_it_and_goes_when_it_does_not_come(
    buy, stripe
):  # fmt: skip
    signup, attempt = buy(payment="klarna")
    stripe.service.pay_later(attempt.session_id)
    sweep.lapse_due(now=LATE)
    assert state(signup) == UNPAID
    stripe.service.fail(attempt.session_id)
    sweep.lapse_due(now=LATE)
    assert (state(signup), len(letters("signup-lapsed"))) == (LAPSED, 1)


def test_who_cancels_after_all_is_paid_unheard_keeps_the_seat(buy, stripe, client):
    signup, attempt = buy()
    stripe.service.pay(attempt.session_id)
    page = f"/anmalan/{signup.key}/"
    assert client.post(page, {"cancel": "1"}).headers["Location"] == page
    assert (state(signup), order_of(signup).state) == (GOING, "confirmed")


def test_who_cancels_unpaid_finds_stripe_s_page_closed(buy, stripe, client):
    signup, attempt = buy()
    client.post(f"/anmalan/{signup.key}/", {"cancel": "1"})
    assert stripe.service.sessions[attempt.session_id]["status"] == "expired"
    assert (state(signup), attempts(order_of(signup))) == (CANCELLED, ["expired"])


def test_while_stripe_is_away_the_seat_is_held_and_the_buyer_may_try_again(course, client, stripe):
    stripe.stop()
    answer = client.post(ADDRESS, {**PRIVATE, "shown_total": str(PRICE)})
    assert answer.headers["Location"] == f"/kassa/vantar/{Order.objects.get().key}/?fel=1"
    signup = SignUp.objects.get()
    assert state(signup) == UNPAID
    stripe.start()
    again = client.post(f"/anmalan/{signup.key}/", {"pay": "1"})
    assert again.headers["Location"] == order_of(signup).attempts.latest("pk").url
