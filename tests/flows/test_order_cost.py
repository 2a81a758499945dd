"""What a whole order may ask of the database; `python -m bench.order` prints it, with the processor's part."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import FreightFactory, ProductFactory, TermsFactory
from tests.shopping import KARIN, KOMMUN, Shopper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("remembering")]

FRAME = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE", re.IGNORECASE)


@pytest.fixture(autouse=True)
def shelf() -> list[str]:
    """Made before anything is remembered: in a test that rolls back nobody is told of a change."""
    FreightFactory()
    TermsFactory()
    return [str(ProductFactory(steps={2: 50_00}, vat={25: 1, 6: 1}).sku) for _place in range(20)]


def walked(skus: list[str], who: dict[str, str]) -> list[str]:
    """The statements of a visit that puts the last of the titles in a basket with the others, and orders."""
    shopper = Shopper()
    for sku in skus[:-1]:
        shopper.put(sku)
    with CaptureQueriesContext(connection) as asked:
        shopper.put(skus[-1])
        shopper.basket_page("?tillagd=" + skus[-1])
        answer = shopper.order(who)
        assert answer.status_code == 303
        if who is KOMMUN:
            assert shopper.follow(answer).status_code == 200
    return [query["sql"] for query in asked.captured_queries if not FRAME.match(query["sql"])]


@pytest.mark.parametrize(("who", "most"), [(KOMMUN, 30), (KARIN, 40)], ids=["invoice", "card"])
def test_a_whole_order_asks_as_little_for_twenty_titles_as_for_one(shelf, who, most):
    for _order in range(2):  # what a process reads once, it has read
        walked(shelf, who)
    one, twenty = walked(shelf[:1], who), walked(shelf, who)
    assert [told[:40] for told in one] == [told[:40] for told in twenty]
    assert len(one) <= most, one
