"""Hours as a Swedish text writes them: `kl. 18`, `18.00–20.30`, `halv sju`, `mellan klockan 13 och 15`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_SPELT = {
    "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6,
    "sju": 7, "åtta": 8, "nio": 9, "tio": 10, "elva": 11, "tolv": 12,
}  # fmt: skip
_WORD = rf"(?:{'|'.join(_SPELT)})\b"
# `klockan fem i tolv` is no five, and `15.30.20` no hour at all.
_NO_MORE = rf"(?![\d%]|[.:]\d|\s+(?:i|över)\s+(?:\d|{_WORD}))"
_FIGURES = rf"(?<![\d.:/])\d{{1,2}}(?:[.:]\d\d)?{_NO_MORE}"
_TIMED = rf"(?<![\d.:/])\d{{1,2}}[.:]\d\d{_NO_MORE}"
_PARTLY = rf"(?:halv|kvart\s+(?:i|över))\s+{_WORD}"
_CLOCK = r"\b(?:kl\b\.?|klockan)\s*"
_TO = rf"\s*(?:[-–—]|\btill\b)\s*(?:{_CLOCK})?"
# A figure alone is an hour only where nothing is counted: `slutar 17.`, not `startar 2 gånger`.
_NOT_COUNTED = r"(?=\s*(?:$|[.,;!?)\n]|(?:och|med|i|på|prick)\s+(?!\d)))"
_ALONE = rf"{_FIGURES}{_NOT_COUNTED}"

ANY = rf"(?:{_PARTLY}|{_FIGURES}|{_WORD}{_NO_MORE})"
NO_SPAN = rf"(?!{_TO}\d)"
AFTER_KL = rf"{_CLOCK}(?:prick\s+)?{ANY}"
HOUR = rf"(?:{AFTER_KL}|(?:prick\s+)?(?:{_PARTLY}|{_TIMED}|{_ALONE}))"
SPAN = (
    rf"(?:{_CLOCK}{ANY}{_TO}{ANY}|{_TIMED}{_TO}{_FIGURES}|{_FIGURES}{_TO}{_TIMED}|"
    rf"\bmellan\s+{_CLOCK}{ANY}\s+och\s+(?:{_CLOCK})?{ANY})"
)
BARE_SPAN = rf"(?:{SPAN}|{_FIGURES}{_TO}{_FIGURES}{_NOT_COUNTED})"
_EACH = re.compile(
    rf"{_PARTLY}|{_FIGURES}|(?<=kl )(?:{_WORD})|(?<=kl\. ){_WORD}|(?<=klockan ){_WORD}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Hour:
    """`may_be_evening`: a six that may be eighteen."""

    hour: int
    minute: int
    may_be_evening: bool = False

    def is_at(self, moment: time) -> bool:
        same = self.hour % 24 == moment.hour
        either = self.may_be_evening and self.hour % 12 == moment.hour % 12
        return self.minute == moment.minute and (same or either)


def hours_in(text: str) -> list[Hour]:
    """Words are hours beside `kl`, `klockan`, `halv` and `kvart` alone; figures that are no hour are left out."""
    found = (_hour(match.group()) for match in _EACH.finditer(text))
    return [hour for hour in found if hour]


def _hour(written: str) -> Hour | None:
    *before, last = written.casefold().split()  # the forms take a long s for an s
    if last in _SPELT:
        minutes = _SPELT[last] * 60 + {"halv": -30, "i": -15, "över": 15}.get(before[-1] if before else "", 0)
        return Hour(*divmod(minutes, 60), may_be_evening=True)
    hour, _point, minute = last.replace(":", ".").partition(".")
    if int(hour) > 24 or int(minute or 0) > 59:
        return None
    return Hour(int(hour), int(minute or 0), may_be_evening=not minute and hour[0] != "0" and int(hour) <= 12)
