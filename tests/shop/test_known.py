"""What a process remembers of the shelf while something is ordered, and what it never does."""

from __future__ import annotations

import pytest

from orders.models import OrderLine
from shop.models import Product, StockLevel
from tests.factories import FreightFactory, ProductFactory, TermsFactory
from tests.shopping import KOMMUN, Shopper, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("remembering")]


@pytest.fixture
def shopper() -> Shopper:
    FreightFactory()
    TermsFactory()
    ProductFactory(sku="VISOR", name="Visor", price_ore=90_00, on_hand=5)
    shopper = Shopper()
    shopper.put("VISOR", 3)
    shopper.basket_page()
    return shopper


def test_what_is_left_is_read_anew_for_each_page(shopper):
    assert "kvar av Visor" not in text(shopper.basket_page())
    StockLevel.objects.filter(product__sku="VISOR").update(reserved=4)  # as by another buyer's process
    assert "Det finns 1 kvar av Visor" in text(shopper.basket_page())
    answer = shopper.order(KOMMUN)
    assert answer.status_code == 409
    assert "Det finns 1 kvar av Visor" in text(answer)


def test_an_order_is_placed_at_the_price_that_its_pages_have_shown(shopper):
    form = {**shopper.form(), **KOMMUN}
    Product.objects.filter(sku="VISOR").update(price_ore=95_00)  # a moment ago, and nobody has been told yet
    assert shopper.send(form).status_code == 303
    assert OrderLine.objects.get().unit_price_ore == 90_00
