"""Last days as the law counts them: fourteen days from the day after, moved on from days of rest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from orders import deadlines

day = date.fromisoformat


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-11-26", "2026-12-10"),  # sweden.md b
        ("2026-12-10", "2026-12-28"),  # Christmas Eve, sweden.md b
        ("2027-03-12", "2027-03-30"),  # Good Friday to Easter Monday, sweden.md b
        ("2026-11-21", "2026-12-07"),  # a Saturday
        ("2026-11-22", "2026-12-07"),  # a Sunday
    ],
)
def test_a_buyer_may_withdraw_for_fourteen_days_from_the_day_after(received, last):
    assert deadlines.last_day_to_withdraw(day(received)) == day(last)


@pytest.mark.parametrize(
    ("rests", "moves_to"),
    [
        ("2025-12-31", "2026-01-02"),  # New Year's Eve
        ("2026-12-31", "2027-01-04"),
        ("2026-01-06", "2026-01-07"),  # Epiphany
        ("2027-01-06", "2027-01-07"),
        ("2026-04-03", "2026-04-07"),  # Good Friday
        ("2028-04-14", "2028-04-18"),
        ("2026-04-06", "2026-04-07"),  # Easter Monday
        ("2029-04-02", "2029-04-03"),
        ("2025-05-01", "2025-05-02"),  # the first of May
        ("2026-05-01", "2026-05-04"),
        ("2026-05-14", "2026-05-15"),  # Ascension Day
        ("2027-05-06", "2027-05-07"),
        ("2028-05-25", "2028-05-26"),
        ("2025-06-06", "2025-06-09"),  # the National Day, then Whitsun
        ("2028-06-06", "2028-06-07"),
        ("2025-06-20", "2025-06-23"),  # Midsummer Eve
        ("2026-06-19", "2026-06-22"),
        ("2027-06-25", "2027-06-28"),
        ("2026-10-31", "2026-11-02"),  # All Saints' Day is a Saturday
        ("2027-11-06", "2027-11-08"),
        ("2027-12-24", "2027-12-27"),  # Christmas Eve on a Friday
        ("2029-12-24", "2029-12-27"),
    ],
)
def test_a_last_day_of_rest_moves_to_the_next_weekday(rests, moves_to):
    assert deadlines.next_weekday(day(rests)) == day(moves_to)
    assert deadlines.last_day_to_withdraw(day(rests) - timedelta(days=14)) == day(moves_to)


@pytest.mark.parametrize(
    "works",
    [
        "2026-10-30",  # the day before All Saints' Day
        "2026-11-02",
        "2026-06-18",
        "2026-06-26",  # a Friday, but midsummer is over
        "2027-06-18",
        "2026-05-25",  # Whit Monday is a weekday since 2005
        "2026-04-02",
        "2026-12-23",
        "2026-12-30",
        "2026-01-05",
    ],
)
def test_a_weekday_stays_where_it_is(works):
    assert deadlines.next_weekday(day(works)) == day(works)


def test_the_money_is_due_after_fourteen_days_whatever_day_that_is():
    assert deadlines.refund_due(day("2026-11-26")) == day("2026-12-10")
    assert deadlines.refund_due(day("2026-12-10")) == day("2026-12-24")


def test_the_goods_are_due_after_fourteen_days_or_the_next_weekday():
    assert deadlines.goods_due(day("2026-11-26")) == day("2026-12-10")
    assert deadlines.goods_due(day("2026-12-10")) == day("2026-12-28")


@pytest.mark.parametrize(
    ("consumer", "received", "last"),
    [
        (True, "2026-11-26", "2029-11-26"),
        (False, "2026-11-26", "2028-11-26"),
        (True, "2028-02-29", "2031-02-28"),
    ],
)
def test_a_consumer_may_complain_for_three_years_and_a_company_for_two(consumer, received, last):
    assert deadlines.last_day_to_complain(day(received), consumer=consumer) == day(last)


@pytest.mark.parametrize(
    ("contract", "last"),
    [
        ("2026-11-23", "2026-12-07"),
        ("2026-12-10", "2026-12-28"),  # Christmas Eve
    ],
)
def test_what_no_parcel_brings_is_counted_from_the_contract(contract, last):
    assert deadlines.last_day_when_nothing_is_sent(day(contract)) == day(last)


@pytest.mark.parametrize(
    ("ordinary", "last"),
    [
        ("2026-12-07", "2027-12-07"),
        ("2026-12-24", "2027-12-27"),  # a year after Christmas Eve is a Friday's, then a weekend
        ("2028-02-29", "2029-02-28"),
    ],
)
def test_who_was_not_told_of_the_right_has_a_year_more(ordinary, last):
    assert deadlines.last_day_when_misinformed(day(ordinary)) == day(last)
