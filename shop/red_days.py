"""Days that are red in a Swedish calendar (lag 1989:253): Sundays and public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26))
FROM_EASTER = (-2, 0, 1, 39, 49)  # Good Friday, Easter Day and Monday, Ascension Day, Whit Sunday
SATURDAY, SUNDAY = 5, 6


def is_red(day: date) -> bool:
    return day.weekday() == SUNDAY or day in holidays(day.year)


@lru_cache(maxsize=16)
def holidays(year: int) -> frozenset[date]:
    fixed = {date(year, month, day) for month, day in FIXED}
    moving = {easter(year) + timedelta(days=days) for days in FROM_EASTER}
    return frozenset(fixed | moving | {_saturday_from(date(year, 6, 20)), _saturday_from(date(year, 10, 31))})


def _saturday_from(day: date) -> date:
    """The first Saturday on or after `day`: Midsummer Day and All Saints' Day."""
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)
