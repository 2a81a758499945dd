"""The calendar's proof-reader: what is wrong with an event, and what is probably not meant.

Pure: it sees the facts of one event, those of the others and the time, and reads nothing else. An error stops; a
warning explains, since a kick-off may well be on a Sunday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cms.kalender import attendance, clock, proof_hours, proof_prices, proof_texts
from cms.kalender.proof_shared import plain, shared_leader, shared_room
from shop import red_days

LONG, TOO_LONG = timedelta(days=14), timedelta(days=366)
LONG_IN_WHOLE_DAYS = timedelta(days=100)  # an exhibition
A_WEEK = 7
SMALL_HOURS = time(5)  # until then a night belongs to the evening before
DATED = re.compile(r"^(\d{4}-\d{2}-\d{2})-")
EARLY = re.compile(
    r"dörr|öppna|insläpp|kaffe|fika|frukost|lunch|soppa|mingel|samling|registrer|incheck|drop|rigg|ljud|doors|coffee|"
    r"breakfast|registration|welcome|open|tea\b",
    re.IGNORECASE,
)
LATE = re.compile(
    r"mingel|stannar|kvar|efter|hej då|städ|middag|buss|drinks|dinner|after|stay", re.IGNORECASE
)
AROUND = timedelta(
    hours=1
)  # so long before the start are doors open, and so long after the end do people stay
_HOUR = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?(?:\s*([ap])\.?m\b\.?)?", re.IGNORECASE)


class Level(StrEnum):
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Remark:
    """`field` is the name of the event's field that the sentence is about."""

    level: Level
    field: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an event says. Moments are aware; texts are plain, paragraphs on lines of their own."""

    starts_at: datetime
    ends_at: datetime
    title: str = ""
    summary: str = ""
    lede: str = ""
    body: str = ""
    price_text: str = ""
    place_price_ore: int | None = None  # incl. VAT
    access: str = ""
    programme: Sequence[tuple[str, str]] = ()  # (time, text)
    all_day: bool = False
    leader: str = ""
    place: str = ""
    city: str = ""
    online: bool = False
    online_link: str = ""
    seats: int | None = None
    seats_promised: int = 0  # to guests who have signed up or are asked, and elsewhere
    slug: str = ""
    is_published: bool = False  # so that its address is known
    is_cancelled: bool = False
    known_start: datetime | None = None  # what readers have been told

    @property
    def first(self) -> date:
        return clock.local_date(self.starts_at)

    @property
    def last(self) -> date:
        """An event that ends at midnight does not touch the next day."""
        return max(self.first, clock.last_date(self.ends_at))

    @property
    def begins_as_known(self) -> bool:
        """In UTC: an hour that comes twice is equal to nothing in another zone."""
        known = self.known_start
        return known is not None and self.starts_at.astimezone(UTC) == known.astimezone(UTC)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """(field, text)"""
        names = ("title", "summary", "lede", "body", "price_text", "access")
        rows = [("programme", f"{at} {text}") for at, text in self.programme]
        return [*((name, getattr(self, name)) for name in names), *rows]


def remarks(facts: Facts, others: Sequence[Facts], *, now: datetime) -> list[Remark]:
    """Errors first. `others` are events that are published or drafted, the event itself not among them."""
    return [*faults(facts), *warnings(facts, others, now=now)]


# --- What stops ------------------------------------------------------------------------------------
def faults(facts: Facts) -> list[Remark]:
    found = [*_missing_hours(facts), *_wrong_length(facts)]
    if facts.seats is not None and facts.seats < 1:
        found.append(("seats", _("Skriv minst 1, eller lämna tomt om ni inte räknar platser.")))
    return [Remark(Level.ERROR, field, sentence) for field, sentence in found]


def _missing_hours(facts: Facts) -> list[tuple[str, str]]:
    ends = (("starts_at", facts.starts_at), ("ends_at", facts.ends_at))
    return [(field, missing_hour(moment)) for field, moment in ends if is_skipped(moment)]


def missing_hour(wall: datetime) -> str:
    return _(
        "Klockan %(hour)s den %(day)s finns inte: då ställs klockan fram en timme. Skriv en annan tid."
    ) % {
        "hour": date_format(wall, "TIME_FORMAT"),
        "day": date_format(wall, "j F Y"),
    }


def is_skipped(wall: datetime) -> bool:
    """Whether Stockholm's clock goes past that hour in spring."""
    shown = wall.replace(tzinfo=None)
    if wall.tzinfo not in (None, settings.STOCKHOLM):
        return False
    there = shown.replace(tzinfo=settings.STOCKHOLM)
    return there.astimezone(UTC).astimezone(settings.STOCKHOLM).replace(tzinfo=None) != shown


