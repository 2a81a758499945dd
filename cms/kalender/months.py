"""A month as a page of its own: /kalender/2026/12/. Each that holds an event, and the empty ones of a year back and
two years ahead, which links may lead to; beyond that there is nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

MONTHS_BACK, MONTHS_AHEAD = 12, 24
_ADDRESS = re.compile(r"([12][0-9]{3})/(0[1-9]|1[0-2])")


def named(parts: Sequence[str]) -> date | None:
    """The month that an address names by year and month, two digits: ["2026", "07"]; None for anything else."""
    found = _ADDRESS.fullmatch("/".join(parts))
    return date(int(found[1]), int(found[2]), 1) if found else None


def moved(first: date, months: int) -> date:
    """The first day of the month so many months away."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def is_near(first: date, today: date) -> bool:
    here = today.replace(day=1)
    return moved(here, -MONTHS_BACK) <= first <= moved(here, MONTHS_AHEAD)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest months before and after that hold an event; None where there is none."""

    earlier: date | None
    later: date | None


def neighbours(first: date, spans: Iterable[tuple[date, date]]) -> Neighbours:
    """Beside the month that begins on `first`; `spans` are the first and the last day of each event."""
    before, after = first - timedelta(days=1), moved(first, 1)
    found = list(spans)
    earlier = max((min(last, before) for begins, last in found if begins < first), default=None)
    later = min((max(begins, after) for begins, last in found if last >= after), default=None)
    return Neighbours(earlier and earlier.replace(day=1), later and later.replace(day=1))


def begins(first: date) -> datetime:
    """Midnight in Stockholm."""
    return datetime.combine(first, time(), tzinfo=settings.STOCKHOLM)
