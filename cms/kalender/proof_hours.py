"""Hours in an event's texts that do not fit its own.

A text is full of hours: doors, lunch, trains, last year's. Only what clearly says when the event itself begins or ends
is read, and the slightest sign of something else lets it be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from django.conf import settings
from django.utils.translation import gettext as _

from cms.kalender import clock
from cms.kalender.proof_clock import AFTER_KL, BARE_SPAN, HOUR, NO_SPAN, SPAN, Hour, hours_in
from cms.kalender.proof_words import HEADINGS, Around, without_quotes
from shop import named_days

AROUND = timedelta(hours=1)  # so long before the event do people eat and meet, and stay after it
LATE = timedelta(minutes=10)  # so long after its start does an event begin in earnest
BEFORE = 300  # letters in which another day may be named, of which the hour is
UNREAD = {"price_text", "access"}
_I = re.IGNORECASE

# --- Who begins and ends ---------------------------------------------------------------------------
_WHOLE = (
    r"(?:(?:kvälls|frukost|lunch)?träffen|(?:grund)?kursen|(?:halv|hel|kurs|tema|utbildnings)?dagen|utbildningen|"
    r"konferensen|internatet|(?:frukost|lunch)mötet|evenemanget|festen|salongen|webbinariet)"
)
_OF_DAY = {"morgonen": (0, 12), "förmiddagen": (0, 13), "eftermiddagen": (12, 24), "kvällen": (16, 24)}
# Often one part of what happens; the event itself when its title calls it so.
_PARTS = {
    "föreläsningen": "föreläsning", "samtalet": "samtal", "seminariet": "seminari", "workshopen": "workshop",
    "mötet": "möte", "konserten": "konsert", "promenaden": "promenad", "vandringen": "vandring", "mässan": "mässa",
    "föredraget": "föredrag",
}  # fmt: skip
_SUBJECT = rf"\b(?P<subject>vi|{_WHOLE}|{'|'.join([*_OF_DAY, *_PARTS])})"
_DAY = r"(?:(?:på\s+)?[a-zåäö]+dag(?:en)?\s+)?(?:den\s+)?(?:\d{1,2}(?::[ae])?\s+[a-z]+(?:\s+20\d\d)?,?\s+)?"
_STARTS = r"(?:börjar|startar|inleds|(?:kör|sätter|drar)\s+i\s?gång)"
_ENDS = r"(?:slutar|avslutas|avslutar|håller\s+på\s+till|pågår\s+till)"
_MEET = r"(?:ses|möts|träffas)"
_WHEN = r"(?:(?:dag|datum) och tid|tid och plats|tid|när)"
_LINE = r"(?:^|\n)\s*"
_OPENING = r"(?:^|[.!?\n]\s*)"


class Role(Enum):
    START = "start"
    END = "end"
    SPAN = "span"


_FORMS = [
    (role, re.compile(form, _I))
    for role, form in (
        (Role.SPAN, rf"{_SUBJECT}\s+(?P<words>{_STARTS}\s+(?P<hours>{HOUR}\s+och\s+{_ENDS}\s+{HOUR}))"),
        (Role.SPAN, rf"{_SUBJECT}\s+(?P<words>(?:pågår|är|håller\s+på)\s+{_DAY}(?P<hours>{BARE_SPAN}))"),
        (Role.START, rf"{_SUBJECT}\s+(?P<words>{_STARTS}\s+{_DAY}(?P<hours>{HOUR}))"),
        (Role.END, rf"{_SUBJECT}\s+(?P<words>{_ENDS}\s+{_DAY}(?P<hours>{HOUR}))"),
        (Role.START, rf"(?P<words>(?P<hours>{AFTER_KL})\s+{_STARTS}\s+{_SUBJECT})(?=\s*(?:[.,!\n]|$))"),
        (Role.START, rf"\b(?P<words>vi\s+(?P<meeting>{_MEET})\s+{_DAY}(?P<hours>{AFTER_KL})){NO_SPAN}"),
        (Role.SPAN, rf"{_LINE}{_WHEN}\s*:\s*(?P<words>{_DAY}(?P<hours>{BARE_SPAN}))"),
        (Role.START, rf"{_LINE}{_WHEN}\s*:\s*(?P<words>{_DAY}(?P<hours>{AFTER_KL})){NO_SPAN}"),
        (
            Role.START,
            rf"{_LINE}(?P<words>(?:starttid|start|börjar|startar)\s*:\s*(?P<hours>{HOUR})){NO_SPAN}",
        ),
        (Role.END, rf"{_LINE}(?P<words>(?:sluttid|slut|slutar)\s*:\s*(?P<hours>{HOUR})){NO_SPAN}"),
        (Role.SPAN, rf"{_OPENING}(?:varmt\s+)?välkom(?:men|na)\s+{_DAY}(?P<words>(?P<hours>{SPAN}))"),
        (
            Role.START,
            rf"{_OPENING}(?:varmt\s+)?välkom(?:men|na)\s+{_DAY}(?P<words>(?P<hours>{AFTER_KL})){NO_SPAN}",
        ),
        (
            Role.START,
            rf"{_OPENING}{_DAY}(?P<words>(?P<hours>{AFTER_KL}){NO_SPAN}\s+är\s+det\s+dags(?:\s+igen)?)",
        ),
    )
]
_HEADLINES = [
    (Role.SPAN, re.compile(rf"(?P<words>(?P<hours>{SPAN}))", _I)),
    (Role.START, re.compile(rf"(?P<words>(?P<hours>{AFTER_KL})){NO_SPAN}(?=\s*(?:$|[.,:;!?)]))", _I)),
]

# --- What else happens at an hour ------------------------------------------------------------------
_MEAL = re.compile(
    r"dörr|öppna|insläpp|\b(?:kaffe|fika|frukost|lunch|soppa|middag|mat)(?:n|t|en|et)?\b|mingel|mingla|samling|samlas|"
    r"registrer|inchec|drop.?in|uppvärm|stannar|\bkvar\b|\bbar(?:en)?\b|efter(?:åt|snack|häng)|"
    r"smörgås|macka|\bbull(?:e|ar)\b|bubbel|glögg|tårta",
    _I,
)
_ELSE = re.compile(
    r"\b(?:inte|ej|vardag(?:ar)?|\w+dagar|telefon\w*|ring|öppet\w*|öppen (?:till|från)|varje|brukar|normalt|vanlig\w*|"
    r"oftast|ibland|annars|om du|den som|ni som|du som|igen|åter|paus\w*|\w*pass(?:et)?|grupp\w*|"
    r"dag (?:ett|två|tre|[1-9])|första|andra|tredje|sista|nästa|förra|buss\w*|tåg\w*|parker\w*|senast|tidigast|"
    r"ungefär|cirka|ca|omkring|runt|strax|istället|extra|ny tid|tidigare|lokal tid|london|new york|CET|"
    r"samma (?:dag|kväll)|bredvid|intill|därefter|akademisk\w*|finland|finsk\w*|\w*sändning\w*|exempel\w*|tänk dig|"
    r"föreställ\w*|station\w*|central(?:en|stationen)|perrong\w*|hållplats\w*|"
    r"(?:före|efter) (?:lunch|pausen|fika|middag)\w*|(?:när|innan|medan|om) (?:vi|\w+e[nt]))\b",
    _I,
)
_ELSE_BEFORE = re.compile(r"\b(?:också|även|annan|andra|nästa|förra|tidigare|i fjol)\b[^\n]*$", _I)
_CLAUSE = re.compile(r"[,;(]\s|\s[–-]\s|\bmen\b|\boch\b")

Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a text says of who begins or ends, and the sentence around it. One hour, or of a span both."""

    role: Role
    words: str
    subject: str
    around: Around
    hours: Sequence[Hour]
    is_meeting: bool  # `vi ses kl. 18`

    @property
    def first(self) -> Hour | None:
        return None if self.role == Role.END else self.hours[0]

    @property
    def last(self) -> Hour | None:
        return None if self.role == Role.START else self.hours[-1]

    @property
    def beside(self) -> Around:
        """The sentence up to the next comma, with a gap for the words themselves."""
        before, gap = self.around.before, " " * len(self.words)
        text = before + gap + _CLAUSE.split(self.around.after)[0]
        return Around(self.around.field, text, len(before), len(before) + len(gap))


