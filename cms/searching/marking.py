"""The hit in its context, with the words that were found marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LENGTH = 200  # signs of context
BEFORE = 70  # of them before the hit


class Marker:
    def __init__(self, forms: Iterable[str]) -> None:
        every = "|".join(re.escape(form) for form in sorted(set(forms), key=len, reverse=True))
        self._found = re.compile(rf"(?<!\w)(?:{every})(?!\w)" if every else r"(?!)", re.IGNORECASE)

    def mark(self, text: str) -> SafeString:
        """The text, escaped, with each found word in `<mark>`."""
        marked = self._found.sub(
            lambda hit: f"\x02{hit[0]}\x03", text.replace("\x02", "").replace("\x03", "")
        )
        html = escape(marked).replace("\x02", "<mark>").replace("\x03", "</mark>")
        return mark_safe(html)  # noqa: S308 - escaped above

    def excerpt(self, text: str) -> SafeString:
        """About two lines around the first hit, or the beginning; whole words."""
        hit = self._found.search(text)
        start = min(_word_start(text, hit.start() - BEFORE), hit.start()) if hit else 0
        end = _word_end(text, start + LENGTH)
        dots = ("… " if start else "", " …" if end < len(text) else "")
        return self.mark(dots[0] + text[start:end].strip(" ,;") + dots[1])


def _word_start(text: str, place: int) -> int:
    return text.find(" ", place) + 1 if place > 0 else 0


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", 0, place)
    return space if space > 0 else place
