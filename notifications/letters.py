"""What belongs to letters beside their templates: facts that all share, and attachments, made when one is sent.

Apps name theirs in AppConfig.ready(): `letters.attach("reminder", event_file)`, and introduce their kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    content_type: str


Facts = dict[str, Any]
# The queue of letters to many, taken from when the ordinary one is empty (config/worker.py).
QUEUE_OF_MANY = "utskick"
# What libraries write to staff; a new password's link is among it.
STAFF_NOTE = "staff-note"
# Letters whose words open something: nobody but the receiver reads them, and they are cut out once sent.
CONFIDENTIAL = {STAFF_NOTE}
Maker = Callable[[Facts], list[Attachment]]
Renewer = Callable[[Facts, datetime], Facts | None]
Rule = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter as staff know it.

    `example(language)` makes facts to show it with, without storing anything. `may_read(user)` is true of those who
    may see the matter that it tells of: a letter holds what the matter's own page does. `to_many` ones may come in
    thousands: they go when no other letter waits.
    """

    letter: str
    title: Any  # a translation that waits
    occasion: Any
    example: Callable[[str], Facts]
    may_read: Rule
    to_many: bool = False


_makers: dict[str, list[Maker]] = {}
_renewers: dict[str, Renewer] = {}
_common: list[Callable[[], Facts]] = []
_around: list[Callable[[], AbstractContextManager[None]]] = []
_kinds: dict[str, Kind] = {}


def introduce(*kinds: Kind) -> None:
    """Have these kinds shown among the letters in the admin, in this order."""
    _kinds.update({kind.letter: kind for kind in kinds})


def kinds() -> list[Kind]:
    return list(_kinds.values())


def to_many() -> list[str]:
    return [kind.letter for kind in kinds() if kind.to_many]


def kinds_for(user: Any) -> list[Kind]:
    """Those that somebody may read."""
    return [kind for kind in kinds() if kind.may_read(user)]


def readable(user: Any) -> dict[str, Any]:
    """The kinds that the user may read as they were written, with their names. Not those whose words open something:
    they are for the receiver alone."""
    return {kind.letter: kind.title for kind in kinds_for(user) if kind.letter not in CONFIDENTIAL}


def attach(letter: str, maker: Maker) -> None:
    """Have `maker(context)` called for each letter of this kind, every time it is sent."""
    makers = _makers.setdefault(letter, [])
    if maker not in makers:
        makers.append(maker)


def attachments(letter: str, context: Facts) -> list[Attachment]:
    return [item for maker in _makers.get(letter, ()) for item in maker(context)]


def renew(letter: str, renewer: Renewer) -> None:
    """Have `renewer(context, now)` asked when a letter of this kind leaves, which may be long after it was written: its
    facts as they are then; None when nobody has any use for it."""
    _renewers[letter] = renewer


def renewed(letter: str, context: Facts, now: datetime) -> Facts | None:
    renewer = _renewers.get(letter)
    return renewer(context, now) if renewer else context


def common(facts: Callable[[], Facts]) -> None:
    """Have `facts()` asked for every letter that is sent; a letter's own frozen facts go before."""
    if facts not in _common:
        _common.append(facts)


def common_facts() -> Facts:
    return {name: value for facts in _common for name, value in facts().items()}


def remember_in(around: Callable[[], AbstractContextManager[None]]) -> None:
    """Have letters that are sent together sent in `around()`: what is read in it may be remembered until its end."""
    if around not in _around:
        _around.append(around)


@contextmanager
def together() -> Iterator[None]:
    """Stand in all that was given to `remember_in`."""
    with ExitStack() as stack:
        for around in _around:
            stack.enter_context(around())
        yield