@dataclass(frozen=True, slots=True)
class _Event:
    starts_at: datetime
    ends_at: datetime
    title: str
    has_early_guests: bool  # some text says that they eat or register from the event's own start
    has_late_guests: bool

    @property
    def start(self) -> time:
        return clock.local(self.starts_at).time()

    @property
    def end(self) -> time:
        return clock.local(self.ends_at).time()

    @property
    def is_of_days(self) -> bool:
        return clock.last_day(self.starts_at, self.ends_at) != clock.local_date(self.starts_at)

    def fits(self, claim: _Claim) -> bool:
        begins = claim.first is None or claim.first.is_at(self.start)
        return begins and (claim.last is None or claim.last.is_at(self.end))

    def before_start(self, hour: Hour) -> timedelta:
        """Less than nothing for an hour after it."""
        return self.starts_at - _on(self.starts_at, hour)

    def after_end(self, hour: Hour) -> timedelta:
        return _on(self.ends_at, hour) - self.ends_at


def _on(moment: datetime, hour: Hour) -> datetime:
    there = time(hour.hour % 24, hour.minute)
    return datetime.combine(clock.local_date(moment), there, tzinfo=settings.STOCKHOLM)


def read(texts: Sequence[tuple[str, str]], starts_at: datetime, ends_at: datetime) -> Found:
    """(field, sentence), one for each text and role, of an event that has hours. Texts are (field, plain text)."""
    event = _Event(
        starts_at,
        ends_at,
        title=next((text for field, text in texts if field == "title"), ""),
        has_early_guests=_has_guests(texts, clock.local(starts_at).time()),
        has_late_guests=_has_guests(texts, clock.local(ends_at).time()),
    )
    for field, text in texts:
        if field not in UNREAD:
            plain = _tidy(text)
            claims = _claims(field, plain if field in HEADINGS else without_quotes(plain))
            yield from ((field, _sentence(claim, event)) for claim in _wrong(claims, event))


