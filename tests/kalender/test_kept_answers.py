"""Who has filled in the buyer's part and has to wait for a place never types it again; it goes when it has served."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cms.kalender import allowance, signing_up
from cms.kalender.models import Actor, EventPage, SignUp
from cms.kalender.signup_forms import told_of
from cms.kalender.tasks import tend_signups
from notifications.mail import build
from orders.models import Order
from shop import limits
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import CANCELLED, FORM, GOING, LAPSED, OFFERED, QUEUED, UNPAID, state
from tests.kalender.test_guest_list import workbook
from tests.kalender.test_paid_places import ADDRESS, PRICE, THREE, buy, course
from tests.kalender.test_paying_for_places import PRIVATE, own_page, shopper
from tests.shopping import Shopper, fields, text
from tests.staff import in_role

__all__ = ["course", "shopper"]  # fixtures

pytestmark = pytest.mark.django_db

ANSWERS = {
    "buyer": "public",
    "organisation": "Björkviks kommun",
    "organisation_number": "212999-0004",
    "reference": "Karin Ek, 4410",
    "purchase_order": "INK-77",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "531 32",
    "city": "Björkvik",
    "payment": "invoice",
    "invoice_name": "Björkviks kommun, fakturor",
    "invoice_address_line1": "Box 9",
    "invoice_postal_code": "531 01",
    "invoice_city": "Skara",
}
MUNICIPALITY = {**FORM, **ANSWERS}
SECRETS = ("4410", "INK-77", "Box 9", "fakturor", "Storgatan 12", "2129990004", "212999-0004")


@pytest.fixture
def holder(shopper) -> SignUp:
    """Who has all the seats."""
    return buy(EventPage.objects.get(), 10)


def queue(shopper: Shopper, typed: dict[str, str] = MUNICIPALITY) -> SignUp:
    """Fill in the whole form, read that the seats do not suffice, and press `Ställ mig på kö`."""
    page = shopper.client.post(ADDRESS, typed)
    assert "Platserna räcker inte" in text(page)
    assert shopper.client.post(ADDRESS, {**fields(page), "queue": "1"}).status_code == 303
    return SignUp.objects.latest("pk")


def offer(holder: SignUp) -> None:
    signing_up.cancel(holder.pk, actor=Actor.GUEST, now=NOON)


def kept(signup: SignUp) -> Any:
    return SignUp.objects.get(pk=signup.pk).answers


def take(shopper: Shopper, signup: SignUp) -> Any:
    """Press the button on the page of the offered place, as it lies there."""
    page = shopper.client.get(own_page(signup))
    return shopper.client.post(own_page(signup), {**fields(page), "accept": "1"})


# --- Never typed again ---------------------------------------------------------------------------
def test_a_municipality_that_waited_orders_with_one_press(shopper, holder):
    waiting = queue(shopper)
    assert (waiting.state, waiting.organisation, Order.objects.count()) == (QUEUED, "Björkviks kommun", 1)
    offer(holder)
    page = shopper.client.get(own_page(waiting))
    assert "medför betalningsskyldighet" in text(page)
    filled = fields(page)
    expected = {**ANSWERS, "organisation_number": "2129990004", "postal_code": "53132"}
    expected["invoice_postal_code"] = "53101"
    assert {name: filled[name] for name in ANSWERS} == expected
    assert filled["shown_total"] == str(PRICE)
    assert take(shopper, waiting).status_code == 303
    made = Order.objects.latest("pk")
    assert (state(waiting), made.state, made.method, made.email) == (GOING, "confirmed", "invoice", KARIN)
    ordered = {name: getattr(made, name) for name in expected if name != "payment"}
    assert ordered == {name: value for name, value in expected.items() if name != "payment"}
    assert kept(waiting) is None


def test_what_is_filled_in_may_be_changed_before_it_binds(shopper, holder):
    waiting = queue(shopper)
    offer(holder)
    sent = {**fields(shopper.client.get(own_page(waiting))), "accept": "1"}
    wrong = shopper.client.post(own_page(waiting), {**sent, "reference": "", "city": "Skara"})
    assert (wrong.status_code, fields(wrong)["city"], fields(wrong)["reference"]) == (422, "Skara", "")
    assert kept(waiting)["city"] == "Björkvik"
    shopper.client.post(own_page(waiting), {**sent, "reference": "Mona Ek, 77"})
    assert Order.objects.latest("pk").reference == "Mona Ek, 77"


def test_who_chose_swish_finds_swish_chosen_and_is_sent_to_pay(shopper, holder):
    waiting = queue(shopper, {**PRIVATE, "payment": "swish", "organisation": "Dold AB"})
    assert waiting.organisation == ""
    offer(holder)
    answer = take(shopper, waiting)
    assert answer.headers["Location"] == Order.objects.latest("pk").attempts.get().url
    assert (state(waiting), Order.objects.latest("pk").method, kept(waiting)) == (UNPAID, "swish", None)


def test_who_is_queued_between_the_sum_and_the_button_types_nothing_again_either(shopper):
    sum_page = shopper.client.post(ADDRESS, {**MUNICIPALITY, "names": THREE})
    holder = buy(EventPage.objects.get(), 10)
    assert shopper.client.post(ADDRESS, fields(sum_page)).status_code == 303
    waiting = SignUp.objects.get(email=KARIN)
    assert (waiting.state, waiting.organisation) == (QUEUED, "Björkviks kommun")
    offer(holder)
    assert take(shopper, waiting).status_code == 303
    made = Order.objects.latest("pk")
    assert (made.reference, made.invoice_address_line1, made.total.ore) == (
        "Karin Ek, 4410",
        "Box 9",
        3 * PRICE,
    )


def test_who_changes_a_name_before_queueing_carries_the_answers_along(shopper, holder):
    review = fields(shopper.client.post(ADDRESS, MUNICIPALITY))
    page = shopper.client.post(ADDRESS, {**review, "edit": "1"})
    assert "Vem handlar?" not in text(page)
    assert shopper.client.post(ADDRESS, {**fields(page), "names": "Mona Ek"}).status_code == 303
    waiting = SignUp.objects.get(email=KARIN)
    assert (waiting.state, waiting.organisation, waiting.guests.get().name) == (
        QUEUED,
        "Björkviks kommun",
        "Mona Ek",
    )
    assert kept(waiting)["reference"] == "Karin Ek, 4410"


def test_a_queue_that_refuses_for_now_carries_the_answers_along(shopper, holder, monkeypatch):
    review = fields(shopper.client.post(ADDRESS, MUNICIPALITY))
    with monkeypatch.context() as patched:  # an inbox that has had its letters of the hour
        patched.setattr(signing_up, "LETTERS_PER_INBOX", 1)
        allowance.take(f"signup:inbox:{limits.inbox(KARIN)}", limit=1, now=timezone.now())
        page = shopper.client.post(ADDRESS, {**review, "queue": "1"})
    assert page.status_code == 429
    assert shopper.client.post(ADDRESS, fields(page)).status_code == 303
    assert kept(SignUp.objects.get(email=KARIN))["invoice_city"] == "Skara"


def test_a_free_place_is_offered_at_once_with_the_answers_to_who_asked_for_the_queue(shopper):
    shopper.client.post(ADDRESS, {**MUNICIPALITY, "queue": "1"})
    waiting = SignUp.objects.get()
    assert waiting.state == OFFERED
    assert fields(shopper.client.get(own_page(waiting)))["reference"] == "Karin Ek, 4410"


def test_who_ordered_at_once_has_nothing_kept(shopper):
    shopper.client.post(ADDRESS, {**MUNICIPALITY, "shown_total": str(PRICE)})
    assert (SignUp.objects.get().state, SignUp.objects.get().answers) == (GOING, None)


def test_what_staff_were_told_by_phone_is_filled_in_but_not_how_to_pay(shopper, holder):
    typed = {**MUNICIPALITY, "shown_price": str(PRICE)}
    with time_machine.travel(NOON, tick=False):
        in_role("Ägare").post(reverse("guest_staff:sign_up", args=[holder.event_id]), typed)
    waiting = SignUp.objects.get(email=KARIN)
    assert (waiting.state, waiting.organisation) == (QUEUED, "Björkviks kommun")
    offer(holder)
    filled = fields(shopper.client.get(own_page(waiting)))
    assert (filled["buyer"], filled["invoice_address_line1"]) == ("public", "Box 9")
    assert "payment" not in filled


def test_a_sole_trader_s_personal_number_is_not_kept(shopper, holder):
    trader = {"buyer": "company", "organisation_number": "811218-9876", "peppol_id": "0007:8112189876"}
    waiting = queue(shopper, {**MUNICIPALITY, **trader})
    assert "811218" not in str(waiting.answers)
    offer(holder)
    page = shopper.client.get(own_page(waiting))
    filled = fields(page)
    assert (filled["buyer"], filled["reference"], filled["organisation_number"]) == (
        "company",
        "Karin Ek, 4410",
        "",
    )


# --- Gone when it has served ---------------------------------------------------------------------
def test_who_leaves_the_queue_has_nothing_kept(shopper, holder):
    waiting = queue(shopper)
    shopper.client.post(own_page(waiting), {"cancel": "1"})
    assert (state(waiting), kept(waiting)) == (CANCELLED, None)


def test_an_offer_that_runs_out_takes_the_answers_along(shopper, holder):
    waiting = queue(shopper)
    offer(holder)
    assert kept(waiting)
    signing_up.lapse_offers(now=NOON + signing_up.LONGEST_OFFER)
    assert (state(waiting), kept(waiting)) == (LAPSED, None)


def test_an_offer_at_an_event_that_is_cancelled_and_on_again_keeps_them(shopper, holder, change):
    waiting = queue(shopper)
    offer(holder)
    event = EventPage.objects.get()
    change(event, status="cancelled")
    signing_up.offer_seats(event.pk, now=NOON)
    assert (state(waiting), bool(kept(waiting))) == (QUEUED, True)
    change(EventPage.objects.get(), status="planned")
    tend_signups()
    assert state(waiting) == OFFERED
    assert fields(shopper.client.get(own_page(waiting)))["reference"] == "Karin Ek, 4410"


def test_who_still_waits_when_the_event_is_over_has_nothing_kept(shopper, holder):
    waiting = queue(shopper)
    ends = waiting.event.ends_at
    signing_up.forget(now=ends - timedelta(seconds=1))
    assert kept(waiting)
    signing_up.forget(now=ends)
    assert (state(waiting), kept(waiting)) == (QUEUED, None)


# --- For nobody else -----------------------------------------------------------------------------
def test_they_stand_in_no_list_search_file_or_letter(shopper, holder):
    waiting = queue(shopper)
    offer(holder)
    owner = in_role("Ägare")
    pages = [
        owner.get(reverse(f"guest_staff:{name}", args=[pk]))
        for name, pk in (
            ("list", waiting.event_id),
            ("check_in_print", waiting.event_id),
            ("signup", waiting.pk),
        )
    ]
    shown = "".join(page.content.decode() for page in pages) + str(workbook(owner, waiting.event))
    sent = [*letters("signup-queued"), *letters("signup-offered")]
    written = "".join(str(build(letter).body) for letter in sent)
    assert len(sent) == 2
    assert "Björkviks kommun" in shown
    assert [secret for secret in SECRETS if secret in shown + written] == []
    assert [secret for secret in SECRETS if SignUp.objects.search(secret).filter(pk=waiting.pk)] == []


# --- What no longer fits -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "old",
    [
        [],
        "invoice",
        7,
        True,
        {},
        {"buyer": ["public"]},
        {"buyer": None, "reference": "4410"},
        {"reference": "4410"},
        {**ANSWERS, "buyer": "cooperative"},
        {**ANSWERS, "organisation_number": "123"},
        {**ANSWERS, "reference": "4" * 5_000},
        {**ANSWERS, "city": {"$ne": 1}},
        {**ANSWERS, "invoice_postal_code": "<script>"},
    ],
)
def test_answers_that_no_longer_fit_give_an_ordinary_empty_form(shopper, holder, old):
    waiting = queue(shopper)
    offer(holder)
    SignUp.objects.filter(pk=waiting.pk).update(answers=old)
    page = shopper.client.get(own_page(waiting))
    assert page.status_code == 200
    filled = {name: value for name, value in fields(page).items() if value}
    assert filled.pop(f"name-{waiting.guests.get().pk}") == "Karin Ek", (
        "the form beside it, which corrects names"
    )
    assert filled == {
        "buyer": "private",
        "shown_total": str(PRICE),
        "shown_event": told_of(EventPage.objects.get()),
    }
    sent = {**fields(page), **ANSWERS, "accept": "1"}
    assert shopper.client.post(own_page(waiting), sent).status_code == 303
    assert (state(waiting), kept(waiting)) == (GOING, None)


def test_a_way_to_pay_that_is_gone_is_chosen_anew_and_the_rest_stays(shopper, holder):
    waiting = queue(shopper)
    offer(holder)
    SignUp.objects.filter(pk=waiting.pk).update(answers={**ANSWERS, "payment": "klarna", "unknown": "1"})
    filled = fields(shopper.client.get(own_page(waiting)))
    assert "payment" not in filled
    assert filled["reference"] == "Karin Ek, 4410"


@pytest.mark.parametrize("wrong", [{"buyer": "\x00"}, {"payment": "klarna"}, {"name": "x" * 9_000}])
def test_answers_that_are_wrong_when_somebody_queues_are_not_kept_and_hinder_nobody(shopper, holder, wrong):
    answer = shopper.client.post(ADDRESS, {**MUNICIPALITY, **wrong, "queue": "1"})
    assert answer.status_code == 303
    waiting = SignUp.objects.get(email=KARIN)
    assert (waiting.state, waiting.answers) == (QUEUED, None)