def is_twice(moment: datetime) -> bool:
    """Whether Stockholm's clock shows that hour twice in autumn."""
    there = clock.local(moment)
    return not is_skipped(there) and there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def _wrong_length(facts: Facts) -> list[tuple[str, str]]:
    starts_at, ends_at = facts.starts_at.astimezone(UTC), facts.ends_at.astimezone(UTC)
    if ends_at < starts_at:
        return [("ends_at", _("Träffen slutar innan den börjar. Kontrollera dag och klockslag."))]
    if ends_at == starts_at:
        return [("ends_at", _("Träffen slutar i samma stund som den börjar. Skriv när den är slut."))]
    if ends_at - starts_at > TOO_LONG:
        return [("ends_at", _("Träffen är längre än ett år. Kontrollera årtalet."))]
    return []


# --- What is probably not meant --------------------------------------------------------------------
def warnings(facts: Facts, others: Sequence[Facts], *, now: datetime) -> list[Remark]:
    """None for what was published and is over: nobody mends that."""
    if facts.ends_at <= now and facts.begins_as_known:
        return []
    found = [
        *_past(facts, now),
        *_long(facts),
        *_doubled_hours(facts),
        *_closed_days(facts),
        *_clashes(facts, others),
        *_overbooked(facts),
        *_address(facts),
        *_programme(facts),
        *proof_prices.read(facts.price_text, facts.place_price_ore),
        *_hours(facts),
        *proof_texts.read(facts.texts, facts.first, facts.last, now=now, is_told=facts.begins_as_known),
    ]
    return [Remark(Level.WARNING, field, sentence) for field, sentence in dict.fromkeys(found)]


Found = Iterator[tuple[str, str]]
Timed = tuple[list[datetime], str]


def day_words(day: date) -> str:
    """`torsdag 10 december 2026`"""
    return date_format(day, "l j F Y")


def _past(facts: Facts, now: datetime) -> Found:
    if facts.starts_at < now and not facts.begins_as_known:
        yield (
            "starts_at",
            _("Starten har redan varit: %(day)s. Kontrollera dag och årtal.")
            % {"day": day_words(facts.first)},
        )


def _long(facts: Facts) -> Found:
    length = facts.ends_at - facts.starts_at
    if (LONG_IN_WHOLE_DAYS if facts.all_day else LONG) < length <= TOO_LONG:
        yield (
            "ends_at",
            _("Träffen pågår i %(days)d dagar. Är slutdagen rätt?")
            % {"days": (facts.last - facts.first).days + 1},
        )


def _doubled_hours(facts: Facts) -> Found:
    for field, moment in (("starts_at", facts.starts_at), ("ends_at", facts.ends_at)):
        if is_twice(moment):
            yield (
                field,
                _("Klockan %(hour)s kommer två gånger natten till %(day)s. Vi räknar med den första.")
                % {"hour": clock.time_words(moment), "day": date_format(clock.local_date(moment), "j F")},
            )


def _closed_days(facts: Facts) -> Found:
    """Not the Sundays of a longer event, which cannot go round them."""
    days = _days_spent(facts)
    if facts.is_cancelled or facts.last - facts.first > LONG:
        return
    for day in days:
        by_name = red_days.holiday(day) or red_days.eve(day)
        if (by_name or len(days) < A_WEEK) and (sentence := closed_words(day)):
            yield "starts_at", sentence


def _days_spent(facts: Facts) -> list[date]:
    """Without the last when only its small hours are."""
    last = facts.last
    if facts.first < last and clock.local(facts.ends_at).time() <= SMALL_HOURS:
        last = clock.last_date(facts.ends_at - timedelta(hours=SMALL_HOURS.hour))
    return [
        facts.first + timedelta(days=days) for days in range((max(facts.first, last) - facts.first).days + 1)
    ]


def closed_words(day: date) -> str:
    """Why many are off that day; empty on others."""
    facts = {"day": capfirst(day_words(day))}
    if name := red_days.holiday(day):
        return _("%(day)s är röd dag: %(name)s. Kontrollera att träffen ska vara då.") % {
            **facts,
            "name": name,
        }
    if name := red_days.eve(day):
        return _(
            "%(day)s är en dag då de flesta är lediga: %(name)s. Kontrollera att träffen ska vara då."
        ) % {**facts, "name": name}
    return (
        _("%(day)s är röd dag. Kontrollera att träffen ska vara då.") % facts if red_days.is_red(day) else ""
    )


def _clashes(facts: Facts, others: Sequence[Facts]) -> Found:
    if facts.is_cancelled:
        return
    for other in others:
        together = not other.is_cancelled and _overlap(facts, other)
        if together and (shared := shared_leader(facts.leader, other.leader)):
            yield (
                "leader",
                _clash(
                    _("Samma ledare, %(shared)s, har %(title)s då: %(when)s%(mark)s. Byt tid eller ledare."),
                    other,
                    shared,
                ),
            )
        if together and (shared := same_place(facts, other)):
            yield (
                "place",
                _clash(
                    _("Samma plats, %(shared)s, har %(title)s då: %(when)s%(mark)s. Byt tid eller plats."),
                    other,
                    shared,
                ),
            )


