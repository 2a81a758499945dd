"""Deterministic situations. Orders come about as in the shop: placed, paid, packed and sent by operations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from factory.base import Factory
from factory.declarations import LazyAttribute, SelfAttribute, Sequence, Trait
from factory.django import DjangoModelFactory

from orders import operations
from orders.models import Method, Order, Quote
from shop import freshness, known, pricing, stock
from shop.basket import Basket, Row
from shop.models import Company, FreightMethod, FreightPrice, PriceStep, Product, StockLevel, Terms, VatShare
from shop.money import Money

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 12.00 in Stockholm
TODAY = NOON.date()
LONG_AGO = date(2026, 1, 1)


class ProductFactory(DjangoModelFactory[Product]):
    """A counted product at 6 % with 1 000 on the shelf: `ProductFactory(sku="X", steps={25: 4900})`.

    `vat` is rate → weight, `steps` from-quantity → öre, `on_hand` copies counted in (0: no ledger).
    """

    class Meta:
        model = Product

    class Params:
        skriften = Trait(
            sku="SKRIFTEN",
            name="Skriften om värdskap",
            price_ore=55_00,
            weight_g=85,
            steps={25: 49_00, 100: 45_00, 250: 39_00},
            on_hand=12_000,
        )
        book = Trait(
            sku="DET-GODA-VARDSKAPET",
            name="Det goda värdskapet",
            price_ore=249_00,
            weight_g=420,
            on_hand=800,
        )
        material = Trait(
            sku="VARDSKAP-I-PRAKTIKEN",
            name="Värdskap i praktiken",
            price_ore=1_490_00,
            weight_g=900,
            vat={25: 1000, 6: 490},
            on_hand=120,
        )

    sku = Sequence(lambda n: f"VARA-{n}")
    name = LazyAttribute(lambda product: f"Varan {product.sku}")
    price_ore = 100_00
    weight_g = 100
    steps: dict[int, int] = {}
    vat = {6: 1}
    on_hand = 1_000

    @classmethod
    def _create(cls, model_class: type[Product], *args: Any, **facts: Any) -> Product:
        steps, vat, on_hand = facts.pop("steps"), facts.pop("vat"), facts.pop("on_hand")
        product: Product = super()._create(model_class, *args, **facts)
        PriceStep.objects.bulk_create(
            PriceStep(product=product, from_quantity=quantity, price_ore=ore, sort_order=place)
            for place, (quantity, ore) in enumerate(steps.items())
        )
        VatShare.objects.bulk_create(
            VatShare(product=product, valid_from=LONG_AGO, percent=percent, weight=weight, sort_order=place)
            for place, (percent, weight) in enumerate(vat.items())
        )
        if on_hand:
            StockLevel.objects.create(product=product)
            stock.count_in({product.pk: on_hand}, cause="första inleveransen", actor="test", at=NOON)
        return product


class FreightFactory(DjangoModelFactory[FreightMethod]):
    """49 kr up to 2 kg, 99 kr up to 20 kg, free from 500 kr."""

    class Meta:
        model = FreightMethod

    code = "hem"
    name = "Hem eller till arbetsplatsen"
    free_from_ore = 500_00
    prices = {2_000: 49_00, 20_000: 99_00}

    @classmethod
    def _create(cls, model_class: type[FreightMethod], *args: Any, **facts: Any) -> FreightMethod:
        prices = facts.pop("prices")
        method: FreightMethod = super()._create(model_class, *args, **facts)
        for grams, ore in prices.items():
            FreightPrice.objects.create(method=method, valid_from=LONG_AGO, max_weight_g=grams, price_ore=ore)
        return method


class TermsFactory(DjangoModelFactory[Terms]):
    class Meta:
        model = Terms
        django_get_or_create = ("version", "language")

    version = "2026-01"
    language = "sv"
    valid_from = LONG_AGO
    body = "<p>Köpvillkor.</p>"
    withdrawal_info = "Du har fjorton dagars ångerrätt."
    model_form = "Till Värdskapet: jag ångrar mitt köp."


class CompanyFactory(DjangoModelFactory[Company]):
    class Meta:
        model = Company

    legal_name = "Värdskapet Exempel AB"
    organisation_number = "559999-0008"
    vat_number = "SE559999000801"
    seat = "Stockholm"
    address_line1 = "Exempelgatan 1"
    postal_code = "111 22"
    city = "Stockholm"
    email = "hej@vardskapet.example"
    phone = "08-555 000 00"
    phone_hours = "Telefonen är bemannad vardagar 9–16."
    bankgiro = "991-2346"


class OrderFactory(Factory[Order]):
    """A card order of one Skriften by Karin Ek: `OrderFactory(paid=True)`, `OrderFactory(lines={"SKRIFTEN": 30})`.

    Traits: `on_invoice` (a municipality), `paid` (in full), `packed`, `sent`, `delivered` (paid unless on invoice).
    `at` is when it is placed; what happens later happens at the same moment.
    """

    if TYPE_CHECKING:

        def __new__(cls, **facts: Any) -> Any:
            """The metaclass answers with an Order; a type checker sees no further than the class."""

    class Meta:
        model = Order

    class Params:
        paid = Trait(pays=True)
        packed = Trait(pays=True, goes=("pack",))
        sent = Trait(pays=True, goes=("pack", "send"))
        delivered = Trait(pays=True, goes=("pack", "send", "deliver"))
        on_invoice = Trait(
            method=Method.INVOICE,
            pays=SelfAttribute("paid", default=False),
            buyer="public",
            organisation="Björkviks kommun",
            organisation_number="2129990004",
            reference="Karin Ek, 4410",
        )

    checkout_key = Sequence(lambda n: f"kassa-{n}")
    lines = {"SKRIFTEN": 1}
    method = Method.CARD
    pays = False
    goes: tuple[str, ...] = ()
    tracking_number = "373500489530470000"
    at = NOON

    buyer = "private"
    name = "Karin Ek"
    email = LazyAttribute(lambda order: f"{order.checkout_key}@bjorkvik.example")
    phone = "+46701234567"
    address_line1 = "Storgatan 12"
    postal_code = "53132"
    city = "Björkvik"

    @classmethod
    def _create(cls, model_class: type[Order], *args: Any, **facts: Any) -> Order:
        how = {name: facts.pop(name) for name in ("lines", "pays", "goes", "tracking_number", "at")}
        key, method = facts.pop("checkout_key"), facts.pop("method")
        language = facts.pop("language", "sv")
        placement = operations.Placement(checkout_key=key, method=method, details=facts, language=language)
        _fill_shelf(how["lines"])
        with freshness.one_request(only_reads=False):  # reads the shelf, the company and the freights once
            priced = pricing.price(_basket(how["lines"], key), today=how["at"].date())
            order, _new = operations.place(placement, priced, now=how["at"])
            if how["pays"]:
                _book(order, order.due, f"test:{order.pk}:0", how["at"])
            for step in how["goes"]:
                _go(order, step, how)
        return Order.objects.get(pk=order.pk)


class QuoteFactory(Factory[Quote]):
    """A quote of 30 Skriften for Björkviks kommun, good for 30 days from `at`; `actor` made it."""

    if TYPE_CHECKING:

        def __new__(cls, **facts: Any) -> Any:
            """The metaclass answers with a Quote."""

    class Meta:
        model = Quote

    form_key = Sequence(lambda n: f"offert-{n}")
    lines = {"SKRIFTEN": 30}
    days = 30
    at = NOON
    actor = "köparen"
    language = "sv"
    organisation = "Björkviks kommun"
    name = "Karin Ek"
    email = "karin@bjorkvik.example"
    reference = "4410"

    @classmethod
    def _create(cls, model_class: type[Quote], *args: Any, **facts: Any) -> Quote:
        how = {name: facts.pop(name) for name in ("form_key", "lines", "days", "at", "actor", "language")}
        _fill_shelf(how["lines"])
        priced = pricing.price(_basket(how["lines"], how["form_key"]), today=how["at"].date())
        asked = operations.Asked(how["form_key"], facts, how["language"], how["actor"])
        return operations.make_quote(asked, priced, days=how["days"], now=how["at"])


MADE_WHEN_MISSING = {
    "SKRIFTEN": "skriften",
    "DET-GODA-VARDSKAPET": "book",
    "VARDSKAP-I-PRAKTIKEN": "material",
}


def _fill_shelf(skus: Iterable[str]) -> None:
    """Make the products that are missing; the demo's three as the demo has them."""
    there = set(Product.objects.filter(sku__in=skus).order_by().values_list("sku", flat=True))
    for sku in skus:
        if sku not in there:
            trait = MADE_WHEN_MISSING.get(sku)
            ProductFactory.create(**({trait: True} if trait else {"sku": sku}))


