"""Which files may be uploaded, and how each is known: by its first bytes, an Office file by what its zip holds."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from library.limits import CAPTIONS_BYTES, FILE_BYTES, FILM_BYTES, MEGABYTE

HEAD = 4096
# An Office file says here of what kind its parts are (ECMA-376 part 2).
CONTENTS = "[Content_Types].xml"
# The only ways to pack that Office knows. bzip2 and LZMA would be unpacked without a limit.
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# So much of a zip's table, and of CONTENTS unpacked: some ten thousand parts. Measured: 6 MB of memory for the
# worst table of this length, 110 MB for one that fills FILE_BYTES.
TABLE_BYTES = MEGABYTE
# What zipfile raises on what is cut off, broken, locked or made to do harm.
UNREADABLE = (
    zipfile.BadZipFile,
    OSError,
    EOFError,
    KeyError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Kind:
    mime: str
    label: str  # what a reader is told
    max_bytes: int
    looks_right: Callable[[IO[bytes]], bool]  # of a file at its start; leaves it anywhere


def _pdf(file: IO[bytes]) -> bool:
    return b"%PDF-" in file.read(1024)


def _mp4(file: IO[bytes]) -> bool:
    return file.read(8)[4:] == b"ftyp"


def _webm(file: IO[bytes]) -> bool:
    head = file.read(64)
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head


def _captions(file: IO[bytes]) -> bool:
    """Text as UTF-8. The last sign may have been cut in two."""
    head = file.read(HEAD)
    text = head.decode("utf-8", errors="ignore").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    return text.startswith("WEBVTT") and b"\0" not in head


def _office(kind: str, folder: str) -> Callable[[IO[bytes]], bool]:
    """A zip that says that it is of this kind, with the folder where the kind's main part lies."""

    def looks_right(file: IO[bytes]) -> bool:
        if file.read(4) != b"PK\x03\x04":
            return False
        try:
            with zipfile.ZipFile(_Sparing(file)) as archive:
                kept_there = any(name.startswith(folder) for name in archive.namelist())
                return kept_there and f"{kind}.main+xml".encode() in _contents(archive)
        except UNREADABLE:
            return False

    return looks_right


def _contents(archive: zipfile.ZipFile) -> bytes:
    """Raises one of UNREADABLE."""
    if archive.getinfo(CONTENTS).compress_type not in PACKED:
        raise NotImplementedError
    with archive.open(CONTENTS) as part:
        return part.read(TABLE_BYTES)


class _Sparing:
    """Gives TABLE_BYTES at a time at most: zipfile reads the table in one go, and finds a longer one broken."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        return self._file.read(TABLE_BYTES if size < 0 else min(size, TABLE_BYTES))


def _of_office(name: str, label: str, folder: str) -> Kind:
    mime = f"application/vnd.openxmlformats-officedocument.{name}"
    return Kind(mime, label, FILE_BYTES, _office(mime, folder))


# No other zip: readers cannot see what is in it, nor can we. No svg, html or text: a browser might run them.
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", "PDF", FILE_BYTES, _pdf),
    "docx": _of_office("wordprocessingml.document", "Word", "word/"),
    "xlsx": _of_office("spreadsheetml.sheet", "Excel", "xl/"),
    "pptx": _of_office("presentationml.presentation", "PowerPoint", "ppt/"),
    "mp4": Kind("video/mp4", "MP4", FILM_BYTES, _mp4),
    "webm": Kind("video/webm", "WebM", FILM_BYTES, _webm),
    "vtt": Kind("text/vtt", "WebVTT", CAPTIONS_BYTES, _captions),
}


def ending(name: str) -> str:
    """`Bild.JPG` is jpg; a name without a dot has none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def is_what_it_says(file: IO[bytes], kind: Kind) -> bool:
    """Leaves the file at its start."""
    file.seek(0)
    try:
        return kind.looks_right(file)
    finally:
        file.seek(0)
