"""Whether two events have the same leader or the same room, however those are written."""

from __future__ import annotations

import re
import unicodedata

# Who leads is not told yet: "En av våra föreläsare" leads every event.
NOBODY = re.compile(
    r"^(?:en av|någon av|våra|vår|flera|gäst\w*|one of|our|several|guests?)\b|\b(?:meddelas|klart|okänd|tba|tbc|tbd)\b|"
    r"^\W*$"
)
# Places that hold any number of events at once.
ANYWHERE = re.compile(
    r"^(?:hos (?:er|dig|kund\w*)|valfri\w*|var (?:du|ni) vill|din|er|your|digital\w*|online|zoom|teams|webb\w*|"
    r"på (?:nätet|webben|distans)|anywhere)\b"
)
_AND = re.compile(r",|&|/|;|\+|\boch\b|\band\b|\bsamt\b|\bmed\b|\bwith\b")
_ASIDE = re.compile(r"\([^)]*\)|\bm\.?\s?fl\b\.?|\bm(?:ed)? flera\b|\bet al\b\.?", re.IGNORECASE)


def shared_leader(one: str, other: str) -> str:
    """The first leader that both have, as it is written; empty when there is none."""
    mine, theirs = people(one), people(other)
    if any(_is_full(name) for name in mine) and any(_is_full(name) for name in theirs):
        # `Disa Ek, Borås` and `Omar Said, Borås`: a name alone may be whom they work for.
        mine, theirs = (list(filter(_is_full, names)) for names in (mine, theirs))
    taken = {name.casefold() for name in theirs}
    return next((name for name in mine if name.casefold() in taken), "")


def people(leader: str) -> list[str]:
    """Names alone: neither titles, which have no capital letter beside names that do, nor `m.fl.`."""
    parts = [plain(part) for part in _AND.split(_ASIDE.sub(" ", leader))]
    named = [part for part in parts if part != part.lower()] or parts
    return [part for part in named if not NOBODY.search(part.casefold())]


def _is_full(name: str) -> bool:
    """A first name and a surname, not `Borås stad`."""
    words = name.split()
    return len(words) > 1 and (words[-1] != words[-1].lower() or name == name.lower())


def shared_room(one: str, other: str) -> str:
    """The room as `one` writes it; empty when they are two, or anywhere."""
    mine, theirs = (plain(place).casefold() for place in (one, other))
    known = mine and not NOBODY.search(mine) and not ANYWHERE.search(mine)
    return one if known and mine == theirs else ""


def plain(written: str) -> str:
    """Without what a keyboard or a paste adds: spaces, a last full stop, letters in two halves."""
    return " ".join(unicodedata.normalize("NFC", written).split()).rstrip(".,;")
