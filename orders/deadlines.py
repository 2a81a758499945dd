"""Last days that the law gives a buyer and the shop: local dates in Sweden, day 1 is the day after (sweden.md b)."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from shop.red_days import SATURDAY, is_red

FORTNIGHT = timedelta(days=14)
CONSUMER_YEARS, COMPANY_YEARS = 3, 2
CHRISTMAS_EVE, NEW_YEARS_EVE = (12, 24), (12, 31)
JUNE, FRIDAY = 6, 4
MIDSUMMER_EVES = range(19, 26)  # the Friday among these days of June


def last_day_to_withdraw(received: date) -> date:
    """The last day for a notice when the last parcel came on `received` (DAL 2 kap.)."""
    return next_weekday(received + FORTNIGHT)


def last_day_when_nothing_is_sent(contract: date) -> date:
    """The last day for a notice of a service, digital content or an event place: counted from the day of the
    contract, since there is no parcel to wait for (DAL 2 kap. 12 §)."""
    return next_weekday(contract + FORTNIGHT)


def last_day_when_misinformed(ordinary_end: date) -> date:
    """The last day when the shop did not tell of the right as the law asks: a year after the period would have
    ended (DAL 2 kap. 12 § andra stycket; directive 2011/83/EU, article 10(1)).

    `ordinary_end` is the fourteenth day itself, before it is moved from a day of rest.
    """
    return next_weekday(ordinary_end + relativedelta(years=1))


def refund_due(notice: date) -> date:
    """The last day to give the money back (DAL 2 kap.). Never moved: a bank may rest, the buyer need not wait."""
    return notice + FORTNIGHT


def goods_due(notice: date) -> date:
    """The last day for the buyer to send the goods back (DAL 2 kap.)."""
    return next_weekday(notice + FORTNIGHT)


def last_day_to_complain(received: date, *, consumer: bool) -> date:
    """Three years for a consumer (konsumentköplagen 2022:260), two for others (köplagen 1990:931)."""
    return received + relativedelta(years=CONSUMER_YEARS if consumer else COMPANY_YEARS)


def next_weekday(day: date) -> date:
    """`day`, or the first after it on which an act of law may be demanded (lag 1930:173, 2 §)."""
    while _rests(day):
        day += timedelta(days=1)
    return day


def _rests(day: date) -> bool:
    return day.weekday() == SATURDAY or is_red(day) or _is_eve(day)


def _is_eve(day: date) -> bool:
    """The eves that count as Sundays: midsummer, Christmas and New Year; the others fall on Saturdays."""
    midsummer = day.month == JUNE and day.day in MIDSUMMER_EVES and day.weekday() == FRIDAY
    return midsummer or (day.month, day.day) in {CHRISTMAS_EVE, NEW_YEARS_EVE}
