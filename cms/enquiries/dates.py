"""The date that somebody wishes for, as people write it: understood as far as it can be, never demanded."""

from __future__ import annotations

import calendar
import re
from datetime import date

from shop.named_days import MONTHS

_NAMED = re.compile(r"(?:\b(\d{1,2})(?::?[ae])?\s+)?\b([a-zåäö]{3,9})\.?\s+(\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})(?:-(\d{1,2}))?\b")
_SLASHED = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[-\s/.]+(\d{4})\b")


def last_day(text: str) -> date | None:
    """The last day that the text may mean: `12 mars 2027`, `2027-03`, `12/3 2027`; of several the latest.

    None when no year stands there, or nothing that can be understood.
    """
    words = text.lower()
    found = [
        *(_day(year, month, day) for year, month, day in _ISO.findall(words)),
        *(_day(year, month, day) for day, month, year in _SLASHED.findall(words)),
        *(_day(year, _month(name), day) for day, name, year in _NAMED.findall(words)),
    ]
    return max((day for day in found if day), default=None)


def _month(name: str) -> int:
    return next((number for start, number in MONTHS if name.startswith(start)), 0)


def _day(year: str, month: str | int, day: str) -> date | None:
    if not (1 <= int(month) <= 12 and int(year) >= 1900):
        return None
    last = calendar.monthrange(int(year), int(month))[1]
    wanted = int(day) if day else last
    return date(int(year), int(month), wanted) if 1 <= wanted <= last else None
