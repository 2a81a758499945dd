"""What belongs to a kind of letter beside its templates: attachments, made when the letter is sent.

An app names its own in AppConfig.ready(): `letters.attach("reminder", calendar_file)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    content_type: str


Maker = Callable[[dict[str, Any]], list[Attachment]]
_makers: dict[str, Maker] = {}


def attach(letter: str, maker: Maker) -> None:
    """Have `maker(context)` called for each letter of this kind, every time it is sent."""
    _makers[letter] = maker


def attachments(letter: str, context: dict[str, Any]) -> list[Attachment]:
    maker = _makers.get(letter)
    return maker(context) if maker else []
