"""python -m bench.titles <number>: so many more titles on the shelf, and copies enough of every title.

With the site's environment. Prints the basket's cookie that holds them all, for a walk that begins with it.
"""

from __future__ import annotations

import json
import sys
from datetime import date

import django

ENOUGH = 1_000_000


def main(number: int) -> None:
    django.setup()
    # After the set-up: these import models.
    from django.core import signing
    from django.utils import timezone

    from shop import basket, stock
    from shop.models import PriceStep, Product, VatShare

    for place in range(number):
        title, _new = Product.objects.get_or_create(
            sku=f"TITEL-{place}",
            defaults={
                "name": f"Titel {place}",
                "price_ore": 10_00 + place,
                "weight_g": 40,
                "thickness_mm": 3,
            },
        )
        PriceStep.objects.get_or_create(product=title, from_quantity=25, price_ore=9_00)
        VatShare.objects.get_or_create(product=title, valid_from=date(2020, 1, 1), percent=(6, 25)[place % 2])
    counted = Product.objects.filter(counted=True).values_list("pk", flat=True)
    stock.count_in(dict.fromkeys(counted, ENOUGH), cause="bench", actor="bench", at=timezone.now())
    rows = [[f"TITEL-{place}", 1, 10_00 + place] for place in range(number)]
    content = {"k": "bench-walks-with-this", "r": rows}
    print(json.dumps({basket.COOKIE: signing.dumps(content, salt=basket.SALT, compress=True)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
