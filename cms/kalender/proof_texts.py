"""Days in an event's texts that do not fit its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms.kalender import clock
from cms.kalender.proof_words import HEADINGS, NEAR, Around, without_quotes
from shop import named_days, red_days
from shop.named_days import FULL_WEEKDAY, SHORT_WEEKDAY, Named, weekday_of

_LONE = re.compile(
    rf"\b(?P<day>{FULL_WEEKDAY}|{SHORT_WEEKDAY}(?=\.?\s+(?:kl\b|\d{{1,2}}[.:]\d\d)))\b"
    rf"(?!\s*(?:-|–|\btill\b|\bto\b)\s*{FULL_WEEKDAY})",
    re.IGNORECASE,
)
_RANGE_END = re.compile(rf"{FULL_WEEKDAY}\s*(?:-|–|\btill\b|\bto\b)\s*$", re.IGNORECASE)
_REPEATED = re.compile(r"\b(?:varje|varannan|alla|efter|every|each|after)\s+$", re.IGNORECASE)
_SAYING = re.compile(r"\b(?:black|blue|casual|cyber|good|svarta?|blå|glada?)\s+$", re.IGNORECASE)
_MADE_OF = re.compile(
    r"\b(?P<day>mån|tis|ons|tors|fre|lör|sön)dags(?:frukost|fika|lunch|kurs|träff|samtal|föreläsning|kväll|morgon|middag|"
    r"mingel|café|soppa|kaffe|brunch|workshop|seminari|webbinari|möte|salong|pub|promenad|vandring|konsert|forum|session|"
    r"pass\b)\w*\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^\W*(?:[\d.:–-]+\s+)?$")  # a weekday before or after the hour of a programme
_GOES_ON = re.compile(r"^\s*(?:$|[:,–-]|kl\b|\d)", re.IGNORECASE)
_YEARLY = re.compile(
    r"(?:dag|dagen|dagar|dagarna|vecka|veckan|samtal|möte|mötet|träff|träffen|kurs|kursen|läger|lägret|forum|fest|festen|"
    r"mingel|minglet|konferens|konferensen|seminarium|frukost|lunch|middag|fika|days?|week|conference|summit|meeting|"
    r"party|camp)\s+(?P<year>20\d\d)\s*(?:$|[:.–,!])",
    re.IGNORECASE,
)
AGES_AGO = timedelta(days=730)
A_WEEK = 7

Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Event:
    """`is_told`: readers know of it, so that the last day to sign up may have been."""

    first: date
    last: date
    today: date
    is_told: bool
    is_named: bool  # one of its days is, somewhere in its texts
    years: frozenset[int]  # that its texts name beside one of its days, or in its title

    def has(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @property
    def words(self) -> str:
        first, last = self.first, self.last
        if first == last:
            return date_format(first, "l j F Y")
        return f"{date_format(first, 'j F')} – {date_format(last, 'j F Y')}"


def read(
    texts: Sequence[tuple[str, str]], first: date, last: date, *, now: datetime, is_told: bool = False
) -> Found:
    """(field, sentence) for what does not fit an event from its first to its last day."""
    named = [named_days.find(text) for _field, text in texts]
    own = [day for days in named for day in days if first <= (day.on(first) or date.min) <= last]
    in_title = {int(year) for field, text in texts if field == "title" for year in _years(text)}
    event = _Event(
        first=first,
        last=last,
        today=clock.local_date(now),
        is_told=is_told,
        is_named=bool(own),
        years=frozenset(in_title | {day.year for day in own if day.year}),
    )
    for (field, text), days in zip(texts, named, strict=True):
        yield from ((field, sentence) for sentence in _dates(field, text, days, event))
        yield from ((field, sentence) for sentence in _lone(field, text, days, event))
        if field == "title":
            yield from ((field, sentence) for sentence in _yearly(text, days, event))


def _years(text: str) -> list[str]:
    return re.findall(r"\b20\d\d\b", text)


# --- Dates -----------------------------------------------------------------------------------------
def _dates(field: str, text: str, named: Sequence[Named], event: _Event) -> list[str]:
    """One sentence for a range, however many of its days are wrong."""
    judged: dict[int, str] = {}
    plain = text if field in HEADINGS else without_quotes(text)
    for days in _by_sentence(field, plain, named).values():
        may_differ = _has_own_day([day for day, _around in days], event)
        for day, around in days:
            if not judged.get(day.start):
                judged[day.start] = _judge(day, around, event, may_differ=may_differ)
    found = [sentence for sentence in judged.values() if sentence]
    return found or list(_yearless(text, named, event))


def _by_sentence(field: str, text: str, named: Sequence[Named]) -> dict[int, list[tuple[Named, Around]]]:
    found: dict[int, list[tuple[Named, Around]]] = {}
    for day in named:
        around = Around(field, text, day.start, day.end)
        found.setdefault(around.begins, []).append((day, around))
    return found


def _has_own_day(days: Sequence[Named], event: _Event) -> bool:
    """Whether a sentence names the event's day beside others, or a longer time with the event in the midst of it."""
    spans: dict[int, list[date]] = {}
    for day in days:
        if found := day.on(event.first):
            spans.setdefault(day.start, []).append(found)
    within = any(len(span) == 1 and event.has(span[0]) for span in spans.values())
    longer = [span for span in spans.values() if len(span) > 1]
    around = any(min(span) < event.first and event.last < max(span) for span in longer)
    return around or (within and len(spans) > 1)


