"""Opening pictures that somebody else has made. The head tells the size before a single pixel is unpacked."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from PIL import Image, ImageOps

from library.limits import JPEG_PIXELS, OTHER_PIXELS

# Pillow knows fifty formats; some start other programs. Ending to the name Pillow has for it.
FORMATS = {"avif": "AVIF", "jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
KNOWN = sorted(set(FORMATS.values()))
# Twice the widest size that a page shows.
MASTER_SIDE = 2560
# A picture is drawn once while its owner is there. On the same way as its master, so that one leads to the other.
TRIAL_SIDE = 320

# What Pillow raises on files that are damaged or made to do harm.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
    # A broken AVIF, EXIF of other kinds than it says (by fuzzing), and what else broken numbers may lead to.
    RuntimeError,
    ZeroDivisionError,
    TypeError,
    KeyError,
    AttributeError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)

# One picture's pixels at a time in each process, however many threads it has.
_unpacking = threading.Lock()


@dataclass(frozen=True)
class WrongFormat(Exception):
    """It is no picture, or another kind than its name says. `found` is a name of ours, or empty."""

    found: str


@dataclass(frozen=True)
class TooManyPixels(Exception):
    """More than `limit`."""

    limit: int


class Moving(Exception):
    """More than one frame."""


class Damaged(Exception):
    """The head is right, yet it cannot be drawn: the rest is cut off or broken."""


def check(file: IO[bytes], ending: str) -> None:
    """Raises WrongFormat, TooManyPixels, Moving or Damaged. Leaves the file at its start."""
    with _opened(file) as image:
        if (kind := _kind(image)) != FORMATS.get(ending):
            raise WrongFormat(found=kind)
        if image.width * image.height > (limit := _limit(image)):
            raise TooManyPixels(limit)
        if kind != "JPEG" and _frames(image) > 1:
            raise Moving
        _try_out(image)
    file.seek(0)


def size(file: IO[bytes]) -> tuple[int, int]:
    """Width and height by the head alone. Raises OSError."""
    file.seek(0)
    with _as_os_error(), Image.open(file, formats=KNOWN) as image:
        return image.size


@contextmanager
def _as_os_error() -> Iterator[None]:
    """One error for all that a damaged file can make Pillow raise: the one that Wagtail is prepared for."""
    try:
        yield
    except UNREADABLE as fault:
        raise OSError("the picture is damaged") from fault


def _kind(image: Any) -> str:
    """Pillow's name for it, but what telephones keep behind a JPEG's picture (MPO: depth and light) is left alone."""
    return "JPEG" if image.format == "MPO" else str(image.format)


def _frames(image: Any) -> int:
    try:
        return int(getattr(image, "n_frames", 1))
    except UNREADABLE as fault:
        raise Damaged from fault


def _limit(image: Any) -> int:
    """A progressive JPEG keeps all of itself in memory, like the others."""
    in_one_go = _kind(image) == "JPEG" and not image.info.get("progressive")
    return JPEG_PIXELS if in_one_go else OTHER_PIXELS


def _opened(file: IO[bytes]) -> Any:
    """Only the head is read."""
    file.seek(0)
    try:
        return Image.open(file, formats=KNOWN)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooManyPixels(JPEG_PIXELS) from bomb
    except UNREADABLE as fault:
        raise WrongFormat(found="") from fault


def _try_out(image: Any) -> None:
    """What cannot be drawn now could not be drawn later. Raises Damaged."""
    try:
        with _unpacking:
            _drawn(image, TRIAL_SIDE)
    except UNREADABLE as fault:
        raise Damaged from fault


def master(file: IO[bytes]) -> bytes:
    """A PNG to draw every size from: turned the right way up, in screen colours, without place and camera.

    Raises OSError when the file is damaged.
    """
    file.seek(0)
    with _as_os_error(), _unpacking, Image.open(file, formats=KNOWN) as image:
        return _drawn(image, MASTER_SIDE)


def _drawn(image: Any, side: int) -> bytes:
    """As a PNG, at most `side` long."""
    small = _shrunk(image, side)
    _turn_upright(small)
    output = BytesIO()
    small.save(output, "PNG", compress_level=1, exif=b"")
    return output.getvalue()


def _turn_upright(image: Any) -> None:
    """As its EXIF says; one that cannot be read says nothing, and is left out of what is drawn."""
    with suppress(*UNREADABLE):
        ImageOps.exif_transpose(image, in_place=True)


def _shrunk(image: Any, side: int) -> Any:
    """At most `side` long, in a mode that PNG and the sizes know."""
    _unpack(image)
    if image.mode == "CMYK":
        return _from_print(image, side)
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    # Palettes and single bits do not shrink well; 16-bit grey is not for screens.
    small = image if image.mode == wanted else image.convert(wanted)
    _shrink(small, side)
    return small


def _unpack(image: Any) -> None:
    """The whole file; a JPEG no larger than twice its master, whatever its shape."""
    longest = max(image.size)
    image.draft("RGB", [max(1, part * MASTER_SIDE // longest) for part in image.size])
    image.load()


def _from_print(image: Any, side: int) -> Any:
    """Shrunk before its colours are changed, which takes as much memory again. Its profile speaks of ink."""
    image.info.pop("icc_profile", None)
    _shrink(image, side)
    return image.convert("RGB")


def _shrink(image: Any, side: int) -> None:
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
