"""Days that a text names, in Swedish or English: `torsdag 10 december`, `10–12/12`, `Thursday, December 10th`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cms.enquiries.dates import MONTHS

# Told apart by their first three letters, in both languages.
WEEKDAYS = {
    "mån": 0, "tis": 1, "ons": 2, "tor": 3, "fre": 4, "lör": 5, "sön": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
FULL_WEEKDAY = r"(?:(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
# Short ones are words of their own too ("fri entré"): they count beside a date alone.
_SHORT = r"(?:mån|tis|ons|tors?|fre|lör|sön|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)"
_WEEKDAY = rf"(?:{FULL_WEEKDAY}|{_SHORT})\b"
_MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:s|ch)?|apr(?:il)?|maj|may|jun[ie]?|jul[iy]?|aug(?:usti|ust)?|"
    r"sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_ENGLISH_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b"
)
_PART = r"(?:kväll(?:en)?|morgon(?:en)?|förmiddag(?:en)?|eftermiddag(?:en)?|evening|morning|afternoon)"
_ORDINAL = r"(?::?[ae]|st|nd|rd|th)?(?![a-zåäö\d])"
_TO = r"\s*(?:-|–|—|&|\btill\b|\bto\b|\boch\b|\band\b)\s*"
_YEAR = r"(?P<year>(?:19|20|21)\d\d)(?!\d|[.:]\d|\s*(?:kr|kronor|platser|personer)\b)"
_BEFORE = (
    rf"(?:\b(?P<weekday>{_WEEKDAY})(?:{_TO}(?P<weekday_to>{_WEEKDAY}))?\.?(?:\s+{_PART})?,?\s*(?:\b(?:den|the)\s+)?"
    r"|\b(?:den|the)\s+)?"
)
_AFTER = rf"(?:\s*[(,]\s*(?:en\s+|a\s+)?(?P<after>{_WEEKDAY})(?=\s*(?:[.,;:)\n]|kl\b|klockan|at\b|$))\)?)?"
_FIRST = rf"(?<![\d.:/])(?<!\bkl )(?<!\bkl\. )(?P<day>\d{{1,2}}){_ORDINAL}"
_LAST = (
    rf"(?:{_TO}(?:(?P<last_weekday>{_WEEKDAY})\.?,?\s+)?(?:(?:den|the)\s+)?(?P<last>\d{{1,2}}){_ORDINAL})?"
)
_SAID = r"(?=\s*(?:$|[.,;:!?)–\n]|kl\b|klockan|at\b|mellan\b|från\b|from\b))"

_NUMBERED = re.compile(r"\b(?:rum|sal|plan|kod|lucka|våning|nr|hiss|lokal|room|floor)\s+$", re.IGNORECASE)

_FORMS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_BEFORE}(?<!\d)(?P<year>(?:19|20|21)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d){_AFTER}",
        rf"{_BEFORE}(?<![\d.])(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}",
        rf"{_BEFORE}{_FIRST}{_LAST}\s*(?:of\s+)?(?P<month>{_MONTH})\.?(?:,?\s*{_YEAR})?{_AFTER}",
        rf"{_BEFORE}\b(?P<month>{_ENGLISH_MONTH})\.?\s+(?P<day>\d{{1,2}}){_ORDINAL}{_LAST}(?![.:/%]\d)(?:,?\s*{_YEAR})?"
        rf"{_AFTER}",
        rf"{_BEFORE}(?<![\d/.,])(?P<day>\d{{1,2}})(?:\s*[-–]\s*(?P<last>\d{{1,2}}))?/(?P<month>\d{{1,2}})(?![\d/]\d|/?\d)"
        rf"(?:(?:\s*[-/]\s*|\s+){_YEAR}|[-/](?P<short_year>[23]\d)(?![\d/]))?{_AFTER}",
        rf"\b(?P<weekday>{_WEEKDAY})\.?(?:\s+{_PART})?,?\s+(?:den|the)\s+(?P<day>\d{{1,2}}){_ORDINAL}(?![/.:–-]?\d)",
        rf"\bden\s+(?P<day>\d{{1,2}}):?[ae]\b{_SAID}",
        rf"\bthe\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b{_SAID}",
    )
]


@dataclass(frozen=True, slots=True)
class Named:
    """One day as a text names it; what is not said is None. Weekdays count from Monday, 0."""

    words: str
    start: int
    end: int
    day: int
    month: int | None
    year: int | None
    weekday: int | None

    def on(self, near: date) -> date | None:
        """Which day that is; what is not said is what brings it nearest to another. None when no such day exists."""
        years = [self.year] if self.year else range(near.year - 1, near.year + 2)
        months = [self.month] if self.month else range(1, 13)
        found = [made for year in years for month in months if (made := _date(year, month, self.day))]
        return min(found, key=lambda made: (abs((made - near).days), made), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find(text: str) -> list[Named]:
    """The days in their order; of `10–12 december` the first and the last."""
    taken: list[tuple[int, int]] = []
    found: list[Named] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if named := list(_days(match, text)):
                taken.append(match.span())
                found += named
    return sorted(found, key=lambda named: named.start)


def _days(match: re.Match[str], text: str) -> Iterator[Named]:
    said = match.groupdict()
    month = _month(said.get("month"))
    if month is not None and not 1 <= month <= 12:
        return
    before, is_alone = text[: match.start()], match.group() == text.strip()
    if _is_slashed(match) and (_NUMBERED.search(before) or _is_share(said, is_alone)):
        return
    year = _year(said)
    weekday = said.get("weekday") or said.get("after")
    for day, spoken in ((said["day"], weekday), (said.get("last"), _last_weekday(said))):
        if day is not None and 1 <= int(day) <= 31:
            words = " ".join(match.group().split()).rstrip(".,")
            yield Named(words, match.start(), match.end(), int(day), month, year, weekday_of(spoken))


def _last_weekday(said: dict[str, str | None]) -> str | None:
    return said.get("last_weekday") or said.get("weekday_to")


def _is_slashed(match: re.Match[str]) -> bool:
    return "short_year" in match.groupdict()


def _is_share(said: dict[str, str | None], is_alone: bool) -> bool:
    """`1/2`, `8/10` and `24/7`, unless something shows that a day is meant."""
    day, month = int(said["day"] or 0), int(said["month"] or 0)
    shown = is_alone or said["weekday"] or said["after"] or said["last"] or said["year"] or said["short_year"]
    return not shown and (day <= month <= 10 or (day, month) == (24, 7))


def _year(said: dict[str, str | None]) -> int | None:
    if year := said.get("year"):
        return int(year)
    return 2000 + int(short) if (short := said.get("short_year")) else None


def _month(said: str | None) -> int | None:
    if said is None:
        return None
    return int(said) if said.isdigit() else dict(MONTHS)[said[:3].lower()]


def weekday_of(word: str | None) -> int | None:
    return WEEKDAYS[word[:3].lower()] if word else None
