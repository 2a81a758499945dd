"""VAT inside gross prices, by mervärdesskattelagen (2023:200) and sweden.md section a. No database here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from shop.money import ZERO, Money, apportion, split, total

RATES = (6, 12, 25)


def vat_in(gross: Money, percent: int) -> Money:
    """Return the VAT inside a price that includes it.

    `percent` is 6, 12 or 25, not 0.06. Rounds half up to a whole öre; call it once per rate on a
    document, not per line, since EN 16931 rule BR-CO-17 checks the total per rate.
    Raises ValueError for a rate that is not in RATES.

    >>> vat_in(Money.kronor(55), 6)
    Money(ore=311)
    """
    if percent not in RATES:
        raise ValueError(f"no such VAT rate: {percent}")
    exact = Decimal(gross.ore) * percent / (100 + percent)
    return Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)))


@dataclass(frozen=True, slots=True)
class Part:
    """A gross sum at one rate. A line of mixed goods has several parts; freight is marked."""

    percent: int
    gross: Money
    line: int | None  # the line's place in the document; None is freight
    net: Money = ZERO

    @property
    def vat(self) -> Money:
        return self.gross - self.net


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What a document says of one rate."""

    percent: int
    gross: Money
    net: Money

    @property
    def vat(self) -> Money:
        return self.gross - self.net


@dataclass(frozen=True, slots=True)
class Totals:
    """A document reckoned to the öre: gross = net + vat for every part, every rate and the whole."""

    parts: tuple[Part, ...]
    goods: Money
    freight: Money

    @property
    def gross(self) -> Money:
        return self.goods + self.freight

    @property
    def rates(self) -> list[RateTotal]:
        """One total per rate, lowest rate first."""
        return [
            RateTotal(
                percent,
                total([part.gross for part in self.parts if part.percent == percent]),
                total([part.net for part in self.parts if part.percent == percent]),
            )
            for percent in sorted({part.percent for part in self.parts})
        ]

    @property
    def vat(self) -> Money:
        return total([part.vat for part in self.parts])

    @property
    def net(self) -> Money:
        return self.gross - self.vat

    @property
    def goods_net(self) -> Money:
        return total([part.net for part in self.parts if part.line is not None])

    @property
    def freight_net(self) -> Money:
        return total([part.net for part in self.parts if part.line is None])

    def line_net(self, line: int) -> Money:
        """What the document says of one line without VAT."""
        return total([part.net for part in self.parts if part.line == line])


def net_each(by_rate: Mapping[int, Money], quantity: int) -> Money:
    """One of so many without VAT, for showing: rounded half up, so that it need not sum to the document's net."""
    exact = sum((Fraction(gross.ore * 100, 100 + percent) for percent, gross in by_rate.items()), Fraction(0))
    return Money(int(exact / quantity + Fraction(1, 2)))


def split_by_rate(gross: Money, weights: dict[int, int]) -> dict[int, Money]:
    """Part the price of mixed goods by its parts' normal prices, ties to the lower rate."""
    percents = sorted(weights)
    if len(percents) == 1:
        return {percents[0]: gross}
    return dict(zip(percents, split(gross, [weights[p] for p in percents]), strict=True))


def reckon(lines: Sequence[dict[int, Money]], freight: Money = ZERO) -> Totals:
    """Reckon a document from its lines' gross sums per rate (sweden.md a, steps 1 to 3).

    Freight follows the goods: split over the rates by gross value, largest remainder, ties to the
    lower rate. VAT is rounded once per rate; the net is spread over the rate's parts, freight last.
    """
    parts = [
        Part(percent, gross, place)
        for place, line in enumerate(lines)
        for percent, gross in sorted(line.items())
    ]
    if freight and parts:
        goods = {p: total([x.gross for x in parts if x.percent == p]).ore for p in {x.percent for x in parts}}
        parts += [Part(percent, gross, None) for percent, gross in split_by_rate(freight, goods).items()]
    done = tuple(part for percent in sorted({p.percent for p in parts}) for part in _spread(parts, percent))
    goods_sum = total([part.gross for part in parts if part.line is not None])
    return Totals(done, goods_sum, freight if parts else ZERO)


def _spread(parts: Sequence[Part], percent: int) -> list[Part]:
    """Give each part of one rate its share of the rate's net, by largest remainder (sweden.md a, step 3)."""
    mine = [part for part in parts if part.percent == percent]
    gross = total([part.gross for part in mine])
    exact = [Fraction(part.gross.ore * 100, 100 + percent) for part in mine]
    nets = apportion(gross - vat_in(gross, percent), exact)
    return [Part(percent, part.gross, part.line, net) for part, net in zip(mine, nets, strict=True)]
