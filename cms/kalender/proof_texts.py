"""Days in an event's texts that do not fit its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms.kalender import clock, mentions
from cms.kalender.mentions import FULL_WEEKDAY, Named, weekday_of

# Words beside a day that is meant to be another one than the event's: until then one signs up…
_DEADLINE = re.compile(
    r"\b(?:senast|före|innan|sista|anmäl\w*|osa|boka\w*|avboka\w*|ombok\w*|betala\w*|till och med|t\.?o\.?m|fram till|"
    r"öppna[rs]|stäng(?:er|s)|släpp\w*|skick\w*|mejl\w*|länk\w*|links?|sent|beställ\w*|biljett\w*|gäller|hotell\w*|by|"
    r"before|until|deadline|rsvp|regist\w+|sign\s?-?up|book\w*|tickets?|no later|earliest|tidigast|från och med|"
    r"fr\.?o\.?m)\b",
    re.IGNORECASE,
)
# …and that is another occasion, or history.
_ELSEWHERE = re.compile(
    r"\b(?:nästa|förra|tidigare|sedan|uppfölj\w*|återträff\w*|(?:del|nr|nummer|omgång) (?:ett|två|tre|fyra|[1-9])|"
    r"tillfälle\w*|reserv\w*|flytta\w*|i ?stället för|ersätt\w*|efter|även|också|grunda\w*|född\w*|starta\w*|började|"
    r"kom ut|utkom\w*|utgåv\w*|publicera\w*|uppdatera\w*|faktur\w*|förfall\w*|redovis\w*|intyg\w*|lucia|nobel\w*|"
    r"advent\w*|julafton|nyår\w*|påsk\w*|midsommar\w*|valborg\w*|next|previous\w*|last|since|after|also|follow-?up|"
    r"moved|instead|originally|founded|born|published|started|invoice\w*|due)\b",
    re.IGNORECASE,
)
_INVITING = re.compile(
    r"\b(?:välkom\w*|vi ses|kom|träffas|möts|ses|hålls|äger rum|see you|join us|welcome|we meet|come)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"[.!?]\s+(?=[A-ZÅÄÖ])|\n")
_LONE = re.compile(
    rf"\b(?P<day>{FULL_WEEKDAY})\b(?!\s*(?:-|–|\btill\b|\bto\b)\s*{FULL_WEEKDAY})", re.IGNORECASE
)
_RANGE_END = re.compile(rf"{FULL_WEEKDAY}\s*(?:-|–|\btill\b|\bto\b)\s*$", re.IGNORECASE)
_REPEATED = re.compile(r"\b(?:varje|varannan|alla|efter|every|each|after)\s+$", re.IGNORECASE)
_MADE_OF = re.compile(
    r"\b(?P<day>mån|tis|ons|tors|fre|lör|sön)dags(?:frukost|fika|lunch|kurs|träff|samtal|föreläsning|kväll|morgon|middag|"
    r"mingel|café|soppa)\w*\b",
    re.IGNORECASE,
)
HEADINGS = ("title", "summary")
AGES_AGO = timedelta(days=730)

Found = Iterator[tuple[str, str]]


def read(texts: Sequence[tuple[str, str]], first: date, last: date, *, now: datetime) -> Found:
    """(field, sentence) for what does not fit an event from its first to its last day."""
    today = clock.local_date(now)
    for field, text in texts:
        named = mentions.find(text)
        yield from ((field, sentence) for sentence in _dates(text, named, first, last, today))
        yield from ((field, sentence) for sentence in _lone(field, text, named, first, last))


# --- Dates -----------------------------------------------------------------------------------------
def _dates(text: str, named: Sequence[Named], first: date, last: date, today: date) -> list[str]:
    """One sentence for a range, however many of its days are wrong."""
    judged: dict[int, str] = {}
    for clause, days in _by_clause(text, named).items():
        may_differ = bool(_ELSEWHERE.search(clause[1])) or _has_own_day(days, first, last)
        for day in days:
            if not judged.get(day.start):
                judged[day.start] = _judge(day, clause[1], first, last, today, may_differ=may_differ)
    return [sentence for sentence in judged.values() if sentence]


def _by_clause(text: str, named: Sequence[Named]) -> dict[tuple[int, str], list[Named]]:
    """The days of each sentence, by where it begins and how it reads."""
    found: dict[tuple[int, str], list[Named]] = {}
    for day in named:
        found.setdefault(_clause(text, day.start, day.end), []).append(day)
    return found


def _has_own_day(days: Sequence[Named], first: date, last: date) -> bool:
    """Whether a sentence names the event's day beside others, or a longer time with the event in the midst of it."""
    spans: dict[int, list[date]] = {}
    for day in days:
        if found := day.on(first):
            spans.setdefault(day.start, []).append(found)
    within = any(len(span) == 1 and first <= span[0] <= last for span in spans.values())
    around = any(len(span) > 1 and min(span) < first and last < max(span) for span in spans.values())
    return around or (within and len(spans) > 1)


