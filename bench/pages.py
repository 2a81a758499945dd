"""The nine page types that the design has measured, and what each may weigh."""

from __future__ import annotations

from dataclasses import dataclass

ALLOWED_MORE_KB = 20.0


@dataclass(frozen=True, slots=True)
class Page:
    """`measured_kb` is the design's own figure for a first visit: HTML, style sheet, fonts, script, pictures."""

    name: str
    path: str
    measured_kb: float
    personal: bool = False  # made anew for each visitor: never kept

    @property
    def allowed_kb(self) -> float:
        return self.measured_kb + ALLOWED_MORE_KB


def measured(event: str, order: str) -> list[Page]:
    """With the address of a coming event and of an order that has been placed."""
    return [
        Page("home", "/", 61.2),
        Page("a part", "/filosofin/lyssna-fardigt/", 109.8),
        Page("the book", "/bocker/skriften/", 91.8),
        Page("calendar", "/kalender/", 57.0),
        Page("a case", "/referenser/lidkopings-kommun/", 91.2),
        Page("an event", event, 90.5),
        Page("basket", "/varukorg/", 57.8, personal=True),
        Page("checkout", "/kassa/", 59.1, personal=True),
        Page("order", order, 58.3, personal=True),
    ]
