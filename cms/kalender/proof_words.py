"""What the words around a day say of it: that the event is then, that one signs up until then, or something else.

Swedish and English. A day in a running text may be any day of life; only what says when the event is makes it one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache

HEADINGS = ("title", "summary")
FAR, NEAR = 300, 40  # letters
_I = re.IGNORECASE

# --- When the event is -----------------------------------------------------------------------------
_LABEL = re.compile(
    r"(?:^|[.!?\n]\s*)(?:(?:ny |nytt )?(?:dag|datum|tid)|dagar|när|tidpunkt|startdag|startdatum|kursstart|start|"
    r"startar|börjar|(?:tid|plats|dag|datum) (?:och|&) (?:tid|plats)|(?:new )?(?:dates?|time|day)|when|starts|"
    r"begins|time and place|date and time|where and when|when and where)\s*:[^:\n]{0,25}$",
    _I,
)
_INVITATION = (
    r"välkom(?:men|na)|ses|möts|mötas|träffas|samlas|hålls|äger rum|går av stapeln|arrangeras|anordnas|häng med|"
    r"följ med|missa inte|vi (?:kör|börjar|startar|drar i ?gång)|fram emot att (?:se|träffa|möta)|see you|"
    r"seeing you|join us|welcome|welcoming you|we (?:meet|start|begin)|meet us|takes? place|is held|save the date"
)
_INVITING = re.compile(
    rf"\b(?:{_INVITATION})\b|(?:^|[,;–]\s*|\boch\s+|\band\s+|\bso\s+)(?:kom(?!\W?ihåg)|come)\b", _I
)
_NOUN = (
    r"(?:\w*(?:träff|kurs|dag|kväll|frukost|lunch|föreläsning|workshop|konferens|utbildning|förmiddag|eftermiddag|middag|"
    r"soppa|mässa|fest|fika|kaffe|stund)|\w*(?:samtal|möte|seminari|webbinari|mingel|forum|läger|evenemang))"
)
_ENGLISH = (
    r"(?:event|course|conversation|talk|lecture|workshop|seminar|conference|breakfast|lunch|dinner|meeting|afternoon|"
    r"evening|morning|day)"
)
_IS = r"(?:är|blir|går|hålls|börjar|startar|inleds|äger|ges|arrangeras|is|takes|starts|begins|will)"
_SUBJECT = re.compile(
    rf"\b(?:{_NOUN}(?:en|n|et|t|arna|erna)|the\s+(?:\w+\s+)?{_ENGLISH})\s+(?:på\s+\w+\s+)?{_IS}\b", _I
)
_SUBJECT_JUST_BEFORE = re.compile(rf"{_SUBJECT.pattern}\s+(?:på\s+|on\s+)?$", _I)
_OCCASION = re.compile(rf"\b(?:(?:en|ett)\s+(?:\w+\s+)?{_NOUN}|an?\s+(?:\w+\s+)?{_ENGLISH})\b", _I)
_ANNOUNCED = re.compile(
    r"\b(?:berättar|gästar|gästas|bjuder|föreläser|pratar|samtalar|talar|leder|besöker|inbjud\w+|tells|visits|speaks|"
    r"talks|leads|hosts|invited?)\b",
    _I,
)
_MOVED_TO = re.compile(
    r"\b(?:flyttad|flyttas|flyttat|flyttats|moved|rescheduled)\s+(?:till|to)\s+(?:den\s+|the\s+)?$", _I
)
_DATE_FIRST = re.compile(r"^\W*(?:(?:på|on)\s+)?$", _I)
# Beside a date that stands alone: hours, and names of rooms, which have a capital letter.
_BARE = re.compile(
    r"(?:\b(?:kl|klockan|från|till|i|på|at|from|to|in|den|the|noon|o'clock|o’clock|one|two|ett|am|pm|a|m|p)\b|[\W\d_]|"
    r"(?<=[,;] )[A-ZÅÄÖ]\w+)+"
)
_CLOCK = re.compile(r"^\W*(?:\d{1,2}(?:[.:]\d\d)?\s*(?:[-–]\s*\d{1,2}(?:[.:]\d\d)?)?)?\W*$")

# --- Last days, and days of something else ----------------------------------------------------------
_DEADLINE = re.compile(
    r"\b(?:senast|före|innan|sista|anmäl\w*|osa|boka\w*|avboka\w*|ombok\w*|betala\w*|till och med|t\.?o\.?m|fram till|"
    r"öppna[rs]|stäng(?:er|s|t)|släpp\w*|skick\w*|mejl\w*|länk\w*|links?|sent|beställ\w*|biljett\w*|gäller|hotell\w*|"
    r"before|until|deadline|rsvp|regist\w+|sign(?:ing)?\s?-?up|book(?:ed|ing)?|tickets?|no later|earliest|tidigast|"
    r"från och med|fr\.?o\.?m|svar(?:a|ar|en)?|återbud|o\.\s?s\.\s?a|early bird)\b",
    _I,
)
_SIGNING_UP = re.compile(
    r"\b(?:anmäl\w*|osa|o\.\s?s\.\s?a|boka|bokas|svara|rsvp|sign(?:ing)?\s?-?up|register|registration|book|"
    r"sista dag\w*)\b",
    _I,
)
_UNTIL = re.compile(r"\b(?:till|until|by|no later than|tills)\s+(?:\w+day,?\s+)?(?:den\s+|the\s+)?$", _I)
_OTHER = re.compile(
    r"\b(?:(?:del|nr|nummer|omgång) (?:ett|två|tre|fyra|[1-9])|tillfälle\w*|repetition\w*|genrep\w*|repris\w*|"
    r"rehearsal|reserv\w*|flytta\w*|i ?stället|annars|ersätt\w*|"
    r"även|också|annan|andra|faktur\w*|förfall\w*|redovis\w*|intyg\w*|uppdatera\w*|skulle|also|others?|moved|instead|"
    r"originally|rescheduled|invoice\w*|due)\b|\b(?:dagen|kvällen|morgonen|veckan|day|evening|night|week) "
    r"(?:före|innan|efter|before|after)\b",
    _I,
)
_FEAST = re.compile(
    r"\b(?:lucia|nobel\w*|advent\w*|jul|jul(?:afton|dagen)|nyår\w*|påsk\w*|midsommar\w*|valborg\w*|christmas|easter)\b",
    _I,
)
_LATER = re.compile(
    r"\b(?:nästa|ny(?:a|tt)? (?:chans|omgång|möjlighet|försök)|igen|åter|tillbaka|fortsätt\w*|uppfölj\w*|"
    r"återträff\w*|därefter|sedan|next|again|back|continu\w*|follow(?:s|ed|-?up)?|return\w*)\b",
    _I,
)
_EARLIER = re.compile(
    r"\b(?:förra|förr|tidigare|sedan|i (?:våras|somras|höstas|vintras|fjol)|grunda\w*|född\w*|började|startade|kom ut|"
    r"utkom\w*|utgåv\w*|publicera\w*|var|vann|höll|hölls|fick|blev|gick|sågs|satt|hade|invig\w*|\w{2,}(?:ade|ades)|"
    r"previous\w*|last|earlier|since|founded|born|published|opened|started|was|were|had|began|took|met|ago)\b",
    _I,
)
_DIRECTLY_AFTER = re.compile(r"\b(?:efter|sedan|after|since)\s+(?:den\s+|the\s+)?$", _I)

_OR = re.compile(r"^\s*(?:eller|or)\b", _I)

_BOUNDARY = re.compile(r"[.!?]\s+(?=[A-ZÅÄÖ])|\n")
_PART = re.compile(r"[,;]\s|\s[–-]\s|\bmen\b|\bbut\b")
_QUOTED = re.compile(r"[”“\"«»][^”“\"«»\n]{1,300}[”“\"«»]")


def without_quotes(text: str) -> str:
    """What is quoted is said of another time: it becomes spaces, so that places in the text stay."""
    return _QUOTED.sub(lambda quoted: " " * len(quoted.group()), text)


@lru_cache(maxsize=16)
def _stops(text: str) -> list[int]:
    """Where sentences begin, and where the text ends. `kl. 12` and `dec.` end none: no capital follows."""
    return [0, *(stop.end() for stop in _BOUNDARY.finditer(text)), len(text)]


@dataclass(frozen=True)
class Around:
    """The sentence around some words, as far as it concerns them."""

    field: str
    text: str
    start: int
    end: int

    @cached_property
    def begins(self) -> int:
        stops = _stops(self.text)
        return stops[bisect_right(stops, self.start) - 1]

    @cached_property
    def sentence(self) -> str:
        return self.before + self.text[self.start : self.end] + self.after

    @cached_property
    def before(self) -> str:
        return self.text[max(self.begins, self.start - FAR) : self.start]

    @cached_property
    def after(self) -> str:
        stops = _stops(self.text)
        return self.text[
            self.end : min(stops[bisect_left(stops, self.end, hi=len(stops) - 1)], self.end + FAR)
        ]

    @cached_property
    def _part(self) -> str:
        """From one comma to the next."""
        return f"{_PART.split(self.before)[-1]} {_PART.split(self.after)[0]}"

    @property
    def is_quoted(self) -> bool:
        return self.field not in HEADINGS and not self.text[self.start : self.end].strip()

    @property
    def is_until(self) -> bool:
        """Whether something ends or begins then that comes before the event, as signing up."""
        return bool(_DEADLINE.search(self._part) or _UNTIL.search(self.before))

    @property
    def is_for_signing_up(self) -> bool:
        return bool(_SIGNING_UP.search(self._part))

    @property
    def is_other(self) -> bool:
        """Whether the sentence tells of another occasion, whenever that is."""
        if self.is_moved_to:
            return False
        if _OR.match(self._part):
            return True
        feast = self.field not in HEADINGS and _FEAST.search(self.sentence)
        return bool(feast or _OTHER.search(self.sentence) or _DIRECTLY_AFTER.search(self.before))

    @property
    def is_moved_to(self) -> bool:
        return bool(_MOVED_TO.search(self.before))

    @property
    def is_later(self) -> bool:
        return bool(_LATER.search(self.sentence))

    @property
    def is_earlier(self) -> bool:
        return bool(_EARLIER.search(self.sentence))

    @property
    def is_another_time(self) -> bool:
        return self.is_until or self.is_other or self.is_later or self.is_earlier

    @property
    def is_labelled(self) -> bool:
        """`När: onsdag kl. 13`"""
        return bool(_LABEL.search(self.before))

    @property
    def says_when(self) -> bool:
        """Whether the words are told as the event's own time."""
        if self.field in HEADINGS or self.is_labelled or self.is_moved_to:
            return True
        leads_a_row = self.field == "programme" and bool(_CLOCK.match(self.before))
        return leads_a_row or bool(_INVITING.search(self.sentence) or _SUBJECT.search(self.sentence))

    @property
    def invites(self) -> bool:
        """Whether the words end what somebody is invited to: `välkommen på onsdag`, `samtalet är på onsdag`."""
        near = self.before[-NEAR:]
        return self.is_labelled or bool(_INVITING.search(near) or _SUBJECT_JUST_BEFORE.search(near))

    @property
    def may_say_when(self) -> bool:
        """Whether they are likely to be, as long as nothing else tells it."""
        is_bare = _BARE.fullmatch(f"{self.before} {self.after}")
        occasion = _OCCASION.search(f"{self.before} {_PART.split(self.after)[0]}")
        return bool(is_bare or _DATE_FIRST.match(self.before) or occasion or _ANNOUNCED.search(self.sentence))