def _judge(named: Named, clause: str, first: date, last: date, today: date, *, may_differ: bool) -> str:
    """The one sentence that helps most; empty when all is well."""
    day = named.on(first)
    facts = {"words": f"”{named.words}”"}
    if day is None:
        return _("%(words)s finns inte i almanackan.") % facts
    if named.weekday not in (None, day.weekday()):
        return _("Det står %(words)s, men %(day)s är en %(weekday)s.") % {
            **facts,
            "day": date_format(day, "j F Y"),
            "weekday": date_format(day, "l"),
        }
    if not may_differ and (sentence := _strange(day, clause, first, last, today)):
        return sentence % {**facts, "day": _days(first, last)}
    if named.year is None and named.month and day.year != today.year:
        return _("%(words)s saknar årtal. Skriv %(year)s, så tror ingen att det är i år.") % {
            **facts,
            "year": day.year,
        }
    return ""


def _strange(day: date, clause: str, first: date, last: date, today: date) -> str:
    """What to say of a day that the event does not touch."""
    if first <= day <= last or day < today - AGES_AGO:
        return ""
    if day < today:
        return _("%(words)s har redan varit.")
    if day < first and _DEADLINE.search(clause):
        return ""
    return _("Det står %(words)s, men träffen är %(day)s.")


def _days(first: date, last: date) -> str:
    if first == last:
        return date_format(first, "l j F Y")
    return f"{date_format(first, 'j F')} – {date_format(last, 'j F Y')}"


def _clause(text: str, start: int, end: int) -> tuple[int, str]:
    """Where the sentence around begins, and the sentence. `kl. 12` and `dec.` end none: no capital follows."""
    stops = [stop.end() for stop in _BOUNDARY.finditer(text)]
    begins = max((stop for stop in stops if stop <= start), default=0)
    ends = min((stop for stop in stops if stop >= end), default=len(text))
    return begins, text[begins:ends]


# --- Weekdays without a date -----------------------------------------------------------------------
def _lone(field: str, text: str, named: Sequence[Named], first: date, last: date) -> Iterator[str]:
    """A weekday in a heading, or one to which somebody is invited; in other texts it may be any day of life."""
    if (last - first).days >= 6:
        return
    fitting = {(first + timedelta(days=days)).weekday() for days in range((last - first).days + 1)}
    for match in _weekdays(field, text):
        beside = any(day.start <= match.start() < day.end for day in named)
        if not beside and weekday_of(match["day"]) not in fitting:
            yield _("Det står %(words)s, men träffen är %(day)s.") % {
                "words": f"”{match.group()}”",
                "day": _days(first, last),
            }


def _weekdays(field: str, text: str) -> Iterator[re.Match[str]]:
    if field == "title":
        yield from _MADE_OF.finditer(text)
    for match in _LONE.finditer(text):
        before = text[: match.start()]
        _begins, clause = _clause(text, match.start(), match.end())
        is_other = _DEADLINE.search(clause) or _ELSEWHERE.search(clause)
        if is_other or _RANGE_END.search(before) or _REPEATED.search(before):
            continue
        if field in HEADINGS or _INVITING.search(before):
            yield match
