"""Reads the plain texts of the terms (withdrawal information, model form) as sections, for letters and documents."""

from __future__ import annotations

from typing import TypedDict

LONGEST_HEADING = 60


class Section(TypedDict):
    heading: str
    lines: list[str]


def sections(text: str) -> list[Section]:
    """Paragraphs parted by empty lines; a short first line that ends no sentence is the paragraph's heading.

    A line in capitals alone is the text's own name and is left out: whoever shows the text gives it one.
    """
    paragraphs = [[line.strip() for line in part.strip().splitlines()] for part in text.split("\n\n")]
    return [_section(lines) for lines in paragraphs if any(lines) and not _is_title(lines)]


def _is_title(lines: list[str]) -> bool:
    return len(lines) == 1 and lines[0].isupper()


def _section(lines: list[str]) -> Section:
    first = lines[0]
    if len(lines) > 1 and len(first) <= LONGEST_HEADING and first[-1:] not in set(".:;,_"):
        return {"heading": first, "lines": lines[1:]}
    return {"heading": "", "lines": lines}
