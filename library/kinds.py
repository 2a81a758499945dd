"""Which files may be uploaded, and how each is known by its first bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from library.limits import CAPTIONS_BYTES, FILE_BYTES, FILM_BYTES

HEAD = 4096


@dataclass(frozen=True, slots=True)
class Kind:
    mime: str
    label: str  # what a reader is told
    max_bytes: int
    looks_right: Callable[[bytes], bool]


def _pdf(head: bytes) -> bool:
    return b"%PDF-" in head[:1024]


def _office(head: bytes) -> bool:
    """A zip with the list of contents that Office files begin with."""
    return head.startswith(b"PK\x03\x04")


def _mp4(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def _webm(head: bytes) -> bool:
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]


def _captions(head: bytes) -> bool:
    """Text as UTF-8. The last sign may have been cut in two."""
    text = head.decode("utf-8", errors="ignore").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    return text.startswith("WEBVTT") and b"\0" not in head


_OFFICE = "application/vnd.openxmlformats-officedocument."
# No zip: readers cannot see what is in it, nor can we. No svg, html or text: a browser might run them.
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", "PDF", FILE_BYTES, _pdf),
    "docx": Kind(f"{_OFFICE}wordprocessingml.document", "Word", FILE_BYTES, _office),
    "xlsx": Kind(f"{_OFFICE}spreadsheetml.sheet", "Excel", FILE_BYTES, _office),
    "pptx": Kind(f"{_OFFICE}presentationml.presentation", "PowerPoint", FILE_BYTES, _office),
    "mp4": Kind("video/mp4", "MP4", FILM_BYTES, _mp4),
    "webm": Kind("video/webm", "WebM", FILM_BYTES, _webm),
    "vtt": Kind("text/vtt", "WebVTT", CAPTIONS_BYTES, _captions),
}


def ending(name: str) -> str:
    """`Bild.JPG` is jpg; a name without a dot has none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def is_what_it_says(file: IO[bytes], kind: Kind) -> bool:
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    return kind.looks_right(head)
