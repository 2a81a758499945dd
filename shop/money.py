"""Money in whole öre. No float comes near it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shop.language import is_english

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """Swedish kronor as whole öre, so that no sum rounds by accident."""

    ore: int

    @classmethod
    def kronor(cls, amount: Decimal | int | str) -> Money:
        """Money.kronor(55).ore == 5500. Raises ValueError for a float or a part of an öre."""
        ore = Decimal(amount) * 100
        if isinstance(amount, float) or ore != int(ore):
            raise ValueError(f"not a whole number of öre: {amount!r}")
        return cls(int(ore))

    def __add__(self, other: Money) -> Money:
        return Money(self.ore + other.ore)

    def __sub__(self, other: Money) -> Money:
        return Money(self.ore - other.ore)

    def __mul__(self, count: int) -> Money:
        return Money(self.ore * count)

    def __neg__(self) -> Money:
        return Money(-self.ore)

    def __abs__(self) -> Money:
        return Money(abs(self.ore))

    def __bool__(self) -> bool:
        return self.ore != 0

    def __str__(self) -> str:
        """As in running text: `55 kr`, `1 250,50 kr`, with no-break spaces; in English `SEK 55`, `SEK 1,250.50`."""
        return self._with_unit(with_ore=self.ore % 100 != 0)

    def exact(self) -> str:
        """Always with öre, as in a table that is summed: `3 213,00 kr`, `SEK 3,213.00`."""
        return self._with_unit(with_ore=True)

    def _with_unit(self, *, with_ore: bool) -> str:
        sign, english = "−" if self.ore < 0 else "", is_english()
        figure = abs(self).figure(with_ore=with_ore, english=english)
        return f"{sign}SEK{NBSP}{figure}" if english else f"{sign}{figure}{NBSP}kr"

    def figure(self, *, with_ore: bool, english: bool) -> str:
        """The bare figure of a sum that is not negative: `1 250,50`, in English `1,250.50`."""
        whole, part = divmod(self.ore, 100)
        figure = f"{whole:,}.{part:02}" if with_ore else f"{whole:,}"
        return figure if english else figure.replace(",", NBSP).replace(".", ",")


ZERO = Money(0)


def total(amounts: Sequence[Money]) -> Money:
    return Money(sum(amount.ore for amount in amounts))


def split(amount: Money, weights: Sequence[int]) -> list[Money]:
    """Part `amount` by whole-number `weights` to the last öre: largest remainder, ties to the earlier place.

    The parts always sum to `amount`. Weights are not negative; all zero means equal parts.
    Raises ValueError when there is nothing to part by.
    """
    if not weights:
        raise ValueError("no weights")
    scale = weights if sum(weights) else [1] * len(weights)
    return apportion(amount, [Fraction(amount.ore * weight, sum(scale)) for weight in scale])


def apportion(amount: Money, shares: Sequence[Fraction]) -> list[Money]:
    """Round exact `shares` (in öre) to whole öre that sum to `amount`: largest remainder first."""
    parts = [int(share // 1) for share in shares]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - shares[place], place))
    for place in by_remainder[: amount.ore - sum(parts)]:
        parts[place] += 1
    return [Money(part) for part in parts]
