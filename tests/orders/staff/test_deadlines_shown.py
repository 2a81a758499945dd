"""Staff read until when a buyer may withdraw and when the money must be back, on the order and in the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from orders import operations
from orders.models import Order, Withdrawal
from tests.factories import NOON, OrderFactory
from tests.staff import ORDER_DESK, logged_in

pytestmark = pytest.mark.django_db

NOTICES = "/admin/bestallningar/angrade/"
UNKNOWN = "Okänd: sajten kan inte veta vilken dag paketet kom fram."
LATE = "Försenat."
NIGHT = datetime(2026, 12, 9, 23, 30, tzinfo=UTC)  # already the 10th in Stockholm


@pytest.fixture
def staff() -> Client:
    return logged_in(*ORDER_DESK)


def both(client: Client, order: Order, at: datetime = NOON) -> list[str]:
    """The order's page and the list of notices, read at `at`."""
    with time_machine.travel(at, tick=False):
        client.force_login(get_user_model()._default_manager.get(username="maja"))
        return [client.get(address).content.decode() for address in (order_page(order), NOTICES)]


def order_page(order: Order) -> str:
    return f"/admin/bestallningar/{order.number}/"


def withdrawn(order: Order, at: datetime = NOON) -> Withdrawal:
    return operations.withdraw(operations.Statement(order.name, str(order.number), order.email), now=at)


def delivered(order: Order, at: datetime) -> Order:
    operations.deliver(order.shipments.get().pk, actor="test", now=at)
    return order


def test_the_last_day_to_withdraw_counts_from_the_swedish_day_the_parcel_came(staff):
    order = delivered(OrderFactory(sent=True), NIGHT)
    withdrawn(order)
    page, notices = both(staff, order)
    assert "Till och med 28 december 2026" in page
    assert "28 dec 2026" in notices
    assert UNKNOWN not in page


def test_no_last_day_runs_before_a_parcel_has_gone(staff):
    order = OrderFactory(paid=True)
    withdrawn(order)
    page, notices = both(staff, order)
    assert "Har inte börjat: inget paket har gått än." in page
    assert "Har inte börjat<" in notices
    assert UNKNOWN not in page


def test_the_last_day_to_withdraw_is_unknown_until_somebody_says_that_the_parcel_came(staff):
    order = OrderFactory(sent=True)
    withdrawn(order)
    page, notices = both(staff, order)
    assert UNKNOWN in page
    assert "Ångerfrist: </span>Okänd<" in notices


def test_an_organisation_has_no_right_to_withdraw_and_complains_for_two_years(staff):
    order = delivered(OrderFactory(on_invoice=True, sent=True), NIGHT)
    withdrawn(order)
    page, notices = both(staff, order)
    assert "Till och med 10 december 2028" in page
    for told in (page, notices):
        assert "28 dec" not in told
        assert "7 dec" not in told
        assert UNKNOWN not in told


def test_a_consumer_complains_for_three_years(staff):
    page, _notices = both(staff, delivered(OrderFactory(sent=True), NIGHT))
    assert (
        "Till och med 10 december 2029. Inom två månader från att felet märktes är köparen alltid i tid."
        in page
    )


def test_the_money_is_due_fourteen_days_after_the_notice_and_late_the_day_after(staff):
    order = OrderFactory(paid=True)
    withdrawn(order)
    page, notices = both(staff, order, NOON + timedelta(days=14))
    assert "Pengarna ska vara tillbaka senast 7 december 2026." in page
    assert "Köparen ska skicka varorna senast 7 december 2026." in page
    assert "7 dec 2026" in notices
    assert LATE not in page + notices
    for told in both(staff, order, NOON + timedelta(days=15)):
        assert LATE in told


def test_money_that_went_back_or_never_came_is_not_late(staff):
    never, back = OrderFactory(), OrderFactory(paid=True)
    for order in (never, back):
        withdrawn(order)
    refund(back, ore=back.total.ore)
    for order in (never, back):
        for told in both(staff, order, NOON + timedelta(days=30)):
            assert LATE not in told


@pytest.mark.parametrize("days", [-1, 1])
def test_one_krona_that_went_back_for_another_cause_does_not_settle_it(staff, days):
    order = OrderFactory(paid=True)
    withdrawn(order)
    refund(order, NOON + timedelta(days=days))
    for told in both(staff, order, NOON + timedelta(days=30)):
        assert LATE in told


def refund(order: Order, at: datetime = NOON, ore: int = 1_00) -> None:
    """Send one krona back, unless told more."""
    task = order.refunds.create(amount_ore=ore, reason="del", created_at=at)
    operations.refund_done(task.pk, actor="maja", now=at)


def test_the_list_costs_the_same_for_one_and_ten_notices(staff, django_assert_num_queries):
    with mock.patch("notifications.outbox.send_message"):
        withdrawn(OrderFactory(sent=True))
        staff.get(NOTICES)
        with django_assert_num_queries(16, exact=False) as few:
            staff.get(NOTICES)
        for place in range(9):
            withdrawn(delivered(OrderFactory(sent=True, email=f"k{place}@e.example"), NIGHT))
    with django_assert_num_queries(len(few.captured_queries)):
        staff.get(NOTICES)
