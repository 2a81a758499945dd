"""Many at the same paid seats at once, money that meets the end of its time, and buyers who change their minds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import requests
from django.test import Client

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp
from orders import operations
from orders.models import Order, PaymentAttempt
from orders.payments import sweep
from orders.payments.practice_gateway import pay as pay_at_the_service
from shop.money import Money
from tests.factories import CompanyFactory, TermsFactory
from tests.flows.test_last_copies import HEADERS, all_at_once
from tests.harness.processes import Sites
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import (
    CANCELLED,
    GOING,
    LAPSED,
    OFFERED,
    QUEUED,
    UNPAID,
    sign_up,
    state,
    states,
    widen_gaps,
    wish,
)
from tests.kalender.test_paid_places import ADDRESS, PRICE, buy, order_of
from tests.kalender.test_paying_for_places import COMPANY, PRIVATE
from tests.kalender.test_signing_up_races import seats
from tests.shopping import fields

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

LATE = NOON + timedelta(minutes=30)
# Two by luck alone are few; the chaos lane has the rest.
ROUNDS = [0, 1, *[pytest.param(number, marks=pytest.mark.chaos) for number in range(2, 10)]]


# --- Fifty people on the web ---------------------------------------------------------------------
def filled_in(address: str, number: int) -> dict[str, str]:
    """Two of five pay by card, one by Swish, one orders on invoice, one asks for the queue alone."""
    page = requests.get(address, headers=HEADERS, timeout=60)
    (key,) = re.findall(r'name="signup_key" value="([-\w]+)"', page.text)
    return asked(number, key)


def asked(number: int, key: str) -> dict[str, str]:
    facts = {"signup_key": key, "email": f"gast{number}@bjorkvik.example", "shown_total": str(PRICE)}
    ways: list[dict[str, str]] = [
        PRIVATE, PRIVATE, {**PRIVATE, "payment": "swish"}, COMPANY, {**PRIVATE, "queue": "1"},
    ]  # fmt: skip
    return {**ways[number % 5], **facts, "names": f"Gäst {number}"}


def send(address: str, form: dict[str, str]) -> requests.Response:
    return requests.post(address, form, headers=HEADERS, allow_redirects=False, timeout=110)


@pytest.mark.chaos
@pytest.mark.parametrize("kind", ["here", "sqlite"])
def test_of_fifty_buyers_at_ten_seats_nobody_pays_for_one_that_is_not_held(
    kind: str, live_site: Sites, fresh_database: Callable[[str], str]
):
    database = fresh_database(kind)
    address = seats(database, "open", "10", str(PRICE))
    url = live_site(DATABASE_URL=database, PAGE_CACHE_MB="8", LIMITS="off")
    with ThreadPoolExecutor(8) as pool:
        forms = list(pool.map(lambda number: filled_in(f"{url}{address}", number), range(50)))
    # All at once, and every fifth of them by a double click.
    answers = all_at_once([partial(send, f"{url}{address}", form) for form in [*forms, *forms[::5]]])
    assert Counter(answer.status_code for answer in answers) == {303: 60}
    found = seats(database, "count")
    assert (found["held"], len(found["states"])) == (10, 50)
    assert Counter(found["states"])[QUEUED] == 40
    assert found["numbers"] == sorted(found["orders"])
    held = Counter(found["states"])
    assert len(found["orders"]) == held[GOING] + held[UNPAID]
    assert len(found["pages"]) == held[UNPAID]
    # All pay at once, twice each: who held a seat has it, and nobody else.
    paid = all_at_once([partial(send, f"{url}{page}", {"action": "pay"}) for page in found["pages"] * 2])
    assert Counter(answer.status_code for answer in paid) <= Counter({303: 20})
    after = seats(database, "count")
    assert Counter(after["states"]) == {
        GOING: held[GOING] + held[UNPAID], QUEUED: 40, **({OFFERED: held[OFFERED]} if held[OFFERED] else {}),
    }  # fmt: skip
    assert set(after["orders"].values()) == {"confirmed"}
    assert after["letters"]["signup-going"] == after["letters"]["order-confirmation"] == len(after["orders"])


# --- Threads -------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr("notifications.outbox.nudge", lambda _pk: None)


@pytest.fixture
def course(publish) -> EventPage:
    """One seat."""
    CompanyFactory()
    TermsFactory()
    event: EventPage = publish(
        slug="2026-12-10-grunderna", signup=True, seats=1, place_price_ore=PRICE, title="Kurs"
    )
    return event


@pytest.fixture
def unpaid(course, client) -> SignUp:
    """Karin holds the seat and stands at the payment page."""
    client.post(ADDRESS, {**PRIVATE, "shown_total": str(PRICE)})
    return SignUp.objects.get(email=KARIN)


def press(address: str, form: dict[str, str]) -> int:
    return int(Client().post(address, form).status_code)


def test_of_seven_buyers_at_two_seats_nobody_pays_for_one_that_is_not_held(course, settings, monkeypatch):
    """The fifty at ten seats, of the chaos lane, in small."""
    settings.LIMITS = dict.fromkeys(settings.LIMITS)
    widen_gaps(monkeypatch)
    EventPage.objects.update(seats=2)
    forms = [asked(number, f"{number:032}") for number in range(7)]
    assert all_at_once([partial(press, ADDRESS, form) for form in [*forms, forms[0]]]) == [303] * 8
    held = states(course)
    assert (SignUp.objects.seats_held(), held[QUEUED], sum(held.values())) == (2, 5, 7)
    numbers = set(SignUp.objects.exclude(order_number="").values_list("order_number", flat=True))
    assert numbers == set(Order.objects.values_list("number", flat=True))
    assert len(numbers) == held.get(GOING, 0) + held.get(UNPAID, 0)
    pages = list(PaymentAttempt.objects.exclude(url="").values_list("url", flat=True))
    assert len(pages) == held.get(UNPAID, 0)
    all_at_once([partial(press, page, {"action": "pay"}) for page in pages * 2] or [list])
    assert states(course).get(GOING, 0) == len(numbers) == Order.objects.filter(state="confirmed").count()
    assert len(letters("signup-going")) == len(letters("order-confirmation")) == len(numbers)


def money(signup: SignUp, reference: str = "betalning") -> Any:
    made = order_of(signup)
    return operations.record_money(
        order_pk=made.pk, amount=Money(PRICE), reference=reference, method="card", at=LATE, actor="test", now=LATE,
    )  # fmt: skip


@pytest.mark.parametrize("_round", ROUNDS)
def test_money_that_meets_the_end_of_its_time_is_a_seat_or_goes_back_and_the_seat_is_one_person_s(
    unpaid, _round
):
    waiting = sign_up(unpaid.event, wish(only_queue=True))
    made = order_of(unpaid)
    all_at_once([lambda: money(unpaid), lambda: operations.lapse(made.pk, now=LATE)])
    made = order_of(unpaid)
    found = (state(unpaid), state(waiting), made.state, made.refunds.count())
    assert found in {(GOING, QUEUED, "confirmed", 0), (LAPSED, OFFERED, "cancelled", 1)}
    assert EventPage.objects.get().seats_held == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_money_that_meets_the_guest_s_own_no_is_a_seat_or_goes_back(unpaid, _round):
    page = order_of(unpaid).attempts.get()

    def pay_there() -> None:
        if pay_at_the_service(page.session_id):
            sweep.settle_unsettled(now=LATE)

    def leave() -> None:
        try:
            signing_up.cancel(unpaid.pk, actor=Actor.GUEST, now=NOON)
        except signing_up.Busy:
            return

    all_at_once([pay_there, leave])
    sweep.settle_unsettled(now=LATE)
    made = order_of(unpaid)
    assert (state(unpaid), made.state) in {(GOING, "confirmed"), (CANCELLED, "cancelled")}
    assert made.held.ore == (PRICE if made.state == "confirmed" else 0) or made.refunds.count() == 1


def test_two_payments_at_once_are_one_seat_and_the_surplus_goes_back(unpaid):
    all_at_once([partial(money, unpaid, "en"), partial(money, unpaid, "två"), partial(money, unpaid, "en")])
    made = order_of(unpaid)
    assert (state(unpaid), made.payments.count(), len(letters("signup-going"))) == (GOING, 2, 1)
    assert [row.amount.ore for row in made.refunds.all()] == [PRICE]


def test_late_money_and_a_new_buyer_at_once_share_one_seat(unpaid):
    made = order_of(unpaid)
    operations.lapse(made.pk, now=LATE)
    all_at_once([lambda: money(unpaid), lambda: buy(unpaid.event)])
    other = SignUp.objects.exclude(pk=unpaid.pk).get()
    assert (state(unpaid), state(other)) in {(GOING, QUEUED), (LAPSED, GOING)}
    assert order_of(unpaid).refunds.count() == (state(unpaid) == LAPSED)


def test_eight_clicks_on_the_button_that_binds_are_one_order_and_one_payment_page(course):
    page = Client().post(ADDRESS, PRIVATE)
    sent = fields(page)
    answers = all_at_once([lambda: Client().post(ADDRESS, sent)] * 8)
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["Location"] for answer in answers} == {Order.objects.get().attempts.get().url}
    assert SignUp.objects.get().state == UNPAID


def test_eight_yeses_to_an_offered_seat_are_one_order(course):
    going = buy(course)
    waiting = sign_up(course, wish(only_queue=True))
    signing_up.cancel(going.pk, actor=Actor.GUEST, now=NOON)
    sent = {**PRIVATE, "accept": "1", "shown_total": str(PRICE)}
    answers = all_at_once([lambda: Client().post(f"/anmalan/{waiting.key}/", sent)] * 8)
    assert {answer.headers["Location"] for answer in answers} == {order_of(waiting).attempts.get().url}
    assert (state(waiting), Order.objects.count()) == (UNPAID, 2)
