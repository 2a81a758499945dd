"""A random walk over all operations: stock, money and both words stay what an independent recount says.

`WALK_SEED=7 WALK_STEPS=2000 bin/test tests/orders/test_random_walk.py -m chaos` walks another way. A failure names the
seed and tells the last steps.
"""

from __future__ import annotations

import os
import sys

import pytest
import time_machine

from shop.models import StockLevel
from tests.factories import ProductFactory
from tests.orders.walking import afterwards, agreeing, ordering, recount, shipping
from tests.orders.walking.walk import Walk

pytestmark = pytest.mark.django_db

STEPS = {**ordering.STEPS, **shipping.STEPS, **afterwards.STEPS, **agreeing.STEPS}
SEED = int(os.environ.get("WALK_SEED", "20261126"))
FAR = int(os.environ.get("WALK_STEPS", "10000"))


def shelf_of(walk: Walk) -> None:
    """Four products: plenty, few, none, and one that is made to order."""
    for sku, on_hand, counted in (
        ("PLENTY", 200, True),
        ("FEW", 9, True),
        ("NONE", 0, True),
        ("MADE", 0, False),
    ):
        product = ProductFactory.create(sku=sku, on_hand=on_hand, counted=counted)
        StockLevel.objects.get_or_create(product=product)
        walk.skus[sku] = product.pk
        walk.books.shelf[product.pk], walk.books.counted[product.pk] = on_hand, counted


def go(walk: Walk, steps: int, *, recount_every: int) -> None:
    """Walk, comparing the shelf and the latest orders after each step, and all of it now and then."""
    shelf_of(walk)
    with time_machine.travel(walk.now, tick=False) as clock:
        for _step in range(steps):
            walk.tick(clock)
            [step] = walk.die.choices(list(STEPS), list(STEPS.values()))
            step(walk)
            recount.shelf(walk)
            if walk.number % recount_every == 0:
                recount.everything(walk)
    recount.everything(walk)


def walked(seed: int, steps: int, *, recount_every: int) -> Walk:
    walk = Walk(seed)
    arrived = False
    try:
        go(walk, steps, recount_every=recount_every)
        arrived = True
    finally:
        if not arrived:
            sys.stderr.write(f"\nseed {walk.seed}, step {walk.number}:\n  " + "\n  ".join(walk.said) + "\n")
    return walk


def test_a_short_walk_keeps_every_account_in_order():
    walk = walked(SEED, 160, recount_every=80)
    assert {order.state for order in walk.books.orders.values()} >= {"confirmed", "cancelled"}


@pytest.mark.chaos
@pytest.mark.long
def test_ten_thousand_steps_keep_every_account_in_order(capsys: pytest.CaptureFixture[str]):
    walk = walked(SEED, FAR, recount_every=100)
    reached = {box.state for order in walk.books.orders.values() for box in order.boxes.values()}
    with capsys.disabled():
        print(
            f"\n{walk.number} steps, seed {walk.seed}: {len(walk.books.orders)} orders, parcels {sorted(reached)}"
        )
    assert reached == {"planned", "packed", "sent", "delivered", "returned", "cancelled"}
    assert {order.state for order in walk.books.orders.values()} >= {"confirmed", "closed", "cancelled"}
    assert {said.state for said in walk.books.notices} >= {"received", "awaited", "refunded", "refused"}
    assert any(+order.struck for order in walk.books.orders.values())
    assert any(order.quote for order in walk.books.orders.values())
