"""Pieces of a file (RFC 9110, section 14). A browser that plays a film asks for one after another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

# A slow telephone would hold one of the few threads for as long as its film lasts; a piece is soon over, and the
# browser asks for the next.
LONGEST = 2 * 1024 * 1024

# One range; players send no lists, and whoever does gets the whole.
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True)
class Unsatisfiable(Exception):
    """It begins after the end of a file of `size` bytes."""

    size: int


def applies(request: HttpRequest, whole: Any) -> bool:
    """Whether a piece is asked for, and of the very file that `whole` is."""
    if request.method != "GET" or "Range" not in request.headers:
        return False
    version = whole.headers.get("ETag")
    return bool(request.headers.get("If-Range", version) == version)


def wanted(header: str, *, size: int) -> range | None:
    """The places of the bytes to send, LONGEST at most; None when the wish cannot be read. Raises Unsatisfiable."""
    found = _RANGE.fullmatch(header.strip())
    first, last = found.groups() if found else ("", "")
    if not (first or last) or (first and last and int(last) < int(first)):
        return None
    start = int(first) if first else max(0, size - int(last))
    stop = int(last) + 1 if first and last else size
    if start >= size:
        raise Unsatisfiable(size)
    return range(start, min(stop, size, start + LONGEST))


def cut(whole: Any, places: range) -> HttpResponse:
    """The piece as an answer of its own. The file of `whole` is closed, not `whole`: that would end the request."""
    size, source = whole.headers["Content-Length"], whole.file_to_stream
    with source:
        source.seek(places.start)
        piece = HttpResponse(source.read(len(places)), status=206, headers=dict(whole.headers))
    piece.headers["Content-Length"] = str(len(places))
    piece.headers["Content-Range"] = f"bytes {places.start}-{places.stop - 1}/{size}"
    return piece
