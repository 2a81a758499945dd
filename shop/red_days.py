"""Days that are red in a Swedish calendar (lag 1989:253): Sundays and public holidays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from dateutil.easter import easter
from django.utils.translation import gettext_lazy as _

FIXED = {
    (1, 1): _("Nyårsdagen"),
    (1, 6): _("Trettondedag jul"),
    (5, 1): _("Första maj"),
    (6, 6): _("Sveriges nationaldag"),
    (12, 25): _("Juldagen"),
    (12, 26): _("Annandag jul"),
}
FROM_EASTER = {
    -2: _("Långfredagen"),
    0: _("Påskdagen"),
    1: _("Annandag påsk"),
    39: _("Kristi himmelsfärdsdag"),
    49: _("Pingstdagen"),
}
SATURDAY, SUNDAY = 5, 6


def is_red(day: date) -> bool:
    return day.weekday() == SUNDAY or day in holidays(day.year)


def holiday(day: date) -> str:
    """The name of a public holiday, in the language in use; empty for other days, and for common Sundays."""
    return str(holidays(day.year).get(day, ""))


@lru_cache(maxsize=16)
def holidays(year: int) -> Mapping[date, Any]:
    """By day; where two fall together, as Ascension Day on the first of May, the moving one names it."""
    return MappingProxyType(
        {
            **{date(year, month, day): name for (month, day), name in FIXED.items()},
            _saturday_from(date(year, 6, 20)): _("Midsommardagen"),
            _saturday_from(date(year, 10, 31)): _("Alla helgons dag"),
            **{easter(year) + timedelta(days=days): name for days, name in FROM_EASTER.items()},
        }
    )


def eves(year: int) -> dict[date, Any]:
    """Those on which Sweden is closed as on a Sunday (lag 1977:480 § 3 a), though they are not red."""
    midsummer = _saturday_from(date(year, 6, 20)) - timedelta(days=1)
    return {
        midsummer: _("Midsommarafton"),
        date(year, 12, 24): _("Julafton"),
        date(year, 12, 31): _("Nyårsafton"),
    }


def eve(day: date) -> str:
    """The name of such an eve, in the language in use; empty for other days."""
    return str(eves(day.year).get(day, ""))


def _saturday_from(day: date) -> date:
    """The first Saturday on or after `day`: Midsummer Day and All Saints' Day."""
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)
