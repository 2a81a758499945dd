"""The vectors of sweden.md section a, to the öre, and what must hold for every sum."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.money import ZERO, Money, apportion, split, total
from shop.vat import RATES, Totals, reckon, split_by_rate, vat_in


def kr(amount: str) -> Money:
    return Money.kronor(amount)


def at(percent: int, *amounts: str) -> list[dict[int, Money]]:
    return [{percent: kr(amount)} for amount in amounts]


def nets(totals: Totals) -> list[str]:
    """Each part's net in the order of the document: lines, then freight, lowest rate first."""
    return [f"{part.net.ore // 100}.{part.net.ore % 100:02}" for part in totals.parts]


@pytest.mark.parametrize(
    ("lines", "freight", "vat", "net"),
    [
        (at(6, "55"), "0", "3.11", "51.89"),
        (at(6, "550"), "0", "31.13", "518.87"),
        (at(6, "55", "55", "55"), "0", "9.34", "155.66"),
        (at(6, "55"), "49", "5.89", "98.11"),
        (at(6, "220000"), "0", "12452.83", "207547.17"),
        (at(6, "1719"), "0", "97.30", "1621.70"),
    ],
    ids=["one", "ten", "three lines", "with freight", "4 000 copies", "30 skriften and a book"],
)
def test_one_rate(lines, freight, vat, net):
    totals = reckon(lines, kr(freight))
    assert (totals.vat, totals.net) == (kr(vat), kr(net))


def test_the_net_is_spread_over_the_lines_by_largest_remainder():
    assert nets(reckon(at(6, "55", "55", "55"))) == ["51.89", "51.89", "51.88"]
    assert nets(reckon(at(6, "55"), kr("49"))) == ["51.89", "46.22"]


def test_an_order_of_two_rates_with_freight():
    totals = reckon([{6: kr("1100")}, {25: kr("1250")}], kr("99"))
    freight = [part.gross for part in totals.parts if part.line is None]
    assert freight == [kr("46.34"), kr("52.66")]
    assert [(rate.percent, rate.net, rate.vat) for rate in totals.rates] == [
        (6, kr("1081.45"), kr("64.89")),
        (25, kr("1042.13"), kr("260.53")),
    ]
    assert nets(totals) == ["1037.73", "43.72", "1000.00", "42.13"]
    assert totals.gross == kr("2449")


def test_another_order_of_two_rates_with_freight():
    totals = reckon([{6: kr("195")}, {25: kr("499")}], kr("79"))
    assert [part.gross for part in totals.parts if part.line is None] == [kr("22.20"), kr("56.80")]
    assert [(rate.net, rate.vat) for rate in totals.rates] == [
        (kr("204.91"), kr("12.29")),
        (kr("444.64"), kr("111.16")),
    ]
    assert totals.gross == kr("773")


def test_freight_without_goods_is_nothing():
    assert reckon([], kr("49")) == Totals((), ZERO, ZERO)


def test_mixed_goods_are_parted_by_their_parts_normal_prices():
    assert split_by_rate(kr("1490"), {25: 1000, 6: 490}) == {6: kr("490"), 25: kr("1000")}


@pytest.mark.parametrize("percent", [0, 7, 24, -6])
def test_a_rate_that_does_not_exist_is_refused(percent):
    with pytest.raises(ValueError, match="no such VAT rate"):
        vat_in(kr("55"), percent)


amounts = st.integers(0, 10_000_000).map(Money)
documents = st.lists(st.dictionaries(st.sampled_from(RATES), amounts, min_size=1), min_size=1, max_size=8)


@given(documents, st.integers(0, 50_000).map(Money))
def test_sums_always_meet(lines, freight):
    totals = reckon(lines, freight)
    assert total([part.gross for part in totals.parts]) == totals.gross
    assert total([rate.net for rate in totals.rates]) + totals.vat == totals.gross
    for rate in totals.rates:
        assert rate.vat == vat_in(rate.gross, rate.percent)
        assert total([part.net for part in totals.parts if part.percent == rate.percent]) == rate.net


@given(st.integers(-1_000_000, 1_000_000).map(Money), st.lists(st.integers(0, 1000), min_size=1, max_size=9))
def test_a_sum_that_is_parted_keeps_every_ore(amount, weights):
    assert total(split(amount, weights)) == amount


def test_remainders_go_to_the_earlier_place():
    assert apportion(Money(2), [Fraction(1, 2)] * 4) == [Money(1), Money(1), Money(0), Money(0)]


@pytest.mark.parametrize("amount", [0.5, 55.0, "55.005"])
def test_money_is_never_a_float_nor_a_part_of_an_ore(amount):
    with pytest.raises(ValueError, match="not a whole number of öre"):
        Money.kronor(amount)


@pytest.mark.parametrize(
    ("ore", "short", "exact"),
    [
        (5500, "55 kr", "55,00 kr"),
        (125_050, "1 250,50 kr", "1 250,50 kr"),
        (321_300, "3 213 kr", "3 213,00 kr"),
    ],
)
def test_kronor_are_written_the_swedish_way(ore, short, exact):
    assert (str(Money(ore)), Money(ore).exact()) == (short.replace(" ", "\xa0"), exact.replace(" ", "\xa0"))
