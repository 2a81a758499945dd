"""Places paid online: held while the buyer pays, the guest's when the money is here, and free again when it is not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cms.kalender.models import SignUp
from notifications.models import Message
from orders.models import Order
from tests.kalender.signups import FORM, GOING, UNPAID, state
from tests.kalender.test_paid_places import ADDRESS, PRICE, course  # noqa: F401  a fixture
from tests.kalender.test_signing_up_pages import words

pytestmark = pytest.mark.django_db

PRIVATE = {
    **FORM,
    "buyer": "private",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "531 32",
    "city": "Björkvik",
    "payment": "card",
}


def seen(answer: Any) -> str:
    return words(answer).replace("\N{NO-BREAK SPACE}", " ")


def hidden(answer: Any) -> dict[str, str]:
    """What the page carries on."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))


def pay(client: Any, page: str) -> Any:
    """Press the practice payment page's button, and follow to the order's page."""
    back = client.post(page, {"action": "pay"})
    return client.get(client.get(back.headers["Location"]).headers["Location"])


def test_a_private_person_sees_the_sum_then_orders_pays_and_has_the_seat(course, client, settings):  # noqa: F811
    settings.PRACTICE_PAYMENTS = True
    review = client.post(ADDRESS, PRIVATE)
    assert review.status_code == 200
    for told in (
        "Inget är beställt än.",
        "Storgatan 12, 531 32 Björkvik",
        "Betalning Kort",
        "1 plats à 1 950 kr",
        "Att betala, med moms 1 950,00 kr",
        "varav moms 25 % 390,00 kr",
        "Beställ och betala 1 950 kr",
        "14 dagars ångerrätt",
        "köpvillkor",
    ):
        assert told in seen(review)
    assert not Order.objects.exists()
    ordered = client.post(ADDRESS, hidden(review))
    assert ordered.status_code == 303
    signup, order = SignUp.objects.get(), Order.objects.get()
    assert (signup.state, order.state, order.method) == (UNPAID, "placed", "card")
    assert not Message.objects.exists()
    assert "Platsen är bokad" in seen(pay(client, ordered.headers["Location"]))
    assert (state(signup), Order.objects.get().state) == (GOING, "confirmed")
    assert sorted(Message.objects.values_list("letter", flat=True)) == ["order-confirmation", "signup-going"]