def _overlap(one: Facts, other: Facts) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _clash(sentence: str, other: Facts, shared: str) -> str:
    hours = clock.span_words(other.starts_at, other.ends_at, all_day=other.all_day)
    return sentence % {
        "shared": shared,
        "title": f"”{other.title}”",
        "when": f"{date_format(other.first, 'j F')} {hours}",
        "mark": "" if other.is_published else _(" (utkast)"),
    }


def same_place(one: Facts, other: Facts) -> str:
    """The room, or the link of a meeting online, that both have."""
    link = one.online_link
    if link and link.rstrip("/") == other.online_link.rstrip("/"):
        return link
    if not all(attendance.is_on_site(online=facts.online, city=facts.city) for facts in (one, other)):
        return ""
    in_town = plain(one.city).casefold() == plain(other.city).casefold()
    return shared_room(one.place, other.place) if in_town else ""


def _overbooked(facts: Facts) -> Found:
    if facts.seats is not None and 0 < facts.seats < facts.seats_promised:
        yield (
            "seats",
            _(
                "%(promised)d platser är redan lovade, men träffen rymmer %(seats)d. "
                "Ingen blir avanmäld, och kön väntar tills det finns plats."
            )
            % {"promised": facts.seats_promised, "seats": facts.seats},
        )


def _address(facts: Facts) -> Found:
    """Nothing for one that has moved: its address stays."""
    dated = DATED.match(facts.slug)
    fitting = {
        day.isoformat()
        for day in (facts.first, facts.known_start and clock.local_date(facts.known_start))
        if day
    }
    if dated and not facts.is_published and dated[1] not in fitting:
        yield (
            "slug",
            _("Adressen börjar med %(dated)s, men träffen är %(day)s. Rätta adressen innan du publicerar.")
            % {"dated": dated[1], "day": day_words(facts.first)},
        )


def _hours(facts: Facts) -> Found:
    if not facts.all_day:
        yield from proof_hours.read(facts.texts, facts.starts_at, facts.ends_at)


# --- The programme's hours -------------------------------------------------------------------------
def _programme(facts: Facts) -> Found:
    """Nothing for days without hours, nor for several days, whose hours begin anew."""
    if facts.all_day or facts.ends_at - facts.starts_at >= timedelta(days=1):
        return
    rows = [([_placed(hour, facts) for hour in hours_in(at)[:2]], text) for at, text in facts.programme]
    timed = [(hours, text) for hours, text in rows if hours]
    yield from list(_before_start(timed, facts))[:1]
    yield from list(_after_end(timed, facts))[:1]
    for (before, _text), (hours, _later) in pairwise(timed):
        if hours[0] < before[0]:
            yield (
                "programme",
                _("%(hour)s står efter %(before)s i programmet. Kontrollera ordningen.")
                % {"hour": clock.time_words(hours[0]), "before": clock.time_words(before[0])},
            )


def hours_in(written: str) -> list[time]:
    """`13.00–14.15`, `kl 13`, `1:30 pm`; what is no hour is left out."""
    found = [(int(hour), int(minute or 0), half.lower()) for hour, minute, half in _HOUR.findall(written)]
    shifted = [(hour % 12 + 12 * (half == "p") if half else hour, minute) for hour, minute, half in found]
    return [time(hour, minute) for hour, minute in shifted if hour < 24 and minute < 60]


def _placed(hour: time, facts: Facts) -> datetime:
    """The hour on the event's day; on the day after when it is an event through the night."""
    moment = datetime.combine(facts.first, hour, tzinfo=settings.STOCKHOLM)
    if facts.last > facts.first and moment < facts.starts_at - 2 * AROUND:
        return datetime.combine(facts.last, hour, tzinfo=settings.STOCKHOLM)
    return moment


def _before_start(timed: Sequence[Timed], facts: Facts) -> Found:
    for hours, text in timed:
        if hours[0] < facts.starts_at - (AROUND if EARLY.search(text) else timedelta()):
            yield (
                "programme",
                _(
                    "%(hour)s i programmet är före träffens början %(starts)s. Rätta klockslaget eller starten."
                )
                % {"hour": clock.time_words(hours[0]), "starts": clock.time_words(facts.starts_at)},
            )


def _after_end(timed: Sequence[Timed], facts: Facts) -> Found:
    for hours, text in timed:
        if hours[-1] > facts.ends_at + (AROUND if LATE.search(text) else timedelta()):
            yield (
                "programme",
                _("%(hour)s i programmet är efter träffens slut %(ends)s. Rätta klockslaget eller slutet.")
                % {"hour": clock.time_words(hours[-1]), "ends": clock.time_words(facts.ends_at)},
            )
