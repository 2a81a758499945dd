"""Stripe's books and ours side by side: every difference has a name, and one that is mended closes itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orders import operations
from orders.models import Difference, Dispute, Payment, Payout, Refund
from orders.payments import comparing, mirroring, sweep
from orders.payments.kinds import Unavailable
from orders.payments.settle import settle
from orders.states import Attempt
from tests.factories import NOON
from tests.orders.payments.conftest import fresh, intent, paid, plan, waiting

pytestmark = pytest.mark.django_db

NIGHT = NOON + timedelta(hours=15)


def compare(now=NIGHT) -> list[tuple[str, str, str]]:
    """What the night's comparison leaves open: kind, ours, theirs, with plain spaces."""
    comparing.compare(now=now)
    return [
        (row.kind, row.ours.replace("\xa0", " "), row.theirs.replace("\xa0", " "))
        for row in Difference.objects.open().order_by("pk")
    ]


def closed() -> list[tuple[str, str]]:
    return list(Difference.objects.exclude(settled_at=None).values_list("kind", "settled_by"))


@pytest.fixture
def books(stripe):
    """One of each, the same at Stripe and here."""
    order = paid(stripe)
    plan(order, ore=20_00)
    sweep.send_refunds(now=NOON)
    made = stripe.service.open_dispute(intent(order), 30_00)["data"]["object"]
    mirroring.ask_about_dispute(made["id"], now=NOON)
    mirroring.ask_about_payout(stripe.service.pay_out(81_55)["data"]["object"]["id"])
    return order


def test_books_that_agree_have_no_difference(books):
    assert compare() == []
    assert closed() == []


PLANTED: dict[str, Any] = {
    "payment gone here": lambda: Payment.objects.filter(kind="payment").update(
        reference="borta", attempt=None
    ),
    "payment of another sum": lambda: Payment.objects.filter(kind="payment").update(amount_ore=1),
    "payment that Stripe does not have": lambda: Payment.objects.create(
        order=Refund.objects.get().order,
        attempt=Refund.objects.get().source.attempt,  # type: ignore[union-attr]
        amount_ore=7_00,
        reference="pi_saknas",
        at=NOON,
    ),
    "refund of another sum": lambda: Refund.objects.update(amount_ore=1),
    "refund that is not in the ledger": lambda: Payment.objects.filter(kind="refund").delete(),
    "refund that Stripe does not have": lambda: Refund.objects.update(gateway_id="re_saknas"),
    "dispute that Stripe does not have": lambda: Dispute.objects.update(gateway_id="du_saknas"),
    "payout that Stripe does not have": lambda: Payout.objects.update(gateway_id="po_saknas"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_difference_is_named_once_however_often_we_look(books, what):
    PLANTED[what]()
    first = compare()
    assert [kind for kind, _ours, _theirs in first] == [what.split()[0]], first
    assert compare(NIGHT + timedelta(days=1)) == first
    assert Difference.objects.open().count() == 1


def test_the_words_say_which_sum_and_which_order(books):
    Payment.objects.filter(kind="payment").update(amount_ore=99_00)
    assert compare() == [("payment", f"99,00 kr, {books.number}", f"55,00 kr, {books.number}")]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("dispute", lambda: Dispute.objects.update(status="won")),
        ("dispute", lambda: Dispute.objects.all().delete()),
        ("payout", lambda: Payout.objects.update(amount_ore=1)),
        ("payout", lambda: Payout.objects.all().delete()),
    ],
)
def test_what_only_mirrors_stripe_is_named_and_mended_at_once(books, kind, change):
    change()
    assert compare() == []
    assert closed() == [(kind, "systemet")]


def test_money_of_which_no_event_told_is_named_and_booked(stripe):
    order, attempt = waiting()
    operations.lapse(order.pk, now=NOON + timedelta(minutes=30))
    operations.close_attempt(attempt.pk, Attempt.EXPIRED, cause="test", now=NOON)
    stripe.service.pay(attempt.session_id)
    assert compare() == []
    assert (fresh(order).payment_word, closed()) == ("paid", [("payment", "systemet")])


def test_a_refund_of_the_dashboard_of_which_no_event_told_is_named_and_booked_once(stripe):
    order = paid(stripe)
    stripe.service.refund_by_hand(intent(order), 30_00)
    assert compare() == []
    assert compare(NIGHT + timedelta(days=1)) == []
    assert (fresh(order).refunded.ore, closed()) == (30_00, [("refund", "systemet")])


def test_a_failure_of_which_no_event_told_is_named_and_booked(books, stripe):
    stripe.service.fail_refund(Refund.objects.get().gateway_id)
    assert compare() == []
    assert (fresh(books).payment_word, closed()) == ("paid", [("refund", "systemet")])


def test_one_that_was_mended_closes_itself_also_after_the_period(books):
    Payment.objects.filter(kind="payment").update(amount_ore=1)
    assert len(compare()) == 1
    Payment.objects.filter(kind="payment").update(amount_ore=55_00)
    assert compare(NIGHT + timedelta(days=60)) == []
    assert closed() == [("payment", "systemet")]


def test_one_that_somebody_has_explained_is_not_found_again(books):
    Payment.objects.filter(kind="payment").update(amount_ore=1)
    compare()
    row = Difference.objects.get()
    assert operations.settle_difference(row.pk, "Känt fel", actor="eva", now=NIGHT)
    assert not operations.settle_difference(row.pk, "Igen", actor="eva", now=NIGHT)
    assert compare(NIGHT + timedelta(days=1)) == []
    Payment.objects.filter(kind="payment").update(amount_ore=2)
    assert len(compare(NIGHT + timedelta(days=2))) == 1


def test_what_is_on_its_way_this_very_moment_is_no_difference(stripe):
    _order, attempt = waiting()
    stripe.service.pay(attempt.session_id)
    assert compare(NOON + timedelta(minutes=10)) == []
    assert not Difference.objects.exists()


def test_long_lists_are_read_to_their_end(stripe, monkeypatch):
    stripe.service.largest_page = 2
    orders = [paid(stripe) for _place in range(5)]
    for order in orders:
        plan(order, ore=10_00, key=str(order.number))
    sweep.send_refunds(now=NOON)
    assert compare() == []
    assert len(stripe.called("refunds")) == 3
    Payment.objects.filter(order=orders[0], kind="payment").update(amount_ore=1)
    assert len(compare()) == 1


def test_a_silent_stripe_changes_nothing(books, stripe):
    Payment.objects.filter(kind="payment").update(amount_ore=1)
    stripe.stop()
    with pytest.raises(Unavailable):
        compare()
    assert not Difference.objects.exists()


def test_money_that_is_not_of_this_shop_is_named(stripe):
    order, attempt = waiting()
    stripe.service.pay(attempt.session_id)
    settle(attempt.pk, now=NOON)
    Payment.objects.all().delete()
    order.attempts.update(session_id="")
    stripe.service.intents[next(iter(stripe.service.intents))]["metadata"] = {}
    assert compare() == [("payment", "", "55,00 kr, utan ordernummer")]
