"""A sign-up and the order of its places lead to each other, and each says what the other one costs or gives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.kalender import signing_up
from cms.kalender.models import SignUp
from cms.kalender.tasks import tend_signups
from tests.factories import pay
from tests.kalender.facts import NOON
from tests.kalender.signups import CANCELLED, sign_up, state
from tests.kalender.test_paid_places import ADDRESS, INVOICED, course, order_of
from tests.kalender.test_places_given_back import bought, cancels
from tests.kalender.test_signing_up_pages import words
from tests.staff import in_role

__all__ = ["course"]  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def seen(answer: Any) -> str:
    return words(answer).replace("\N{NO-BREAK SPACE}", " ")


def own(signup: SignUp) -> str:
    return f"/anmalan/{signup.key}/"


def test_who_has_ordered_on_invoice_comes_to_the_order_which_is_received_and_leads_to_the_sign_up(
    course, client
):
    for _click in range(2):
        answer = client.post(ADDRESS, INVOICED)
        order = order_of(SignUp.objects.get())
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/order/{order.key}/")
    page = client.get(answer.headers["Location"])
    assert f"Beställning {order.number}" in seen(page)
    assert "Beställningen är mottagen." in seen(page)
    html = page.content.decode()
    assert f'href="{own(SignUp.objects.get())}">Se anmälan</a>' in html
    assert f'href="{course.url}">Till träffen</a>' in html


def test_who_orders_on_invoice_for_one_that_is_there_already_is_told_by_letter_alone(course, client):
    client.post(ADDRESS, INVOICED)
    answer = client.post(ADDRESS, {**INVOICED, "signup_key": "n" * 32})
    assert answer.headers["Location"] == f"{ADDRESS}tack/"


def test_the_sign_up_s_page_says_the_price_and_that_it_is_paid_and_leads_to_the_order(course, client):
    signup = bought(course, 2)
    page = client.get(own(signup))
    order = order_of(signup)
    assert "Pris 3 900,00 kr Betalt." in seen(page)
    assert f'href="/order/{order.key}/">Se beställning {order.number}</a>' in page.content.decode()


def test_the_sign_up_s_page_says_that_an_invoice_comes(course, client):
    client.post(ADDRESS, INVOICED)
    signup = SignUp.objects.get()
    assert "Pris 5 850,00 kr Betalas mot faktura." in seen(client.get(own(signup)))
    pay(order_of(signup))
    assert "Pris 5 850,00 kr Betalt." in seen(client.get(own(signup)))


def test_a_free_sign_up_s_page_speaks_of_no_price_and_no_order(publish, client):
    signup = sign_up(publish(signup=True, seats=3))
    page = seen(client.get(own(signup)))
    assert "Pris" not in page
    assert "Se beställning" not in page


def test_who_cancels_in_time_reads_that_the_purchase_is_withdrawn_and_by_when_the_money_is_back(
    course, client
):
    signup = bought(course)
    cancels(client, signup)
    page = seen(client.get(own(signup)))
    assert "Du är avanmäld" in page
    assert "Vi har tagit emot din ånger. Den kom" in page
    assert "Pengarna ska vara tillbaka hos dig senast 7 december 2026." in page


def test_who_cancels_without_the_right_reads_that_we_write_about_the_payment(course, client):
    client.post(ADDRESS, INVOICED)
    signup = SignUp.objects.get()
    cancels(client, signup)
    page = seen(client.get(own(signup)))
    assert "Platserna är avanmälda. De avanmäldes" in page
    assert "Vi hör av oss om betalningen." in page
    assert "tillbaka hos dig" not in page


def test_of_a_cancelled_event_the_sign_up_s_page_says_what_becomes_of_the_money(course, client, change):
    signup = bought(course)
    change(course, status="cancelled")
    tend_signups()
    assert state(signup) == CANCELLED
    page = seen(client.get(own(signup)))
    assert "Träffen är inställd" in page
    assert "Beställningen är avbeställd." in page


def test_staff_who_look_at_the_order_s_page_are_given_no_key_to_the_sign_up(course):
    signup = bought(course)
    staff = in_role("Ekonom")
    page = staff.get(reverse("order_staff:buyers_page", args=[order_of(signup).number])).content.decode()
    assert "Se anmälan" in page
    assert signup.key not in page


def test_a_forgotten_sign_up_is_not_led_to(course, client, clock):
    signup = bought(course)
    order = order_of(signup)
    clock.move_to(course.ends_at + timedelta(days=90))
    signing_up.forget(now=NOON + timedelta(days=200))
    page = Client().get(f"/order/{order.key}/").content.decode()
    assert "Se anmälan" not in page
    assert "Till träffen" in page
