"""How staff search rows by words, within what a database can take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

LONGEST_WORD = 254  # no e-mail address is longer, and no name
MOST_WORDS = 8  # SQLite refuses an expression that is a thousand levels deep

Rows = TypeVar("Rows", bound=QuerySet[Any])


def holding_every_word(rows: Rows, text: str, holds: Callable[[str], Q]) -> Rows:
    """The rows for which `holds(word)` is true of each of the first MOST_WORDS words; none for an overlong word."""
    words = text.replace("\x00", "").split()[:MOST_WORDS]
    if any(len(word) > LONGEST_WORD for word in words):
        return rows.none()
    for word in words:
        rows = rows.filter(holds(word))
    return rows


def in_any(fields: Iterable[str], word: str) -> Q:
    """Whether any of the fields holds the word, however it is written.

    SQLite folds the case of A to Z only: a word with å is tried in the cases that names are written in.
    """
    cases = {word} if word.isascii() else {word, word.lower(), word.upper(), word.title()}
    matches = Q()
    for field in fields:
        for variant in cases:
            matches |= Q(**{f"{field}__icontains": variant})
    return matches
