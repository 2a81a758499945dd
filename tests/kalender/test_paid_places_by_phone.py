"""A guest who rings to an event that costs: staff sign up and order in one step, on invoice or by a link to pay by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cms.kalender.models import EventPage, SignUp
from notifications.mail import build
from orders.models import Order
from orders.payments import sweep
from tests.factories import pay
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import CANCELLED, FORM, GOING, LAPSED, QUEUED, UNPAID, sign_up, state, wish
from tests.kalender.test_paid_places import ADDRESS, DETAILS, PRICE, course  # noqa: F401  a fixture
from tests.kalender.test_places_given_back import KARINS, bought
from tests.kalender.test_signing_up_pages import words as seen
from tests.staff import in_role

pytestmark = pytest.mark.django_db

WHO = {**FORM, "names": "Karin Ek\nAnders Ek", "shown_price": str(PRICE)}
INVOICED = {
    **WHO,
    **{name: value for name, value in DETAILS.items() if name != "method"},
    "payment": "invoice",
}
LINKED = {**WHO, **{name: value for name, value in KARINS.items() if name != "method"}, "payment": "card"}


@pytest.fixture
def staff() -> Client:
    return in_role("Ägare")


def send(staff: Client, event: EventPage, typed: dict[str, str]) -> Any:
    page = reverse("guest_staff:sign_up", args=[event.pk])
    with time_machine.travel(NOON, tick=False):
        return staff.post(page, typed, follow=True)


def test_the_form_tells_the_price_and_asks_who_pays(course, staff):  # noqa: F811
    with time_machine.travel(NOON, tick=False):
        page = seen(staff.get(reverse("guest_staff:sign_up", args=[course.pk])))
    for told in (
        "Varje plats kostar 1 950,00 kr, varav moms 25 %, 390,00 kr.",
        "Vem betalar?",
        "Betallänk i ett mejl",
    ):
        assert told in page.replace("\N{NO-BREAK SPACE}", " ")


def test_what_staff_are_told_of_a_missing_address_is_not_told_to_guests(course, staff, client):  # noqa: F811
    assert "Skriv e-postadressen. Platserna kostar" in seen(send(staff, course, {**INVOICED, "email": ""}))
    answer = client.post(ADDRESS, {**INVOICED, "email": ""})
    assert "Skriv hela e-postadressen" in seen(answer)
    assert "Platserna kostar, så allt om dem går dit" not in seen(answer)


def test_an_organisation_has_its_places_and_the_invoice_at_once(course, staff):  # noqa: F811
    for _press in range(2):
        answer = send(staff, course, INVOICED)
    assert "finns plats" in seen(answer) or "Inget nytt är inlagt." in seen(answer)
    signup, order = SignUp.objects.get(), Order.objects.get()
    assert (signup.state, signup.organisation, signup.order_number) == (
        GOING,
        "Björkviks Bygg AB",
        order.number,
    )
    assert (order.state, order.method, order.total.ore, order.invoices.count()) == (
        "confirmed",
        "invoice",
        2 * PRICE,
        1,
    )
    first = order.history.first()
    assert first
    assert (first.actor, first.cause) == ("en Ägare", "anmälan per telefon")
    assert len(letters("order-confirmation")) == len(letters("signup-going")) == 1


def test_a_private_person_gets_a_link_and_the_places_when_it_is_paid(course, staff, client):  # noqa: F811
    assert "en länk att betala genom" in seen(send(staff, course, LINKED))
    signup, order = SignUp.objects.get(), Order.objects.get()
    assert (state(signup), order.state, order.buyer, order.withdrawable) == (
        UNPAID,
        "placed",
        "private",
        True,
    )
    assert order.reserved_until == NOON + timedelta(days=7)
    (mail,) = letters("pay-link")
    assert mail.to == KARIN
    body = " ".join(str(build(mail).body).split())
    assert "så är det bokat" in body
    assert "Du har 14 dagars ångerrätt, räknat från dagen du beställer" in body
    assert "packar" not in body
    assert not letters("signup-going")
    pay(order)
    assert (state(signup), Order.objects.get().state) == (GOING, "confirmed")
    assert len(letters("signup-going")) == 1


def test_a_link_near_the_end_of_sign_up_holds_for_half_of_what_is_left(course, staff, change):  # noqa: F811
    change(
        course,
        starts_at=NOON + timedelta(days=4),
        ends_at=NOON + timedelta(days=4, hours=3),
        signup_closes_at=None,
    )
    send(staff, course, LINKED)
    assert Order.objects.get().reserved_until == NOON + timedelta(days=2)


def test_a_link_that_nobody_pays_by_gives_the_places_to_the_next(course, staff):  # noqa: F811
    send(staff, course, LINKED)
    sweep.lapse_due(now=NOON + timedelta(days=6, hours=23))
    assert state(SignUp.objects.get()) == UNPAID
    sweep.lapse_due(now=NOON + timedelta(days=7, minutes=1))
    assert state(SignUp.objects.get()) == LAPSED
    assert Order.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"email": "", "phone": "0701234567"}, "Skriv e-postadressen. Platserna kostar"),
        ({"organisation_number": "123"}, "rganisationsnummer"),
        ({"reference": ""}, "Skriv en referens"),
        ({"buyer": "private"}, "Välj hur du vill betala"),
        ({"payment": "swish"}, "Välj hur du vill betala"),
        ({"shown_price": "100"}, "Priset har ändrats."),
        ({"shown_price": "-1"}, "Priset har ändrats."),
        ({"names": ""}, "Skriv minst ett namn."),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_is_kept(course, staff, facts, sentence):  # noqa: F811
    answer = send(staff, course, {**INVOICED, **facts})
    assert answer.status_code == 422
    assert sentence in seen(answer)
    assert "Björkviks Bygg AB" in answer.content.decode()
    assert (SignUp.objects.count(), Order.objects.count()) == (0, 0)


def test_to_a_full_event_somebody_is_put_in_the_queue_and_orders_nothing(course, staff):  # noqa: F811
    bought(course, 10, email="mona@bjorkvik.example")
    with time_machine.travel(NOON, tick=False):
        page = staff.get(reverse("guest_staff:sign_up", args=[course.pk]))
    assert "gästen ställs på kö" in seen(page)
    assert "Vem betalar?" not in seen(page)
    assert "sist i kön" in seen(send(staff, course, {**WHO, "queue": "1"}))
    waiting = SignUp.objects.get(email=KARIN)
    assert (state(waiting), waiting.order_number, Order.objects.count()) == (QUEUED, "", 1)


def test_places_that_went_meanwhile_put_the_guest_in_the_queue_and_order_nothing(course, staff):  # noqa: F811
    bought(course, 9, email="mona@bjorkvik.example")
    assert "Platserna räcker inte." in seen(send(staff, course, INVOICED))
    assert (state(SignUp.objects.get(email=KARIN)), Order.objects.count()) == (QUEUED, 1)


def test_an_offered_place_that_costs_is_taken_by_the_guest_alone(course, staff):  # noqa: F811
    going = bought(course, 10, email="mona@bjorkvik.example")
    waiting = sign_up(course, wish(email=KARIN, only_queue=True))
    staff.post(reverse("guest_staff:cancel", args=[going.pk]), {"why": "removed"})
    assert state(going) == CANCELLED
    assert "Gästen tar platsen" not in seen(staff.get(reverse("guest_staff:signup", args=[waiting.pk])))
    answer = staff.post(reverse("guest_staff:accept", args=[waiting.pk]), follow=True)
    assert "betalar den där" in seen(answer)
    assert Order.objects.count() == 1