def _tidy(text: str) -> str:
    """Without empty lines and runs of spaces, which the forms would walk through again from each place in them."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _has_guests(texts: Sequence[tuple[str, str]], hour: time) -> bool:
    lines = (line for _field, text in texts for line in re.split(r"[.!?]\s+(?=[A-ZÅÄÖ])|\n", text))
    return any(_MEAL.search(line) and any(one.is_at(hour) for one in hours_in(line)) for line in lines)


def _sentence(claim: _Claim, event: _Event) -> str:
    facts = {
        "words": f"”{claim.words}”",
        "starts": clock.time_words(event.starts_at),
        "ends": clock.time_words(event.ends_at),
    }
    if claim.role == Role.START:
        return _("Det står %(words)s, men träffen börjar %(starts)s. Rätta texten eller starten.") % facts
    if claim.role == Role.END:
        return _("Det står %(words)s, men träffen slutar %(ends)s. Rätta texten eller slutet.") % facts
    return _("Det står %(words)s, men träffen är %(starts)s–%(ends)s. Rätta texten eller tiden.") % facts


# --- What a text says ------------------------------------------------------------------------------
def _claims(field: str, text: str) -> list[_Claim]:
    forms = [*_FORMS, *_HEADLINES] if field in HEADINGS else _FORMS
    taken = bytearray(len(text))
    found = []
    for role, form in forms:
        for match in form.finditer(text):
            start, end = match.span("words")
            if not any(taken[start:end]) and (claim := _claim(role, match, field)):
                taken[start:end] = b"x" * (end - start)
                found.append(claim)
    return found


def _claim(role: Role, match: re.Match[str], field: str) -> _Claim | None:
    said = match.groupdict()
    hours = hours_in(said["hours"])
    if len(hours) != (2 if role == Role.SPAN else 1):
        return None
    around = Around(field, match.string, match.start("words"), match.end("words"))
    words, subject = " ".join(said["words"].split()), (said.get("subject") or "").lower()
    return _Claim(role, words, subject, around, hours, is_meeting=bool(said.get("meeting")))


# --- Whether it is wrong ---------------------------------------------------------------------------
def _wrong(claims: Sequence[_Claim], event: _Event) -> list[_Claim]:
    """The first of each role, unless the same text has it right too."""
    told = {role for claim in claims if event.fits(claim) for role in _roles(claim)}
    wrong: dict[Role, _Claim] = {}
    for claim in claims:
        if not event.fits(claim) and not told & _roles(claim) and _is_meant(claim, event):
            wrong.setdefault(claim.role, claim)
    return list(wrong.values())


def _roles(claim: _Claim) -> set[Role]:
    return set(Role) if claim.role == Role.SPAN else {claim.role}


def _is_meant(claim: _Claim, event: _Event) -> bool:
    """Whether it is the event's own beginning or end that is told."""
    beside = claim.beside
    is_else = beside.is_until or beside.is_other or beside.is_earlier or beside.is_later
    if is_else or _ELSE.search(beside.text) or _follows_another(claim) or _names_another_day(claim, event):
        return False
    if _leads_to_it(claim, event) or _is_its_last_part(claim, event):
        return False
    if event.is_of_days:
        return bool(re.fullmatch(_WHOLE, claim.subject)) and _names_its_day(claim, event)
    return _is_the_event(claim, event) and not _is_around(claim, event)


