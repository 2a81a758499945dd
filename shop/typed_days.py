"""Days and moments as staff type them: `10 februari 2027 18:30`, `tors 10/12 kl 18`, `2027-02-10 18.30`.

One reader for every form: what it does not understand, and what the almanac does not have, it says in a sentence.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.named_days import Named, find

LONGEST = 80  # signs; the patterns are not asked about more
AROUND = " \t,;.-–•*"
HALF_A_YEAR, A_YEAR = timedelta(days=182), timedelta(days=365)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_KL = r"(?:\bkl\b\.?|\bklockan)\s*"
_HOUR = (
    rf"(?:{_KL})?(?<![\d.:/–-])(?P<hour>\d{{1,2}})[.:](?P<minute>\d\d)(?::[0-5]\d(?:\.\d+)?)?(?![\d.:/–-])"
    rf"|{_KL}(?P<whole>\d{{1,2}})(?![\d.:/–-])"
)
_LAST = re.compile(rf"(?:T(?=\d))?(?:{_HOUR})$", re.IGNORECASE)
_FIRST = re.compile(rf"^(?:{_HOUR})", re.IGNORECASE)


class Unreadable(ValueError):
    """With a sentence for whoever typed it."""


def read_day(text: str, *, today: date, past: bool = False) -> date:
    """The day that the words name; a year that is not said makes it the next such day, or with `past` the last.

    Raises Unreadable.
    """
    words = text.strip(AROUND)
    day, _around = _day_in(words, today, past=past)
    return day


def read_day_alone(text: str, *, today: date, past: bool = False) -> date:
    """The same where nothing else may stand. Raises Unreadable."""
    words = text.strip(AROUND)
    day, around = _day_in(words, today, past=past)
    if around.strip(AROUND):
        raise Unreadable(_say_a_day())
    return day


def read_moment(text: str, *, today: date) -> tuple[date, time | None]:
    """A day and its hour by the clock on the wall; None where no hour is said. Raises Unreadable."""
    words = text.strip(AROUND)[: LONGEST + 1]
    hour = _LAST.search(words) or _FIRST.search(words)
    rest = words if hour is None else f"{words[: hour.start()]} {words[hour.end() :]}"
    try:
        day, around = _day_in(rest.strip(AROUND), today)
    except _NoDay:
        raise Unreadable(_say_a_moment()) from None
    if around.strip(AROUND):
        raise Unreadable(_say_a_moment())
    return day, _hour(hour) if hour else None


class _NoDay(Unreadable):
    """No day is named, or more than one."""


def _day_in(words: str, today: date, *, past: bool = False) -> tuple[date, str]:
    """And what stands around it."""
    named = [found for found in find(words) if found.month] if len(words) <= LONGEST else []
    if len(named) != 1:
        return _iso_in(words)
    only = named[0]
    day = _meant(only, today, past=past)
    if day is None:
        raise Unreadable(_("Den dagen finns inte i almanackan."))
    if only.weekday not in (None, day.weekday()):
        raise Unreadable(
            _("%(day)s är en %(weekday)s.")
            % {"day": date_format(day, "j F Y"), "weekday": date_format(day, "l")}
        )
    return day, words[: only.start] + words[only.end :]


def _iso_in(words: str) -> tuple[date, str]:
    """Whatever year, month and day: `2027-2-9`, and those that no text names."""
    found = _ISO.findall(words) if len(words) <= LONGEST else []
    if len(found) != 1:
        raise _NoDay(_say_a_day())
    try:
        return date(*map(int, found[0])), _ISO.sub("", words)
    except ValueError:
        raise Unreadable(_("Den dagen finns inte i almanackan.")) from None


def _meant(named: Named, today: date, *, past: bool) -> date | None:
    """Of the years around, when none is said, the one whose day lies in the year to come, or in the one that was."""
    if named.year:
        return named.on(today)
    if past:
        found = named.on(today - HALF_A_YEAR)
        return found if found is None or found <= today else named.on(today - A_YEAR)
    found = named.on(today + HALF_A_YEAR)
    return found if found is None or found >= today else named.on(today + A_YEAR)


def _hour(said: re.Match[str]) -> time:
    try:
        return time(int(said["hour"] or said["whole"]), int(said["minute"] or 0))
    except ValueError:
        raise Unreadable(_("Det klockslaget finns inte. Skriv till exempel 18.30.")) from None


def _say_a_day() -> str:
    return _("Skriv en dag, till exempel 10 december 2026 eller 2026-12-10.")


def _say_a_moment() -> str:
    return _("Skriv dag och klockslag, till exempel 10 december 2026 18.30 eller 2026-12-10 18:30.")