def _judge(named: Named, around: Around, event: _Event, *, may_differ: bool) -> str:
    """The one sentence that helps most; empty when all is well."""
    day = _meant(named, around, event)
    facts = {"words": f"”{named.words}”"}
    if day is None:
        return _("%(words)s finns inte i almanackan. Rätta dagen eller månaden.") % facts
    if named.weekday not in (None, day.weekday()):
        return _("Det står %(words)s, men %(day)s är en %(weekday)s. Rätta veckodagen eller datumet.") % {
            **facts,
            "day": date_format(day, "j F Y"),
            "weekday": date_format(day, "l"),
        }
    if may_differ or event.has(day) or not (sentence := _strange(day, around, event)):
        return ""
    return sentence % {**facts, "day": event.words}


def _meant(named: Named, around: Around, event: _Event) -> date | None:
    """The day nearest to the event; in a sentence about last year or the next, the one on which the weekday fits."""
    day = named.on(event.first)
    if day is None or named.weekday in (None, day.weekday()) or named.year:
        return day
    years = [-1] * around.is_earlier + [1] * around.is_later
    others = [named.in_year(event.first.year + year) for year in years]
    return next((other for other in others if other and other.weekday() == named.weekday), day)


def _strange(day: date, around: Around, event: _Event) -> str:
    """What to say of a day that the event does not touch."""
    if day < event.today - AGES_AGO or around.is_quoted or around.is_other:
        return ""
    if (day > event.last and around.is_later) or (day < event.first and around.is_earlier):
        return ""
    is_until = day < event.first and around.is_until
    tells = around.is_for_signing_up or around.says_when or _is_likely(day, around, event)
    if not tells or (is_until and (day >= event.today or event.is_told or not around.is_for_signing_up)):
        return ""
    return (
        _("%(words)s har redan varit. Skriv en dag som kommer.")
        if day < event.today
        else _("Det står %(words)s, men träffen är %(day)s. Rätta texten eller träffens dag.")
    )


def _is_likely(day: date, around: Around, event: _Event) -> bool:
    """Nothing else in the texts tells the event's day. A feast is often called by its date."""
    is_feast = bool(red_days.holiday(day) or red_days.eve(day))
    return around.may_say_when and not (event.is_named or around.is_until or is_feast)


def _yearless(text: str, named: Sequence[Named], event: _Event) -> Iterator[str]:
    """The first of the event's days that lacks its year, when that is another one than now and nobody tells it."""
    told = event.years | {int(year) for year in _years(text)} | {day.year for day in named}
    for one in named:
        day = one.on(event.first)
        if day and event.has(day) and one.month and day.year != event.today.year and day.year not in told:
            yield _("%(words)s saknar årtal. Skriv %(year)s, så tror ingen att det är i år.") % {
                "words": f"”{one.words}”",
                "year": day.year,
            }
            return


def _yearly(title: str, named: Sequence[Named], event: _Event) -> Iterator[str]:
    """`Värdskapsdagarna 2026` of an event in 2027."""
    for match in _YEARLY.finditer(title):
        beside = any(day.start < match.end("year") and match.start("year") < day.end for day in named)
        years = range(event.first.year, event.last.year + 1)
        near = event.first.year - 1 <= int(match["year"]) <= event.last.year + 1
        if near and not beside and int(match["year"]) not in years:
            yield _("Det står %(words)s, men träffen är %(day)s. Rätta texten eller träffens dag.") % {
                "words": f"”{match['year']}”",
                "day": event.words,
            }


# --- Weekdays without a date -----------------------------------------------------------------------
def _lone(field: str, text: str, named: Sequence[Named], event: _Event) -> Iterator[str]:
    """A weekday in a heading, or one to which somebody is invited; in other texts it may be any day of life."""
    length = (event.last - event.first).days + 1
    if length >= A_WEEK:
        return
    fitting = {(event.first + timedelta(days=days)).weekday() for days in range(length)}
    for match in _weekdays(field, text):
        beside = any(day.start <= match.start() < day.end for day in named)
        if not beside and weekday_of(match["day"]) not in fitting:
            yield _("Det står %(words)s, men träffen är %(day)s. Rätta texten eller träffens dag.") % {
                "words": f"”{match.group()}”",
                "day": event.words,
            }


def _weekdays(field: str, text: str) -> Iterator[re.Match[str]]:
    if field == "title":
        yield from _MADE_OF.finditer(text)
    plain = text if field in HEADINGS else without_quotes(text)
    for match in _LONE.finditer(plain):
        around = Around(field, plain, match.start(), match.end())
        before = plain[max(0, match.start() - NEAR) : match.start()]
        if any(words.search(before) for words in (_RANGE_END, _REPEATED, _SAYING)):
            continue
        is_meant = (field in HEADINGS or around.invites) and not around.is_another_time
        if is_meant or _leads_a_row(around):
            yield match


def _leads_a_row(around: Around) -> bool:
    """`Onsdag 13.00` in a programme."""
    is_label = _LABELLED.match(around.before) and _GOES_ON.match(around.after)
    return around.field == "programme" and bool(is_label)