def _leads_to_it(claim: _Claim, event: _Event) -> bool:
    """`Välkommen kl. 12.45, så att vi kan börja kl. 13`, and who begins at five past."""
    own = event.end if claim.role == Role.END else event.start
    named = hours_in(claim.around.after) if claim.role != Role.SPAN else claim.hours[1:]
    is_late = claim.role == Role.START and timedelta() < -event.before_start(claim.hours[0]) <= LATE
    return is_late or any(hour.is_at(own) for hour in named)


def _is_its_last_part(claim: _Claim, event: _Event) -> bool:
    """`Vi slutar kl. 16 med en sång` of one that ends half an hour later."""
    if claim.role != Role.END or not re.match(r"\s+med\b", claim.around.after):
        return False
    return -AROUND < event.after_end(claim.hours[0]) < timedelta()


def _follows_another(claim: _Claim) -> bool:
    """What is told of another occasion may go on for a sentence or two."""
    begins = claim.around.begins
    return bool(_ELSE_BEFORE.search(claim.around.text[max(0, begins - BEFORE) : begins]))


def _names_another_day(claim: _Claim, event: _Event) -> bool:
    """The hour may be that of a day that was named shortly before."""
    around = claim.around
    near = around.text[max(0, around.start - BEFORE) : around.end] + around.after
    first, last = clock.local_date(event.starts_at), clock.local_date(event.ends_at)
    days = [named.on(first) for named in named_days.find(near)]
    return any(day is None or not first <= day <= last for day in days)


def _names_its_day(claim: _Claim, event: _Event) -> bool:
    moment = event.starts_at if claim.role == Role.START else event.ends_at
    day = clock.local_date(moment)
    named = named_days.find(claim.words)
    return claim.role != Role.SPAN and bool(named) and all(one.on(day) == day for one in named)


def _is_the_event(claim: _Claim, event: _Event) -> bool:
    if claim.around.field == "programme" and not _tells_all(claim, event):
        return False
    if claim.around.field in HEADINGS and not claim.subject and _MEAL.search(claim.beside.text):
        return _is_outside(claim, event)
    if claim.subject in _OF_DAY:
        begins, ends = _OF_DAY[claim.subject]
        return begins <= event.start.hour and clock.local(event.ends_at - AROUND).hour < ends
    if claim.subject in _PARTS:
        return _PARTS[claim.subject] in event.title.lower() or _is_outside(claim, event)
    return True


def _tells_all(claim: _Claim, event: _Event) -> bool:
    """In a row of the programme, most hours are that row's."""
    if re.fullmatch(_WHOLE, claim.subject):
        return True
    row = hours_in(claim.around.text[: claim.around.start])[:1]
    return claim.role == Role.START and any(hour.is_at(event.start) for hour in row)


def _is_outside(claim: _Claim, event: _Event) -> bool:
    """What is before the event or after it is no part of it."""
    early = claim.first is not None and event.before_start(claim.first) > timedelta()
    return early or (claim.last is not None and event.after_end(claim.last) > timedelta())


def _is_around(claim: _Claim, event: _Event) -> bool:
    """People who eat, register, meet outside or stay; and a day of which the parts are told."""
    early = event.before_start(claim.first) if claim.first else timedelta()
    late = event.after_end(claim.last) if claim.last else timedelta()
    if claim.is_meeting and (
        timedelta() < early <= AROUND or _on(event.ends_at, claim.hours[0]) >= event.ends_at
    ):
        return True
    comes_late = event.has_early_guests and -AROUND <= early < timedelta()
    goes_early = event.has_late_guests and -AROUND <= late < timedelta()
    if comes_late or goes_early:
        return True
    is_near = timedelta() <= (early if claim.first else late) <= AROUND and late <= AROUND
    if is_near and _MEAL.search(claim.beside.text):
        return claim.role != Role.SPAN or not _keeps_one_end(claim, event)
    return claim.role == Role.SPAN and _tells_parts(claim, event)


def _keeps_one_end(claim: _Claim, event: _Event) -> bool:
    return any(hour.is_at(own) for hour, own in zip(claim.hours, (event.start, event.end), strict=True))


def _tells_parts(claim: _Claim, event: _Event) -> bool:
    """`9–12 och 13–16` of a day from nine to four."""
    named = hours_in(claim.around.sentence)
    return all(any(hour.is_at(own) for hour in named) for own in (event.start, event.end))
