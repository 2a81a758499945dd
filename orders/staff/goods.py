"""Which goods staff put into a quote or an order: one field for each product on offer, `quantity-<SKU>`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from shop import quantities
from shop.basket import LONGEST_TYPED, MAX_ROWS, Basket, Row
from shop.models import Product


@dataclass(frozen=True, slots=True)
class GoodsRow:
    product: Product
    typed: str
    error: str = ""

    @property
    def name(self) -> str:
        return f"quantity-{self.product.sku}"


class Goods:
    """The rows with what was typed in them, right or wrong; a fixed number of queries."""

    def __init__(self, data: QueryDict | None = None) -> None:
        self.products = list(Product.objects.for_sale())
        self.basket = Basket(key=secrets.token_urlsafe(18))
        self.rows = [self._row(product, data) for product in self.products]
        self.error = self._fault() if data is not None else ""

    def _row(self, product: Product, data: QueryDict | None) -> GoodsRow:
        typed = str(data.get(f"quantity-{product.sku}", "")) if data else ""
        typed = typed.replace("\x00", "")[: LONGEST_TYPED + 1]
        if not typed.strip() or typed.strip() == "0":
            return GoodsRow(product, typed)
        try:
            number = quantities.asked_for(product, typed)
        except ValidationError as fault:
            return GoodsRow(product, typed, fault.messages[0])
        self.basket = self.basket.put(product.sku, Row(number, product.unit_price(number).ore))
        return GoodsRow(product, typed)

    def _fault(self) -> str:
        if any(row.error for row in self.rows):
            return _("Ett antal behöver rättas.")
        if len(self.basket.rows) > MAX_ROWS:
            return _("Högst %(most)s olika varor ryms.") % {"most": MAX_ROWS}
        return "" if self.basket else _("Skriv hur många det gäller av minst en vara.")
