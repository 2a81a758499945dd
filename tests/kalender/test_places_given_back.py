"""Paid places that are given back: the right to withdraw, what staff decide, and seats that go to the next."""

from __future__ import annotations

from typing import Any

import pytest

from cms.kalender.models import EventPage, SignUp
from cms.kalender.signing_up import Payer
from notifications.mail import build
from orders.models import Order
from shop import known
from tests.factories import CompanyFactory, TermsFactory, pay
from tests.kalender.facts import KARIN, letters
from tests.kalender.signups import sign_up, wish
from tests.kalender.test_paid_places import DETAILS, PRICE, order_of
from tests.kalender.test_signing_up_pages import words as seen
from tests.notifications.test_order_letters import files

pytestmark = pytest.mark.django_db

KARINS = {
    "buyer": "private",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "53132",
    "city": "Björkvik",
    "organisation": "",
}


@pytest.fixture
def course(publish):
    """Ten seats at 1 950 kr."""
    CompanyFactory()
    TermsFactory()
    return publish(slug="2026-12-10-grunderna", signup=True, seats=10, place_price_ore=PRICE, title="Kurs")


def bought(event: EventPage, people: int = 1, details: dict[str, str] = KARINS, **facts: Any) -> SignUp:
    """Paid places of a private person's, unless told."""
    names = [f"Gäst {number}" for number in range(people)]
    signup = sign_up(event, wish(names=names, payer=Payer(PRICE, details), **{"email": KARIN, **facts}))
    pay(order_of(signup))
    return signup


def without_right() -> None:
    company = known.company()
    company.places_may_be_withdrawn = False
    company.save()


# --- What is told --------------------------------------------------------------------------------
def test_a_private_buyer_reads_of_the_right_on_the_order_s_page_and_in_its_letter(course, client):
    order = order_of(bought(course))
    told = "14 dagars ångerrätt, räknat från dagen du beställer, men inte sedan träffen har börjat"
    page = seen(client.get(f"/order/{order.key}/"))
    assert told in page
    assert "Om du inte kan komma" in page
    assert f"/angra/?order={order.key}" in client.get(f"/order/{order.key}/").content.decode()
    mail = build(letters("order-confirmation")[0])
    assert told in " ".join(str(mail.body).split())
    assert "Till Värdskapet: jag ångrar mitt köp." in str(mail.body)
    assert "fjorton dagars" not in str(mail.body)  # what the terms say of goods
    assert "Köpvillkor och ångerrätt.pdf" in files(mail)


def test_places_sold_as_leisure_say_why_there_is_no_right_and_keep_saying_it(course, client):
    without_right()
    order = order_of(bought(course))
    company = known.company()
    company.places_may_be_withdrawn = True
    company.save()
    page = client.get(f"/order/{order.key}/")
    assert "en fritidsaktivitet på en bestämd dag" in seen(page)
    assert f"/angra/?order={order.key}" not in page.content.decode()
    mail = build(letters("order-confirmation")[0])
    assert "INGEN ÅNGERRÄTT" in str(mail.body)
    assert "jag ångrar mitt köp" not in str(mail.body)
    assert "Köpvillkor.pdf" in files(mail)


def test_places_that_were_bought_with_the_right_keep_it(course, client):
    order = order_of(bought(course))
    without_right()
    assert "14 dagars ångerrätt" in seen(client.get(f"/order/{order.key}/"))


def test_an_organisation_is_promised_no_right(course, client):
    order = order_of(bought(course, details=DETAILS))
    assert "Ångerrätten gäller privatpersoner." in seen(client.get(f"/order/{order.key}/"))
    assert "ÅNGERRÄTT" not in str(build(letters("order-confirmation")[0]).body)
    assert Order.objects.get().has_right_to_withdraw is False
