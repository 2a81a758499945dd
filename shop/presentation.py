"""What the basket page says: rows as they are shown, and the sentences about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop import known
from shop.basket import Basket
from shop.models import Product
from shop.money import NBSP, Money
from shop.pricing import Line, Priced
from shop.quantities import grouped


@dataclass(frozen=True, slots=True)
class RowShown:
    line: Line
    typed: str
    error: str
    net: Money

    @property
    def field_id(self) -> str:
        return f"antal-{self.line.product.sku}"

    @property
    def about(self) -> str:
        """49 kr styck, rabatt för 25 eller fler"""
        each = _("%(price)s styck") % {"price": self.line.unit_price}
        step = self.line.step
        discount = (
            _("rabatt för %(count)s eller fler") % {"count": grouped(step.from_quantity)} if step else ""
        )
        return ", ".join(filter(None, [each, discount, self.line.product.shown_unit_note]))


@dataclass(frozen=True, slots=True)
class Notice:
    """A bold sentence and what follows it."""

    head: str
    rest: str = ""


def to_mend(count: int) -> str:
    """Två saker behöver rättas: the design writes small numbers as words."""
    words = [
        _("Noll"), _("En"), _("Två"), _("Tre"), _("Fyra"), _("Fem"), _("Sex"), _("Sju"), _("Åtta"), _("Nio"),
        _("Tio"), _("Elva"), _("Tolv"),
    ]  # fmt: skip
    word = words[count] if count < len(words) else str(count)
    return ngettext("%(word)s sak behöver rättas", "%(word)s saker behöver rättas", count) % {"word": word}


def rows(priced: Priced, typed: dict[str, str], errors: dict[str, str]) -> list[RowShown]:
    """Each row with what was typed in it, right or wrong."""
    return [
        RowShown(
            line,
            typed.get(line.product.sku, str(line.quantity)),
            errors.get(line.product.sku, ""),
            priced.totals.line_net(place),
        )
        for place, line in enumerate(priced.lines)
    ]


def telling(priced: Priced, *, again: bool = False) -> list[Notice]:
    """What has changed since the visitor last looked, and what cannot be promised: one query, for the stock.

    `again`: the prices seen are those of an earlier purchase.
    """
    known.read_stock([line.product for line in priced.lines])
    return [
        *_gone(priced.gone),
        *(_changed(line, again=again) for line in priced.lines if line.price_changed),
        *(shortage(line) for line in priced.lines if line.short),
    ]


def told(basket: Basket, priced: Priced) -> Basket:
    """The basket after the visitor has read the notices: new prices seen, products gone taken out."""
    after = basket.seen({line.product.sku: line.unit_price.ore for line in priced.lines})
    for sku in priced.gone:
        after = after.without(sku)
    return after


def steps(priced: Priced) -> list[Notice]:
    """Which price step applies and where the next one begins, for each product that has steps."""
    return [_step(line) for line in priced.lines if line.product.steps]


def shortage(line: Line) -> Notice:
    return shortage_of(line.product, line.quantity, line.product.available or 0)


def shortage_of(product: Product, wanted: int, left: int) -> Notice:
    """What is left, and what to do."""
    if left <= 0:
        return Notice(
            _("%(name)s är slut just nu.") % {"name": product.shown_name},
            " ".join(
                filter(None, [product.shown_restock_note, _("Ta bort den, så kan du beställa resten.")])
            ),
        )
    return Notice(
        _("Det finns %(left)s kvar av %(name)s.") % {"left": grouped(left), "name": product.shown_name},
        _("Du vill ha %(wanted)s. Minska antalet, så kan du beställa.") % {"wanted": grouped(wanted)},
    )


def free_from(priced: Priced) -> Money | None:
    """From which sum the freight is free, as long as it is not."""
    return (
        Money(priced.chosen.method.free_from_ore or 0)
        if priced.chosen and priced.free_freight_missing
        else None
    )


def added(sku: str, priced: Priced) -> str:
    """The sentence after a product has been put in; empty when it is not there."""
    line = next((line for line in priced.lines if line.product.sku == sku), None)
    if line is None:
        return ""
    return _("%(count)s %(name)s ligger i varukorgen.") % {
        "count": grouped(line.quantity),
        "name": line.product.shown_name,
    }


def _gone(skus: Iterable[str]) -> list[Notice]:
    """Names what is no longer sold; one query, and only then."""
    wanted = list(skus)
    gone = Product.objects.filter(sku__in=wanted) if wanted else []
    names = {product.sku: product.shown_name for product in gone}
    return [
        Notice(
            _("%(name)s säljs inte längre.") % {"name": names.get(sku, sku)},
            _("Vi har tagit bort den ur korgen."),
        )
        for sku in wanted
    ]


def _changed(line: Line, *, again: bool) -> Notice:
    said = {"name": line.product.shown_name, "old": _without_unit(line.seen), "new": line.unit_price}
    if again:
        return Notice(
            _("Priset på %(name)s har ändrats från %(old)s till %(new)s sedan förra gången.") % said
        )
    return Notice(
        _("Priset på %(name)s har ändrats från %(old)s till %(new)s sedan du lade den i korgen.") % said,
        _("Stämmer det ändå?"),
    )


def _without_unit(money: Money) -> str:
    """Of two sums in one sentence a Swede writes the unit once; English keeps it beside each figure."""
    return str(money).removesuffix(f"{NBSP}kr")


def _step(line: Line) -> Notice:
    head = _("%(name)s kostar %(price)s styck i din korg.") % {
        "name": line.product.shown_name,
        "price": line.unit_price,
    }
    return Notice(head, " ".join(filter(None, [_step_reached(line), _step_to_come(line)])))


def _step_reached(line: Line) -> str:
    if line.step is None:
        return ""
    return _("Rabatten för %(count)s exemplar är redan avdragen.") % {
        "count": grouped(line.step.from_quantity)
    }


def _step_to_come(line: Line) -> str:
    if line.next_step is None:
        return ""
    return _("Vid %(count)s exemplar blir priset %(price)s.") % {
        "count": grouped(line.next_step.from_quantity),
        "price": Money(line.next_step.price_ore),
    }
