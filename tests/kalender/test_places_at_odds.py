"""Paid places when something comes in between: money, seats and what the guest reads agree all the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from cms.kalender import signing_up
from cms.kalender.models import EventPage, SignUp
from cms.kalender.tasks import tend_signups
from notifications.mail import build
from orders import operations
from orders.models import Order, Withdrawal
from orders.payments import sweep
from shop import known
from tests.factories import ProductFactory
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import CANCELLED, GOING, LAPSED, OFFERED, UNPAID, sign_up, state, wish
from tests.kalender.test_paid_places import ADDRESS, PRICE, buy, course, order_of
from tests.kalender.test_paying_for_places import (
    LATE,
    PRIVATE,
    SLUG,
    english,
    late_money,
    order,
    own_page,
    review,
    shopper,
)
from tests.kalender.test_places_given_back import bought
from tests.shopping import fields, text
from tests.staff import in_role

__all__ = ["course", "english", "shopper"]  # fixtures

pytestmark = pytest.mark.django_db


def letter(name: str) -> str:
    """The only one of its kind."""
    (found,) = letters(name)
    return str(build(found).body)


# --- Between the sum and the button --------------------------------------------------------------
def moves(change: Any) -> None:
    change(
        EventPage.objects.get(),
        starts_at=NOON + timedelta(days=40),
        ends_at=NOON + timedelta(days=40, hours=3),
    )


def loses_the_right(_change: Any) -> None:
    company = known.company()
    company.places_may_be_withdrawn = False
    company.save()


@pytest.mark.parametrize("happens", [moves, loses_the_right])
def test_nobody_orders_another_event_or_on_other_terms_than_the_page_told(shopper, change, happens):
    sent = fields(review(shopper))
    happens(change)
    answer = shopper.client.post(ADDRESS, sent)
    assert answer.status_code == 422
    assert "Något om träffen eller villkoren har ändrats" in text(answer)
    assert "en annan summa" not in text(answer)
    assert not Order.objects.exists()
    assert shopper.client.post(ADDRESS, fields(answer)).status_code == 303
    assert SignUp.objects.get().state == UNPAID


def test_nobody_takes_an_offered_place_at_another_time_than_the_page_told(shopper, change):
    waiting = sign_up(EventPage.objects.get(), wish(email=KARIN, only_queue=True))
    assert waiting.state == OFFERED
    sent = {**fields(shopper.client.get(own_page(waiting))), **PRIVATE, "accept": "1"}
    moves(change)
    answer = shopper.client.post(own_page(waiting), sent)
    assert (answer.status_code, state(waiting)) == (422, OFFERED)
    assert "Något om träffen eller villkoren har ändrats" in text(answer)
    again = {**fields(answer), **PRIVATE, "accept": "1"}
    assert shopper.client.post(own_page(waiting), again).status_code == 303
    assert state(waiting) == UNPAID


# --- Of no event ---------------------------------------------------------------------------------
def test_who_ordered_in_english_reads_in_english_why_the_order_is_off(shopper, english, change):
    address = f"/en/calendar/{SLUG}/sign-up/"
    shopper.client.post(address, fields(shopper.client.post(address, PRIVATE)))
    shopper.pay()
    change(english.original, status="cancelled")
    tend_signups()
    told = letter("cancelled")
    assert "The event is cancelled." in told
    assert "Träffen" not in told


def test_an_order_that_had_closed_when_its_event_was_cancelled_has_its_money_decided_on(course):
    signup, later = bought(course), NOON + timedelta(days=80)
    assert operations.close(order_of(signup).pk, now=later)
    EventPage.objects.update(status="cancelled")
    for _beat in range(2):
        signing_up.call_off_orders(now=later)
    assert (state(signup), order_of(signup).state) == (CANCELLED, "closed")
    notice = Withdrawal.objects.get(order=order_of(signup))
    assert (notice.kind, notice.is_open) == ("given-back", True)
    copies = {order_of(signup).lines.get().pk: 1}
    operations.refund_withdrawal(notice.pk, copies, actor="anna", now=later)
    assert [row.amount.ore for row in order_of(signup).refunds.all()] == [PRICE]


# --- A link to pay by ----------------------------------------------------------------------------
def begins(at: datetime) -> None:
    EventPage.objects.update(starts_at=at, ends_at=at + timedelta(hours=2))


def test_a_link_that_staff_mail_late_holds_the_seat_for_half_of_the_time_that_is_left(course):
    begins(NOON + timedelta(hours=3))
    course.refresh_from_db()
    signup = buy(course, 10, method="card")
    waiting = sign_up(course, wish(only_queue=True))
    assert operations.invite_to_pay(order_of(signup).pk, actor="anna", now=NOON)
    half = NOON + timedelta(minutes=90)
    assert order_of(signup).reserved_until == half
    assert "13.30" in letter("pay-again")
    sweep.lapse_due(now=half)
    assert (state(signup), state(waiting)) == (LAPSED, OFFERED)


def test_nobody_is_invited_to_pay_for_an_event_that_has_begun(course):
    signup = buy(course, method="card")
    begins(NOON)
    assert operations.invite_to_pay(order_of(signup).pk, actor="anna", now=NOON) is None
    assert not letters("pay-again")


# --- What guests need ----------------------------------------------------------------------------
def test_who_gets_the_seat_again_by_late_money_has_not_lost_what_the_kitchen_should_know(shopper):
    order(shopper, needs="Nötallergi", needs_agreed="1")
    signup = SignUp.objects.get()
    sweep.lapse_due(now=LATE)
    late_money(signup)
    signup.refresh_from_db()
    assert (signup.state, signup.needs) == (GOING, "Nötallergi")
    assert signup.needs_agreed_at


def test_what_the_kitchen_should_know_is_erased_once_no_money_can_come(shopper):
    order(shopper, needs="Nötallergi", needs_agreed="1")
    sweep.lapse_due(now=LATE)
    for later, kept in ((timedelta(hours=23), "Nötallergi"), (timedelta(days=1), "")):
        signing_up.forget(now=LATE + later)
        assert SignUp.objects.get().needs == kept
    assert SignUp.objects.get().needs_agreed_at is None


# --- What a guest reads --------------------------------------------------------------------------
def test_before_anybody_has_approved_the_invoice_a_guest_reads_that_nothing_is_to_be_paid(course, client):
    company = known.company()
    company.approve_new_invoice_buyers = True
    company.save()
    signup = buy(course, email=KARIN)
    page = text(client.get(own_page(signup)))
    assert f"Då avbeställs {order_of(signup).number}, och inget ska betalas." in page
    assert "vad som gäller för betalningen" not in page


def test_a_guest_whom_staff_cancel_for_reads_that_the_payment_is_not_forgotten(course):
    signup = bought(course)
    in_role("Ägare").post(reverse("guest_staff:cancel", args=[signup.pk]), {"why": "removed"})
    assert f"Vi hör av oss om betalningen av {order_of(signup).number}." in letter("signup-cancelled")


def test_of_an_order_that_staff_call_off_the_letter_promises_no_more_about_the_payment(course):
    signup = bought(course)
    operations.cancel(order_of(signup).pk, actor="anna", cause="fel", now=NOON)
    assert "Vi hör av oss om betalningen" not in letter("signup-cancelled")


# --- A product with the event's number -----------------------------------------------------------
def test_an_event_whose_number_an_editor_has_taken_is_sold_by_another_and_changes_nothing_of_it(course):
    taken = ProductFactory.create(sku=f"PLATS-{course.pk}", name="Bricka", price_ore=4_900)
    for email in (KARIN, "mona@bjorkvik.example"):
        placed = order_of(bought(course, email=email))
        assert [line.sku for line in placed.lines.all()] == [f"PLATS-{course.pk}-TRAFF"]
        assert (placed.is_of_places, placed.shipments.count()) == (True, 0)
    taken.refresh_from_db()
    assert (taken.name, taken.price_ore, taken.active) == ("Bricka", 4_900, True)


def test_a_product_with_such_a_number_is_not_sold_since_it_would_be_paid_and_never_sent(client):
    ProductFactory.create(sku="PLATS-7", name="Bricka")
    ProductFactory.create(sku="SKEDEN", name="Sked")
    for sku in ("PLATS-7", "SKEDEN"):
        client.post("/varukorg/lagg-till/", {"sku": sku, "quantity": "1"})
    basket = client.get("/varukorg/").content.decode()
    assert 'name="quantity-SKEDEN"' in basket
    assert 'name="quantity-PLATS-7"' not in basket
    by_phone = in_role("Ägare").get(reverse("order_staff:enter")).content.decode()
    assert 'name="quantity-SKEDEN"' in by_phone
    assert 'name="quantity-PLATS-7"' not in by_phone
