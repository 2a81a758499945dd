"""Days that a text names, in Swedish or English: `torsdag 10 december`, `10–12/12`, `Thursday, December 10th`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

# Told apart by their first three letters, in both languages.
MONTHS = (
    ("jan", 1), ("feb", 2), ("mar", 3), ("apr", 4), ("maj", 5), ("may", 5), ("jun", 6), ("jul", 7), ("aug", 8),
    ("sep", 9), ("okt", 10), ("oct", 10), ("nov", 11), ("dec", 12),
)  # fmt: skip
WEEKDAYS = {
    "mån": 0, "tis": 1, "ons": 2, "tor": 3, "fre": 4, "lör": 5, "sön": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
FULL_WEEKDAY = r"(?:(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
# Short ones are words of their own too ("fri entré"): they count beside a date alone.
SHORT_WEEKDAY = r"(?:mån|tis|ons|tors?|fre|lör|sön|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)"
_WEEKDAY = rf"(?:{FULL_WEEKDAY}|{SHORT_WEEKDAY})\b"
_MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:s|ch)?|apr(?:il)?|maj|may|jun[ie]?|jul[iy]?|aug(?:usti|ust)?|"
    r"sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b(?!['’]s)"
)
_ENGLISH_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b"
)
_PART = r"(?:kväll(?:en)?|morgon(?:en)?|förmiddag(?:en)?|eftermiddag(?:en)?|evening|morning|afternoon)"
_ORDINAL = r"(?::?[ae]|st|nd|rd|th)?(?![a-zåäö\d])"
_ORDINALS = {
    word: day
    for words in (
        "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte trettonde fjortonde "
        "femtonde sextonde sjuttonde artonde nittonde tjugonde tjugoförsta tjugoandra tjugotredje tjugofjärde "
        "tjugofemte tjugosjätte tjugosjunde tjugoåttonde tjugonionde trettionde trettioförsta",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third "
        "twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first",
    )
    for day, word in enumerate(words.split(), start=1)
}
_SPELT = rf"(?P<day>{'|'.join(_ORDINALS)})"
_TO = r"\s*(?:-|–|—|&|\btill\b|\bto\b|\boch\b|\band\b)\s*"
_YEAR = r"(?P<year>(?:1[5-9]|20|21)\d\d)(?!\d|[.:]\d|\s*(?:kr|kronor|platser|personer)\b)"
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

_NUMBERED = re.compile(
    r"\b(?:rum|rummet|sal|salen|plan|kod|lucka|våning|nr|nummer|hiss|lokal|hus|port|entré|kapitel|kap\.?|sida|sidan|s\.|sid|"
    r"avsnitt|övning|uppgift|steg|del|buss|spårvagn|linje|tåg|bord|rad|fråga|room|floor|chapter|page|exercise|bus|table|gate|"
    r"part|question)\s+(?:är\s+|is\s+|nr\.?\s+|no\.?\s+)?$",
    re.IGNORECASE,
)
_OF = re.compile(r"\s+(?:av|of)\b")

# Letters that `re.IGNORECASE` takes for ours, and `lower` leaves: a long s, and an i without its dot or with two.
_TAKEN_FOR = str.maketrans("\u017f\u0131\u0130", "siI")

_FORMS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_BEFORE}(?<!\d)(?P<year>(?:19|20|21)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d){_AFTER}",
        rf"{_BEFORE}(?<![\d.])(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}",
        rf"{_BEFORE}{_FIRST}{_LAST}\s*(?:of\s+)?(?P<month>{_MONTH})\.?(?:,?\s*{_YEAR})?{_AFTER}",
        rf"{_BEFORE}\b{_SPELT}\s+(?:of\s+)?(?P<month>{_MONTH})(?:,?\s*{_YEAR})?{_AFTER}",
        rf"{_BEFORE}\b(?P<month>{_ENGLISH_MONTH})\.?\s+(?P<day>\d{{1,2}}){_ORDINAL}{_LAST}(?![.:/%]\d)(?:,?\s*{_YEAR})?"
        rf"{_AFTER}",
        rf"{_BEFORE}(?<![\d/.,])(?P<day>\d{{1,2}})(?:\s*[-–]\s*(?P<last>\d{{1,2}}))?/(?P<month>\d{{1,2}})(?!\d|/\d{{1,3}}(?!\d))"
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

    def in_year(self, year: int) -> date | None:
        return _date(year, self.month, self.day) if self.month else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find(text: str) -> list[Named]:
    """The days in their order; of `10–12 december` the first and the last."""
    taken = bytearray(len(text))
    found: list[Named] = []
    for form in _FORMS:
        for match in form.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]) and (named := list(_days(match, text))):
                taken[start:end] = b"x" * (end - start)
                found += named
    return sorted(found, key=lambda named: named.start)


def _days(match: re.Match[str], text: str) -> Iterator[Named]:
    said = match.groupdict()
    month = _month(said.get("month"))
    if month is not None and not 1 <= month <= 12:
        return
    if _is_slashed(match) and _is_number(match, text):
        return
    year = _year(said)
    weekday = said.get("weekday") or said.get("after")
    for spoken, day_of_week in ((said["day"], weekday), (said.get("last"), _last_weekday(said))):
        if spoken is not None and 1 <= (day := _day(spoken)) <= 31:
            words = " ".join(match.group().split()).rstrip(".,")
            yield Named(words, match.start(), match.end(), day, month, year, weekday_of(day_of_week))


def _day(spoken: str) -> int:
    return int(spoken) if spoken.isdigit() else _ORDINALS[_plain(spoken)]


def _last_weekday(said: dict[str, str | None]) -> str | None:
    return said.get("last_weekday") or said.get("weekday_to")


def _is_slashed(match: re.Match[str]) -> bool:
    return "short_year" in match.groupdict()


def _is_number(match: re.Match[str], text: str) -> bool:
    """`rum 3/12`, `11/12 av platserna`, or a share."""
    numbered = _NUMBERED.search(text[max(0, match.start() - 30) : match.start()]) or _OF.match(
        text, match.end()
    )
    return bool(numbered) or _is_share(match.groupdict(), is_alone=match.group() == text.strip())


def _is_share(said: dict[str, str | None], *, is_alone: bool) -> bool:
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
    return int(said) if said.isdigit() else dict(MONTHS)[_plain(said[:3])]


def weekday_of(word: str | None) -> int | None:
    return WEEKDAYS[_plain(word[:3])] if word else None


def _plain(word: str) -> str:
    return word.translate(_TAKEN_FOR).lower()