def _basket(lines: dict[str, int], key: str) -> Basket:
    """Seen at today's prices. What is no longer sold may lie in a basket too."""
    shelf = known.products(lines)
    products = {sku: shelf.get(sku) or Product.objects.get(sku=sku) for sku in lines}
    rows = {sku: Row(number, products[sku].unit_price(number).ore) for sku, number in lines.items()}
    return Basket(rows, key)


def pay(order: Order, *, ore: int | None = None, reference: str = "", at: datetime = NOON) -> None:
    """Book money on an order, all that is due unless told."""
    order = Order.objects.get(pk=order.pk)
    amount = order.due if ore is None else Money(ore)
    _book(order, amount, reference or f"test:{order.pk}:{order.payments.count()}", at)


def _book(order: Order, amount: Money, reference: str, at: datetime) -> None:
    operations.record_money(
        order_pk=order.pk,
        amount=amount,
        reference=reference,
        method=order.method,
        at=at,
        actor="test",
        now=at,
    )


def _go(order: Order, step: str, how: dict[str, Any]) -> None:
    for parcel in order.shipments.all():
        if step == "pack":
            operations.pack(parcel.pk, actor="test", now=how["at"])
        elif step == "send":
            operations.send(parcel.pk, tracking_number=how["tracking_number"], actor="test", now=how["at"])
        else:
            operations.deliver(parcel.pk, actor="test", now=how["at"])
