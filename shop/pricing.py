"""What a basket costs right now, to the öre."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from shop import known
from shop.basket import Basket
from shop.models import FreightMethod, PriceStep, Product
from shop.money import ZERO, Money, total
from shop.vat import Totals, net_each, reckon


@dataclass(frozen=True, slots=True)
class Line:
    product: Product
    quantity: int
    unit_price: Money
    by_rate: dict[int, Money]
    seen: Money
    agreed_name: str = ""  # as it was called in a quote

    @property
    def name(self) -> str:
        return self.agreed_name or self.product.shown_name

    @property
    def gross(self) -> Money:
        return total(list(self.by_rate.values()))

    @property
    def unit_net(self) -> Money:
        """The price of one without VAT, for showing."""
        return net_each(self.by_rate, self.quantity)

    @property
    def price_changed(self) -> bool:
        return self.seen != self.unit_price

    @property
    def step(self) -> PriceStep | None:
        """The price step that applies."""
        reached = [step for step in self.product.steps if step.from_quantity <= self.quantity]
        return reached[-1] if reached else None

    @property
    def next_step(self) -> PriceStep | None:
        return next((step for step in self.product.steps if step.from_quantity > self.quantity), None)

    @property
    def short(self) -> bool:
        """More wanted than can be promised now."""
        return self.product.available is not None and self.product.available < self.quantity

    @property
    def weight_g(self) -> int:
        return self.product.weight_g * self.quantity


@dataclass(frozen=True, slots=True)
class FreightOption:
    method: FreightMethod
    price: Money


@dataclass(frozen=True, slots=True)
class Priced:
    """A basket with prices. Rows whose product is no longer sold are left out and named in `gone`."""

    lines: list[Line]
    options: list[FreightOption]
    chosen: FreightOption | None
    totals: Totals
    gone: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def free_freight_missing(self) -> Money:
        """What is left to free freight with the chosen method; zero when it is free or never free."""
        limit = self.chosen.method.free_from_ore if self.chosen else None
        return Money(max(0, limit - self.totals.goods.ore)) if limit else ZERO


def price(basket: Basket, *, today: date, freight: str = "") -> Priced:
    """Price every row for a Stockholm date, by what the process remembers of the shelf: no query.

    `freight` is a FreightMethod's code; unknown or empty means the first one offered.
    """
    products = known.products(basket.rows) if basket else {}
    lines = [
        _line(products[sku], row.quantity, Money(row.seen_ore), today)
        for sku, row in basket.rows.items()
        if sku in products
    ]
    options = _freight_options(lines, today)
    chosen = next((option for option in options if option.method.code == freight), next(iter(options), None))
    totals = reckon([line.by_rate for line in lines], chosen.price if chosen else ZERO)
    return Priced(lines, options, chosen, totals, [sku for sku in basket.rows if sku not in products])


def in_parcels(priced: Priced, parcels: Sequence[Mapping[str, int]], *, today: date) -> Priced:
    """The same goods sent in these parcels (SKU to copies): the freight is the sum of each one's own. No query."""
    options = [
        FreightOption(option.method, total([_own_price(option, priced, copies, today) for copies in parcels]))
        for option in priced.options
    ]
    code = priced.chosen.method.code if priced.chosen else ""
    chosen = next((option for option in options if option.method.code == code), None)
    totals = reckon([line.by_rate for line in priced.lines], chosen.price if chosen else ZERO)
    return replace(priced, options=options, chosen=chosen, totals=totals)


def _own_price(option: FreightOption, priced: Priced, copies: Mapping[str, int], today: date) -> Money:
    """As if the parcel were an order of its own, at the prices of the whole."""
    rows = [(line, copies.get(line.product.sku, 0)) for line in priced.lines]
    weight = sum(line.product.weight_g * number for line, number in rows)
    goods = total([line.unit_price * number for line, number in rows])
    return option.method.price(weight, goods, today)


def ways(today: date) -> list[FreightMethod]:
    """What may be chosen for goods that are sent on a Stockholm date."""
    return known.offered_freights(today)


def _line(product: Product, quantity: int, seen: Money, today: date) -> Line:
    return Line(product, quantity, product.unit_price(quantity), product.gross_by_rate(quantity, today), seen)


def _freight_options(lines: Sequence[Line], today: date) -> list[FreightOption]:
    """Each way of sending with its price; none when nothing needs to be sent."""
    weight = sum(line.weight_g for line in lines)
    if not weight:
        return []
    goods = total([line.gross for line in lines])
    return [FreightOption(method, method.price(weight, goods, today)) for method in ways(today)]
