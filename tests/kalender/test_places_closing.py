"""An order of places closes of itself once its event is over and the days have gone by that goods have too."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings

from cms.kalender import signing_up
from cms.kalender.models import Actor, SignUp
from cms.kalender.signing_up import Payer
from orders import operations
from orders.models import Order, Withdrawal
from orders.operations import Statement
from orders.payments import sweep
from orders.states import Agreement
from shop.money import Money
from tests.factories import OrderFactory, pay
from tests.kalender.facts import KARIN, NOON
from tests.kalender.signups import sign_up, wish
from tests.kalender.test_paid_places import DETAILS, PRICE, order_of
from tests.kalender.test_places_given_back import bought, course  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db

# The event is on Thursday 10 December 2026. Two weeks on is Christmas Eve, so Monday the 28th; then two weeks more.
LAST_DAY = date(2027, 1, 11)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), settings.STOCKHOLM)


AFTER = noon(LAST_DAY + timedelta(days=1))


def closes(signup: SignUp, at: datetime = AFTER) -> bool:
    sweep.close_ended(now=at)
    return order_of(signup).state == Agreement.CLOSED


def test_a_paid_order_closes_when_the_event_has_been_over_so_long(course):  # noqa: F811
    signup = bought(course)
    assert not closes(signup, noon(LAST_DAY))
    assert closes(signup)
    last = order_of(signup).history.last()
    assert last
    assert (last.new, last.actor) == ("closed", "systemet")


def test_it_follows_an_event_that_has_moved(course, change):  # noqa: F811
    signup = bought(course)
    week = timedelta(days=7)
    change(course, starts_at=course.starts_at + week, ends_at=course.ends_at + week)
    assert not closes(signup)
    assert closes(signup, AFTER + week)


def test_an_unpaid_invoice_keeps_it_open(course):  # noqa: F811
    signup = sign_up(course, wish(names=["Karin Ek"], payer=Payer(PRICE, DETAILS), email=KARIN))
    assert not closes(signup)
    pay(order_of(signup))
    assert closes(signup)


def test_places_that_were_given_back_keep_it_open_until_staff_have_decided(course):  # noqa: F811
    signup = bought(course, details=DETAILS)
    signing_up.cancel(signup.pk, actor=Actor.GUEST, now=NOON)
    assert not closes(signup)
    notice = Withdrawal.objects.get()
    operations.refuse_withdrawal(notice.pk, "För sent.", actor="anna", now=NOON)
    assert closes(signup)


def test_money_that_is_on_its_way_back_keeps_it_open(course):  # noqa: F811
    signup = bought(course)
    order = operations.lock(order_of(signup).pk)
    refund = operations.plan_refund(
        order, key="rabatt", amount=Money(10_000), reason="rabatt", actor="anna", now=NOON
    )
    assert refund
    assert not closes(signup)
    operations.cancel_refund(refund.pk, actor="anna", now=NOON)
    assert closes(signup)


def test_an_order_whose_event_is_gone_closes_too(course):  # noqa: F811
    signup = bought(course)
    order = order_of(signup)
    SignUp.objects.all().delete()
    sweep.close_ended(now=NOON + timedelta(days=28))
    assert Order.objects.get(pk=order.pk).state == Agreement.CONFIRMED
    sweep.close_ended(now=NOON + timedelta(days=50))
    assert Order.objects.get(pk=order.pk).state == Agreement.CLOSED


def test_goods_whose_parcel_is_here_do_not_close_with_the_events(course):  # noqa: F811
    bought(course)
    order = OrderFactory(paid=True)
    sweep.close_ended(now=AFTER)
    assert Order.objects.get(pk=order.pk).state == Agreement.CONFIRMED


def test_a_closed_order_that_is_withdrawn_from_stays_closed_and_its_money_goes_back(course):  # noqa: F811
    signup = bought(course, 2)
    assert closes(signup)
    order = order_of(signup)
    notice = operations.withdraw(Statement(order.name, str(order.number), order.email), now=AFTER)
    copies = {order.lines.get().pk: 2}
    operations.refund_withdrawal(notice.pk, copies, actor="anna", now=AFTER)
    order = order_of(signup)
    assert (order.state, [row.amount.ore for row in order.refunds.all()]) == ("closed", [2 * PRICE])


def test_the_sweep_costs_the_same_for_one_and_ten_orders_that_are_not_over(
    course,  # noqa: F811
    django_assert_num_queries,
):
    for number in range(10):
        bought(course, email=f"gast{number}@bjorkvik.example")
        with django_assert_num_queries(3):
            sweep.close_ended(now=NOON)
